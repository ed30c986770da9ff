"""Sensitivities of a whole run: derivatives of the numbers of its summary, and of variables over time, by parameters.

The protocol is run once, and twice more for each parameter, a little above and below its value, on the same steps of the
integrator (`integrators.tape`). What follows from parameters outside the integration, such as the state of the fresh cell or
its loading, moves along.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..errors import ProtocolError, SolveError, UnknownNameError, nearest
from ..nomenclature import columns as col
from ..parameters import ParameterSet, load
from ..parameters.parameter_set import pairs
from .integrators.tape import Taped, between

if TYPE_CHECKING:
    import pandas

    from .built_cell import KeptCell

STEP = 1e-5
"""Change of a parameter, relative to its value, or to its range where it is zero."""
PARAMETER = "parameter"
CONDITIONS = {"stack_pressure_MPa": nm.APPLIED_PRESSURE, "temperature_C": nm.AMBIENT_TEMPERATURE}


@dataclass(frozen=True)
class Sensitivities:
    """Derivatives of the numbers of a run.

    Attributes
    ----------
    result : Result
        The run itself.
    summary : pandas.DataFrame
        A row a cycle and parameter: the derivatives of the numbers of the result's summary, per SI unit of the parameter.
    variables : dict of str to pandas.DataFrame
        Variable -> its derivatives at fixed times: a row a time since the start of the run [s], a column a parameter.
    """

    result: Any
    summary: "pandas.DataFrame" = field(repr=False)
    variables: "dict[str, pandas.DataFrame]" = field(repr=False)

    def __getitem__(self, name: str) -> "pandas.DataFrame":
        """Return the derivatives of one of the variables that were asked for."""
        if name not in self.variables:
            hint = nearest(name, self.variables)
            raise UnknownNameError(f"sensitivities: '{name}' is none of the `variables` asked for. {hint}".strip())
        return self.variables[name]


def sensitivities(
    cell: "KeptCell",
    protocol,
    parameters=None,
    variables: Sequence[str] = (nm.VOLTAGE,),
    time_s: Sequence[float] | None = None,
    overrides=None,
    **options: Any,
) -> Sensitivities:
    """Return the sensitivities of a cell; arguments and errors as those of `KeptCell.sensitivities`."""
    import pandas

    chosen = parameters if isinstance(parameters, ParameterSet) else load(parameters or protocol.parameter_set)
    given = dict(pairs(overrides or {}))
    values = _varied(cell, chosen.with_overrides(given), options)
    taped = _Repeated(cell.inputs, tuple(variables), time_s)

    def run(changed: dict[str, float]):
        taped.begin()
        result = protocol.run(cell, chosen, overrides=given | changed or None, **options)
        return result, taped.seen()

    rows, columns = [], {name: {} for name in variables}
    cell.prepare = taped.prepare
    try:
        result, _ = run({})
        for name, (low, high) in values.items():
            (above, upper), (below, lower) = run({name: high}), run({name: low})
            if not len(result.summary) == len(above.summary) == len(below.summary):
                raise SolveError(f"sensitivities: the run ends in another cycle once '{name}' is changed a little.")
            rows.append(_slopes(above.summary, below.summary, high - low, name))
            for variable, slope in zip(variables, (upper - lower) / (high - low), strict=True):
                columns[variable][name] = slope
    finally:
        cell.prepare = None
        taped.release()
    index = pandas.Index(taped.times(), name=nm.TIME)
    summary = pandas.concat(rows).sort_values(col.NUMBER, kind="stable", ignore_index=True)
    return Sensitivities(result, summary, {name: pandas.DataFrame(each, index) for name, each in columns.items()})


def _varied(cell, parameters, options):
    """Values a little below and above that of each parameter that is an input of the cell, within what it may be."""
    if not cell.inputs:
        raise ProtocolError("sensitivities: name the parameters: nasim.KeptCell(inputs=[...]).")
    held = {CONDITIONS[key]: key for key in CONDITIONS if options.get(key) is not None}
    found = {}
    for name in cell.inputs:
        value, entry = parameters.value(name), parameters.entries[name]
        if not isinstance(value, int | float):
            raise ProtocolError(f"sensitivities: '{name}' is a curve in set '{parameters.name}'; expected a number.")
        if name in held:
            raise ProtocolError(
                f"sensitivities: '{name}' is an input; give its value in overrides, not as {held[name]}."
            )
        low, high = entry.limits(name)
        size = STEP * (abs(value) or (entry.range[1] - entry.range[0] if entry.range else 1.0))
        found[name] = max(value - size, low), min(value + size, high)
    return found


def _slopes(above, below, size, name):
    """Table of the derivatives of the numbers of a summary."""
    numbers = above.select_dtypes("number").drop(columns=col.NUMBER, errors="ignore")
    slopes = (numbers - below[numbers.columns]) / size
    slopes.insert(0, PARAMETER, name)
    if col.NUMBER in above:
        slopes.insert(0, col.NUMBER, above[col.NUMBER])
    return slopes


class _Repeated:
    """Puts the integrator of a kept cell on a tape: its first run is recorded, later ones take the same steps.

    It reads variables at the same times of each.
    """

    def __init__(self, inputs: Sequence[str], variables: tuple[str, ...], time_s: Sequence[float] | None):
        self._inputs, self._variables = inputs, variables
        self._grid = None if time_s is None else np.sort(np.asarray(time_s, dtype=float))
        self._taped: Taped | None = None
        self._stepper: Any = None
        self._places: list[tuple[np.ndarray, np.ndarray]] = []

    def prepare(self, stepper) -> None:
        """As `KeptCell.prepare`."""
        if self._taped is None:
            missing = set(self._inputs) - set(stepper.conditions)
            if missing:
                raise ProtocolError(f"sensitivities: '{min(missing)}' shapes the mesh, which cannot move a little.")
            for name in self._variables:
                if name not in stepper.model.variables:
                    hint = nearest(name, stepper.model.variables)
                    raise UnknownNameError(f"sensitivities: the cell has no variable '{name}'. {hint}".strip())
            self._taped, self._stepper = Taped(stepper.integrator), stepper
            self._taped.watch = self._watch
        stepper.integrator = self._taped

    def begin(self) -> None:
        """Before each run."""
        self._clock, self._values = 0.0, []
        if self._taped is not None:
            self._taped.rewind()

    def times(self) -> np.ndarray:
        """Return the times since the start of the run that are read, shape (n,)."""
        return np.concatenate([np.zeros(0), *(at for at, _ in self._places)])

    def seen(self) -> np.ndarray:
        """Return the variables at these times in a run on the tape, shape (variables, n)."""
        return np.concatenate([np.zeros((len(self._variables), 0)), *self._values], axis=1)

    def release(self) -> None:
        """Give the cell its integrator back."""
        if self._taped is not None:
            self._stepper.integrator = self._taped.integrator

    def _watch(self, number, inputs, found):
        assert self._taped is not None
        if number == len(self._places):
            self._places.append(self._chosen(found, self._taped.tape[number].ends))
        else:
            at, steps = self._places[number]
            t = at - self._clock
            y = between(found, self._taped.points, steps, t)
            self._values.append(self._stepper.observe(self._variables, t, y, inputs))
        self._clock += float(found.t[-1])

    def _chosen(self, found, ends):
        """Times of a step of the protocol that are read, since the start of the run, and in which integrator's step each lies."""
        at = self._clock + found.t
        if self._grid is not None:
            first = "right" if self._places else "left"
            at = self._grid[np.searchsorted(self._grid, at[0], first) : np.searchsorted(self._grid, at[-1], "right")]
        steps = np.searchsorted(ends, at - self._clock, "left") - 1
        return at, np.clip(steps, 0, max(len(ends) - 2, 0))
