"""What to measure next: closed forms that the ranking must meet, pulses as data, and the command."""

import json

import numpy as np
import pandas
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

import nasim
import nasim.fit
from nasim import DataFileError, Measurement, ProtocolError, UnknownNameError
from nasim.cli import app
from nasim.fit.candidates import Candidate, expected, pulse_times
from nasim.fit.next import asked_for, narrowed
from nasim.fit.pulses import PulseCurve
from nasim.fit.simulated import Cells

ALPHA, SEPARATOR = "Sulfur step 1 transfer coefficient", "Separator conductivity [S.m-1]"
SAME = Candidate(label="again")


def blank(candidate, values):
    """What a candidate would measure, as data."""
    start = nasim.load("Yuan2025_NAS")
    return expected(candidate, Cells(start, list(values), [candidate.run(start)]), values).data


@pytest.fixture(scope="module")
def fit():
    values = {name: nasim.load("Yuan2025_NAS").value(name) for name in (ALPHA, SEPARATOR)}
    return nasim.fit(blank(SAME, values), list(values))


def test_line_through_points_in_closed_form():
    """y = a + b x: the variance of the slope is sigma2 / sum (x - mean)2, however many measurements it came from."""
    x, sigma = np.array([0.0, 1.0, 2.0, 5.0]), 0.1
    J = np.column_stack([np.ones(4), x]) / sigma
    first = np.linalg.inv(J[:2].T @ J[:2])
    after = narrowed(first, J[2:])
    assert_allclose(after[1, 1], sigma**2 / np.sum((x - x.mean()) ** 2))
    assert_allclose(narrowed(first, J[2:], 3.0)[1, 1] > after[1, 1], True)


def test_the_same_again_narrows_by_the_square_root_of_two(fit):
    ranked = nasim.next_experiments(fit, [SAME])
    assert_allclose(ranked.table["narrowing"], np.sqrt(2), rtol=2e-3)
    assert_allclose(ranked.table[ALPHA], fit.standard_errors[ALPHA] / np.sqrt(2), rtol=5e-3)


@pytest.mark.slow
def test_three_cycles_of_equal_information_would_narrow_by_two(fit):
    """Only the first repeats what was measured; whatever the later ones tell, three of them tell more."""
    once, thrice = (nasim.next_experiments(fit, [Candidate(label="c", cycles=n)]).table["narrowing"][0] for n in (1, 3))
    assert 1.1 * once < thrice


def test_a_spectrum_tells_the_conductivity_and_a_cycle_the_kinetics(fit):
    spectrum, fast = Candidate(label="EIS", kind="spectrum"), Candidate(label="fast", current_mA_cm2=0.5)
    assert nasim.next_experiments(fit, [SAME, spectrum, fast], target=SEPARATOR).best == "EIS"
    assert nasim.next_experiments(fit, [SAME, spectrum, fast], target=ALPHA).best != "EIS"


@pytest.mark.slow
def test_a_prediction_is_narrowed_most_by_measuring_it(fit):
    ranked = nasim.next_experiments(fit, [SAME], target="capacity at 0.5 mA cm-2")
    assert list(ranked.now) == ["capacity at 0.5 mA cm-2"]
    step = 1e-3
    capacities = []
    for sign in (1, -1):
        values = fit.values | {ALPHA: fit.values[ALPHA] + sign * step}
        capacities.append(blank(Candidate(label="c", current_mA_cm2=0.5), values)[0].capacity)
    only = nasim.fit(fit.problem.data, [ALPHA])
    now = nasim.next_experiments(only, [SAME], target=Candidate(label="c", current_mA_cm2=0.5)).now["c"]
    slope = (capacities[0] - capacities[1]) / (2 * step) / np.mean(capacities)
    assert_allclose(now, abs(slope) * only.standard_errors[ALPHA], rtol=0.05)


