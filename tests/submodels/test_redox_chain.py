"""Redox chain: rate law, equilibrium, bookkeeping of species, relaxation at constant potential."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.nomenclature import Chain, Step, registry
from nasim.submodels import arrhenius
from nasim.submodels.active_material import SULFUR_MATERIAL
from nasim.submodels.redox_chain import (
    RedoxChain,
    equilibrium_fractions,
    one_way_rates,
    species_rates,
    transport_overpotential,
)
from nasim.submodels.sb_s_redox import SbSRedox
from nasim.submodels.sulfur_conversion import SulfurConversion

F_OVER_RT = 38.92
shares = st.floats(1e-9, 1.0)
alphas = st.floats(0.02, 0.98)
logs = st.floats(-12.0, 3.0)
spans = st.integers(1, 3)
overpotentials = st.floats(-2.5, 2.5)
potentials = st.floats(0.5, 3.0)


def rates(y_ox, y_red, eta, alpha=0.4, spans=1, log_i0=-3.0, bound=100.0):
    with np.errstate(over="ignore"):
        return one_way_rates(y_ox, y_red, eta, 10.0**log_i0, alpha, spans, F_OVER_RT, bound)


# --- dimension --------------------------------------------------------------------------------------------------------


def test_units_of_the_rate_law(quantity):
    current, volt = quantity(2.0, "A/m**2"), quantity(0.1, "V")
    forward, backward = one_way_rates(0.5, 0.5, volt, current, 0.5, 1, quantity(38.9, "1/V"), quantity(200.0, "A/m**2"))
    assert forward.check("A/m**2") and backward.check("A/m**2")


def test_units_of_the_bookkeeping(quantity, monkeypatch):
    found = species_rates([Step("step 1", 0, 1)], [quantity(1.0, "A/m**2")], [1.0], quantity(10.0, "C/m**2"), count=2)
    assert all(rate.check("1/s") for rate in found)
    assert equilibrium_fractions(quantity(2.0, "V"), [quantity(2.0, "V")], quantity(38.9, "1/V"))[1].check("")
    assert transport_overpotential(quantity(0.5, "V"), 4.0, 0.5, 1, quantity(38.9, "1/V")).check("V")


def test_units_of_the_temperature_laws(quantity, monkeypatch):
    monkeypatch.setattr(arrhenius, "R_GAS", quantity(arrhenius.R_GAS, "J/mol/K"))
    monkeypatch.setattr(arrhenius, "FARADAY", quantity(arrhenius.FARADAY, "C/mol"))
    monkeypatch.setattr(arrhenius, "T_REF", quantity(arrhenius.T_REF, "K"))
    T, E_a = quantity(333.15, "K"), quantity(5e4, "J/mol")
    assert arrhenius.arrhenius(T, E_a).check("")
    assert arrhenius.conductivity(T, quantity(0.09, "S/m"), E_a).check("S/m")
    assert arrhenius.thermal_voltage_inverse(T).to("1/V").magnitude == pytest.approx(34.83, abs=0.01)


# --- properties -------------------------------------------------------------------------------------------------------


@given(shares, shares, overpotentials, alphas, spans, logs, st.floats(1e-3, 1e6))
def test_one_way_rates_are_positive_and_bounded(y_ox, y_red, eta, alpha, spans, log_i0, bound):
    forward, backward = rates(y_ox, y_red, eta, alpha, spans, log_i0, bound)
    assert 0 <= forward <= bound * y_ox * (1 + 1e-12)
    assert 0 <= backward <= bound * y_red * (1 + 1e-12)
    assert forward / y_ox + backward / y_red <= bound * (1 + 1e-12)


@given(overpotentials, st.floats(1e-3, 0.5), alphas, spans, logs)
def test_a_higher_potential_slows_reduction_and_speeds_oxidation(eta, rise, alpha, spans, log_i0):
    low, high = (rates(0.5, 0.5, at, alpha, spans, log_i0) for at in (eta, eta + rise))
    assert high[0] <= low[0] and high[1] >= low[1]


@given(st.floats(-0.4, 0.4), alphas, spans, logs, st.floats(1e-3, 1e6))
def test_detailed_balance_at_the_nernst_potential(eta, alpha, spans, log_i0, bound):
    ratio = np.exp(-spans * F_OVER_RT * eta)
    forward, backward = rates(1 / (1 + ratio), ratio / (1 + ratio), eta, alpha, spans, log_i0, bound)
    assert forward == pytest.approx(backward, rel=1e-9)


@given(st.floats(-0.3, 0.3), alphas, spans)
def test_a_high_bound_leaves_butler_and_volmer(eta, alpha, spans):
    forward, backward = rates(0.3, 0.7, eta, alpha, spans, bound=1e30)
    assert forward == pytest.approx(0.3e-3 * np.exp(-alpha * spans * F_OVER_RT * eta), rel=1e-9)
    assert backward == pytest.approx(0.7e-3 * np.exp((1 - alpha) * spans * F_OVER_RT * eta), rel=1e-9)


@given(potentials, st.lists(potentials, min_size=1, max_size=4), st.floats(0.01, 0.3))
def test_equilibrium_fractions_are_shares_and_sodiation_falls_with_potential(potential, U, rise):
    low, high = (equilibrium_fractions(at, U, F_OVER_RT) for at in (potential, potential + rise))
    for y in (low, high):
        assert sum(y) == pytest.approx(1.0, abs=1e-12)
        assert all(0 <= share <= 1 for share in y)
    assert np.dot(high, range(len(high))) <= np.dot(low, range(len(low))) + 1e-12


@given(st.lists(st.floats(-10, 10), min_size=4, max_size=4), st.lists(st.floats(0.1, 3), min_size=3, max_size=3))
def test_reactions_conserve_species_and_count_electrons(currents, electrons):
    steps = (*(Step("", k - 1, k) for k in (1, 2, 3)), Step("", 0, 3))
    n = [*electrons, sum(electrons)]
    change = species_rates(steps, currents, n, q=10.0, count=4)
    taken_up = np.concatenate([[0.0], np.cumsum(electrons)])
    assert sum(change) == pytest.approx(0.0, abs=1e-9)
    assert np.dot(change, taken_up) == pytest.approx(sum(currents) / 10.0, abs=1e-9)


@given(st.floats(1e-6, 1.0), st.floats(1.0, 1e6), alphas, spans)
def test_transport_costs_nothing_at_full_rate_and_part_of_the_overpotential_else(eta, D, alpha, spans):
    assert transport_overpotential(eta, 1.0, alpha, spans, F_OVER_RT) == 0.0
    for value in (eta, -eta):
        assert 0 <= transport_overpotential(value, D, alpha, spans, F_OVER_RT) * np.sign(value) <= eta


# --- the chains of the cathode ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [SulfurConversion, SbSRedox])
@pytest.mark.parametrize("potential", [1.5, 1.7, 1.85, 2.0, 2.4])
@pytest.mark.parametrize("T", [298.15, 333.15])
def test_no_reaction_runs_in_equilibrium_not_even_in_a_circle(alone, surroundings, make, potential, T):
    """The start is the equilibrium at the initial potential: each reaction stands still, branches too."""
    values = {nm.INITIAL_POTENTIAL: potential, nm.AMBIENT_TEMPERATURE: T, nm.MILLING_SHIFT: 0.05}
    chain = make()
    cell = alone(chain, surroundings(potential, T, connected=0.6, shift=0.05), values)
    for step in chain.names.steps:
        net, oxidation = cell.at_start(chain.names.current(step), chain.names.oxidation(step))
        assert abs(net) <= 1e-8 * oxidation + 1e-20


@pytest.mark.parametrize("make", [SulfurConversion, SbSRedox])
def test_reduction_below_and_oxidation_above_equilibrium(alone, surroundings, make):
    chain = make()
    total = chain.names.reaction_current
    assert alone(chain, surroundings(1.2), {nm.INITIAL_POTENTIAL: 1.9}).at_start(total)[0] > 0
    assert alone(make(), surroundings(2.6), {nm.INITIAL_POTENTIAL: 1.9}).at_start(total)[0] < 0


def test_isolated_material_keeps_its_composition_and_nothing_is_lost(alone, surroundings):
    import pybamm

    start, rate, n = 0.9, 1e-4, nm.SULFUR
    given = surroundings(1.85) | {nm.CONNECTED: start - rate * pybamm.t, nm.INITIAL_CONNECTED: start}
    cell = alone(SulfurConversion(), given | {nm.ISOLATION_RATE: rate}, {nm.INITIAL_POTENTIAL: 1.85})
    t = np.linspace(0, 3600, 5)
    connected = cell.solve(t, *(n.amount_of(k) for k in range(3)))
    isolated = cell.solve(t, *(n.isolated(k) for k in range(3)))
    np.testing.assert_allclose(sum(connected), start - rate * t, rtol=1e-8)
    np.testing.assert_allclose(sum(connected) + sum(isolated), 1.0, rtol=1e-12)
    fresh = equilibrium_fractions(
        1.85, [cell.values[n.U(1)], cell.values[n.U(2)]], arrhenius.thermal_voltage_inverse(298.15)
    )
    for part in (connected, isolated):
        np.testing.assert_allclose([y / sum(part) for y in part], np.outer(fresh, np.ones(5)), rtol=1e-6)


# --- closed form ------------------------------------------------------------------------------------------------------

U, I0, ALPHA, N, Q, BOUND, HELD = 2.0, 1e-3, 0.3, 0.5, 50.0, 0.02, 1.95


@pytest.fixture(scope="module")
def pair():
    """A chain of one step, with its names kept out of the list of parameters that sets must hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "PARAMETERS", dict(registry.PARAMETERS))
        names = Chain("Trial", ("A", "B"))
    (step,) = names.steps
    values = {nm.COMPOSITE_MASS: 1.0, nm.AREA: 1.0, nm.SULFUR_MOLAR_MASS: arrhenius.FARADAY / Q}
    values |= {nm.SULFUR_MASS_FRACTION: 1.0, nm.SULFUR_REFERENCE_LOADING: 1.0}
    values |= {names.U(1): U, names.dUdT(1): 0.0, names.n(1): N, names.i0(step): I0, names.alpha(step): ALPHA}
    return names, values | {names.Ea(step): 0.0, nm.RATE_BOUND: BOUND, nm.INITIAL_POTENTIAL: 2.3}


