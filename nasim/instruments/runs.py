r"""Runs of one direction in the records of a test: from where to where each half cycle goes.

A record is rest where its current is at most a share of the current's mean level, :math:`\int I^2 dt/\int |I| dt`, or where the
kind of its step says so. A half cycle lasts until the direction changes; rests between pulses of one direction stay in it,
unless the voltage comes back by more than half of its range, as where the charge between two discharges was not recorded.
What passes less than a share of the charge of the largest (a pulse of a spectrum, noise, a residual current at a switch) is
no half cycle. Records at its ends whose current is less than half of that beside them, at a voltage that is relaxing, are
not part of it; nor is an offset at rest, during which the voltage does not go on.
"""

import numpy as np

from nasim.instruments import labels
from nasim.instruments.states import state_directions
from nasim.instruments.steps import interval_charge

REST_SHARE = 0.005
"""Currents up to this share of the mean level are rest."""
SMALLEST_SHARE = 0.005
"""Share of the largest half cycle's charge below which there is no half cycle."""
RETURN_SHARE = 0.5
"""Share of the voltage range by which the voltage comes back between two half cycles of one direction."""
OFFSET_SHARE = 0.05
"""Share of the current below which what goes on behind it, without the voltage going on, is an offset at rest."""
RELAXING = 0.01
"""Share of the voltage range by which the voltage jumps back when the current all but ends."""


def directions(frame, zero_current_A=None):
    """+1 (charge), -1 (discharge) or 0 (rest) of each record, (n,), by current and kind of step."""
    current = frame[labels.CURRENT].to_numpy()
    size = np.abs(current)
    if zero_current_A is None:
        zero_current_A = REST_SHARE * _level(size, frame[labels.TIME].to_numpy())
    direction = np.where(size > zero_current_A, np.sign(current), 0).astype(np.int8)
    if labels.STEP_TYPE in frame and frame[labels.STEP_TYPE].dtype == "category":
        told = state_directions(frame[labels.STEP_TYPE])
        direction[~np.isnan(told) & (direction != told)] = 0
    return direction


def _level(size, time):
    """Mean of the current [A], weighted by the charge that it passes."""
    step, top = np.diff(time, prepend=time[0]), size.max(initial=0.0)
    share = size / (top or 1.0)
    moved = np.dot(share, step)
    return top * np.dot(share * share, step) / moved if moved > 0 else top


def bounds_of(frame, zero_current_A):
    """(sign, first, last) of each half cycle, the charge [Ah] of the interval before each record (n,), and notes."""
    time, current = frame[labels.TIME].to_numpy(), frame[labels.CURRENT].to_numpy()
    voltage, charge = frame[labels.VOLTAGE].to_numpy(), interval_charge(time, current)
    direction = directions(frame, zero_current_A)
    if labels.STEP_COUNT in frame:
        _quiet_steps(direction, charge, frame[labels.STEP_COUNT].to_numpy())
    active = np.flatnonzero(direction)
    if active.size == 0:
        return [], charge, []
    span = np.ptp(voltage[active])
    most = RETURN_SHARE * max(span, 1e-9)
    back = _comes_back(direction[active], voltage[active], most)
    turns = np.flatnonzero((np.diff(direction[active]) != 0) | back) + 1
    first, last = active[np.concatenate([[0], turns])], active[np.concatenate([turns - 1, [active.size - 1]])]
    total = np.cumsum(charge)
    amount = np.abs(total[last] - total[first] + charge[first])
    kept = amount >= SMALLEST_SHARE * amount.max()
    runs = list(zip(direction[first[kept]].tolist(), first[kept].tolist(), last[kept].tolist(), strict=True))
    merged = _merged(runs, voltage, most)
    return (
        [_trimmed(run, current, voltage, charge, RELAXING * span) for run in merged],
        charge,
        _left_out(frame, first[~kept]),
    )


def _comes_back(direction, voltage, most):
    """Where the voltage is back by more than `most` [V] from one record to the next, and stays so: (n - 1,)."""
    back = -direction[1:] * np.diff(voltage) > most
    at, end = np.flatnonzero(back), len(voltage) - 1
    before, after = voltage[np.maximum(at - 1, 0)], voltage[np.minimum(at + 2, end)]  # one that is off says nothing
    sign = -direction[at + 1]
    back[at] = (sign * (voltage[at + 1] - before) > most) & (sign * (after - voltage[at]) > most)
    return back


def _quiet_steps(direction, charge, step):
    """Set to rest what only scatters: steps of little charge to and fro, and records against their step."""
    starts = np.concatenate([[0], np.flatnonzero(step[1:] != step[:-1]) + 1])
    net, moved = np.add.reduceat(charge, starts), np.add.reduceat(np.abs(charge), starts)
    lengths = np.diff(np.append(starts, len(step)))
    quiet = (np.abs(net) < 0.5 * moved) & (moved < 0.02 * moved.max(initial=0.0))
    one_way = np.where(np.abs(net) > 0.9 * moved, np.sign(net), 0).astype(np.int8)
    direction[np.repeat(quiet, lengths)] = 0
    direction[direction * np.repeat(one_way, lengths) < 0] = 0


def _merged(runs, voltage, most):
    """Neighbours of one direction as one run, unless the voltage came back by more than `most` [V] between them."""
    out = runs[:1]
    for sign, first, last in runs[1:]:
        before = out[-1]
        ends, starts = voltage[max(before[2] - 1, before[1]) : before[2] + 1], voltage[first : min(first + 1, last) + 1]
        back = -sign * (starts[:, None] - ends[None, :]) > most
        if sign == before[0] and not back.all():
            out[-1] = (sign, before[1], last)
        else:
            out.append((sign, first, last))
    return out


def _trimmed(run, current, voltage, charge, jump):
    """The run without residual records at its ends."""
    sign, first, last = run
    size, here = np.abs(current[first : last + 1]), sign * voltage[first : last + 1]
    step, passed = np.diff(here), np.cumsum(np.abs(charge[first : last + 1]))
    little = SMALLEST_SHARE * passed[-1]
    after = np.maximum.accumulate(size[:0:-1])[::-1]  # the largest current of the records behind
    before = np.maximum.accumulate(size)[:-1]
    # an offset at rest: the voltage does not go on
    behind = (after < OFFSET_SHARE * size[:-1]) & (here[-1] - here[1:] < jump)
    ahead = (before < OFFSET_SHARE * size[1:]) & (here[:-1] - here[0] < jump)
    ends = (after < 0.5 * size[:-1]) & (passed[-1] - passed[:-1] < little) | behind
    begins = (before < 0.5 * size[1:]) & (passed[:-1] < little) | ahead
    ends, begins = np.flatnonzero(ends & (step < -jump)), np.flatnonzero(begins & (step > jump))
    stop = first + int(ends[0]) if ends.size else last
    start = first + int(begins[-1]) + 1 if begins.size else first
    return (sign, start, stop) if start < stop else run


def _left_out(frame, first):
    if first.size == 0:
        return []
    time = frame[labels.TIME].iloc[int(first[0])]
    return [
        f"{first.size} pieces with less than {100 * SMALLEST_SHARE:g} % of the largest half cycle's charge are no half cycles"
        f" (the first at {labels.place(frame, int(first[0]))}, {time:g} s)"
    ]
