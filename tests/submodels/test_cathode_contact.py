"""Contact: bounds and trends of each part, closed forms of its states, the limit of full contact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels import cathode_contact as contact
from nasim.submodels.arrhenius import arrhenius
from nasim.submodels.cathode_contact import (
    TRACKING_WIDTH,
    FullContact,
    PressureContact,
    connected_at,
    creep_rate,
    gap,
    loss_rate,
    softplus,
    strain,
)

pressures = st.floats(1e5, 1e9)
strains = st.floats(-0.1, 0.4)
widths = st.floats(1e-5, 0.1)
exponents = st.floats(0.3, 2.0)


def test_units(quantity, monkeypatch):
    monkeypatch.setattr(contact, "FARADAY", quantity(contact.FARADAY, "C/mol"))
    swelling = strain(quantity(0.8, "mAh/cm**2"), quantity(13.3, "cm**3/mol"), quantity(15.4, "um"))
    assert swelling.to("").magnitude == pytest.approx(0.258, abs=0.001)
    assert connected_at(quantity(20.0, "MPa"), quantity(28.3e6, "Pa"), 0.876).to("").magnitude == pytest.approx(
        0.522, abs=1e-3
    )
    assert creep_rate(0.3, quantity(1.0, "hour")).check("1/s")
    assert loss_rate(0.1, quantity(1e-5, "1/s"), 0.002).check("1/s")


@given(st.floats(-1, 1), st.floats(0, 0.1), widths)
def test_softplus_is_a_smooth_maximum(x, more, width):
    assert max(x, 0) <= softplus(x, width) <= max(x, 0) + width * np.log(2) + 1e-15
    assert softplus(x, width) == pytest.approx(width * np.logaddexp(0, x / width), abs=1e-15, rel=1e-12)
    assert softplus(x + more, width) >= softplus(x, width)
    assert softplus(x, width) - softplus(-x, width) == pytest.approx(x, abs=1e-12)


@given(pressures, pressures, st.floats(1e6, 1e8), exponents, st.floats(0, 1))
def test_pressure_and_time_make_contact(low, more, P0, m, creep):
    assert 0 <= connected_at(low, P0, m) <= connected_at(low + more, P0, m) <= 1
    assert connected_at(low, P0, m, creep) >= connected_at(low, P0, m)


@given(strains, strains, st.floats(0, 0.3), st.floats(0, 0.1))
def test_a_gap_opens_on_shrinking_and_pressure_closes_it(largest, now, followed, more):
    opened = gap(largest, now, followed)
    assert opened >= 0
    assert gap(largest, now - more, followed) >= opened >= gap(largest, now, followed + more)
    assert opened >= largest - now - followed


@given(st.floats(0, 1), st.floats(0, 1e-3), st.floats(0, 1))
def test_loss_only_grows_and_ends_at_one(loss, rate, wear):
    assert loss_rate(loss, rate, wear) >= 0
    assert loss_rate(1.0, rate, wear) == 0
    assert loss_rate(loss, 0.0, wear) == 0


SPEED = 1e-5
STIFF = {nm.CONTACT_FLEXIBILITY: 1.0, nm.CREEP_GAIN: 0.0, nm.BREATHING_LOSS: 0.0}
"""Pressure follows any shrinkage, no creep, no loss: only the law of pressure is left."""


def breathing(alone, values, speed=SPEED, pressure=60e6, sign=1, T=298.15):
    """Contact of a cathode whose strain grows (or shrinks) at a constant speed [s-1]."""
    import pybamm

    P = pybamm.Parameter
    current = speed * contact.FARADAY * P(nm.CATHODE_THICKNESS) / P(nm.MOLAR_EXPANSION)
    given = {nm.STACK_PRESSURE: pressure, nm.CELL_CURRENT: current, nm.UPTAKE: sign * current * pybamm.t}
    return alone(PressureContact(), given | {nm.TEMPERATURE: T}, values)


def test_creep_is_the_logarithm_of_time(alone):
    t = np.linspace(0, 3.6e5, 7)
    (h,) = breathing(alone, {nm.CREEP_TIME: 3600.0}).solve(t, nm.CONTACT_CREEP)
    np.testing.assert_allclose(h, np.log(1 + t / 3600), rtol=1e-8)
    (warm,) = breathing(alone, {nm.CREEP_TIME: 3600.0, nm.CREEP_EA: 40e3}, T=333.15).solve(t, nm.CONTACT_CREEP)
    np.testing.assert_allclose(warm, np.log(1 + arrhenius(333.15, 40e3) * t / 3600), rtol=1e-8)


def test_wear_counts_the_strain_run_through(alone):
    t = np.linspace(0, 2e4, 5)
    (loss,) = breathing(alone, {nm.BREATHING_LOSS: 3.0}).solve(t, nm.CONTACT_LOSS)
    np.testing.assert_allclose(loss, 1 - np.exp(-3.0 * SPEED * t), rtol=1e-6)


def test_the_connected_fraction_follows_its_target_exponentially(alone):
    """Assembled under 60 MPa, then left at 20 MPa: an exponential from one fraction to the other."""
    import pybamm

    given = {nm.STACK_PRESSURE: 20e6, nm.CELL_CURRENT: 0.0, nm.UPTAKE: 0.0 * pybamm.t}
    given |= {nm.TEMPERATURE: 298.15}
    values = STIFF | {nm.APPLIED_PRESSURE: 60e6, nm.CONTACT_FOLLOW: 500.0}
    cell, t = alone(PressureContact(), given, values), np.linspace(0, 2000, 6)
    a, out, back = cell.solve(t, nm.CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
    start, end = (connected_at(P, cell.values[nm.CONTACT_P0], cell.values[nm.CONTACT_EXPONENT]) for P in (60e6, 20e6))
    np.testing.assert_allclose(a, end + (start - end) * np.exp(-t / 500), rtol=1e-8)
    np.testing.assert_allclose(back - out, (end - a) / 500, rtol=1e-6)
    assert np.all(out > 0) and np.all(back > 0)


def test_the_largest_strain_is_kept_while_the_cathode_shrinks(alone):
    t = np.linspace(0, 1e4, 6)
    largest, now = breathing(alone, STIFF).solve(t, nm.LARGEST_STRAIN, nm.STRAIN)
    assert np.all(abs(largest - now) < 20 * TRACKING_WIDTH)
    kept, _ = breathing(alone, STIFF, sign=-1).solve(t, nm.LARGEST_STRAIN, nm.STRAIN)
    assert np.ptp(kept) < 5 * TRACKING_WIDTH


def test_under_high_pressure_all_is_connected_as_in_full_contact(alone):
    rates = (nm.CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
    assert alone(FullContact(), {nm.UPTAKE: 1e4}).at_start(*rates) == [1.0, 0.0, 0.0]
    cell, t = breathing(alone, STIFF | {nm.APPLIED_PRESSURE: 1e12}, pressure=1e12), np.linspace(0, 1e4, 4)
    a, out, back = cell.solve(t, *rates)
    np.testing.assert_allclose(a, 1.0, atol=1e-9)
    np.testing.assert_allclose(out - back, 0.0, atol=1e-12)


def test_at_rest_almost_nothing_is_exchanged():
    """A thousand hours at rest mix less than half a percent of the material, whatever smooths the exchange."""
    assert contact.RATE_FLOOR / 2 * 3.6e6 < 0.005
