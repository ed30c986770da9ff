"""Impedance, voltammetry, differential capacity and fade as data: known values come back."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
import nasim.fit
from nasim.analysis import dqdv

ALPHA = "Sulfur step 1 transfer coefficient"
RESISTIVITY, THICKNESS = "Interphase resistivity [Ohm.m]", "Interphase final thickness [m]"
SEPARATOR = "Separator conductivity [S.m-1]"


def holds(fit, name, value):
    low, high = fit.interval(name, 0.9999)
    assert low < value < high, (name, low, value, high)


def test_impedance_tells_the_product_of_thickness_and_resistivity():
    spectra = nasim.OpenCircuitEIS(hours=10, every_h=10).run(overrides={RESISTIVITY: 900.0, SEPARATOR: 0.07})
    Z, random = spectra.impedance(2), np.random.default_rng(1)
    noise = random.standard_normal(len(Z)) + 1j * random.standard_normal(len(Z))
    given = {"frequency_Hz": spectra.frequency, "impedance_Ohm_cm2": Z + 0.005 * np.abs(Z) * noise}
    curve = nasim.fit.ImpedanceCurve(**given, impedance_sd=0.005, rest_h=10)
    fit = nasim.fit(curve, [RESISTIVITY, SEPARATOR, THICKNESS], start="Yuan2025_symmetric_NAS")
    (vague,) = fit.undetermined
    assert vague.text.endswith("their product")
    holds(fit, SEPARATOR, 0.07)
    thickness = fit.start.value(THICKNESS)
    assert_allclose(fit.values[RESISTIVITY] * fit.values[THICKNESS], 900.0 * thickness, rtol=0.02)
    assert_allclose(fit.chi2 / fit.freedom, 1.0, atol=0.4)


def test_voltammetry():
    scan = nasim.CV(scans=1).run(overrides={ALPHA: 0.58}).curve(1)
    V, i = scan["Voltage [V]"].to_numpy(), scan["Current density [mA.cm-2]"].to_numpy()
    noisy = i + 2e-3 * np.random.default_rng(1).standard_normal(len(i))
    curve = nasim.fit.CVCurve(voltage_V=V, current_mA_cm2=noisy, scan_rate_mV_s=0.2, current_sd_mA_cm2=2e-3)
    fit = nasim.fit(curve, [ALPHA])
    holds(fit, ALPHA, 0.58)
    assert fit.standard_errors[ALPHA] < 2e-3
    exact = nasim.fit.CVCurve(voltage_V=V, current_mA_cm2=i, scan_rate_mV_s=0.2, current_sd_mA_cm2=2e-3)
    same = nasim.fit(exact, [ALPHA])
    assert_allclose(same.values[ALPHA], 0.58, rtol=1e-3)
    assert same.chi2 / same.freedom < 0.01
    assert list(fit.prediction(0).columns[:2]) == ["Voltage swept [V]", "measured Current density [mA.cm-2]"]


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(cycles=3).run(overrides={ALPHA: 0.58, "Contact loss per strain": 0.004})


def test_differential_capacity(result):
    half = result.curve(1)
    half = half[half["Step"] == "discharge"]
    grid, height = dqdv(half["Voltage [V]"].to_numpy(), half["Capacity [mAh.cm-2]"].to_numpy())
    noisy = height + 0.05 * np.random.default_rng(1).standard_normal(len(grid))
    legs = nasim.fit.from_result(result, cycles=[1], directions=["discharge"])[0].legs
    curve = nasim.fit.DQDVCurve(voltage_V=grid, dqdv=noisy, dqdv_sd=0.05, legs=legs)
    fit = nasim.fit(curve, [ALPHA], overrides={"Contact loss per strain": 0.004})
    holds(fit, ALPHA, 0.58)
    assert fit.scale < 1.1


def test_capacity_against_cycle(result):
    """The whole loss moves the third capacity by 0.13 %: it shows in capacities that are told to 0.02 %."""
    curve = nasim.fit.fade_from_result(result, capacity_noise=2e-4, seed=1)
    fit = nasim.fit(curve, ["Contact loss per strain"], overrides={ALPHA: 0.58})
    holds(fit, "Contact loss per strain", 0.004)
    assert fit.standard_errors["Contact loss per strain"] < 1e-3


def test_kinds_together_weigh_by_their_noise(result):
    fade = nasim.fit.fade_from_result(result, capacity_noise=1e-3, seed=1)
    curves = nasim.fit.from_result(
        result, cycles=[1], directions=["discharge"], noise_mV=2, capacity_noise=0.002, seed=1
    )
    names = [ALPHA, "Contact loss per strain"]
    fit = nasim.fit([fade, curves], names)
    holds(fit, ALPHA, 0.58)
    holds(fit, "Contact loss per strain", 0.004)
    assert [len(part) for part in fit.residuals()] == [3, 201]
