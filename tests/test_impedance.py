"""Analysis of spectra: circuits, fits with errors that tell the truth, Kramers-Kronig, relaxation times."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nasim.analysis.circuit_fit import fit_circuit
from nasim.analysis.circuits import Circuit
from nasim.analysis.impedance import blocked_resistance, kramers_kronig
from nasim.analysis.relaxation import relaxation_times
from nasim.errors import DataFileError, UnknownNameError

F = np.geomspace(7e6, 0.1, 79)
W = 2 * np.pi * F
TEXT = "R0 + R1//C1 + ZARC1"
VALUES = {"R0": 40.0, "R1": 60.0, "C1": 1e-7, "ZARC1 R": 30.0, "ZARC1 tau": 0.05, "ZARC1 n": 0.85}


def noisy(Z, share, seed):
    random = np.random.default_rng(seed)
    return Z + abs(Z) * share * (random.standard_normal(Z.shape) + 1j * random.standard_normal(Z.shape))


# --- circuits ---------------------------------------------------------------------------------------------------------


def test_randles_is_its_closed_form():
    Z = Circuit("R0 + C1//(R1 + W1)").impedance(F, {"R0": 5.0, "C1": 2e-5, "R1": 20.0, "W1": 3.0})
    branch = 20 + 3 * (1 - 1j) / np.sqrt(W)
    np.testing.assert_allclose(Z, 5 + branch / (1 + 1j * W * 2e-5 * branch), rtol=1e-12)


def test_an_arc_of_exponent_one_is_a_resistance_beside_a_capacitance():
    arc = Circuit("ZARC1").impedance(F, {"ZARC1 R": 20.0, "ZARC1 tau": 1e-4, "ZARC1 n": 1.0})
    np.testing.assert_allclose(arc, Circuit("R1//C1").impedance(F, {"R1": 20.0, "C1": 5e-6}), rtol=1e-12)
    beside = {"R1": 20.0, "CPE1 Q": 1e-4**0.8 / 20, "CPE1 n": 0.8}
    depressed = Circuit("ZARC1").impedance(F, {"ZARC1 R": 20.0, "ZARC1 tau": 1e-4, "ZARC1 n": 0.8})
    np.testing.assert_allclose(depressed, Circuit("R1//CPE1").impedance(F, beside), rtol=1e-10)


def test_parallel_binds_tighter_than_series():
    values = {"R1": 1.0, "R2": 2.0, "R3": 3.0}
    assert Circuit("R1 + R2//R3").impedance(1.0, values) == pytest.approx(1 + 1.2)
    assert Circuit("(R1 + R2)//R3").impedance(1.0, values) == pytest.approx(1.5)


def test_an_inductance_counts_at_high_frequency_only():
    Z = Circuit("L1 + R1").impedance(F, {"L1": 1e-7, "R1": 5.0})
    assert Z[0].imag == pytest.approx(W[0] * 1e-7) and abs(Z[-1] - 5) < 1e-6


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("R0 + X1", "'X1'"),
        ("R0 - R1", "no element"),
        ("R0 + __import__('os')", "no element"),
        ("R0 +", "no circuit"),
        ("R1 + R1", "number of its own"),
    ],
)
def test_what_is_no_circuit_is_refused(text, said):
    with pytest.raises(UnknownNameError, match=said):
        Circuit(text)


# --- fits -------------------------------------------------------------------------------------------------------------


def test_known_values_come_back_from_exact_data():
    fit = fit_circuit(F, Circuit(TEXT).impedance(F, VALUES), TEXT)
    assert fit.values == pytest.approx(VALUES, rel=1e-5) and fit.residual < 1e-6


def test_standard_errors_cover_the_truth_as_often_as_they_say():
    """Of 40 noisy spectra, 68 % of the values lie within one standard error: 0.68 +- 0.1 for each parameter."""
    Z, hits = Circuit(TEXT).impedance(F, VALUES), []
    for seed in range(40):
        fit = fit_circuit(F, noisy(Z, 5e-3, seed), TEXT, start=VALUES, starts=1)
        hits.append([abs(fit.values[name] - VALUES[name]) < fit.errors[name] for name in VALUES])
    covered = np.mean(hits, axis=0)
    assert covered.mean() == pytest.approx(0.68, abs=0.07) and covered.min() > 0.45


def test_what_the_data_do_not_determine_has_an_infinite_error():
    fit = fit_circuit(F, 5 + 20 / (1 + 1j * W * 1e-4), "R0 + R1 + R2//C2", starts=2)
    assert np.isinf(fit.errors["R0"]) and np.isinf(fit.errors["R1"])
    assert fit.values["R0"] + fit.values["R1"] == pytest.approx(5) and np.isfinite(fit.errors["R2"])


def test_a_spectrum_must_be_one():
    for frequency, Z in (([1.0, 2.0], [1.0]), ([1.0, -2.0, 3.0], np.ones(3)), ([1.0, 2.0, 3.0], [1.0, np.nan, 1.0])):
        with pytest.raises(DataFileError):
            fit_circuit(frequency, Z, "R1")
    with pytest.raises(DataFileError, match="at least"):
        fit_circuit([1.0, 2.0], [1.0, 1.0], TEXT)


# --- Kramers-Kronig ---------------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.floats(0.6, 1.0), st.floats(-6, 0), st.floats(1, 1000))
def test_a_sound_spectrum_passes(exponent, log_tau, R):
    Z = 10 + R / (1 + (1j * W * 10**log_tau) ** exponent) + 1j * W * 1e-8 + 1 / (1j * W)
    assert kramers_kronig(F, Z).passed(2e-3)


@pytest.mark.parametrize("seed", range(5))
def test_noise_stays_in_the_residuals(seed):
    outcome = kramers_kronig(F, noisy(Circuit(TEXT).impedance(F, VALUES), 2e-3, seed))
    assert outcome.passed(0.01) and 1e-3 < np.std(outcome.residual.real) < 3e-3


def test_a_cell_that_changed_on_the_way_fails():
    Z = Circuit(TEXT).impedance(F, VALUES)
    assert not kramers_kronig(F, np.where(F < 100, Z + 5, Z)).passed(0.01)
    assert not kramers_kronig(F, Z.real + 1.1j * Z.imag).passed(0.01)


def test_the_order_of_the_points_does_not_matter():
    Z = Circuit(TEXT).impedance(F, VALUES)
    np.testing.assert_allclose(kramers_kronig(F, Z).residual, kramers_kronig(F[::-1], Z[::-1]).residual)


# --- relaxation times -------------------------------------------------------------------------------------------------


def test_two_arcs_are_two_peaks_with_their_resistances():
    found = relaxation_times(F, 10 + 50 / (1 + 1j * W * 1e-6) + 20 / (1 + 1j * W * 1e-3))
    (high, R_1), (low, R_2) = found.peaks()
    assert (R_1, R_2) == (pytest.approx(50, rel=0.02), pytest.approx(20, rel=0.02))
    assert high == pytest.approx(1e6 / 2 / np.pi, rel=0.1) and low == pytest.approx(1e3 / 2 / np.pi, rel=0.1)
    assert found.resistance == pytest.approx(10, rel=0.02) and found.residual < 0.01


SPECTRA = {
    "resistance": ("R0", {"R0": 30.0}),
    "one depressed arc": ("R0 + ZARC1", {"R0": 40.0, "ZARC1 R": 50.0, "ZARC1 tau": 1e-3, "ZARC1 n": 0.8}),
    "two depressed arcs": (
        "R0 + ZARC1 + ZARC2",
        {"R0": 10.0, "ZARC1 R": 50.0, "ZARC1 tau": 1e-5, "ZARC1 n": 0.9}
        | {"ZARC2 R": 20.0, "ZARC2 tau": 1e-2, "ZARC2 n": 0.8},
    ),
    "a sharp and a depressed arc": (TEXT, VALUES),
}


@pytest.mark.parametrize("share", [0.0, 1e-3, 1e-2])
@pytest.mark.parametrize("kind", SPECTRA)
def test_as_many_peaks_as_the_spectrum_has_arcs(kind, share):
    """With their resistances, without telling the ridge; a depressed arc has no side peaks."""
    text, values = SPECTRA[kind]
    Z = noisy(Circuit(text).impedance(F, values), share, 3)
    found = relaxation_times(F, Z)
    expected = [value for name, value in values.items() if name.endswith(" R") or name == "R1"]
    peaks = found.peaks()
    assert len(peaks) == len(expected)
    np.testing.assert_allclose([R for _, R in peaks], expected, rtol=0.01 + 5 * share)
    assert np.all(found.gamma >= 0)


def test_the_ridge_grows_with_the_noise():
    Z = Circuit(TEXT).impedance(F, VALUES)
    ridges = [relaxation_times(F, noisy(Z, share, 1), exponent=0.9).ridge for share in (1e-4, 3e-2)]
    assert ridges[1] > 10 * ridges[0]


def test_gamma_holds_the_resistance_of_its_arcs():
    found = relaxation_times(F, 10 + 50 / (1 + (1j * W * 1e-3) ** 0.8), exponent=0.8, ridge=1e-6)
    step = np.log(found.tau[1] / found.tau[0])
    assert found.gamma.sum() * step == pytest.approx(50, rel=0.02)
    assert found.gamma.max() == pytest.approx(50 / 2 / np.pi / np.tan(0.1 * np.pi), rel=0.02)


def test_transmission_line_and_its_limits():
    """At high frequency a pore without end, sqrt(R zeta); at low R/3 + Rct, or R/3 before a blocking interface."""
    values = {"TLM1 R": 30.0, "TLM1 Rct": 1e5, "TLM1 Q": 1e-3, "TLM1 n": 1.0}
    Z = Circuit("TLM1").impedance(np.array([1e6, 1e-1, 1e-7]), values)
    assert Z[0] == pytest.approx(np.sqrt(30 / (2j * np.pi * 1e6 * 1e-3)), rel=1e-3)
    assert Z[1].real == pytest.approx(10 + 1e5 / (1 + (2 * np.pi * 0.1 * 100) ** 2), rel=1e-3)
    assert Z[2].real == pytest.approx(10 + 1e5, rel=1e-4)
    mixed = {"R0": 5.0, "TLM1 R": 30.0, "TLM1 Rct": 60.0, "TLM1 Q": 1e-3, "TLM1 n": 0.9}
    fit = fit_circuit(F, noisy(Circuit("R0 + TLM1").impedance(F, mixed), 2e-3, 0), "R0 + TLM1", starts=4)
    for name, value in mixed.items():
        assert abs(fit.values[name] - value) < 4 * fit.errors[name]
        assert fit.errors[name] < 0.05 * value


def test_the_ridge_trades_fit_for_smoothness():
    Z = noisy(Circuit(TEXT).impedance(F, VALUES), 2e-3, 0)
    residuals, bends = [], []
    for ridge in (1e-4, 1e-2, 1.0):
        found = relaxation_times(F, Z, ridge)
        residuals.append(found.residual)
        bends.append(np.sum(np.diff(found.gamma, 2) ** 2))
        assert np.all(found.gamma >= 0)
    assert np.all(np.diff(residuals) > 0) and np.all(np.diff(bends) < 0)


def test_a_blocking_capacitance_is_told_from_an_arc():
    Z = 100 / (1 + 1j * W * 1e-5) + 1 / (1j * W * 5e-6)
    found = relaxation_times(F, Z, blocking=True)
    assert 1 / found.elastance == pytest.approx(5e-6, rel=0.02)
    assert found.peaks()[0][1] == pytest.approx(100, rel=0.05)
    assert blocked_resistance(F, Z) == pytest.approx(100, rel=0.05)
