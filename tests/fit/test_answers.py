"""What a fit answers and writes, stop and resume, and what is refused."""

import json
import re
import tomllib

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
import nasim.fit
from nasim import DataFileError, MissingExtraError, ParameterSetError, ProtocolError, SolveError, UnknownNameError
from nasim.fit.files import run_files

THICKNESS, RESISTIVITY = "Interphase final thickness [m]", "Interphase resistivity [Ohm.m]"
ALPHA = "Sulfur step 1 transfer coefficient"
VARY = [THICKNESS, RESISTIVITY, ALPHA]
STILL = {"Interphase growth per charge [m3.C-1]": 0.0}
"""Without growth by cycling the thickness enters through its product with the resistivity alone."""


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(current_mA_cm2=0.127, cycles=1).run(overrides={**STILL, RESISTIVITY: 900.0})


@pytest.fixture(scope="module")
def curves(result):
    return nasim.fit.from_result(result, directions=["discharge"], noise_mV=2, capacity_noise=0.002, seed=1, points=100)


@pytest.fixture(scope="module")
def fit(curves):
    return nasim.fit(curves, VARY, overrides=STILL)


def test_a_pair_that_enters_as_a_product_is_reported_as_such(fit):
    (worst,) = fit.undetermined
    assert set(worst.components) == {THICKNESS, RESISTIVITY}
    assert worst.text.endswith("what is determined is their product")
    assert any("product" in line for line in fit.warnings())
    assert fit.table.set_index("parameter")["determined"].to_dict() == {
        THICKNESS: False,
        RESISTIVITY: False,
        ALPHA: True,
    }
    product = fit.values[THICKNESS] * fit.values[RESISTIVITY]
    assert_allclose(product, 900.0 * nasim.load("Yuan2025_NAS").value(THICKNESS), rtol=0.1)
    assert_allclose(fit.correlation.loc[THICKNESS, RESISTIVITY], -1, atol=0.02)


def test_errors_of_the_pair_are_those_of_the_range(fit):
    low, high = fit.interval(RESISTIVITY)
    assert high / low > 10


def test_the_interval_is_two_standard_errors_wide_each_way(fit):
    low, high = fit.interval(ALPHA)
    assert_allclose([low, high], fit.values[ALPHA] + np.array([-1.96, 1.96]) * fit.standard_errors[ALPHA], rtol=1e-4)
    assert_allclose(fit.interval(ALPHA, 0.6827)[1], fit.values[ALPHA] + fit.standard_errors[ALPHA], rtol=1e-4)


def test_processes_side_by_side_find_the_same(curves):
    options = {"overrides": STILL, "jacobian": "differences", "iterations": 3}
    one, two = (nasim.fit(curves, [ALPHA], workers=number, **options) for number in (1, 2))
    assert one.values == two.values
    assert one.counts["evaluations"] == two.counts["evaluations"]


def test_a_prior_settles_what_the_data_cannot(curves, fit):
    known = nasim.fit(curves, VARY, overrides=STILL, priors={THICKNESS: (1e-5, 1e-6)})
    assert known.undetermined
    assert_allclose(known.values[THICKNESS], 1e-5, rtol=0.02)
    assert_allclose(known.standard_errors[THICKNESS], 1e-6, rtol=0.1)
    assert known.standard_errors[RESISTIVITY] < 0.3 * fit.standard_errors[RESISTIVITY]
    assert known.freedom == fit.freedom + 1


def test_profile_agrees_with_the_covariance_where_the_problem_is_straight(curves):
    one = nasim.fit(curves, [ALPHA], overrides={**STILL, RESISTIVITY: 900.0})
    profile = one.profile(ALPHA)
    assert_allclose(profile.interval, one.interval(ALPHA), rtol=2e-3)
    assert profile.delta_chi2.min() == 0
    with pytest.raises(UnknownNameError, match="not varied"):
        one.profile(RESISTIVITY)


def test_profile_of_a_flat_valley_ends_where_the_ranges_do(fit):
    """Nothing limits a thick layer; a thin one needs more resistivity than its range has."""
    low, high = fit.profile(THICKNESS, steps_per_side=2, iterations=6).interval
    assert high is None
    _, most = nasim.load("Yuan2025_NAS").entries[RESISTIVITY].range
    assert_allclose(low, fit.values[THICKNESS] * fit.values[RESISTIVITY] / most, rtol=0.25)


def test_band_holds_the_computed_curve(fit):
    frame = fit.prediction(0)
    assert (frame["low"] <= frame["computed Voltage [V]"]).all()
    assert (frame["computed Voltage [V]"] <= frame["high"]).all()
    assert (frame["high"] - frame["low"]).median() < 4e-3
    assert np.abs(frame["residual"]).max() < 5
    with pytest.raises(UnknownNameError, match="no curve number 1"):
        fit.prediction(1)


