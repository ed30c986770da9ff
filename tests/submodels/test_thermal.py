"""Heat: the first law against the free energy of the species, closed forms of the temperature, the isothermal limit."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.parameters import load
from nasim.submodels.arrhenius import thermal_voltage_inverse
from nasim.submodels.thermal import heating_rate

T_AMB, HEAVY = 298.15, 1e12
CONDITIONS = {nm.APPLIED_PRESSURE: 250e6, nm.AMBIENT_TEMPERATURE: T_AMB}
GIVEN = {nm.VOLTAGE: 1.5, nm.CELL_CURRENT: 4.0, nm.INTERNAL_CURRENT: 0.2, nm.SERIES_RESISTANCE: 0.01}
GIVEN |= {nm.POLARISATION: 0.02, nm.DISTRIBUTED_LOSS: 0.03, nm.VOLTAGE_LOSS: 0.5, nm.ENTROPIC_HEAT: -0.4}
HEAT = 4.0 * 0.5 + 0.2 * 1.5 - 0.4


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
    assert reaction + ohmic + GIVEN[nm.ENTROPIC_HEAT] == pytest.approx(heat)


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


def free_energy(values, y, q, dphi):
    """Of a sulfur cathode [J m-2]: the reactions, ideal mixing of the species, and the double layer."""
    U = [values[nm.SULFUR.U(k)] for k in nm.SULFUR.links]
    reaction = -(y[1] * U[0] + y[2] * (U[0] + U[1]))
    mixing = sum(y_k * np.log(np.maximum(y_k, 1e-12)) for y_k in y) / thermal_voltage_inverse(T_AMB)
    return q * (reaction + mixing) + values[nm.DOUBLE_LAYER] * dphi**2 / 2


@pytest.mark.parametrize("poor", [False, True])
def test_heat_is_the_work_that_the_free_energy_did_not_become(values, poor):
    cathode = nasim.PorousCathode(10, nasim.FixedCatholyte(0.5)) if poor else nasim.LumpedCathode()
    values.update({nm.HEAT_CAPACITY: HEAVY, nm.CATHODE_IONIC: 1e-2} | {nm.SULFUR.dUdT(k): 0.0 for k in (1, 2)})
    names = [nm.HEAT, nm.POWER, nm.POSITIVE.potential, nm.SULFUR.capacity, nm.CELL_CURRENT]
    names += [nm.NEGATIVE.equilibrium_potential, *(nm.SULFUR.fraction(k) for k in range(3))]
    steps = [Step("discharge", 1e4, current=1.0), Step("charge", 5e3, current=-1.0)]
    parts = {"chains": [nasim.SulfurConversion()], "contact": nasim.FullContact(), "short": nasim.NoShort()}
    parts |= {"interphase": nasim.NoInterphase(nm.NEGATIVE), "thermal": nasim.LumpedThermal(), "cathode": cathode}
    t, at = run(values, steps, names, **parts)
    y = [at[nm.SULFUR.fraction(k)] for k in range(3)]
    stored = free_energy(values, y, at[nm.SULFUR.capacity], at[nm.POSITIVE.potential])
    area = values[nm.AREA]
    anode = at[nm.NEGATIVE.equilibrium_potential] * at[nm.CELL_CURRENT]
    work, heat, alloy = (np.trapezoid(rate, t) for rate in (at[nm.POWER] / area, at[nm.HEAT], anode))
    assert heat > 500
    assert stored[0] - stored[-1] - alloy == pytest.approx(work + heat, abs=5e-4 * heat)


def test_strong_cooling_is_isothermal(values):
    values.update({nm.HEAT_CAPACITY: 1e3, nm.HEAT_TRANSFER: 1e7})
    steps = [Step("discharge", 3000.0, current=3.0)]
    _, fixed = run(values, steps, [nm.VOLTAGE])
    _, cooled = run(values, steps, [nm.VOLTAGE, nm.TEMPERATURE], thermal=nasim.LumpedThermal())
    assert abs(cooled[nm.TEMPERATURE] - T_AMB).max() < 2e-4
    assert cooled[nm.VOLTAGE][-1] == pytest.approx(fixed[nm.VOLTAGE][-1], abs=1e-5)


def test_an_insulated_cell_warms_by_its_heat_and_runs_better(values):
    values.update({nm.HEAT_CAPACITY: 1e3, nm.HEAT_TRANSFER: 0.0})
    steps = [Step("discharge", 1500.0, current=5.0)]
    t, warm = run(values, steps, [nm.VOLTAGE, nm.TEMPERATURE, nm.HEAT], thermal=nasim.LumpedThermal())
    rise = warm[nm.TEMPERATURE][-1] - T_AMB
    assert rise > 1
    assert rise == pytest.approx(np.trapezoid(warm[nm.HEAT], t) / 1e3, rel=1e-3)
    _, cold = run(values, steps, [nm.VOLTAGE])
    assert warm[nm.VOLTAGE][-1] > cold[nm.VOLTAGE][-1]


def test_a_result_holds_the_heat_by_its_sources():
    """Reaction, ohmic and entropic heat add up, along the curves of a cell that has a balance of heat."""
    curve = nasim.GCD(current_mA_cm2=0.4).run(nasim.FullCell(thermal=nasim.LumpedThermal())).curve(1)
    parts = curve[[nm.REACTION_HEAT, nm.OHMIC_HEAT, nm.ENTROPIC_HEAT]].sum(axis=1)
    np.testing.assert_allclose(parts, curve[nm.HEAT], atol=1e-12)
    assert curve[nm.REACTION_HEAT].max() > 0.1
    assert nm.HEAT not in nasim.GCD(current_mA_cm2=0.4).run().curve(1)
