"""What all protocols share: from arguments in lab units to a run, and from a run to a `Result`."""

import math
import time
from dataclasses import asdict, dataclass

from .. import nomenclature as nm
from ..errors import ProtocolError, SolveError
from ..models.build import cell_for
from ..parameters import load
from .recorder import ZERO_CELSIUS, Recorder
from .result import Result, versions
from .stepper import Stepper

DEFAULT_SET = "Yuan2025_NAS"
PRESSURE_RANGE_MPA = (0.1, 2000.0)
TEMPERATURE_RANGE_C = (-60.0, 150.0)
VOLTAGE_RANGE_V = (0.0, 5.0)


def require_positive(who, name, value, unit):
    """`value` as float; ProtocolError unless it is a finite number above zero."""
    number = _number(who, name, value, unit)
    if number <= 0:
        raise ProtocolError(f"{who}: {name} must be above zero, in {unit}; {value!r} was given.")
    return number


def require_within(who, name, value, unit, limits):
    """`value` as float; ProtocolError unless it is a finite number within `limits`."""
    number = _number(who, name, value, unit)
    if not limits[0] <= number <= limits[1]:
        raise ProtocolError(f"{who}: {name} = {value!r} is impossible; expected {limits[0]:g} to {limits[1]:g} {unit}.")
    return number


def _number(who, name, value, unit):
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ProtocolError(f"{who}: {name} must be a number, in {unit}; {value!r} was given.") from None
    if not math.isfinite(number):
        raise ProtocolError(f"{who}: {name} must be a finite number, in {unit}; {value!r} was given.")
    return number


def check_window(who, window, low, high):
    """The voltage window (lower, upper) [V]: the protocol's own, or that of the parameter set."""
    if window is None:
        return low, high
    try:
        lower, upper = window
    except (TypeError, ValueError):
        raise ProtocolError(f"{who}: window must be two voltages (lower, upper) in V; {window!r} was given.") from None
    lower = require_within(who, "lower end of the window", lower, "V", VOLTAGE_RANGE_V)
    upper = require_within(who, "upper end of the window", upper, "V", VOLTAGE_RANGE_V)
    if lower >= upper:
        raise ProtocolError(
            f"{who}: the window is upside down: {lower:g} V to {upper:g} V was given, "
            "the lower end comes first and must be below the upper."
        )
    return lower, upper


@dataclass(frozen=True)
class Setup:
    """A cell under given conditions, ready for a protocol."""

    stepper: Stepper
    recorder: Recorder
    parameters: object
    conditions: dict
    lower: float
    upper: float
    current: float
    """Default current density of the set [A m-2]."""


def prepare(who, model, parameters, stack_pressure_MPa, temperature_C, overrides, window, solver):
    """Load the set, check conditions and build the model: a `Setup`."""
    parameters = load(parameters or DEFAULT_SET) if isinstance(parameters, str | None) else parameters
    parameters = parameters.with_overrides(overrides) if overrides else parameters
    values = {name: parameters.value(name) for name in (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE, nm.AREA)}
    conditions = {name: values[name] for name in (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE)}
    if stack_pressure_MPa is not None:
        pressure = require_within(who, "stack pressure", stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
        conditions[nm.APPLIED_PRESSURE] = pressure * 1e6
    if temperature_C is not None:
        celsius = require_within(who, "temperature", temperature_C, "degC", TEMPERATURE_RANGE_C)
        conditions[nm.AMBIENT_TEMPERATURE] = celsius + ZERO_CELSIUS
    lower, upper = check_window(who, window, parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    model = model or cell_for(parameters)
    parameters.require(parameter.name for parameter in model.parameters if parameter.name in nm.PARAMETERS)
    stepper = Stepper(model, parameters.to_pybamm(), conditions, solver)
    sulfur = None
    if nm.SULFUR.amount in model.variables:
        sulfur = parameters.value(nm.COMPOSITE_MASS) * parameters.value(nm.SULFUR_MASS_FRACTION)
    recorder = Recorder(stepper, values[nm.AREA], sulfur)
    current = abs(parameters.value(nm.CURRENT_FUNCTION)) / values[nm.AREA]
    return Setup(stepper, recorder, parameters, conditions, lower, upper, current)


def run_cycles(protocol, setup, plan, keep, progress=None):
    """Run the cycles of `plan`, an iterable of lists of steps [Result].

    `progress` is called with (cycle number, row) after each cycle. A step that ends where it should not stops the run
    with a reason; a solve that fails raises SolveError with the cycles before it as its `result`.
    """
    began, reason, number = time.perf_counter(), "all cycles done", 0
    for number, steps in enumerate(plan, start=1):
        segments = []
        for step in steps:
            try:
                segments.append(setup.stepper.run(step))
            except SolveError as error:
                partial = _result(protocol, setup, f"failed in cycle {number}", began)
                advice = "Try a smaller current, a narrower window, or solver tolerances 10 times tighter."
                raise SolveError(f"Cycle {number}: {error} Cycles before it are kept. {advice}", partial) from None
            reason = _unexpected_end(segments[-1], number)
            if reason:
                break
        row = setup.recorder.cycle(number, segments, keep(number))
        if progress:
            progress(number, row)
        if reason:
            break
    return _result(protocol, setup, reason or "all cycles done", began)


def _unexpected_end(segment, number):
    """Why a run must stop after this segment, or None."""
    step = segment.step
    if segment.ended_by == "already past the cut-off" and step.until_voltage is not None:
        return (
            f"the {step.kind} of cycle {number} had nothing to do: "
            f"the cell was already past its cut-off of {step.until_voltage:g} V"
        )
    if segment.ended_by == "time" and step.until_voltage is not None:
        hours = step.duration / 3600
        text = f"the {step.kind} of cycle {number} did not reach {step.until_voltage:g} V within {hours:.1f} h"
        if step.kind == "charge":
            text += ": an endless charge, the leak takes up the current (self-charging)"
        return text
    return None


def _result(protocol, setup, reason, began):
    import pandas

    recorder = setup.recorder
    curves = pandas.concat(recorder.curves, ignore_index=True) if recorder.curves else pandas.DataFrame({"Cycle": []})
    record = {
        "experiment": protocol.name,
        "protocol": asdict(protocol),
        "parameter_set": setup.parameters.name,
        "parameters": setup.parameters.as_record(),
        "conditions": {
            "stack_pressure_MPa": setup.conditions[nm.APPLIED_PRESSURE] / 1e6,
            "temperature_C": setup.conditions[nm.AMBIENT_TEMPERATURE] - ZERO_CELSIUS,
            "window_V": [setup.lower, setup.upper],
        },
        "model": setup.stepper.model.name,
        "mechanisms": [repr(mechanism) for mechanism in setup.stepper.model.mechanisms],
        "versions": versions(),
        "stopped_because": reason,
        "audit": recorder.residuals,
        "solver": dict(setup.stepper.statistics),
        "wall_time_s": round(time.perf_counter() - began, 4),
    }
    return Result(pandas.DataFrame(recorder.rows), curves, record)
