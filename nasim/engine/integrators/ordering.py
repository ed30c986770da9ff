"""Sparse elimination planned beforehand: an order that fills little in, and the places of all factors."""

from typing import NamedTuple

import numpy as np


def minimum_degree(neighbours: list[set[int]]) -> list[int]:
    """Return an order of elimination that fills little in: next is always who has the fewest neighbours left.

    >>> minimum_degree([{1, 2, 3}, {0}, {0}, {0}])
    [1, 2, 0, 3]
    """
    left, near, order = set(range(len(neighbours))), [set(each) for each in neighbours], []
    while left:
        one = min(left, key=lambda k: (len(near[k]), k))
        order.append(one)
        left.remove(one)
        for other in near[one]:
            near[other] |= near[one]
            near[other] -= {one, other}
    return order


def neighbours_of(size: int, columns: np.ndarray, rows: np.ndarray) -> list[set[int]]:
    """Return for each row of a square matrix, given by the columns and rows of its entries, those it is tied to."""
    near: list[set[int]] = [set() for _ in range(size)]
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        if row != column:
            near[column].add(row)
            near[row].add(column)
    return near


class Plan(NamedTuple):
    """Places of the factors of a matrix, as `pattern` in ``c/engine.h`` has them; arrays of 32-bit integers."""

    size: int
    entries: int
    stored: int
    place: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    row: np.ndarray
    target: np.ndarray


def plan(size: int, columns: np.ndarray, rows: np.ndarray) -> Plan:
    """Return the plan of the elimination, in the order given, of a matrix with entries at (rows, columns).

    The matrix may have its entries in any order; the plan keeps it.
    """
    below: list[list[int]] = []
    above: list[list[int]] = []
    inside: list[set[int]] = [{k} for k in range(size)]
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        inside[column].add(row)
    for column in range(size):
        filled = inside[column]
        for k in range(column):
            if k in filled:
                filled.update(below[k])
        above.append(sorted(row for row in filled if row < column))
        below.append(sorted(row for row in filled if row > column))
    lower = np.cumsum([0, *map(len, below)])
    upper = lower[-1] + np.cumsum([0, *map(len, above)])
    row = [each for column in (*below, *above) for each in column] + list(range(size))
    where = {(column, column): int(upper[-1]) + column for column in range(size)}
    for starts, parts in ((lower, below), (upper, above)):
        for column, part in enumerate(parts):
            where |= {(one, column): int(starts[column]) + k for k, one in enumerate(part)}
    place = [where[row, column] for column, row in zip(columns.tolist(), rows.tolist(), strict=True)]
    target = [where[row, column] for column in range(size) for k in above[column] for row in below[k]]
    arrays = (np.array([*each, 0], dtype=np.int32) for each in (place, lower, upper, row, target))
    return Plan(size, len(place), len(row), *arrays)
