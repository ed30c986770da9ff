"""Substitution by rows as C without loops and indices, for machine code: what `solve` of ``c/sparse.c`` does, in the same order.

The factorisation is not written so: it takes so many products that the machine would wait for code instead of indices.
"""

from collections.abc import Iterator

from .plan import Plan
from .runs import HEAD, ROW_DIVIDED

SOLVE = "EXPORT void solve(const double *f, double *x, const double *rest)\n{{\n{lines}}}\n"


def unrolled(plan: Plan) -> str:
    """Return the function ``solve`` of `pattern` in ``c/engine.h``, of a plan that solves by rows."""
    return SOLVE.format(lines="".join(_substitution(plan)))


def _substitution(plan) -> Iterator[str]:
    """The lines that solve for a stage; hubs have a right-hand side of zero."""
    state = {to + k: begin + k for begin, to, count in plan.given.reshape(-1, 3).tolist() for k in range(count)}
    for k, one in state.items():
        yield f"double u{k} = x[{one}] + rest[{one}];\n"
    known = set(state)
    for kind, unknown, pivot, products in _rows(plan.substitution.tolist()):
        k = unknown - plan.stored
        less = "".join(f" - f[{place}] * u{x - plan.stored}" for x, place in products if x - plan.stored in known)
        given = f"u{k}" if k in known else "0"
        if less or k in known:
            divided = f" * f[{pivot}]" if kind == ROW_DIVIDED else ""
            yield f"{'' if k in known else 'double '}u{k} = ({given}{less}){divided};\n"
            known.add(k)
    yield from (f"x[{one}] = u{k};\n" for k, one in state.items())


def _rows(numbers):
    """Kind, places of target and pivot, and pairs of places of the products of each row of a list of rows."""
    while numbers[0]:
        kind, count = numbers[0], numbers[HEAD - 1]
        heads, products = numbers[HEAD : HEAD + 3 * count], numbers[HEAD + 3 * count :]
        begin = 0
        for unknown, pivot, end in zip(heads[::3], heads[1::3], heads[2::3], strict=True):
            yield kind, unknown, pivot, list(zip(products[begin:end:2], products[begin + 1 : end : 2], strict=True))
            begin = end
        numbers = products[begin:]
