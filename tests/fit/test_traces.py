"""Computed half cycles: smooth in time, and their sensitivities against differences, also beyond the first cut-off."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
from nasim.engine import integrators
from nasim.engine.integrators.instructions import Unsupported
from nasim.fit import Conditions, Leg
from nasim.fit.arguments import scales_of
from nasim.fit.data import Data
from nasim.fit.simulated import Cells
from nasim.scale import units_of

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
    stepper, _ = cells._stepper(None)
    stepper.integrator = stepper.integrator.tighter(1e-4)
    return cells


def slopes(cells, start, values, function, data=BOTH):
    """Derivatives of a function of the traces by the values, (n, parameters)."""
    scales = scales_of(list(values), start, {})
    units = np.array(units_of(scales, values))
    by_unit = [scales[name].error(value, 1.0) for name, value in values.items()]
    return cells.slopes(lambda outcomes: function(outcomes[0]), [data], scales, units) / by_unit


@pytest.mark.parametrize(("exactness", "compared", "allowed"), [("cells", 27, 3e-2), ("tight", 30, 1e-2)])
def test_slopes_through_the_cut_off(exactness, compared, allowed, tight, start, values, request):
    """The charge starts from where the discharge ended, which moves with the parameters.

    Beside its cut-off the voltage turns so steeply that its slopes are those of the cell at tight tolerances only.
    """

    def numbers(traces):
        return np.concatenate([*(trace.voltage(SHARES) for trace in traces), [trace.capacity for trace in traces]])

    found = slopes(request.getfixturevalue(exactness), start, values, numbers)
    voltages = [(slice(first, first + compared), allowed) for first in (0, 30)]
    for k, (name, value) in enumerate(values.items()):
        step = 3e-4 * value
        up, down = (tight.outcomes([BOTH], values | {name: value + sign * step})[0] for sign in (1, -1))
        expected = (numbers(up) - numbers(down)) / (2 * step)
        for part, share in (*voltages, (slice(60, 61), 2e-3), (slice(61, 62), 2e-3)):
            largest = np.abs(expected[part]).max()
            assert_allclose(found[part, k], expected[part], rtol=0, atol=share * largest, err_msg=name)


def test_slopes_where_idaklu_runs(cells, start, values, monkeypatch):
    """By differences of separate runs, which is said once."""
    monkeypatch.setattr(integrators, "RodasIntegrator", unsupported)
    monkeypatch.setattr(integrators, "_said", set())
    discharge, one = wanted(DOWN), dict(list(values.items())[2:])
    with pytest.warns(UserWarning, match="come from differences of separate runs"):
        other = slopes(Cells(start, one, [discharge]), start, one, capacity, discharge)
    monkeypatch.undo()
    assert_allclose(other, slopes(Cells(start, one, [discharge]), start, one, capacity, discharge), rtol=0.05)


def capacity(traces):
    return np.array([traces[0].capacity])


def unsupported(*given):
    raise Unsupported("so that IDAKLU runs")


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
    cells, values = Cells(start, names, [other]), {name: start.value(name) for name in names}
    found = slopes(cells, start, values, lambda traces: traces[0].voltage(SHARES), other)
    assert np.all(found[:, 0] == 0)
    assert np.abs(found[:, 1]).max() > 0
