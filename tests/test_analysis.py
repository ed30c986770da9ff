"""Capacities, differential capacity and its peaks, against curves whose peaks are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import norm

from nasim import analysis
from nasim.errors import DataFileError

NAS = [(1.75, 0.05, 500.0), (1.25, 0.06, 200.0), (1.05, 0.06, 1000.0), (0.60, 0.06, 400.0)]
"""(position V, standard deviation V, capacity mAh g-1): two peaks, a shoulder and a peak that the cut-off hides."""


def half_cycle(parts, start, stop, points, shape="gauss"):
    """Voltage and capacity, evenly spaced in capacity, of a curve whose dQ/dV is a sum of known peaks."""
    voltage = np.linspace(start, stop, 40001)
    sign = np.sign(stop - start)
    rise = {"gauss": norm.cdf, "logistic": lambda x: expit(1.7 * x)}[shape]
    capacity = sum(amount * rise(sign * (voltage - at) / width) for at, width, amount in parts)
    capacity -= capacity[0]
    wanted = np.linspace(0, capacity[-1], points)
    return np.interp(wanted, capacity, voltage), wanted


def found(voltage, capacity, **options):
    return analysis.peaks(*analysis.dqdv(voltage, capacity), **options)


# --- dQ/dV ------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(
        st.tuples(st.floats(0.8, 2.4), st.floats(0.01, 0.2), st.floats(1.0, 1000.0)), min_size=1, max_size=5
    ),
    points=st.integers(20, 3000),
    charge=st.booleans(),
    smooth_V=st.floats(0.0, 0.05),
)
def test_dqdv_integrates_to_the_capacity(parts, points, charge, smooth_V):
    window = (0.7, 2.6) if charge else (2.6, 0.7)
    voltage, capacity = half_cycle([*parts, (1.5, 1.0, 10.0)], *window, points)
    grid, height = analysis.dqdv(voltage, capacity, smooth_V=smooth_V)
    assert height.sum() * (grid[1] - grid[0]) == pytest.approx(capacity[-1], rel=1e-9)
    assert height.min() >= -1e-9 * height.max()
    assert grid[0] < grid[-1]


def test_dqdv_of_a_sloping_line_is_its_inverse_slope_up_to_both_ends():
    grid, height = analysis.dqdv(np.linspace(2.6, 0.7, 50), np.linspace(0.0, 1.9, 50))
    assert height == pytest.approx(np.ones_like(grid), rel=1e-9)


def test_dqdv_is_the_known_density():
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 2000)
    grid, height = analysis.dqdv(voltage, capacity, step_V=0.002, smooth_V=0.0)
    expected = sum(amount * norm.pdf(grid, at, width) for at, width, amount in NAS)
    assert np.abs(height - expected).max() < 0.01 * expected.max()


def test_dqdv_is_the_same_for_reversed_repeated_and_missing_points():
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 500)
    _, height = analysis.dqdv(voltage, capacity)
    _, reversed_height = analysis.dqdv(voltage[::-1], capacity[::-1])
    repeated = np.repeat(voltage, 3), np.repeat(capacity, 3)
    with_gap = (
        np.insert(voltage, [9, 100], [np.nan, 2.0]),
        np.insert(capacity, [9, 100], [capacity[8:10].mean(), np.nan]),
    )
    assert reversed_height == pytest.approx(height, rel=1e-12)
    assert analysis.dqdv(*repeated)[1] == pytest.approx(height, rel=1e-12)
    assert analysis.dqdv(*with_gap)[1] == pytest.approx(height, rel=1e-12)


def test_dqdv_counts_capacity_from_any_zero():
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 500)
    _, height = analysis.dqdv(voltage, capacity)
    assert analysis.dqdv(voltage, 3000 - capacity)[1] == pytest.approx(height, abs=1e-9 * height.max())


@pytest.mark.parametrize(
    ("voltage", "capacity", "words"),
    [
        ([2.0, 1.0], [0.0, 1.0], "three points"),
        ([2.0, 1.5, 1.0], [0.0, 0.0, 0.0], "three points"),
        ([2.0, 2.0, 2.0], [0.0, 1.0, 2.0], "three bins"),
        ([2.0, 1.0], [0.0, 1.0, 2.0], "shapes"),
        ([], [], "three points"),
    ],
)
def test_dqdv_refuses_what_is_no_curve(voltage, capacity, words):
    with pytest.raises(DataFileError, match=words):
        analysis.dqdv(voltage, capacity)


# --- peaks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", ["gauss", "logistic"])
@pytest.mark.parametrize("points", [200, 1000, 20000])
def test_peaks_shoulder_and_edge_of_a_known_curve(shape, points):
    peaks = found(*half_cycle(NAS, 2.6, 0.7, points, shape))
    assert peaks.kind.tolist() == ["edge", "peak", "shoulder", "peak"]
    assert peaks.voltage_V[[1, 3]] == pytest.approx([1.05, 1.75], abs=0.005)
    assert peaks.voltage_V[2] == pytest.approx(1.25, abs=0.015)
    assert peaks.voltage_V[0] == pytest.approx(0.70, abs=0.005)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("noise_V", [5e-4, 1e-3, 2e-3])
def test_noise_moves_peaks_by_less_than_5_mV(noise_V, seed):
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 10000)
    peaks = found(voltage + np.random.default_rng(seed).normal(0, noise_V, len(voltage)), capacity)
    assert peaks.of("peak").voltage_V == pytest.approx([1.05, 1.75], abs=0.005)
    assert peaks.of("shoulder").voltage_V == pytest.approx([1.25], abs=0.03)
    assert peaks.of("edge").voltage_V == pytest.approx([0.70], abs=0.01)


@settings(max_examples=40, deadline=None)
@given(low=st.floats(0.9, 1.4), gap=st.floats(0.35, 0.8), width=st.floats(0.02, 0.07), share=st.floats(0.2, 0.8))
def test_peaks_do_not_depend_on_direction_or_sampling(low, gap, width, share):
    parts = [(low, width, 1000 * share), (low + gap, width, 1000 * (1 - share))]
    voltage, capacity = half_cycle(parts, 0.7, 2.6, 4001)
    odd = np.unique(np.concatenate([np.arange(0, 4001, 7), np.arange(1500, 2500), [4000]]))
    for peaks in (
        found(voltage, capacity),
        found(voltage[::-1], capacity[::-1]),
        found(voltage[::-1], capacity),
        found(voltage[odd], capacity[odd]),
    ):
        assert peaks.kind.tolist().count("shoulder") == 0
        if "peak" in peaks.kind and "edge" not in peaks.kind:
            assert peaks.kind.tolist() == ["peak", "peak"]
    expected = found(voltage, capacity).voltage_V
    assert found(voltage[::-1], capacity[::-1]).voltage_V == pytest.approx(expected, abs=1e-6)
    assert found(voltage[odd], capacity[odd]).voltage_V == pytest.approx(expected, abs=0.002)


def test_shoulder_becomes_a_peak_as_it_moves_away():
    near = found(*half_cycle([(1.05, 0.06, 1000), (1.23, 0.06, 250)], 2.6, 0.7, 1000))
    far = found(*half_cycle([(1.05, 0.06, 1000), (1.40, 0.06, 250)], 2.6, 0.7, 1000))
    assert near.kind.tolist() == ["peak", "shoulder"]
    assert far.kind.tolist() == ["peak", "peak"]


def test_one_smooth_peak_has_no_shoulder_and_no_edge():
    for shape in ("gauss", "logistic"):
        peaks = found(*half_cycle([(1.6, 0.08, 1000)], 2.6, 0.7, 400, shape))
        assert peaks.kind.tolist() == ["peak"]


def test_a_plateau_that_the_cut_off_ends_is_an_edge_at_its_end():
    peaks = found(*half_cycle([(1.75, 0.05, 500), (0.70, 0.05, 500)], 2.6, 0.7, 1000))
    assert peaks.kind.tolist() == ["edge", "peak"]
    assert peaks.voltage_V[0] == pytest.approx(0.70, abs=0.005)


def test_smoothing_at_the_cut_off_keeps_the_rise():
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 2000)
    grid, raw = analysis.dqdv(voltage, capacity, smooth_V=0.0)
    _, smooth = analysis.dqdv(voltage, capacity)
    assert smooth[0] > 0.7 * raw[0]
    assert np.all(np.diff(smooth[grid < 0.75]) < 0)


def test_peaks_sorted_and_chosen():
    peaks = found(*half_cycle(NAS, 2.6, 0.7, 1000))
    assert peaks.by_height().voltage_V[:2] == pytest.approx([1.05, 1.75], abs=0.005)
    assert np.all(np.diff(peaks.voltage_V) > 0)
    assert len(peaks.of("peak", "edge")) == 3
    assert len(peaks[0]) == 1


def test_peaks_of_nothing_are_none():
    assert len(analysis.peaks(np.linspace(1, 2, 50), np.zeros(50))) == 0


@pytest.mark.parametrize("grid", [[1.0, 1.1, 1.3, 1.4, 1.5], [1.0, 1.1, 1.2]])
def test_peaks_need_an_even_grid(grid):
    with pytest.raises(DataFileError, match="evenly spaced"):
        analysis.peaks(grid, np.ones(len(grid)))


# --- capacities -------------------------------------------------------------------------------------------------------


def test_the_cell_of_the_paper_in_all_units():
    area_m2, sulfur_kg = 0.7854e-4, 0.384e-6  # 10 mm die, 3.2 mg of cathode with 12 % sulfur
    charge_Ah = 1.976 * sulfur_kg * 1e3
    areal = analysis.areal_capacity(charge_Ah, area_m2)
    assert areal == pytest.approx(0.966, abs=0.001)
    assert analysis.to_mAh_cm2(charge_Ah * 3600 / area_m2) == pytest.approx(areal)
    assert analysis.specific_capacity(charge_Ah, sulfur_kg) == pytest.approx(1976)
    assert analysis.to_mAh_g(areal, 1e6 * sulfur_kg / (area_m2 * 1e4)) == pytest.approx(1976)


@given(st.floats(1e-6, 1e3))
def test_areal_units_come_back(capacity):
    assert analysis.to_mAh_cm2(analysis.to_C_m2(capacity)) == pytest.approx(capacity)


def test_no_sulfur_is_nan_without_a_warning(recwarn):
    assert np.isnan(analysis.specific_capacity(1e-3, 0.0))
    assert analysis.to_mAh_g([0.3, 0.3], [0.0, 0.5])[1] == pytest.approx(600)
    assert np.isnan(analysis.to_mAh_g([0.3, 0.3], [0.0, 0.5])[0])
    assert np.isnan(analysis.charge_over_discharge(1.0, 0.0))
    assert np.isnan(analysis.mean_voltage([2.0, 1.0], [0.5, 0.5]))
    assert np.isnan(analysis.mean_voltage([], []))
    assert not recwarn.list


@given(st.floats(0.1, 3000), st.floats(0.1, 3000))
def test_the_two_ratios_are_inverse(charge, discharge):
    product = analysis.charge_over_discharge(charge, discharge) * analysis.discharge_over_charge(charge, discharge)
    assert product == pytest.approx(1)
    assert (analysis.charge_over_discharge(charge, discharge) > 1) == (charge > discharge)


def test_energy_is_mean_voltage_times_capacity_in_either_direction():
    voltage, capacity = half_cycle(NAS, 2.6, 0.7, 3001)
    energy = analysis.energy(voltage, capacity)
    assert energy == pytest.approx(analysis.mean_voltage(voltage, capacity) * capacity[-1])
    assert analysis.energy(voltage[::-1], capacity[::-1]) == pytest.approx(energy)
    grid, height = analysis.dqdv(voltage, capacity, smooth_V=0)
    assert (grid * height).sum() * (grid[1] - grid[0]) == pytest.approx(energy, rel=1e-4)


def test_running_charge_of_a_ramp_is_quadratic():
    time = np.linspace(0, 3600, 50)
    assert analysis.running_charge(time, time / 3600) == pytest.approx(0.5 * (time / 3600) ** 2)


def test_retention_from_another_cycle():
    assert analysis.retention([2.0, 1.6, 0.8], reference=1) == pytest.approx([1.25, 1.0, 0.5])
    assert analysis.retention([2.0, np.nan, 1.0])[2] == 0.5