def test_words_for_a_capacity(fit):
    found = asked_for("capacity at 0.5C at 60 degC at 20 MPa", fit)
    assert (found.temperature_C, found.stack_pressure_MPa) == (60.0, 20.0)
    assert found.current_mA_cm2 == pytest.approx(0.41, rel=0.01)
    with pytest.raises(UnknownNameError, match="nearest match is 'Separator conductivity"):
        nasim.next_experiments(fit, [SAME], target="Separator conductivty [S.m-1]")
    with pytest.raises(UnknownNameError, match="neither a varied parameter"):
        asked_for("capacity at noon", fit)


def test_candidates_that_are_none(fit):
    with pytest.raises(ProtocolError, match="expected one of cycles.*nearest match is 'spectrum'"):
        Candidate(label="x", kind="spectra")
    with pytest.raises(ProtocolError, match="current must be above zero"):
        Candidate(label="x", current_mA_cm2=0)
    with pytest.raises(ProtocolError, match="no candidates"):
        nasim.next_experiments(fit, [])
    with pytest.raises(ProtocolError, match="no capacity to predict"):
        nasim.next_experiments(fit, [SAME], target=Candidate(label="Z", kind="spectrum"))


def test_the_usual_experiments_and_their_figure(fit):
    ranked = nasim.next_experiments(fit)
    assert len(ranked.table) == 10 and not ranked.failed
    assert (ranked.table["narrowing"] > 1).all() and ranked.table["narrowing"].is_monotonic_decreasing
    axes = ranked.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == list(ranked.table["experiment"])


def test_pulses_are_what_the_records_say():
    t, i = pulse_times(600.0, 1800.0, 3, 0.2)
    curve = PulseCurve(time_s=t, current_mA_cm2=i, voltage_V=np.zeros(len(t)))
    assert_allclose(curve.pieces(), [(600, 0.2), (1800, 0.0)] * 3)
    noisy = PulseCurve(time_s=t, current_mA_cm2=i + 1e-3 * np.sin(t), voltage_V=np.zeros(len(t)))
    assert_allclose(noisy.pieces(), curve.pieces(), rtol=5e-3)
    with pytest.raises(DataFileError, match="starts at zero and rises"):
        PulseCurve(time_s=t[::-1], current_mA_cm2=i, voltage_V=i)
    with pytest.raises(DataFileError, match="no current flows"):
        PulseCurve(time_s=t, current_mA_cm2=0 * i, voltage_V=i)


def test_a_titration_gives_its_parameters_back():
    (curve,) = blank(Candidate(label="GITT", kind="pulses"), {ALPHA: 0.57})
    assert (
        curve.voltage_V[15] < curve.voltage_V[14] < curve.voltage_V[16]
    )  # the last record of a pulse is before the jump
    noise = 2e-3 * np.random.default_rng(1).standard_normal(len(curve.time_s))
    columns = {"Test Time / s": curve.time_s, "Current / A": -0.5e-3 * curve.current_mA_cm2}
    frame = pandas.DataFrame(columns | {"Voltage / V": curve.voltage_V + noise})
    measured = Measurement(frame, area_cm2=0.5, sign="charge positive")
    found = nasim.fit(nasim.fit.from_pulses(measured, voltage_sd_mV=2.0), [ALPHA])
    low, high = found.interval(ALPHA, 0.999)
    assert low < 0.57 < high
    assert found.scale < 1.3


def test_the_command(fit, tmp_path):
    curve = fit.problem.data[0]
    columns = {"Test Time / s": curve.capacity_mAh_cm2 / 0.127 * 3600, "Voltage / V": curve.voltage_V}
    pandas.DataFrame(columns | {"Current / A": -0.127e-3 * 0.7854}).to_csv(tmp_path / "cell.csv", index=False)
    asked = ["--vary", ALPHA, "--for", "capacity at 0.5C", "--area", "0.7854", "--sign", "charge positive", "--json"]
    done = CliRunner().invoke(app, ["next", str(tmp_path / "cell.csv"), *asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["best"] == answer["experiments"][0]["experiment"]
    assert (tmp_path / "out" / "next.png").exists()
