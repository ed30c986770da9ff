"""The virtual cycler: a reader finds what was computed, whatever the instrument, noise and faults; and the same seed the same file."""

import numpy as np
import pandas as pd
import pytest

import nasim
from nasim.errors import DataFileError, ProtocolError, UnknownNameError
from nasim.instruments import read
from nasim.results.cycler import FAULTS
from nasim.results.result import Result

FILES = {"neware": "test.csv", "biologic": "test.mpt", "bdf": "test_bdf.csv"}
NOISE = {"voltage_noise_mV": 1.0, "current_noise": 0.001, "seed": 4}


@pytest.fixture
def result():
    """Two cycles of a made cell of 0.5 cm2 at 0.2 mA cm-2, 10 h a half cycle, time from zero in each cycle."""
    parts = []
    for cycle in (1, 2):
        for step, sign in (("discharge", -1), ("charge", 1)):
            hours = np.linspace(0, 10, 301)
            voltage = 1.65 + sign * (0.095 * hours - 0.475) + sign * 0.02
            columns = {"Cycle": cycle, "Step": step, "Time [s]": 3600 * (hours + 10 * (step == "charge"))}
            columns |= {
                "Voltage [V]": voltage,
                "Current density [mA.cm-2]": -0.2 * sign,
                "Capacity [mAh.cm-2]": 0.2 * hours,
            }
            parts.append(pd.DataFrame(columns | {"Open-path voltage [V]": voltage - sign * 0.02}))
    record = {"experiment": "GCD", "parameters": {"values": {"Electrode area [m2]": 5e-5}}, "overrides": {}}
    return Result(pd.DataFrame({"cycle": [1, 2]}), pd.concat(parts, ignore_index=True), record)


def found(measurement):
    return [(half.direction, 1e3 * half.capacity_Ah) for half in measurement.found_half_cycles()]


def check(measurement, truth):
    assert (
        [direction for direction, _ in found(measurement)] == truth["direction"].tolist() == ["discharge", "charge"] * 2
    )
    np.testing.assert_allclose([charge for _, charge in found(measurement)], truth["capacity_mAh"], rtol=2e-4)
    np.testing.assert_allclose(truth["capacity_mAh"], 1.0)


def test_bdf(result, tmp_path):
    result.to_bdf(tmp_path / "test.csv")
    measurement = nasim.read(tmp_path / "test.csv")
    assert measurement.instrument == "bdf" and measurement.notes == ()
    np.testing.assert_allclose([charge for _, charge in found(measurement)], 1.0)
    assert measurement.data["Test Time / s"].iloc[-1] == pytest.approx(40 * 3600)
    with pytest.raises(DataFileError, match="ends with .csv or .parquet"):
        result.to_bdf(tmp_path / "test.txt")


@pytest.mark.parametrize("instrument", FILES)
@pytest.mark.parametrize("fault", [None, "rest noise", "residual", "gap", "unsigned", "coarse current", "outlier"])
def test_a_reader_finds_what_was_written(result, tmp_path, instrument, fault):
    path = tmp_path / FILES[instrument]
    truth = result.to_cycler(path, instrument, faults=[fault] if fault else [], **NOISE)
    measurement = read(path)
    assert measurement.instrument == instrument
    check(measurement, truth)
    if fault == "gap":
        assert sum("no records for 1260 s" in note for note in measurement.notes) == 1
    if fault == "coarse current":
        assert sum("by the instrument's counter" in note for note in measurement.notes) == 4
    if fault == "unsigned":
        assert any("is a magnitude" in note for note in measurement.notes)


@pytest.mark.parametrize("instrument", ["neware", "biologic"])
def test_a_cut_file_is_refused(result, tmp_path, instrument):
    result.to_cycler(tmp_path / FILES[instrument], instrument, faults=["cut"])
    with pytest.raises(DataFileError, match="Is the file cut"):
        read(tmp_path / FILES[instrument])


def test_sampling_and_rests(result, tmp_path):
    result.to_cycler(tmp_path / "a.csv", sampling_s=300, rest_s=0)
    measurement = read(tmp_path / "a.csv", first_step="discharge")
    assert len(measurement.data) == 4 * 121
    assert set(np.diff(measurement.data["Test Time / s"]).round(3)) == {0.0, 300.0}
    result.to_cycler(tmp_path / "b.csv", sampling_s=300, rest_s=3000)
    rests = read(tmp_path / "b.csv").data.query("`Step Type` == 'Rest'")
    assert len(rests) == 5 * 11 and (rests["Current / A"] == 0).all()


def test_the_seed_makes_the_file(result, tmp_path):
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        result.to_cycler(tmp_path / name, voltage_noise_mV=2, seed=seed)
        texts.append((tmp_path / name).read_bytes())
    assert texts[0] == texts[1] != texts[2]


def test_refusals(result, tmp_path):
    with pytest.raises(UnknownNameError, match="nearest match is 'neware'"):
        result.to_cycler(tmp_path / "a", "newar")
    with pytest.raises(UnknownNameError, match="nearest match is 'outlier'"):
        result.to_cycler(tmp_path / "a", faults=["outlyer"])
    with pytest.raises(ProtocolError, match="sampling_s must be above zero"):
        result.to_cycler(tmp_path / "a", sampling_s=0)
    spectra = Result(result.summary, result.curves.drop(columns="Voltage [V]"), result.record)
    with pytest.raises(DataFileError, match="no curves in time"):
        spectra.to_bdf(tmp_path / "a.csv")
    assert not list(tmp_path.iterdir())
    assert all(FAULTS.values())
