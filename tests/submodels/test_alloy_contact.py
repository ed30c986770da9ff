"""Contact of the alloy: the law of pressure, voids that stripping opens and creep closes, and the null contact."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.alloy_contact import (
    CREEP_FLOOR,
    FOCUS_FLOOR,
    LEAST_CONTACT,
    PerfectInterface,
    PressureInterface,
    contact_fraction,
    contact_resistance,
    stripping_current,
    void_closing,
    void_rate,
)
from nasim.submodels.arrhenius import arrhenius

SIDE = nm.NEGATIVE
HOUR = 3600.0
pressures = st.floats(1e5, 1e9)
shares = st.floats(0.0, 0.9)
currents = st.floats(-20, 20)


def test_units(quantity):
    R = contact_resistance(quantity(62.5, "MPa"), quantity(250.0, "MPa"), quantity(5.0, "ohm*cm**2"), 0.5)
    assert R.to("ohm*cm**2").magnitude == pytest.approx(10.0)
    assert contact_fraction(quantity(1.0, "MPa"), quantity(1e6, "Pa")).check("")
    assert void_rate(0.1, quantity(1.27, "A/m**2"), quantity(4.0, "mm**2/C"), 1e-4).check("1/s")
    assert void_closing(0.1, quantity(1.0, "MPa"), quantity(1e6, "Pa"), 5.0, quantity(15.0, "hour")).check("1/s")


@given(pressures, st.floats(1.01, 10))
def test_pressure_improves_contact(P, more):
    assert contact_resistance(more * P, 250e6, 5e-4, 0.5) < contact_resistance(P, 250e6, 5e-4, 0.5)
    assert 0 < contact_fraction(P, 35e6) <= contact_fraction(more * P, 35e6) <= 1


@given(currents, currents)
def test_only_a_current_out_of_the_alloy_strips(i, more):
    assert -0.01 <= stripping_current(i) <= max(i, 0.0) + 1e-12
    assert stripping_current(i + abs(more)) >= stripping_current(i)


@given(shares, st.floats(0, 20), st.floats(0, 20), pressures, st.floats(1.01, 3))
def test_stripping_opens_voids_and_pressure_closes_them(v, current, more, P, harder):
    assert 0 <= void_rate(v, current, 4e-6, 1e-4) <= void_rate(v, current + more, 4e-6, 1e-4)
    assert void_rate(1 - LEAST_CONTACT, current, 4e-6, 1e-4) == pytest.approx(0, abs=1e-12)
    closing = void_closing(v, P, 250e6, 5.0, 5e4)
    assert 0 <= closing <= void_closing(v, harder * P, 250e6, 5.0, 5e4)
    assert void_closing(0.0, P, 250e6, 5.0, 5e4) == 0


# --- as a mechanism ---------------------------------------------------------------------------------------------------

SLOW = {nm.VOID_GROWTH: 4e-6, nm.VOID_SEED: 1e-4, nm.VOID_CLOSING: 5e4, nm.VOID_EXPONENT: 5.0}
SLOW |= {nm.REFERENCE_PRESSURE: 250e6, nm.VOID_EA: 40e3}


def interface(alone, current=0.0, pressure=250e6, values=(), T=298.15, start=0.0, side=SIDE):
    """An interface of which voids have taken the share `start`; current [A m-2] out of the alloy."""
    given = {nm.STACK_PRESSURE: pressure, nm.TEMPERATURE: T, side.kinetic_current: current}
    cell = alone(PressureInterface(side), given, SLOW | dict(values))
    cell.mechanism.initial_conditions[cell.symbols[side.void_share]] = pybamm.Scalar(start)
    return cell


def test_the_resistance_is_a_power_of_the_pressure(alone):
    """Slope of log R against log P over two decades: the published -0.5; and the value of the set at 250 MPa."""
    pressures = np.geomspace(5e6, 5e8, 5)
    cells = [interface(alone, pressure=float(P)) for P in [*pressures, 250e6]]
    *R, reference = (cell.at_start(SIDE.contact_resistance)[0] for cell in cells)
    assert np.polyfit(np.log(pressures), np.log(R), 1)[0] == pytest.approx(-0.5, abs=1e-9)
    assert reference == pytest.approx(cells[0].values[nm.INTERFACE_RESISTANCE], rel=1e-12)


def test_voids_take_area_and_leave_the_rest_the_resistance(alone):
    names = (SIDE.contact_fraction, SIDE.contact_resistance)
    (a, R), (a_half, R_half) = (interface(alone, start=v).at_start(*names) for v in (0.0, 0.5))
    assert a_half == pytest.approx(a / 2, rel=1e-12) and R_half == pytest.approx(2 * R, rel=1e-12)


def test_few_voids_settle_where_stripping_meets_creep(alone):
    """Few voids: dv/dt = g v_0 - (c - g) v with g = kappa i and c = 1/tau, an exponential; exact to the order of v."""
    i, t = 1.0, np.linspace(0, 5e5, 6)
    values = {nm.VOID_SEED: 1e-6, nm.VOID_GROWTH: 1e-5}
    (v,) = interface(alone, i, values=values).solve(t, SIDE.void_share)
    grows = 1e-5 * stripping_current(i) * (1 - LEAST_CONTACT) / (1 + FOCUS_FLOOR)
    closes = (1 + CREEP_FLOOR) ** -5 / 5e4
    steady = grows * 1e-6 / (closes - grows)
    np.testing.assert_allclose(v, steady * (1 - np.exp(-(closes - grows) * t)), rtol=2e-5, atol=1e-14)


def test_the_error_of_the_linear_law_falls_with_the_seed(alone, order):
    seeds, errors = [1e-6, 1e-5, 1e-4], []
    grows = 1e-5 * stripping_current(1.0) * (1 - LEAST_CONTACT) / (1 + FOCUS_FLOOR)
    closes = (1 + CREEP_FLOOR) ** -5 / 5e4
    for seed in seeds:
        (v,) = interface(alone, 1.0, values={nm.VOID_SEED: seed, nm.VOID_GROWTH: 1e-5}).solve([0, 1e5], SIDE.void_share)
        errors.append(abs(v[-1] / (grows * seed / (closes - grows) * (1 - np.exp(-(closes - grows) * 1e5))) - 1))
    assert order(seeds, errors) == pytest.approx(1.0, abs=0.05)


def cycled(alone, current, pressure, T):
    """Voids over 25 times of creep, under equal halves of a square wave that is smooth at its edges."""
    end = 25 * 5e4 / (arrhenius(T, 40e3) * (pressure / 250e6) ** 5)
    swing = current * pybamm.tanh(20 * pybamm.sin(2 * np.pi * 200 / end * pybamm.t))
    values, t = {nm.VOID_SEED: 1e-5}, np.linspace(0, end, 201)
    return interface(alone, swing, pressure, values, T, start=1e-4).solve(t, SIDE.void_share, rtol=1e-8)[0]


@pytest.mark.parametrize("pressure, T", [(250e6, 298.15), (150e6, 298.15), (250e6, 313.15)])
def test_above_the_critical_stripping_current_voids_run_away(alone, pressure, T):
    """2 (P/P_ref)^n/(kappa tau) in equal halves, higher in warmth: a seed below it fades, one above it grows a thousandfold."""
    critical = 2 * (pressure / 250e6) ** 5 / (4e-6 * 5e4) * arrhenius(T, 40e3)
    below, above = (cycled(alone, factor * critical, pressure, T) for factor in (0.7, 2.0))
    assert below.max() < 1.1e-4 and below[-1] < 5e-5
    assert above[-1] > 0.1


@pytest.mark.parametrize("times", [1.5, 2.0, 4.0])
def test_voids_come_to_rest_where_what_is_left_carries_the_pressure(alone, times):
    """(1 - v)^(n - 1) is the critical current over the current, steady here, but for the share that is never lost."""
    values, critical = {nm.VOID_SEED: 1e-6}, 1 / (4e-6 * 5e4)
    (v,) = interface(alone, times * critical, values=values, start=1e-3).solve([0, 3e6], SIDE.void_share)
    assert v[-1] == pytest.approx(1 - times ** (-1 / 4), rel=0.06)


def test_the_loss_of_contact_accelerates_and_ends_before_all_is_lost(alone):
    t = np.linspace(0, 2000, 101) * HOUR
    (v,) = interface(alone, 2.0, 20e6).solve(t, SIDE.void_share, rtol=1e-7)
    rising = v[:-1] < 0.3
    assert np.all(np.diff(np.diff(v))[rising[1:]] > -1e-9)
    assert 0.5 < v[-1] < 1 - LEAST_CONTACT + 1e-9


def test_voids_close_at_rest_and_do_so_sooner_under_pressure(alone):
    t = np.linspace(0, 1e6, 20)
    hard, soft = (interface(alone, 0.0, P, start=0.3).solve(t, SIDE.void_share)[0] for P in (250e6, 125e6))
    assert np.all(np.diff(hard) < 0) and hard[-1] < 1e-6
    assert np.all(soft[1:] > hard[1:])


def test_a_resistance_of_none_and_high_pressure_make_it_perfect(alone):
    names = (SIDE.contact_fraction, SIDE.contact_resistance, SIDE.void_share)
    limit = interface(alone, values={nm.INTERFACE_RESISTANCE: 0.0, nm.INTERFACE_P0: 1e6})
    assert limit.at_start(*names) == alone(PerfectInterface(SIDE), {}).at_start(*names) == [1.0, 0.0, 0.0]
    (v,) = interface(alone, 5.0, 20e6, {nm.VOID_GROWTH: 0.0}).solve([0, 1e6], SIDE.void_share)
    assert np.all(v == 0)


def test_it_is_in_series_and_the_perfect_one_is_not():
    assert PressureInterface(nm.POSITIVE).adds == {nm.SERIES_RESISTANCE: (nm.POSITIVE.contact_resistance,)}
    assert PerfectInterface(nm.POSITIVE).adds == {}
