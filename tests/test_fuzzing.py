"""Fuzzed files: every reader reads or refuses, in one paragraph. `benchmarks/fuzzing.py` does the same at length."""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nasim.errors import DataFileError
from nasim.experiments.drive_profile import read_profile
from nasim.instruments import read, read_curve
from nasim.store import load_arrays, save_arrays

PATH = Path(__file__).parent.parent / "benchmarks" / "fuzzing.py"
spec = importlib.util.spec_from_file_location("fuzzing", PATH)
fuzzing = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fuzzing)

FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("reader", fuzzing.READERS)
def test_a_spoiled_file_is_read_or_refused(reader):
    @FEW
    @given(st.integers(0, 2**32))
    def holds(seed):
        outcome, name, _, detail = fuzzing.tried(reader, seed)
        assert outcome in ("read", "refused"), f"{name}: {detail}"

    holds()


@pytest.mark.parametrize("suffix", [".csv", ".mpt", ".DTA", ".toml", ".ndax", ".mpr", ".nc", ".txt"])
def test_any_bytes_are_read_or_refused(tmp_path, suffix):
    @FEW
    @given(st.binary(max_size=300))
    def holds(content):
        path = tmp_path / f"file{suffix}"
        path.write_bytes(content)
        for reader in fuzzing.READERS:
            if reader != "folder":
                assert fuzzing._given(reader, path)[0] in ("read", "refused")

    holds()


def test_whole_examples_are_read(tmp_path):
    for reader, files in fuzzing.examples().items():
        for name, content in files:
            (tmp_path / name).write_bytes(content)
            if reader not in ("folder", "binary"):
                assert fuzzing._given(reader, tmp_path / name) == ("read", ""), name


def test_a_failure_is_reported_and_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(fuzzing.READERS, "plan", lambda path: 1 / 0)
    assert len(fuzzing.main(["--runs", "2", "--only", "plan", "--keep", str(tmp_path)])) == 2
    assert "plan: 2 inputs; 2 undocumented" in capsys.readouterr().out
    assert len(list(tmp_path.iterdir())) == 2


# --- what fuzzing found -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", ["1e400", "inf", "1e300", "9" * 400])
def test_a_cycle_number_beyond_counting_is_refused(tmp_path, cycle):
    path = tmp_path / "fade.csv"
    path.write_bytes(fuzzing.FADE.replace(b"10,", f"{cycle},".encode()))
    with pytest.raises(DataFileError):
        read_curve(path)


def test_a_gamry_table_with_short_rows_is_refused(tmp_path):
    path = tmp_path / "short.DTA"
    path.write_bytes(b"\n".join(line[: 20 if b"\t-1\t" in line else None] for line in fuzzing.GAMRY.splitlines()))
    with pytest.raises(DataFileError):
        read(path)


@pytest.mark.parametrize("cell", ["9" * 400, "x", "", "nan"])
def test_a_profile_with_an_odd_cell_is_refused(tmp_path, cell):
    path = tmp_path / "profile.csv"
    path.write_bytes(fuzzing.PROFILE.replace(b"-0.2", cell.encode()))
    with pytest.raises(DataFileError, match="profile"):
        read_profile(path)


def test_a_profile_that_is_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DataFileError, match="pipe or device"):
        read_profile(tmp_path / "pipe.csv")


def test_what_a_message_shows_of_a_cell_is_short(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_bytes(fuzzing.CURVE.replace(b"Voltage", b"[" * 3000))
    with pytest.raises(DataFileError) as refused:
        read_curve(path)
    assert len(str(refused.value)) < 1000


def test_a_header_that_is_named_as_the_nearest_match_is_printable(tmp_path):
    path = tmp_path / "curve.csv"
    path.write_bytes(fuzzing.CURVE.replace(b"Voltage (V)", b"Voltage (V\x03\x1b[31m"))
    with pytest.raises(DataFileError, match="nearest match is 'Voltage") as refused:
        read_curve(path)
    assert str(refused.value).isprintable()


def test_a_checkpoint_with_a_damaged_head_of_an_array_is_refused(tmp_path):
    path = tmp_path / "run.npz"
    save_arrays(path, {}, {"a": np.zeros(1158)})
    whole = path.read_bytes()
    at = whole.index(b"(1158,), }")
    path.write_bytes(whole[: at + 11] + b"[" + whole[at + 12 :])
    with pytest.raises(DataFileError, match="cannot be read as a checkpoint"):
        load_arrays(path, "a run")


def test_a_carriage_return_alone_within_a_table_is_read_or_refused(tmp_path):
    path = tmp_path / "run.csv"
    path.write_bytes(
        b"Test Time / s,Voltage / V,Current / A\n"
        + b"".join(b"%d,2.1,-1\n" % k for k in range(40))
        + b"41,2.1\r,-1\n" * 3
    )
    with pytest.raises(DataFileError):
        read(path)
