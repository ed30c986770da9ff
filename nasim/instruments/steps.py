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
    return np.cumsum(changes, dtype=np.int32) + np.int32(1)


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
    total = np.array(value, dtype=float)
    again = np.flatnonzero(_restarts(total))
    offsets = np.cumsum(total[again - 1])
    for start, stop, offset in zip(again, np.append(again[1:], len(total)), offsets, strict=False):
        total[start:stop] += offset
    return total


def _restarts(value):
    """Where a counter starts again: it falls by more than a twentieth; less is its own scatter."""
    again = np.zeros(len(value), dtype=bool)
    again[1:] = value[1:] < value[:-1] - 0.05 * np.abs(value[:-1])
    return again


def net_counter(value, current):
    """Net charge [Ah], (n,), of one counter [Ah] for both directions, by the sign of the current [A].

    Some instruments count up in charge and in discharge, from zero in each step; others count the net charge. The
    counter tells by whether it rises or falls while the cell is discharged.

    >>> net_counter([1.0, 2.0, 0.0, 1.0], [1.0, 1.0, -1.0, -1.0]).tolist()
    [1.0, 2.0, 2.0, 1.0]
    """
    value, sign = np.asarray(value, dtype=float), np.sign(current)
    increments = np.diff(value, prepend=0.0)
    again = _restarts(value)
    if increments[(sign < 0) & ~again].sum() < 0:
        jump = np.abs(increments) > 20 * np.median(np.abs(increments[1:]))
        again = jump & (np.abs(value) < 0.05 * np.abs(np.concatenate([[0.0], value[:-1]])))
        return np.cumsum(np.where(again, value, increments))
    counted = np.where(again, value, increments)
    return np.cumsum(np.where(sign < 0, -counted, counted))


def interval_charge(time, current):
    """Charge [Ah] of the interval before each record, (n,), the first zero, from time [s] and current [A].

    Trapezoids between two records of one direction. Where the direction changes, or one of the two rests, nothing: a
    cycler writes a record as a step begins, so that nothing flowed since the record before it.
    """
    time, current = np.asarray(time, dtype=float), np.asarray(current, dtype=float)
    charge = np.zeros_like(current)
    np.add(current[1:], current[:-1], out=charge[1:], where=np.sign(current[1:]) == np.sign(current[:-1]))
    charge[1:] *= np.diff(time)
    charge /= 7200
    return charge


def passed_charge(time, current):
    """Charge passed since the first record [Ah], (n,), by integrating current [A] over time [s]."""
    return np.cumsum(interval_charge(time, current))
