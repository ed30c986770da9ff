"""Contact of the cathode: pressure and what it remembers, springback, gaps that flow shut, wear, and full contact."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels import cathode_contact as contact
from nasim.submodels.arrhenius import arrhenius
from nasim.submodels.cathode_contact import (
    GAP_SOFTENING,
    PRESSED,
    TRACKING,
    TRACKING_WIDTH,
    WEAR_STRAIN,
    FullContact,
    PressureContact,
    closing_rate,
    connected_at,
    gap,
    loss_rate,
    strain,
)
from nasim.submodels.smooth import softplus

pressures = st.floats(1e5, 1e9)
strains = st.floats(-0.1, 0.4)
widths = st.floats(1e-5, 0.1)
exponents = st.floats(0.3, 1.0)


def test_units(quantity, monkeypatch):
    monkeypatch.setattr(contact, "FARADAY", quantity(contact.FARADAY, "C/mol"))
    monkeypatch.setattr(contact, "PRESSED", quantity(500.0, "MPa"))
    swelling = strain(quantity(0.8, "mAh/cm**2"), quantity(13.3, "cm**3/mol"), quantity(15.4, "um"))
    assert swelling.to("").magnitude == pytest.approx(0.258, abs=0.001)
    found = connected_at(quantity(20.0, "MPa"), quantity(28.3e6, "Pa"), 0.876, quantity(500e6, "Pa"))
    assert found.to("").magnitude == pytest.approx(0.522, abs=1e-3)
    assert closing_rate(0.01, quantity(125.0, "MPa"), quantity(250e6, "Pa"), quantity(200.0, "s")).check("1/s")
    assert loss_rate(0.1, 0.25, quantity(1e-5, "1/s"), 0.002, 1.5).check("1/s")


# --- laws -------------------------------------------------------------------------------------------------------------


@given(st.floats(-1, 1), st.floats(0, 0.1), widths)
def test_softplus_is_a_smooth_maximum(x, more, width):
    assert max(x, 0) <= softplus(x, width) <= max(x, 0) + width * np.log(2) + 1e-15
    assert softplus(x, width) == pytest.approx(width * np.logaddexp(0, x / width), abs=1e-15, rel=1e-12)
    assert softplus(x + more, width) >= softplus(x, width)
    assert softplus(x, width) - softplus(-x, width) == pytest.approx(x, abs=1e-12)


@given(pressures, st.floats(1.0, 10.0), st.floats(1e6, 1e8), exponents)
def test_pressure_makes_contact_and_earlier_pressure_keeps_it(P, more, P0, m):
    assert 0 <= connected_at(P, P0, m) <= connected_at(more * P, P0, m) <= 1
    assert connected_at(P, P0, m, 100e6) <= connected_at(P, P0, m, more * 100e6) + 1e-15


@given(pressures, st.floats(1e6, 1e8), exponents)
def test_on_first_loading_the_area_is_in_proportion_to_pressure(P, P0, m):
    """Plastic contacts (Bowden and Tabor): the exponent of 1 - a is linear in P where P is the largest; unloading is slower."""
    once, twice = (-np.log1p(-connected_at(p, P0, m, p)) for p in (1e-3 * P, 2e-3 * P))
    assert twice == pytest.approx(2 * once, rel=1e-6)
    down = -np.log1p(-connected_at(1e-3 * P, P0, m, 2e-3 * P))
    assert down == pytest.approx(twice / 2**m, rel=1e-6)
    assert down >= once * (1 - 1e-9)


@given(strains, strains, st.floats(0, 0.3), st.floats(0, 0.1))
def test_a_gap_opens_on_shrinking_beyond_the_springback(largest, now, followed, more):
    opened = gap(largest, now, followed)
    assert opened >= 0
    assert gap(largest, now - more, followed) >= opened >= gap(largest, now, followed + more)
    assert opened >= largest - now - followed


@given(st.floats(0, 0.3), pressures, st.floats(1.0, 10.0), st.floats(1, 1e5))
def test_pressure_closes_gaps(g, P, more, tau):
    assert 0 <= closing_rate(g, P, 250e6, tau) <= closing_rate(g, more * P, 250e6, tau)
    assert closing_rate(0.0, P, 250e6, tau) == 0


@given(st.floats(0, 1), st.floats(1e-4, 0.5), st.floats(0, 1e-3), st.floats(0, 1), st.floats(1, 3))
def test_loss_only_grows_and_ends_at_one(loss, eps, rate, wear, q):
    assert loss_rate(loss, eps, rate, wear, q) >= 0
    assert loss_rate(1.0, eps, rate, wear, q) == 0
    assert loss_rate(loss, eps, 0.0, wear, q) == 0


def test_an_exponent_of_two_is_the_fatigue_of_coffin_and_manson():
    """A stroke twice as long wears four times as much: the integral of a stroke goes as its length to the power q."""
    grid = np.linspace(1e-6, 1, 4001)

    def stroke(length, q):
        return np.trapezoid(loss_rate(0.0, length * grid, 1.0, 1.0, q), length * grid)

    for q in (1.0, 1.5, 2.0):
        assert stroke(0.2, q) / stroke(0.1, q) == pytest.approx(2**q, rel=1e-3)


# --- as a mechanism ---------------------------------------------------------------------------------------------------

SPEED = 1e-5
QUIET = {nm.BREATHING_LOSS: 0.0, nm.SPRINGBACK: 0.05, nm.GAP_CLOSING: 1e4, nm.REFERENCE_PRESSURE: 250e6}
QUIET |= {nm.GAP_CLOSING_EA: 60e3, nm.WEAR_EXPONENT: 1.5, nm.CONTACT_FOLLOW: 500.0, nm.GAP_SCALE: 0.05}
STIFF = QUIET | {nm.SPRINGBACK: 1.0}
"""The matrix follows any shrinkage: no gap."""


def charge(eps):
    """Charge [C m-2] that swells the cathode by this strain, or current for a rate of strain; a symbol."""
    P = pybamm.Parameter
    return eps * contact.FARADAY * P(nm.CATHODE_THICKNESS) / P(nm.MOLAR_EXPANSION)


def breathing(alone, values, eps=0.0, speed=0.0, pressure=250e6, T=298.15, void=0.0, matrix=0.0):
    """Contact of a cathode with a given strain over time, and the speed [s-1] of it."""
    given = {nm.STACK_PRESSURE: pressure, nm.CELL_CURRENT: charge(speed), nm.UPTAKE: charge(eps + 0 * pybamm.t)}
    given |= {nm.TEMPERATURE: T, nm.NEGATIVE.void_share: void}
    cell = alone(PressureContact(), given, values)
    cell.mechanism.initial_conditions[cell.symbols[nm.MATRIX_STRAIN]] = pybamm.Scalar(matrix)
    return cell


def test_the_matrix_is_pushed_out_at_once_and_springs_back_without_a_gap(alone):
    """Swelling moves it along; shrinking by less than the springback opens nothing, by more the rest."""
    never = QUIET | {nm.GAP_CLOSING: 1e12}
    t = np.linspace(0, 1e4, 6)
    s, eps = breathing(alone, never, SPEED * pybamm.t, SPEED).solve(t, nm.MATRIX_STRAIN, nm.STRAIN)
    assert np.all(abs(s - eps)[1:] < SPEED * TRACKING + 10 * TRACKING_WIDTH)
    s, g = breathing(alone, never, 0.2 - SPEED * pybamm.t, -SPEED, matrix=0.2).solve(t, nm.MATRIX_STRAIN, nm.GAP)
    assert np.ptp(s) < 10 * TRACKING_WIDTH
    shrunk = SPEED * t
    assert np.all(g[shrunk < 0.05 - 5 * GAP_SOFTENING] < 0.01 * GAP_SOFTENING)
    assert g[-1] == pytest.approx(0.1 - 0.05, abs=3 * TRACKING_WIDTH)


@pytest.mark.parametrize("pressure, T", [(250e6, 298.15), (125e6, 298.15), (250e6, 313.15)])
def test_a_gap_closes_at_rest_as_a_newtonian_solid_flows(alone, pressure, T):
    """Far above the smoothing, g decays as exp(-k(T) P/P_ref t/tau)."""
    time = 1e4 * 250e6 / pressure / arrhenius(T, 60e3)
    t = np.linspace(0, 2 * time, 9)
    (g,) = breathing(alone, QUIET, 0.0, 0.0, pressure, T, matrix=0.4).solve(t, nm.GAP)
    np.testing.assert_allclose(g, g[0] * np.exp(-t / time), rtol=2e-3)


def test_no_gap_is_left_after_a_long_rest(alone):
    cell = breathing(alone, QUIET, matrix=0.3)
    a, g = cell.solve(np.array([0, 1e4, 4e5]), nm.CONNECTED, nm.GAP)
    assert a[1] < 0.8 * a[-1] and g[-1] < GAP_SOFTENING
    fresh = breathing(alone, QUIET).at_start(nm.CONNECTED)[0]
    assert a[-1] == pytest.approx(fresh, rel=0.06)


@pytest.mark.parametrize("q", [1.0, 2.0])
def test_wear_is_the_integral_over_the_strain_run_through(alone, q):
    t = np.linspace(0, 2e4, 5)
    values = STIFF | {nm.BREATHING_LOSS: 3.0, nm.WEAR_EXPONENT: q}
    (loss,) = breathing(alone, values, 0.05 + SPEED * pybamm.t, SPEED).solve(t, nm.CONTACT_LOSS)
    swept = ((0.05 + SPEED * t) ** q - 0.05**q) / q / WEAR_STRAIN ** (q - 1)
    np.testing.assert_allclose(loss, 1 - np.exp(-3.0 * swept), rtol=1e-4)


def test_at_rest_nothing_wears(alone):
    (loss,) = breathing(alone, STIFF | {nm.BREATHING_LOSS: 3.0}, 0.2, 0.0).solve([0, 3.6e6], nm.CONTACT_LOSS)
    assert loss[-1] < 0.01


def test_the_connected_fraction_follows_its_target_exponentially(alone):
    """Assembled under 60 MPa, then left at 20 MPa: an exponential from one fraction to the other."""
    values = STIFF | {nm.APPLIED_PRESSURE: 60e6}
    cell, t = breathing(alone, values, pressure=20e6), np.linspace(0, 2000, 6)
    a, out, back = cell.solve(t, nm.CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
    end = breathing(alone, values | {nm.APPLIED_PRESSURE: 20e6}).at_start(nm.INITIAL_CONNECTED)[0]
    np.testing.assert_allclose(a, end + (a[0] - end) * np.exp(-t / 500), rtol=1e-6)
    np.testing.assert_allclose(back - out, (end - a) / 500, rtol=1e-4, atol=1e-11)
    assert np.all(out > 0) and np.all(back > 0)


def at_rest_after(alone, *pressures, pressed=100e6):
    """Connected fraction and largest pressure of a cathode long after each of these stack pressures in turn."""
    t = np.linspace(0, 2e4 * len(pressures), 2 * len(pressures) + 1)
    stack = sum(P * (pybamm.t >= 2e4 * k) * (pybamm.t < 2e4 * (k + 1)) for k, P in enumerate(pressures))
    stack = stack + pressures[-1] * (pybamm.t >= 2e4 * len(pressures))
    values = STIFF | {nm.PRESSING_PRESSURE: pressed, nm.APPLIED_PRESSURE: pressures[0]}
    a, largest = breathing(alone, values, pressure=stack).solve(t, nm.CONNECTED, nm.LARGEST_PRESSURE, rtol=1e-8)
    return a[2::2], largest[2::2]


def test_unloading_is_not_the_reverse_of_loading(alone):
    """20, 400 and 20 MPa of a composite pressed at 100 MPa: more contact after the excursion than before it."""
    a, largest = at_rest_after(alone, 20e6, 400e6, 20e6)
    assert a[1] > a[2] > 1.02 * a[0]
    assert largest[0] == pytest.approx(100e6, rel=0.01) and largest[2] == pytest.approx(400e6, rel=0.01)


def test_below_the_largest_pressure_steps_are_reversible(alone):
    a, largest = at_rest_after(alone, 20e6, 250e6, 20e6, pressed=500e6)
    assert a[2] == pytest.approx(a[0], rel=1e-3) and a[1] > a[0]
    assert largest[2] == pytest.approx(500e6, rel=1e-2)


def test_pressing_is_remembered(alone):
    """The harder a composite was pressed, the more contact it has at 20 MPa; pressed below that, it is at first loading."""
    found = [at_rest_after(alone, 20e6, pressed=P)[0][0] for P in (5e6, 20e6, 100e6, 500e6)]
    assert found[0] == pytest.approx(found[1], rel=2e-2)
    assert found[1] < found[2] < found[3]
    values = STIFF | {nm.PRESSING_PRESSURE: PRESSED, nm.APPLIED_PRESSURE: 20e6}
    P0, m = (breathing(alone, values).values[name] for name in (nm.CONTACT_P0, nm.CONTACT_EXPONENT))
    assert found[3] == pytest.approx(connected_at(20e6, P0, m), rel=0.01)


def after_a_cycle(alone, springback, excursion):
    """Connected fraction and wear after swelling to 0.2 and back, under an excursion of pressure or not, and 300 h rest."""
    t1, t2 = 2e4, 4e4
    eps = SPEED * (pybamm.t * (pybamm.t < t1) + (t2 - pybamm.t) * (pybamm.t >= t1) * (pybamm.t < t2))
    speed = SPEED * ((pybamm.t < t1) - 1.0 * (pybamm.t >= t1) * (pybamm.t < t2))
    stack = 100e6 + excursion * (pybamm.t > 1e4) * (pybamm.t < 2e4)
    values = QUIET | {nm.SPRINGBACK: springback, nm.APPLIED_PRESSURE: 100e6, nm.BREATHING_LOSS: 0.05}
    cell = breathing(alone, values | {nm.PRESSING_PRESSURE: 100e6}, eps, speed, stack)
    names = (nm.CONNECTED, nm.CONTACT_LOSS, nm.LARGEST_PRESSURE)
    return [found[-1] for found in cell.solve(np.linspace(0, 1.1e6, 111), *names, rtol=1e-8)]


def test_after_a_long_rest_wear_and_the_largest_pressure_are_all_that_is_left(alone):
    """The gap of a cycle heals whatever it was; what differs then is what wear and the largest pressure explain."""
    gaping, springy = (after_a_cycle(alone, springback, 0.0) for springback in (0.03, 1.0))
    assert gaping[1] == pytest.approx(springy[1], rel=1e-4) and gaping[1] > 0.01
    assert gaping[0] == pytest.approx(springy[0], rel=0.02)
    pressed = after_a_cycle(alone, 0.03, 200e6)
    assert pressed[2] == pytest.approx(300e6, rel=0.01) and pressed[0] > 1.005 * gaping[0]


def test_voids_of_the_alloy_shadow_the_cathode(alone):
    open_, shadowed = (
        breathing(alone, STIFF | {nm.VOID_SHADOW: 0.7}, void=void).solve([0, 2e4], nm.CONNECTED)[0][-1]
        for void in (0.0, 0.5)
    )
    assert shadowed == pytest.approx((1 - 0.35) * open_, rel=1e-4)


def test_under_high_pressure_all_is_connected_as_in_full_contact(alone):
    rates = (nm.CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
    assert alone(FullContact(), {nm.UPTAKE: 1e4}).at_start(*rates) == [1.0, 0.0, 0.0]
    values = STIFF | {nm.APPLIED_PRESSURE: 1e12, nm.ION_REFERENCE: 0.1, nm.ELECTRON_REFERENCE: 0.1}
    cell, t = breathing(alone, values, SPEED * pybamm.t, SPEED, 1e12), np.linspace(0, 1e4, 4)
    a, out, back = cell.solve(t, *rates)
    np.testing.assert_allclose(a, 1.0, atol=1e-9)
    np.testing.assert_allclose(out - back, 0.0, atol=1e-12)


def test_at_rest_almost_nothing_is_exchanged():
    """A thousand hours at rest mix less than half a percent of the material, whatever smooths the exchange."""
    assert contact.RATE_FLOOR / 2 * 3.6e6 < 0.005
