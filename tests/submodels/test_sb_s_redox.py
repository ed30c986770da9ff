"""Sb-S chain: charge, the milled start and its dilution, the layer of the deep reduction."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.active_material import CATHOLYTE_MATERIAL
from nasim.submodels.redox_chain import equilibrium_fractions
from nasim.submodels.region import LUMPED
from nasim.submodels.sb_s_redox import (
    DESODIATED_FLOOR,
    DeepLayer,
    MilledShare,
    SbSRedox,
    deep_denominator,
    dilution_rate,
)

N = nm.SB_S
FIRST = N.steps[0]


def test_units(quantity):
    assert dilution_rate(0.5, quantity(1.0, "A/m**2"), 0.5, quantity(9860.0, "C/m**2"), 0.1).check("1/s")
    assert deep_denominator(quantity(0.02, "A/m**2"), 0.5, quantity(0.01, "A/m**2")).check("")


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0.1, 3), st.floats(1, 1e5), st.floats(0, 1))
def test_oxidation_only_dilutes_the_milled_phase(w, rate, n, q, y):
    assert dilution_rate(w, rate, n, q, y) <= 0
    assert dilution_rate(w, 0.0, n, q, y) == 0
    assert dilution_rate(0.0, rate, n, q, y) == 0


@given(st.floats(0, 10), st.floats(0, 1), st.floats(1e-6, 10), st.floats(1e-3, 1))
def test_the_deep_layer_only_slows(rate, product, limit, more):
    D = deep_denominator(rate, product, limit)
    assert D >= 1
    assert deep_denominator(rate + more, product, limit) >= D
    assert deep_denominator(rate, product + more, limit) >= D


def test_the_milled_share_falls_exponentially_at_constant_oxidation(alone):
    rate, q, y = 0.05, 1e4, 0.3
    cell = alone(MilledShare(LUMPED), {N.connected(0): y, N.oxidation(FIRST): rate, N.capacity: q})
    t = np.linspace(0, 3.6e4, 6)
    w, excess = cell.solve(t, nm.MILLED_SHARE, nm.MILLED_POTENTIAL)
    np.testing.assert_allclose(w, np.exp(-rate * t / (cell.values[N.n(1)] * q * (y + DESODIATED_FLOOR))), rtol=1e-7)
    np.testing.assert_allclose(excess, w * cell.values[nm.MILLING_SHIFT], rtol=1e-12)


def test_milling_raises_the_current_of_the_first_step_only(alone, surroundings, whole):
    held = {nm.INITIAL_POTENTIAL: 1.95, nm.MILLING_SHIFT: 0.0, nm.LAYER_CURRENT: 1e30}
    parts = [part for part in whole(SbSRedox()) if not isinstance(part, MilledShare)]
    plain, milled = (alone(parts, surroundings(1.9, shift=shift), held) for shift in (0.0, 0.05))
    names = [N.current(step) for step in N.steps]
    before, after = plain.at_start(*names), milled.at_start(*names)
    assert after[0] > before[0] > 0
    assert after[1:] == before[1:]


def test_without_limits_the_chain_is_an_ideal_one(alone, surroundings, whole):
    """Layers out of reach: the same as a chain that nothing limits."""
    none = {nm.DEEP_LAYER_CURRENT: 1e30, nm.LAYER_CURRENT: 1e30, nm.INITIAL_POTENTIAL: 2.2}
    t, names = np.linspace(0, 1e4, 4), [N.reaction_current, *(N.fraction(k) for k in range(4))]
    found = alone(whole(SbSRedox()), surroundings(1.8), none).solve(t, *names)
    parts = [part for part in whole(SbSRedox(), layer=False) if not isinstance(part, DeepLayer)]
    given = surroundings(1.8) | {nm.LAYER_FACTOR: 1.0, nm.DEEP_FACTOR: 1.0}
    ideal = alone(parts, given, none).solve(t, *names)
    assert found[1][0] - found[1][-1] > 0.1
    np.testing.assert_allclose(found, ideal, rtol=1e-8, atol=1e-12)


def test_the_window_of_stability_is_the_published_one(alone, surroundings, whole):
    """Na3SbS4 is oxidised above 1.90 V and reduced below 1.83 V (Yuan et al. 2025), against Na/Na+; it is the greater part of
    the chain in equilibrium between the two and nowhere else."""
    values = load("Yuan2025_NAS")
    assert values.value(N.U(2)) == pytest.approx(1.90, abs=0.005) and values.value(N.U(3)) == pytest.approx(
        1.83, abs=0.005
    )
    U = [values.value(N.U(k)) for k in N.links]
    shares = [equilibrium_fractions(at, U, 38.92)[2] for at in (1.78, 1.865, 1.95)]
    assert shares[0] < 0.2 and shares[1] > 0.5 and shares[2] < 0.2


def test_electrons_are_those_of_the_accessible_share():
    """2.5 sodium per antimony from SbxSy to Na3SbS4 and 8 more to Na2S and Na3Sb, of the share that takes part; 0.26
    mAh cm-2 on a cathode without sulfur are the first of them."""
    values = load("Yuan2025_NAS")
    first, second, deep = (values.value(N.n(k)) for k in N.links)
    share = values.value(nm.ACCESSIBLE_CATHOLYTE)
    assert 2 <= (first + second) / share <= 3 and 0.32 <= share <= 0.48
    assert deep / share == pytest.approx(8, rel=0.02)
    charge = values.to_pybamm().process_symbol(CATHOLYTE_MATERIAL.charge_per_electron()).evaluate()
    assert (first + second) * float(charge) / 3.6e4 == pytest.approx(0.26, abs=0.02)


def test_what_is_reduced_deeply_is_lost_as_electrolyte(alone, surroundings, whole):
    """It bounds itself: the layer of its product lets through ever less, and the accessible share is the end."""
    values = {nm.INITIAL_POTENTIAL: 1.7, nm.LAYER_CURRENT: 1e30}
    cell = alone(whole(SbSRedox()), surroundings(0.9), values)
    t = np.linspace(0, 3.6e6, 7)
    eaten, deep = cell.solve(t, nm.EATEN_ELECTROLYTE, N.fraction(3), rtol=1e-8)
    np.testing.assert_allclose(eaten, cell.values[nm.ACCESSIBLE_CATHOLYTE] * deep, rtol=1e-9)
    assert np.all(np.diff(deep) > 0) and deep[-1] < 1
