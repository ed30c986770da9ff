"""The pore study: closed forms, convergence order, conservation of charge, what more conductivity and kinetics do."""

import builtins
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nasim import MissingExtraError, ProtocolError, SolveError
from nasim.studies import pore_elements
from nasim.studies.pore import Kinetics, pore_inhomogeneity, solve_pore

NAS, NPS = 0.09, 0.01


@pytest.fixture(scope="module")
def nps():
    return solve_pore(NPS, cells=16)


def test_the_poorer_conductor_is_less_homogeneous():
    assert pore_inhomogeneity(NAS, cells=16) == pytest.approx(1.0188, abs=2e-4)
    assert pore_inhomogeneity(NPS, cells=16) == pytest.approx(1.1251, abs=2e-4)


@pytest.mark.parametrize("radius", [1.0, 50.0])
@pytest.mark.parametrize("current", [0.0127, 0.51, -0.51, 5.0])
def test_so_it_is_at_any_radius_and_current(radius, current):
    nas, nps = (pore_inhomogeneity(s, radius_um=radius, current_mA_cm2=current, cells=8) for s in (NAS, NPS))
    assert 1 < nas < nps


def test_the_exchange_current_is_the_paper_s(nps):
    assert nps.kinetics.i0 == pytest.approx(13.0)
    assert solve_pore(NPS, cells=4, i0_mA_cm2=0.13).kinetics.i0 == pytest.approx(1.3)


def test_pressure_speeds_the_kinetics():
    slow = solve_pore(NPS, cells=4, stack_pressure_MPa=20)
    factor = np.exp(0.5 * 1.85e-5 * (20e6 - 250e6) / (8.314462618 * 298.15))
    assert slow.kinetics.i0 == pytest.approx(13.0 * factor)
    assert slow.inhomogeneity < solve_pore(NPS, cells=4).inhomogeneity


def test_without_a_pore_current_is_uniform_and_the_potential_is_that_of_one_dimension():
    flat = solve_pore(NPS, radius_um=0, current_mA_cm2=0.5, height_um=40, cells=6)
    kinetics = flat.kinetics
    eta = np.arcsinh(5.0 / (2 * kinetics.i0)) * 2 / kinetics.f
    assert flat.current_density == pytest.approx(np.full_like(flat.x, 5.0), rel=1e-9)
    assert flat.potential == pytest.approx(eta + 5.0 / NPS * flat.points[1], rel=1e-9)
    assert flat.inhomogeneity == pytest.approx(1.0, abs=1e-9)


def test_fast_kinetics_in_a_wide_cell_give_the_field_around_a_cylinder():
    """phi = E (r + R^2/r) sin(theta), so i = i_far (1 + R^2/x^2); the box of W = H = 40 R leaves a few (R/W)^2."""
    wide = solve_pore(NPS, radius_um=5, width_um=200, height_um=200, i0_mA_cm2=1e5, cells=24)
    form = 1 + (wide.radius / wide.x) ** 2
    assert wide.current_density / wide.current_density[-1] == pytest.approx(form / form[-1], rel=4e-3)
    assert wide.current_density[0] / wide.current_density[-1] == pytest.approx(2.0, rel=4e-3)


def test_slow_kinetics_give_uniform_current():
    """Towards an infinite Wagner number what is left over falls with its inverse."""
    excess = [pore_inhomogeneity(NPS, i0_mA_cm2=i0, current_mA_cm2=1e-4, cells=8) - 1 for i0 in (0.01, 0.001)]
    assert excess[0] / excess[1] == pytest.approx(10, rel=0.02)


def test_mesh_convergence_has_its_order():
    """Quadratic elements, graded towards the rim: between third and fourth order for the current density there."""
    values = [solve_pore(NPS, cells=cells).current_density[0] for cells in (4, 8, 16, 32)]
    errors = np.abs(np.diff(values))
    orders = np.log2(errors[:-1] / errors[1:])
    assert np.all((orders > 2.5) & (orders < 4.2)), orders
    assert errors[-1] < 1e-5 * values[-1]


