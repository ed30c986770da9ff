"""Heat: the first law against the free energy of the species, closed forms of the temperature, the isothermal limit."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.parameters import load
from nasim.submodels.thermal import heating_rate

T_AMB, HEAVY = 298.15, 1e12
CONDITIONS = {nm.APPLIED_PRESSURE: 250e6, nm.AMBIENT_TEMPERATURE: T_AMB}
GIVEN = {nm.VOLTAGE: 1.5, nm.CELL_CURRENT: 4.0, nm.INTERNAL_CURRENT: 0.2, nm.SERIES_RESISTANCE: 0.01}
GIVEN |= {nm.POLARISATION: 0.02, nm.DISTRIBUTED_LOSS: 0.03, nm.VOLTAGE_LOSS: 0.5, nm.ENTROPIC_HEAT: -0.4}
GIVEN |= {nm.MIXING_HEAT: 0.15, nm.CHEMICAL_HEAT: 0.6}
BESIDE = -0.4 + 0.15 + 0.6
"""Entropic, mixing and chemical heat."""
HEAT = 4.0 * 0.5 + 0.2 * 1.5 + BESIDE


@pytest.fixture
def values():
    return load("Yuan2025_NAS").to_pybamm()


def run(values, steps, names, **parts):
    """Time and variables along steps of a full cell."""
    stepper = Stepper(nasim.FullCell(**parts), values, CONDITIONS, pybamm.IDAKLUSolver(rtol=1e-7, atol=1e-10))
    t, found = [], []
    for step in steps:
        start, segment = stepper.time, stepper.run(step)
        t.append(start + segment.t)
        found.append(stepper.observe(names, segment.t, segment.y, segment.inputs))
    return np.concatenate(t), dict(zip(names, np.concatenate(found, axis=1), strict=True))


def test_dimensions(quantity):
    heat, T, ambient = quantity(10.0, "W/m**2"), quantity(299.0, "K"), quantity(298.0, "K")
    h, C = quantity(5.0, "W/m**2/K"), quantity(1e3, "J/m**2/K")
    assert heating_rate(heat, T, ambient, h, C).to("K/s").magnitude == pytest.approx(0.005)


def test_the_heats_are_losses_times_current_and_their_parts(alone):
    heat, reaction, ohmic = alone(nasim.LumpedThermal(), GIVEN).at_start(nm.HEAT, nm.REACTION_HEAT, nm.OHMIC_HEAT)
    assert heat == pytest.approx(HEAT)
    assert ohmic == pytest.approx(4.0 * (0.04 + 0.02 + 0.03) + 0.3)
    assert reaction + ohmic + BESIDE == pytest.approx(heat)


def test_constant_heat_warms_the_cell_exponentially(alone):
    h, C, t = 50.0, 1e4, np.linspace(0, 1000, 9)
    cell = alone(nasim.LumpedThermal(), GIVEN, {nm.HEAT_TRANSFER: h, nm.HEAT_CAPACITY: C})
    (T,) = cell.solve(t, nm.TEMPERATURE)
    assert pytest.approx(HEAT / h * (1 - np.exp(-h * t / C)), abs=1e-6) == T - T_AMB


def test_an_adiabatic_cell_warms_in_proportion(alone):
    C, t = 1e4, np.linspace(0, 1000, 9)
    cell = alone(nasim.LumpedThermal(), GIVEN, {nm.HEAT_TRANSFER: 0.0, nm.HEAT_CAPACITY: C})
    (T,) = cell.solve(t, nm.TEMPERATURE)
    assert pytest.approx(HEAT * t / C, abs=1e-6) == T - T_AMB


EQUAL = {"cathode": nasim.LumpedCathode(classes=1)}
"""Grains of one class, where their spread does not matter."""
NO_ENTROPY = {chain.dUdT(k): 0.0 for chain in (nm.SULFUR, nm.SB_S) for k in chain.links}


CYCLE = [
    Step("discharge", 4300.0, current=2.0),
    Step("charge", 3500.0, current=-2.0),
    Step("rest", 1800.0, current=0.0),
]
"""Back to where it began, as far as the current comes: to 2.4 V of the cathode."""


@pytest.fixture(scope="module")
def cycled():
    """Variables along a cycle of the whole cell: contact that gapes, voids, a growing interphase, filaments, a leak."""
    values = load("Yuan2025_NAS").to_pybamm()
    values.update({nm.HEAT_CAPACITY: HEAVY} | NO_ENTROPY)
    model = nasim.FullCell(cathode=nasim.LumpedCathode(classes=2), thermal=nasim.LumpedThermal())
    losses = sorted(name for name in model.variables if name.endswith(" voltage loss [V]"))
    names = [nm.HEAT, nm.POWER, nm.CELL_CURRENT, nm.POSITIVE.potential, nm.MIXING_HEAT, nm.CHEMICAL_HEAT, *losses]
    names += [nm.NEGATIVE.equilibrium_potential, nm.NEGATIVE.kinetic_current]
    names += [nm.VOLTAGE_LOSS]
    for chain in (nm.SULFUR, nm.SB_S):
        names += [chain.potential(step) for step in chain.steps] + [chain.current(step) for step in chain.steps]
    t, at = run(values, CYCLE, names, cathode=nasim.LumpedCathode(classes=2), thermal=nasim.LumpedThermal())
    return values, t, at, losses


def enthalpy_released(t, at):
    """What reactions have given [J m-2]: of each step its potential times its charge, from the alloy to the cathode, and
    the sodium of the interphase from the alloy to where it reacts."""
    rate = sum(
        at[chain.current(step)] * at[chain.potential(step)] for chain in (nm.SULFUR, nm.SB_S) for step in chain.steps
    )
    return np.trapezoid(rate - at[nm.NEGATIVE.kinetic_current] * at[nm.NEGATIVE.equilibrium_potential], t)


def test_heat_and_work_are_what_the_reactions_have_given(cycled):
    """The first law over a cycle with all that happens in a cell: delivered work and heat are the enthalpy of reaction."""
    values, t, at, _ = cycled
    work, heat, chemical = (
        np.trapezoid(rate, t) for rate in (at[nm.POWER] / values[nm.AREA], at[nm.HEAT], at[nm.CHEMICAL_HEAT])
    )
    layers = values[nm.DOUBLE_LAYER] * np.diff(at[nm.POSITIVE.potential][[0, -1]] ** 2)[0] / 2
    assert heat > 1e3 and chemical > 0
    assert enthalpy_released(t, at) - layers == pytest.approx(work + heat - chemical, abs=1e-4 * heat)


def test_no_mechanism_gains_over_a_cycle(cycled):
    """Each loss times the current that has it is dissipation, at every moment of discharge, charge and rest."""
    _, _, at, losses = cycled
    assert len(losses) > 8
    for name in losses:
        # The double layer of the alloy carries a part of the cell current; what reacts is the rest.
        through = at[nm.NEGATIVE.kinetic_current if name == nm.NEGATIVE.kinetic_loss else nm.CELL_CURRENT]
        assert np.min(at[name] * through) > -1e-9, name
    parts = sum(at[name] for name in losses)
    np.testing.assert_allclose(parts, at[nm.VOLTAGE_LOSS], atol=1e-9)


def test_strong_cooling_is_isothermal(values):
    values.update({nm.HEAT_CAPACITY: 1e3, nm.HEAT_TRANSFER: 1e7})
    steps = [Step("discharge", 3000.0, current=3.0)]
    _, fixed = run(values, steps, [nm.VOLTAGE], **EQUAL)
    _, cooled = run(values, steps, [nm.VOLTAGE, nm.TEMPERATURE], thermal=nasim.LumpedThermal(), **EQUAL)
    assert abs(cooled[nm.TEMPERATURE] - T_AMB).max() < 2e-4
    assert cooled[nm.VOLTAGE][-1] == pytest.approx(fixed[nm.VOLTAGE][-1], abs=1e-5)


def test_an_insulated_cell_warms_by_its_heat_and_runs_better(values):
    values.update({nm.HEAT_CAPACITY: 1e3, nm.HEAT_TRANSFER: 0.0})
    steps = [Step("discharge", 1500.0, current=5.0)]
    t, warm = run(values, steps, [nm.VOLTAGE, nm.TEMPERATURE, nm.HEAT], thermal=nasim.LumpedThermal(), **EQUAL)
    rise = warm[nm.TEMPERATURE][-1] - T_AMB
    assert rise > 1
    assert rise == pytest.approx(np.trapezoid(warm[nm.HEAT], t) / 1e3, rel=1e-3)
    _, cold = run(values, steps, [nm.VOLTAGE], **EQUAL)
    assert warm[nm.VOLTAGE][-1] > cold[nm.VOLTAGE][-1]


def test_a_result_holds_the_heat_by_its_sources():
    """Its sources add up to the heat, along the curves of a cell that has a balance of heat."""
    curve = nasim.GCD(current_mA_cm2=0.4).run(nasim.FullCell(thermal=nasim.LumpedThermal(), **EQUAL)).curve(1)
    sources = [nm.REACTION_HEAT, nm.OHMIC_HEAT, nm.ENTROPIC_HEAT, nm.MIXING_HEAT, nm.CHEMICAL_HEAT]
    parts = curve[sources].sum(axis=1)
    np.testing.assert_allclose(parts, curve[nm.HEAT], atol=1e-12)
    assert curve[nm.REACTION_HEAT].max() > 0.1
    assert nm.HEAT not in nasim.GCD(current_mA_cm2=0.4).run(nasim.FullCell(**EQUAL)).curve(1)
