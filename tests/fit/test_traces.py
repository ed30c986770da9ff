"""Computed half cycles: smooth in time, and their sensitivities against differences, also beyond the first cut-off."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
from nasim.fit import Conditions, Leg
from nasim.fit.data import Data
from nasim.fit.simulated import Cells

VARIED = {
    "Sulfur step 1 transfer coefficient": None,
    "Interphase resistivity [Ohm.m]": None,
    "Contact loss per strain": None,
}
SHARES = (np.arange(30) + 0.5) / 30


def wanted(*legs, **conditions):
    """Data that are nothing but their legs."""
    return Data(legs=legs, conditions=Conditions(**conditions))


DOWN, UP = Leg(0.127, 0.7), Leg(-0.127, 2.6)
BOTH = wanted(DOWN, UP)


@pytest.fixture(scope="module")
def start():
    return nasim.load("Yuan2025_NAS")


@pytest.fixture(scope="module")
def values(start):
    return {name: start.value(name) for name in VARIED}


@pytest.fixture(scope="module")
def cells(start):
    return Cells(start, VARIED, [BOTH])


@pytest.fixture(scope="module")
def tight(start, values):
    """Cells that are solved so tightly that differences of small changes mean something."""
    cells = Cells(start, VARIED, [BOTH])
    stepper, _ = cells._stepper(None, False)
    stepper.integrator = stepper.integrator.tighter(1e-3)
    return cells


def test_sensitivities_through_the_cut_off(cells, tight, values):
    """The charge starts from where the discharge ended, which moves with the parameters."""
    traces = cells.outcomes([BOTH], values, sensitivities=True)[0]
    for k, (name, value) in enumerate(values.items()):
        step = 1e-3 * value
        up, down = (tight.outcomes([BOTH], values | {name: value + sign * step})[0] for sign in (1, -1))
        for trace, high, low in zip(traces, up, down, strict=True):
            expected = (high.voltage(SHARES) - low.voltage(SHARES)) / (2 * step)
            size = 1e-4 / trace.reach(k)
            found = (trace.nudged(k, size).voltage(SHARES) - trace.voltage(SHARES)) / size
            assert np.abs(found - expected).max() < 0.03 * np.abs(expected).max(), (name, trace.direction)


def test_capacity_moves_with_the_cut_off(cells, tight, values):
    name, k = "Contact loss per strain", list(VARIED).index("Contact loss per strain")
    trace = cells.outcomes([BOTH], values, sensitivities=True)[0][0]
    step = 1e-3 * values[name]
    up, down = (tight.outcomes([BOTH], values | {name: values[name] + sign * step})[0][0] for sign in (1, -1))
    expected = (up.capacity - down.capacity) / (2 * step)
    assert_allclose(0.127 / 3600 * trace.end_p[k], expected, rtol=0.01)


def test_voltage_between_the_times_of_the_integrator(cells, tight, values):
    loose, exact = (each.outcomes([BOTH], values)[0] for each in (cells, tight))
    for one, other in zip(loose, exact, strict=True):
        assert_allclose(one.voltage(SHARES), other.voltage(SHARES), atol=2e-4)
        assert_allclose(one.capacity, other.capacity, rtol=1e-4)


def test_a_run_starts_afresh_and_is_shared(cells, values):
    first, both = cells.outcomes([wanted(DOWN), BOTH], values)
    again = cells.outcomes([BOTH], values)[0]
    assert first[0] is both[0]
    assert_allclose(both[1].V, again[1].V, rtol=0, atol=0)


def test_the_experiments_give_the_same(cells, values):
    result = nasim.GCD(current_mA_cm2=0.127, cycles=1).run()
    down, up = cells.outcomes([BOTH], values)[0]
    row = result.summary.iloc[0]
    assert_allclose(down.capacity, row["discharge_capacity_mAh_cm2"], rtol=1e-3)
    assert_allclose(up.capacity, row["charge_capacity_mAh_cm2"], rtol=1e-3)


def test_a_cell_under_other_conditions(start):
    warm = wanted(DOWN, temperature_C=60, overrides=(("Separator thickness [m]", 4.4e-4),))
    trace = Cells(start, [], [warm]).outcomes([warm], {})[0][0]
    overrides = {"Separator thickness [m]": 4.4e-4}
    result = nasim.GCD(current_mA_cm2=0.127, cycles=1).run(temperature_C=60, overrides=overrides)
    assert_allclose(trace.capacity, result.summary["discharge_capacity_mAh_cm2"].iloc[0], rtol=1e-3)


def test_parameters_that_a_cell_has_not_have_no_effect(start):
    names = ["Sulfur step 1 transfer coefficient", "Sb-S step 1 exchange current density [A.m-2]"]
    other = wanted(Leg(0.127, 0.7), parameters="Yuan2025_NASC")
    cells = Cells(start, names, [other])
    (trace,) = cells.outcomes([other], {name: start.value(name) for name in names}, sensitivities=True)[0]
    assert np.all(trace.V_p[:, 0] == 0)
    assert np.abs(trace.V_p[:, 1]).max() > 0
