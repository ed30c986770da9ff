"""`nasim read`: what it prints, what it writes, columns and units by options, and one paragraph for a mistake."""

import json

import pytest

import nasim
from nasim.cli import app
from nasim.errors import DataFileError, ProtocolError

typer_testing = pytest.importorskip("typer.testing")


def run(*arguments):
    return typer_testing.CliRunner().invoke(app, ["read", *map(str, arguments)])


def as_json(*arguments):
    done = run(*arguments, "--json")
    assert done.exit_code == 0, done.exception
    return json.loads(done.stdout)


def test_what_it_prints(bdf_csv):
    done = run(bdf_csv, "--area", 0.5)
    assert done.exit_code == 0
    for words in ("gcd, written by bdf, 188 records", "half cycles", "capacity mAh cm2", "discharge"):
        assert words in done.stdout


def test_json(bdf_csv):
    found = as_json(bdf_csv, "--mass", 2, "--area", 0.5)
    first, second = found["half_cycles"][:2]
    assert (first["direction"], second["direction"], found["active_mass_mg"]) == ("discharge", "charge", 2.0)
    assert first["capacity_mAh"] == pytest.approx(0.1 * 400 / 3600)
    assert first["capacity_mAh_g"] == pytest.approx(first["capacity_mAh"] / 2e-3)
    assert first["current_mA"] == pytest.approx(0.1)
    assert first["mean_voltage_V"] == pytest.approx(first["energy_mWh"] / first["capacity_mAh"])
    assert second["over_previous"] == pytest.approx(1.0)
    assert found["notes"] == [] and found["spectra"] == []


def test_files(bdf_csv, tmp_path):
    done = run(bdf_csv, "--out", tmp_path / "seen", "--bdf", tmp_path / "out.csv")
    assert done.exit_code == 0, done.exception
    assert sorted(path.name for path in (tmp_path / "seen").iterdir()) == ["figure.png", "half_cycles.csv"]
    again = nasim.read(tmp_path / "out.csv")
    assert again.instrument == "bdf"
    assert again.data["Voltage / V"].tolist() == nasim.read(bdf_csv).data["Voltage / V"].tolist()


def test_columns_units_and_marks(tmp_path, cell):
    path = tmp_path / "mine.txt"
    rows = [
        f"{row.time}|{row.voltage:.6f}|{1e3 * abs(row.current)}|{row.name}".replace(".", ",")
        for row in cell.itertuples()
    ]
    path.write_text("\n".join(["zeit|U|I|was", *rows, ""]))
    options = ["--columns", "Test Time / s=zeit", "--columns", "Voltage / V=U", "--columns", "Step Type=was"]
    options += ["--columns", "Current / mA=I", "--delimiter", "|", "--decimal", ","]
    found = as_json(path, *options)
    assert [half["direction"] for half in found["half_cycles"]] == ["discharge", "charge"] * 2
    assert found["half_cycles"][0]["current_mA"] == pytest.approx(0.1)


def test_unit_of_a_header_without_one(tmp_path, cell):
    path = tmp_path / "mine.csv"
    rows = [f"{row.time},{row.voltage:.6f},{1e3 * row.current}" for row in cell.itertuples()]
    path.write_text("\n".join(["Time (s),Voltage (V),Current", *rows, ""]))
    refused = run(path)
    assert isinstance(refused.exception, DataFileError)
    assert "'Current' has no unit" in str(refused.exception) and "--unit 'Current=mA'" in str(refused.exception)
    assert as_json(path, "--unit", "Current=mA")["half_cycles"][0]["current_mA"] == pytest.approx(0.1)


def test_curve(tmp_path):
    path = tmp_path / "paper.csv"
    path.write_text("Capacity (mAh/g);Voltage (V)\n0;2,2\n500;1,8\n1000;1,1\n")
    found = as_json(path)
    assert (found["kind"], found["direction"], found["per"]) == ("voltage", "discharge", "mass")
    assert found["points"]["Voltage / V"] == [2.2, 1.8, 1.1]
    done = run(path, "--out", tmp_path / "seen")
    assert "a curve without time (voltage, discharge), 3 points" in done.stdout
    assert (tmp_path / "seen" / "figure.png").exists()


def test_a_curve_is_no_record_of_a_test(tmp_path):
    path = tmp_path / "paper.csv"
    path.write_text("Capacity (mAh/g);Voltage (V)\n0;2,2\n500;1,8\n1000;1,1\n")
    found = run(path, "--bdf", tmp_path / "out.csv").exception
    assert isinstance(found, ProtocolError) and "a curve without time" in str(found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--columns", "Voltage"], 'expected "NAME=VALUE"'),
        (["--decimal", ";"], "expected '.' or ','"),
        (["--delimiter", "words"], "expected one character"),
        (["--bdf", "out.xyz"], "ends with .csv or .parquet"),
    ],
)
def test_mistakes(bdf_csv, options, message):
    found = run(bdf_csv, *options).exception
    assert isinstance(found, DataFileError | ProtocolError)
    assert message in str(found)
