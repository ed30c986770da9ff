"""Computes published rows for many values of the fitted parameters, side by side and once each.

Building a cell costs as much as dozens of cycles, so that each process keeps one cell a parameter set, with the fitted
parameters as inputs. What was computed is remembered, in memory and, with a store, in a file: a line of JSON a job and values. A
calculation that is stopped and started again finds what it had computed, and takes the same way.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future
from functools import cached_property
from pathlib import Path
from typing import Any

from ..parameters import ParameterSet, load
from ..processes import Pool, died, pool
from ..submodels.arrhenius import T_REF
from ..units import to_celsius
from .jobs import Job, Readings, failed, jobs, perform, with_values
from .published import NOT_AVAILABLE, Finding, has_reader, judged
from .row import rows
from .runs import set_file
from .stages import Fitted
from .store import ReadingsStore

CODE = ("analysis", "engine", "experiments", "models", "studies", "submodels")
"""Rooms whose code decides what a run gives."""


REFERENCE_C, ENERGY = to_celsius(T_REF), "activation energy"
"""Temperature [degC] at which the Arrhenius factor is 1, and how the names of its parameters read."""


class Bench:
    """Cells whose parameters can be varied.

    Parameters
    ----------
    parameters : iterable of Fitted
        Parameters to vary.
    sets : mapping name -> ParameterSet
        Sets that replace the shipped ones of these names.
    workers : int
        Processes; with 1 all is computed in this one.
    store : path, optional
        File that remembers what was computed.

    Attributes
    ----------
    runs : int
        Jobs that were computed, not remembered.
    """

    def __init__(
        self,
        parameters: Iterable[Fitted],
        sets: Mapping[str, ParameterSet] | None = None,
        workers: int = 1,
        store: str | os.PathLike | None = None,
    ):
        self.cells = Cells(tuple(parameters), dict(sets or {}))
        self.workers, self.runs = workers, 0
        self.store = ReadingsStore(store, self.cells.description)
        self._pool: Pool | None = None

    def findings(self, ids: Sequence[str], values: Mapping[str, float]) -> dict[str, Finding]:
        """Return the finding of each row with given values of the parameters.

        Parameters
        ----------
        ids : sequence of str
        values : mapping key of a parameter -> value
            SI units.
        """
        return self.several(ids, [values])[0]

    def several(self, ids: Sequence[str], points: Sequence[Mapping[str, float]]) -> list[dict[str, Finding]]:
        """Return `findings` for several values of the parameters, computed side by side."""
        chosen = rows(*ids) if ids else []
        needed = jobs(chosen)
        keys = [[self.store.key(job, self.cells.touching(job, values)) for job in needed] for values in points]
        todo = {}
        for values, mine in zip(points, keys, strict=True):
            for key, job in zip(mine, needed, strict=True):
                if not self.store.has(key, job.ids):
                    todo[key] = (job, self.cells.touching(job, values))
        self._compute(todo)
        found = [{id: each for key in mine for id, each in self.store[key].items()} for mine in keys]
        return [{row.id: _finding(row, *each[row.id]) for row in chosen} for each in found]

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.end()
            self._pool = None

    def _compute(self, todo: Mapping[str, tuple[Job, dict[str, float]]]) -> None:
        self.runs += len(todo)
        if self.workers <= 1 or len(todo) < 2:
            for key, (job, values) in todo.items():
                self.store.put(key, self.cells.perform(job, values))
            return
        longest_first = sorted(todo.items(), key=lambda item: -item[1][0].cycles)
        processes = self._processes()
        try:
            futures: dict[str, Future] = {key: processes.submit(_perform, *each) for key, each in longest_first}
            for key, future in futures.items():
                self.store.put(key, future.result())
        except BrokenExecutor:
            self._pool = None
            raise died(
                "calibration", "run it again with the same checkpoint, and what was computed is reused"
            ) from None

    def _processes(self) -> Pool:
        if self._pool is None:
            given = (self.cells.parameters, self.cells.sets)
            self._pool = pool("calibration", self.workers, _begin, given)
        return self._pool


class Cells:
    """Kept cells of one process, by parameter set.

    Parameters
    ----------
    parameters : tuple of Fitted
    sets : mapping name -> ParameterSet
    """

    def __init__(self, parameters: tuple[Fitted, ...], sets: Mapping[str, ParameterSet]):
        self.parameters, self.sets = parameters, dict(sets)
        self._kept: dict[str, Any] = {}
        self._names: dict[str, dict[str, str]] = {}

    @cached_property
    def description(self) -> dict[str, str]:
        """What the readings depend on, beside the values: the parameters that do not vary, the code and the versions."""
        from ..parameters import available
        from ..results.installed import versions

        known = [(name, self._fixed(name)) for name in sorted({*available(), *self.sets})]
        folder = Path(__file__).parent.parent
        code = b"".join(path.read_bytes() for part in CODE for path in sorted((folder / part).rglob("*.py")))
        return {"parameters": _digest(repr(known).encode()), "code": _digest(code), **versions()}

    def _fixed(self, name: str) -> list[tuple[str, Any]]:
        return sorted((n, value) for n, value in self.set(name).as_values().items() if n not in self.names(name))

    def set(self, name: str) -> ParameterSet:
        """Return a set, the replacement where there is one."""
        if name not in self.sets:
            self.sets[name] = load(set_file(name))
        return self.sets[name]

    def names(self, name: str) -> dict[str, str]:
        """Return the parameters of a cell that vary -> key of what varies them; values that a set has of its own do not."""
        if name not in self._names:
            from ..models.build import cell_for

            used = {parameter.name for parameter in cell_for(self.set(name)).parameters}
            mine, found = {n: entry for n, entry in self.set(name).entries.items() if n in used}, {}
            for each in self.parameters:
                theirs = self.set(each.set).entries
                found |= {n: each.key for n in (each.name, *each.also) if n in mine and mine[n] == theirs.get(n)}
            self._names[name] = found
        return self._names[name]

    def touching(self, job: Job, values: Mapping[str, float]) -> dict[str, float]:
        """Return those of `values` that a job depends on: of its cells, and at 25 degC no activation energy."""
        warm = any(run.temperature_C != REFERENCE_C for run in job.runs)
        pairs = [pair for name in job.sets for pair in self.names(name).items()]
        keys = {key for name, key in pairs if warm or ENERGY not in name}
        return {key: float(value) for key, value in values.items() if key in keys}

    def perform(self, job: Job, values: Mapping[str, float]) -> Readings:
        """Return the readings of a job with given values."""
        from ..engine.built_cell import KeptCell

        def cell(name):
            names = {n: key for n, key in self.names(name).items() if key in values}
            if name not in self._kept:
                self._kept[name] = KeptCell(inputs=tuple(self.names(name)))
            return self._kept[name], with_values(self.set(name), {n: values[key] for n, key in names.items()})

        return perform(job, cell)


_CELLS: Cells | None = None
"""The cells of this process, where it is one of the pool."""


def _begin(parameters, sets):
    global _CELLS
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    _CELLS = Cells(parameters, sets)


def _perform(job: Job, values: dict[str, float]) -> Readings:
    assert _CELLS is not None
    try:
        return _CELLS.perform(job, values)
    except Exception as error:  # one job that fails must not end hours of others; the reason is kept
        return failed(job, f"{type(error).__name__}: {error}")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _finding(row, values, reason):
    if values:
        return judged(row, tuple(values))
    return Finding(row, (), (), NOT_AVAILABLE, reason if has_reader(row) else "nothing computes this yet")
