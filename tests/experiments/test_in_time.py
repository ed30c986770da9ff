"""Holds, rests, calendar ageing and profiles against closed forms."""

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.parameters import load

BLOCKING = "Yuan2025_blocking_NAS"


@pytest.fixture(scope="module")
def full():
    return nasim.KeptCell()


def test_the_current_of_a_hold_decays_with_rc():
    """A blocking cell is a resistance and two double layers in series: i = (V/R) exp(-t/RC), and the leak stays."""
    value = load(BLOCKING).value
    R = value(nm.LEAD_RESISTANCE) + value(nm.SEPARATOR.thickness) / value(nm.SEPARATOR.conductivity)
    RC = R * value(nm.BLOCKING_DOUBLE_LAYER) / 2
    found = nasim.Hold(voltages_V=0.1, hours=max(30 * RC / 3600, 1e-4)).run(parameters=BLOCKING)
    row = found.summary.iloc[0]
    assert row["first_current_mA_cm2"] == pytest.approx(-0.1 * 0.1 / R, rel=1e-3)
    assert row["decay_time_h"] * 3600 == pytest.approx(RC, rel=0.01)
    assert row["held_charge_mAh_cm2"] == pytest.approx(row["first_current_mA_cm2"] * RC / 3600, rel=0.02)
    curve = found.curve(1)
    decay = curve["Current density [mA.cm-2]"] - row["residual_current_mA_cm2"]
    early = curve["Time [s]"] < 5 * RC
    slope = np.polyfit(curve["Time [s]"][early], np.log(-decay[early]), 1)[0]
    assert slope == pytest.approx(-1 / RC, rel=0.01)
    assert abs(row["residual_current_mA_cm2"]) < 1e-3 * abs(row["first_current_mA_cm2"])


def test_a_hold_ends_at_its_current_and_may_be_approached(full):
    found = nasim.Hold(voltages_V=(1.5, 2.2), until_mA_cm2=0.01, approach_mA_cm2="0.2C").run(full)
    currents = found.summary["residual_current_mA_cm2"]
    assert currents.abs().tolist() == pytest.approx([0.01, 0.01], rel=1e-3) and currents[0] > 0 > currents[1]
    assert found.summary["held_voltage_V"].tolist() == pytest.approx([1.5, 2.2])
    assert [step for step, _ in found.curve(1).groupby("Step", sort=False)] == ["discharge", "hold"]
    assert "1.500 V: " in "\n".join(found.lines()) and found.plot().get_xscale() == "log"


def test_an_approach_that_is_there_as_soon_as_its_current_flows_is_left_out(full):
    found = nasim.Hold(voltages_V=(2.0, 1.9), hours=1.0, approach_mA_cm2=30.0).run(full)
    assert found.summary["held_voltage_V"].tolist() == pytest.approx([2.0, 1.9])
    assert set(found.curves["Step"]) == {"hold"}


def test_a_hold_that_is_never_reached_is_told(full):
    """A leak takes up the current of the approach."""
    leak = {"Separator electronic conductivity [S.m-1]": 1e-5}
    found = nasim.Hold(voltages_V=2.55, approach_mA_cm2=1e-3).run(full, overrides=leak)
    assert "did not reach 2.55 V" in found.record["stopped_because"]
    assert found.summary["held_voltage_V"].isna().all()


def test_what_leaks_in_a_rest_is_the_integral_of_the_leak(full):
    found = nasim.Rest(hours=24, every_h=10).run(full)
    assert found.summary["end_time_h"].tolist() == pytest.approx([10, 20, 24])
    parts = [found.curve(cycle) for cycle in (1, 2, 3)]
    leaked = sum(np.trapezoid(part[nm.LEAK_CURRENT], part["Time [s]"]) for part in parts) / 36000
    assert found.summary["leak_mAh_cm2"].sum() == pytest.approx(leaked, rel=1e-3)
    assert found.summary["end_voltage_V"].is_monotonic_decreasing
    assert not found.nothing_passed and f"open circuit {parts[0]['Voltage [V]'].iloc[0]:.3f} V to" in "\n".join(
        found.lines()
    )
    assert found.plot().get_xlim()[1] == pytest.approx(24)


def test_a_rest_of_the_interphase_is_its_growth_law():
    """A symmetric cell without contact losses of its own: thickness after 24 h as the model at rest has it."""
    rested = nasim.Rest(hours=24).run(parameters="Yuan2025_symmetric_NAS").summary.iloc[-1]
    watched = nasim.OpenCircuitEIS(hours=24, every_h=24, per_decade=1).run().summary.iloc[-1]
    assert 2 * rested["interphase_resistance_Ohm_cm2"] == pytest.approx(watched["interphase_Ohm_cm2"], rel=1e-6)


