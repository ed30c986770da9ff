"""Alloy electrode: kinetics under pressure, plateaus, inventory, plating and depletion."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels import alloy_anode
from nasim.submodels.alloy_anode import (
    NA_PER_SN,
    AlloyElectrode,
    equilibrium_potential,
    kinetic_current,
    pressure_factor,
    rest_potential,
    supply,
)
from nasim.submodels.kinetics import ATMOSPHERE

F_OVER_RT = 38.92
PLATEAUS = (0.53, 0.46, 0.16, 0.08)
gammas = st.floats(0.05, 0.95)
etas = st.floats(-0.5, 0.5)


def test_units(quantity, monkeypatch):
    monkeypatch.setattr(alloy_anode, "R_GAS", quantity(alloy_anode.R_GAS, "J/mol/K"))
    T, volume = quantity(298.15, "K"), quantity(23.78, "cm**3/mol")
    factor = pressure_factor(quantity(250.0, "MPa"), quantity(0.0, "Pa"), volume, 0.5, T)
    assert factor.to("").magnitude == pytest.approx(3.32, abs=0.01)
    bound, f = quantity(1e6, "A/m**2"), quantity(38.92, "1/V")
    i = kinetic_current(quantity(10.0, "mV"), quantity(1.3, "mA/cm**2"), 0.5, f, bound=bound)
    assert i.to("A/m**2").magnitude == pytest.approx(5.09, abs=0.01)
    monkeypatch.setattr(alloy_anode, "PLATING_POTENTIAL", quantity(0.0, "V"))
    assert equilibrium_potential(3.0, [quantity(U, "V") for U in PLATEAUS]).check("V")


@given(etas, gammas, st.floats(1e-3, 1e3))
def test_current_flows_with_the_overpotential(eta, gamma, i0):
    i = kinetic_current(eta, i0, gamma, F_OVER_RT)
    assert i * eta >= 0
    assert kinetic_current(0.0, i0, gamma, F_OVER_RT) == 0
    assert kinetic_current(eta + 0.01, i0, gamma, F_OVER_RT) > i
    assert kinetic_current(-eta, i0, 1 - gamma, F_OVER_RT) == pytest.approx(-i, rel=1e-9)


@pytest.mark.parametrize(("gamma", "expected"), [(0.3, 2), (0.5, 3)])
def test_small_overpotentials_are_linear(order, gamma, expected):
    """i = i0 f eta, with an error of order 2, or 3 where the law is symmetric."""
    eta = np.geomspace(1e-4, 1e-3, 5)
    errors = abs(kinetic_current(eta, 13.0, gamma, F_OVER_RT) - 13.0 * F_OVER_RT * eta)
    assert order(eta, errors) == pytest.approx(expected, abs=0.02)


@given(etas, gammas, st.floats(1e-3, 1e3), st.floats(0, 1))
def test_a_rate_stays_below_its_bound(eta, gamma, i0, s):
    assert abs(kinetic_current(20 * eta, i0, gamma, F_OVER_RT, s, 1e6)) <= 1e6 * (1 + 1e-9)


@given(st.floats(-2e8, 1e9), st.floats(1e6, 5e8), gammas)
def test_pressure_raises_the_exchange_current(above, reference, gamma):
    assert pressure_factor(reference, reference, 2.4e-5, gamma, 298.15) == 1
    factor = pressure_factor(reference + above, reference, 2.4e-5, gamma, 298.15)
    assert (factor - 1) * above >= 0


@given(st.floats(-1.0, 6.0), st.floats(0, 1.0))
def test_the_potential_falls_as_sodium_goes_in(z, more):
    U = equilibrium_potential(z, PLATEAUS)
    assert -1e-12 <= equilibrium_potential(z + more, PLATEAUS) <= U + 1e-12 <= 0.53 + 2e-12


@pytest.mark.parametrize(
    ("z", "U"), [(0.25, 0.53), (0.75, 0.46), (1.6, 0.16), (3.0, 0.08), (NA_PER_SN, 0.08), (4.5, 0.0)]
)
def test_the_plateaus_and_sodium_metal(z, U):
    assert equilibrium_potential(z, PLATEAUS) == pytest.approx(U, abs=1e-4)


# --- as a mechanism ---------------------------------------------------------------------------------------------------

SMALL = {nm.ALLOY_CAPACITY: 1e4, nm.ALLOY_INITIAL_CONTENT: 3.0}


def electrode(alone, current, values=(), side=nm.NEGATIVE, pressure=ATMOSPHERE, consumption=0.0, depletion=0.0):
    given = {nm.TEMPERATURE: 298.15, nm.STACK_PRESSURE: pressure, nm.CELL_CURRENT: current}
    given |= {side.contact_fraction: 1.0, side.interphase_current: consumption, side.depletion: depletion}
    return alone(AlloyElectrode(side), given, {nm.APPLIED_PRESSURE: pressure} | dict(values))


def test_at_zero_current_nothing_moves(alone):
    t, side = np.linspace(0, 3.6e4, 4), nm.NEGATIVE
    eta, taken, i = electrode(alone, 0.0, SMALL).solve(t, side.overpotential, side.extracted, side.kinetic_current)
    np.testing.assert_allclose([eta, taken, i], 0.0, atol=1e-12)


@pytest.mark.parametrize("side", [nm.NEGATIVE, nm.POSITIVE])
def test_all_charge_is_found_in_alloy_and_double_layer(alone, side):
    """What leaves the alloy is the charge passed, less that of the double layer, plus the interphase's."""
    t, current, consumption = np.linspace(0, 600, 7), 2.0, 0.5
    names = (side.extracted, side.double_layer_sodium, side.inventory, side.kinetic_loss)
    taken, layer, inventory, loss = electrode(alone, current, SMALL, side, consumption=consumption).solve(t, *names)
    expected = (side.sign * current + consumption) * t + (layer - layer[0])
    np.testing.assert_allclose(taken, expected, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(inventory, inventory[0] - taken, rtol=1e-12)
    assert loss[0] == pytest.approx(0, abs=1e-12) and np.all(loss[1:] > 0)


def test_the_overpotential_settles_at_that_of_the_kinetics(alone):
    side = nm.NEGATIVE
    values = {nm.ALLOY_ALPHA: 0.5, nm.ALLOY_INITIAL_CONTENT: 3.0, nm.REFERENCE_PRESSURE: 250e6}
    cell = electrode(alone, 1.0, values, pressure=250e6)
    (eta,) = cell.solve([0, 50.0, 100.0], side.overpotential)
    i0 = cell.values[nm.ALLOY_I0]
    assert eta[-1] == pytest.approx(2 / F_OVER_RT * np.arcsinh(1 / (2 * i0)), rel=1e-3)


def test_pressure_drives_sodium_out_of_the_alloy(alone):
    """Eq. 4: the potential falls by Omega (P - 1 atm)/F, some 60 mV at 250 MPa, and a cell starts at rest there."""
    side = nm.NEGATIVE
    found = []
    for pressure in (ATMOSPHERE, 250e6):
        cell = electrode(alone, 0.0, SMALL, pressure=pressure)
        U, eta = cell.at_start(side.equilibrium_potential, side.overpotential)
        found.append(U)
        assert eta == pytest.approx(0, abs=1e-12)
    lowered = cell.values[nm.ALLOY_MOLAR_VOLUME] * (250e6 - ATMOSPHERE) / 96485.33
    assert found[0] - found[1] == pytest.approx(lowered, rel=1e-6) and 0.03 < lowered < 0.07


def test_the_alloy_reacts_at_the_potential_of_its_surface(alone):
    side = nm.NEGATIVE
    whole, depleted = (
        electrode(alone, 0.0, SMALL, depletion=depletion).at_start(side.equilibrium_potential, side.sodium_content)
        for depletion in (0.0, 1.4)
    )
    assert (whole[0], depleted[0]) == pytest.approx((0.08, 0.16), abs=1e-3)
    assert whole[1] == depleted[1] == pytest.approx(3.0)


def test_what_is_returned_beyond_full_plates_at_zero_volt(alone):
    side = nm.NEGATIVE
    cell = electrode(alone, -2.0, SMALL | {nm.ALLOY_INITIAL_CONTENT: NA_PER_SN})
    z, U, taken = cell.solve([0, 600.0], side.sodium_content, side.equilibrium_potential, side.extracted)
    assert (z[-1] - NA_PER_SN) * SMALL[nm.ALLOY_CAPACITY] / NA_PER_SN == pytest.approx(-taken[-1], rel=1e-12)
    assert U[-1] == pytest.approx(0, abs=1e-6)


def test_a_thin_alloy_runs_through_its_plateaus(alone):
    side = nm.NEGATIVE
    U, z = electrode(alone, 2.0, SMALL).solve(np.linspace(0, 3900, 14), side.equilibrium_potential, side.sodium_content)
    assert np.all(np.diff(z) < 0) and z[-1] < 0.2
    assert np.all(np.diff(U) > -1e-9)
    assert set(np.round(U, 2)) >= {0.08, 0.16, 0.46, 0.53}


def test_an_empty_alloy_gives_nothing_and_takes_sodium_up_again(alone):
    """Emptied at constant current it stops at none, whatever draws on it; then it is plated as any other."""
    side, capacity = nm.NEGATIVE, 3.6e3
    cell = electrode(alone, 2.0, {nm.ALLOY_CAPACITY: capacity, nm.ALLOY_INITIAL_CONTENT: NA_PER_SN})
    z, eta, s = cell.solve(
        [0, 0.25 * capacity, 0.4995 * capacity], side.sodium_content, side.overpotential, side.supply
    )
    assert s[0] == 1 and 0 < z[-1] < 0.01 and s[-1] < 0.5
    assert abs(eta[-1]) < 0.02
    back = electrode(alone, -2.0, {nm.ALLOY_CAPACITY: capacity, nm.ALLOY_INITIAL_CONTENT: 0.0})
    z, U = back.solve([0, 0.25 * capacity], side.sodium_content, side.equilibrium_potential)
    assert z[-1] == pytest.approx(NA_PER_SN / 2, rel=1e-3)
    assert U[-1] == pytest.approx(0.16, abs=1e-3)


@given(st.floats(-0.1, 5.0), st.floats(0, 1))
def test_the_supply_ends_with_the_sodium(z, more):
    assert supply(z) * z >= 0 and -1 <= supply(z) <= supply(z + more) <= 1
    if z > 1e-3:
        eta = rest_potential(z, PLATEAUS, F_OVER_RT) - equilibrium_potential(z, PLATEAUS)
        assert kinetic_current(eta, 1.0, 0.5, F_OVER_RT, supply(z)) == pytest.approx(0, abs=1e-9)
        assert rest_potential(z + more, PLATEAUS, F_OVER_RT) <= rest_potential(z, PLATEAUS, F_OVER_RT) + 1e-12
