"""Sensitivities of runs: against differences of separate, tightly solved runs and against IDAKLU's own."""

import numpy as np
import pybamm
import pytest
from numpy.testing import assert_allclose
from scipy.interpolate import CubicSpline

import nasim
from nasim import nomenclature as nm
from nasim.engine.integrators.tape import Taped
from nasim.engine.stepper import Step, Stepper
from nasim.errors import ProtocolError, SolveError, UnknownNameError
from nasim.models.build import cell_for
from nasim.models.solver import default_solver
from nasim.parameters import load

POTENTIAL = "Initial cathode potential [V]"
NAMES = ("Sulfur step 1 transfer coefficient", "Interphase resistivity [Ohm.m]", "Contact loss per strain")
TIGHT = nasim.Rodas(rtol=1e-10, atol=1e-11)
COLUMNS = ("discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2", "end_time_h", "mean_discharge_voltage_V")
SHARES = np.linspace(0.02, 0.98, 120)
TESTS = {
    "cycles": nasim.GCD(cycles=2, keep=(1,)),
    "rests and holds": nasim.Cycling(cycles=2, rest_h=0.5, hold_until_mA_cm2=0.05, keep=(1,)),
    "short": nasim.GCD(current_mA_cm2=6.0, cycles=1),
    "voltammogram": nasim.CV(scans=1, scan_rate_mV_s=1.0),
}
"""Half cycles to cut-offs, twice; with rests and holds that end at a current; some that are taken again more exactly since
they are cut short; a voltage that changes in time."""


def first_discharge(result):
    """Voltage over time, a smooth function, and the end of the first half cycle."""
    curve = result.curve(1)
    half = curve[curve["Step"] == curve["Step"].iloc[0]]
    t = half[nm.TIME].to_numpy()
    return CubicSpline(t, half[nm.VOLTAGE]), t[-1]


def differences(cell, test, name, grid):
    """Central differences of separate runs: of the summary's columns that there are, and the voltage on a grid."""
    value, found = load("Yuan2025_NAS").value(name), []
    for size in (1e-3, 5e-4):
        pair = [
            test.run(cell, overrides={name: value * (1 + sign * size)}, solver=TIGHT, temperature_C=25) for sign in (1, -1)
        ]
        tables, volts = zip(*((each.summary, first_discharge(each)[0](grid)) for each in pair), strict=True)
        columns = [column for column in COLUMNS if column in tables[0]]
        slope = (tables[0][columns] - tables[1][columns]) / (2 * size * value)
        found.append((slope, (volts[0] - volts[1]) / (2 * size * value)))
    (wide, wide_V), (narrow, narrow_V) = found
    return (4 * narrow - wide) / 3, (4 * narrow_V - wide_V) / 3  # pyright: ignore[reportOperatorIssue]


@pytest.mark.parametrize("word", TESTS)
def test_differences_of_separate_runs_say_the_same(word):
    """Of capacities, also of the second cycle, of end times and mean voltages, and of the voltage on a grid."""
    cell, test = nasim.KeptCell(inputs=NAMES), TESTS[word]
    grid = SHARES * first_discharge(test.run(cell, solver=TIGHT, temperature_C=25))[1]
    found = cell.sensitivities(test, time_s=grid, solver=TIGHT, temperature_C=25)
    assert len(found[nm.VOLTAGE]) == len(grid)
    for name in NAMES:
        table, volts = differences(cell, test, name, grid)
        here = found.summary[found.summary["parameter"] == name]
        for column in table:
            largest = np.abs(table[column]).max()
            assert_allclose(here[column], table[column], rtol=0, atol=1e-5 * largest, err_msg=f"{name}: {column}")
        if word != "voltammogram":  # whose voltage is given
            largest = np.abs(volts).max()
            assert_allclose(found[nm.VOLTAGE][name], volts, rtol=0, atol=1e-5 * largest, err_msg=name)
