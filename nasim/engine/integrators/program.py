"""A CasADi function as a list of batches, each one operation on many operands, which the library evaluates.

CasADi's own list of instructions is put into an order in which equal operations follow each other, so that the cost of
choosing an operation is paid once a batch. What depends on the inputs alone comes first: it is computed once a step of the
protocol. A product that only a sum or a difference reads is joined with it. Many quotients have the same divisor, or one
that no state changes: it is inverted once, and they become products, which cost a fifth and may differ in the last bit.
"""

import ctypes
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import casadi
import numpy as np

from .library import library
from .operations import NUMBERS, OPERATIONS, PRODUCTS
from .structures import Function, address, reals, wholes

NAMES = {getattr(casadi, f"OP_{name}"): name for name in OPERATIONS if hasattr(casadi, f"OP_{name}")}


class Unsupported(Exception):
    """A model that this integrator cannot take; the message says why."""


class Result(NamedTuple):
    """Where an operand lies: the result of an instruction, by its number."""

    number: int


class Instruction(NamedTuple):
    """An operation and its operands: places in memory, or results of other instructions."""

    name: str
    operands: list


class Instructions:
    """What a CasADi function of (time, state, inputs) with one output does.

    Parameters
    ----------
    function : casadi.Function
        Scalar (SX), its output dense or sparse: the entries in CasADi's order are what is computed.
    join : bool
        Whether divisors are inverted once, and products joined with sums, which CasADi has no name for.

    Attributes
    ----------
    steps : list of Instruction
    constants : list of float
    outputs : list
        Place or result of each entry of the output.
    """

    def __init__(self, function: casadi.Function, join: bool = True):
        self.states, self.inputs = function.nnz_in(1), function.nnz_in(2)
        self.steps: list[Instruction] = []
        self.outputs: list = [None] * function.nnz_out(0)
        known: dict[float, int] = {}
        starts, register = (0, 1, 1 + self.states), {}
        for k in range(function.n_instructions()):
            code, given = function.instruction_id(k), function.instruction_input(k)
            to = function.instruction_output(k)
            if code == casadi.OP_INPUT:
                register[to[0]] = starts[given[0]] + given[1]
            elif code == casadi.OP_CONST:
                place = known.setdefault(function.instruction_constant(k), len(known))
                register[to[0]] = self.first_constant + place
            elif code == casadi.OP_OUTPUT:
                self.outputs[to[1]] = register[given[0]]
            elif code not in NAMES:
                raise Unsupported(f"CasADi's operation {code} is not known to the evaluator")
            else:
                self.steps.append(Instruction(NAMES[code], [register[one] for one in given]))
                register[to[0]] = Result(len(self.steps) - 1)
        self.constants = list(known)
        if join:
            self._invert_divisors()
            self._join_products()

    @property
    def first_constant(self) -> int:
        """Place of the first constant in memory, after time, states and inputs."""
        return 1 + self.states + self.inputs

    @property
    def first_result(self) -> int:
        """Place of the first result in memory."""
        return self.first_constant + len(self.constants)

    def _invert_divisors(self):
        """A divisor that comes more than once, or that states and time leave alone, is inverted once."""
        alone, order, inverse = self.once(), [], {}
        uses = Counter(step.operands[1] for step in self.steps if step.name == "DIV")
        for k, (name, operands) in enumerate(self.steps[:]):
            if name == "DIV" and not alone[k]:
                x, y = operands
                fixed = alone[y.number] if isinstance(y, Result) else y > self.states
                if fixed or uses[y] > 1:
                    if y not in inverse:
                        inverse[y] = Result(len(self.steps))
                        self.steps.append(Instruction("INV", [y]))
                        order.append(inverse[y].number)
                    self.steps[k] = Instruction("MUL", [x, inverse[y]])
            order.append(k)
        self.reorder(order)

    def _join_products(self):
        uses = defaultdict(int)
        for operand in [*(each for step in self.steps for each in step.operands), *self.outputs]:
            if isinstance(operand, Result):
                uses[operand] += 1
        gone = set()
        for k, (name, operands) in enumerate(self.steps):
            for side in (0, 1) if name in ("ADD", "SUB") else ():
                one = operands[side]
                if isinstance(one, Result) and uses[one] == 1 and self.steps[one.number].name == "MUL":
                    factors = self.steps[one.number].operands
                    self.steps[k] = Instruction(PRODUCTS[name, side], [*factors, operands[1 - side]])
                    gone.add(one.number)
                    break
        left = [k for k in range(len(self.steps)) if k not in gone]
        self.reorder(left)

    def reorder(self, order: list[int]) -> None:
        """Put the instructions into an order, those that are not in it being left out."""
        renamed = {old: Result(new) for new, old in enumerate(order)}

        def moved(operand):
            return renamed[operand.number] if isinstance(operand, Result) else operand

        self.steps = [Instruction(self.steps[k].name, [moved(one) for one in self.steps[k].operands]) for k in order]
        self.outputs = [moved(one) for one in self.outputs]

    def once(self) -> list[bool]:
        """Return for each instruction whether it depends on inputs and constants alone."""
        alone: list[bool] = []
        for step in self.steps:
            alone.append(all(alone[x.number] if isinstance(x, Result) else x > self.states for x in step.operands))
        return alone

    def kinds(self, alike: Sequence[int]) -> list[int]:
        """Return the kind of each instruction: of one kind are those that do the same with operands of the same kinds.

        Parameters
        ----------
        alike : sequence of int
            Kind of each state. Constants are all of one kind, inputs each of its own.
        """
        known: dict[tuple, int] = {}
        kinds: list[int] = []
        for name, operands in self.steps:
            what = [kinds[one.number] if isinstance(one, Result) else self._leaf(one, alike) for one in operands]
            if name in ("ADD", "MUL"):
                what.sort()
            kinds.append(known.setdefault((name, *what), len(known)))
        return kinds

    def _leaf(self, place, alike):
        """Kind of a place, a number below zero."""
        if place >= self.first_constant:
            return -1
        return -3 - (self.states + place if place > self.states or not place else alike[place - 1])

    def place(self, operand) -> int:
        """Return the place of an operand in memory."""
        return self.first_result + operand.number if isinstance(operand, Result) else operand


