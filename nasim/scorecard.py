"""The scorecard: every published number against what nasim computes on the cell that it names.

Rows that share cell and conditions share one run (`nasim.published.runs`); the runs are spread over processes that get
plain data and build their cells themselves. A miss is shown as a miss, and what no experiment computes yet is called
"not available".
"""

import os
import time
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context

from . import nomenclature as nm
from .errors import NasimError, SolveError, UnknownNameError
from .published import NOT_AVAILABLE, computed, marks, rows
from .published.runs import CYCLING, RATE, plan

COLUMNS = ("id", "cell", "condition", "quantity", "target", "computed", "error", "tolerance", "unit", "use", "verdict")
COLUMNS += ("note", "where")
LONG = 10
"""Cycles above which a run is drawn as fade and not as curves."""


@dataclass(frozen=True)
class Scorecard:
    """Findings by row id, and results by run label; `table` is what people read."""

    findings: Mapping
    results: Mapping

    @property
    def table(self):
        """A pandas row a published row: target, computed, error, tolerance, calibrated or predicted, verdict."""
        import pandas

        return pandas.DataFrame([_line(finding) for finding in self.findings.values()], columns=COLUMNS)

    @property
    def counts(self):
        """Verdict -> how many rows, for rows calibrated on and for predicted ones.

        A dict such as {"calibrated": {"met": 30, "missed": 1}, "predicted": {...}}.
        """
        found = {}
        for finding in self.findings.values():
            group = found.setdefault(finding.row.use, {})
            group[finding.verdict] = group.get(finding.verdict, 0) + 1
        return found

    def as_record(self):
        """Counts and rows as plain data that `json.dumps` takes."""
        return {"counts": self.counts, "rows": [_line(finding) for finding in self.findings.values()]}

    def figures(self):
        """Label -> axes of the figure of each run, with the published values marked."""
        return {label: _figure(result) for label, result in self.results.items() if not isinstance(result, Study)}


def scorecard(*ids, workers=None, sets=None, progress=None):
    """Run what the published rows need and compare [Scorecard].

    Parameters
    ----------
    *ids : str
        Rows of `nasim.published`; default all.
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


def execute(run, parameter_set):
    """Run the experiment of a `nasim.published.runs.Run` with a parameter set [Result].

    Raises
    ------
    UnknownNameError
        nasim has no such experiment, or no such set, yet.
    """
    if run.kind not in PROTOCOLS:
        raise UnknownNameError(f"no experiment '{run.kind}' is compared yet")
    conditions = {"stack_pressure_MPa": run.stack_pressure_MPa, "temperature_C": run.temperature_C}
    return PROTOCOLS[run.kind](run).run(parameters=parameter_set, **conditions)


def _cycling(run):
    from .experiments.cycling import Cycling

    return Cycling(run.current_mA_cm2, run.cycles, run.window_V or None, keep=run.keep)


def _rate(run):
    from .experiments.cycling import RateTest

    return RateTest()


def _symmetric(run):
    from .experiments.symmetric import SymmetricCycling

    return SymmetricCycling(run.current_mA_cm2)


def _voltammetry(run):
    from .experiments.cv import CV

    return CV(scans=run.cycles, window=run.window_V or None)


def _rest(run):
    from .experiments.ocv_eis import OpenCircuitEIS

    return OpenCircuitEIS()


@dataclass(frozen=True)
class Study:
    """What a study without a protocol computes, as a named number or pair; stands where a `Result` stands for others."""

    values: tuple

    def run(self, parameters, **conditions):
        """The study itself: it has been made, the cell and its conditions have no say in it."""
        return self


def _pore(run):
    from .parameters import load
    from .studies.pore import pore_inhomogeneity

    name = nm.SEPARATOR.conductivity
    sets = (run.set, "Yuan2025_NPS_separator")
    return Study(tuple(pore_inhomogeneity(load(known).value(name)) for known in sets))


def _window(run):
    from .parameters import load
    from .studies.window import stability_window

    return Study(stability_window(ELECTROLYTES[load(run.set).cell.catholyte]))


ELECTROLYTES = {"NAS": "Na3SbS4", "NPS": "Na3PS4"}
PROTOCOLS = {CYCLING: _cycling, RATE: _rate, "cv": _voltammetry, "symmetric": _symmetric}
PROTOCOLS |= {"pore": _pore, "window": _window, "ocv-eis": _rest}
"""How to run each kind of experiment; a kind that is not here is not available."""


def _finding(row, by_row):
    (result, reason), (beside, _) = by_row[row.id], by_row.get(row.beside, (None, ""))
    found = computed(row, result, beside)
    return replace(found, note=reason) if reason and found.verdict == NOT_AVAILABLE else found


def _line(finding):
    """A finding as the columns of the table, plain data; one value as a number, several as a list."""
    row = finding.row
    limits = row.tolerances[:1] if row.tolerance is not None else ()
    parts = {"target": row.values, "computed": finding.values, "error": finding.errors, "tolerance": limits}
    plain = {key: _single([_plain(value) for value in values]) for key, values in parts.items()}
    texts = {name: getattr(row, name) for name in ("id", "cell", "condition", "unit", "use", "where")}
    everything = texts | {"quantity": row.text} | plain | {"verdict": finding.verdict, "note": finding.note}
    return {name: everything[name] for name in COLUMNS}


def _plain(value):
    return value if isinstance(value, bool | None) else float(value)


def _single(values):
    return values[0] if len(values) == 1 else (values or None)


DRAWN = {
    "rate": lambda plot, result: plot.rate(result.summary),
    "cv": lambda plot, result: plot.cv(result.curves),
    "symmetric": lambda plot, result: plot.symmetric(result.curves),
    "ocv-eis": lambda plot, result: result.plot(),
}
"""The figure of each experiment that is not charge and discharge at one current."""


def _figure(result):
    """The figure that shows most: curves with the published marks, or capacity against cycle."""
    from . import plot

    summary = result.summary
    if result.record["experiment"] in DRAWN:
        return DRAWN[result.record["experiment"]](plot, result)
    if len(summary) > LONG:
        return plot.fade(summary)
    published = marks(result.record["parameter_set"], result.record["conditions"], result.record["experiment"])
    return plot.gcd(result.curves, published=published)