def test_the_set_file_extends_the_start_and_says_how(fit, tmp_path):
    path = fit.to_toml(tmp_path / "cell.toml")
    loaded = nasim.load(path)
    for name in VARY:
        entry = loaded.entries[name]
        assert_allclose(entry.value, fit.values[name], rtol=1e-4)
        assert_allclose(entry.standard_error, fit.standard_errors[name], rtol=1e-4)
        assert (entry.kind, entry.source) == ("fitted", "Fitted")
        assert entry.fitted_to == (fit.record["data"][0]["label"],)
    assert loaded.value("Interphase growth per charge [m3.C-1]") == 0.0
    assert loaded.value("Separator thickness [m]") == nasim.load("Yuan2025_NAS").value("Separator thickness [m]")
    table = tomllib.loads(path.read_text())["calibration"]
    assert table["data_sha256"] == [fit.record["data"][0]["hash"]]
    assert {"cost", "seed", "start_sha256", "versions", "evaluations", "undetermined"} <= set(table)
    assert_allclose(table["cost"], fit.chi2 / 2, rtol=1e-4)


def test_a_fit_that_starts_from_a_file_extends_the_file(curves, fit, tmp_path):
    first = fit.to_toml(tmp_path / "first.toml")
    known = {"bounds": {ALPHA: (0.5, 0.7)}}
    again = nasim.fit(curves, [ALPHA], start=first, **known)
    loaded = nasim.load(again.to_toml(tmp_path / "deeper" / "own_set.toml"))
    assert_allclose(loaded.value(RESISTIVITY), fit.values[RESISTIVITY], rtol=1e-4)
    assert loaded.entries[ALPHA].range == (0.5, 0.7)
    loose = nasim.fit(curves, [ALPHA], start=nasim.load(first))
    with pytest.raises(ParameterSetError, match="give start="):
        loose.to_toml(tmp_path / "loose.toml")


def test_another_curve_has_another_hash(result, fit):
    other = nasim.fit.from_result(
        result, directions=["discharge"], noise_mV=2, capacity_noise=0.002, seed=2, points=100
    )
    from nasim.fit.run import fingerprint

    assert fingerprint(other[0]) != fit.record["data"][0]["hash"]
    assert fingerprint(fit.problem.data[0]) == fit.record["data"][0]["hash"]


def test_the_report_needs_nothing_but_itself(fit, tmp_path):
    text = fit.report(tmp_path / "report.html", "A <fit>").read_text()
    assert text.count('src="data:image/png;base64,') == 3
    assert not re.search(r'(src|href)="(?!data:)', text)
    assert "http" not in text
    assert "A &lt;fit&gt;" in text
    assert "their product" in text
    assert all(name in text for name in VARY)


def test_the_answers_as_json(fit):
    found = json.loads(json.dumps(fit.as_object()))
    assert [row["parameter"] for row in found["parameters"]] == VARY
    assert found["undetermined"][0]["text"].endswith("product")


def test_stopped_and_resumed_is_the_same_as_not_stopped(curves, fit, tmp_path):
    path = tmp_path / "checkpoint.npz"
    halted = nasim.fit(
        curves, VARY, overrides=STILL, checkpoint=path, progress=lambda report: report["evaluations"] < 3
    )
    assert not halted.finished
    assert halted.chi2 >= fit.chi2
    resumed = nasim.fit(curves, VARY, overrides=STILL, checkpoint=path, resume=True)
    assert resumed.finished
    assert resumed.counts["reused"] > fit.counts["reused"]
    assert resumed.counts["evaluations"] < fit.counts["evaluations"]
    assert resumed.values == fit.values
    assert resumed.standard_errors == fit.standard_errors


def test_a_checkpoint_of_another_fit_is_refused(curves, fit, tmp_path):
    path = tmp_path / "checkpoint.npz"
    nasim.fit(curves, [ALPHA], overrides=STILL, checkpoint=path, progress=lambda report: False)
    with pytest.raises(ProtocolError, match="another fit: vary: "):
        nasim.fit(curves, VARY, overrides=STILL, checkpoint=path, resume=True)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(DataFileError, match="cannot be read as a checkpoint"):
        nasim.fit(curves, [ALPHA], overrides=STILL, checkpoint=path, resume=True)
    with pytest.raises(ProtocolError, match="where the checkpoint is"):
        nasim.fit(curves, [ALPHA], resume=True)