def batched(code: Instructions) -> tuple[list[tuple[str, int]], int]:
    """Put instructions into batches; returns (operation, number of instructions) of each, and how many come once.

    Next is always the operation that the longest chain of others waits for: 30 % fewer batches than with the commonest.
    """
    alone = code.once()
    readers, waiting = defaultdict(list), []
    for k, step in enumerate(code.steps):
        needed = {one.number for one in step.operands if isinstance(one, Result)}
        waiting.append(len(needed))
        for one in needed:
            readers[one].append(k)
    follow = [0] * len(code.steps)
    for k in reversed(range(len(code.steps))):
        follow[k] = 1 + max((follow[reader] for reader in readers[k]), default=0)
    batches, order, once = [], [], 0
    for first in (True, False):
        ready = defaultdict(list)
        for k, step in enumerate(code.steps):
            if alone[k] == first and not waiting[k]:
                ready[step.name].append(k)
        while ready:
            name = max(ready, key=lambda each: (max(follow[k] for k in ready[each]), len(ready[each])))
            batch = sorted(ready.pop(name))
            batches.append((name, len(batch)))
            order += batch
            for reader in (reader for k in batch for reader in readers[k]):
                waiting[reader] -= 1
                if not waiting[reader] and alone[reader] == first:
                    ready[code.steps[reader].name].append(reader)
        once = len(batches) if first else once
    code.reorder(order)
    return batches, once


class Program:
    """A CasADi function in the form that the library evaluates.

    Parameters
    ----------
    function : casadi.Function
        Of (time, state, inputs), scalar, with one output.

    Attributes
    ----------
    structure : Function
        For ctypes; it points into arrays that this object keeps.
    sizes : tuple of int
        Numbers of batches, of those that come once, of states, inputs and outputs, and place of the first result.
    arrays : list of array of int
        Operation and first instruction of each batch, operands of the instructions, places of the outputs.
    memory : array
        Holds the constants; the rest is working memory.
    """

    def __init__(self, function: casadi.Function):
        code = Instructions(function)
        batches, once = batched(code)
        operands = np.zeros((3, len(code.steps) + 1), dtype=np.int32)
        for k, step in enumerate(code.steps):
            operands[: len(step.operands), k] = [code.place(one) for one in step.operands]
        memory = np.zeros(code.first_result + len(code.steps) + 1)
        memory[code.first_constant : code.first_result] = code.constants
        arrays = [
            np.array([NUMBERS[name] for name, _ in batches] + [0], dtype=np.int32),
            np.cumsum([0] + [count for _, count in batches]).astype(np.int32),
            *operands,
            np.array([code.place(one) for one in code.outputs] + [0], dtype=np.int32),
        ]
        self._take((len(batches), once, code.states, code.inputs, len(code.outputs), code.first_result), arrays, memory)

    @classmethod
    def of(cls, sizes: Sequence[int], arrays: Sequence[np.ndarray], memory: np.ndarray) -> "Program":
        """Return the program whose `sizes`, `arrays` and `memory` these are, as they were read from a file.

        Raises
        ------
        ValueError
            They are not those of a program.
        """
        batches, once, states, inputs, outputs, results = map(int, sizes)
        operation, begin, first, second, third, output = (np.ascontiguousarray(array, np.int32) for array in arrays)
        steps, places = int(begin[-1]), len(memory)
        lengths = (len(operation), len(begin), len(first), len(second), len(third), len(output), places)
        wanted = (batches + 1, batches + 1, *[steps + 1] * 3, outputs + 1, results + steps + 1)
        whole = lengths == wanted and 0 <= once <= batches and begin[0] == 0 and 1 + states + inputs <= results
        used = np.concatenate([first, second, third, output])
        if not whole or (np.diff(begin) < 0).any() or used.min() < 0 or used.max() >= places:
            raise ValueError("it holds no program")
        program = cls.__new__(cls)
        program._take(tuple(map(int, sizes)), [operation, begin, first, second, third, output], np.array(memory, float))
        return program

    def _take(self, sizes, arrays, memory):
        self.sizes, self.arrays, self.memory, self.outputs = sizes, arrays, memory, sizes[4]
        self._kept: list[object] = []
        self.structure = Function(*sizes, *(wholes(array) for array in arrays), reals(memory), None, None)

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
