"""Runs that are read together: the smallest pieces of work that published rows divide into.

A row whose statement compares with another row needs both results, so their runs stay together; apart from that a job is
one run. Jobs are plain data, and `perform` gives plain data back, so that they can go to other processes and to files.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from ..errors import NasimError, SolveError
from .published import reading
from .row import Row, rows
from .runs import Run, execute, plan

MOST_SECONDS = 120.0
"""Wall time [s] after which a job counts as failed: values far from any cell can make a run endless."""
Readings = dict[str, tuple[tuple, str]]
"""Row id -> values that were read, or () where nothing ran, and the reason why there is none."""


@dataclass(frozen=True)
class Job:
    """Runs, and the ids of the rows that are read off them."""

    runs: tuple[Run, ...]
    ids: tuple[str, ...]

    @property
    def sets(self) -> set[str]:
        """Sets that it runs."""
        return {run.set for run in self.runs}

    @property
    def cycles(self) -> int:
        """Cycles of all its runs."""
        return sum(run.cycles for run in self.runs)


def jobs(chosen: Iterable[Row]) -> list[Job]:
    """Return the jobs that rows need, those with the most cycles first.

    >>> [(len(job.runs), job.ids) for job in jobs(rows("NAS-D1", "NAS-D140", "CV-25"))]
    [(1, ('NAS-D1', 'NAS-D140')), (2, ('CV-25',))]
    """
    chosen = list(chosen)
    wanted, beside = {row.id for row in chosen}, {row.beside for row in chosen} - {""}
    needed = plan(dict.fromkeys([*chosen, *(rows(*beside) if beside else [])]))
    place = {id: n for n, run in enumerate(needed) for id in run.ids}
    group = list(range(len(needed)))
    for row in (row for row in chosen if row.beside):
        one, other = group[place[row.id]], group[place[row.beside]]
        group = [one if each == other else each for each in group]
    together = {each: [run for run, mine in zip(needed, group, strict=True) if mine == each] for each in group}
    made = [Job(tuple(r), tuple(id for run in r for id in run.ids if id in wanted)) for r in together.values()]
    return sorted(made, key=lambda job: -job.cycles)


def perform(job: Job, cell: Callable[[str], tuple[Any, Any]]) -> Readings:
    """Run a job and read its rows; whatever fails becomes a reason.

    Parameters
    ----------
    job : Job
    cell : callable (name of a set) -> (KeptCell or None, ParameterSet)
        What it is run with.
    """
    results, reasons = {}, {}
    for run in job.runs:
        try:
            with time_limit(MOST_SECONDS):
                model, parameters = cell(run.set)
                result, reason = execute(run, parameters, model), ""
        except SolveError as error:
            result, reason = error.result, str(error)
        except (NasimError, ArithmeticError, ValueError, RuntimeError, TimeoutError) as error:
            result, reason = None, f"{type(error).__name__}: {error}"
        results |= dict.fromkeys(run.ids, result)
        reasons |= dict.fromkeys(run.ids, reason)
    return {row.id: (reading(row, results[row.id], results.get(row.beside)), reasons[row.id]) for row in rows(*job.ids)}


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError inside the block after `seconds`; without effect where signals cannot do that."""
    usable = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return

    def late(number, frame):
        raise TimeoutError(f"not done after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def failed(job: Job, reason: str) -> Readings:
    """Return the readings of a job that did not run."""
    return dict.fromkeys(job.ids, ((), reason))


def with_values(parameters: Any, values: Mapping[str, float]) -> Any:
    """Return a set with these values, whatever the ranges of its entries."""
    changed = {name: replace(parameters.entries[name], value=float(value)) for name, value in values.items()}
    return replace(parameters, entries={**parameters.entries, **changed})
