"""Hubs: the Jacobian stays what it was, and its entries go with the number of points across the cathode."""

import casadi
import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.integrators.functions import model_functions
from nasim.engine.integrators.instructions import Instructions
from nasim.engine.integrators.lifting import Graph, find_hubs, lifted
from nasim.engine.integrators.runs import HEAD
from nasim.engine.stepper import Stepper
from nasim.parameters import load


def test_eliminating_the_hubs_gives_the_full_jacobian():
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", 30), casadi.SX.sym("p", 1)
    total = casadi.sum1(y**2)
    second = casadi.exp(-total) * casadi.sum1(casadi.sin(y))
    f = casadi.Function("f", [t, y, p], [y * p + total * casadi.cos(y) + second * y**2])
    sparse = lifted(f, t, y, p)
    assert sparse.hubs.shape[0] == 2
    unknowns = casadi.vertcat(y, sparse.hubs)
    J = casadi.jacobian(casadi.vertcat(sparse.rates, sparse.definitions - sparse.hubs), unknowns)
    assert J.nnz() < 180
    values = casadi.Function("values", [t, y, p], [sparse.values])
    here = np.linspace(-1, 1, 30)
    big = np.asarray(casadi.Function("J", [t, y, sparse.hubs, p], [J])(0, here, values(0, here, 2.0), 2.0))
    small = big[:30, :30] - big[:30, 30:] @ np.linalg.solve(big[30:, 30:], big[30:, :30])
    full = casadi.Function("full", [t, y, p], [casadi.jacobian(f(t, y, p), y)])
    np.testing.assert_allclose(small, full(0, here, 2.0), rtol=1e-12, atol=1e-13)


def test_entries_are_counted_as_they_are_where_a_hub_reads_another():
    """The graph's count is that of CasADi's Jacobian, in whatever order hubs are promoted."""
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", 20), casadi.SX.sym("p", 1)
    total = casadi.sum1(y**2)
    second = casadi.sum1(casadi.sin(y + total))
    f = casadi.Function("f", [t, y, p], [y * p + total * casadi.cos(y) + second * y**2])
    sparse, code = lifted(f, t, y, p), Instructions(f, join=False)
    unknowns = casadi.vertcat(y, sparse.hubs)
    J = casadi.jacobian(casadi.vertcat(sparse.rates, sparse.definitions - sparse.hubs), unknowns)
    alike = range(code.states)
    hubs = find_hubs(code, alike, code.kinds(alike))
    assert len(hubs) == 2
    for order in (hubs, hubs[::-1]):
        graph = Graph(code)
        for hub in order:
            graph = graph.promoted([hub])
        assert graph.entries() == J.nnz()
    assert Graph(code).promoted(hubs).entries() == J.nnz()


def test_what_ties_the_states_of_a_point_together_is_a_hub_at_all_points():
    points, each = 6, 8
    t, y, p = casadi.SX.sym("t"), casadi.SX.sym("y", points * each), casadi.SX.sym("p", 1)
    table = casadi.reshape(y, points, each)
    tied = casadi.exp(casadi.sum2(table) * casadi.DM(range(3, points + 3)))
    rates = casadi.vec(casadi.sin(table) * casadi.repmat(tied, 1, each))
    kinds = [k // points for k in range(points * each)]
    sparse = lifted(casadi.Function("f", [t, y, p], [rates]), t, y, p, kinds)
    assert sparse.hubs.shape[0] == points
    assert len(set(sparse.kinds)) == 1
    J = casadi.jacobian(casadi.vertcat(sparse.rates, sparse.definitions), casadi.vertcat(y, sparse.hubs))
    assert J.nnz() == points * 3 * each


def operations(numbers):
    """Operations of a list of batches of runs."""
    found = 0
    while numbers[0]:
        _, length, times, _, _, count = numbers[:HEAD]
        found, numbers = found + length * times * count, numbers[HEAD + 3 * count :]
    return found


@pytest.fixture(scope="module")
def sizes():
    """Points across the cathode -> (entries of the factors, operations of the elimination)."""
    found = {}
    for points in (10, 40):
        model = nasim.FullCell(cathode=nasim.PorousCathode(points))
        stepper = Stepper(model, load("Yuan2025_NAS").to_pybamm())
        plan = model_functions(stepper.built, list(stepper.idle), nm.STEP_SLOPE).jacobian
        found[points] = np.array([plan.stored, operations(plan.elimination.tolist())])
    return found


def test_the_cost_of_a_factorisation_is_linear_in_the_points(sizes):
    assert np.all(np.log(sizes[40] / sizes[10]) / np.log(4) < 1.15)
