"""Known values come back from noisy curves, and the stated intervals hold them about as often as they say."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
import nasim.fit
from nasim.fit.arguments import scales_of
from nasim.fit.problem import Problem
from nasim.fit.result import FitResult
from nasim.fit.run import describe, search
from nasim.fit.simulated import Cells
from nasim.fit.store import Store

TRUE = {
    "Sulfur step 1 exchange current density [A.m-2]": 0.2,
    "Sulfur step 1 transfer coefficient": 0.6,
    "Sb-S step 1 exchange current density [A.m-2]": 0.015,
}
SEEDS = 12


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(current_mA_cm2=0.127, cycles=1).run(overrides=TRUE)


@pytest.fixture(scope="module")
def truths(result):
    """The first discharge as the fit itself computes it, with the noise of each seed."""
    start = nasim.load("Yuan2025_NAS")
    blank = nasim.fit.from_result(result, directions=["discharge"], points=80)
    cells = Cells(start, TRUE, blank)
    trace = cells.outcomes(blank, TRUE)[0][0]
    x, found = np.linspace(0, 1, 80), []
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        V = trace.voltage(x) + 2e-3 * random.standard_normal(80)
        Q = trace.capacity * (1 + 0.005 * random.standard_normal())
        noise = {"voltage_sd_mV": 2.0, "capacity_sd": 0.005}
        found.append(nasim.fit.from_arrays(x * Q, V, current_mA_cm2=0.127, window_V=(0.7, 2.6), **noise))
    return start, cells, found


def fitted(start, cells, curve):
    """A fit on cells that are there already."""
    scales = scales_of(list(TRUE), start, {})
    problem = Problem([curve], cells, scales, {}, True, Store(), seconds=math.inf)
    ended = search(problem, start, 0, 1, 1, 30)
    return FitResult.of(problem, start, *ended, describe([curve], start, scales, {}, "sensitivities", 0, 1, 1))


@pytest.mark.slow
def test_intervals_cover_the_truth_about_as_often_as_they_say(truths):
    start, cells, curves = truths
    off, chi2, freedom = [], 0.0, 0
    for curve in curves:
        fit = fitted(start, cells, curve)
        assert fit.finished
        assert not fit.undetermined
        scale = fit.problem.scales
        true = np.array([scale[name].unit(value) for name, value in TRUE.items()])
        off.append((fit.units - true) / np.sqrt(np.diag(fit.covariance)))
        chi2, freedom = chi2 + fit.chi2, freedom + fit.freedom
    off = np.abs(off)
    n = off.size
    assert abs(np.mean(off < 1.96) - 0.95) < 3 * np.sqrt(0.95 * 0.05 / n * 2)
    assert abs(np.mean(off < 1.0) - 0.68) < 3 * np.sqrt(0.68 * 0.32 / n * 2)
    assert abs(chi2 - freedom) < 4 * np.sqrt(2 * freedom)


def test_design_and_least_squares_come_back_from_far_away(result):
    """Both derivatives find the same place, from a start that is a factor of ten off, within the admissible range."""
    curves = nasim.fit.from_result(result, directions=["discharge"], noise_mV=2, capacity_noise=0.002, seed=3)
    far = {"Sulfur step 1 exchange current density [A.m-2]": 0.02, "Sulfur step 1 transfer coefficient": 0.4}
    one = nasim.fit(curves, list(far), overrides={**TRUE, **far}, explore=8)
    other = nasim.fit(curves, list(far), overrides={**TRUE, **far}, jacobian="differences")
    for name in far:
        low, high = one.interval(name, 0.999)
        assert low < TRUE[name] < high
        assert_allclose(one.values[name], other.values[name], atol=0.2 * one.standard_errors[name])
        assert_allclose(one.standard_errors[name], other.standard_errors[name], rtol=0.05)


@pytest.mark.slow
def test_cell_sets_and_rates_are_fitted_together():
    """The chain of Sb-S from a cell without sulfur and one with, at two rates."""
    name = "Sb-S step 1 exchange current density [A.m-2]"
    noise = {"noise_mV": 2, "capacity_noise": 0.002, "directions": ["discharge"], "points": 60}
    curves = []
    for cell, current in (("Yuan2025_NAS", 0.25), ("Yuan2025_NASC", 0.127)):
        found = nasim.GCD(current_mA_cm2=current, cycles=1).run(parameters=cell, overrides={name: 0.015})
        curves += nasim.fit.from_result(found, seed=5, parameters=cell, **noise)
    fit = nasim.fit(curves, [name])
    low, high = fit.interval(name, 0.999)
    assert low < 0.015 < high
    alone = nasim.fit(curves[:1], [name])
    assert fit.standard_errors[name] < alone.standard_errors[name]


def test_a_file_of_a_cycler_leaves_nothing_but_noise_at_the_truth(result, tmp_path):
    """The record at the switch of each half cycle, at which nothing has passed, lay off by 90 times the noise."""
    result.to_cycler(tmp_path / "cell.csv", voltage_noise_mV=2.0)
    measured = nasim.read(tmp_path / "cell.csv", area_cm2=0.7854)
    curves = nasim.fit.from_measurement(measured, window_V=(0.7, 2.6), voltage_sd_mV=2.0)
    assert len(curves) == 2 and all(curve.fraction[0] > 0 for curve in curves)
    outcomes = Cells(nasim.load("Yuan2025_NAS"), TRUE, curves).outcomes(curves, TRUE)
    for curve, outcome in zip(curves, outcomes, strict=True):
        assert abs(curve.residuals(outcome)[:-1]).max() < 5
