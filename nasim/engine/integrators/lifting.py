r"""Sparse Jacobians of models in which a few scalars tie everything to everything.

The current of a cell depends on all points of its cathode, and all points on it, so that the Jacobian of the rates is full.
It is sparse again with such a scalar z = h(y, z) as an unknown of its own, a *hub*: with rates f = F(y, z),

.. math::
   \Big(\frac{1}{h\gamma} I - \frac{df}{dy}\Big) k = r \quad\Leftrightarrow\quad
   \begin{pmatrix} \frac{1}{h\gamma} I - F_y & -F_z \\ -h_y & I - h_z \end{pmatrix}
   \begin{pmatrix} k \\ w \end{pmatrix} = \begin{pmatrix} r \\ 0 \end{pmatrix}

exactly, for w is eliminated by its own row. Hubs are found in the graph itself: the results of operations whose promotion
leaves the fewest entries. First come those that tie all points together, one by one; then those that are the same at all
points and in all classes of grains, all at once: what ties the states of one point together.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import reduce
from operator import or_

import casadi

from .instructions import Instructions, Result

TRIED = 6
"""Operations tried at a time, those with the most states below and rates above."""
LEAST_GAIN = 1.005
"""A hub must leave fewer entries than before by this factor."""
PATIENCE = 6
"""Promotions without a gain after which the search ends: where two hubs tie the same states, only both together help."""
MOST_HUBS = 40
"""Of those that are promoted one by one."""
TRIED_GROUPS, SMALLEST_GROUP = 12, 6
"""Groups tried at a time, and operations in the smallest. Of those that tie the same together the last is tried: all paths go
through it."""


@dataclass(frozen=True)
class Lifted:
    """Rates with hubs, as expressions (SX).

    Attributes
    ----------
    rates, definitions : casadi.SX
        F and h, of state and hubs.
    hubs : casadi.SX
        The symbols z.
    values : casadi.SX
        The hubs as functions of the state.
    kinds : list of int
        Kind of the operation that each hub is the result of.
    """

    rates: casadi.SX
    definitions: casadi.SX
    hubs: casadi.SX
    values: casadi.SX
    kinds: list[int]


def lifted(
    function: casadi.Function, t: casadi.SX, y: casadi.SX, p: casadi.SX, alike: Sequence[int] | None = None
) -> Lifted:
    """Return the rates of a scalar function of (time, state, inputs) with the hubs that make its Jacobian sparse.

    Parameters
    ----------
    function : casadi.Function
    t, y, p : casadi.SX
        Its arguments.
    alike : sequence of int, optional
        Kind of each state: those of a kind are the same at other points. Default: each of its own.
    """
    code = Instructions(function, join=False)
    alike = alike or range(code.states)
    kinds = code.kinds(alike)
    chosen = find_hubs(code, alike, kinds)
    z = casadi.SX.sym("z", len(chosen))
    rates, definitions = _expressions(code, t, y, p, {number: z[k] for k, number in enumerate(chosen)})
    values = casadi.SX(0, 1)
    for definition in definitions:  # each from the hubs before it
        known = casadi.vertcat(values, casadi.SX(len(chosen) - values.shape[0], 1))
        values = casadi.vertcat(values, casadi.Function("hub", [t, y, z, p], [definition])(t, y, known, p))
    definitions = casadi.vertcat(*definitions, casadi.SX(0, 1))
    return Lifted(casadi.vertcat(*rates), definitions, z, values, [kinds[number] for number in chosen])


def _expressions(code, t, y, p, replaced):
    """Expressions of the outputs, with some instructions replaced by symbols, and the definitions of those."""
    values, definitions = [], []

    def expression(one):
        return values[one.number] if isinstance(one, Result) else _leaf(code, one, t, y, p)

    for number, (name, operands) in enumerate(code.steps):
        make = casadi.SX.binary if len(operands) == 2 else casadi.SX.unary
        value = make(getattr(casadi, f"OP_{name}"), *map(expression, operands))
        if number in replaced:
            definitions.append(value)
        values.append(replaced.get(number, value))
    return [expression(one) for one in code.outputs], definitions


def _leaf(code, place, t, y, p):
    if place >= code.first_constant:
        return casadi.SX(code.constants[place - code.first_constant])
    if place > code.states:
        return p[place - code.states - 1]
    return y[place - 1] if place else t


def find_hubs(code: Instructions, alike: Sequence[int], kinds: Sequence[int]) -> list[int]:
    """Return the numbers of the instructions to promote, in their order, from the kinds of states and of instructions."""
    graph = _promoted(Graph(code), [[number] for number in range(len(code.steps))], TRIED, MOST_HUBS)
    if max(Counter(alike).values(), default=0) >= SMALLEST_GROUP:
        groups = defaultdict(list)
        for number, kind in enumerate(kinds):
            groups[kind].append(number)
        wide = [group[::-1] for group in reversed(groups.values()) if len(group) >= SMALLEST_GROUP]
        graph = _promoted(graph, wide, TRIED_GROUPS)
    return sorted(graph.definitions)


def _promoted(graph, units, tried, most=sys.maxsize):
    """The graph with units of instructions as hubs, as long as they leave fewer entries."""
    best, fewest, idle = graph, graph.entries(), 0
    while idle < PATIENCE and len(graph.definitions) < most:
        trials = [graph.promoted(unit) for unit in graph.candidates(units, tried)]
        if not trials:
            break
        counts = [trial.entries() for trial in trials]
        found = counts.index(min(counts))
        found = found if counts[found] * LEAST_GAIN <= fewest else 0  # what ties the most together
        graph, idle = trials[found], idle + 1
        if counts[found] * LEAST_GAIN <= fewest:
            best, fewest, idle = graph, counts[found], 0
    return best


class Graph:
    """What depends on what. Sets of states are the bits of whole numbers; a hub is one more state.

    Attributes
    ----------
    below : list of int
        States that each instruction depends on, as those see it that read it: a hub is itself.
    definitions : dict
        Number of each hub -> states that its definition depends on, in the order of promotion.
    """

    def __init__(self, code: Instructions):
        self.states = code.states
        self.steps = [self._read(code, step.operands) for step in code.steps]
        self.outputs = [self._read(code, [one]) for one in code.outputs]
        self.readers: list[list[int]] = [[] for _ in self.steps]
        self.below: list[int] = []
        self.definitions: dict[int, int] = {}
        for number, (operands, bits) in enumerate(self.steps):
            for one in operands:
                bits |= self.below[one]
                self.readers[one].append(number)
            self.below.append(bits)

    @staticmethod
    def _read(code, operands):
        """Instructions and states that some operands are."""
        own = [1 << (one - 1) for one in operands if not isinstance(one, Result) and 0 < one <= code.states]
        return [one.number for one in operands if isinstance(one, Result)], reduce(or_, own, 0)

    def promoted(self, hubs: Sequence[int]) -> "Graph":
        """Return the graph with further hubs; only what reads them, and what reads that, is gone through."""
        graph, below = copy(self), self.below.copy()
        graph.below, graph.definitions = below, self.definitions | {hub: below[hub] for hub in hubs}
        touched, number = bytearray(len(below)), -1
        for k, hub in enumerate(hubs, start=self.states + len(self.definitions)):
            below[hub] = 1 << k
            for reader in self.readers[hub]:
                touched[reader] = 1
        while (number := touched.find(1, number + 1)) >= 0:
            operands, bits = self.steps[number]
            for one in operands:
                bits |= below[one]
            if number in graph.definitions:
                graph.definitions[number] = bits
            elif bits != below[number]:
                below[number] = bits
                for reader in self.readers[number]:
                    touched[reader] = 1
        return graph

    def entries(self) -> int:
        """Return the number of entries of the Jacobian."""
        rows = (reduce(or_, (self.below[one] for one in operands), bits) for operands, bits in self.outputs)
        return sum(bits.bit_count() + 1 for bits in self.definitions.values()) + sum(bits.bit_count() for bits in rows)

    def candidates(self, units: list[list[int]], tried: int) -> list[list[int]]:
        """Return units of instructions that are worth trying as further hubs, what ties the most together first."""
        place = {number: len(self.outputs) + k for k, number in enumerate(self.definitions)}
        above = [0] * len(self.steps)
        for row, (operands, _) in enumerate(self.outputs):
            for one in operands:
                above[one] |= 1 << row
        for number in range(len(self.steps) - 1, -1, -1):
            bits = 1 << place[number] if number in place else above[number]
            for one in self.steps[number][0]:
                above[one] |= bits
        ties = [(low.bit_count() - 1) * (high.bit_count() - 1) for low, high in zip(self.below, above, strict=True)]
        worth = [
            0 if any(number in place for number in unit) else sum(ties[number] for number in unit) for unit in units
        ]
        found: dict[tuple[int, ...], list[int]] = {}
        for k in sorted((k for k, value in enumerate(worth) if value > 0), key=lambda k: -worth[k]):
            ends = (units[k][0], units[k][-1])
            found.setdefault(
                (len(units[k]), *(each[number] for number in ends for each in (self.below, above))), units[k]
            )
            if len(found) == tried:
                break
        return list(found.values())
