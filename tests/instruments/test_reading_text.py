"""BDF and plain CSV, what a bad file is refused for, and the memory that a large one takes."""

import hashlib
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nasim.errors import DataFileError, NasimError, UnknownNameError
from nasim.instruments import read

MACHINE_NAMES = {"test_time_second": "Test Time / s", "voltage_volt": "Voltage / V", "current_ampere": "Current / A"}
MAP = {"Test Time / s": "t", "Voltage / V": "U", "Current / A": "I"}


def plain(tmp_path, cell, delimiter=",", decimal=".", factor=1.0):
    """The made cell in a CSV with headers of its own, and a column nobody asked for; the path."""
    lines = [delimiter.join(["t", "remark", "U", "I"])]
    for row in cell.itertuples():
        numbers = [f"{value:.8g}".replace(".", decimal) for value in (row.time, row.voltage, row.current * factor)]
        lines.append(delimiter.join([numbers[0], "ok", *numbers[1:]]))
    path = tmp_path / "plain.csv"
    path.write_text("\n".join([*lines, ""]))
    return path


def change(path, line, text):
    """Put `text` in place of one line, counted from 1."""
    lines = path.read_text().splitlines()
    lines[line - 1] = text
    path.write_text("\n".join([*lines, ""]))


def test_bdf(bdf_csv, cell):
    measurement = read(bdf_csv, first_step="discharge")
    assert (measurement.kind, measurement.instrument, measurement.notes) == ("gcd", "bdf", ())
    assert measurement.sha256 == hashlib.sha256(bdf_csv.read_bytes()).hexdigest()
    np.testing.assert_allclose(measurement.data["Voltage / V"], cell["voltage"], rtol=1e-12)
    assert measurement.data.index.name == "line" and measurement.data.index[0] == 2


def test_bdf_machine_names_and_columns_not_used(bdf_csv):
    preferred = read(bdf_csv).data
    text = bdf_csv.read_text().replace("Cycle Count / 1", "Colour")
    for machine, label in MACHINE_NAMES.items():
        text = text.replace(label, machine)
    bdf_csv.write_text(text)
    measurement = read(bdf_csv)
    assert measurement.data.equals(preferred.drop(columns="Cycle Count / 1"))
    assert measurement.notes == ("columns not read: Colour",)


@pytest.mark.parametrize(("delimiter", "decimal"), [(",", "."), (";", ","), ("\t", ","), (";", ".")])
def test_plain_csv(tmp_path, cell, delimiter, decimal):
    path = plain(tmp_path, cell, delimiter, decimal, factor=1e3)
    data = read(path, columns=MAP | {"Current / A": ("I", 1e-3)}, sign="charge positive").data
    np.testing.assert_allclose(data["Current / A"], cell["current"], rtol=1e-7)
    np.testing.assert_allclose(data["Test Time / s"], cell["time"], rtol=1e-7)


def test_decimal_marks_that_change_within_a_file(tmp_path, cell):
    path = plain(tmp_path, cell, ";", ",", factor=1e3)
    change(path, 31, "290;ok;1.75;-0.1")
    data = read(path, columns=MAP | {"Current / A": ("I", 1e-3)}).data
    assert data.loc[31, "Voltage / V"] == 1.75
    np.testing.assert_allclose(data["Current / A"], cell["current"], rtol=1e-7)


def test_sign_that_was_not_stated_is_noted(tmp_path, cell):
    assert "sign not given: current taken as positive on charge" in read(plain(tmp_path, cell), columns=MAP).notes


def test_reversed_sign(tmp_path, cell):
    path = plain(tmp_path, cell, factor=-1)
    with pytest.raises(DataFileError, match="sign looks reversed.*sign='discharge positive'"):
        read(path, columns=MAP)
    measurement = read(path, columns=MAP, sign="discharge positive", first_step="discharge")
    np.testing.assert_allclose(measurement.data["Current / A"], cell["current"], rtol=1e-7)


def test_one_half_cycle_with_the_wrong_sign_is_told_by_its_trend(tmp_path, cell):
    with pytest.raises(DataFileError, match="falls in charge or rises in discharge"):
        read(plain(tmp_path, cell[:40], factor=-1), columns=MAP)


def test_first_step_against_the_voltage(tmp_path, cell):
    cell = cell[:40].assign(voltage=lambda c: 2 + 1e-3 * c["time"] / 40)  # rises by less than the trend needs
    with pytest.raises(DataFileError, match="the voltage rises by .* expected the opposite"):
        read(plain(tmp_path, cell), columns=MAP, first_step="discharge")


def test_millivolts_taken_for_volts(tmp_path, cell):
    path = plain(tmp_path, cell.assign(voltage=1e3 * cell["voltage"]))
    with pytest.raises(DataFileError, match="voltage 2.* V at line .* Is the column in mV"):
        read(path, columns=MAP)


