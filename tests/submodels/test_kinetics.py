"""Kinetics of a step: Butler and Volmer with detailed balance, nucleation that runs downhill only, pressure on potentials."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels import kinetics
from nasim.submodels.arrhenius import arrhenius
from nasim.submodels.kinetics import ATMOSPHERE, LEAST_RATE, butler_volmer_rates, nucleation_rates, pressure_shift
from nasim.submodels.sulfur_conversion import SulfurConversion

F_OVER_RT = 38.92
ELEMENTARY, BOLTZMANN = 1.602176634e-19, 1.380649e-23
shares = st.floats(1e-9, 1.0)
alphas = st.floats(0.02, 0.98)
logs = st.floats(-12.0, 3.0)
overpotentials = st.floats(-2.5, 2.5)
bounds = st.floats(1e-3, 1e6)
barriers = st.floats(0.0, 20.0)


def reacting(y_ox, y_red, eta, alpha=0.4, log_i0=-3.0, bound=100.0):
    with np.errstate(over="ignore"):
        return butler_volmer_rates(y_ox, y_red, eta, 10.0**log_i0, alpha, F_OVER_RT, bound)


def nucleating(y_ox, y_red, eta, B=6.0, J0=1e7, i0=0.1, bound=200.0):
    with np.errstate(over="ignore"):
        return nucleation_rates(y_ox, y_red, eta, J0, B, i0, 0.5, F_OVER_RT, bound)


# --- dimension --------------------------------------------------------------------------------------------------------


def test_units(quantity, monkeypatch):
    current, volt, bound = quantity(2.0, "A/m**2"), quantity(-0.1, "V"), quantity(200.0, "A/m**2")
    f = quantity(38.9, "1/V")
    assert all(rate.check("A/m**2") for rate in butler_volmer_rates(0.5, 0.5, volt, current, 0.5, f, bound))
    for name, unit in (("BARRIER_FLOOR", "V**2"), ("LEAST_RATE", "A/m**2")):
        monkeypatch.setattr(kinetics, name, quantity(getattr(kinetics, name), unit))
    eta, J0, B = quantity(np.array([-0.6, 0.1]), "V"), quantity(1e7, "A/m**2"), quantity(6.0, "V**2")
    assert all(rate.check("A/m**2") for rate in nucleation_rates(0.5, 0.5, eta, J0, B, current, 0.5, f, bound))
    monkeypatch.setattr(kinetics, "FARADAY", quantity(kinetics.FARADAY, "C/mol"))
    monkeypatch.setattr(kinetics, "ATMOSPHERE", quantity(1.0, "atm"))
    shift = pressure_shift(quantity(250.0, "MPa"), quantity(13.3, "cm**3/mol"))
    assert shift.to("mV").magnitude == pytest.approx(-34.4, abs=0.1)


# --- Butler and Volmer ------------------------------------------------------------------------------------------------


@given(shares, shares, overpotentials, alphas, logs, bounds)
def test_one_way_rates_are_positive_and_bounded(y_ox, y_red, eta, alpha, log_i0, bound):
    forward, backward = reacting(y_ox, y_red, eta, alpha, log_i0, bound)
    assert 0 <= forward <= bound * y_ox * (1 + 1e-12)
    assert 0 <= backward <= bound * y_red * (1 + 1e-12)
    assert forward / y_ox + backward / y_red <= bound * (1 + 1e-12)


@given(overpotentials, st.floats(1e-3, 0.5), alphas, logs)
def test_a_higher_potential_slows_reduction_and_speeds_oxidation(eta, rise, alpha, log_i0):
    low, high = (reacting(0.5, 0.5, at, alpha, log_i0) for at in (eta, eta + rise))
    assert high[0] <= low[0] * (1 + 1e-12) and high[1] >= low[1] * (1 - 1e-12)


@given(st.floats(-0.4, 0.4), alphas, logs, bounds)
def test_detailed_balance_at_the_nernst_potential(eta, alpha, log_i0, bound):
    """y_r/y_o = exp(-f eta) stands still, whatever alpha and the bound are."""
    ratio = np.exp(-F_OVER_RT * eta)
    forward, backward = reacting(1 / (1 + ratio), ratio / (1 + ratio), eta, alpha, log_i0, bound)
    assert forward == pytest.approx(backward, rel=1e-9)


@given(shares, shares, st.floats(-0.4, 0.4), alphas, logs, bounds)
def test_the_net_rate_runs_downhill(y_ox, y_red, eta, alpha, log_i0, bound):
    forward, backward = reacting(y_ox, y_red, eta, alpha, log_i0, bound)
    affinity = np.log(y_ox / y_red) - F_OVER_RT * eta
    assert (forward - backward) * affinity >= -1e-12 * (forward + backward)


@given(st.floats(-0.3, 0.3), alphas)
def test_a_high_bound_leaves_butler_and_volmer(eta, alpha):
    forward, backward = reacting(0.3, 0.7, eta, alpha, bound=1e30)
    assert forward == pytest.approx(0.3e-3 * np.exp(-alpha * F_OVER_RT * eta), rel=1e-9)
    assert backward == pytest.approx(0.7e-3 * np.exp((1 - alpha) * F_OVER_RT * eta), rel=1e-9)


def test_the_bound_costs_to_first_order(order):
    bounds = np.array([1e2, 1e3, 1e4])
    exact = 0.5e-3 * np.exp(-0.4 * F_OVER_RT * -0.2)
    errors = [abs(reacting(0.5, 0.5, -0.2, bound=bound)[0] - exact) for bound in bounds]
    assert order(bounds, errors) == pytest.approx(-1, abs=0.01)


# --- nucleation -------------------------------------------------------------------------------------------------------


@given(shares, shares, overpotentials, barriers, logs, bounds)
def test_nucleation_runs_downhill_only(y_ox, y_red, eta, B, log_i0, bound):
    """Reduction below U, oxidation above, nothing at U; so that it dissipates whatever the fractions are."""
    forward, backward = nucleating(y_ox, y_red, eta, B, 1e7, 10.0**log_i0, bound)
    assert 0 <= forward <= bound * y_ox * (1 + 1e-12) and 0 <= backward <= bound * y_red * (1 + 1e-12)
    assert forward <= LEAST_RATE or eta < 0
    assert backward == 0 or eta > 0
    assert (forward - backward) * -eta >= -2 * LEAST_RATE


def test_nothing_moves_at_the_potential_of_the_step():
    assert max(nucleating(1.0, 1.0, 0.0)) <= LEAST_RATE


@given(st.floats(-2.0, -0.01), st.floats(0, 0.5), barriers, st.floats(0, 5))
def test_a_larger_drive_nucleates_faster_and_a_higher_barrier_slower(eta, more, B, higher):
    rate = nucleating(1.0, 1.0, eta, B)[0]
    assert nucleating(1.0, 1.0, eta - more, B)[0] >= rate * (1 - 1e-12)
    assert nucleating(1.0, 1.0, eta, B + higher)[0] <= rate * (1 + 1e-12)


def test_the_rate_is_that_of_a_classical_barrier():
    """ln J against 1/eta^2 is a line of slope -B far below the bound and far from equilibrium, with J0 where it starts."""
    eta = -np.linspace(0.5, 0.9, 9)
    slope, start = np.polyfit(1 / eta**2, np.log([nucleating(1.0, 0.0, at, bound=1e12)[0] for at in eta]), 1)
    assert slope == pytest.approx(-6.0, rel=2e-3) and start == pytest.approx(np.log(1e7), rel=1e-3)


def test_without_barrier_reduction_is_first_order_in_what_there_is():
    assert nucleating(0.4, 0.0, -0.3, B=0.0, J0=1e-2, bound=1e9)[0] == pytest.approx(0.4e-2, rel=1e-6)


@given(st.floats(0.2, 1.0), alphas)
def test_dissolution_is_butler_and_volmer_where_no_product_lies_ahead(eta, alpha):
    _, backward = nucleation_rates(0.5, 0.5, eta, 1e7, 6.0, 1e-6, alpha, F_OVER_RT, 1e30)
    net = 0.5e-6 * (np.exp((1 - alpha) * F_OVER_RT * eta) - np.exp(-alpha * F_OVER_RT * eta))
    assert backward == pytest.approx(net, rel=1e-9)


def test_the_barrier_is_an_interface_energy_of_a_salt():
    """B = 16 pi gamma^3 v^2/(3 e^2 kT), v the formula unit of Na2S (78.05 g mol-1 over 1856 kg m-3, CRC Handbook):
    gamma between 0.1 and 0.4 J m-2, as for salts of that kind."""
    volume = 78.05e-3 / 1856 / 6.02214076e23
    B = load("Yuan2025_NAS").value(nm.NUCLEATION_BARRIER)
    gamma = (3 * B * ELEMENTARY**2 * BOLTZMANN * 298.15 / (16 * np.pi * volume**2)) ** (1 / 3)
    assert volume == pytest.approx(7e-29, rel=0.01)
    assert 0.1 < gamma < 0.4


# --- potentials -------------------------------------------------------------------------------------------------------


@given(st.floats(0, 1e9), st.floats(0, 1e8), st.floats(0, 1e-4))
def test_pressure_lowers_the_potential_of_what_takes_room(pressure, more, volume):
    assert pressure_shift(ATMOSPHERE, volume) == 0
    assert pressure_shift(pressure + more, volume) <= pressure_shift(pressure, volume)
    assert pressure_shift(pressure, 0.0) == 0


def test_equation_4_lowers_all_steps_alike(alone, surroundings, whole):
    """Delta V dP/F: 32 mV between 20 and 250 MPa for 1.33e-5 m3 per mole of electrons."""
    names = [nm.SULFUR.potential(step) for step in nm.SULFUR.steps]
    low, high = (
        alone(whole(SulfurConversion()), surroundings(1.8) | {nm.STACK_PRESSURE: P}).at_start(*names)
        for P in (20e6, 250e6)
    )
    volume = load("Yuan2025_NAS").value(nm.MOLAR_EXPANSION)
    assert np.subtract(low, high) == pytest.approx(volume * 230e6 / 96485.33, rel=1e-6)
    assert low[0] - high[0] == pytest.approx(0.032, abs=0.001)


def test_warmth_speeds_each_step_by_its_own_law(alone, surroundings, whole):
    """One-way rates far below the bound, at the same overpotential over kT (none) and for nucleation at the same eta."""
    n, loaded = nm.SULFUR, load("Yuan2025_NAS")
    values = {nm.RATE_BOUND: 1e30, nm.INITIAL_POTENTIAL: 1.9, n.dUdT(1): 0.0, n.dUdT(2): 0.0}
    for step, potential in zip(n.steps, (loaded.value(n.U(1)), 1.0), strict=True):
        names = n.forward(step), n.connected(step.ox)
        cold, warm = (
            alone(whole(SulfurConversion()), surroundings(potential, T), values).at_start(*names)
            for T in (298.15, 333.15)
        )
        factor = arrhenius(333.15, loaded.value(n.Ea(step)))
        assert (warm[0] / warm[1]) / (cold[0] / cold[1]) == pytest.approx(factor, rel=1e-9)
