"""Calibration of the shipped sets to the published numbers; the shipped values were written by it.

`calibrate` goes through the stages of the fit (`stages`, the file beside the published rows), from the centres of the priors
on: a seeded global search, then least squares (`estimate`), on cells that are built once, in two processes (`bench`). With
a store it can be stopped at any moment; the same call goes on and takes the same way. The values, their standard errors and
the rows that determine them are written into the files of the sets, the covariance beside the published rows, by `record`.
"""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..parameters import ParameterSet
    from .bench import Bench
    from .estimate import Estimate, Problem
    from .stages import FitPlan, Stage

SEED, ITERATIONS = 1, 12
Progress = Callable[[str], object]


@dataclass(frozen=True)
class Calibration:
    """Outcome of a calibration.

    Attributes
    ----------
    plan : FitPlan
    values : dict key of a parameter -> value
        SI units.
    stage : Stage
        The last one; after the search its parameters include those that are held.
    estimate : Estimate
        Of the last stage.
    owners : list of str
        Row of each residual.
    evaluations : int
        Points that were computed or remembered.
    """

    plan: "FitPlan"
    values: dict[str, float]
    stage: "Stage"
    estimate: "Estimate"
    owners: list[str]
    evaluations: int


def calibrate(
    sets: Mapping[str, "ParameterSet"] | None = None,
    stages: Sequence[str] | None = None,
    *,
    plan: "FitPlan | None" = None,
    cold: bool = True,
    workers: int | None = None,
    seconds: float = math.inf,
    seed: int = SEED,
    iterations: int = ITERATIONS,
    store: str | os.PathLike | None = None,
    progress: Progress | None = None,
    bench: "Bench | None" = None,
) -> Calibration:
    """Calibrate the fitted parameters to the published rows.

    Parameters
    ----------
    sets : mapping name -> ParameterSet, optional
        Sets that replace the shipped ones.
    stages : sequence of str, optional
        Which stages, in the order of the plan; default all.
    plan : FitPlan, optional
        Default the shipped fit.
    cold : bool
        Begin at the centres of the priors, with the global search; otherwise at the values of the sets, without it.
    workers : int, optional
        Processes; default as many as there are processors.
    seconds : float
        Wall time [s]; the best values until then count.
    seed : int
        Of the global search.
    iterations : int
        Most least-squares steps a stage.
    store : path, optional
        File that remembers what was computed; with an existing one the calibration goes on from there.
    progress : callable (text), optional
    bench : Bench, optional
        Computes the rows; default the cells of nasim.

    Returns
    -------
    Calibration

    Raises
    ------
    UnknownNameError, DataFileError, ProtocolError
        There is no such stage, the plan cannot be read, the store belongs to another calibration, or a number makes no sense.
    """
    from ..checks import require_whole, shown
    from ..errors import ProtocolError
    from ..processes import checked_number
    from .bench import Bench
    from .stages import fit_plan

    require_whole("calibrate", "seed", seed, 0)
    require_whole("calibrate", "iterations", iterations)
    if not seconds > 0:
        raise ProtocolError(f"calibrate: seconds must be above zero; {shown(seconds)} was given.")
    known = shipped_sets() | dict(sets or {})
    plan = plan or fit_plan(known)
    used = bench or Bench(plan.parameters.values(), known, checked_number("calibrate", workers), store)
    try:
        return _through(plan, plan.named(stages), used, known, (cold, seconds, seed, iterations), progress or _silent)
    finally:
        if bench is None:
            used.close()


def shipped_sets() -> dict[str, "ParameterSet"]:
    """Return all shipped sets by name."""
    from ..parameters import available, load

    return {name: load(name) for name in available()}


def values_of(plan: "FitPlan", sets: Mapping[str, "ParameterSet"]) -> dict[str, float]:
    """Return the values that sets have for the parameters of a plan, by key."""
    return {key: sets[each.set].value(each.name) for key, each in plan.parameters.items()}


def _silent(text: str) -> None:
    pass


def _through(plan, stages, bench, sets, options, progress) -> Calibration:
    """Go through the stages; returns the outcome of the last."""
    from time import monotonic

    from .estimate import Problem

    cold, seconds, seed, iterations = options
    values = values_of(plan, sets)
    if cold:
        values |= {k: each.prior.centre for k, each in plan.parameters.items() if not each.held}
    began, evaluations, outcome = monotonic(), 0, None
    for stage in stages:
        varied = [plan.parameters[key] for key in stage.parameters]
        fixed = {key: value for key, value in values.items() if key not in stage.parameters}
        problem = Problem(bench, stage.rows, varied, fixed, seconds - (monotonic() - began))
        estimate = _stage(stage, problem, values, cold, (seed, iterations), progress)
        values = problem.values(estimate.z)
        evaluations += problem.evaluations
        outcome = Calibration(plan, values, stage, estimate, problem.owners, evaluations)
        if not estimate.finished:
            break
    assert outcome is not None
    return _with_held(outcome, bench) if plan.held and outcome.estimate.jacobian is not None else outcome


def _with_held(outcome: Calibration, bench: "Bench") -> Calibration:
    """Return the outcome in which the Jacobian has columns for the parameters that are held, too."""
    from .estimate import Estimate, Problem

    plan, keys = outcome.plan, (*outcome.stage.parameters, *outcome.plan.held)
    rest = {key: value for key, value in outcome.values.items() if key not in keys}
    problem = Problem(bench, outcome.stage.rows, [plan.parameters[key] for key in keys], rest)
    z = problem.point(outcome.values)
    jacobian = problem.jacobian(z)[: len(problem.owners)]
    estimate = Estimate(z, outcome.estimate.cost, jacobian, outcome.estimate.finished)
    return replace(outcome, stage=replace(outcome.stage, parameters=keys), estimate=estimate)


def _stage(stage: "Stage", problem: "Problem", values, cold, options, progress: Progress) -> "Estimate":
    """Return the best estimate of one stage: of the starts that its global search finds, or of the values so far."""
    seed, iterations = options
    starts = [problem.point(values)]
    if cold and stage.explore:
        starts = problem.explore(stage.explore, seed, stage.starts)
        progress(f"{stage.name}: {stage.explore} points searched, best {problem.search.cost:.4g}")
    found = []
    for number, start in enumerate(starts, 1):
        found.append(problem.solve(start, iterations))
        cost, end = found[-1].cost, "" if found[-1].finished else ", stopped by the clock"
        progress(
            f"{stage.name}: start {number} of {len(starts)}, cost {cost:.4g}, {problem.evaluations} evaluations{end}"
        )
        if not found[-1].finished:
            break
    return min(found, key=lambda each: each.cost + 0.5 * float(each.z @ each.z))
