"""The scalar CasADi functions of a built model: rates with Jacobian and events, in an order that suits elimination."""

from collections.abc import Sequence
from dataclasses import dataclass

import casadi
import numpy as np

from .expressions import Expressions
from .instructions import Unsupported
from .lifting import lifted
from .ordering import least_fill
from .plan import Plan, plan
from .program import Program


@dataclass(frozen=True)
class ModelFunctions:
    """What an integrator asks of a model; all functions are of (time, state, inputs), scalar (SX).

    Attributes
    ----------
    order : array of int, shape (states,)
        Place among PyBaMM's states of each state of these functions.
    rate, local, events, drift : casadi.Function, or Program where it was read from a file
        Rates; rates, entries of the Jacobian with hubs (`lifting`) and events in one column; events; derivative of the
        rates by time.
    jacobian : Plan
        Of the elimination of states and hubs.
    event_names : tuple of str
    drifts : bool
        Whether the rates depend on time while the voltage has no slope.
    alike : sequence of int, optional
        Number of the variable that each state belongs to.
    """

    order: np.ndarray
    rate: casadi.Function | Program
    local: casadi.Function | Program
    events: casadi.Function | Program
    drift: casadi.Function | Program
    jacobian: Plan
    event_names: tuple[str, ...]
    drifts: bool
    alike: Sequence[int] | None = None


def model_functions(built, inputs: Sequence[str], slope: str) -> ModelFunctions:
    """Return the functions of a discretised model.

    Parameters
    ----------
    built : pybamm.BaseModel
    inputs : sequence of str
        Names of its inputs, in the order in which they will be handed over.
    slope : str
        The input without which the rates of nasim's own mechanisms do not depend on time.

    Raises
    ------
    Unsupported
        The model has algebraic equations, a mass matrix, or something that cannot be expanded into scalar operations.
    """
    size = built.concatenated_initial_conditions.shape[0]
    _check(built, size)
    rate, events = _expanded(built, Expressions.of(built, inputs))
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", size), casadi.SX.sym("p", len(inputs))
    variables = _variables(built, size)
    sparse = lifted(rate, t, y, p, variables)
    unknowns = casadi.vertcat(y, sparse.hubs)
    J = casadi.jacobian(casadi.vertcat(sparse.rates, sparse.definitions - sparse.hubs), unknowns)
    columns, rows = _pattern(J)
    groups = _alike(built, size, sparse.kinds)
    best = least_fill(J.shape[0], columns, rows, groups)
    elimination = plan(best, columns, rows, size, groups)
    order = np.array([k for k in best.unknowns if k < size])
    moved = casadi.SX(size, 1)
    moved[order.tolist()] = y
    taken = casadi.vertcat(*J.nonzeros())[elimination.taken.tolist()]  # pyright: ignore[reportArgumentType, reportCallIssue]
    entries = casadi.Function("entries", [t, y, sparse.hubs, p], [taken])
    hubs = casadi.Function("hubs", [t, y, p], [sparse.values])
    f, g = rate(t, moved, p)[order.tolist()], events(t, moved, p)
    drift = casadi.jacobian(f, t)
    at_rest = casadi.substitute(drift, p[list(inputs).index(slope)], 0)

    def function(name, out):
        return casadi.Function(name, [t, y, p], [casadi.cse(casadi.densify(out))])

    return ModelFunctions(
        order,
        function("rate", f),
        function("local", casadi.vertcat(f, entries(t, moved, hubs(t, moved, p), p), g)),
        function("events", g),
        function("drift", drift),
        elimination,
        tuple(event.name for event in built.events),
        drifts=casadi.sparsify(at_rest).nnz() > 0,
        alike=[variables[k] for k in order],
    )


def _variables(built, size):
    """Number of the variable that each state belongs to."""
    found = np.zeros(size, dtype=int)
    for number, slices in enumerate(built.y_slices.values()):
        for each in slices:
            found[each] = number
    return found.tolist()


def _check(built, size):
    from scipy.sparse import csr_matrix, identity

    if built.concatenated_algebraic.size:
        raise Unsupported("it has algebraic equations")
    mass = csr_matrix(built.mass_matrix.entries)
    if csr_matrix(mass - identity(size)).count_nonzero():
        raise Unsupported("its mass matrix is not the identity")


def _expanded(built, expression):
    """Rates and events as scalar functions of PyBaMM's own state."""
    rate, events = expression(built.concatenated_rhs), [expression(event.expression) for event in built.events]
    try:
        return [
            casadi.Function(name, expression.arguments, [casadi.densify(out)]).expand()
            for name, out in (("rate", rate), ("events", casadi.vertcat(*events)))
        ]
    except RuntimeError as error:
        raise Unsupported(f"its equations cannot be expanded into scalar operations ({_first_line(error)})") from None


def _first_line(error):
    return str(error).strip().splitlines()[-1].strip()


def _pattern(matrix):
    """Columns and rows of the entries of a CasADi matrix."""
    starts, rows = (np.array(part, dtype=int) for part in matrix.sparsity().get_ccs())
    return np.repeat(np.arange(len(starts) - 1), np.diff(starts)), rows


def _alike(built, size, kinds):
    """Groups of states that are the entries of one variable, and of hubs of a kind, the larger in the order of the smaller.

    An amount may have entries by grain class and node where a potential has them by node alone: the classes of a node that
    follow each other are taken apart, so that entries that differ in their node alone are neighbours in both.
    """
    slices = (each for several in built.y_slices.values() for each in several)
    fields = [np.arange(each.start, each.stop) for each in slices if each.stop - each.start > 1]
    least = min(map(len, fields), default=1)
    groups = [each for each in [*fields, *_hubs_of_a_kind(size, kinds)] if len(each) > 1]
    return [(group.reshape(least, -1).T if len(group) % least == 0 else group).ravel().tolist() for group in groups]


def _hubs_of_a_kind(size, kinds):
    return [size + np.flatnonzero(np.array(kinds) == kind) for kind in dict.fromkeys(kinds)]
