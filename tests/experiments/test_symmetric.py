"""Symmetric cycling: what is refused, what is recorded, and the published overpotentials of NAS and NPS cells."""

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm

NPS = "Yuan2025_symmetric_NPS"


@pytest.fixture(scope="module")
def nas():
    return nasim.SymmetricCycling(keep=(1, 2, 150)).run()


def test_a_row_a_cycle_of_two_hours(nas):
    table = nas.summary
    assert len(table) == 150 and nas.record["experiment"] == "symmetric"
    np.testing.assert_allclose(table["end_time_h"], 2.0 * table["cycle"])
    np.testing.assert_allclose(table["discharge_capacity_mAh_cm2"], 0.51, rtol=1e-9)
    np.testing.assert_allclose(table["charge_capacity_mAh_cm2"], 0.51, rtol=1e-9)


def test_the_balances_close(nas):
    assert max(nas.audit().values()) < 1e-10


def test_time_runs_on_through_the_cycles(nas):
    time = nas.curves[nm.TIME]
    assert time.is_monotonic_increasing and time.iloc[-1] == pytest.approx(300 * 3600)
    second = nas.curve(2)[nm.TIME]
    assert second.iloc[0] == pytest.approx(7200) and second.iloc[-1] == pytest.approx(14400)


def test_the_overpotential_rises_then_is_stable_after_120_h(nas):
    """Published: 120 h +- 25 %; stable is within 3 % of the last."""
    table = nas.summary
    eta = table["end_overpotential_mV"].to_numpy()
    assert np.all(np.diff(eta) > 0)
    assert 90 <= table["end_time_h"][int(np.argmax(eta > 0.97 * eta[-1]))] <= 150


def test_the_resistances_of_both_interphases_are_reported(nas):
    one, other = "interphase_resistance_Ohm_cm2", "positive_interphase_resistance_Ohm_cm2"
    # One side was stripped last, so that their voids differ, by less than the share at whose edges they start, 7e-5.
    np.testing.assert_allclose(nas.summary[one], nas.summary[other], rtol=7e-5)


def test_no_soft_short_with_nas_in_300_h_at_high_pressure(nas):
    table = nas.summary
    assert table["leak_mAh_cm2"].max() < 1e-3 * table["charge_capacity_mAh_cm2"].min()


def test_the_curve_is_antisymmetric_about_its_halves(nas):
    """The second half of the last cycle is the first turned round, but for the growth of an hour."""
    last = nas.curve(150)
    ends = [last[last["Step"] == step]["Voltage [V]"].iloc[-1] for step in ("discharge", "charge")]
    assert ends[0] == pytest.approx(-ends[1], rel=2e-3) and ends[0] < 0


def test_nps_is_steady_with_a_soft_short_unseen():
    """The leak saturates at some tenth of the current: a steady voltage near the 0.66 V of the separator."""
    result = nasim.SymmetricCycling(hours=40, keep=()).run(parameters=NPS)
    eta = result.summary["end_overpotential_mV"].to_numpy()
    assert abs(eta[2:] / eta[-1] - 1).max() < 0.01 and 550 < eta[-1] < 700
    assert result.summary["interphase_resistance_Ohm_cm2"].max() == 0.0
    assert result.record["stopped_because"] == "all cycles done"


def test_the_plot_is_that_of_a_symmetric_cell(nas):
    assert nas.plot().get_ylabel() == "Overpotential (mV)"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"current_mA_cm2": 0}, "current must be above zero"),
        ({"capacity_mAh_cm2": -1}, "capacity must be above zero"),
        ({"hours": "long"}, "length of the test must be a number"),
        ({"hours": 1}, "one cycle takes 2 h"),
        ({"keep": 3}, "keep must be a sequence of cycle numbers"),
        ({"keep": (0,)}, "each cycle to keep must be a whole number from 1 to 150; 0 was given"),
    ],
)
def test_senseless_numbers_are_refused(options, words):
    with pytest.raises(nasim.ProtocolError, match=words):
        nasim.SymmetricCycling(**options).run()


def test_a_set_of_another_cell_is_refused():
    with pytest.raises(nasim.ProtocolError, match=r"needs a symmetric cell.*'Yuan2025_NAS' describes a full cell"):
        nasim.SymmetricCycling().run(parameters="Yuan2025_NAS")
    with pytest.raises(nasim.ProtocolError, match="needs a full cell"):
        nasim.GCD().run(parameters=NPS)


def test_a_test_that_runs_an_alloy_empty_ends_at_the_limit_of_the_cycler():
    """25 mAh cm-2 of sodium, 30 asked for: the voltage runs away, and the run says so."""
    result = nasim.SymmetricCycling(current_mA_cm2=1.0, capacity_mAh_cm2=30.0, hours=120, voltage_limit_V=3.0).run()
    assert "limit of -3 V in cycle 1" in result.record["stopped_because"]
    assert result.curves["Voltage [V]"].min() == pytest.approx(-3.0, abs=1e-3)
    assert result.curves[nm.NEGATIVE.sodium_content].min() == pytest.approx(0, abs=1e-3)
    assert max(result.audit().values()) < 1e-12


def test_a_current_beyond_the_limit_ends_at_once():
    result = nasim.SymmetricCycling(current_mA_cm2=100.0, capacity_mAh_cm2=100.0).run()
    assert "limit of -5 V in cycle 1" in result.record["stopped_because"]
    with pytest.raises(nasim.ProtocolError, match="voltage limit"):
        nasim.SymmetricCycling(voltage_limit_V=-1.0).run()
