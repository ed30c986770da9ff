"""The sweep itself: check everything, compute the points wherever, put them in order."""

import os
import sys
import time
from contextlib import nullcontext
from dataclasses import asdict

from ..conditions import check_condition
from ..errors import ProtocolError, SolveError
from .executors import outcomes
from .job import Job
from .names import Target, targets, words
from .points import WHO, check, points_of
from .result import SweepResult
from .store import Store, describe


def sweep(
    experiment,
    over,
    model=None,
    parameters=None,
    *,
    stack_pressure_MPa=None,
    temperature_C=None,
    overrides=None,
    executor=None,
    read=None,
    checkpoint=None,
    resume=False,
    progress=None,
):
    """Run an experiment at many points [SweepResult].

    Parameters
    ----------
    experiment : GCD, Cycling, CV, EIS, ...
    over : mapping name -> values, DataFrame, or list of mappings
        What is varied: all combinations of the values of a mapping, or a table with a row a point (`nasim.sweep.design`
        makes one). A name is a condition ("stack pressure [MPa]", "temperature [degC]"), a setting of the experiment
        ("current [mA.cm-2]", "cycles", or as in Python, "current_mA_cm2") or a parameter of the set
        ("Interphase resistivity [Ohm.m]").
    model, parameters, stack_pressure_MPa, temperature_C, overrides
        As for the experiment's `run`: what all points share.
    executor : int, executor or str, optional
        Where: a number of processes of this machine (this one counts), an object with the interface of
        `concurrent.futures`, a dask client, or the address of a dask scheduler. Default: in this process. The numbers do
        not depend on it.
    read : callable (Result) -> dict, optional
        More columns, in the row of the last cycle; without it no curves are kept on the way.
    checkpoint : path, optional
        File to which each point is written as it finishes.
    resume : bool
        Compute only what the checkpoint does not hold.
    progress : callable (points done, points in all), or False
        Default: a bar, if the standard error is a terminal.

    Raises
    ------
    UnknownNameError, ProtocolError, ParameterSetError
        A name or value that makes no sense; nothing has run.
    SolveError
        No point could be computed; its `result` has the reasons. Otherwise a point that fails is a row with its reason.
    """
    began = time.perf_counter()
    given = _given(experiment, model, parameters, overrides)
    points = points_of(over)
    varied = targets(points.names, experiment, given)
    check(points, varied, experiment, given)
    fixed = _fixed({"stack_pressure_MPa": stack_pressure_MPa, "temperature_C": temperature_C}, varied)
    job = Job(experiment, given, model, varied, fixed, read)
    store = Store(checkpoint, describe(job, points.names), resume)
    found = {number: store.get(values) for number, values in enumerate(points.values)}
    missing = {number: points.values[number] for number, outcome in found.items() if outcome is None}
    with _progress(progress, len(found)) as tell:
        finished = enumerate(outcomes(job, missing, executor), start=1 + len(found) - len(missing))
        for done, (number, outcome) in finished:
            found[number] = outcome
            store.put(points.values[number], outcome)
            tell(done, len(found))
    in_order = list(found.values())
    record = _record(job, points, in_order, round(time.perf_counter() - began, 4))
    return _checked(SweepResult.of(points, in_order, record), in_order)


def _given(experiment, model, parameters, overrides):
    """The parameter set; ProtocolError unless experiment, model and set are such."""
    from ..experiments.protocol import Protocol
    from ..models.compose import CellModel
    from ..parameters import ParameterSet, load

    if not isinstance(experiment, Protocol):
        raise ProtocolError(f"{WHO}: expected an experiment such as nasim.GCD(cycles=2); {experiment!r} was given.")
    if not isinstance(model, CellModel | None):
        raise ProtocolError(f"{WHO}: expected a nasim cell as the model; {model!r} was given.")
    parameters = experiment.parameter_set if parameters is None else parameters
    if not isinstance(parameters, str | os.PathLike | ParameterSet):
        raise ProtocolError(f"{WHO}: parameters must be the name or file of a set, or a ParameterSet.")
    given = parameters if isinstance(parameters, ParameterSet) else load(parameters)
    return given.with_overrides(overrides) if overrides else given


def _fixed(conditions, varied):
    """The conditions that are given for all points; ProtocolError where one is impossible, or varied too."""
    given = {name: value for name, value in conditions.items() if value is not None}
    for name, value in given.items():
        check_condition(WHO, name, value)
        if Target("condition", name) in varied.values():
            raise ProtocolError(f"{WHO}: '{words(name)}' is varied, and {name} is given for all points; choose one.")
    return given


def _progress(progress, total):
    """Something to enter that gives a function of (points done, points in all)."""
    if progress is None:
        from ..terminal import Bar

        return Bar("points", total, sys.stderr.isatty())
    return nullcontext(progress or (lambda done, total: None))


def _record(job, points, found, seconds):
    from ..results.installed import versions

    return {
        "experiment": job.experiment.name,
        "settings": asdict(job.experiment),
        "parameter_set": job.parameters.name,
        "parameters": job.parameters.as_record(),
        "conditions": job.conditions,
        "varied": {name: {"kind": target.kind, "name": target.key} for name, target in job.targets.items()},
        "grid": points.is_grid,
        "points": len(found),
        "failed": sum(bool(outcome["reason"]) for outcome in found),
        "versions": versions(),
        "wall_time_s": seconds,
    }


def _checked(result, outcomes):
    """The result; an error where there is no point that did not fail."""
    if any(not outcome["reason"] for outcome in outcomes):
        return result
    first = outcomes[0]["reason"]
    if all(outcome["mistake"] for outcome in outcomes):
        raise ProtocolError(f"{WHO}: no point makes sense. The first: {first}")
    raise SolveError(f"{WHO}: no point could be computed. The first: {first}", result)