@pytest.mark.parametrize(
    ("line", "text", "message"),
    [
        (30, "280,ok,nan,-1e-4", "'Voltage / V' at line 30 is nan, expected a finite number"),
        (30, "280,ok,,-1e-4", "'Voltage / V' at line 30 is nan"),
        (30, "280,ok,inf,-1e-4", "'Voltage / V' at line 30 is inf"),
        (30, "280,ok,2.0.1,-1e-4", "'U' in line 30 is '2.0.1', expected a number"),
        (30, "5,ok,2.0,-1e-4", "goes back from 270 to 5 s at line 30"),
        (30, "280,ok,2,0,-1e-4", "line 30 has 5 fields, expected 4"),
        (2, "0,ok,2,0,-1e-4", "first record after line 1 has 5 fields, expected 4.*decimal comma"),
        (1, "t,remark,V,I", r"line 1 lacks \['U'\]"),
        (30, '280,"ok,2.0,-1e-4', "the quotation that begins in line 30 has no end"),
    ],
)
def test_bad_lines_are_named(tmp_path, cell, line, text, message):
    path = plain(tmp_path, cell)
    change(path, line, text)
    with pytest.raises(DataFileError, match=message) as caught:
        read(path, columns=MAP)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"empty \(0 bytes\)"),
        (b"\n\n  \n", "the file is empty"),
        (b"t,remark,U,I\n", "no records after the header in line 1"),
        (b"t,remark,U,I\n0,ok,2,-1e-4\n", "1 records, expected at least 2"),
        (b"t,remark,U,I\n0,ok,2,-1e-4\n0,ok,2,-1e-4\n", "expected a time that grows"),
        ("t,remark,U,I\n0,ok,2,-1\n".encode("utf-16"), "UTF-16"),
        (bytes(range(1, 256)) * 20, "no header line"),
        (b"t,remark,U,I\n0,ok,2,-1e-4\n10,ok,1.9,-1e-4\n20,ok", "ends after 2 of 4 fields.*cut"),
    ],
)
def test_files_without_a_measurement(tmp_path, content, message):
    path = tmp_path / "plain.csv"
    path.write_bytes(content)
    with pytest.raises(DataFileError, match=message):
        read(path, columns=MAP)


def test_last_line_without_a_break_is_noted(bdf_csv):
    bdf_csv.write_text(bdf_csv.read_text().rstrip("\n"))
    assert any("last number may be cut" in note for note in read(bdf_csv).notes)


def test_what_read_is_told(tmp_path, bdf_csv, cell):
    with pytest.raises(DataFileError, match="no such file. The nearest match is 'cell.csv'"):
        read(tmp_path / "cel.csv")
    with pytest.raises(DataFileError, match="a directory"):
        read(tmp_path)
    with pytest.raises(UnknownNameError, match="nearest match is 'neware'"):
        read(bdf_csv, instrument="newar")
    with pytest.raises(DataFileError, match="instrument='neware', but the file is a text table of 'bdf'"):
        read(bdf_csv, instrument="neware")
    with pytest.raises(DataFileError, match="nearest match is 'Voltage / V'"):
        read(bdf_csv, columns={"Voltige / V": "U"})
    with pytest.raises(DataFileError, match=r"no known format; the first line is 't,remark,U,I'.*columns="):
        read(plain(tmp_path, cell))


@pytest.mark.parametrize("seed", range(40))
def test_damaged_text_is_refused_or_read_but_never_crashes(bdf_csv, seed):
    chance = random.Random(seed)
    damaged = bytearray(bdf_csv.read_bytes())
    for _ in range(4):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    bdf_csv.write_bytes(damaged)
    try:
        assert np.isfinite(read(bdf_csv).data["Voltage / V"]).all()
    except NasimError as error:
        assert str(bdf_csv) in str(error)


MEASURE_MEMORY = """
import resource, sys
from nasim.instruments import read
def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
data = read(sys.argv[1], columns={"Test Time / s": "t", "Voltage / V": "U", "Current / A": "I"}).data
print(len(data), data.iloc[-1, 0], (peak() - before) / data.memory_usage().sum())
"""


@pytest.mark.parametrize("rows", [1_000_000, pytest.param(10_000_000, marks=pytest.mark.slow)])
def test_large_csv_takes_memory_for_the_wanted_columns_only(tmp_path, rows):
    """Peak memory beyond the interpreter's is a few tables; reading all columns in one piece takes over five."""
    pytest.importorskip("resource")
    path = tmp_path / "large.csv"
    tail = [f"{k:050d},{2 - 1e-4 * k:.4f},-1.0e-4\n" for k in range(1000)]
    with open(path, "w") as stream:
        stream.write("t,remark,U,I\n")
        for block in range(rows // 1000):
            stream.writelines(f"{1000 * block + k},{block:010d}{tail[k]}" for k in range(1000))
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE_MEMORY, path], cwd=root, capture_output=True, text=True, check=True
    )
    count, last, tables = map(float, run.stdout.split())
    assert (count, last) == (rows, rows - 1)
    assert tables < 4