def test_calendar_ageing_loses_what_leaks(full):
    test = nasim.CalendarAgeing(storage_h=240, periods=2, state_of_charge=0.5)
    found = test.run(full)
    assert found.summary["phase"].tolist() == [
        *("conditioning", "check-up"),
        *("storage", "retained", "recovered") * 2,
    ]
    retained, recovered = found.phase("retained"), found.phase("recovered")
    assert (retained["capacity_over_first"] < recovered["capacity_over_first"]).all()
    half = found.phase("storage")["discharge_capacity_mAh_cm2"].iloc[0]
    assert half == pytest.approx(0.5 * found.phase("check-up")["discharge_capacity_mAh_cm2"].iloc[0], rel=1e-6)
    tight = test.run(nasim.FullCell(short=nasim.NoShort()))
    assert (tight.phase("retained")["capacity_over_first"] > retained["capacity_over_first"]).all()
    assert tight.phase("storage")["leak_mAh_cm2"].max() == 0.0
    assert len(found.plot()) == 2 and "not recovered" in "\n".join(found.lines())


def written(tmp_path, text):
    (tmp_path / "profile.csv").write_text(text)
    return str(tmp_path / "profile.csv")


POWERS = "time_s,power_mW_cm2\n0,0.3\n600,-0.1\n900,-0.1\n1000,0\n1200,0.5\n1500,0\n"


def test_a_profile_of_powers_gives_the_energy_that_it_asks_for(full, tmp_path):
    found = nasim.DriveProfile(written(tmp_path, POWERS), passes=3).run(full)
    given, taken = (0.3 * 600 + 0.5 * 300) / 3600, 0.1 * 400 / 3600
    np.testing.assert_allclose(found.summary["discharge_energy_mWh_cm2"], given, rtol=1e-5)
    np.testing.assert_allclose(found.summary["charge_energy_mWh_cm2"], taken, rtol=1e-5)
    power = found.curve(2)["Voltage [V]"] * found.curve(2)["Current density [mA.cm-2]"]
    assert sorted(set(power.round(6))) == pytest.approx([-0.1, 0.0, 0.3, 0.5], abs=1e-6)
    assert set(found.curve(2)["Step"]) == {"discharge", "charge", "rest"}
    assert "3 passes: " in "\n".join(found.lines()) and len(found.plot()) == 3


def test_a_profile_of_currents_gives_the_charge_and_ends_at_the_cut_off(full, tmp_path):
    path = written(tmp_path, "time_s,current_mA_cm2\n0,0.2\n3600,0\n4000,0\n")
    found = nasim.DriveProfile(path, passes=20, scale=2.0).run(full)
    assert found.summary["discharge_capacity_mAh_cm2"].iloc[0] == pytest.approx(0.4, rel=1e-9)
    assert found.record["stopped_because"].startswith("the voltage reached the limit of 0.7 V in cycle 2")


@pytest.mark.parametrize("power", [6, 8, 14, 100])
def test_asked_for_more_than_it_has_a_cell_ends_at_its_cut_off(full, tmp_path, power):
    """At once, or when the most that it gives has come down to what it is asked for."""
    found = nasim.DriveProfile(written(tmp_path, f"time_s,power_mW_cm2\n0,{power}\n60,0\n")).run(full)
    assert "reached the limit of 0.7 V" in found.record["stopped_because"]


def test_a_profile_that_charges_ends_at_the_upper_cut_off(full, tmp_path):
    path = written(tmp_path, "time_s,current_mA_cm2\n0,0.2\n3600,-0.2\n36000,0\n36001,0\n")
    found = nasim.DriveProfile(path).run(full)
    assert found.record["stopped_because"].startswith("the voltage reached the limit of 2.6 V in cycle 1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time_s,power\n0,1\n", "expected exactly one of current_mA_cm2.*nearest match is 'power_mW_cm2'"),
        ("time_s,power_mW_cm2\n0,1\n0,2\n", "row 2 is not two numbers with a time after"),
        ("time_s,power_mW_cm2\n0,much\n1,2\n", "row 1 is not two numbers"),
        ("time_s,power_mW_cm2\n0,1\n", "at least two rows"),
    ],
)
def test_a_file_that_is_no_profile_is_refused(tmp_path, text, words):
    with pytest.raises(nasim.DataFileError, match=words):
        nasim.DriveProfile(written(tmp_path, text)).run()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (nasim.DriveProfile(), "DriveProfile: no file was given"),
        (nasim.Hold(voltages_V=9.0), r"Hold: voltage = 9\.0 is impossible"),
        (nasim.Hold(until_mA_cm2=-1.0), "Hold: until current must be above zero"),
        (nasim.Rest(hours=0), "Rest: length of the rest must be above zero"),
        (nasim.CalendarAgeing(state_of_charge=2.0), "CalendarAgeing: state of charge = 2.0 is impossible"),
    ],
)
def test_what_makes_no_sense_is_refused(attempt, words):
    with pytest.raises(nasim.ProtocolError, match=words):
        attempt.run()
