"""Redox chain: equilibrium at the start, bookkeeping of species over grains and isolated material, relaxation when held."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import cumulative_simpson

from nasim import nomenclature as nm
from nasim.nomenclature import Chain, registry
from nasim.submodels import arrhenius
from nasim.submodels.active_material import SULFUR_MATERIAL
from nasim.submodels.kinetics import ATMOSPHERE, ButlerVolmer
from nasim.submodels.redox_chain import RedoxChain, equilibrium_fractions
from nasim.submodels.sb_s_redox import SbSRedox
from nasim.submodels.sulfur_conversion import SulfurConversion

F_OVER_RT = 38.92
potentials = st.floats(0.5, 3.0)
CHAINS = [SulfurConversion, SbSRedox]


# --- dimension and properties -----------------------------------------------------------------------------------------


def test_units(quantity, monkeypatch):
    f = quantity(38.9, "1/V")
    assert equilibrium_fractions(quantity(2.0, "V"), [quantity(2.0, "V")], f)[1].check("")
    monkeypatch.setattr(arrhenius, "R_GAS", quantity(arrhenius.R_GAS, "J/mol/K"))
    monkeypatch.setattr(arrhenius, "FARADAY", quantity(arrhenius.FARADAY, "C/mol"))
    monkeypatch.setattr(arrhenius, "T_REF", quantity(arrhenius.T_REF, "K"))
    T, E_a = quantity(333.15, "K"), quantity(5e4, "J/mol")
    assert arrhenius.arrhenius(T, E_a).check("")
    assert arrhenius.conductivity(T, quantity(0.09, "S/m"), E_a).check("S/m")
    assert arrhenius.thermal_voltage_inverse(T).to("1/V").magnitude == pytest.approx(34.83, abs=0.01)


@given(potentials, st.lists(potentials, min_size=1, max_size=4), st.floats(0.01, 0.3))
def test_equilibrium_fractions_are_shares_and_sodiation_falls_with_potential(potential, U, rise):
    low, high = (equilibrium_fractions(at, U, F_OVER_RT) for at in (potential, potential + rise))
    for y in (low, high):
        assert sum(y) == pytest.approx(1.0, abs=1e-12)
        assert all(0 <= share <= 1 for share in y)
    assert np.dot(high, range(len(high))) <= np.dot(low, range(len(low))) + 1e-12


# --- the chains of the cathode ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", CHAINS)
@pytest.mark.parametrize("potential", [1.7, 1.85, 2.0, 2.4])
@pytest.mark.parametrize("T", [298.15, 333.15])
def test_no_reaction_runs_in_equilibrium(alone, surroundings, whole, make, potential, T):
    """The start is the equilibrium at the initial potential, that of the milled material too: each step within a solid
    solution stands still; a step to a phase of its own stands where that phase does not exist."""
    values = {nm.INITIAL_POTENTIAL: potential, nm.AMBIENT_TEMPERATURE: T, nm.MILLING_SHIFT: 0.05}
    values |= {nm.APPLIED_PRESSURE: 250e6}
    chain, held = make(), surroundings(potential, T, connected=0.6)
    cell = alone(whole(chain), held | {nm.STACK_PRESSURE: 250e6}, values)
    for step, law in zip(chain.names.steps, chain.laws, strict=True):
        net, oxidation = cell.at_start(chain.names.current(step), chain.names.oxidation(step))
        if law.nernstian:
            assert abs(net) <= 1e-8 * oxidation + 1e-20


@pytest.mark.parametrize("make", CHAINS)
def test_reduction_below_and_oxidation_above_equilibrium(alone, surroundings, whole, make):
    def current(potential):
        cell = alone(whole(make()), surroundings(potential), {nm.INITIAL_POTENTIAL: 1.85})
        return cell.at_start(make().names.reaction_current)[0]

    assert current(1.2) > 0 > current(2.6)


@pytest.mark.parametrize("make", CHAINS)
def test_reactions_conserve_species_and_count_electrons(alone, surroundings, whole, make):
    """Held far below equilibrium, with isolation on the way: what the species have taken up is the charge that passed."""
    chain, rate, start = make(), 5e-5, 0.9
    n = chain.names
    given = surroundings(1.1) | {nm.CONNECTED: start - rate * pybamm.t}
    given |= {nm.INITIAL_CONNECTED: start, nm.ISOLATION_RATE: rate, nm.RECONNECTION_RATE: 0.0}
    t = np.linspace(0, 3600, 721)
    cell = alone(whole(chain), given, {nm.INITIAL_POTENTIAL: 2.4}, classes=2)
    amount, stored, current = cell.solve(t, n.amount, n.stored_charge, n.reaction_current)
    np.testing.assert_allclose(amount, 1.0, rtol=1e-9)
    passed = cumulative_simpson(current, x=t, initial=0)
    assert stored[-1] - stored[0] > 100
    np.testing.assert_allclose(stored[10:] - stored[10], passed[10:] - passed[10], rtol=1e-4)


def test_isolated_material_keeps_its_composition_and_nothing_is_lost(alone, surroundings, whole):
    start, rate, n = 0.9, 1e-4, nm.SULFUR
    given = surroundings(1.85) | {nm.CONNECTED: start - rate * pybamm.t, nm.INITIAL_CONNECTED: start}
    values = {nm.INITIAL_POTENTIAL: 1.85, n.i0(n.steps[1]): 1e-30, nm.NUCLEATION_RATE: 0.0}
    values |= {nm.APPLIED_PRESSURE: ATMOSPHERE}
    cell = alone(whole(SulfurConversion()), given | {nm.ISOLATION_RATE: rate}, values)
    t = np.linspace(0, 3600, 5)
    connected = cell.solve(t, *(n.amount_of(k) for k in range(3)))
    isolated = cell.solve(t, *(n.isolated(k) for k in range(3)))
    np.testing.assert_allclose(sum(connected), start - rate * t, rtol=1e-8)
    np.testing.assert_allclose(sum(connected) + sum(isolated), 1.0, rtol=1e-12)
    f = arrhenius.thermal_voltage_inverse(298.15)
    fresh = equilibrium_fractions(1.85, [cell.values[n.U(1)], cell.values[n.U(2)]], f)
    for part in (connected, isolated):
        np.testing.assert_allclose([y / sum(part) for y in part], np.outer(fresh, np.ones(5)), rtol=1e-6)


def test_reconnected_material_comes_with_the_mean_of_what_is_isolated(alone, surroundings, whole):
    """Nothing reacts; a pool of another composition comes back, to all classes alike."""
    n, back, start = nm.SULFUR, 1e-4, 0.5
    given = surroundings(1.8) | {nm.CONNECTED: start + back * pybamm.t, nm.INITIAL_CONNECTED: start}
    given |= {nm.RECONNECTION_RATE: back, nm.LAYER_FACTOR: 1e30}
    cell = alone(whole(SulfurConversion(), layer=False), given, {nm.INITIAL_POTENTIAL: 2.6}, classes=2)
    for k, share in enumerate((0.0, 0.25, 0.25)):
        cell.mechanism.initial_conditions[cell.symbols[n.isolated(k)]] = pybamm.Scalar(share)
    t = np.linspace(0, 2000, 5)
    found = cell.solve(t, *(n.graded(k) for k in range(3)))
    for came, share in zip(found, (0.0, 0.5, 0.5), strict=True):
        np.testing.assert_allclose(came - came[:, :1], np.outer([1, 1], back * share * t), atol=1e-6)


# --- closed form ------------------------------------------------------------------------------------------------------

U, I0, ALPHA, ELECTRONS, Q, BOUND, HELD = 2.0, 1e-3, 0.3, 0.5, 50.0, 0.02, 1.95


@pytest.fixture(scope="module")
def pair():
    """A chain of one step, with its names kept out of the list of parameters that sets must hold."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "PARAMETERS", dict(registry.PARAMETERS))
        names = Chain("Trial", ("A", "B"))
    (step,) = names.steps
    values = {nm.COMPOSITE_MASS: 1.0, nm.AREA: 1.0, nm.SULFUR_MOLAR_MASS: arrhenius.FARADAY / Q}
    values |= {nm.SULFUR_MASS_FRACTION: 1.0, nm.SULFUR_REFERENCE_LOADING: 1.0}
    values |= {nm.CATHOLYTE_MASS_FRACTION: 0.5, nm.CATHOLYTE_DENSITY: 1.0, nm.CATHODE_THICKNESS: 1.0}
    values |= {nm.REFERENCE_ELECTROLYTE: 0.5, nm.APPLIED_PRESSURE: ATMOSPHERE}
    values |= {names.U(1): U, names.dUdT(1): 0.0, names.n(1): ELECTRONS, names.i0(step): I0, names.alpha(step): ALPHA}
    return names, values | {names.Ea(step): 0.0, nm.RATE_BOUND: BOUND, nm.INITIAL_POTENTIAL: 2.3}


