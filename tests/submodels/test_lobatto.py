"""Lobatto mesh: exact polynomials, charge to rounding, its order on a diffusion problem, a porous cathode on few nodes."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.errors import CompositionError
from nasim.parameters import load
from nasim.submodels.lobatto import Lobatto, LobattoSubMesh, lobatto


@pytest.mark.parametrize("n", [3, 6, 9])
def test_polynomials_are_exact(n):
    x, w, D = lobatto(n)
    for power in range(n):
        np.testing.assert_allclose(D @ x**power, power * x ** max(power - 1, 0), atol=1e-11)
    for power in range(2 * n - 2):
        assert w @ x**power == pytest.approx(1 / (power + 1), rel=1e-12)
    v = np.random.default_rng(0).normal(size=n)
    assert w @ (D @ v) == pytest.approx(v[-1] - v[0], abs=1e-11)


def cooled(points, span=2.0):
    """Largest error of u_t = u_xx on [0, span] with closed ends, from cos(pi x/span), at the time of one decay."""
    x, model = pybamm.SpatialVariable("x", domain="line", coord_sys="cartesian"), pybamm.BaseModel()
    u = pybamm.Variable("u", domain="line")
    model.rhs, model.initial_conditions = {u: pybamm.div(pybamm.grad(u))}, {u: pybamm.cos(np.pi * x / span)}
    closed = (pybamm.Scalar(0), "Neumann")
    model.boundary_conditions = {u: {"left": closed, "right": closed}}
    mesh = pybamm.Mesh({"line": {x: {"min": 0, "max": span}}}, {"line": LobattoSubMesh}, {"x": points})
    pybamm.Discretisation(mesh, {"line": Lobatto()}).process_model(model)
    end = (span / np.pi) ** 2
    solution = pybamm.IDAKLUSolver(rtol=1e-12, atol=1e-13).solve(model, [0, end])
    return np.abs(solution.y[:, -1] - np.cos(np.pi * mesh["line"].nodes / span) * np.exp(-1)).max()


def test_errors_fall_faster_than_a_power():
    errors = [cooled(n) for n in (5, 7, 9)]
    assert errors[0] < 1e-2 and errors[1] < errors[0] / 30 and errors[2] < errors[1] / 30


def test_conditions_of_another_kind_are_refused():
    u, method = pybamm.Variable("u", domain="line"), Lobatto()
    x = pybamm.SpatialVariable("x", domain="line", coord_sys="cartesian")
    method.build(pybamm.Mesh({"line": {x: {"min": 0, "max": 1}}}, {"line": LobattoSubMesh}, {"x": 4}))
    given = {u: {"left": (pybamm.Scalar(0), "Dirichlet")}}
    with pytest.raises(NotImplementedError, match="Dirichlet"):
        method.gradient(u, pybamm.StateVector(slice(0, 4)), given)


def test_a_mesh_survives_json():
    x = pybamm.SpatialVariable("x", domain="line", coord_sys="cartesian")
    mesh = LobattoSubMesh({x: {"min": 0.0, "max": 2.0}}, {"x": 5})
    again = LobattoSubMesh._from_json(mesh.to_json())
    np.testing.assert_allclose(again.nodes, mesh.nodes)
    assert again.npts == 5


@pytest.fixture(scope="module")
def discharges():
    """A cycle on either mesh."""
    found = {}
    for mesh, points in (("volumes", 10), ("lobatto", 5)):
        cell = nasim.FullCell(cathode=nasim.PorousCathode(points, classes=1, mesh=mesh))
        found[mesh] = nasim.GCD(cycles=1, keep=()).run(cell)
    return found


def test_five_nodes_agree_with_volumes(discharges):
    few, many = (discharges[mesh].summary for mesh in ("lobatto", "volumes"))
    for column in ("discharge_capacity_mAh_cm2", "mean_discharge_voltage_V", "mean_charge_voltage_V"):
        np.testing.assert_allclose(few[column], many[column], rtol=1e-3)
    assert max(discharges["lobatto"].audit().values()) < 1e-12


def test_means_of_curves_are_weighted():
    """What is stored in the sulfur is the mean of what its species hold, by the weights of the nodes."""
    cell = nasim.FullCell(cathode=nasim.PorousCathode(5, mesh="lobatto"))
    stepper = Stepper(cell, load("Yuan2025_NAS").to_pybamm())
    segment = stepper.run(Step("discharge", 2e3, current=3.0))
    names = [nm.SULFUR.stored_charge, nm.SULFUR.capacity, nm.SULFUR.fraction(1), nm.SULFUR.fraction(2)]
    stored, capacity, half, full = stepper.observe(names, segment.t, segment.y, segment.inputs)
    assert stored == pytest.approx(capacity * (half + 2 * full), rel=1e-9)


def test_a_mesh_that_is_none_is_refused():
    with pytest.raises(CompositionError, match="'spectral' was given as mesh; expected 'volumes' or 'lobatto'"):
        nasim.PorousCathode(mesh="spectral")


def test_a_catholyte_of_fixed_composition_lies_on_the_nodes():
    cathode = nasim.PorousCathode(5, nasim.FixedCatholyte(), mesh="lobatto")
    model = nasim.FullCell(cathode=cathode, chains=[nasim.SulfurConversion()])
    found = nasim.GCD(cycles=1).run(model)
    assert max(found.audit().values()) < 1e-12
