"""The sweep: check everything, compute the points, put them in order."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..conditions import Overrides, check_condition
from ..engine.setup import is_cell
from ..errors import ProtocolError, SolveError, brief
from ..experiments.protocol import Protocol
from ..parameters import ParameterSet, load
from ..progress import reporting
from ..results.installed import computed_with
from ..results.result import Result
from .executors import outcomes
from .job import Job
from .names import Target, targets, words
from .points import WHO, Points, check, points_of
from .result import SweepResult
from .store import Store, describe

if TYPE_CHECKING:
    from ..models.compose import CellModel


def sweep(
    experiment: Protocol,
    over: Any,
    model: "CellModel | None" = None,
    parameters: str | os.PathLike | ParameterSet | None = None,
    *,
    stack_pressure_MPa: float | None = None,
    temperature_C: float | None = None,
    overrides: Overrides = None,
    executor: Any = None,
    read: Callable[[Result], Mapping] | None = None,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    progress: Callable[[int, int], object] | bool | None = None,
    stored: bool = False,
) -> SweepResult:
    """Run an experiment at many points.

    Parameters
    ----------
    experiment : GCD, Cycling, CV, EIS, ...
        The protocol, with the settings that all points share.
    over : mapping name -> values, DataFrame, or list of mappings
        What is varied: all combinations of the values of a mapping, or a table with a row a point (`nasim.sweep.design`
        makes one). A name is a condition ("stack pressure [MPa]", "temperature [degC]"), a setting of the experiment
        ("current [mA.cm-2]", "cycles", or as in Python, "current_mA_cm2") or a parameter of the set
        ("Interphase resistivity [Ohm.m]").
    model, parameters, stack_pressure_MPa, temperature_C, overrides
        As for the experiment's `run`, the same for all points.
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
    progress : bool or callable (points done, points in all), optional
        True for a bar, in a terminal or a notebook; by default only where the standard error is a terminal.
    stored : bool
        Whether the default cell of the set is taken from those that were built before, and left there, as the command line
        does: it then starts at once. Not for code of nasim that you change while it runs.

    Returns
    -------
    SweepResult
        A table with a row a point, in the order given.

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
    if read is not None and not callable(read):
        raise ProtocolError(f"sweep: read must be a function of a result; {brief(read)} was given.")
    varied = targets(points.names, experiment, given)
    check(points, varied, experiment, given)
    fixed = _fixed({"stack_pressure_MPa": stack_pressure_MPa, "temperature_C": temperature_C}, varied)
    job = Job(experiment, given, model, varied, fixed, read, stored)
    store = Store(checkpoint, describe(job, points.names), resume)
    computed = {number: store.get(values) for number, values in enumerate(points.values)}
    missing = {number: points.values[number] for number, outcome in computed.items() if outcome is None}
    shown = sys.stderr.isatty() if progress is None else progress
    with (
        reporting(WHO, shown, "points", len(computed)) as report,
        closing(outcomes(job, missing, executor)) as found,
    ):
        for done, (number, outcome) in enumerate(found, start=1 + len(computed) - len(missing)):
            computed[number] = outcome
            store.put(points.values[number], outcome)
            report(done, len(computed))
    job.cell.put_away()
    in_order = [outcome for outcome in computed.values() if outcome is not None]
    record = _record(job, points, in_order, round(time.perf_counter() - began, 4))
    return _checked(SweepResult.of(points, in_order, record), in_order)


def _given(experiment: Protocol, model: "CellModel | None", parameters: Any, overrides: Overrides) -> ParameterSet:
    """Return the parameter set; ProtocolError unless experiment, model and set are such."""
    if not isinstance(experiment, Protocol):
        raise ProtocolError(f"{WHO}: expected an experiment such as nasim.GCD(cycles=2); {experiment!r} was given.")
    if model is not None and not is_cell(model):
        raise ProtocolError(f"{WHO}: expected a nasim cell as the model; {model!r} was given.")
    parameters = experiment.parameter_set if parameters is None else parameters
    if not isinstance(parameters, str | os.PathLike | ParameterSet):
        raise ProtocolError(f"{WHO}: parameters must be the name or file of a set, or a ParameterSet.")
    given = parameters if isinstance(parameters, ParameterSet) else load(parameters)
    return given.with_overrides(overrides) if overrides else given


def _fixed(conditions, varied):
    """Return the conditions that are given for all points; ProtocolError where one is impossible, or varied too."""
    given = {name: value for name, value in conditions.items() if value is not None}
    for name, value in given.items():
        check_condition(WHO, name, value)
        if Target("condition", name) in varied.values():
            raise ProtocolError(f"{WHO}: '{words(name)}' is varied, and {name} is given for all points; choose one.")
    return given


def _record(job: Job, points: Points, outcomes: list[dict], seconds: float) -> dict:
    """Return the record of a sweep that took `seconds`."""
    return {
        "experiment": job.experiment.name,
        "settings": asdict(job.experiment),
        "parameter_set": job.parameters.name,
        "parameters": job.parameters.as_record(),
        "conditions": job.conditions,
        "varied": {name: {"kind": target.kind, "name": target.key} for name, target in job.targets.items()},
        "grid": points.is_grid,
        "points": len(outcomes),
        "failed": sum(bool(outcome["reason"]) for outcome in outcomes),
        "versions": computed_with(),
        "wall_time_s": seconds,
    }


def _checked(result, outcomes):
    """Return the result; an error where every point failed."""
    if any(not outcome["reason"] for outcome in outcomes):
        return result
    first = outcomes[0]["reason"]
    if all(outcome["mistake"] for outcome in outcomes):
        raise ProtocolError(f"{WHO}: no point makes sense. The first: {first}")
    raise SolveError(f"{WHO}: no point could be computed. The first: {first}", result)
