"""Sparse elimination planned beforehand: where all factors lie, and what is done to them, in runs over alike unknowns.

Entries between two single unknowns, or two of the same group, are loose: they lie by rows. All others form vectors along the
larger of the groups of their row and column, so that what is done to one member is done to all by one run.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .ordering import Order, members
from .runs import END, HEAD, INVERT, MULTIPLY, ROW, ROW_DIVIDED, SUBTRACT, listed

LEAST_ALIKE = 6
"""Members of the largest group below which a right-hand side is solved for row by row."""


class Plan(NamedTuple):
    """Places of the factors of a matrix, as `pattern` in ``c/engine.h`` has them; arrays of 32-bit integers.

    Entries of the matrix are handed over in the order of their places: `taken` says which entry each one is.
    """

    size: int
    states: int
    entries: int
    stored: int
    taken: np.ndarray
    load: np.ndarray
    given: np.ndarray
    diagonal: np.ndarray
    elimination: np.ndarray
    substitution: np.ndarray

    @property
    def by_rows(self) -> bool:
        """Whether a right-hand side is solved for row by row."""
        return bool(self.substitution[0] == ROW_DIVIDED)


def plan(
    order: Order, columns: np.ndarray, rows: np.ndarray, states: int, groups: Sequence[Sequence[int]] = ()
) -> Plan:
    """Return the plan of the elimination, in the order given, of a matrix with entries at (rows, columns).

    Parameters
    ----------
    order : Order
        By `least_fill`, of the same arguments.
    columns, rows : array of int
    states : int
        How many of the unknowns, the first, are states.
    groups : sequence of sequence of int, optional
    """
    factors = _Factors(order, groups)
    places, unknowns = factors.place(rows, columns), np.array(order.unknowns)
    taken, state = np.argsort(places), unknowns[unknowns < states]
    arrays = (
        taken,
        _stretches(places[taken]),
        _stretches(factors.position[state]),
        factors.place(state, state),
        listed(_elimination(factors)),
        _by_rows(factors) if factors.length.max() < LEAST_ALIKE else listed(_substitution(factors)),
    )
    return Plan(len(unknowns), states, len(places), factors.stored, *(each.astype(np.int32) for each in arrays))


def _stretches(places):
    """Where stretches of rising places begin in their list and among the places, and their lengths; nothing ends it."""
    begin = np.flatnonzero(np.diff(places, prepend=-2) != 1)
    return np.append(
        np.column_stack([begin, places[begin], np.diff(begin, append=len(places))]), [[0, 0, 0]], axis=0
    ).ravel()


class _Factors:
    """The stored entries.

    Attributes
    ----------
    position, level : array of int, shape (size,)
        Where in the order each unknown comes, and its level.
    alike : array of bool, shape (size,)
        Whether it is eliminated with its group.
    length : array of int, shape (size,)
        Of its group.
    left, right : array of int, shape (2, n)
        Rows and columns of the entries left and right of the diagonal, those of a pivot one after another.
    loose : array of bool, shape (stored,)
        Of each place, whether the entry there is loose.
    vector : array of int, shape (stored,)
        Of each place, which vector or row of loose entries it belongs to.
    """

    def __init__(self, order: Order, groups: Sequence[Sequence[int]]):
        size = self.size = len(order.unknowns)
        self.order = np.array(order.unknowns)
        self.position, self.level = np.argsort(order.unknowns), np.array(order.level)
        self._group, self._at, self.length = np.arange(size) + len(groups), np.zeros(size, int), np.ones(size, int)
        for number, group in enumerate(groups):
            self._group[group], self._at[group], self.length[group] = number, range(len(group)), len(group)
        down = [(row, k) for k in order.unknowns for row in members(order.down[k])]
        across = [(k, column) for k in order.unknowns for column in members(order.across[k])]
        self.left, self.right = (np.array(part, int).reshape(-1, 2).T for part in (down, across))
        rows, columns = np.concatenate([self.left, self.right, [range(size)] * 2], axis=1)
        self.stored = len(rows)
        self._lay_out(rows, columns)

    def _lay_out(self, rows, columns):
        group, at, length = self._group, self._at, self.length
        within = (group[rows] == group[columns]) & (rows != columns)
        self.alike = (length > 1) & ~np.isin(group, group[rows[within]])
        loose = within | (length[rows] == 1) & (length[columns] == 1)
        upright = length[rows] >= length[columns]
        large, small = np.where(upright, (rows, columns), (columns, rows))
        aside = at[small] - at[large] % length[small]
        keys = np.array([~loose, group[rows], group[columns], aside, at[large]], dtype=int)
        keys[1, loose], keys[2:4, loose], keys[4, loose] = self.position[rows[loose]], 0, self.position[columns[loose]]
        order = np.lexsort(keys[::-1])
        self.loose = loose[order]
        self.vector = np.cumsum((np.diff(keys[:4, order], axis=1, prepend=-1) != 0).any(0))
        names = rows * self.size + columns
        self._names = np.sort(names)
        self._places = np.argsort(order)[np.argsort(names)]

    def place(self, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """Return where the entries at some rows and columns lie."""
        return self._places[np.searchsorted(self._names, rows * self.size + columns)]


def _elimination(factors):
    """Operations that factor the matrix, as `listed` takes them: a level is inverted, divides its rows, and changes what is left."""
    every, (pivots, columns) = np.arange(factors.size), factors.right
    diagonal, entry = factors.place(every, every), factors.place(pivots, columns)
    inverted = _by_place(diagonal, 3 * factors.level, INVERT, diagonal, diagonal, diagonal)
    divided = _by_place(entry, 3 * factors.level[pivots] + 1, MULTIPLY, entry, diagonal[pivots], diagonal[pivots])
    return np.concatenate([inverted, divided, _updates(factors)])


def _updates(factors):
    """Operations by which each pivot changes the entries below its row."""
    (rows, pivots), right = factors.left, factors.right
    many = np.bincount(right[0], minlength=factors.size)
    begin = np.cumsum(many[factors.order]) - many[factors.order]
    repeats = many[pivots]
    down = np.repeat(np.arange(len(rows)), repeats)
    nth = np.arange(len(down)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    across = begin[factors.position[pivots[down]]] + nth
    row, pivot, column = rows[down], pivots[down], right[1, across]
    left, upper = factors.place(row, pivot), factors.place(pivot, column)
    swapped = (factors.length[row] > factors.length[column]) != factors.alike[pivot]
    one, other = np.where(swapped, (upper, left), (left, upper))
    stage, target = 3 * factors.level[pivot] + 2, factors.place(row, column)
    order = np.lexsort((other, one, factors.vector[upper], factors.vector[left], stage))
    return np.column_stack([stage, np.full(len(row), SUBTRACT), target, one, other])[order]


def _substitution(factors):
    """Operations that solve for a right-hand side: down by levels, each of which is divided when it is known, and up again."""
    every, (rows, pivots), (solved, columns) = np.arange(factors.size), factors.left, factors.right
    x, diagonal = factors.stored + factors.position, factors.place(every, every)
    left, right = factors.place(rows, pivots), factors.place(solved, columns)
    down = np.where(factors.loose[left], factors.level[rows], 1 + factors.level[pivots])
    return np.concatenate(
        [
            _by_place(left, 2 * down, SUBTRACT, x[rows], x[pivots], left),
            _by_place(x, 2 * factors.level + 1, MULTIPLY, x, diagonal, diagonal),
            _by_place(right, 4 * factors.size - factors.level[solved], SUBTRACT, x[solved], x[columns], right),
        ]
    )


def _by_rows(factors):
    """The same as one list for the library, unknown by unknown; of all that a row takes, what is found last comes last."""
    x, entries = factors.stored + factors.position, []
    for (rows, columns), kind, turn in ((factors.left, ROW_DIVIDED, 1), (factors.right, ROW, -1)):
        places = np.column_stack([x[columns], factors.place(rows, columns)])
        order = np.lexsort((turn * x[columns], turn * x[rows]))
        unknowns = factors.order[::turn]
        ends = np.cumsum(np.bincount(factors.position[rows], minlength=factors.size)[::turn])
        heads = np.column_stack([x[unknowns], factors.place(unknowns, unknowns), 2 * ends])
        entries += [[kind, 0, 0, 0, 0, factors.size], heads.ravel(), places[order].ravel()]
    return np.concatenate([*entries, [END] * HEAD])


def _by_place(place, stage, what, target, one, other):
    """Operations in the order of their stages and of some places."""
    order = np.lexsort((place, stage))
    return np.column_stack([stage, np.full(len(stage), what), target, one, other])[order]
