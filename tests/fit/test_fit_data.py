"""Curves to fit to: what they are made of, what is refused."""

import numpy as np
import pandas
import pytest
from numpy.testing import assert_allclose

from nasim import DataFileError, Measurement, NasimError, ProtocolError, UnknownNameError
from nasim.fit import (
    Conditions,
    CVCurve,
    DQDVCurve,
    FadeCurve,
    GCDCurve,
    ImpedanceCurve,
    Leg,
    from_arrays,
    from_measurement,
)
from nasim.fit.traces import Trace

Q, V = np.linspace(0.0, 1.0, 50), np.linspace(2.2, 0.7, 50)
WINDOW = (0.7, 2.6)


def trace(capacity=1.0, shift=0.0, current=0.127):
    """A straight discharge from 2.2 V to 0.7 V."""
    t = np.linspace(0.0, capacity / current * 3600, 11)
    return Trace(t, 2.2 + shift - 1.5 * t / t[-1], current, "voltage cut-off")


def curve(**changes):
    given = {"current_mA_cm2": 0.127, "voltage_sd_mV": 2.0, "capacity_sd": 0.01}
    return from_arrays(Q, V, **(given | changes))


class TestResiduals:
    def test_the_same_curve_leaves_nothing(self):
        assert_allclose(curve().residuals([trace()]), 0.0, atol=1e-9)

    def test_voltage_off_by_one_standard_deviation(self):
        found = curve().residuals([trace(shift=2e-3)])
        assert_allclose(found[:-1], 1.0, rtol=1e-6)
        assert_allclose(found[-1], 0.0, atol=1e-9)

    def test_capacity_off_by_one_standard_deviation_moves_the_end_only(self):
        found = curve().residuals([trace(capacity=1.01)])
        assert_allclose(found[:-1], 0.0, atol=1e-9)
        assert_allclose(found[-1], 1.0, rtol=1e-9)

    def test_no_cliff_where_the_computed_curve_is_short(self):
        ends = np.array([curve().residuals([trace(capacity=c)]) for c in np.linspace(0.2, 1.8, 33)])
        assert np.abs(np.diff(ends, axis=0)).max() < 5.1

    def test_curve_that_ended_at_its_capacity_is_compared_at_capacities(self):
        cut = curve(to_cut_off=False)
        assert cut.legs[-1].most_mAh_cm2 == pytest.approx(1.0)
        assert_allclose(cut.residuals([trace()]), 0.0, atol=1e-6)
        assert cut.residuals([trace(capacity=0.9)])[-1] == pytest.approx(-10.0)

    def test_dqdv_of_a_straight_line(self):
        grid = np.linspace(1.0, 2.0, 21)
        data = DQDVCurve(voltage_V=grid, dqdv=np.full(21, 2 / 3), dqdv_sd=0.1, legs=curve().legs)
        assert_allclose(data.residuals([trace()]), 0.0, atol=1e-3)
        assert_allclose(data.residuals([trace(capacity=1.3)]), 2.0, rtol=1e-2)

    def test_capacity_against_cycle(self):
        legs = (Leg(0.127, 0.7), Leg(-0.127, 2.6)) * 2
        fade = FadeCurve(cycle_numbers=[1, 2], capacity_mAh_cm2=[1.0, 0.9], capacity_sd=0.01, legs=legs)
        traces = [trace(1.0), trace(0.8, current=-0.127), trace(0.9), trace(0.7, current=-0.127)]
        traces[1], traces[3] = (Trace(each.t, each.V, -0.127, each.ended_by) for each in (trace(0.8), trace(0.7)))
        assert_allclose(fade.residuals(traces), 0.0, atol=1e-9)

    def test_impedance_off_by_one_per_cent(self):
        Z = np.array([10 - 1j, 20 - 5j, 30 - 20j, 40 - 10j, 50 - 1j])
        data = ImpedanceCurve(frequency_Hz=np.logspace(5, 1, 5), impedance_Ohm_cm2=Z, impedance_sd=0.01)
        found = data.residuals(Z * 1.01)
        assert_allclose(found[:5] ** 2 + found[5:] ** 2, 1.0)
        assert_allclose(data.residuals(Z + 0.02j * np.abs(Z)), [0] * 5 + [2] * 5, atol=1e-9)


