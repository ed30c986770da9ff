"""Half cycles from files as they are: noise and residual currents, gaps, spectra between, counters, magnitudes of current."""

import numpy as np
import pandas as pd
import pytest

from nasim.errors import DataFileError
from nasim.instruments import Measurement, read

CURRENT_A, STEP_S, RECORDS = 1e-4, 60.0, 200
MAH = 1e3 * CURRENT_A * STEP_S * RECORDS / 3600
PROGRAMME = (("Rest", 0, 10), ("Discharge", -1, RECORDS), ("Rest", 0, 10), ("Charge", 1, RECORDS), ("Rest", 0, 10))


@pytest.fixture
def table():
    """Rest, discharge, rest, charge, rest of a cell of 2.0 to 1.0 V and 200 ohm, a record a minute."""
    rows, start, level = [], 0.0, 2.0
    for name, sign, count in PROGRAMME:
        for k in range(count):
            voltage = level + sign * k / (count - 1) + sign * CURRENT_A * 200
            rows.append((start + STEP_S * k, voltage, sign * CURRENT_A, name))
        level, start = level + sign, start + STEP_S * count
    return pd.DataFrame(rows, columns=["Test Time / s", "Voltage / V", "Current / A", "Step Type"])


def capacities(measurement):
    return [(half.direction, round(1e3 * half.capacity_Ah, 6)) for half in measurement.found_half_cycles()]


EXPECTED = [("discharge", round(MAH, 6)), ("charge", round(MAH, 6))]


def unnamed(table):
    return table.drop(columns="Step Type")


@pytest.mark.parametrize("noise", [0.002, 0.02])
def test_noise_at_rest_makes_no_half_cycle(table, noise):
    rest = table["Current / A"] == 0
    table.loc[rest, "Current / A"] = noise * CURRENT_A * np.random.default_rng(1).standard_normal(rest.sum())
    assert capacities(Measurement(unnamed(table))) == EXPECTED


def test_offset_at_rest_makes_no_half_cycle(table):
    table.loc[table["Current / A"] == 0, "Current / A"] = 0.004 * CURRENT_A
    assert capacities(Measurement(unnamed(table))) == EXPECTED


@pytest.mark.parametrize("share", [-0.2, 0.2])
@pytest.mark.parametrize("row", [210, 9])
def test_one_residual_record_at_a_switch_belongs_to_none(table, share, row):
    table.loc[row, "Current / A"] = share * CURRENT_A
    found = Measurement(unnamed(table)).found_half_cycles()
    assert [(half.first, half.last) for half in found] == [(10, 209), (220, 419)]


def test_a_bound_of_the_user_goes_first(table):
    table.loc[300:, "Current / A"] *= 0.5
    assert [
        direction for direction, _ in Measurement(unnamed(table), zero_current_A=0.7e-4).half_cycles()
    ] == EXPECTED_SHORT
    assert Measurement(unnamed(table)).half_cycles()[1][1].index[-1] == 419
    assert Measurement(unnamed(table)).half_cycles(0.7e-4)[1][1].index[-1] == 299


EXPECTED_SHORT = ["discharge", "charge"]


def test_pulses_against_the_step_do_not_cut_it(table):
    table.loc[100:120, "Current / A"] = 0.2 * CURRENT_A * (-1.0) ** np.arange(21)
    halves = Measurement(unnamed(table)).found_half_cycles()
    assert [(half.direction, half.first, half.last) for half in halves] == [
        ("discharge", 10, 209),
        ("charge", 220, 419),
    ]


def test_discharges_without_the_charge_between_are_two(table):
    twice = pd.concat([table[:210], table[:210].assign(**{"Test Time / s": table["Test Time / s"][:210] + 2e4})])
    halves = Measurement(unnamed(twice).reset_index(drop=True)).found_half_cycles()
    assert [half.direction for half in halves] == ["discharge", "discharge"]


def test_a_gap_is_noted_and_not_integrated_over(table):
    table.loc[100:, "Test Time / s"] += 1200
    measurement = Measurement(unnamed(table))
    assert capacities(measurement) == EXPECTED
    (note,) = measurement.notes
    assert "half cycle 1 (discharge): no records for 1260 s before record 100" in note
    assert f"or {MAH + 1e3 * CURRENT_A * 1200 / 3600:.4g} if the current flowed" in note


