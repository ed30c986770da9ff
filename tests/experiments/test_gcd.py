"""Charge-discharge: what is refused, why a run stops, what is kept, and numbers that agree with the curves."""

import math

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.integrators import RodasIntegrator
from nasim.errors import ProtocolError, SolveError
from nasim.parameters import load

CELL = "Yuan2025_NASC"


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(cycles=2).run(None, "Yuan2025_NAS")


@pytest.fixture(scope="module")
def model():
    return nasim.FullCell(chains=[nasim.SbSRedox()])


# --- refusals ---------------------------------------------------------------------------------------------------------


def refused(protocol, *words, **conditions):
    with pytest.raises(ProtocolError) as caught:
        protocol.run(None, CELL, **conditions)
    message = str(caught.value)
    assert "\n" not in message and message.startswith("GCD: ")
    for word in words:
        assert word in message, message


@pytest.mark.parametrize("current", [-0.127, 0.0])
def test_a_current_that_is_not_above_zero(current):
    refused(nasim.GCD(current_mA_cm2=current), "current", "above zero", "mA cm-2", repr(current))


@pytest.mark.parametrize("current", [math.nan, math.inf])
def test_a_current_that_is_not_finite(current):
    refused(nasim.GCD(current_mA_cm2=current), "current", "finite", repr(current))


@pytest.mark.parametrize("current", ["fast", [0.1, 0.2]])
def test_a_current_that_is_no_number(current):
    refused(nasim.GCD(current_mA_cm2=current), "current", "number", repr(current))


@pytest.mark.parametrize("cycles", [0, -1, 1.5, math.nan, True, "two"])
def test_cycles_that_cannot_be_counted(cycles):
    refused(nasim.GCD(cycles=cycles), "number of cycles", repr(cycles))


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ((2.6, 0.7), ["upside down", "2.6", "0.7"]),
        ((1.0, 1.0), ["upside down"]),
        ((-1.0, 2.6), ["lower end of the window", "-1.0", "impossible"]),
        ((0.7, 9.0), ["upper end of the window", "9.0", "impossible"]),
        ((0.7, math.nan), ["upper end of the window", "finite"]),
        ((0.7,), ["two voltages", "(0.7,)"]),
        (2.6, ["two voltages", "2.6"]),
    ],
)
def test_a_window_that_is_none(window, words):
    refused(nasim.GCD(window=window), *words)


@pytest.mark.parametrize(("celsius", "word"), [(-300.0, "impossible"), (2000.0, "impossible"), (math.nan, "finite")])
def test_an_impossible_temperature(celsius, word):
    refused(nasim.GCD(), "temperature", repr(celsius), word, "degC", temperature_C=celsius)


@pytest.mark.parametrize(
    ("pressure", "word"), [(0.0, "impossible"), (-5.0, "impossible"), (1e9, "impossible"), ("high", "number")]
)
def test_an_impossible_pressure(pressure, word):
    refused(nasim.GCD(), "stack pressure", repr(pressure), word, "MPa", stack_pressure_MPa=pressure)


def test_unknown_sets_and_overrides_are_refused_by_name():
    with pytest.raises(nasim.UnknownNameError, match="Yuan2025_NAS"):
        nasim.GCD().run(None, "Yuan2025_NSA")
    with pytest.raises(nasim.UnknownNameError, match="Separator thickness"):
        nasim.GCD().run(None, CELL, overrides={"Separator thicknes [m]": 4e-4})


def test_what_is_no_set_or_no_cell_is_refused():
    with pytest.raises(nasim.ParameterSetError, match="GCD needs the name.*ParameterValues was given"):
        nasim.GCD().run(None, load(CELL).to_pybamm())
    with pytest.raises(ProtocolError, match="'Yuan2025_NASC' was given"):
        nasim.GCD().run("Yuan2025_NASC")


def test_protocols_cannot_be_changed():
    with pytest.raises(AttributeError):
        nasim.GCD().cycles = 3


# --- ends -------------------------------------------------------------------------------------------------------------


