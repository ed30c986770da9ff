"""Alike instructions side by side, so that the library evaluates many at a time.

The graph of a cathode with points and classes of grains says the same for each of them. Instructions are of one *kind* if they
do the same with operands of the same kinds; those of a kind are put in the order of their operands, so that what they read
mostly lies side by side, as their results do: a *run*, whose loop needs no places of operands and vectorises. Constants are
laid out as they are read, and operands that lie scattered are collected once for all runs that read them in that order.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .instructions import COMMUTE, Instructions, Result
from .operations import OPERATIONS

ARITY = {name: "xyz".index(max(set(expression) & set("xyz"))) + 1 for name, expression in OPERATIONS.items()}
SHORTEST = 6
"""Instructions of a run, and states of a kind without which there are no runs: fewer are evaluated one by one."""
BLOCK = 4
"""A run is evaluated in blocks of so many, the last of which goes on beyond its end, where nothing else lies."""
PIECE, COLLECTED = 12, 24
"""Mean length of runs from which on operands are read where they lie, and fewest instructions for which they are collected."""
RESULT, LATER = 1 << 40, 1 << 41
"""Where results lie before they have their places, and those that depend on time or states."""


class Batch(NamedTuple):
    """Equal operations: some instructions one by one, then runs, each its length and which operands move along, as bits."""

    name: str
    loose: int
    runs: list[tuple[int, int]]


class Arrangement(NamedTuple):
    """Instructions in their order, those first that depend on inputs and constants alone.

    Attributes
    ----------
    batches : list of Batch
    once : int
        Number of those that depend on inputs and constants alone.
    operands : array of int, shape (3, instructions)
        Places in memory; 0 where an operation has fewer.
    constants : list of float
    outputs : array of int
        Places in memory.
    """

    batches: list[Batch]
    once: int
    operands: np.ndarray
    constants: list[float]
    outputs: np.ndarray


class Arranger:
    """Puts instructions into batches: next is always the operation that the longest chain of others waits for.

    Parameters
    ----------
    code : Instructions
    alike : sequence of int
        Kind of each state, as `Instructions.kinds` has it.
    """

    def __init__(self, code: Instructions, alike: Sequence[int]):
        self.names = [step.name for step in code.steps]
        self.states, self.first_constant, self.constants = code.states, code.first_constant, list(code.constants)
        self.many = max(np.unique(alike, return_counts=True)[1], default=0) >= SHORTEST
        kinds = code.kinds(alike)
        self.operands = _encoded(code)
        self.outputs = np.array([_read(one) for one in code.outputs], dtype=np.int64)
        self.place = np.zeros(len(kinds), dtype=np.int64)
        self.order: dict[bool, list[np.ndarray]] = {True: [], False: []}
        self.batches: dict[bool, list[Batch]] = {True: [], False: []}
        self.next = {True: RESULT, False: LATER}
        self._collected: dict[bytes, np.ndarray] = {}
        members = defaultdict(list)
        for number, kind in enumerate(kinds):
            members[kind].append(number)
        self.members, alone = [np.array(each) for each in members.values()], code.once()
        self.alone = [alone[each[0]] for each in self.members]
        for once, name, batch in self._batched(kinds):
            self._lay_out(once, name, batch)

    def arrangement(self) -> Arrangement:
        """Return what was found."""
        order = np.concatenate([np.zeros(0, dtype=np.int64), *self.order[True], *self.order[False]])
        used = np.flatnonzero(order >= 0)
        final = np.zeros(len(self.place) + 1, dtype=np.int64)
        final[order[used]] = self.first_constant + len(self.constants) + used

        def placed(read):
            return np.where(read < RESULT, read, final[np.where(read < RESULT, 0, read - RESULT)])

        operands = np.zeros((3, len(order)), dtype=np.int64)
        operands[:, used] = placed(self.operands[:, order[used]])
        batches = [*self.batches[True], *self.batches[False]]
        return Arrangement(batches, len(self.batches[True]), operands, self.constants, placed(self.outputs))

    def _batched(self, kinds) -> Iterator[tuple[bool, str, list[int]]]:
        """Yield whether a batch comes once, its operation, and the kinds in it."""
        read = [self.operands[: ARITY[self.names[each[0]]], each[0]].tolist() for each in self.members]
        needed = [{kinds[one - RESULT] for one in each if one >= RESULT} for each in read]
        readers, waiting = defaultdict(list), [len(each) for each in needed]
        for reader, each in enumerate(needed):
            for one in each:
                readers[one].append(reader)
        follow = [0] * len(needed)
        for kind in reversed(range(len(needed))):
            follow[kind] = 1 + max((follow[reader] for reader in readers[kind]), default=0)
        for once in (True, False):
            ready = defaultdict(list)
            for kind, alone in enumerate(self.alone):
                if alone == once and not waiting[kind]:
                    ready[self._name(kind)].append(kind)
            while ready:
                name = max(ready, key=lambda each: (max(follow[k] for k in ready[each]), len(ready[each])))
                batch = sorted(ready.pop(name))
                yield once, name, batch
                for reader in (reader for kind in batch for reader in readers[kind]):
                    waiting[reader] -= 1
                    if not waiting[reader] and self.alone[reader] == once:
                        ready[self._name(reader)].append(reader)

    def _name(self, kind):
        return self.names[self.members[kind][0]]

    def _lay_out(self, once, name, batch):
        """Put the kinds of a batch in order: what is loose, then runs."""
        loose, runs = [], []
        for kind in batch:
            members = self.members[kind]
            pieces = self._pieces(once, name, members) if self.many and len(members) >= SHORTEST else [(members, 0)]
            for piece, moves in pieces:
                if moves and len(piece) >= SHORTEST:
                    runs.append((moves, len(piece), piece))
                else:
                    loose.append(piece)
        runs.sort(key=lambda run: run[:2])
        parts = [part for _, length, piece in runs for part in (piece, np.full(-length % BLOCK, -1))]
        found = [(length, moves) for moves, length, _ in runs]
        self._append(once, Batch(name, sum(map(len, loose)), found), np.concatenate([*loose, *parts]))

    def _append(self, once, batch, numbers):
        used = np.flatnonzero(numbers >= 0)
        self.place[numbers[used]] = self.next[once] + used
        self.next[once] += len(numbers)
        self.order[once].append(numbers)
        self.batches[once].append(batch)

    def _pieces(self, once, name, members):
        """Pieces of the members of a kind, in the order of their operands, and which of these move along in each."""
        read = self.operands[: ARITY[name], members]
        if name in COMMUTE:
            turned = np.diff(self._places(read[:2]), axis=0)[0] < 0
            read[:2, turned] = read[1::-1, turned]
        places = self._places(read)
        best = min((np.lexsort((*places, row)) for row in places), key=lambda order: _scattered(places[:, order]).sum())
        read, places = read[:, best], places[:, best]
        for k in np.flatnonzero(_scattered(places)):
            if (read[k] >= self.first_constant).all() and (read[k] < RESULT).all():
                read[k] = places[k] = self._constants(read[k])
        starts, moves = _split(places)
        if len(members) >= COLLECTED and len(starts) > 1 and len(members) < PIECE * len(starts):
            for k in np.flatnonzero(_scattered(places)):
                read[k] = self._collect(once, read[k], places[k])
            starts, moves = _split(self._places(read))
        for k, piece in enumerate(np.split(np.arange(len(members)), starts[1:])):
            if ARITY[name] == 3 and moves[k] & 3 == 1:  # of two factors it is the second that moves
                read[:2, piece], moves[k] = read[1::-1, piece], moves[k] ^ 3
        self.operands[: ARITY[name], members[best]] = read
        return list(zip(np.split(members[best], starts[1:]), moves, strict=True))

    def _places(self, read):
        results = read >= RESULT
        return np.where(results, self.place[np.where(results, read - RESULT, 0)], read)

    def _constants(self, read):
        """Places of the same constants side by side."""
        key = read.tobytes()
        if key not in self._collected:
            start = self.first_constant + len(self.constants)
            self.constants += [self.constants[one - self.first_constant] for one in read.tolist()]
            self._collected[key] = np.arange(start, start + len(read))
        return self._collected[key]

    def _collect(self, once, read, places):
        """Numbers of results that are the same operands side by side."""
        key = places.tobytes()
        if key not in self._collected:
            numbers = np.arange(len(self.place), len(self.place) + len(read))
            self.place = np.append(self.place, np.zeros(len(read), dtype=np.int64))
            self.operands = np.hstack([self.operands, np.zeros((3, len(read)), dtype=np.int64)])
            self.operands[0, numbers] = read
            known = bool(((places > self.states) & (places < LATER)).all())
            self._append(once or known, Batch("ASSIGN", len(read), []), numbers)
            self._collected[key] = RESULT + numbers
        return self._collected[key]


def _encoded(code):
    """Operands of all instructions, shape (3, instructions); 0 where there are fewer."""
    operands = np.zeros((3, len(code.steps)), dtype=np.int64)
    for number, step in enumerate(code.steps):
        operands[: len(step.operands), number] = [_read(one) for one in step.operands]
    return operands


def _read(one):
    return RESULT + one.number if isinstance(one, Result) else one


def room(length: Any) -> Any:
    """Return how many places runs of some length take; a number or an array."""
    return -(-length // BLOCK) * BLOCK


def _scattered(places):
    """Which rows of places neither stay nor move along by one."""
    steps = np.diff(places, axis=1)
    return ~((steps == 0).all(axis=1) | (steps == 1).all(axis=1))


def _split(places):
    """Starts of pieces in which each row of places stays or moves along by one, and which rows move, as bits."""
    steps = np.diff(places, axis=1)
    bits = (steps * (1 << np.arange(len(places)))[:, None]).sum(axis=0)
    bits[~((steps == 0) | (steps == 1)).all(axis=0)] = -1
    starts, moves, k, last = [], [], 0, places.shape[1] - 1
    while k <= last:
        starts.append(k)
        end = k
        if k < last and bits[k] > 0:
            different = np.flatnonzero(bits[k:] != bits[k])
            end = k + int(different[0]) if len(different) else last
        moves.append(int(bits[k]) if end > k else 0)
        k = end + 1
    return starts, moves
