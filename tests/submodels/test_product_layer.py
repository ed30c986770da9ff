"""Product layer: kinetics and transport in series, parabolic growth, classes of grains, one layer for both chains."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.active_material import CATHOLYTE_MATERIAL, SULFUR_MATERIAL
from nasim.submodels.product_layer import ProductLayer, class_factor, limiting_current, transport_factor
from nasim.submodels.sb_s_redox import SbSRedox
from nasim.submodels.sulfur_conversion import SulfurConversion

N = nm.SULFUR
rates = st.floats(0.0, 1e3)
limits = st.floats(1e-6, 1e3)
spreads = st.floats(0.0, 1.0)


def test_units(quantity):
    limit = limiting_current(0.5, quantity(0.16, "mA/cm**2"), 0.014)
    assert limit.to("A/m**2").magnitude == pytest.approx(1.6 / 0.514)
    assert transport_factor(quantity(1.0, "A/m**2"), quantity(0.5, "A/m**2"), limit, 5.0).check("")


@given(st.floats(0, 2), st.floats(0.01, 1), limits, st.floats(1e-3, 0.1))
def test_a_thicker_layer_passes_less(X, more, i_D, bare):
    assert 0 < limiting_current(X + more, i_D, bare) < limiting_current(X, i_D, bare) <= i_D / bare


@given(rates, rates, limits, st.floats(1.0, 10), st.floats(1e-3, 10))
def test_the_layer_only_slows(forward, backward, limit, ratio, more):
    D = transport_factor(forward, backward, limit, ratio)
    assert D >= 1
    assert transport_factor(forward + more, backward, limit, ratio) >= D
    assert transport_factor(forward, backward, limit, ratio + more) <= D
    assert forward / D <= limit * (1 + 1e-12) and backward / D <= ratio * limit * (1 + 1e-12)


@given(limits, limits)
def test_kinetics_and_transport_are_in_series(forward, limit):
    """Koutecky and Levich: the reciprocals of the currents add up."""
    assert transport_factor(forward, 0.0, limit, 5.0) / forward == pytest.approx(1 / forward + 1 / limit, rel=1e-9)


@given(spreads, st.integers(1, 40))
def test_grains_spread_around_their_median(spread, classes):
    """Ranks p and 1 - p are larger and smaller than the median by the same factor: the median grain is that of no spread."""
    rank = (np.arange(classes) + 0.5) / classes
    factors = class_factor(rank, spread)
    np.testing.assert_allclose(factors * factors[::-1], 1.0, rtol=1e-9)
    assert class_factor(0.5, spread) == 1
    assert np.all(np.diff(factors) <= 0)


def test_the_logarithm_of_size_has_the_spread_as_its_standard_deviation(order):
    """ln rho = -ln(factor)/2 has mean zero; its deviation tends to s with the number of classes."""
    counts, errors = np.array([100, 1000, 10000]), []
    for count in counts:
        sizes = -np.log(class_factor((np.arange(count) + 0.5) / count, 0.6)) / 2
        assert np.mean(sizes) == pytest.approx(0, abs=1e-12)
        errors.append(abs(np.std(sizes) / 0.6 - 1))
    assert errors[-1] < 1e-3
    assert order(counts, errors) < -0.8


def test_size_of_the_limit():
    """F D c r^2/L_p with r = 7, L_p = 6.4 um, c = 2000 mol m-3 is 1 A m-2 for D = 7e-16 m2 s-1; the set is within two
    decades of it, as the diffusivity of a glassy sulfide is."""
    assert 96485 * 7e-16 * 2000 * 7**2 / 6.4e-6 == pytest.approx(1.0, rel=0.05)
    assert 0.01 < load("Yuan2025_NAS").value(nm.LAYER_CURRENT) < 100


def test_a_full_layer_is_that_of_the_reference_cathode():
    """Q_ref is what both chains make: two electrons of sulfur, and those of the reversible Sb-S steps."""
    values = load("Yuan2025_NAS").to_pybamm()
    whole = 0
    for chain, material, steps in ((N, SULFUR_MATERIAL, (1, 2)), (nm.SB_S, CATHOLYTE_MATERIAL, (1, 2))):
        charge = float(values.process_symbol(material.charge_per_electron()).evaluate())
        whole += charge * sum(values[chain.n(k)] for k in steps)
    assert values[nm.LAYER_CHARGE] == pytest.approx(whole, rel=0.02)


# --- in the chains ----------------------------------------------------------------------------------------------------

QUICK = {nm.GRAIN_SPREAD: 0.0, nm.INITIAL_POTENTIAL: 2.6, nm.LAYER_CURRENT: 0.5, nm.LAYER_BARE: 0.02}
QUICK |= {nm.NUCLEATION_BARRIER: 0.0, nm.NUCLEATION_RATE: 1e12, nm.LAYER_CHARGE: 3e4}
QUICK |= {N.i0(step): 1.0 for step in N.steps}


def grown(alone, surroundings, whole, bound):
    """Charge of sulfur far below its potentials, where the layer alone sets the pace, and that of the parabola."""
    t = np.linspace(0, 2e4, 6)
    cell = alone(whole(SulfurConversion()), surroundings(0.7), QUICK | {nm.RATE_BOUND: bound})
    (charge,) = cell.solve(t, N.stored_charge)
    bare = 0.02
    expected = QUICK[nm.LAYER_CHARGE] * (np.sqrt(bare**2 + 2 * 0.5 * t / QUICK[nm.LAYER_CHARGE]) - bare)
    return charge - charge[0], expected


def test_the_layer_grows_as_the_root_of_time(alone, surroundings, whole, order):
    """dX/dt = i_D/(Q (X + eps)): X = sqrt(eps^2 + 2 i_D t/Q) - eps. Faster reactions tend to it, at order one."""
    errors, bounds = [], [1e2, 1e3, 1e4]
    for bound in bounds:
        found, expected = grown(alone, surroundings, whole, bound)
        errors.append(abs(found - expected).max() / expected[-1])
    assert expected[-1] > 0.5 * QUICK[nm.LAYER_CHARGE]
    assert errors[-1] < 2e-4
    assert order(bounds, errors) == pytest.approx(-1, abs=0.1)


def both(alone, surroundings, whole, potential, values=(), classes=1, **given):
    return alone(whole(SulfurConversion(), SbSRedox()), surroundings(potential) | given, values, classes)


def test_both_chains_share_one_layer(alone, surroundings, whole):
    """What one chain passes the other lacks: with sulfur beside it, Sb-S gets less, and both are slowed alike."""
    low = {nm.INITIAL_POTENTIAL: 1.7, nm.GRAIN_SPREAD: 0.0}
    step = nm.SB_S.steps[1]
    names = (nm.LAYER_FACTOR, N.limitation, nm.SB_S.limitation, nm.SB_S.current(step))
    together = both(alone, surroundings, whole, 1.2, low).at_start(*names)
    single = alone(whole(SbSRedox()), surroundings(1.2), low).at_start(nm.LAYER_FACTOR, nm.SB_S.current(step))
    assert together[0] > single[0] > 1
    assert together[1] == together[2] == pytest.approx(1 - 1 / together[0], rel=1e-12)


def test_the_whole_current_stays_below_what_the_layer_passes(alone, surroundings, whole):
    values = {nm.INITIAL_POTENTIAL: 1.9, nm.GRAIN_SPREAD: 0.0, nm.LAYER_CONTACT_EXPONENT: 0.0}
    cell = both(alone, surroundings, whole, 0.8, values)
    shared = [chain.current(step) for chain in (N, nm.SB_S) for step in chain.steps[:2]]
    X, *currents = cell.at_start(nm.LAYER_SODIATION, *shared)
    limit = limiting_current(X, cell.values[nm.LAYER_CURRENT], cell.values[nm.LAYER_BARE])
    assert 0.5 * limit < sum(currents) <= limit * (1 + 1e-9)


def test_coarse_grains_lag_and_their_mean_is_the_electrode(alone, surroundings, whole):
    values = {nm.INITIAL_POTENTIAL: 2.4, nm.GRAIN_SPREAD: 0.5}
    cell = both(alone, surroundings, whole, 1.2, values, classes=5)
    factor, product, mean = cell.solve([0, 3600.0], nm.LAYER_FACTOR, N.graded(2), N.amount_of(2))
    assert np.all(np.diff(factor[:, 0]) > 0)
    assert np.all(np.diff(product[:, -1]) < 0)
    np.testing.assert_allclose(product.mean(axis=0), mean, rtol=1e-9)


def test_grains_of_one_size_are_one_class(alone, surroundings, whole):
    values = {nm.INITIAL_POTENTIAL: 2.4, nm.GRAIN_SPREAD: 0.0}
    found = [
        both(alone, surroundings, whole, 1.3, values, classes).solve([0, 1800, 3600.0], N.stored_charge)[0]
        for classes in (1, 3)
    ]
    np.testing.assert_allclose(*found, rtol=1e-7)


def test_what_comes_back_from_isolation_lies_in_nobodys_way(alone, surroundings, whole):
    """Sulfur of which half is isolated as Na2S: reconnected, it is product, but not in the layer."""
    back, start = 1e-4, 0.5
    given = surroundings(1.85) | {nm.CONNECTED: start + back * pybamm.t, nm.INITIAL_CONNECTED: start}
    still = {nm.INITIAL_POTENTIAL: 2.6, N.i0(N.steps[0]): 1e-30, N.i0(N.steps[1]): 1e-30, nm.NUCLEATION_RATE: 0.0}
    cell = alone(whole(SulfurConversion()), given | {nm.RECONNECTION_RATE: back}, still)
    for k, share in enumerate((0.0, 0.0, 0.5)):
        cell.mechanism.initial_conditions[cell.symbols[N.isolated(k)]] = pybamm.Scalar(share)
    X, stranded = cell.solve(np.linspace(0, 4000, 5), nm.LAYER_SODIATION, nm.STRANDED)
    assert X[-1] > 0.2
    np.testing.assert_allclose(stranded, X, rtol=1e-4, atol=1e-9)


def test_oxidation_takes_stranded_product_with_the_rest(alone, surroundings, whole):
    """In proportion: the stranded share of the product stays what it was."""
    values = {nm.INITIAL_POTENTIAL: 1.3, nm.LAYER_CURRENT: 1e3, nm.GRAIN_SPREAD: 0.0}
    cell = alone(whole(SulfurConversion()), surroundings(2.1), values)
    layer = next(part for part in cell.parts if isinstance(part, ProductLayer))
    layer.initial_conditions[cell.symbols[nm.STRANDED]] = pybamm.Scalar(0.2)
    X, stranded = cell.solve(np.linspace(0, 2e3, 9), nm.LAYER_SODIATION, nm.STRANDED)
    assert X[-1] < 0.5 * X[0]
    np.testing.assert_allclose(stranded / X, stranded[0] / X[0], rtol=0.01)


def test_without_transport_limit_the_chains_are_ideal(alone, surroundings, whole):
    """A layer that passes anything: the same as a factor of one in its place."""
    values = {nm.LAYER_CURRENT: 1e30, nm.INITIAL_POTENTIAL: 2.4}
    t, names = np.linspace(0, 60, 4), [N.reaction_current, *(N.fraction(k) for k in range(3))]
    layered = alone(whole(SulfurConversion()), surroundings(1.6), values).solve(t, *names)
    none = surroundings(1.6) | {nm.LAYER_FACTOR: 1.0}
    ideal = alone(whole(SulfurConversion(), layer=False), none, values).solve(t, *names)
    assert layered[3][-1] + layered[2][-1] > 0.1
    np.testing.assert_allclose(layered, ideal, rtol=1e-8, atol=1e-12)
