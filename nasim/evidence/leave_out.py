"""Cross-validation: the fit again without each group of rows, and what it then says of the rows that were left out.

A refit begins at the shipped values and takes least-squares steps; what only the group determined goes back to its prior. The steps
use the derivatives at the shipped values, which all groups share, so that a group costs a few evaluations; `exact` takes
those of every point. The rows of the group that were never fitted to are judged, too. A row counts as near when it lies inside `NEAR`
times its tolerance; a statement, when it is right.
"""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import DataFileError, UnknownNameError, nearest
from ..files import write_text
from ..parameters import ParameterSet, folders
from ..processes import checked_number
from .bench import Bench
from .calibration import shipped_sets, values_of
from .estimate import Problem
from .published import MET, Finding
from .row import FOLDER, PAPER, rows
from .stages import FitPlan, fit_plan

FILE = f"{PAPER}_leave_out.json"
NEAR, STEPS = 2.0, 10


@dataclass(frozen=True)
class LeftOut:
    """A row that a fit did not see.

    Attributes
    ----------
    group, id : str
    fitted : bool
        Whether the shipped fit sees it.
    published, computed : tuple
    met, near : bool
    """

    group: str
    id: str
    fitted: bool
    published: tuple
    computed: tuple
    met: bool
    near: bool


def is_near(finding: Finding, factor: float = NEAR) -> bool:
    """Return whether a finding lies inside `factor` times its tolerance, of a range within as much beyond its ends.

    Parameters
    ----------
    finding : Finding
    factor : float
    """
    row = finding.row
    if row.is_statement or not finding.errors:
        return finding.verdict == MET
    if row.is_range:
        return abs(finding.errors[0]) <= (factor - 1) * (row.values[1] - row.values[0]) / 2
    pairs = zip(finding.errors, row.tolerances, strict=True)
    return all(abs(error) <= factor * limit for error, limit in pairs)


def leave_out(
    groups: Sequence[str] | None = None,
    *,
    workers: int | None = None,
    store: str | os.PathLike | None = None,
    steps: int = STEPS,
    exact: bool = False,
    sets: Mapping[str, ParameterSet] | None = None,
    plan: FitPlan | None = None,
    bench: Bench | None = None,
    progress: Callable[[str], object] = lambda text: None,
) -> list[LeftOut]:
    """Refit without each group and return what is then said of its rows.

    Parameters
    ----------
    groups : sequence of str, optional
        Names of groups of the plan; default all.
    workers : int, optional
        Processes; default as many as there are processors.
    store : path, optional
        File that remembers what was computed; with an existing one it goes on from there.
    steps : int
        Most least-squares steps a group.
    exact : bool
        Whether each step takes derivatives of its own.
    sets, plan, bench
        As `calibrate`.
    progress : callable (text), optional

    Raises
    ------
    UnknownNameError
        There is no group of that name.
    """
    known = shipped_sets() | dict(sets or {})
    plan = plan or fit_plan(known)
    for name in (name for name in groups or () if name not in plan.groups):
        raise UnknownNameError(f"leave-out: there is no group '{name}'. {nearest(name, plan.groups)}".strip())
    used = bench or Bench(plan.parameters.values(), known, checked_number("leave-out", workers), store)
    found = []
    try:
        for name in groups or plan.groups:
            found += _without(name, plan, values_of(plan, known), used, steps, exact, progress)
    finally:
        if bench is None:
            used.close()
    return found


def _without(name, plan, values, bench, steps, exact, progress) -> list[LeftOut]:
    """Refit without one group; returns its rows."""
    ids, last = plan.groups[name], plan.stages[-1]
    varied = [plan.parameters[key] for key in last.parameters]
    fixed = {key: value for key, value in values.items() if key not in last.parameters}
    rest = Problem(bench, [id for id in last.rows if id not in ids], varied, fixed)
    slopes = None if exact else _slopes(Problem(bench, last.rows, varied, fixed), values, ids)
    refit = rest.solve(rest.point(values), steps, slopes)
    findings = bench.findings(ids, rest.values(refit.z))
    told = [_line(name, finding, finding.row.id in plan.rows) for finding in findings.values()]
    near = sum(each.near for each in told)
    progress(f"without {name}: cost {refit.cost:.3g} of the rest, {near} of {len(told)} rows left out near")
    return told


def _slopes(whole, values, ids):
    """Return the derivatives at the shipped values, without the rows of a group; remembered by the bench."""
    slopes = whole.jacobian(whole.point(values))
    kept = [owner not in ids for owner in whole.owners] + [True] * slopes.shape[1]
    return slopes[kept]


def _line(name, finding, fitted):
    met = finding.verdict == MET
    return LeftOut(name, finding.row.id, fitted, finding.row.values, tuple(finding.values), met, is_near(finding))


def counts(found: Sequence[LeftOut]) -> dict[str, int]:
    """Return how many rows were left out, are met and near, and of those that the shipped fit sees."""
    seen = [each for each in found if each.fitted]
    near, met = sum(each.near for each in found), sum(each.met for each in found)
    return {"rows": len(found), "met": met, "near": near, "fitted": len(seen), "fitted_near": sum(e.near for e in seen)}


def save(found: Sequence[LeftOut], folder: Path | None = None) -> Path:
    """Write what was found beside the published rows; groups that are not in it stay as they were. Returns the path."""
    path = (folder or folders()[0]) / FOLDER / FILE
    kept = [each for each in load_left_out(folder) if each.group not in {new.group for new in found}]
    data = [vars(each) for each in [*kept, *found]]
    write_text(path, json.dumps(data, indent=1, default=float) + "\n")
    return path


def load_left_out(folder: Path | None = None) -> list[LeftOut]:
    """Return what was stored; [] where there is nothing.

    Raises
    ------
    DataFileError
        The file cannot be read.
    """
    path = (folder or folders()[0]) / FOLDER / FILE
    if not path.is_file():
        return []
    try:
        lines: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
        pairs = ("published", "computed")
        kept: list[dict[str, Any]] = [{k: tuple(v) if k in pairs else v for k, v in line.items()} for line in lines]
        found = [LeftOut(**line) for line in kept]
        rows(*{each.id for each in found})
    except (ValueError, TypeError, AttributeError, UnknownNameError) as error:
        raise DataFileError(f"'{path}' does not hold what was left out: {error}") from None
    return found
