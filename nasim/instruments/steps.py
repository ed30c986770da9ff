"""Test time and charge out of counters that start again: pure functions on arrays."""

import numpy as np


def step_count(*counters):
    """Number of the executed step, from 1, shape (n,): grows by one wherever any of the counters (n,) changes.

    A counter that repeats in a loop (1, 2, 1, 2) still gives a new number for each execution.

    >>> step_count([1, 1, 2, 2, 1, 2]).tolist()
    [1, 1, 2, 2, 3, 4]
    """
    columns = [np.asarray(counter) for counter in counters]
    changes = np.zeros(len(columns[0]), dtype=bool)
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    return np.cumsum(changes) + 1


def time_in_test(step_time, step):
    """Time since the start of the test [s], (n,), from the time in the step [s] and the executed step's number.

    Each step begins when the one before it ended, so pauses between steps are not seen.

    >>> time_in_test([0.0, 5.0, 0.0, 2.0, 0.0], [1, 1, 2, 2, 3]).tolist()
    [0.0, 5.0, 5.0, 7.0, 7.0]
    """
    step_time = np.asarray(step_time, dtype=float)
    step = np.asarray(step)
    ends = np.flatnonzero(step[1:] != step[:-1])
    offset = np.zeros(len(step_time))
    offset[ends + 1] = step_time[ends]
    return np.cumsum(offset) + step_time


def unwrap_counter(value):
    """Total of a counter (n,) that only grows, except that it starts again from near zero now and then.

    >>> unwrap_counter([0.0, 1.0, 2.0, 0.5, 1.5]).tolist()
    [0.0, 1.0, 2.0, 2.5, 3.5]
    """
    value = np.asarray(value, dtype=float)
    increments = np.diff(value, prepend=0.0)
    return np.cumsum(np.where(increments < 0, value, increments))


def passed_charge(time, current):
    """Charge passed since the first record [Ah], (n,), by integrating current [A] over time [s].

    Trapezoids between two records of one direction; where the direction changes, or one of the two rests, the later
    record's current holds over the whole interval, so that a gap after a half cycle adds nothing.
    """
    time, current = np.asarray(time, dtype=float), np.asarray(current, dtype=float)
    same = np.sign(current[1:]) == np.sign(current[:-1])
    mean = np.where(same, (current[1:] + current[:-1]) / 2, current[1:])
    return np.concatenate([[0.0], np.cumsum(mean * np.diff(time))]) / 3600


def directions(current, zero_current_A=None):
    """+1 (charge), -1 (discharge), 0 (rest) for each record, (n,); currents up to the bound [A] count as rest.

    The bound is a thousandth of the largest current when none is given.
    """
    current = np.asarray(current, dtype=float)
    bound = 1e-3 * np.max(np.abs(current), initial=0.0) if zero_current_A is None else zero_current_A
    return np.where(np.abs(current) > bound, np.sign(current), 0).astype(int)


def half_cycle_bounds(direction):
    """Half cycles as (sign, first, last) record numbers, both inclusive, from the direction (n,) of each record.

    A half cycle lasts until the current reverses: rests between two pulses of one direction belong to it, rests at its
    ends do not.

    >>> half_cycle_bounds([0, -1, -1, 0, -1, 0, 1, 1])
    [(-1, 1, 4), (1, 6, 7)]
    """
    direction = np.asarray(direction)
    active = np.flatnonzero(direction)
    if active.size == 0:
        return []
    turns = np.flatnonzero(np.diff(direction[active])) + 1
    return [(int(direction[run[0]]), int(run[0]), int(run[-1])) for run in np.split(active, turns)]