@pytest.mark.parametrize("cells", [4, 8, 16])
def test_the_mesh_covers_the_domain(cells):
    """Curved edges: the area is that of the box less the quarter disc, to the fourth order."""
    mesh = pore_elements.pore_mesh(1.0, 4.0, 3.0, cells)
    basis, surface, far = pore_elements.bases(mesh)
    assert basis.dx.sum() == pytest.approx(12 - np.pi / 4, rel=0.3 / cells**4)
    assert (surface.dx.sum(), far.dx.sum()) == pytest.approx((3.0, 4.0))


@settings(max_examples=12, deadline=None)
@given(
    sigma=st.floats(1e-3, 1.0),
    radius=st.floats(0.1, 100),
    current=st.floats(0.01, 10).flatmap(lambda i: st.sampled_from([i, -i])),
    i0=st.floats(0.1, 100),
)
def test_charge_is_conserved_and_the_largest_current_is_at_the_rim(sigma, radius, current, i0):
    found = solve_pore(sigma, radius_um=radius, current_mA_cm2=current, i0_mA_cm2=i0, cells=6)
    assert found.charge_defect < 1e-10
    relative = found.current_density / found.mean_current_density
    assert np.all(relative > 0)
    assert relative.argmax() == 0
    assert found.inhomogeneity == pytest.approx(relative[0])
    assert found.mean_current_density * (5 - 1) == pytest.approx(current * 10 * 5)


def test_mirror_image_for_the_opposite_current():
    """With gamma = 1/2 stripping is deposition with the sign changed."""
    there, back = (solve_pore(NPS, current_mA_cm2=i, cells=6).current_density for i in (0.5, -0.5))
    assert there == pytest.approx(-back, rel=1e-9)


@pytest.mark.parametrize("phi", [-0.05, 0.0, 0.02])
def test_the_slope_is_the_derivative_of_the_current(phi):
    kinetics = Kinetics(13.0, 0.3, 38.9)
    step = 1e-5
    assert kinetics.slope(phi) == pytest.approx(
        (kinetics.current(phi + step) - kinetics.current(phi - step)) / 2 / step
    )


def test_a_result_can_be_read_as_a_table_and_as_plain_data(nps):
    table = nps.as_table()
    assert list(table) == ["x_um", "current_density_mA_cm2", "relative_current_density"]
    assert (table["x_um"].iloc[0], table["x_um"].iloc[-1]) == pytest.approx((10.0, 50.0))
    assert table["x_um"].is_monotonic_increasing
    record = json.loads(json.dumps(nps.as_record()))
    assert record["inhomogeneity"] == pytest.approx(table["relative_current_density"].max())
    assert record["wagner_number"] == pytest.approx(1.976, abs=1e-3)


def test_a_figure_holds_both_conductivities(nps):
    axes = solve_pore(NAS, cells=8).plot(nps.plot())
    assert [text.get_text() for text in axes[1].get_legend().get_texts()] == ["0.1 mS cm$^{-1}$", "0.9 mS cm$^{-1}$"]
    assert len(axes[1].lines) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"sigma_S_m": 0.0}, "conductivity"),
        ({"sigma_S_m": NPS, "radius_um": 60, "width_um": 50}, "radius 60, width 50"),
        ({"sigma_S_m": NPS, "radius_um": -1.0}, "radius = -1.0 is impossible"),
        ({"sigma_S_m": NPS, "current_mA_cm2": 0.0}, "current density"),
        ({"sigma_S_m": NPS, "cells": 1}, "cells"),
    ],
)
def test_what_makes_no_sense_is_said(arguments, words):
    with pytest.raises(ProtocolError, match=words):
        solve_pore(**arguments)


def test_a_solve_that_does_not_converge_says_so(monkeypatch):
    monkeypatch.setattr(pore_elements, "NEWTON_STEPS", 1)
    with pytest.raises(SolveError, match="did not converge in 1 steps"):
        solve_pore(NPS, cells=4)


def test_a_current_far_beyond_the_exchange_current_converges():
    far = solve_pore(1e-3, current_mA_cm2=1e3, i0_mA_cm2=1e-3, cells=8)
    assert far.charge_defect < 1e-10
    assert far.newton_steps < 15
    assert far.inhomogeneity > 1


def test_without_scikit_fem_the_extra_is_named(monkeypatch):
    def refuse(name, *rest):
        if name == "skfem":
            raise ImportError(name)
        return real(name, *rest)

    real = builtins.__import__
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtraError, match=r"nasim-cells\[studies\]"):
        solve_pore(NPS)
