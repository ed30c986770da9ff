"""The scorecard: every published number against what nasim computes on the cell that it names.

Rows that share cell and conditions share one run (`nasim.evidence.runs`); the runs are spread over processes that get
plain data and build their cells themselves. A miss is shown as a miss, and what no experiment computes yet is called
"not available".
"""

import os
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from multiprocessing import get_context

from ..errors import NasimError, SolveError
from .protocols import PROTOCOLS, Study, execute
from .published import NOT_AVAILABLE, computed, rows
from .runs import plan
from .table import COLUMNS, Scorecard

__all__ = ["COLUMNS", "PROTOCOLS", "Scorecard", "Study", "execute", "scorecard"]


def scorecard(*ids, workers=None, sets=None, progress=None):
    """Run what the published rows need and compare [Scorecard].

    Parameters
    ----------
    *ids : str
        Rows of `nasim.evidence.published`; default all.
    workers : int, optional
        Processes; default as many as there are processors; 1 runs everything in this process.
    sets : mapping, optional
        Parameter set that rows name -> name or path of the set to use instead.
    progress : callable (label, seconds), optional
        Called after each run.

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
    return Scorecard(findings, {run.label: results[run][0] for run in needed if results[run][0] is not None})


def _outcomes(runs, sets, workers):
    """(run, Result or None, why not, seconds) of each run, as they finish; the longest begin first."""
    runs = sorted(runs, key=lambda run: -run.cycles)
    workers = min(workers or os.cpu_count() or 1, len(runs))
    if workers <= 1:
        yield from (_outcome(run, sets) for run in runs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_outcome, run, sets) for run in runs]):
            yield done.result()


def _outcome(run, sets):
    """One run; what stops it is a reason, not an error, so that the other rows still count."""
    began = time.perf_counter()
    try:
        result, reason = execute(run, sets.get(run.set, run.set)), ""
    except SolveError as error:
        result, reason = error.result, str(error)
    except NasimError as error:
        result, reason = None, str(error)
    return run, result, reason, time.perf_counter() - began


def _finding(row, by_row):
    (result, reason), (beside, _) = by_row[row.id], by_row.get(row.beside, (None, ""))
    found = computed(row, result, beside)
    return replace(found, note=reason) if reason and found.verdict == NOT_AVAILABLE else found
