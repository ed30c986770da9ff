"""From the steps of a protocol to a `Result`: run cycles one after the other and take down what came of them."""

import time
from dataclasses import asdict

from .. import nomenclature as nm
from ..checks import ZERO_CELSIUS
from ..errors import SolveError
from ..models.solver import default_solver
from ..results.result import Result, versions

TIGHTER = 0.1
"""Factor on both tolerances for the one retry of a failed step."""


def run_cycles(protocol, setup, plan, keep=None, progress=None, watch=None, first=1):
    """Run the cycles of `plan`, an iterable of (steps, conditions) [Result].

    Parameters
    ----------
    keep : container of int, optional
        Cycles whose curves are kept; default all.
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
        row, reason = run_cycle(protocol, setup, steps, number, keep is None or number in keep, began)
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
    if step.at_the_limit and segment.ended_by != "time":
        return (
            f"the voltage reached the limit of {step.until_voltage:g} V in cycle {number}: "
            f"an alloy has no sodium left to give, or a resistance has become too large for the current"
        )
    if step.until_voltage is None or step.may_time_out or step.at_the_limit:
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


def closing_record(protocol, setup, reason, began):
    """What a result depends on, and how the run went, as a JSON-able dict."""
    return describe(protocol, setup) | {
        "stopped_because": reason,
        "events": list(setup.events),
        "audit": dict(setup.recorder.residuals),
        "solver": dict(setup.stepper.statistics),
        "wall_time_s": round(time.perf_counter() - began, 4),
    }


def finish(protocol, setup, reason, began):
    """The Result of what the recorder of `setup` holds."""
    import pandas

    recorder = setup.recorder
    curves = pandas.concat(recorder.curves, ignore_index=True) if recorder.curves else pandas.DataFrame({"Cycle": []})
    rows = pandas.DataFrame(recorder.rows) if recorder.rows else pandas.DataFrame({"cycle": []})
    return Result(rows, curves, closing_record(protocol, setup, reason, began))
