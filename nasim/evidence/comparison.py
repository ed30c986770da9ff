"""The scorecard: every published number against the number that nasim computes on the cell that it names.

Rows that share cell and conditions share one run (`nasim.evidence.runs`); the runs are spread over processes that get
plain data and build their cells themselves. A miss is shown as a miss, and what no experiment computes yet is called
"not available".
"""

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, as_completed
from dataclasses import replace

from ..errors import NasimError, SolveError
from ..processes import checked_number, died, pool
from ..results.result import Result
from .bands import load_bands
from .calibration import shipped_sets
from .published import NOT_AVAILABLE, Finding, computed
from .row import Row, rows
from .runs import Run, execute, plan, set_file
from .studies import Study
from .table import Scorecard

Outcome = tuple[Run, Result | Study | None, str, float]
"""Run, its result, why it has none, and the time it took [s]."""


def scorecard(
    *ids: str,
    workers: int | None = None,
    sets: Mapping[str, str | os.PathLike] | None = None,
    progress: Callable[[str, float], object] | None = None,
) -> Scorecard:
    """Run all that published rows need and compare.

    Parameters
    ----------
    *ids : str
        Rows of `nasim.evidence.published`; default all.
    workers : int, optional
        Processes; default as many as there are processors; 1 runs everything in this process.
    sets : mapping, optional
        Parameter set that rows name -> name or path of the set to use instead.
    progress : callable (label, seconds), optional
        Called after each run with its label and the time it took [s].

    Raises
    ------
    UnknownNameError
        There is no row of that id.
    """
    chosen = rows(*ids)
    beside = rows(*{row.beside for row in chosen if row.beside}) if any(row.beside for row in chosen) else []
    needed = plan(list(dict.fromkeys([*chosen, *beside])))
    results = {}
    for run, result, reason, seconds in _outcomes(needed, dict(sets or {}), workers):
        results[run] = (result, reason)
        if progress:
            progress(run.label, seconds)
    by_row = {id: results[run] for run in needed for id in run.ids}
    findings = {row.id: _finding(row, by_row) for row in chosen}
    shown = {run.label: results[run][0] for run in needed if results[run][0] is not None}
    return Scorecard(findings, shown, {} if sets else load_bands(shipped_sets()))


def _outcomes(runs: Sequence[Run], sets: Mapping, workers: int | None) -> Iterator[Outcome]:
    """Yield the outcome of each run, as they finish; the longest begin first."""
    runs = sorted(runs, key=lambda run: -run.cycles)
    workers = min(checked_number("scorecard", workers), len(runs))
    if workers <= 1:
        yield from (_outcome(run, sets) for run in runs)
        return
    with pool("scorecard", workers) as others:
        try:
            for done in as_completed([others.submit(_outcome, run, sets) for run in runs]):
                yield done.result()
        except BrokenExecutor:
            raise died("scorecard", "run it again, perhaps with fewer --workers") from None


def _outcome(run: Run, sets: Mapping) -> Outcome:
    """Run one; an error becomes its reason, so that the other rows still count."""
    began = time.perf_counter()
    try:
        result, reason = execute(run, sets.get(run.set, set_file(run.set))), ""
    except SolveError as error:
        result, reason = error.result, str(error)
    except NasimError as error:
        result, reason = None, str(error)
    return run, result, reason, time.perf_counter() - began


def _finding(row: Row, by_row: Mapping[str, tuple]) -> Finding:
    (result, reason), (beside, _) = by_row[row.id], by_row.get(row.beside, (None, ""))
    finding = computed(row, result, beside)
    return replace(finding, note=reason) if reason and finding.verdict == NOT_AVAILABLE else finding
