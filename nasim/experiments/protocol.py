"""What all protocols share: the one way to run them."""

from typing import ClassVar

from ..engine.setup import DEFAULT_SET, prepare


class Protocol:
    """A test of a cell. A subclass holds its options, checks them in `_checked` and goes through them in `_run`."""

    name: ClassVar[str]
    """What a result calls it."""
    cell: ClassVar[str | None] = "full"
    """Kind of cell that it makes sense for; None for any."""
    parameter_set: ClassVar[str] = DEFAULT_SET
    """What it is run with unless told otherwise."""
    window = None

    def run(
        self,
        model=None,
        parameters=None,
        *,
        stack_pressure_MPa=None,
        temperature_C=None,
        overrides=None,
        progress=None,
        solver=None,
    ):
        """Run it [Result, or the kind of result that the class names].

        Parameters
        ----------
        model : nasim cell, optional
            Default that of the parameter set, which `nasim.cell_for` has with parts of your own; one that is composed
            otherwise is told in `record["events"]`. A `nasim.KeptCell` is built once for many runs.
        parameters : str, path or ParameterSet, optional
            Name or file of a set, or the set itself; default "Yuan2025_NAS", for `SymmetricCycling` and
            `OpenCircuitEIS` "Yuan2025_symmetric_NAS".
        stack_pressure_MPa : float, optional
            Stack pressure [MPa]; default that of the set.
        temperature_C : float, optional
            Ambient temperature [degC]; default that of the set.
        overrides : mapping name -> value, or sequence of "NAME=VALUE", optional
            Values, in SI units, that differ from those of the set.
        progress : callable (int, dict), optional
            Called after each cycle (or spectrum at open circuit) with its number and its row of the summary.
        solver : pybamm solver, optional
            Default `nasim.models.solver.default_solver()`.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense.
        SolveError
            A solve failed, for instance since an electrode ran out of sodium; where there are cycles, its `result`
            holds those before.
        """
        checked = self._checked()
        setup = self._prepare(model, parameters, stack_pressure_MPa, temperature_C, overrides, solver)
        return self._run(setup, checked, progress)

    def _prepare(self, *given):
        """The cell for what `run` was given, a `Setup`."""
        return prepare(type(self).__name__, *given, self.window, self.cell, self.parameter_set)

    def _checked(self):
        """What `_run` needs of the options; ProtocolError for those that make no sense."""
        raise NotImplementedError

    def _run(self, setup, checked, progress):
        """Go through the protocol with a prepared cell [Result]."""
        raise NotImplementedError