def relaxation(alone, surroundings, whole, pair, rtol=1e-10, atol=1e-14, limit=1.0):
    names, values = pair
    chain = RedoxChain(names, SULFUR_MATERIAL, [ButlerVolmer()], [nm.LAYER_FACTOR])
    given = surroundings(HELD) | {nm.LAYER_FACTOR: limit}
    t = np.linspace(0, 1.5e4, 7)
    found = alone(whole(chain, layer=False), given, values).solve(t, names.fraction(1), rtol=rtol, atol=atol)[0]
    f = arrhenius.thermal_voltage_inverse(298.15)
    forward, backward = I0 * np.exp(-ALPHA * f * (HELD - U)), I0 * np.exp((1 - ALPHA) * f * (HELD - U))
    both = (forward + backward) / (1 + (forward + backward) / BOUND)
    start, end = (equilibrium_fractions(at, [U], f)[1] for at in (2.3, HELD))
    return found, end + (start - end) * np.exp(-both / (ELECTRONS * Q * limit) * t)


@pytest.mark.parametrize("limit", [1.0, 3.0])
def test_one_step_relaxes_exponentially_at_constant_potential(alone, surroundings, whole, pair, limit):
    found, expected = relaxation(alone, surroundings, whole, pair, limit=limit)
    assert 0.05 < expected[1] < 0.95 * expected[-1]
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_the_error_of_the_integrator_falls_with_its_tolerance(alone, surroundings, whole, pair, order):
    tolerances = [1e-4, 1e-6, 1e-8]
    runs = (relaxation(alone, surroundings, whole, pair, rtol=each, atol=1e-2 * each) for each in tolerances)
    errors = [abs(found - expected).max() for found, expected in runs]
    assert 0.85 < order(tolerances, errors) < 1.1
