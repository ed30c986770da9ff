"""Stepper: steps of current and voltage, their ends, states that pass on untouched."""

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.models.solver import default_solver
from nasim.parameters import load

AREA = load("Yuan2025_NASC").value(nm.AREA)


@pytest.fixture(scope="module")
def engine():
    model = nasim.FullCell(chains=[nasim.SbSRedox()])
    return Stepper(model, load("Yuan2025_NASC").to_pybamm(), solver=default_solver(rtol=1e-7, atol=1e-11))


@pytest.fixture
def stepper(engine):
    """The engine back at its start."""
    engine.restart({})
    return engine


def along(stepper, segment, *names):
    return stepper.observe(names, segment.t, segment.y, segment.inputs)


def test_a_current_is_held_until_the_cut_off(stepper):
    segment = stepper.run(Step("discharge", 1e6, current=1.0, until_voltage=1.0))
    voltage, current, passed = along(stepper, segment, nm.VOLTAGE, nm.CURRENT_DENSITY, nm.CHARGE_PASSED)
    assert segment.ended_by == "voltage cut-off"
    assert voltage[-1] == pytest.approx(1.0, abs=1e-6) and np.all(voltage[:-1] > 1.0)
    np.testing.assert_allclose(current, 1.0, rtol=1e-12)
    assert passed[-1] - passed[0] == pytest.approx(segment.duration * AREA / 3600, rel=1e-6)


def test_few_points_are_read_as_many_are_and_what_was_read_stays():
    stepper = Stepper(nasim.FullCell(), load("Yuan2025_NAS").to_pybamm())
    segment = stepper.run(Step("discharge", 600.0, current=1.0))
    names = (nm.VOLTAGE, nm.CHARGE_PASSED)
    many = along(stepper, segment, *names)
    places = [slice(0, 1), slice(0, 2), slice(5, 7)]
    few = [stepper.observe(names, segment.t[each], segment.y[:, each], segment.inputs) for each in places]
    np.testing.assert_array_equal(np.hstack(few), np.hstack([many[:, each] for each in places]))


def test_a_step_without_cut_off_ends_by_time(stepper):
    segment = stepper.run(Step("discharge", 600.0, current=1.0))
    assert segment.ended_by == "time" and segment.duration == 600.0
    assert stepper.time == 600.0


def test_a_rest_carries_no_current(stepper):
    stepper.run(Step("discharge", 600.0, current=1.0))
    segment = stepper.run(Step("rest", 600.0))
    voltage, current = along(stepper, segment, nm.VOLTAGE, nm.CURRENT_DENSITY)
    assert np.all(current == 0)
    assert voltage[-1] > voltage[0]


def test_a_hold_keeps_the_voltage_until_the_current_has_fallen(stepper):
    stepper.run(Step("discharge", 3600.0, current=1.0))
    stepper.run(Step("charge", 1e6, current=-1.0, until_voltage=2.5))
    segment = stepper.run(Step("hold", 1e5, voltage=2.5, until_current=-0.2))
    voltage, current = along(stepper, segment, nm.VOLTAGE, nm.CURRENT_DENSITY)
    np.testing.assert_allclose(voltage, 2.5, atol=1e-9)
    assert segment.ended_by == "current cut-off"
    assert current[0] == pytest.approx(-1.0, rel=1e-3) and current[-1] == pytest.approx(-0.2, rel=1e-4)


def test_a_scan_follows_its_ramp(stepper):
    (start,) = along(stepper, stepper.run(Step("rest", 1.0)), nm.VOLTAGE)
    segment = stepper.run(Step("scan", 2000.0, voltage=start[-1], slope=-2e-4))
    (voltage,) = along(stepper, segment, nm.VOLTAGE)
    np.testing.assert_allclose(voltage, start[-1] - 2e-4 * segment.t, atol=1e-9)