def relaxation(alone, surroundings, pair, rtol=1e-10, atol=1e-14, limit=1.0):
    names, values = pair
    mechanism = RedoxChain(names, SULFUR_MATERIAL, lambda y, forward, backward, T: [limit])
    t = np.linspace(0, 1.5e4, 7)
    found = alone(mechanism, surroundings(HELD), values).solve(t, names.fraction(1), rtol=rtol, atol=atol)[0]
    f = arrhenius.thermal_voltage_inverse(298.15)
    forward, backward = I0 * np.exp(-ALPHA * f * (HELD - U)), I0 * np.exp((1 - ALPHA) * f * (HELD - U))
    both = (forward + backward) / (1 + (forward + backward) / BOUND)
    start, end = (equilibrium_fractions(at, [U], f)[1] for at in (2.3, HELD))
    return found, end + (start - end) * np.exp(-both / (N * Q * limit) * t)


@pytest.mark.parametrize("limit", [1.0, 3.0])
def test_one_step_relaxes_exponentially_at_constant_potential(alone, surroundings, pair, limit):
    found, expected = relaxation(alone, surroundings, pair, limit=limit)
    assert 0.05 < expected[1] < 0.95 * expected[-1]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_the_error_of_the_integrator_falls_with_its_tolerance(alone, surroundings, pair, order):
    tolerances = [1e-4, 1e-6, 1e-8]
    runs = (relaxation(alone, surroundings, pair, rtol=tolerance, atol=1e-2 * tolerance) for tolerance in tolerances)
    errors = [abs(found - expected).max() for found, expected in runs]
    assert 0.85 < order(tolerances, errors) < 1.1
