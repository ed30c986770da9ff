"""From the steps of a protocol to the parts of a result: run cycles one after the other and take them down."""

import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from .. import nomenclature as nm
from ..errors import SolveError
from ..nomenclature import columns as col
from ..results.installed import computed_with
from ..results.result import Result
from ..units import PA_PER_MPA, SECONDS_PER_HOUR, to_celsius
from .setup import Setup
from .stepper import Segment, Step

TIGHTER = 0.1
"""Factor on both tolerances for the one retry of a failed step."""
Progress = Callable[[int, dict], Any]
"""Called after each cycle with its number and its row of the summary."""


class Cycle(NamedTuple):
    """What is done in a cycle.

    Attributes
    ----------
    steps : sequence of Step
    conditions : mapping
        Conditions [SI] by parameter name that differ from those of the run.
    """

    steps: Sequence[Step]
    conditions: Mapping[str, float] = {}


def run_cycles(
    protocol,
    setup: Setup,
    plan: Iterable[Cycle],
    keep: Container[int] | None = None,
    progress: Progress | None = None,
    watch: Callable[[int, dict], str | None] | None = None,
    first: int = 1,
) -> Result:
    """Run the cycles of a plan.

    Parameters
    ----------
    protocol : Protocol
        For the record, and the class of the result.
    setup : Setup
    plan : iterable of Cycle
    keep : container of int, optional
        Cycles whose curves are kept; default all.
    progress : callable (cycle number, row), optional
        Called after each cycle.
    watch : callable (cycle number, row) -> str or None, optional
        Gives a reason to stop after this cycle.
    first : int
        Number of the first cycle of `plan`.

    Returns
    -------
    Result
        A step that ends where it should not stops the run; the record has the reason.

    Raises
    ------
    SolveError
        A solve failed, and once more with tolerances ten times tighter; it has the cycles before as its `result`. A
        second attempt that succeeds is an event of the record.
    """
    began = time.perf_counter()
    reason = go_through(protocol, setup, plan, keep, progress, watch, first)
    return finish(protocol, setup, reason, began)


def go_through(
    protocol,
    setup: Setup,
    plan: Iterable[Cycle],
    keep: Container[int] | None = None,
    progress: Progress | None = None,
    watch: Callable[[int, dict], str | None] | None = None,
    first: int = 1,
) -> str:
    """Run the cycles of a plan into the recorder of the setup; returns why they ended. Arguments as `run_cycles`."""
    began, reason = time.perf_counter(), None
    for number, (steps, conditions) in enumerate(plan, start=first):
        setup.stepper.conditions.update(setup.conditions | dict(conditions))
        row, reason = run_cycle(protocol, setup, steps, number, keep is None or number in keep, began)
        if progress:
            progress(number, row)
        reason = reason or (watch(number, row) if watch else None)
        if reason:
            break
    return reason or "all cycles done"


def run_cycle(
    protocol, setup: Setup, steps: Sequence[Step], number: int, keep: bool, began: float
) -> tuple[dict, str | None]:
    """Run one cycle and take it down; returns its row and why the run must stop after it, or None.

    `began` is the time at which the run began, by `time.perf_counter` [s]. Raises `SolveError` as `run_cycles`.
    """
    try:
        segments, reason = _segments(setup, steps, number)
    except SolveError as error:
        partial = finish(protocol, setup, f"failed in cycle {number}", began)
        advice = "Try a smaller current, a narrower window or values closer to the set's."
        raise SolveError(f"Cycle {number}: {error} The cycles before it are kept. {advice}", partial) from None
    return setup.recorder.cycle(number, segments, keep), reason


def _segments(setup, steps, number):
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
        usual = stepper.integrator
        stepper.integrator = usual.tighter(TIGHTER)
        try:
            segment = stepper.run(step)
        finally:
            stepper.integrator = usual
        setup.recorder.note(
            f"cycle {number}, {step.kind}: solved at the second attempt, with tighter tolerances. {error}"
        )
        return segment


def _unexpected_end(segment: Segment, number: int) -> str | None:
    """Why a run must stop after this segment, or None."""
    step = segment.step
    if step.at_the_limit and segment.ended_by != "time":
        return f"the voltage reached the limit of {step.until_voltage:g} V in cycle {number}, at which the test ends"
    if step.until_voltage is None or step.may_time_out or step.at_the_limit:
        return None
    if segment.ended_by == "already past the cut-off":
        return (
            f"the {step.kind} of cycle {number} had nothing to do: "
            f"the cell was already past its cut-off of {step.until_voltage:g} V"
        )
    if segment.ended_by == "time":
        hours = step.duration / SECONDS_PER_HOUR
        text = f"the {step.kind} of cycle {number} did not reach {step.until_voltage:g} V within {hours:.1f} h"
        if step.kind == "charge":
            text += ": an endless charge, the leak takes up the current (self-charging)"
        return text
    return None


def describe(protocol, setup: Setup) -> dict[str, Any]:
    """Return what a result depends on, JSON-able: protocol, parameters, conditions, model."""
    return {
        "experiment": protocol.name,
        "protocol": asdict(protocol),
        "parameter_set": setup.parameters.name,
        "overrides": setup.overrides,
        "parameters": setup.parameters.as_record(),
        "conditions": {
            "stack_pressure_MPa": setup.conditions[nm.APPLIED_PRESSURE] / PA_PER_MPA,
            "temperature_C": to_celsius(setup.conditions[nm.AMBIENT_TEMPERATURE]),
            "window_V": [setup.lower, setup.upper],
        },
        "voltage_reference": setup.voltage_reference,
        "ion": setup.parameters.anode.ion,
        "model": setup.stepper.model.name,
        "mechanisms": [repr(mechanism) for mechanism in setup.stepper.model.mechanisms],
        "versions": computed_with(),
    }


def closing_record(protocol, setup: Setup, reason: str, began: float) -> dict[str, Any]:
    """Return what a result depends on, and how the run went, JSON-able; `began` as for `run_cycle`."""
    return describe(protocol, setup) | {
        "stopped_because": reason,
        "events": list(setup.recorder.events),
        "audit": dict(setup.recorder.residuals),
        "solver": {"name": setup.stepper.solver_name, **setup.stepper.statistics},
        "wall_time_s": round(time.perf_counter() - began, 4),
    }


def finish(protocol, setup: Setup, reason: str, began: float) -> Result:
    """Return the result that the protocol names, of what the recorder holds; arguments as `closing_record`."""
    import pandas

    recorder = setup.recorder
    curves = pandas.concat(recorder.curves, ignore_index=True) if recorder.curves else pandas.DataFrame({col.CYCLE: []})
    rows = pandas.DataFrame(recorder.rows) if recorder.rows else pandas.DataFrame({col.NUMBER: []})
    return protocol.result(rows, curves, closing_record(protocol, setup, reason, began))
