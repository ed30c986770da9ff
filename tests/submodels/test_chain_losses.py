"""Losses of a chain: they add up to the work lost, none is a gain, and heat of mixing is that of an ideal solution."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.arrhenius import thermal_voltage_inverse
from nasim.submodels.chain_losses import NERNST_FLOOR, nernst_term, transport_overpotential
from nasim.submodels.kinetics import ATMOSPHERE
from nasim.submodels.sb_s_redox import SbSRedox
from nasim.submodels.sulfur_conversion import SulfurConversion

F_OVER_RT = 38.92
alphas = st.floats(0.02, 0.98)
factors = st.floats(1.0, 1e6)


def test_units(quantity):
    f = quantity(38.9, "1/V")
    assert transport_overpotential(quantity(np.array([0.5]), "V"), 4.0, 0.5, f).check("V")
    assert nernst_term(0.9, 0.1, f).to("mV").magnitude == pytest.approx(56.5, abs=0.1)


@given(st.floats(1e-6, 1.0), factors, st.floats(1.0, 10.0), alphas)
def test_transport_costs_nothing_at_full_rate_and_part_of_the_overpotential_else(eta, D, more, alpha):
    assert transport_overpotential(eta, 1.0, alpha, F_OVER_RT) == 0.0
    for value in (eta, -eta):
        cost = transport_overpotential(value, D, alpha, F_OVER_RT) * np.sign(value)
        assert 0 <= cost <= eta
        assert transport_overpotential(value, D * more, alpha, F_OVER_RT) * np.sign(value) >= cost - 1e-15


@given(st.floats(1e-3, 1), st.floats(1e-3, 1), st.floats(1.01, 3))
def test_a_nernst_potential_rises_with_what_can_be_reduced(y_ox, y_red, more):
    assert nernst_term(y_ox, y_red, F_OVER_RT) == pytest.approx(-nernst_term(y_red, y_ox, F_OVER_RT), abs=1e-12)
    assert nernst_term(more * y_ox, y_red, F_OVER_RT) > nernst_term(y_ox, y_red, F_OVER_RT)


@given(st.floats(-1.0, 0.0), st.floats(-1.0, 0.0))
def test_a_fraction_below_zero_is_none(y_ox, y_red):
    assert nernst_term(y_ox, y_red, F_OVER_RT) == 0
    assert nernst_term(1.0, y_red, F_OVER_RT) == pytest.approx(-np.log(NERNST_FLOOR) / F_OVER_RT, rel=1e-9)


# --- in the chains ----------------------------------------------------------------------------------------------------


def parts_of(chain):
    return [*(chain.loss(step) for step in chain.steps), chain.layer_loss]


@pytest.mark.parametrize("potential", [1.0, 1.6, 1.78, 1.86, 1.95, 2.4])
@pytest.mark.parametrize("classes", [1, 4])
def test_no_loss_is_a_gain_and_all_of_them_are_the_work_lost(alone, surroundings, whole, potential, classes):
    """Of both chains, half discharged and held anywhere: sum of i (E - dphi), over steps and classes."""
    chains = (SulfurConversion(), SbSRedox())
    values = {nm.INITIAL_POTENTIAL: 1.85, nm.APPLIED_PRESSURE: ATMOSPHERE}
    cell = alone(whole(*chains), surroundings(potential, connected=0.8), values, classes)
    f = thermal_voltage_inverse(298.15)
    for chain in chains:
        n = chain.names
        losses, work = cell.at_start(*parts_of(n)), 0.0
        for step, law in zip(n.steps, chain.laws, strict=True):
            U, current, ox, red = cell.at_start(
                n.potential(step), n.graded_current(step), n.graded(step.ox), n.graded(step.red)
            )
            mixed = nernst_term(np.asarray(ox) / 0.8, np.asarray(red) / 0.8, f) if law.nernstian else 0.0
            work += np.mean(current * (U + mixed - potential))
        assert min(losses) >= -1e-15
        assert sum(losses) == pytest.approx(work, rel=1e-7, abs=1e-15)


def test_without_a_layer_it_costs_nothing(alone, surroundings, whole):
    cell = alone(
        whole(SulfurConversion(), layer=False), surroundings(1.2) | {nm.LAYER_FACTOR: 1.0}, {nm.INITIAL_POTENTIAL: 2.0}
    )
    *steps, layer = cell.at_start(*parts_of(nm.SULFUR))
    assert layer == 0 and max(steps) > 0


def test_the_heat_of_mixing_is_that_of_an_ideal_solution(alone, surroundings, whole, order):
    """S -> Na2S2 alone, of one electron: the integral of the heat is q/f times the change of sum y ln y."""
    n = nm.SULFUR
    values = {nm.INITIAL_POTENTIAL: 2.1, n.i0(n.steps[1]): 1e-30, nm.NUCLEATION_RATE: 0.0, nm.GRAIN_SPREAD: 0.0}
    cell = alone(whole(SulfurConversion()), surroundings(1.9), values)
    sizes, errors = [50, 100, 200], []
    for count in sizes:
        t = np.linspace(0, 2e4, count + 1)
        heat, q, *y = cell.solve(t, n.mixing_heat, n.capacity, *(n.fraction(k) for k in (0, 1)))
        mixing = sum(y_k * np.log(y_k) for y_k in y)
        free = q[0] * (mixing[-1] - mixing[0]) / thermal_voltage_inverse(298.15)
        errors.append(abs(np.trapezoid(heat, t) - free))
    assert abs(y[1][-1] - y[1][0]) > 0.2
    assert order(sizes, errors) == pytest.approx(-2, abs=0.3) and errors[-1] < 1e-3 * abs(free)
