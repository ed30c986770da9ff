"""Substitution as C without loops and indices, for machine code: what `solve` of ``c/sparse.c`` does, in the same order.

The factorisation is not written so: it takes so many products that the machine would wait for code instead of indices.
"""

from collections.abc import Iterator

import numpy as np

from .ordering import Plan

SOLVE = "EXPORT void solve(const double *f, double *x, const double *rest)\n{{\n{lines}}}\n"


def unrolled(plan: Plan, unknown: np.ndarray) -> str:
    """Return the function ``solve`` of `pattern` in ``c/engine.h``.

    Parameters
    ----------
    plan : Plan
    unknown : array of int
        Which unknown each state is.
    """
    return SOLVE.format(lines="".join(_substitution(plan, unknown)))


def _substitution(plan, unknown) -> Iterator[str]:
    """The lines that solve for a stage; hubs have a right-hand side of zero."""
    state, diagonal = {one: k for k, one in enumerate(unknown.tolist())}, int(plan.left[plan.size])
    nothing = set()

    def products(places, name):
        found = [(place, int(plan.column[place])) for place in places]
        return "".join(f" - f[{place}] * {name}{k}" for place, k in found if k not in nothing)

    for k in range(plan.size):
        given = f"x[{state[k]}] + rest[{state[k]}]" if k in state else ""
        less = products(range(plan.left[k], plan.left[k + 1]), "u")
        if given or less:
            yield f"const double u{k} = ({given}{less}) * f[{diagonal + k}];\n"
        else:
            nothing.add(k)
    zero, nothing = nothing, set()
    for k in reversed(range(plan.size)):
        less = products(reversed(range(plan.right[k], plan.right[k + 1])), "v")
        yield f"const double v{k} = {'0' if k in zero else f'u{k}'}{less};\n"
        if k in state:
            yield f"x[{state[k]}] = v{k};\n"
