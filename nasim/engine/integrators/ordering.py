"""Sparse elimination planned beforehand: an order that fills little in, and the places of all factors."""

from typing import NamedTuple

import numpy as np


def markowitz(size: int, columns: np.ndarray, rows: np.ndarray) -> list[int]:
    """Return an order of elimination, pivots on the diagonal, that fills little in (H. M. Markowitz, Management Science 3 (1957) 255).

    Next is always the unknown whose row and column, without it, have the smallest product of numbers of entries.

    Parameters
    ----------
    size : int
    columns, rows : array of int
        Where the entries of the matrix lie.

    Examples
    --------
    >>> markowitz(4, np.array([0, 0, 0, 1, 2, 3]), np.array([1, 2, 3, 0, 0, 0]))
    [1, 2, 0, 3]
    """
    across: list[set[int]] = [set() for _ in range(size)]
    down: list[set[int]] = [set() for _ in range(size)]
    for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
        if row != column:
            across[row].add(column)
            down[column].add(row)
    left, order = set(range(size)), []
    while left:
        one = min(left, key=lambda k: (len(across[k]) * len(down[k]), k))
        order.append(one)
        left.remove(one)
        for row in down[one]:
            across[row] |= across[one]
            across[row] -= {row, one}
        for column in across[one]:
            down[column] |= down[one]
            down[column] -= {column, one}
    return order


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
