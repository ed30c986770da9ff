"""Reading the tables that figures draw: columns, cycles, half cycles."""

from itertools import pairwise

import numpy as np

from ..errors import UnknownNameError, nearest
from ..nomenclature.columns import AREAL, CURRENT, CYCLE, SPECIFIC, STEP

__all__ = ["AREAL", "CURRENT", "CYCLE", "SPECIFIC", "STEP"]


def column(table, name):
    """A column as an array; UnknownNameError with the nearest name where there is none."""
    if name not in table:
        raise UnknownNameError(f"The table has no column '{name}'.", nearest(name, table.columns))
    return table[name].to_numpy()


def has(table, name):
    """Whether the column exists and holds a number."""
    return name in table and bool(np.isfinite(table[name].to_numpy(dtype=float)).any())


def capacity_name(curves):
    """The column of capacity to draw: per gram of sulfur where that is known."""
    return SPECIFIC if has(curves, SPECIFIC) else AREAL


def check_any(curves):
    """Raise UnknownNameError where there is no curve at all."""
    if not len(curves):
        raise UnknownNameError("There is no curve to draw: the run kept none. Its option `keep` says of which cycles.")


def chosen(curves, cycles):
    """The cycles to draw: those asked for, else at most five, evenly spread."""
    check_any(curves)
    known = np.unique(column(curves, CYCLE))
    if cycles is None:
        return known[np.unique(np.linspace(0, len(known) - 1, 5).round().astype(int))]
    cycles = np.atleast_1d(cycles)
    for cycle in cycles:
        if cycle not in known:
            raise UnknownNameError(f"There is no cycle {cycle}; the table holds cycles {known[0]} to {known[-1]}.")
    return cycles


def half_cycle(curves, cycle, step):
    """The rows of one step of one cycle."""
    return curves.loc[(column(curves, CYCLE) == cycle) & (column(curves, STEP) == step)]


def along(curves, cycle):
    """One cycle with its capacity running on from step to step, and the capacities at which the direction turns."""
    part = curves.loc[column(curves, CYCLE) == chosen(curves, cycle)[0]]
    capacity, step = column(part, capacity_name(curves)).astype(float), column(part, STEP)
    running, start, turns = np.empty(len(part)), 0.0, []
    bounds = [0, *(np.flatnonzero(step[1:] != step[:-1]) + 1), len(part)]
    for first, last in pairwise(bounds):
        running[first:last] = start + np.nan_to_num(capacity[first:last])
        start = running[last - 1]
        turns += [start] if step[first] == "discharge" and last < len(part) else []
    return part, running, turns
