"""Growth laws: units, closed forms with their order, limits of one another, and arguments matched by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nasim
from nasim import nomenclature as nm
from nasim.submodels.growth_laws import (
    KNOWN,
    arguments_of,
    avrami,
    mixed,
    parabolic,
    self_limiting,
    tunnelling,
)
from nasim.submodels.interphase import Interphase

UNTOUCHED = {nm.NEGATIVE.void_share: 0.0, nm.NEGATIVE.equilibrium_potential: 0.08}
"""No voids; the potential of the first plateau."""
AT_REST = {nm.TEMPERATURE: 298.15, nm.NEGATIVE.kinetic_current: 0.0, nm.NEGATIVE.supply: 1.0} | UNTOUCHED
VALUES = {"L_inf": 1e-5, "tau": 1.8e4, "n": 2.0, "k_p": 1e-15, "k_r": 5e-10, "length": 3e-6}
UNITS = {"L_inf": "um", "tau": "hour", "n": "", "k_p": "um**2/s", "k_r": "nm/s", "length": "um"}
LAWS = (self_limiting, avrami, parabolic, mixed, tunnelling)
thicknesses = st.floats(1e-9, 9.9e-6)


def rate(law, L):
    return law(**{name: L if name == "L" else VALUES[name] for name in arguments_of(law)})


@pytest.mark.parametrize("law", [self_limiting, parabolic, mixed, tunnelling])
def test_units(quantity, law):
    given = {name: quantity(2.0, "um") if name == "L" else quantity(1.5, UNITS[name]) for name in arguments_of(law)}
    assert law(**given).check("m/s")


@pytest.mark.parametrize("law", LAWS)
@given(L=thicknesses)
def test_layers_grow(law, L):
    assert rate(law, L) > 0


@given(thicknesses, st.floats(1.0, 1e6))
def test_avrami_of_exponent_one_limits_itself(L, tau):
    found = avrami(L, 1e-5, tau, 1.0)
    assert found == pytest.approx(self_limiting(L, 1e-5, tau), rel=1e-12)


@given(thicknesses)
def test_mixed_growth_is_the_slower_of_reaction_and_diffusion(L):
    assert mixed(L, 5e-10, 1e-3) == pytest.approx(5e-10, rel=1e-6)
    assert mixed(L, 1e3, 1e-15) == pytest.approx(parabolic(L, 1e-15), rel=1e-6)
    assert mixed(L, 5e-10, 1e-15) < min(5e-10, parabolic(L, 1e-15))


def closed_form(law, t, L0):
    """Thickness after t [s], from each law's own integral."""
    v = VALUES
    if law is self_limiting:
        return v["L_inf"] + (L0 - v["L_inf"]) * np.exp(-t / v["tau"])
    if law is avrami:
        begun = v["tau"] * (-np.log(1 - L0 / v["L_inf"])) ** (1 / v["n"])
        return v["L_inf"] * (1 - np.exp(-(((t + begun) / v["tau"]) ** v["n"])))
    if law is parabolic:
        return np.sqrt(L0**2 + 2 * v["k_p"] * t)
    if law is mixed:
        reach = v["k_p"] / v["k_r"]
        return -reach + np.sqrt((L0 + reach) ** 2 + 2 * v["k_p"] * t)
    return v["length"] * np.log(np.exp(L0 / v["length"]) + v["k_r"] * t / v["length"])


@pytest.mark.parametrize("law", LAWS)
def test_the_classical_integrator_meets_the_closed_form_at_fourth_order(law, order):
    L0, end, counts, errors = 1e-6, 3.6e4, [32, 64, 128], []
    for count in counts:
        L, h = L0, end / count
        for _ in range(count):
            k1 = rate(law, L)
            k2 = rate(law, L + h / 2 * k1)
            k3 = rate(law, L + h / 2 * k2)
            L = L + h / 6 * (k1 + 2 * k2 + 2 * k3 + rate(law, L + h * k3))
        errors.append(abs(L - closed_form(law, end, L0)))
    assert -4.6 < order(counts, errors) < -3.6


@pytest.mark.parametrize("law", LAWS)
def test_an_interphase_follows_the_law_handed_in(alone, law):
    """As a mechanism at rest: the thickness is the closed form for the values of the set."""
    given = {KNOWN[name]: VALUES[name] for name in arguments_of(law) if name in KNOWN} | {nm.INTERPHASE_INITIAL: 1e-6}
    cell, t = alone(Interphase(nm.NEGATIVE, law), AT_REST, given), np.linspace(0, 8.64e4, 7)
    (L,) = cell.solve(t, nm.NEGATIVE.interphase_thickness)
    np.testing.assert_allclose(L, closed_form(law, t, 1e-6), rtol=1e-6)


def test_laws_of_your_own_may_use_the_temperature(alone):
    def warm(L, T, k_r):
        return k_r * (T / 298.15) + 0 * L

    (L,) = alone(Interphase(nm.NEGATIVE, warm), AT_REST).solve([0, 1e3], nm.NEGATIVE.interphase_rest_thickness)
    assert np.ptp(L) == pytest.approx(5.6e-7, rel=1e-6)


def test_an_unknown_argument_is_named_with_the_known_ones():
    with pytest.raises(nasim.UnknownNameError) as refused:
        Interphase(nm.NEGATIVE, law=lambda L, taus: L / taus)
    for word in ("'taus'", "tau (Interphase time constant [s])", "L_inf", "nearest match is 'tau'"):
        assert word in str(refused.value)