class TestLegs:
    def test_history_of_a_charge_in_cycle_two(self):
        found = from_arrays(Q, V[::-1], current_mA_cm2=0.2, direction="charge", cycle=2, window_V=WINDOW)
        assert [(leg.direction, leg.until_V) for leg in found.legs] == [
            ("discharge", 0.7), ("charge", 2.6), ("discharge", 0.7), ("charge", 2.6)
        ]  # fmt: skip
        assert [leg.current_mA_cm2 for leg in found.legs] == [0.2, -0.2, 0.2, -0.2]

    def test_steps_in_SI(self):
        steps, place = Leg(-0.1, 2.6, 1.0, rest_h=0.5, hold_until_mA_cm2=0.01).steps()
        assert [step.kind for step in steps] == ["rest", "charge", "hold"]
        assert place == 1
        assert (steps[0].duration, steps[1].current, steps[1].duration) == (1800, -1.0, 36000)
        assert steps[2].voltage == 2.6
        assert steps[2].until_current == pytest.approx(-0.1)

    def test_conditions_in_SI(self):
        given = Conditions(temperature_C=60, stack_pressure_MPa=125).inputs()
        assert given == {"Ambient temperature [K]": pytest.approx(333.15), "Applied stack pressure [Pa]": 1.25e8}


def record(parts):
    """A measurement of pieces (hours, current A, first V, last V), 60 records each."""
    time, current, voltage, start = [], [], [], 0.0
    for hours, amps, first, last in parts:
        time.append(start + np.linspace(0, 3600 * hours, 61)[1:])
        current.append(np.broadcast_to(amps, 60))
        voltage.append(np.linspace(first, last, 61)[1:])
        start = time[-1][-1]
    columns = {"Test Time / s": time, "Current / A": current, "Voltage / V": voltage}
    frame = pandas.DataFrame({name: np.concatenate(parts) for name, parts in columns.items()})
    return Measurement(frame, area_cm2=0.5, path="cell.csv", sign="charge positive")


CYCLE = [(0.5, 0.0, 2.3, 2.3), (8, -1e-4, 2.2, 0.7), (1, 0.0, 1.0, 1.1), (7, 1e-4, 1.5, 2.6)]


class TestMeasurement:
    def test_half_cycles_become_curves(self):
        discharge, charge = from_measurement(record(CYCLE), window_V=WINDOW)
        assert discharge.capacity == pytest.approx(1.6, rel=1e-3)
        assert charge.capacity == pytest.approx(1.4, rel=1e-3)
        assert discharge.to_cut_off
        assert charge.legs[0].current_mA_cm2 == pytest.approx(0.2)
        assert charge.legs[1].rest_h == pytest.approx(1.0, rel=0.2)
        assert charge.legs[:1] == discharge.legs

    def test_end_away_from_the_window_is_an_end_by_capacity(self):
        discharge, _ = from_measurement(record(CYCLE), window_V=(0.5, 2.6), ends="capacity")
        assert not discharge.to_cut_off
        assert discharge.legs[0].most_mAh_cm2 == pytest.approx(discharge.capacity)

    def test_hold_of_the_cut_off(self):
        falling = 1e-4 * np.exp(-np.arange(1, 61) / 20)
        *_, charge = from_measurement(record([*CYCLE, (2, falling, 2.6, 2.6)]), window_V=WINDOW)
        assert charge.legs[-1].hold_until_mA_cm2 == pytest.approx(0.2 * np.exp(-3), rel=1e-6)
        assert charge.capacity == pytest.approx(1.4, rel=0.02)

    def test_current_that_settles_in_the_first_records(self):
        settling = np.where(np.arange(60) < 1, -6e-5, -1e-4)
        discharge, _ = from_measurement(
            record([(0.5, 0, 2.3, 2.3), (4, settling, 2.2, 1.5), *CYCLE[1:]]), window_V=WINDOW
        )
        assert discharge.legs[0].current_mA_cm2 == pytest.approx(0.2)
        assert len(discharge.voltage_V) == 119

    def test_only_the_cycles_asked_for_but_all_of_the_past(self):
        twice = record([*CYCLE, *CYCLE[1:]])
        (only,) = from_measurement(twice, window_V=WINDOW, cycles=[2], directions=["discharge"])
        assert (only.cycle, len(only.legs)) == (2, 3)

    def test_loading_follows_from_the_sulfur(self):
        measurement = record(CYCLE)
        object.__setattr__(measurement, "active_mass_mg", 0.3)
        discharge, _ = from_measurement(measurement, window_V=WINDOW)
        assert dict(discharge.conditions.overrides)["Composite cathode mass [kg]"] == pytest.approx(
            0.3e-6 / 0.12 * 0.7854 / 0.5, rel=1e-3
        )

    @pytest.mark.parametrize(
        ("parts", "options", "word"),
        [
            (CYCLE, {}, "give window_V"),
            (CYCLE, {"window_V": (2.6, 0.7)}, "give window_V"),
            (CYCLE, {"window_V": WINDOW, "cycles": [7]}, "none of the cycles"),
            (CYCLE, {"window_V": WINDOW, "directions": ["down"]}, "'down'"),
            ([(1, 0.0, 2.3, 2.3)], {"window_V": WINDOW}, "no current flows"),
            ([(8, np.linspace(-1e-4, -2e-4, 60), 2.2, 0.7)], {"window_V": WINDOW}, "constant current"),
            ([*CYCLE[:3], (7, np.repeat([1e-4, 2e-4], 30), 1.5, 2.6)], {"window_V": WINDOW}, "away from the cut-off"),
        ],
    )
    def test_what_is_refused(self, parts, options, word):
        with pytest.raises(NasimError, match=word):
            from_measurement(record(parts), **options)

    def test_the_area_is_asked_for(self):
        measurement = record(CYCLE)
        object.__setattr__(measurement, "area_cm2", None)
        with pytest.raises(DataFileError, match="area_cm2 is not known"):
            from_measurement(measurement, window_V=WINDOW)


