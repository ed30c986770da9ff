"""Sulfur: stoichiometry, the insulating film, logarithmic growth of the film, the chain without it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.redox_chain import RedoxChain
from nasim.submodels.sulfur_conversion import (
    SulfurConversion,
    denominator,
    film_current,
    sodiation,
)

rates = st.floats(0.0, 1e3)
limits = st.floats(1e-6, 1e3)
N = nm.SULFUR


def test_units(quantity):
    film = film_current(0.5, quantity(5.0, "A/m**2"), 0.25)
    assert film.check("A/m**2")
    assert denominator(film, film, film, film).check("")


def test_both_steps_together_have_the_potential_of_calorimetry():
    """Na2S against S and Na: 1.854 V, whatever the split (J. Chem. Thermodyn. 39 (2007) 44)."""
    values = load("Yuan2025_NAS")
    assert (values.value(N.U(1)) + values.value(N.U(2))) / 2 == pytest.approx(1.854, abs=0.005)
    assert values.value(N.U(1)) > values.value(N.U(2))


@given(st.floats(0, 1), st.floats(0, 1))
def test_sodiation_is_a_degree(first, second):
    y = [first * second, first * (1 - second), 1 - first]
    assert -1e-12 <= sodiation(y) <= 1 + 1e-12


@given(st.floats(0, 0.9), st.floats(0.01, 0.1), limits, st.floats(0.02, 2.0))
def test_a_thicker_film_passes_less(X, more, i_L, x_0):
    assert 0 < film_current(X + more, i_L, x_0) < film_current(X, i_L, x_0) <= i_L


@given(rates, rates, limits, limits, st.floats(1e-3, 10))
def test_the_film_only_slows(forward, backward, film, oxidation, more):
    D = denominator(forward, backward, film, oxidation)
    assert D >= 1
    assert denominator(forward + more, backward, film, oxidation) >= D
    assert forward / D <= film * (1 + 1e-12) and backward / D <= oxidation * (1 + 1e-12)


def below_all_potentials(alone, surroundings, make, values, t, *names):
    held = surroundings(1.0)
    return alone(make(), held, values | {nm.INITIAL_POTENTIAL: 2.6}).solve(t, *names)


def grown(alone, surroundings, bound):
    """Sodiation at the times `t` of sulfur far below its potential, where the film alone sets the pace."""
    values = {nm.RATE_BOUND: bound, nm.SULFUR_LAYER_CURRENT: 5.0, nm.SULFUR_LAYER_DECAY: 0.1}
    values |= {N.i0(step): 1.0 for step in N.steps} | {N.alpha(step): 0.5 for step in N.steps}
    t = np.linspace(0, 3600, 7)
    charge, q = below_all_potentials(alone, surroundings, SulfurConversion, values, t, N.stored_charge, N.capacity)
    return t, charge / (2 * q), q[0]


def test_the_film_grows_with_the_logarithm_of_time(alone, surroundings, order):
    """dX/dt = i_L exp(-X/x_0)/(2q) gives X = x_0 ln(1 + i_L t/(2 q x_0)); fast reactions tend to it, at order one."""
    errors, bounds = [], [1e3, 1e4, 1e5]
    for bound in bounds:
        t, X, q = grown(alone, surroundings, bound)
        expected = 0.1 * np.log(1 + 5.0 * t / (2 * q * 0.1))
        errors.append(abs(X - expected).max())
    assert 0.15 < X[-1] < 0.5
    assert errors[-1] < 1e-5
    assert -1.05 < order(bounds, errors) < -0.95


def test_without_a_film_the_chain_is_an_ideal_one(alone, surroundings):
    """Film and oxidation limit out of reach: the same as a chain that nothing limits."""
    none = {nm.SULFUR_LAYER_CURRENT: 1e30, nm.SULFUR_OXIDATION_CURRENT: 1e30}
    ideal = lambda: RedoxChain(N, SulfurConversion().material, lambda y, *_: [1.0] * 3)  # noqa: E731
    t, names = np.linspace(0, 3600, 4), [N.reaction_current, *(N.fraction(k) for k in range(3))]
    for found, expected in zip(
        below_all_potentials(alone, surroundings, SulfurConversion, none, t, *names),
        below_all_potentials(alone, surroundings, ideal, none, t, *names),
        strict=True,
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12)
