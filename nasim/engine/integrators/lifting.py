r"""Sparse Jacobians of models in which a few scalars tie everything to everything.

The current of a cell depends on all points of its cathode, and all points on it, so that the Jacobian of the rates is full.
It is sparse again with such a scalar z = h(y, z) as an unknown of its own, a *hub*: with rates f = F(y, z),

.. math::
   \Big(\frac{1}{h\gamma} I - \frac{df}{dy}\Big) k = r \quad\Leftrightarrow\quad
   \begin{pmatrix} \frac{1}{h\gamma} I - F_y & -F_z \\ -h_y & I - h_z \end{pmatrix}
   \begin{pmatrix} k \\ w \end{pmatrix} = \begin{pmatrix} r \\ 0 \end{pmatrix}

exactly, for w is eliminated by its own row. Hubs are found in the graph itself: the results of operations whose promotion
leaves the fewest entries.
"""

from dataclasses import dataclass

import casadi

from .program import Instructions, Result

TRIED = 6
"""Operations tried at a time, those with the most states below and rates above."""
LEAST_GAIN = 1.05
"""A hub must leave fewer entries than before by this factor."""
PATIENCE = 3
"""Promotions without a gain after which the search ends: where two hubs tie the same states, only both together help."""
MOST_HUBS = 24


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
    """

    rates: casadi.SX
    definitions: casadi.SX
    hubs: casadi.SX
    values: casadi.SX


def lifted(function: casadi.Function, t: casadi.SX, y: casadi.SX, p: casadi.SX) -> Lifted:
    """Return the rates of a scalar function of (time, state, inputs) with the hubs that make its Jacobian sparse."""
    code = Instructions(function, join=False)
    chosen = find_hubs(code)
    z = casadi.SX.sym("z", len(chosen))
    rates, definitions = _expressions(code, t, y, p, {number: z[k] for k, number in enumerate(chosen)})
    values = casadi.SX(0, 1)
    for definition in definitions:  # each from the hubs before it
        known = casadi.vertcat(values, casadi.SX(len(chosen) - values.shape[0], 1))
        values = casadi.vertcat(values, casadi.Function("hub", [t, y, z, p], [definition])(t, y, known, p))
    return Lifted(casadi.vertcat(*rates), casadi.vertcat(*definitions, casadi.SX(0, 1)), z, values)


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


def find_hubs(code: Instructions) -> list[int]:
    """Return the numbers of the instructions to promote, in their order."""
    hubs: list[int] = []
    best, (fewest, candidates), idle = hubs, _entries(code, hubs), 0
    while idle < PATIENCE and len(hubs) < MOST_HUBS and candidates:
        trials = {number: _entries(code, sorted([*hubs, number])) for number in candidates if number not in hubs}
        promoted = min(trials, key=lambda number: trials[number][0])
        if trials[promoted][0] * LEAST_GAIN > fewest:
            promoted = next(iter(trials))  # what ties the most together
        hubs, (entries, candidates) = sorted([*hubs, promoted]), trials[promoted]
        idle += 1
        if entries * LEAST_GAIN <= fewest:
            best, fewest, idle = hubs, entries, 0
    return best


def _entries(code, hubs):
    """Entries of the Jacobian with some hubs, and the instructions that are worth trying next.

    Sets of states are the bits of whole numbers; a hub is one more state.
    """
    place = {number: code.states + k for k, number in enumerate(hubs)}
    below, count = [], 0
    for number, step in enumerate(code.steps):
        bits = 0
        for one in step.operands:
            bits |= below[one.number] if isinstance(one, Result) else _state_bit(code, one)
        if number in place:
            count += bits.bit_count() + 1
            bits = 1 << place[number]
        below.append(bits)
    above = [0] * len(code.steps)
    for row, one in enumerate(code.outputs):
        if isinstance(one, Result):
            count += below[one.number].bit_count()
            above[one.number] |= 1 << row
        else:
            count += _state_bit(code, one).bit_count()
    for number in range(len(code.steps) - 1, -1, -1):
        bits = 1 << (code.states + place[number]) if number in place else above[number]
        for one in code.steps[number].operands:
            if isinstance(one, Result):
                above[one.number] |= bits
    worth = [max(low.bit_count() - 1, 0) * max(high.bit_count() - 1, 0) for low, high in zip(below, above, strict=True)]
    ranked = sorted(range(len(worth)), key=lambda number: -worth[number])
    return count, _different(ranked, worth, below, above)


def _different(ranked, worth, below, above):
    """The first few of a ranking that are worth anything and differ in what they tie together."""
    found, seen = [], set()
    for number in ranked:
        if not worth[number]:
            break
        if (below[number], above[number]) not in seen:
            seen.add((below[number], above[number]))
            found.append(number)
        if len(found) == TRIED:
            break
    return found


def _state_bit(code, place):
    return 1 << (place - 1) if 0 < place <= code.states else 0
