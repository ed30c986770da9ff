"""Lists of operations on the numbers of one array, as runs over neighbours: what the loop of ``c/sparse.c`` reads."""

import numpy as np

SUBTRACT, MULTIPLY, INVERT = range(3)
"""What is done to a target t with operands a and b: ``t -= a b``, ``t *= a``, ``t = 1 / t``."""
END, EACH, REPEATED, ONE, SUM, SCALE_EACH, SCALE_ONE, INVERSE, ROW, ROW_DIVIDED, NUMBER = range(11)
"""Kinds of runs, as in ``c/sparse.c``."""
KINDS = {
    (SUBTRACT, 1, 1, 1): EACH,
    (SUBTRACT, 1, 0, 1): ONE,
    (SUBTRACT, 0, 1, 1): SUM,
    (MULTIPLY, 1, 1, 1): SCALE_EACH,
    (MULTIPLY, 1, 0, 0): SCALE_ONE,
    (INVERT, 1, 1, 1): INVERSE,
}
"""What is done, and by how much target and operands move from one operation of a run to the next -> its kind."""
ALONE = np.array([EACH, SCALE_EACH, INVERSE])
"""Kind of a run of one, by what is done."""
LEAST = 4
"""Operations of a run, and repetitions of one: fewer are done one by one."""
SHORT = (1, 4, 5, 6, 7, 8)
"""Lengths for which there is code of its own: the kind is more by so many times `NUMBER`."""
HEAD = 6
"""Numbers before the places of a batch."""


def listed(operations: np.ndarray) -> np.ndarray:
    """Return operations as the library reads them, batch by batch.

    Of a batch: the kind of its runs, their length, how often each is repeated and how far its operands move then, how many runs
    there are, and the places of t, a and b of each.

    Parameters
    ----------
    operations : array of int, shape (n, 5)
        Of each operation its stage, what is done, and the places of t, a and b; of those that it lacks, that of the last. Stages
        come one after another; what is in one may be done in any order, and neighbours in a run are neighbours here.

    Returns
    -------
    array of 32-bit integers
    """
    found = _repeated(_runs(operations))
    found[:, 1] += NUMBER * np.where((found[:, 1] <= REPEATED) & np.isin(found[:, 2], SHORT), found[:, 2], 0)
    found = found[np.lexsort((found[:, 6], _turns(found[:, :7]), *found[:, 5::-1].T))]
    batches = np.split(found, 1 + np.flatnonzero((np.diff(found[:, :6], axis=0) != 0).any(1)))
    lines = [each for one in batches for each in ([*one[0, 1:6], len(one)], one[:, 6:].ravel())]
    return np.concatenate([*lines, [END] * HEAD]).astype(np.int32)


def _runs(operations):
    """Stage, kind, length and three places of all runs."""
    moved, what = np.diff(operations, axis=0), operations[:, 1]
    steps = np.zeros(len(moved), dtype=int)
    for (done, *moves), kind in KINDS.items():
        steps[(moved == (0, 0, *moves)).all(1) & (what[:-1] == done)] = kind
    first, length = _stretches(steps)
    kind = np.where(length > 1, np.append(steps, 0)[first], ALONE[what[first]])
    return np.column_stack([operations[first, 0], kind, length, operations[first, 2:]])


def _repeated(runs):
    """Runs one after another that differ in their operands alone, and evenly, as one: how often, and how far a and b move."""
    moved = np.diff(runs, axis=0)
    even = (moved[:, :4] == 0).all(1) & (runs[:-1, 1] == EACH)
    _, steps = np.unique(np.column_stack([even, moved[:, 4:] * even[:, None]]), axis=0, return_inverse=True)
    first, times = _stretches(np.where(even, 1 + steps.ravel(), 0))
    apart = np.append(moved[:, 4:], [[0, 0]], axis=0)[first] * (times > 1)[:, None]
    kind = np.where(times > 1, REPEATED, runs[first, 1])
    return np.column_stack([runs[first, 0], kind, runs[first, 2], times, apart, runs[first, 3:]])


def _stretches(steps):
    """First and number of the members of stretches that take the same step from each to the next; 0 is none.

    Stretches of fewer than `LEAST` are taken apart.
    """
    first = np.flatnonzero(np.diff(steps, prepend=-1))
    last, step = np.append(first, len(steps))[1:], steps[first]
    first = first + (np.append(0, step)[:-1] > 0)  # what ends one stretch does not begin another
    long = (step > 0) & (last - first + 1 >= LEAST)
    first, last = first[long], last[long]
    inside = np.zeros(len(steps) + 2, dtype=int)
    np.add.at(inside, first, 1)
    np.add.at(inside, last + 1, -1)
    single = np.flatnonzero(np.cumsum(inside[:-1]) == 0)
    order = np.argsort(np.append(first, single))
    return tuple(np.append(*pair)[order] for pair in ((first, single), (last - first + 1, np.ones_like(single))))


def _turns(found):
    """How many runs before each one of its batch have the same target: those wait for each other, and are kept apart."""
    order = np.lexsort(found.T)
    new, number = np.append(True, (np.diff(found[order], axis=0) != 0).any(1)), np.arange(len(order))
    turn = np.empty_like(number)
    turn[order] = number - np.maximum.accumulate(number * new)
    return turn
