"""A CasADi function as a list of batches, each one operation on many operands, which the library evaluates.

What depends on the inputs alone comes first: it is computed once a step of the protocol.
"""

import ctypes
from collections.abc import Sequence

import casadi
import numpy as np

from .arranging import BLOCK, Arranger, room
from .instructions import Instructions
from .library import library
from .operations import NUMBERS
from .structures import Function, address, reals, wholes


class Program:
    """A CasADi function in the form that the library evaluates.

    Parameters
    ----------
    function : casadi.Function
        Of (time, state, inputs), scalar, with one output.
    alike : sequence of int, optional
        Kind of each state, as `Instructions.kinds` has it; default: each of its own.

    Attributes
    ----------
    structure : Function
        For ctypes; it points into arrays that this object keeps.
    sizes : tuple of int
        Numbers of batches, of those that come once, of states, inputs and outputs, and place of the first result.
    arrays : list of array of int
        Operation, first instruction, first instruction of a run and first run of each batch; first instruction and length
        of each run, and which operands move along; operands of the instructions; places of the outputs.
    memory : array
        Holds the constants; the rest is working memory.
    """

    def __init__(self, function: casadi.Function, alike: Sequence[int] | None = None):
        code = Instructions(function)
        found = Arranger(code, range(code.states) if alike is None else alike).arrangement()
        runs = [run for batch in found.batches for run in batch.runs]
        loose = np.array([batch.loose for batch in found.batches], dtype=np.int64)
        begin = np.cumsum(
            [0, *(batch.loose + sum(room(length) for length, _ in batch.runs) for batch in found.batches)]
        )
        starts = [
            start
            for each, start in zip(found.batches, begin[:-1] + loose, strict=True)
            for start in _starts(each, start)
        ]
        arrays = [
            [NUMBERS[batch.name] for batch in found.batches] + [0],
            begin,
            [*(begin[:-1] + loose), 0],
            np.cumsum([0, *(len(batch.runs) for batch in found.batches)]),
            [*starts, 0],
            [*(length for length, _ in runs), 0],
            [*(moves for _, moves in runs), 0],
            *np.hstack([found.operands, np.zeros((3, 1), dtype=np.int64)]),
            [*found.outputs, 0],
        ]
        results = code.first_constant + len(found.constants)
        memory = np.zeros(results + found.operands.shape[1] + BLOCK)
        memory[code.first_constant : results] = found.constants
        sizes = (len(found.batches), found.once, code.states, code.inputs, len(code.outputs), results)
        self._take(sizes, [np.array(array, dtype=np.int32) for array in arrays], memory)

    @classmethod
    def of(cls, sizes: Sequence[int], arrays: Sequence[np.ndarray], memory: np.ndarray) -> "Program":
        """Return the program whose `sizes`, `arrays` and `memory` these are, as they were read from a file.

        Raises
        ------
        ValueError
            They are not those of a program.
        """
        batches, once, states, inputs, outputs, results = map(int, sizes)
        arrays = [np.ascontiguousarray(array, np.int32) for array in arrays]
        operation, begin, loose, run, start, length, moves, first, second, third, output = arrays
        steps, runs, places = int(begin[-1]), int(run[-1]), len(memory)
        wanted = (*[batches + 1] * 4, *[runs + 1] * 3, *[steps + 1] * 3, outputs + 1)
        whole = tuple(map(len, arrays)) == wanted and places == results + steps + BLOCK
        whole = whole and 0 <= once <= batches and begin[0] == run[0] == 0 and 1 + states + inputs <= results
        used = np.concatenate([first, second, third, output])
        steady = whole and (np.diff(begin) >= 0).all() and (np.diff(run) >= 0).all()
        steady = steady and (begin[:-1] <= loose[:-1]).all() and (loose[:-1] <= begin[1:]).all()
        inside = steady and (start >= 0).all() and (length >= 0).all() and (start + room(length) <= steps).all()
        if (
            not inside
            or used.min() < 0
            or used.max() >= places
            or not _within(start, length, (first, second, third), places)
        ):
            raise ValueError("it holds no program")
        program = cls.__new__(cls)
        program._take(tuple(map(int, sizes)), arrays, np.array(memory, float))
        return program

    def _take(self, sizes, arrays, memory):
        self.sizes, self.arrays, self.memory, self.outputs = sizes, arrays, memory, sizes[4]
        self._kept: list[object] = []
        self.structure = Function(*sizes, *(wholes(array) for array in arrays), reals(memory), None, None)

    @property
    def steps(self) -> int:
        """Places of results: its instructions, and what is left free between runs."""
        return int(self.arrays[1][-1])

    def keep(self, thing: object) -> None:
        """Keep what the structure points into alive as long as this object."""
        self._kept.append(thing)

    def __call__(self, t: np.ndarray, states: np.ndarray, inputs: np.ndarray) -> np.ndarray:
        """Return the outputs, shape (n, outputs), at times (n,) and states (n, states), under inputs."""
        call, here, out = library(), ctypes.byref(self.structure), np.empty((len(t), self.outputs))
        t, states = np.ascontiguousarray(t, float), np.ascontiguousarray(states, float)
        call.begin(here, address(inputs))
        call.evaluate_many(here, len(t), address(t), address(states), address(out))
        return out


def _starts(batch, start):
    """First instructions of the runs of a batch whose first one starts at `start`."""
    for length, _ in batch.runs:
        yield start
        start += room(length)


def _within(start, length, operands, places):
    """Whether runs read inside the memory."""
    return all((each[start] + room(length) <= places).all() for each in operands)
