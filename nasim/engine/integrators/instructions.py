"""A CasADi function as a list of instructions, in a form in which it costs less.

A product that only a sum or a difference reads is joined with it. Many quotients have the same divisor, or one that no state
changes: it is inverted once, and they become products, which cost a fifth and may differ in the last bit.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import casadi

from .operations import OPERATIONS, PRODUCTS

COMMUTE = {"ADD", "MUL", *PRODUCTS.values()}
"""Operations whose first two operands may change places."""
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
            if name in COMMUTE:
                what[:2] = sorted(what[:2])
            kinds.append(known.setdefault((name, *what), len(known)))
        return kinds

    def _leaf(self, place, alike):
        """Kind of time, a state, an input or a constant, by its place: a number below zero."""
        if place >= self.first_constant:
            return -1
        return -3 - (self.states + place if place > self.states or not place else alike[place - 1])
