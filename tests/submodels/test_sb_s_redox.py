"""Sb-S chain: charge, the milled start and its dilution, the layer of the deep reduction."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.redox_chain import RedoxChain
from nasim.submodels.region import LUMPED
from nasim.submodels.sb_s_redox import (
    DESODIATED_FLOOR,
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


def test_milling_raises_the_current_of_the_first_step_only(alone, surroundings):
    held = {nm.INITIAL_POTENTIAL: 1.9, nm.MILLING_SHIFT: 0.0}
    plain, milled = (alone(SbSRedox(), surroundings(1.8, shift=shift), held) for shift in (0.0, 0.05))
    names = [N.current(step) for step in N.steps]
    before, after = plain.at_start(*names), milled.at_start(*names)
    assert after[0] > before[0] > 0


def test_without_limits_the_chain_is_an_ideal_one(alone, surroundings):
    """Grain and layer limits out of reach: the same as a chain that nothing limits."""
    none = {nm.DEEP_LAYER_CURRENT: 1e30, nm.INITIAL_POTENTIAL: 2.2}
    made = SbSRedox()
    ideal = RedoxChain(N, made.material, lambda y, *_: [1.0] * 3, shifts=made.shifts)
    t, names = np.linspace(0, 3600, 4), [N.reaction_current, *(N.fraction(k) for k in range(4))]
    found, expected = (alone(chain, surroundings(1.2), none).solve(t, *names) for chain in (made, ideal))
    np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-12)