def test_all_cycles_are_run_between_the_cut_offs(result):
    assert result.record["stopped_because"] == "all cycles done"
    assert result.summary["cycle"].tolist() == [1, 2] == result.kept_cycles
    for cycle in (1, 2):
        curve = result.curve(cycle)
        for step, end in (("discharge", 0.7), ("charge", 2.6)):
            half = curve[curve["Step"] == step]
            assert half["Voltage [V]"].iloc[-1] == pytest.approx(end, abs=1e-4)


def test_a_cut_off_that_is_never_reached_stops_the_run_with_a_reason(model):
    """The leak of a bad separator carries more than the current: an endless charge."""
    leak = LeakingFromTheStart()
    result = nasim.GCD(cycles=5, keep=()).run(model.with_mechanisms(leak), CELL)
    reason = result.record["stopped_because"]
    assert "charge of cycle 1 did not reach 2.6 V" in reason and "self-charging" in reason
    assert len(result.summary) == 1
    assert max(result.audit().values()) < 1e-9
    assert result.summary["leak_mAh_cm2"][0] > 1.0


class LeakingFromTheStart(nasim.NoShort):
    """A constant leak that passes the whole charging current between the cut-offs."""

    def get_fundamental_variables(self):
        return {nm.LEAK_CONDUCTANCE: pybamm.Scalar(0.7)}

    def __init__(self):
        super().__init__()
        self.name = "soft short"


def test_a_cell_past_its_cut_off_stops_the_run_with_a_reason(model):
    result = nasim.GCD(cycles=3, window=(2.55, 2.6)).run(model, CELL)
    assert "discharge of cycle 1 had nothing to do" in result.record["stopped_because"]
    assert len(result.summary) == 1


@pytest.fixture
def failing(monkeypatch):
    """Lets the integrator fail from its n-th step on, `times` times."""

    def set_up(first, times=math.inf):
        taken, advance = [0], RodasIntegrator.advance

        def failing_advance(*args):
            taken[0] += 1
            if first <= taken[0] < first + times:
                raise SolveError("made to fail")
            return advance(*args)

        monkeypatch.setattr(RodasIntegrator, "advance", failing_advance)

    return set_up


def test_a_solve_that_fails_keeps_the_cycles_before(model, failing):
    failing(first=4)
    with pytest.raises(SolveError) as caught:
        nasim.GCD(cycles=3).run(model, CELL)
    message, partial = str(caught.value), caught.value.result
    for word in ("Cycle 2", "charge step", "V", "made to fail", "kept"):
        assert word in message
    assert "\n" not in message and isinstance(caught.value, RuntimeError)
    assert partial.summary["cycle"].tolist() == [1] == partial.kept_cycles
    assert "failed in cycle 2" in partial.record["stopped_because"]


def test_a_solve_that_fails_at_once_has_an_empty_result(model, failing, tmp_path):
    failing(first=1)
    with pytest.raises(SolveError) as caught:
        nasim.GCD(cycles=1).run(model, CELL)
    partial = caught.value.result
    assert len(partial.summary) == 0 and partial.kept_cycles == []
    partial.to_netcdf(tmp_path / "partial.nc")
    assert "failed in cycle 1" in nasim.load_result(tmp_path / "partial.nc").record["stopped_because"]