@pytest.mark.parametrize(
    "step",
    [
        Step("discharge", 100.0, current=1.0, until_voltage=2.59),
        Step("charge", 100.0, current=-1.0, until_voltage=0.8),
        Step("hold", 100.0, voltage=2.3, until_current=-50.0),
    ],
)
def test_a_cut_off_that_lies_behind_ends_the_step_at_once(stepper, step):
    before = stepper.y.copy()
    segment = stepper.run(step)
    assert segment.ended_by == "already past the cut-off" and segment.duration == 0
    np.testing.assert_array_equal(stepper.y, before)
    assert stepper.time == 0


def test_two_half_steps_are_one_step(stepper):
    """States pass on untouched: the only difference is the integrator's."""
    fresh = stepper.y.copy()
    stepper.run(Step("discharge", 3600.0, current=1.0))
    at_once, stepper.y = stepper.y.copy(), fresh
    for _ in range(2):
        segment = stepper.run(Step("discharge", 1800.0, current=1.0))
    np.testing.assert_allclose(stepper.y, at_once, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(stepper.y, segment.y[:, -1:])


def test_sides_of_the_cut_offs_follow_the_current_or_the_state():
    discharge = Step("discharge", 1.0, current=1.0, until_voltage=1.0)
    charge = Step("charge", 1.0, current=-1.0, until_voltage=2.0)
    assert discharge.inputs(0.5, 0.0)[nm.STEP_VOLTAGE_SIDE] == 1
    assert charge.inputs(2.5, 0.0)[nm.STEP_VOLTAGE_SIDE] == -1
    rest = Step("rest", 1.0, until_voltage=1.5)
    assert [rest.inputs(V, 0.0)[nm.STEP_VOLTAGE_SIDE] for V in (1.0, 2.0)] == [-1, 1]
    hold = Step("hold", 1.0, voltage=2.6, until_current=-0.1)
    assert [hold.inputs(2.6, i)[nm.STEP_CURRENT_SIDE] for i in (-1.0, 0.0)] == [-1, 1]
    free = Step("rest", 1.0).inputs(2.0, 0.0)
    assert free[nm.STEP_VOLTAGE_SIDE] == free[nm.STEP_CURRENT_SIDE] == 0


def test_conditions_may_change_between_steps():
    model, values = nasim.FullCell(chains=[nasim.SbSRedox()]), load("Yuan2025_NASC").to_pybamm()
    stepper = Stepper(model, values, {nm.AMBIENT_TEMPERATURE: 298.15})
    resistances = []
    for T in (298.15, 333.15):
        stepper.conditions[nm.AMBIENT_TEMPERATURE] = T
        segment = stepper.run(Step("discharge", 60.0, current=1.0))
        resistances.append(along(stepper, segment, nm.SEPARATOR_RESISTANCE)[0][-1])
    assert resistances[1] < resistances[0]
    assert values[nm.AMBIENT_TEMPERATURE] == 298.15


def test_a_restarted_cell_is_a_fresh_one_under_new_conditions():
    cell, values = nasim.FullCell(chains=[nasim.SbSRedox()]), load("Yuan2025_NASC").to_pybamm()
    cold, warm = ({nm.AMBIENT_TEMPERATURE: 273.15 + celsius} for celsius in (25.0, 60.0))
    step = Step("discharge", 1e6, current=1.0, until_voltage=1.7)
    used, new = Stepper(cell, values, cold), Stepper(cell, values, warm)
    before = used.run(step).duration
    used.restart(warm)
    assert used.time == 0.0
    again = used.run(step).duration
    assert again == pytest.approx(new.run(step).duration, rel=1e-9)
    assert again != pytest.approx(before, rel=0.1)


def test_a_power_is_held(stepper):
    """Energy is power times time; the current is what gives the power at the voltage of the moment."""
    segment = stepper.run(Step("discharge", 3600.0, power=1.5, until_voltage=0.7))
    voltage, current, energy = along(stepper, segment, nm.VOLTAGE, nm.CURRENT_DENSITY, nm.DISCHARGE_ENERGY)
    np.testing.assert_allclose(voltage * current, 1.5, rtol=1e-9)
    assert energy[-1] == pytest.approx(1.5 * AREA * segment.duration / 3600, rel=1e-6)
    assert stepper.run(Step("charge", 60.0, power=-1.5, until_voltage=2.6)).ended_by == "time"
