"""The type: frozen, checked, half cycles with their capacity, and amounts per mass and area."""

import dataclasses
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim.errors import DataFileError, UnknownNameError
from nasim.instruments import Measurement, read
from nasim.instruments.half_cycles import find_half_cycles
from nasim.instruments.steps import passed_charge, step_count, time_in_test, unwrap_counter

HALF_CYCLE_AH = 1e-4 * 400 / 3600  # 0.1 mA over 400 s


def table(**changes):
    columns = {"Test Time / s": [0.0, 1.0, 2.0], "Voltage / V": [2.0, 1.9, 1.8], "Current / A": [-1e-3] * 3}
    return pd.DataFrame(columns | dict(changes.items()))


def table_of(time, voltage, current, **more):
    columns = {"Test Time / s": time, "Voltage / V": voltage, "Current / A": current}
    return pd.DataFrame(columns | more).astype(float, errors="ignore")


def test_frozen(bdf_csv):
    measurement = read(bdf_csv)
    with pytest.raises(dataclasses.FrozenInstanceError):
        measurement.kind = "cv"
    before = measurement.data.copy(deep=True)
    frame = measurement.data
    frame.loc[frame.index[0], "Voltage / V"] = 99.0
    frame["new"] = 1.0
    pd.testing.assert_frame_equal(measurement.data, before)


def test_outside_table_cannot_change_it():
    frame = table()
    measurement = Measurement(frame)
    frame.loc[0, "Voltage / V"] = 99.0
    assert measurement.data["Voltage / V"].iloc[0] == 2.0


def test_every_measurement_is_checked():
    with pytest.raises(DataFileError, match="Voltage / V.*record 1 is nan"):
        Measurement(table(**{"Voltage / V": [2.0, np.nan, 1.8]}))
    with pytest.raises(DataFileError, match="goes back from 5 to 2 s at record 2"):
        Measurement(table(**{"Test Time / s": [0.0, 5.0, 2.0]}))
    with pytest.raises(DataFileError, match="Step ID.*whole number"):
        Measurement(table(**{"Step ID": [1.0, 1.5, 2.0]}))
    with pytest.raises(DataFileError, match="active_mass_mg=-1.*positive"):
        Measurement(table(), active_mass_mg=-1)
    with pytest.raises(UnknownNameError, match="nearest match is 'discharge'"):
        Measurement(table(), first_step="discharg")


def test_half_cycles(bdf_csv, cell):
    halves = read(bdf_csv).half_cycles()
    assert [direction for direction, _ in halves] == ["discharge", "charge"] * 2
    for direction, half in halves:
        assert half["Half Cycle Capacity / Ah"].iloc[-1] == pytest.approx(HALF_CYCLE_AH, rel=1e-12)
        assert half["Half Cycle Capacity / Ah"].is_monotonic_increasing
        assert half["Half Cycle Time / s"].iloc[-1] == 400.0
        assert (half["Current / A"] < 0).all() == (direction == "discharge")
    charged = halves[1][1]
    assert cell["voltage"].iloc[charged.index[0] - 2] == pytest.approx(charged["Voltage / V"].iloc[0])


def test_rest_between_pulses_stays_in_the_half_cycle():
    current = np.array([0, -1, -1, 0, 0, -1, 0, 1, 1, 0]) * 1e-3
    voltage = 2.0 + 100 * current
    frame = pd.DataFrame({"Test Time / s": np.arange(10.0), "Voltage / V": voltage, "Current / A": current})
    halves = Measurement(frame).half_cycles()
    assert [(direction, len(half)) for direction, half in halves] == [("discharge", 5), ("charge", 2)]


def test_instrument_counter_goes_before_integration():
    frame = table(**{"Net Capacity / Ah": [0.0, -3e-7, -6e-7]})
    ((_, half),) = Measurement(frame).half_cycles()
    assert half["Half Cycle Capacity / Ah"].iloc[-1] == pytest.approx(6e-7)
    assert passed_charge([0, 1, 2], [-1e-3] * 3)[-1] == pytest.approx(-2e-3 / 3600)


def test_half_cycles_of_a_voltammogram_are_refused():
    with pytest.raises(DataFileError, match="kind 'cv', expected 'gcd'"):
        Measurement(table(), kind="cv").half_cycles()


def test_per_mass_and_area(bdf_csv):
    measurement = read(bdf_csv, active_mass_mg=2.0, area_cm2=0.5)
    _, half = measurement.half_cycles()[0]
    specific, areal = measurement.to_specific(half), measurement.to_areal(half)
    assert specific["Half Cycle Specific Capacity / mAh.g-1"].iloc[-1] == pytest.approx(HALF_CYCLE_AH * 1e3 / 2e-3)
    assert specific["Specific Current / mA.g-1"].iloc[-1] == pytest.approx(-0.1 / 2e-3)
    assert areal["Current Density / mA.cm-2"].iloc[-1] == pytest.approx(-0.2)
    assert areal["Half Cycle Areal Capacity / mAh.cm-2"].iloc[-1] == pytest.approx(HALF_CYCLE_AH * 1e3 / 0.5)
    spectrum = {
        "Frequency / Hz": [10.0, 1.0],
        "Real Impedance / ohm": [1.0, 2.0],
        "Imaginary Impedance / ohm": [-0.1, -0.2],
    }
    ohm_cm2 = Measurement(pd.DataFrame(spectrum), kind="impedance", area_cm2=0.5).to_areal()
    assert ohm_cm2["Imaginary Impedance / ohm.cm2"].tolist() == [-0.05, -0.1]


def test_mass_is_asked_for(bdf_csv):
    with pytest.raises(DataFileError, match="active_mass_mg is not known; give it"):
        read(bdf_csv).to_specific()


@given(st.lists(st.integers(1, 6), min_size=1, max_size=12), st.floats(0.5, 50.0))
def test_test_time_never_falls_and_lasts_as_long_as_all_steps(lengths, period):
    step_time = np.concatenate([period * np.arange(n) for n in lengths])
    executed = np.repeat(np.arange(len(lengths)), lengths)
    time = time_in_test(step_time, executed)
    assert (np.diff(time) >= 0).all()
    assert time[-1] == pytest.approx(period * (sum(lengths) - len(lengths)))


@given(st.lists(st.floats(0.0, 1e3), min_size=1, max_size=20))
def test_unwrapped_counter_grows_by_what_each_run_counted(tops):
    counter = np.concatenate([[0.0, top / 2, top] for top in tops])
    assert unwrap_counter(counter)[-1] == pytest.approx(sum(tops))
    assert unwrap_counter([1.0, 2.0, 0.5, 1.5])[-1] == 3.5  # the first record after a restart has counted already


@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.integers(2, 6)), min_size=1, max_size=20))
def test_half_cycles_alternate_and_hold_every_current(runs):
    direction = np.concatenate([np.full(length, sign) for sign, length in runs])
    frame = table_of(np.arange(len(direction)), np.full(len(direction), 2.0), 1e-3 * direction)
    halves, _ = find_half_cycles(frame)
    assert all(a.direction != b.direction for a, b in pairwise(halves))
    inside = {k for half in halves for k in range(half.first, half.last + 1)}
    assert {k for k, sign in enumerate(direction) if sign} <= inside


def test_a_step_index_that_repeats_counts_on():
    assert step_count([1, 1, 2, 1, 2], [1, 1, 1, 2, 2]).tolist() == [1, 1, 2, 3, 4]
