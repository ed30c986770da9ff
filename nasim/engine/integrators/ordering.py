"""The order of a sparse elimination, pivots on the diagonal: one that fills little in and goes by groups of alike unknowns."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np


class Order(NamedTuple):
    """An order of elimination, and the pattern of the factors that comes of it.

    Attributes
    ----------
    unknowns : list of int
        In their order.
    level : list of int
        Of each unknown: those of a level do not wait for each other, and come one after another.
    across, down : list of int
        Of each unknown, the columns of its row and the rows of its column when it is eliminated, as bits.
    """

    unknowns: list[int]
    level: list[int]
    across: list[int]
    down: list[int]


def least_fill(size: int, columns: np.ndarray, rows: np.ndarray, groups: Sequence[Sequence[int]] = ()) -> Order:
    """Return an order that fills little in.

    Next is always the unit that adds the fewest entries, and among those the one whose rows and columns, without itself, have
    the smallest product of numbers of entries (H. M. Markowitz, Management Science 3 (1957) 255), both a member. A unit is a
    group of unknowns as long as none of them is tied to another, and else a single one.

    Parameters
    ----------
    size : int
    columns, rows : array of int
        Where the entries of the matrix lie.
    groups : sequence of sequence of int, optional
        Unknowns that are alike.

    Examples
    --------
    >>> least_fill(4, np.array([0, 0, 0, 1, 2, 3]), np.array([1, 2, 3, 0, 0, 0])).unknowns
    [1, 2, 0, 3]
    """
    across, down = [0] * size, [0] * size  # sets of unknowns are the bits of whole numbers
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        if row != column:
            across[row] |= 1 << column
            down[column] |= 1 << row

    def cost(unit):
        wanted: dict[int, int] = defaultdict(int)
        product = 0
        for one in unit:
            for row in members(down[one]):
                wanted[row] |= across[one]
            product += across[one].bit_count() * down[one].bit_count()
        added = sum((bits & ~across[row] & ~(1 << row)).bit_count() for row, bits in wanted.items())
        return added / len(unit), product / len(unit), unit[0]

    units = {k: (k,) for k in range(size)} | {k: tuple(group) for group in groups for k in group}
    level, order = [0] * size, []
    costs: dict[tuple[int, ...], tuple[float, float, int]] = dict.fromkeys(units.values(), (0.0, 0.0, 0))
    touched = (1 << size) - 1
    while costs:
        for unit in {units[k] for k in members(touched)}:
            if any((across[k] | down[k]) >> one & 1 for k in unit for one in unit):
                del costs[unit]
                units |= {k: (k,) for k in unit}
                costs |= {(k,): cost((k,)) for k in unit}
            else:
                costs[unit] = cost(unit)
        best = min(costs, key=costs.__getitem__)
        order.append(best)
        del costs[best]
        touched, height = 0, max(level[k] for k in best)
        for one in best:
            level[one], near = height, across[one] | down[one]
            for row in members(down[one]):
                across[row] = (across[row] | across[one]) & ~(1 << row | 1 << one)
                near |= across[row]
            for column in members(across[one]):
                down[column] = (down[column] | down[one]) & ~(1 << column | 1 << one)
            for k in members(across[one] | down[one]):
                level[k] = max(level[k], height + 1)
            touched |= near
        for one in best:
            touched &= ~(1 << one)
    order.sort(key=lambda unit: level[unit[0]])
    return Order([k for unit in order for k in unit], level, across, down)


def members(bits: int) -> Iterator[int]:
    """Yield the numbers of the bits of a whole number that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
