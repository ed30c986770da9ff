"""The part of the interphase that cycling adds, the voltage across the interphase, and the two published clocks."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.charged_layer import charging_rate, time_constant
from nasim.submodels.interphase import GROWTH_CURRENT_FLOOR, Interphase, cycling_rate

SIDE = nm.NEGATIVE
HOUR = 3600.0
UNTOUCHED = {SIDE.void_share: 0.0, SIDE.equilibrium_potential: 0.08}
"""No voids; the potential of the first plateau."""
currents = st.floats(-20, 20)


def around(i, T=298.15):
    return {nm.TEMPERATURE: T, nm.CELL_CURRENT: i, SIDE.kinetic_current: i, SIDE.supply: 1.0} | UNTOUCHED


def test_units(quantity):
    per_charge = quantity(0.01, "um") / quantity(1.0, "mA*hour/cm**2")
    grown = per_charge.to("m**3/C").magnitude * 5.1
    assert cycling_rate(0.0, 5.1, per_charge.to("m**3/C").magnitude, 1e-5) == pytest.approx(grown, rel=1e-3)
    assert (quantity(1.0, "A/m**2") / quantity(1.0, "F/m**2")).check("V/s")
    R, C = quantity(50.0, "ohm*cm**2"), quantity(0.1, "uF/cm**2")
    assert time_constant(R, C).to("us").magnitude == pytest.approx(5.0)
    assert charging_rate(quantity(1.0, "A/m**2"), quantity(1.0, "mV"), R, C).check("V/s")


@given(currents, st.floats(0, 1e-5))
def test_breathing_grows_the_layer_either_way_and_rest_does_not(i, L):
    assert cycling_rate(L, i, 1e-11, 1e-5) == cycling_rate(L, -i, 1e-11, 1e-5) >= 0
    assert cycling_rate(L, 0.0, 1e-11, 1e-5) == 0
    assert cycling_rate(1e-5, i, 1e-11, 1e-5) == 0


def test_cycled_growth_is_an_exponential_in_the_charge(alone):
    i, t = 5.1, np.linspace(0, 3e2 * HOUR, 9)
    cell = alone(Interphase(SIDE), around(i))
    (L,) = cell.solve(t, SIDE.interphase_cycled_thickness)
    final, charge = cell.values[nm.CYCLED_FINAL], (np.sqrt(i**2 + GROWTH_CURRENT_FLOOR**2) - GROWTH_CURRENT_FLOOR) * t
    expected = final * (1 - np.exp(-cell.values[nm.CYCLING_GROWTH] * charge / final))
    np.testing.assert_allclose(L, expected, atol=1e-8 * final)


def test_without_growth_per_charge_the_current_does_not_matter(alone):
    t, off = [0, 1e5], {nm.CYCLING_GROWTH: 0.0}
    (cycled,) = alone(Interphase(SIDE), around(5.1), off).solve(t, SIDE.interphase_thickness)
    (rested,) = alone(Interphase(SIDE), around(0.0), off).solve(t, SIDE.interphase_thickness)
    np.testing.assert_allclose(cycled, rested, rtol=1e-8)


def test_the_two_clocks(alone):
    """At rest begun after 1 h, complete 14 h later and flat to 24 h; cycled, 95 % of all growth takes 120 h +- 25 %."""
    t = np.arange(0, 301) * HOUR
    (rest,) = alone(Interphase(SIDE), around(0.0)).solve(t, SIDE.interphase_thickness)
    assert 0.1 < rest[1] / rest[-1] < 0.3 and rest[15] > 0.94 * rest[-1] and rest[24] - rest[15] < 0.05 * rest[-1]
    (cycled,) = alone(Interphase(SIDE), around(5.1)).solve(t, SIDE.interphase_thickness)
    assert 90 <= np.argmax(cycled > 0.95 * cycled[-1]) <= 150


def test_the_voltage_is_that_of_a_resistance_with_its_capacitance(alone):
    """A step of current onto a layer of constant thickness: eta = R i (1 - exp(-t/(R C)))."""
    frozen = {nm.INTERPHASE_INITIAL: 1e-5, nm.CYCLING_GROWTH: 0.0}
    _, layer = Interphase(SIDE).charged()
    R = alone(Interphase(SIDE), around(2.0), frozen).at_start(SIDE.interphase_resistance)[0]
    cell = alone(layer, around(2.0) | {SIDE.interphase_resistance: R})
    C = cell.values[nm.INTERPHASE_CAPACITANCE]
    t = np.linspace(0, 5 * time_constant(R, C), 6)
    (eta,) = cell.solve(t, SIDE.interphase_loss)
    np.testing.assert_allclose(eta, R * 2.0 * (1 - np.exp(-t / (R * C))), rtol=1e-6, atol=1e-12)


def test_a_fast_layer_drops_its_resistance_times_the_current(alone):
    """The limit in which the capacitance does not count: the plain resistance of every other experiment."""
    _, layer = Interphase(SIDE).charged()
    swinging = around(2.0 * pybamm.cos(pybamm.t / HOUR)) | {SIDE.interphase_resistance: 5e-3}
    (eta,) = alone(layer, swinging, {nm.INTERPHASE_CAPACITANCE: 1e-4}).solve([0, HOUR, 2 * HOUR], SIDE.interphase_loss)
    np.testing.assert_allclose(eta[1:], 5e-3 * 2.0 * np.cos([1, 2]), rtol=1e-6)


def test_in_cycling_the_layer_is_a_plain_series_resistance():
    assert Interphase(SIDE).adds[nm.SERIES_RESISTANCE] == (SIDE.interphase_resistance,)
    bare, layer = Interphase(SIDE).charged()
    assert bare.adds[nm.SERIES_RESISTANCE] == () and layer.adds[nm.POLARISATION] == (SIDE.interphase_loss,)
