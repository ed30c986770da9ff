"""Interphase with its default law: self-limiting growth, resistance, sodium taken, and none at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.arrhenius import arrhenius
from nasim.submodels.growth_laws import self_limiting
from nasim.submodels.interphase import Interphase, NoInterphase

SIDE = nm.NEGATIVE
LAYER = {nm.INTERPHASE_INITIAL: 1e-9, nm.INTERPHASE_FINAL: 1e-5, nm.INTERPHASE_TAU: 1.8e4}
UNTOUCHED = {SIDE.void_share: 0.0, SIDE.equilibrium_potential: 0.08}
"""No voids; the potential of the first plateau."""
AT_REST = {nm.TEMPERATURE: 298.15, SIDE.kinetic_current: 0.0, SIDE.supply: 1.0} | UNTOUCHED
lengths = st.floats(0, 1e-4)


def test_units(quantity):
    rate = self_limiting(quantity(2.0, "um"), quantity(10.0, "um"), quantity(5.0, "hour"))
    assert rate.to("m/s").magnitude == pytest.approx(4.444e-10, rel=1e-3)


@given(lengths, lengths, st.floats(1.0, 1e6))
def test_the_layer_grows_to_its_limit_and_no_further(L, L_inf, tau):
    assert self_limiting(L, L_inf, tau) * (L_inf - L) >= 0
    assert self_limiting(L_inf, L_inf, tau) == 0


def grown(alone, T=298.15, rtol=1e-10, atol=1e-14):
    """Thickness [m] and the exponential that it should be, over 24 h."""
    cell, t = alone(Interphase(SIDE), AT_REST | {nm.TEMPERATURE: T}, LAYER), np.linspace(0, 8.64e4, 9)
    (L,) = cell.solve(t, SIDE.interphase_thickness, rtol=rtol, atol=atol)
    start, end, tau = (cell.values[n] for n in (nm.INTERPHASE_INITIAL, nm.INTERPHASE_FINAL, nm.INTERPHASE_TAU))
    return L, end + (start - end) * np.exp(-arrhenius(T, cell.values[nm.INTERPHASE_EA]) * t / tau), end


@pytest.mark.parametrize("T", [298.15, 333.15])
def test_the_thickness_is_an_exponential_at_rest(alone, T):
    found, expected, end = grown(alone, T)
    np.testing.assert_allclose(found, expected, atol=1e-8 * end)


def test_the_error_of_the_integrator_falls_with_its_tolerance(alone, order):
    tolerances, errors = [1e-4, 1e-6, 1e-8], []
    for tolerance in tolerances:
        found, expected, end = grown(alone, rtol=tolerance, atol=1e-2 * tolerance)
        errors.append(abs(found - expected).max() / end)
    assert 0.65 < order(tolerances, errors) < 0.85


def test_resistance_and_sodium_follow_the_thickness(alone):
    cell, t = alone(Interphase(SIDE), AT_REST), np.linspace(0, 3.6e4, 5)
    names = (SIDE.interphase_thickness, SIDE.interphase_resistance, SIDE.interphase_charge, SIDE.interphase_current)
    L, R, sodium, consumption = cell.solve(t, *names)
    np.testing.assert_allclose(R, L * cell.values[nm.INTERPHASE_RESISTIVITY], rtol=1e-12)
    np.testing.assert_allclose(sodium, L * cell.values[nm.INTERPHASE_CHARGE_DENSITY], rtol=1e-12)
    growth = self_limiting(L, cell.values[nm.INTERPHASE_FINAL], cell.values[nm.INTERPHASE_TAU])
    np.testing.assert_allclose(consumption, growth * cell.values[nm.INTERPHASE_CHARGE_DENSITY], rtol=1e-12)
    assert np.all(np.diff(R) > 0) and np.all(consumption > 0)


def test_growth_gives_off_the_heat_of_its_reaction(alone):
    """The sodium that it binds falls from the alloy to the potential at which the electrolyte is reduced."""
    cell = alone(Interphase(SIDE), AT_REST | {SIDE.equilibrium_potential: 0.5})
    heat, current = cell.at_start(SIDE.interphase_heat, SIDE.interphase_current)
    assert current > 0
    assert heat == pytest.approx(current * (cell.values[nm.INTERPHASE_POTENTIAL] - 0.5), rel=1e-12)
    assert Interphase(SIDE).adds[nm.CHEMICAL_HEAT] == (SIDE.interphase_heat,)


def test_voids_leave_the_current_less_of_the_layer(alone):
    whole, half = (
        alone(Interphase(SIDE), AT_REST | {SIDE.void_share: v}).at_start(SIDE.interphase_resistance)[0]
        for v in (0.0, 0.5)
    )
    assert half == pytest.approx(2 * whole, rel=1e-12)


def test_another_law_can_be_handed_in(alone):
    cell = alone(Interphase(SIDE, law=lambda L, L_inf, tau: L_inf / tau), AT_REST)
    (L,) = cell.solve([0, 3600.0], SIDE.interphase_thickness)
    assert np.ptp(L) == pytest.approx(
        3600 * cell.values[nm.INTERPHASE_FINAL] / cell.values[nm.INTERPHASE_TAU], rel=1e-8
    )


def test_an_interphase_of_no_thickness_is_none(alone):
    """The limit of a vanishing final thickness, in proportion to it."""
    null = alone(NoInterphase(SIDE), {})
    names = null.mechanism.gives
    assert null.at_start(*names) == [0.0] * len(names)
    thin, thinner = (
        alone(Interphase(SIDE), AT_REST, {nm.INTERPHASE_INITIAL: L / 2, nm.INTERPHASE_FINAL: L}).at_start(*names)
        for L in (1e-15, 1e-18)
    )
    np.testing.assert_allclose(thinner, np.array(thin) / 1e3, rtol=1e-9)
    assert max(np.abs(thinner)) < 1e-8


def test_without_sodium_nothing_grows(alone):
    L, taken = alone(Interphase(SIDE), AT_REST | {SIDE.supply: 0.0}).solve(
        [0, 1e5], SIDE.interphase_thickness, SIDE.interphase_current
    )
    assert L[-1] == L[0] > 0 and taken[-1] == 0