def test_a_second_attempt_that_succeeds_is_told(model, failing):
    failing(first=2, times=1)
    result = nasim.GCD(cycles=1).run(model, CELL)
    assert result.record["stopped_because"] == "all cycles done"
    (event,) = result.record["events"]
    assert "cycle 1, charge" in event and "made to fail" in event


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", [1, 2])
def test_the_table_agrees_with_the_curves(result, cycle):
    """Capacity from current and time, energy as the trapezoidal integral of voltage."""
    row, curve = result.summary.iloc[cycle - 1], result.curve(cycle)
    for step, sign in (("discharge", 1), ("charge", -1)):
        half = curve[curve["Step"] == step]
        t, current = half["Time [s]"].to_numpy(), half["Current density [mA.cm-2]"].to_numpy()
        np.testing.assert_allclose(current, sign * row["current_mA_cm2"], rtol=1e-9)
        capacity = row[f"{step}_capacity_mAh_cm2"]
        assert abs(np.trapezoid(current, t)) / 3600 == pytest.approx(capacity, rel=1e-6)
        assert half["Capacity [mAh.cm-2]"].iloc[-1] == pytest.approx(capacity, rel=1e-9)
        assert half["Specific capacity [mAh.g-1]"].iloc[-1] == pytest.approx(row[f"{step}_capacity_mAh_g"], rel=1e-9)
        energy = np.trapezoid(half["Voltage [V]"], half["Capacity [mAh.cm-2]"])
        assert energy == pytest.approx(row[f"{step}_energy_mWh_cm2"], rel=2e-3)
        assert row[f"mean_{step}_voltage_V"] == pytest.approx(row[f"{step}_energy_mWh_cm2"] / capacity, rel=1e-9)
    ratio = row["charge_capacity_mAh_cm2"] / row["discharge_capacity_mAh_cm2"]
    assert row["charge_over_discharge"] == pytest.approx(ratio, rel=1e-12)
    assert row["discharge_over_charge"] == pytest.approx(1 / ratio, rel=1e-12)


def test_voltage_and_losses_add_up_along_the_curves(result):
    curves = result.curves
    losses = [name for name in curves if name.endswith("voltage loss [V]")]
    assert len(losses) > 5
    np.testing.assert_allclose(curves[losses].sum(axis=1), curves[nm.VOLTAGE_LOSS], atol=1e-12)
    np.testing.assert_allclose(curves[nm.VOLTAGE] + curves[nm.VOLTAGE_LOSS], curves[nm.EQUILIBRIUM_VOLTAGE], atol=1e-12)


def test_time_runs_on_from_cycle_to_cycle(result):
    durations = [result.curve(cycle)["Time [s]"].iloc[-1] / 3600 for cycle in (1, 2)]
    np.testing.assert_allclose(result.summary["end_time_h"], np.cumsum(durations), rtol=1e-9)
    assert all(np.all(np.diff(result.curve(cycle)["Time [s]"]) >= 0) for cycle in (1, 2))


def test_a_cell_without_sulfur_has_no_capacity_per_gram(model):
    result = nasim.GCD(cycles=1).run(model, CELL)
    assert np.isnan(result.summary["discharge_capacity_mAh_g"]).all()
    assert result.curves["Specific capacity [mAh.g-1]"].isna().all()
    assert result.summary["discharge_capacity_mAh_cm2"][0] > 0


def test_arguments_in_lab_units_reach_the_model(model):
    seen = []
    options = {"stack_pressure_MPa": 100.0, "temperature_C": 40.0, "progress": lambda *told: seen.append(told)}
    result = nasim.GCD(current_mA_cm2=0.2, cycles=1, window=(1.0, 2.5)).run(model, CELL, **options)
    row = result.summary.iloc[0]
    assert row["current_mA_cm2"] == pytest.approx(0.2, rel=1e-12)
    assert row["stack_pressure_MPa"] == pytest.approx(100, rel=1e-9)
    assert row["temperature_C"] == pytest.approx(40, rel=1e-9)
    assert result.record["conditions"]["window_V"] == [1.0, 2.5]
    assert [number for number, _ in seen] == [1] and seen[0][1]["cycle"] == 1


def test_only_the_curves_asked_for_are_kept(model):
    result = nasim.GCD(cycles=3, keep=(2,)).run(model, CELL)
    assert result.kept_cycles == [2] and len(result.summary) == 3
    with pytest.raises(nasim.UnknownNameError, match=r"cycle 1.*\[2\]"):
        result.curve(1)


def test_a_run_leaves_the_model_as_it_was(model):
    before = {event.name for event in model.events}, len(model.rhs)
    first, second = (nasim.GCD(cycles=1, keep=()).run(model, CELL).summary for _ in range(2))
    assert ({event.name for event in model.events}, len(model.rhs)) == before
    assert first.equals(second)
