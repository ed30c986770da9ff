"""Cells for a fit: each parameter set is built once with the varied parameters as inputs, then run with any values."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..analysis.least_squares import differences, inward_differences
from ..engine.integrators import say_once
from ..errors import ProtocolError, UnknownNameError, nearest
from ..scale import Scale, values_at
from .data import Data
from .history import Conditions, Leg

if TYPE_CHECKING:
    from ..models.compose import CellModel
    from ..parameters import ParameterSet
    from .traces import Trace, TraceStepper

STEP = 1e-6
"""Change of a parameter for derivatives on repeated steps, a share of its range."""
DIFFERENCE_STEP = 2e-3
"""Step of central differences of runs that choose their own steps, a share of the range."""


class Cells:
    """The cells of a fit.

    Parameters
    ----------
    start : ParameterSet
        The set of curves that name none.
    names : sequence of str
        Varied parameters; every cell takes the same values.
    data : sequence of Data
    model : callable (ParameterSet) -> CellModel, optional
        Composes the cell of a set; default `nasim.cell_for`.
    compiled : bool
        Whether the equations are compiled by the C compiler first.

    Raises
    ------
    UnknownNameError
        A set or parameter does not exist.
    ProtocolError
        A parameter is varied and also a condition of a curve.
    """

    def __init__(
        self,
        start: "ParameterSet",
        names: Sequence[str],
        data: Sequence[Data],
        model: "Callable[[ParameterSet], CellModel] | None" = None,
        compiled: bool = False,
    ):
        from ..models.build import cell_for
        from ..parameters import load

        self.start, self.names, self.model, self.compiled = start, tuple(names), model or cell_for, compiled
        self.sets: dict[str | None, ParameterSet] = {None: start}
        for item in data:
            if item.conditions.parameters is not None and item.conditions.parameters not in self.sets:
                self.sets[item.conditions.parameters] = load(item.conditions.parameters)
        self.extra = {key: self._conditions_of(key, data) for key in self.sets}
        self._built: dict[str | None, tuple[TraceStepper, dict[str, Any]]] = {}
        self._taped: tuple[list[int], dict[str, float]] | None = None

    def _conditions_of(self, key: str | None, data: Sequence[Data]) -> list[str]:
        """Return the checked names of all conditions that the data of one set state."""
        parameters, names = self.sets[key], {nm.AMBIENT_TEMPERATURE, nm.APPLIED_PRESSURE}
        for item in data:
            if item.conditions.parameters == key:
                names |= set(item.conditions.inputs())
        for name in sorted(names):
            if name not in parameters.entries:
                hint = nearest(name, parameters.entries)
                raise UnknownNameError(f"Parameter set '{parameters.name}' has no '{name}' to override. {hint}".strip())
        both = sorted(names & set(self.names))
        if both:
            raise ProtocolError(
                f"fit: '{both[0]}' is varied, and also a condition of a curve; it can only be one of them."
            )
        return sorted(names)

    def outcomes(self, data: Sequence[Data], values: Mapping[str, float]) -> list:
        """Return what the residuals of each of `data` are computed from: its traces, or what its `measure` returns.

        Data that end with their legs share a run where their legs agree.

        Parameters
        ----------
        data : sequence of Data
        values : mapping parameter -> value
        """
        for stepper, _ in self._built.values():
            if stepper.tape is not None:
                stepper.tape.record()
        self._taped = None
        found = self._outcomes(data, values)
        self._taped = (list(map(id, data)), dict(values))
        return found

    def can_repeat(self, data: Sequence[Data]) -> bool:
        """Whether the cells of some data can take the steps of a run again; where not, it is said once."""
        can = all(self._stepper(item.conditions.parameters)[0].tape is not None for item in data)
        if not can:
            say_once("Derivatives of a fit come from differences of separate runs: not all of its cells run by RODAS4.")
        return can

    def slopes(
        self,
        function: Callable[[list], np.ndarray],
        data: Sequence[Data],
        scales: Mapping[str, Scale],
        units: np.ndarray,
    ) -> np.ndarray:
        """Return the derivatives of a function of the outcomes by the scaled parameters, shape (n, k).

        They are differences of runs that take the same steps where all cells can do that, else of runs that choose their own.

        Parameters
        ----------
        function : callable (list of outcomes) -> array of shape (n,)
        data : sequence of Data
        scales : mapping parameter -> Scale
        units : array of shape (k,)

        Raises
        ------
        SolveError
            A run failed.
        """
        if not self.can_repeat(data):
            return differences(
                lambda point: function(self.outcomes(data, values_at(scales, point))), units, DIFFERENCE_STEP, 0.0, 1.0
            )
        here = values_at(scales, units)
        if self._taped != (list(map(id, data)), here):
            self.outcomes(data, here)
        return inward_differences(lambda point: function(self._repeated(data, values_at(scales, point))), units, STEP)

    def _repeated(self, data, values):
        """Outcomes at other values, on the steps that were taken last."""
        for stepper, _ in self._built.values():
            if stepper.tape is not None:
                stepper.tape.rewind()
        return self._outcomes(data, values)

    def _outcomes(self, data, values):
        shared = iter(self._traces([item for item in data if not item.goes_on], values))
        return [self._measured(item, values) if item.goes_on else next(shared) for item in data]

    def residuals(self, data: Sequence[Data], values: Mapping[str, float]) -> list[np.ndarray]:
        """Return the residuals of each of `data`, shape (n,) each; arguments as of `outcomes`.

        Raises
        ------
        SolveError
            A run failed.
        """
        return [item.residuals(outcome) for item, outcome in zip(data, self.outcomes(data, values), strict=True)]

    def _measured(self, item: Data, values: Mapping[str, float]):
        stepper, usual = self._stepper(item.conditions.parameters)
        stepper.traces(item.legs, self._inputs(item.conditions, values, usual))
        return item.measure(stepper, self.sets[item.conditions.parameters])

    def _traces(self, data: Sequence[Data], values: Mapping[str, float]) -> "list[list[Trace]]":
        """Return the traces of the legs of each of `data`; of legs that begin others only the longer are run."""
        longest: dict[Conditions, list[tuple[Leg, ...]]] = {}
        for item in sorted(data, key=lambda item: -len(item.legs)):
            known = longest.setdefault(item.conditions, [])
            if not any(legs[: len(item.legs)] == item.legs for legs in known):
                known.append(item.legs)
        runs = {
            (conditions, legs): self._run(conditions, legs, values)
            for conditions, known in longest.items()
            for legs in known
        }
        return [_first(runs, item) for item in data]

    def _run(self, conditions: Conditions, legs: Sequence[Leg], values: Mapping[str, float]):
        stepper, usual = self._stepper(conditions.parameters)
        return stepper.traces(legs, self._inputs(conditions, values, usual))

    def _inputs(self, conditions: Conditions, values: Mapping[str, float], usual: Mapping[str, Any]) -> dict:
        return {**usual, **conditions.inputs(), **{n: float(value) for n, value in values.items() if n in usual}}

    def _stepper(self, key: str | None) -> "tuple[TraceStepper, dict[str, Any]]":
        """Return the built cell of a set, and the usual values of its inputs."""
        if key not in self._built:
            from .traces import TraceStepper

            parameters = self.sets[key]
            varied = [name for name in self.names if name in parameters.entries]
            usual = {name: parameters.value(name) for name in [*self.extra[key], *varied]}
            stepper = TraceStepper(self.model(parameters), parameters.to_pybamm(), usual, self.compiled)
            self._built[key] = stepper, usual
        return self._built[key]


def _first(runs: "Mapping[tuple[Conditions, tuple[Leg, ...]], list[Trace]]", item: Data) -> "list[Trace]":
    """Return the traces of the run that begins with the legs of `item`, up to its last."""
    n = len(item.legs)
    legs = next(legs for conditions, legs in runs if conditions == item.conditions and legs[:n] == item.legs)
    return runs[item.conditions, legs][:n]
