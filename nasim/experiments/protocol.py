"""What all protocols share: from arguments in lab units to a run, and from a run to a `Result`."""

import os
import time
from dataclasses import asdict, dataclass, field

from .. import nomenclature as nm
from ..errors import ParameterSetError, ProtocolError, SolveError
from ..models.build import cell_for
from ..models.compose import CellModel
from ..models.solver import default_solver
from ..parameters import ParameterSet, load
from .accounts import Accounts
from .checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, check_window, require_within
from .recorder import Recorder
from .result import Result, versions
from .stepper import Stepper

DEFAULT_SET = "Yuan2025_NAS"
TIGHTER = 0.1
"""Factor on both tolerances for the one retry of a failed step."""


@dataclass(frozen=True)
class Setup:
    """A cell under given conditions, ready for a protocol."""

    stepper: Stepper
    recorder: Recorder
    parameters: object
    conditions: dict
    lower: float
    upper: float
    overrides: dict
    """Values that differ from those of the set, by name."""
    current: float
    """Default current density of the set [A m-2]."""
    events: list = field(default_factory=list)
    """What happened on the way that a user should know, as text."""


def prepare(who, model, parameters, stack_pressure_MPa, temperature_C, overrides, window, solver, kind="full"):
    """Load the set, check conditions and build the model: a `Setup`.

    `kind` is the cell that the protocol makes sense for ("full", "symmetric", "blocking"), None for any.
    """
    given = load(parameters or DEFAULT_SET) if isinstance(parameters, str | os.PathLike | None) else parameters
    if not isinstance(given, ParameterSet):
        kind = type(given).__name__
        raise ParameterSetError(
            f"{who} needs the name or file of a parameter set, or a ParameterSet; a {kind} was given."
        )
    if not isinstance(model, CellModel | None):
        raise ProtocolError(
            f"{who} needs a nasim cell as its model; {model!r} was given. A parameter set comes second."
        )
    parameters = given.with_overrides(overrides) if overrides else given
    changed = {
        name: parameters.value(name) for name in parameters.entries if parameters.entries[name] != given.entries[name]
    }
    conditions = {name: parameters.value(name) for name in (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE)}
    if stack_pressure_MPa is not None:
        pressure = require_within(who, "stack pressure", stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
        conditions[nm.APPLIED_PRESSURE] = pressure * 1e6
    if temperature_C is not None:
        celsius = require_within(who, "temperature", temperature_C, "degC", TEMPERATURE_RANGE_C)
        conditions[nm.AMBIENT_TEMPERATURE] = celsius + ZERO_CELSIUS
    lower, upper = check_window(who, window, parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    if model is None and kind not in (None, parameters.cell.model):
        raise ProtocolError(
            f"{who} needs a {kind} cell, but parameter set '{parameters.name}' describes a {parameters.cell.model} cell."
        )
    model = model or cell_for(parameters)
    parameters.require(parameter.name for parameter in model.parameters if parameter.name in nm.PARAMETERS)
    stepper = Stepper(model, parameters.to_pybamm(), conditions, solver)
    sulfur = None
    if nm.SULFUR.amount in model.variables:
        sulfur = parameters.value(nm.COMPOSITE_MASS) * parameters.value(nm.SULFUR_MASS_FRACTION)
    area = parameters.value(nm.AREA)
    recorder = Recorder(stepper, area, sulfur, Accounts(stepper, parameters))
    current = abs(parameters.value(nm.CURRENT_FUNCTION)) / area
    return Setup(stepper, recorder, parameters, conditions, lower, upper, changed, current)


def run_cycles(protocol, setup, plan, keep, progress=None, watch=None, first=1):
    """Run the cycles of `plan`, an iterable of (steps, conditions) [Result].

    Parameters
    ----------
    keep : callable (cycle number) -> bool
        Whether the curve of a cycle is kept.
    progress : callable (cycle number, row), optional
        Called after each cycle.
    watch : callable (cycle number, row) -> str or None, optional
        A reason to stop after this cycle.
    first : int
        Number of the first cycle of `plan`.

    A step that ends where it should not stops the run with a reason. A solve that fails is tried once more with
    tolerances ten times tighter, which the record tells; if that fails too, SolveError has the cycles before it as its
    `result`.
    """
    began, reason = time.perf_counter(), None
    for number, (steps, conditions) in enumerate(plan, start=first):
        setup.stepper.conditions.update(setup.conditions | conditions)
        row, reason = run_cycle(protocol, setup, steps, number, keep(number), began)
        if progress:
            progress(number, row)
        reason = reason or (watch(number, row) if watch else None)
        if reason:
            break
    return finish(protocol, setup, reason or "all cycles done", began)


def run_cycle(protocol, setup, steps, number, keep, began):
    """Run one cycle and take it down; returns its row and why the run must stop after it (or None)."""
    try:
        segments, reason = _cycle(setup, steps, number)
    except SolveError as error:
        partial = finish(protocol, setup, f"failed in cycle {number}", began)
        advice = "Try a smaller current, a narrower window or values closer to the set's."
        raise SolveError(f"Cycle {number}: {error} The cycles before it are kept. {advice}", partial) from None
    return setup.recorder.cycle(number, segments, keep), reason


def _cycle(setup, steps, number):
    """The segments of one cycle, and why the run must stop after it (or None)."""
    segments = []
    for step in steps:
        segments.append(_with_retry(setup, step, number))
        reason = _unexpected_end(segments[-1], number)
        if reason:
            return segments, reason
    return segments, None


def _with_retry(setup, step, number):
    stepper = setup.stepper
    try:
        return stepper.run(step)
    except SolveError as error:
        usual = stepper.solver
        stepper.solver = default_solver(rtol=usual.rtol * TIGHTER, atol=usual.atol * TIGHTER)
        try:
            segment = stepper.run(step)
        finally:
            stepper.solver = usual
        setup.events.append(
            f"cycle {number}, {step.kind}: solved at the second attempt, with tighter tolerances. {error}"
        )
        return segment


def _unexpected_end(segment, number):
    """Why a run must stop after this segment, or None."""
    step = segment.step
    if step.until_voltage is None or step.may_time_out:
        return None
    if segment.ended_by == "already past the cut-off":
        return (
            f"the {step.kind} of cycle {number} had nothing to do: "
            f"the cell was already past its cut-off of {step.until_voltage:g} V"
        )
    if segment.ended_by == "time":
        hours = step.duration / 3600
        text = f"the {step.kind} of cycle {number} did not reach {step.until_voltage:g} V within {hours:.1f} h"
        if step.kind == "charge":
            text += ": an endless charge, the leak takes up the current (self-charging)"
        return text
    return None


def describe(protocol, setup):
    """What a result depends on: protocol, parameters, conditions, model, as a JSON-able dict."""
    return {
        "experiment": protocol.name,
        "protocol": asdict(protocol),
        "parameter_set": setup.parameters.name,
        "overrides": setup.overrides,
        "parameters": setup.parameters.as_record(),
        "conditions": {
            "stack_pressure_MPa": setup.conditions[nm.APPLIED_PRESSURE] / 1e6,
            "temperature_C": setup.conditions[nm.AMBIENT_TEMPERATURE] - ZERO_CELSIUS,
            "window_V": [setup.lower, setup.upper],
        },
        "model": setup.stepper.model.name,
        "mechanisms": [repr(mechanism) for mechanism in setup.stepper.model.mechanisms],
        "versions": versions(),
    }


def finish(protocol, setup, reason, began):
    """The Result of what the recorder of `setup` holds."""
    import pandas

    recorder = setup.recorder
    curves = pandas.concat(recorder.curves, ignore_index=True) if recorder.curves else pandas.DataFrame({"Cycle": []})
    record = describe(protocol, setup) | {
        "stopped_because": reason,
        "events": list(setup.events),
        "audit": dict(recorder.residuals),
        "solver": dict(setup.stepper.statistics),
        "wall_time_s": round(time.perf_counter() - began, 4),
    }
    rows = pandas.DataFrame(recorder.rows) if recorder.rows else pandas.DataFrame({"cycle": []})
    return Result(rows, curves, record)