def test_failed_runs_are_counted_and_cost_much(curves, fit, monkeypatch):
    from nasim.fit import problem as module
    from nasim.fit.store import Store

    problem = module.Problem(curves, fit.problem.cells, fit.problem.scales, {}, True, Store())
    good = problem.residuals(fit.units)

    def broken(units):
        raise SolveError("The integrator gave up.")

    monkeypatch.setattr(problem, "compute", broken)
    bad = problem.residuals(fit.units * 0.9)
    assert np.all(bad == module.FAILED)
    assert bad.shape == good.shape
    assert problem.counts["failed"] == 1
    assert len(problem.search.point) > 0
    assert_allclose(problem.search.point, fit.units)
    fresh = module.Problem(curves, fit.problem.cells, fit.problem.scales, {}, True, Store())
    monkeypatch.setattr(fresh, "compute", broken)
    with pytest.raises(SolveError, match="cannot begin"):
        fresh.residuals(fit.units)


def test_progress_tells_what_goes_on(curves):
    seen = []
    nasim.fit(curves, [ALPHA], overrides=STILL, progress=seen.append, explore=2, iterations=2)
    assert [report["stage"] for report in seen][0] == "design"
    assert seen[-1]["stage"] == "least squares"
    assert seen[-1]["best_cost"] <= seen[0]["best_cost"]
    assert set(seen[0]["values"]) == {ALPHA}


@pytest.mark.parametrize(
    ("vary", "options", "error", "word"),
    [
        ([], {}, ProtocolError, "must be a list"),
        (ALPHA, {}, ProtocolError, "must be a list"),
        ([ALPHA, ALPHA], {}, ProtocolError, "twice"),
        (["Sulfur step 1 transfer coeficient"], {}, UnknownNameError, "nearest match is 'Sulfur step 1 transfer"),
        (["Current function [A]"], {}, ProtocolError, "has no range"),
        ([ALPHA], {"bounds": {ALPHA: (0.1, 0.2)}}, ProtocolError, "outside its bounds"),
        ([ALPHA], {"bounds": {ALPHA: (0.9, 0.2)}}, ProtocolError, "rising"),
        ([ALPHA], {"bounds": {RESISTIVITY: (1, 2)}}, UnknownNameError, "not varied"),
        ([ALPHA], {"priors": {RESISTIVITY: (1, 2)}}, UnknownNameError, "not varied"),
        ([ALPHA], {"priors": {ALPHA: (0.5, 0)}}, ProtocolError, "prior"),
        ([ALPHA], {"jacobian": "guess"}, ProtocolError, "jacobian"),
        ([ALPHA], {"start": "Yuan2025"}, UnknownNameError, "Unknown parameter set"),
        (["Ambient temperature [K]"], {}, ProtocolError, "can only be one"),
    ],
)
def test_what_is_refused(curves, vary, options, error, word):
    with pytest.raises(error, match=word):
        nasim.fit(curves, vary, **options)


@pytest.mark.parametrize(("given", "word"), [([], "no curves"), (["cell.csv"], "a str was given")])
def test_curves_that_are_none(given, word):
    with pytest.raises(ProtocolError, match=word):
        nasim.fit(given, [ALPHA])


def test_files_become_a_folder_of_answers(curves, tmp_path):
    import pandas

    one = curves[0]
    time = one.capacity_mAh_cm2 / 0.127 * 3600
    table = {"Test Time / s": time, "Voltage / V": one.voltage_V, "Current / A": np.full(100, -0.127e-3 * 0.7854)}
    pandas.DataFrame(table).to_csv(tmp_path / "cell.csv", index=False)
    out = tmp_path / "out"
    options = {"overrides": {**STILL, RESISTIVITY: 900.0}, "voltage_sd_mV": 2.0, "sign": "charge positive"}
    fit = run_files([tmp_path / "cell.csv"], [ALPHA], out=out, area_cm2=0.7854, **options)
    names = {path.name for path in out.iterdir()}
    assert names == {"report.html", "fit.json", "fitted.toml", "curves.png", "predictions.csv", "checkpoint.npz"}
    low, high = fit.interval(ALPHA, 0.999)
    assert low < nasim.load("Yuan2025_NAS").value(ALPHA) < high
    assert "files_sha256" in (out / "fitted.toml").read_text()
    with pytest.raises(DataFileError, match="area_cm2"):
        run_files([tmp_path / "cell.csv"], [ALPHA], sign="charge positive")


@pytest.mark.parametrize("extra", ["pybop", "emcee"])
def test_a_missing_extra_is_named(fit, curves, extra, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, extra, None)
    with pytest.raises(MissingExtraError, match=rf"nasim-cells\[{extra}\]"):
        if extra == "emcee":
            nasim.fit.sample(fit)
        else:
            from nasim.fit import pybop

            pybop.problem(curves, [ALPHA])


def test_importing_it_is_cheap():
    import subprocess
    import sys

    heavy = "{'pybamm', 'casadi', 'matplotlib', 'pandas', 'scipy', 'numpy'}"
    code = f"import nasim.fit, sys; dir(nasim.fit); print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
