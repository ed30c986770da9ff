"""A cell that is built once and run many times: building costs some ten times as much as a cycle.

Handed to an experiment in place of a model, it is built at the first run and started afresh at every later one. Pressure,
temperature and the parameters named as `inputs` may differ from run to run; where anything else differs, it is built anew,
as it is where an input shapes the mesh. The numbers are those of a newly built cell, to the tolerances of the integrator.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..collector import paused
from ..nomenclature import PARAMETERS, VOLTAGE
from ..parameters import ParameterSet
from .integrators import Solver
from .stepper import Stepper

if TYPE_CHECKING:
    from ..models.compose import CellModel
    from .sensitivities import Sensitivities


class KeptCell:
    """A model, or the default model of whatever set it is run with, built at the first run.

    Parameters
    ----------
    model : CellModel, optional
        Default: that of the parameter set.
    inputs : sequence of str
        Parameters that may change from run to run without another build.
    stored : bool
        Whether the default model of a set is taken from those that were built before (`nasim.engine.shelf`), and left there
        by `put_away`.

    Examples
    --------
    >>> import nasim
    >>> cell, test = nasim.KeptCell(inputs=["Interphase resistivity [Ohm.m]"]), nasim.GCD(cycles=1, keep=())
    >>> runs = [test.run(cell, stack_pressure_MPa=P, overrides={cell.inputs[0]: 100.0}) for P in (20, 250)]
    >>> [float(round(run.summary["discharge_capacity_mAh_cm2"].iloc[0], 1)) for run in runs]
    [0.5, 1.0]
    """

    def __init__(self, model: "CellModel | None" = None, inputs: Sequence[str] = (), stored: bool = False):
        self.model, self.inputs, self.stored = model, tuple(inputs), stored
        self._place: Path | None = None
        self._sent: tuple | None = None
        self._stepper: Stepper | None = None
        self._built_for = None
        self.prepare: Callable[[Stepper], object] | None = None
        """Called with each stepper before it is handed out."""

    def stepper(
        self,
        parameters: ParameterSet,
        conditions: Mapping[str, float],
        solver: Solver = None,
    ) -> Stepper:
        """Return a `Stepper` at its beginning.

        Parameters
        ----------
        parameters : ParameterSet
        conditions : mapping
            Parameters that may change between steps, by name [SI]; inputs of the built model.
        solver : str, Rodas or pybamm solver, optional
        """
        stepper = self._at_its_beginning(parameters, conditions, solver)
        if self.prepare is not None:
            self.prepare(stepper)
        return stepper

    def _at_its_beginning(self, parameters, conditions, solver):
        inputs = {name: parameters.value(name) for name in self.inputs if name not in conditions} | dict(conditions)
        fixed = {name: entry.value for name, entry in parameters.entries.items() if name not in inputs}
        needed = (parameters.cell, fixed, sorted(inputs), solver)
        stepper = self._stepper
        if stepper is not None and self._built_for == (needed, self._shape_of(parameters)):
            stepper.restart({name: value for name, value in inputs.items() if name not in self._mesh})
            stepper.statistics = dict.fromkeys(stepper.statistics, 0)
            return stepper
        self._stepper = stepper = self._received(parameters, inputs, solver, needed)
        self._built_for = needed, self._shape_of(parameters)
        return stepper

    def sensitivities(
        self,
        protocol,
        parameters: "str | os.PathLike | ParameterSet | None" = None,
        *,
        variables: Sequence[str] = (VOLTAGE,),
        time_s: Sequence[float] | None = None,
        overrides=None,
        **options: Any,
    ) -> "Sensitivities":
        """Run a protocol, and return the derivatives of its numbers by the inputs of this cell.

        They are those of the computed numbers themselves, through all steps, cut-offs and cycles: the run is repeated on the
        same steps of the integrator, twice for each input. How near they are to those of the exact solution hangs on the
        tolerances (`solver=nasim.Rodas(rtol=...)`).

        Parameters
        ----------
        protocol : Protocol
        parameters : str, path or ParameterSet, optional
            As for `Protocol.run`.
        variables : sequence of str
            Variables of the model whose derivatives over time are wanted.
        time_s : sequence of float, optional
            Times since the start of the run [s] at which they are wanted; default those of the curves. Times at which nothing
            was integrated are left out.
        overrides : mapping name -> value, or sequence of "NAME=VALUE", optional
            As for `Protocol.run`.
        **options
            Other arguments of `Protocol.run`.

        Returns
        -------
        Sensitivities

        Raises
        ------
        ProtocolError
            There are no inputs, an input is no number or shapes the mesh, or the cell runs with another integrator than RODAS4.
        UnknownNameError, ParameterSetError, SolveError
            As for `Protocol.run`.

        Examples
        --------
        >>> import nasim
        >>> cell = nasim.KeptCell(inputs=["Interphase resistivity [Ohm.m]"])
        >>> found = cell.sensitivities(nasim.GCD(cycles=1))
        >>> bool((found.summary["discharge_capacity_mAh_cm2"] < 0).all())
        True
        """
        from .sensitivities import sensitivities

        return sensitivities(self, protocol, parameters, variables, time_s, overrides, **options)

    def packed(self) -> tuple | None:
        """Return what another process needs to run the cycles of this cell without building it, or None."""
        from . import shelf

        found = None if self._stepper is None else shelf.packed(self._stepper, self._mesh)
        return None if found is None else (self._built_for, *found)

    def receive(self, packed: tuple | None) -> None:
        """Take what `packed` gave in another process; used where the cell is the same.

        Parameters
        ----------
        packed : tuple or None
        """
        self._sent = packed

    def _received(self, parameters, inputs, solver, needed):
        def build():
            return self._built_now(parameters, inputs, solver)

        if self._sent is not None:
            from . import shelf

            built_for, about, arrays = self._sent
            self._mesh = set(about["mesh"])
            if built_for == (needed, self._shape_of(parameters)):
                return shelf.StoredStepper(about, arrays, inputs, build)
        return self._build(parameters, inputs, solver)

    def put_away(self) -> None:
        """Leave what was built for runs to come, if it is to be stored."""
        if self._place is not None and self._stepper is not None:
            from . import shelf

            shelf.put_away(self._place, self._stepper, self._mesh)

    def _build(self, parameters, inputs, solver):
        if not self.stored or self.model is not None or solver is not None:
            return self._built_now(parameters, inputs, solver)
        from . import shelf

        def build():
            return self._built_now(parameters, inputs, solver)

        self._place = shelf.place(parameters, list(inputs))
        found = None if self._place is None else shelf.taken(self._place, inputs, build)
        if found is None:
            return build()
        stepper, self._mesh = found
        return stepper

    @paused()
    def _built_now(self, parameters, inputs, solver):
        from ..models.build import cell_for
        from ..submodels.circuit import ProtocolControl

        model = self.model or cell_for(parameters, control=ProtocolControl())  # as `Stepper` would have it
        parameters.require(parameter.name for parameter in model.parameters if parameter.name in PARAMETERS)
        self._mesh = mesh_parameters(model)
        free = {name: value for name, value in inputs.items() if name not in self._mesh}
        return Stepper(model, parameters.to_pybamm(), free, solver)

    def _shape_of(self, parameters):
        """Values of the parameters that shape the mesh, by name: each has a build of its own."""
        return {name: parameters.value(name) for name in sorted(self._mesh)}

    def __reduce__(self):
        return KeptCell, (self.model, self.inputs, self.stored)


def mesh_parameters(model: "CellModel") -> set[str]:
    """Return the names of the parameters that the geometry of a model is made of; they cannot be inputs of a built model.

    >>> import nasim
    >>> mesh_parameters(nasim.FullCell(cathode=nasim.PorousCathode())), mesh_parameters(nasim.FullCell())
    ({'Cathode thickness [m]'}, set())
    """
    import pybamm

    limits = [
        value
        for domain in model.default_geometry.values()
        for variable in domain.values()
        for value in variable.values()
        if isinstance(value, pybamm.Symbol)
    ]
    return {part.name for value in limits for part in value.pre_order() if isinstance(part, pybamm.Parameter)}
