"""Capacities, energy and leak of steps whose current or voltage changes sign."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator

import nasim
from nasim import nomenclature as nm
from nasim.analysis import cut_at_zeros
from nasim.nomenclature.columns import CURRENT

STEP, VOLTAGE, LEAK = "Step", "Voltage [V]", nm.LEAK_CURRENT


@pytest.fixture(scope="module")
def turning():
    """A scan that turns at 0.7 V in the middle of a reduction."""
    return nasim.CV(scans=2, window=(0.7, 2.0)).run()


def integrals(curve, sense):
    """Charge [mAh cm-2] and energy [mWh cm-2] that passed in one sense, by the trapezoidal rule."""
    t, current = curve["Time [s]"].to_numpy() / 3600, curve[CURRENT].to_numpy()
    one = np.maximum(sense * current, 0)
    return np.trapezoid(one, t), np.trapezoid(one * curve[VOLTAGE].to_numpy(), t)


def smooth_integral(t, values):
    """Cubic between the points: a filament's leak grows too steeply for the trapezoidal rule."""
    return PchipInterpolator(t, values).integrate(t.iloc[0], t.iloc[-1])


@pytest.mark.parametrize("cycle", [1, 2])
def test_a_sweep_that_goes_on_reducing_counts_in_both_directions(turning, cycle):
    row, curve = turning.summary.iloc[cycle - 1], turning.curve(cycle)
    up = curve[curve[STEP] == "charge"]
    assert integrals(up, 1)[0] > 0.05 and integrals(up, -1)[0] > 0.05
    for name, sense in (("discharge", 1), ("charge", -1)):
        charge, energy = integrals(curve, sense)
        assert row[f"{name}_capacity_mAh_cm2"] == pytest.approx(charge, rel=5e-4)
        assert row[f"{name}_energy_mWh_cm2"] == pytest.approx(energy, rel=5e-4)
        assert row[f"mean_{name}_voltage_V"] == pytest.approx(energy / charge, rel=5e-4)
        assert 0.7 < row[f"mean_{name}_voltage_V"] < 2.4
    ratio = row["charge_capacity_mAh_cm2"] / row["discharge_capacity_mAh_cm2"]
    assert row["charge_over_discharge"] == pytest.approx(ratio, rel=1e-12)


def test_both_directions_together_are_what_passed(turning):
    """Cut at the zeros, the net charge is that of the model's own counter, to rounding."""
    table, curves = turning.summary, turning.curves
    net = table["discharge_capacity_mAh_cm2"].sum() - table["charge_capacity_mAh_cm2"].sum()
    signed = 0.0
    for (_, step), part in curves.groupby(["Cycle", STEP]):
        signed += part["Capacity [mAh.cm-2]"].iloc[-1] * (1 if step == "discharge" else -1)
    assert net == pytest.approx(signed, abs=1e-12)


def test_the_capacity_along_a_sweep_is_what_it_passed_in_its_own_direction(turning):
    up = turning.curve(1)
    up = up[up[STEP] == "charge"]
    capacity = up["Capacity [mAh.cm-2]"].to_numpy()
    assert capacity.min() == pytest.approx(-integrals(up, 1)[0], rel=1e-3)
    assert capacity[-1] == pytest.approx(integrals(up, -1)[0] - integrals(up, 1)[0], rel=1e-3)


def test_a_voltammogram_has_no_column_of_a_current_that_is_not_held(turning):
    assert "current_mA_cm2" not in turning.summary
    held = nasim.Cycling(cycles=1, current_mA_cm2=0.3, hold_until_mA_cm2=0.1).run().summary
    assert held["current_mA_cm2"].iloc[0] == pytest.approx(0.3)


def test_the_leak_of_a_symmetric_cell_counts_both_ways():
    """A soft short passes in one half of a cycle what it passes back in the other; both have leaked."""
    run = nasim.SymmetricCycling(hours=12).run(parameters="Yuan2025_symmetric_NPS")
    for cycle in (1, 6):
        halves = [half.drop_duplicates("Time [s]") for _, half in run.curve(cycle).groupby(STEP)]
        leaked = sum(smooth_integral(half["Time [s]"], half[LEAK].abs()) for half in halves) / 36000
        assert run.summary["leak_mAh_cm2"].iloc[cycle - 1] == pytest.approx(leaked, rel=5e-4)
    assert run.summary["leak_mAh_cm2"].iloc[-1] > 10 * run.summary["leak_mAh_cm2"].iloc[0] > 0
    assert max(run.audit().values()) < 1e-10


def test_the_leak_of_a_full_cell_is_that_of_its_balance():
    run = nasim.GCD(cycles=2, current_mA_cm2=0.1).run(stack_pressure_MPa=62.5)
    for cycle, row in zip((1, 2), run.summary.to_dict("records"), strict=True):
        curve = run.curve(cycle)
        signed = np.trapezoid(curve[LEAK], curve["Time [s]"]) / 36000
        assert row["leak_mAh_cm2"] == pytest.approx(signed, rel=2e-3) and signed > 0
    assert max(run.audit().values()) < 1e-12


def test_cutting_at_zeros_is_of_fourth_order():
    """Rate cos t from 0 to 3: 1 passes up to the zero at pi/2, and 1 - sin 3 back."""
    errors = []
    for points in (16, 121):
        t = np.linspace(0, 3, points)
        cut = cut_at_zeros(t, np.cos(t), [np.sin(t), np.sin(t) * 2], [np.cos(t), np.cos(t) * 2])
        assert cut.shape == (2, 3)
        errors.append(abs(np.diff(cut)[0] - [1, np.sin(3) - 1]).max())
    assert errors[0] < 1e-4 and errors[1] < errors[0] / 500


def test_nothing_is_cut_where_the_sign_stays():
    t = np.linspace(0, 1, 5)
    np.testing.assert_array_equal(cut_at_zeros(t, t * 0, [t], [t]), [[0, 1]])
    np.testing.assert_array_equal(cut_at_zeros(t, t + 1, [t], [t]), [[0, 1]])