@pytest.mark.parametrize(
    ("changes", "error", "word"),
    [
        ({"direction": "charge", "window_V": WINDOW}, DataFileError, "called a charge but its voltage falls"),
        ({"direction": "down"}, UnknownNameError, "'down'"),
        ({"current_mA_cm2": 0}, ProtocolError, "current must be above zero"),
        ({"current_mA_cm2": "much"}, ProtocolError, "current must be a number"),
        ({"cycle": 0}, ProtocolError, "whole number from 1"),
        ({"cycle": 2}, ProtocolError, "window_V"),
        ({"voltage_sd_mV": 0}, ProtocolError, "voltage_sd_mV"),
        ({"capacity_sd": np.nan}, ProtocolError, "capacity_sd"),
    ],
)
def test_arrays_that_are_refused(changes, error, word):
    with pytest.raises(error, match=word):
        curve(**changes)


@pytest.mark.parametrize(
    ("q", "V", "word"),
    [
        ([0.0, 1.0], [2.0, 1.0], "at least 5"),
        (Q, V[:-1], "one length"),
        (Q, np.where(Q > 0.5, np.nan, V), "not finite, the first is record 25"),
        (Q[::-1], V, "starts at zero and rises"),
        (np.tile(Q[::2], 2), V, "starts at zero and rises"),
    ],
)
def test_records_that_are_no_half_cycle(q, V, word):
    with pytest.raises(DataFileError, match=word):
        GCDCurve(capacity_mAh_cm2=q, voltage_V=V, legs=(Leg(0.1, 0.7),))


def test_voltammograms_must_sweep_down_first():
    V, i = np.linspace(1.0, 2.6, 20), np.ones(20)
    with pytest.raises(ProtocolError, match="first sweep goes up"):
        CVCurve(voltage_V=V, current_mA_cm2=i, scan_rate_mV_s=0.2, current_sd_mA_cm2=0.01)
    with pytest.raises(ProtocolError, match="does not sweep"):
        CVCurve(voltage_V=0 * V, current_mA_cm2=i, scan_rate_mV_s=0.2, current_sd_mA_cm2=0.01)


def test_a_noisy_sweep_has_its_corners_where_it_turns():
    V = np.concatenate([np.linspace(2.3, 0.7, 300), np.linspace(0.7, 2.6, 400)])
    noisy = V + 2e-3 * np.random.default_rng(1).standard_normal(700)
    curve = CVCurve(voltage_V=noisy, current_mA_cm2=V, scan_rate_mV_s=0.2, current_sd_mA_cm2=0.01)
    assert len(curve.corners) == 3
    assert abs(curve.corners[1] - 300) < 10
    assert_allclose(curve.passed[-1], 1.6 + 1.9, atol=0.02)