def test_a_plateau_sampled_by_voltage_is_no_gap():
    time = np.concatenate(
        [[0, 20, 50, 70, 110, 130, 160, 200, 220, 260], 260 + 6000 + np.array([0, 30, 50, 90, 110, 150])]
    )
    voltage = 2.0 - 0.005 * np.arange(len(time))
    columns = {"Test Time / s": time, "Voltage / V": voltage, "Current / A": -CURRENT_A}
    measurement = Measurement(pd.DataFrame(columns))
    assert not any("no records" in note for note in measurement.notes)
    assert measurement.found_half_cycles()[0].capacity_Ah == pytest.approx(CURRENT_A * time[-1] / 3600)


def test_the_counter_goes_before_a_coarse_current(table):
    counted = 0.88e-3 * MAH * np.clip((np.arange(len(table)) - 10) / (RECORDS - 1), 0, 1)
    frame = unnamed(table[:210]).assign(**{"Net Capacity / Ah": -counted[:210]})
    measurement = Measurement(frame)
    assert measurement.found_half_cycles()[0].capacity_Ah == pytest.approx(0.88e-3 * MAH)
    assert any("by the instrument's counter, which is used" in note for note in measurement.notes)


def test_magnitudes_of_current_are_refused_with_the_reason(table):
    table["Current / A"] = table["Current / A"].abs()
    for first_step in (None, "charge", "discharge"):
        with pytest.raises(DataFileError, match="the current never reverses.*magnitude.*Step Type") as caught:
            Measurement(unnamed(table), first_step=first_step)
        assert "sign=" not in str(caught.value)


def test_magnitudes_without_rests_between_are_refused_too(table):
    flows = unnamed(table[table["Current / A"] != 0]).reset_index(drop=True)
    with pytest.raises(DataFileError, match="the current never reverses"):
        Measurement(flows.assign(**{"Current / A": CURRENT_A}))


def test_pulses_of_one_direction_with_rests_are_no_magnitudes(table):
    discharge = unnamed(table[10:210]).reset_index(drop=True)
    rest = np.arange(200) % 20 >= 10
    discharge.loc[rest, "Current / A"] = 0.0
    discharge.loc[rest, "Voltage / V"] += 0.6
    assert [half.direction for half in Measurement(discharge).found_half_cycles()] == ["discharge"]


@pytest.mark.parametrize(
    "words",
    [("Rest", "CC_DChg", "CC_Chg"), ("R", "D", "C"), ("搁置", "恒流放电", "恒流充电"), ("Pause", "D_CC", "C_CC")],
)
def test_magnitudes_get_their_sign_from_the_state(tmp_path, table, words):
    state = table["Step Type"].map(dict(zip(("Rest", "Discharge", "Charge"), words, strict=True)))
    path = tmp_path / "unsigned.csv"
    named = {"t": table["Test Time / s"], "V": table["Voltage / V"], "I": table["Current / A"].abs(), "st": state}
    pd.DataFrame(named).to_csv(path, index=False)
    columns = {"Test Time / s": "t", "Voltage / V": "V", "Current / A": "I", "Step Type": "st"}
    measurement = read(path, columns=columns)
    assert capacities(measurement) == EXPECTED
    assert "the current in the file is a magnitude; its sign is taken from the kind of step" in measurement.notes


@pytest.mark.parametrize("share", [-0.02, 0.02])
def test_a_long_rest_with_an_offset_belongs_to_no_half_cycle(table, share):
    long = table.loc[[214] * 2000].assign(**{"Current / A": share * CURRENT_A})
    long["Test Time / s"] += STEP_S * np.arange(1, 2001)
    after = table[215:].assign(**{"Test Time / s": table["Test Time / s"][215:] + STEP_S * 2000})
    found = Measurement(unnamed(pd.concat([table[:215], long, after], ignore_index=True))).found_half_cycles()
    assert [(half.first, half.last) for half in found] == [(10, 209), (2220, 2419)]
