"""Symmetric cell: rest, mirror image, balances, impedance of its two interphases, and the published behaviour."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.symmetric_cell import SIDES
from nasim.parameters import load
from nasim.submodels.kinetics import pressure_shift

SET = "Yuan2025_symmetric_NAS"
HOUR = 3600.0


def solve(current, hours=1.0, model=None, name=SET, changed=()):
    values = load(name).to_pybamm()
    values.update({nm.CURRENT_FUNCTION: current * values[nm.AREA]} | dict(changed))
    t = np.linspace(0, hours * HOUR, 13)
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-12)
    simulation = pybamm.Simulation(model or nasim.SymmetricCell(), parameter_values=values, solver=solver)
    solution = simulation.solve(t[[0, -1]], t_interp=t)
    return lambda name: solution[name](t)


def test_the_mirror_image_has_the_mirror_voltage():
    """Current turned round: voltage turned round, sides exchanged."""
    there, back = solve(5.1), solve(-5.1)
    np.testing.assert_allclose(there(nm.VOLTAGE), -back(nm.VOLTAGE), rtol=1e-6, atol=1e-9)
    assert abs(there(nm.VOLTAGE)[1:]).min() > 0.05
    for name in ("potential", "sodium_content", "interphase_thickness", "kinetic_current"):
        one, other = (getattr(side, name) for side in SIDES)
        np.testing.assert_allclose(there(one), back(other), rtol=1e-6, atol=1e-12)


def test_rest_stays_at_rest():
    """No voltage; what the interphases take makes both alloys poorer alike."""
    rest = solve(0.0, hours=24.0)
    np.testing.assert_allclose(rest(nm.VOLTAGE), 0.0, atol=1e-9)
    negative, positive = (rest(side.sodium_content) for side in SIDES)
    np.testing.assert_allclose(negative, positive, rtol=1e-12)
    assert negative[-1] < negative[0]


def test_the_voltage_is_ohm_and_the_interfaces():
    """At the end of an hour: separator, two contacts, two interphases and the kinetics make up the voltage."""
    cell = solve(5.1)
    ohmic = cell(nm.SEPARATOR_RESISTANCE) * np.ones(13)
    ohmic = ohmic + sum(cell(side.contact_resistance) + cell(side.interphase_resistance) for side in SIDES)
    kinetic = sum(cell(side.kinetic_loss) for side in SIDES)
    lost = (ohmic * cell(nm.CELL_CURRENT) + kinetic)[-1]
    assert -cell(nm.VOLTAGE)[-1] == pytest.approx(lost, rel=1e-3)


def test_impedance_has_an_arc_for_the_interphases_that_grows_at_rest():
    """At the apex of the arc of two like layers -Im Z is R of one; Re Z at the end grows by both."""
    values, model = load(SET).to_pybamm(), nasim.SymmetricCell().charged()
    values[nm.CURRENT_FUNCTION] = 0.0
    ends, layers = [], []
    for hours in (1, 15, 24):
        aged = pybamm.Simulation(model, parameter_values=values).solve([0, hours * HOUR])
        R = float(aged[SIDES[0].interphase_resistance].entries[-1])
        state = model.set_initial_conditions_from(aged, inplace=False)
        eis = pybamm.EISSimulation(state, parameter_values=values, skip_surface_form_check=True)
        apex = 1 / (2 * np.pi * R * values[nm.INTERPHASE_CAPACITANCE])
        Z = np.asarray(eis.solve(np.array([apex, 1e-2])).impedance) * values[nm.AREA]
        if hours > 1:
            assert -Z[0].imag == pytest.approx(R, rel=0.1)
        ends.append(Z[1].real)
        layers.append(2 * R)
    np.testing.assert_allclose(np.diff(ends), np.diff(layers), rtol=1e-3)
    assert np.diff(ends)[1] < 0.1 * np.diff(ends)[0]


def test_null_parts_leave_the_separator_and_the_kinetics():
    bare = nasim.SymmetricCell(interphase=nasim.NoInterphase, interface=nasim.PerfectInterface, short=nasim.NoShort())
    cell = solve(5.1, model=bare)
    lost = cell(nm.SEPARATOR_RESISTANCE) * 5.1 + sum(cell(side.kinetic_loss) for side in SIDES)
    np.testing.assert_allclose(-cell(nm.VOLTAGE)[1:], lost[1:], rtol=1e-5)


def test_a_full_alloy_plates_metal_and_steps_by_its_plateau():
    plated = solve(5.1, changed={nm.ALLOY_INITIAL_CONTENT: 3.75, nm.INTERPHASE_FINAL: 1e-8})
    equilibrium = plated(nm.POSITIVE.equilibrium_potential)
    values = load("Yuan2025_symmetric_NAS")
    lifted = pressure_shift(values.value(nm.APPLIED_PRESSURE), values.value(nm.ALLOY_MOLAR_VOLUME))
    assert [equilibrium[0] - lifted, equilibrium[-1] - lifted] == pytest.approx([0.08, 0.0], abs=1e-3)
    assert plated(nm.POSITIVE.plated_sodium)[-1] > 0 == plated(nm.NEGATIVE.plated_sodium)[-1]
