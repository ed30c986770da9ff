"""The command line: what it prints, what it writes, how it refuses."""

import json
import re
import subprocess
import sys

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import nasim
from nasim.cli import app, main
from nasim.protocols import PROTOCOLS
from nasim.results.report import result_table

FIELDS = {"experiment", "parameter_set", "conditions", "versions", "stopped_because", "wall_time_s", "cycles", "dqdv"}
CYCLE_FIELDS = {
    "cycle",
    "discharge_capacity_mAh_g",
    "charge_capacity_mAh_g",
    "discharge_capacity_mAh_cm2",
    "charge_over_discharge",
    "discharge_over_charge",
    "discharge_energy_mWh_cm2",
    "mean_discharge_voltage_V",
    "mean_charge_voltage_V",
}


def call(*words):
    """Exit code and output of the command in this process, errors handled as `main` does."""
    return CliRunner().invoke(app, list(words))


def refuse(monkeypatch, capsys, *words):
    """The message with which `nasim WORDS` ends; checks exit code 2 and that it is one paragraph."""
    monkeypatch.setattr(sys, "argv", ["nasim", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    captured = capsys.readouterr()
    assert stop.value.code == 2
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return captured.err


@pytest.fixture(scope="module")
def printed():
    return call("run", "gcd", "--cycles", "1", "--json")


def test_json_is_one_object_with_the_promised_fields(printed):
    outcome = json.loads(printed.stdout)
    assert FIELDS | {"audit"} <= set(outcome)
    assert CYCLE_FIELDS <= set(outcome["cycles"][0])
    assert set(outcome["audit"]) == {"charge", "sulfur", "antimony", "sodium"}
    assert all(value < 1e-6 for value in outcome["audit"].values())
    assert {"cycle", "reduction_peaks_V", "oxidation_peaks_V"} <= set(outcome["dqdv"])


def test_json_agrees_with_python(printed):
    row = nasim.GCD(cycles=1).run().summary.iloc[0]
    first = json.loads(printed.stdout)["cycles"][0]
    assert first["discharge_capacity_mAh_g"] == pytest.approx(row["discharge_capacity_mAh_g"], rel=1e-12)


def test_table_figure_and_data(tmp_path):
    out = tmp_path / "new" / "folder"
    outcome = call("run", "gcd", "--cycles", "1", "--out", str(out))
    assert outcome.exit_code == 0, outcome.output
    assert "Beside the published values" in outcome.stdout
    assert "audit" in outcome.stdout
    written = {path.name for path in out.iterdir()}
    assert written == {"figure.png", "limits.png", "summary.csv", "curves.csv", "record.json", "result.nc"}
    loaded, again = nasim.load_result(out / "result.nc"), nasim.load_result(out)
    assert loaded.summary["discharge_capacity_mAh_g"].equals(again.summary["discharge_capacity_mAh_g"])


def test_cell_without_sulfur_has_no_capacity_per_gram():
    outcome = json.loads(call("run", "gcd", "--set", "Yuan2025_NASC", "--cycles", "1", "--json").stdout)
    assert outcome["cycles"][0]["discharge_capacity_mAh_g"] is None
    assert outcome["cycles"][0]["discharge_capacity_mAh_cm2"] > 0


def test_conditions_reach_the_run():
    words = ["--pressure", "100", "--temperature", "40", "--current", "0.2", "--window", "0.8", "2.5"]
    words += ["--override", "Separator conductivity [S.m-1]=0.1"]
    outcome = json.loads(call("run", "gcd", "--cycles", "1", "--json", *words).stdout)
    assert outcome["conditions"] == {"stack_pressure_MPa": 100.0, "temperature_C": 40.0, "window_V": [0.8, 2.5]}
    assert outcome["cycles"][0]["current_mA_cm2"] == pytest.approx(0.2)
    assert outcome["overrides"] == {"Separator conductivity [S.m-1]": 0.1}


def test_own_set(tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(
        'extends = "Yuan2025_NAS"\ntitle = "mine"\n["Separator thickness [m]"]\nvalue = 4.2e-4\nkind = "measured"\n'
        'source = "Yuan2025"\nwhere = "here"\nrange = [3e-4, 5e-4]\n'
    )
    outcome = json.loads(call("run", "gcd", "--set", str(own), "--cycles", "1", "--json").stdout)
    assert outcome["parameter_set"] == "mine"


def test_rate_takes_its_currents_one_after_the_other():
    words = ["run", "rate", "--currents", "0.3", "0.6", "--cycles-per-step", "1", "--json"]
    outcome = json.loads(call(*words).stdout)
    assert [round(cycle["current_mA_cm2"], 6) for cycle in outcome["cycles"]] == [0.3, 0.6]


def test_sets_are_listed_and_shown():
    assert "Yuan2025_NAS" in call("sets").stdout
    shown = call("sets", "Yuan2025_NAS").stdout
    assert "fitted" in shown
    assert "assumed" in shown
    assert "Separator thickness" in shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--set", "Yuan2025_NSA"], "Yuan2025_NAS"),
        (["--window", "2.6", "0.7"], "upside down"),
        (["--current", "-0.1"], "above zero"),
        (["--current", "0"], "above zero"),
        (["--current", "nan"], "finite"),
        (["--temperature", "-300"], "impossible"),
        (["--pressure", "-1"], "impossible"),
        (["--cycles", "0"], "above zero"),
        (["--override", "Separator thicknes [m]=4e-4"], "Separator thickness [m]"),
        (["--override", "Separator thickness [mm]=0.4"], "[m]"),
        (["--override", "Separator thickness [m]=4"], "expected"),
        (["--override", "Separator thickness [m]"], "NAME=VALUE"),
        (["--override", "Initial cathode potential [V]=0.1"], "no result"),
    ],
)
def test_mistakes_end_with_one_paragraph(monkeypatch, capsys, words, expected):
    message = refuse(monkeypatch, capsys, "run", "gcd", *words)
    assert expected in message
    assert message.startswith("nasim: ")
    assert message.strip().count("\n") == 0


def test_nothing_is_written_after_a_mistake(monkeypatch, capsys, tmp_path):
    refuse(monkeypatch, capsys, "run", "gcd", "--current", "-1", "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_cut_off_that_is_never_reached_is_told():
    outcome = json.loads(call("run", "gcd", "--cycles", "1", "--window", "0.7", "4.9", "--json").stdout)
    assert "did not reach" in outcome["stopped_because"] or "all cycles done" in outcome["stopped_because"]


def test_the_package_runs_as_a_program():
    outcome = subprocess.run([sys.executable, "-m", "nasim", "--help"], capture_output=True, text=True, check=True)
    assert "sodium-sulfur" in outcome.stdout


def test_other_experiments_and_studies_print_json():
    calls = {
        "cv": ["run", "cv", "--scans", "1", "--scan-rate", "0.5"],
        "eis": ["run", "eis", "--lowest", "10", "--per-decade", "3"],
        "ocv-eis": ["run", "ocv-eis", "--hours", "1", "--every", "1"],
        "symmetric": ["run", "symmetric", "--hours", "4"],
        "cycle": ["run", "cycle", "--cycles", "1"],
    }
    for name, words in calls.items():
        outcome = call(*words, "--json")
        assert outcome.exit_code == 0, (name, outcome.output)
        assert json.loads(outcome.stdout)["experiment"] == name


def test_studies():
    assert json.loads(call("window", "Na3PS4", "--json").stdout)["window"][0]["compound"] == "Na3PS4"
    assert json.loads(call("pore", "--sigma", "0.9", "--json").stdout)["pore"][0]["conductivity_S_m"] == pytest.approx(
        0.09
    )
    assert "inhomogeneity" in call("pore", "--sigma", "0.9").stdout


def test_scorecard_prints_rows_and_counts():
    outcome = json.loads(call("scorecard", "LOAD", "WIN-NPS", "--workers", "1", "--json").stdout)
    assert [row["id"] for row in outcome["rows"]] == ["LOAD", "WIN-NPS"]
    assert "1 of 1 input" in call("scorecard", "LOAD", "--workers", "1").stdout


def test_figures_of_every_experiment(tmp_path):
    for words in (["run", "cv", "--scans", "1", "--scan-rate", "1"], ["run", "eis", "--lowest", "100"]):
        out = tmp_path / words[1]
        assert call(*words, "--out", str(out)).exit_code == 0
        assert (out / "figure.png").stat().st_size > 10_000


def test_every_protocol_writes_its_figure(tmp_path):
    calls = {
        "cycle": ["--cycles", "1"],
        "rate": ["--currents", "0.4", "0.8", "--cycles-per-step", "1"],
        "symmetric": ["--hours", "4"],
        "ocv-eis": ["--hours", "1"],
        "gitt": ["--most-pulses", "2", "--rest", "0.5"],
        "pulse": ["--points", "2", "--pulse-current", "0.5C"],
        "hold": ["--voltages", "1.6", "1.4", "--hours", "1"],
        "rest": ["--hours", "2"],
        "calendar": ["--periods", "1", "--storage", "10"],
        "profile": ["--file", str(tmp_path / "profile.csv")],
        "temperature": ["--temperatures", "40", "25"],
        "ccd": ["--highest", "0.2"],
    }
    (tmp_path / "profile.csv").write_text("time_s,current_mA_cm2\n0,0.2\n600,0\n900,0\n")
    for name, words in calls.items():
        outcome = call("run", name, *words, "--out", str(tmp_path / name))
        assert outcome.exit_code == 0, (name, outcome.output)
        assert (tmp_path / name / "figure.png").stat().st_size > 10_000
    assert set(calls) | {"gcd", "cv", "eis"} == set(PROTOCOLS)


def test_published_values_stand_beside_like_runs_only():
    like = call("run", "gcd", "--cycles", "1").stdout
    assert "Beside the published values" in like and "1976" in like
    for words in (
        ["gcd", "--current", "2"],
        ["cycle", "--capacity-limit", "0.3"],
        ["cycle", "--charge-current", "0.5"],
    ):
        shown = call("run", *words, "--cycles", "1").stdout
        assert "audit" in shown and "Beside the published values" not in shown
    assert (
        "Beside the published values"
        not in call("run", "gcd", "--cycles", "1", "--override", "Sulfur mass fraction=0.13").stdout
    )


def test_peaks_stand_in_one_order_beside_the_published_ones():
    shown = call("run", "gcd", "--cycles", "1").stdout
    for reaction in ("reduction", "oxidation"):
        (line,) = (line for line in shown.splitlines() if line.strip(" │").startswith(f"{reaction}_peaks_V"))
        for column in line.strip("│ ").split("│")[1:]:
            volts = [float(each) for each in column.split(",")]
            assert len(volts) > 1 and volts == sorted(volts)


def test_peaks_of_another_cycle_do_not_stand_beside_those_of_the_first():
    shown = call("run", "cycle", "--cycles", "2", "--keep", "2").stdout
    (line,) = (line for line in shown.splitlines() if line.strip(" │").startswith("reduction_peaks_V"))
    assert line.split("│")[2].strip() == "-"


@pytest.mark.parametrize(
    "words", [["--scan-rate", "1", "--scan-rate", "2"], ["--scan-rate", "1", "2"], ["--scan-rate", "1,2"]]
)
def test_several_scan_rates_are_all_run(words):
    outcome = json.loads(call("run", "cv", "--scans", "1", *words, "--json").stdout)
    assert [cycle["scan_rate_mV_s"] for cycle in outcome["cycles"]] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rate", "--currents", ","], "--currents takes numbers separated by spaces or commas; ',' was given"),
        (
            ["rate", "--currents", "0.3", "0.5", "--currents", "0.7"],
            "'0.5' belongs to no option; several numbers stand behind one --currents",
        ),
        (["cv", "0.5"], "'0.5' belongs to no option; several numbers stand behind one --scan-rate"),
        (["gcd", "--window", "0.7", "2.6", "3"], "'3' belongs to no option"),
        (["cv", "--scan-rate", "fast"], "--scan-rate takes numbers"),
        (["gcd", "--window", "2.45", "2.6"], "no result: the discharge of cycle 1 had nothing to do"),
        (["gcd", "--window", "2.45", "2.6", "--json"], "no result: the discharge of cycle 1 had nothing to do"),
    ],
)
def test_what_would_run_something_else_or_nothing_is_refused(monkeypatch, capsys, tmp_path, words, expected):
    message = refuse(monkeypatch, capsys, "run", *words, "--out", str(tmp_path / "out"))
    assert expected in message and message.strip().count("\n") == 0
    assert not list(tmp_path.glob("out/*.png"))


def test_what_happened_on_the_way_is_told_a_few_events_at_most():
    result = nasim.GCD(cycles=1).run(nasim.FullCell(), "Yuan2025_NPS_separator")
    notes = [line for line in result.lines() if line.startswith("note: ")]
    assert len(notes) == 1 and "cell_for" in notes[0]
    result.record["events"] = [f"event {k}" for k in range(10)]
    notes = [line for line in result.lines() if line.startswith("note: ")]
    assert notes[0] == "note: event 0" and notes[-1] == "note: 7 more in record.json" and len(notes) == 4


def test_blocks_formation_and_c_rates_are_words_of_the_command_line():
    """0.2C of the nominal 6.432e-4 A h on 0.7854 cm2 is 0.1638 mA cm-2."""
    words = [
        "run",
        "cycle",
        "--cycles",
        "1",
        "--current",
        "0.5C",
        "--formation",
        "cycles=1 current=0.2C rest=0.5",
        "--json",
    ]
    rows = json.loads(call(*words).stdout)["cycles"]
    assert [row["current_mA_cm2"] for row in rows] == pytest.approx([0.1638, 0.4095], rel=1e-3)
    words = [
        "run",
        "cycle",
        "--block",
        "cycles=1 current=0.5C temperature=60",
        "--block",
        "cycles=1 current=C/2",
        "--json",
    ]
    rows = json.loads(call(*words).stdout)["cycles"]
    assert [row["temperature_C"] for row in rows] == pytest.approx([60, 25])
    assert [row["current_mA_cm2"] for row in rows] == pytest.approx([0.4095] * 2, rel=1e-3)


def test_a_rate_test_holds_and_returns():
    words = [
        "run",
        "rate",
        "--currents",
        "0.5C",
        "1C",
        "--cycles-per-step",
        "1",
        "--return-to-first",
        "--hold-until",
        "C/20",
    ]
    rows = json.loads(call(*words, "--json").stdout)["cycles"]
    assert [row["current_mA_cm2"] for row in rows] == pytest.approx([0.4095, 0.819, 0.4095], rel=1e-3)
    assert rows[1]["charge_capacity_mAh_cm2"] > rows[1]["discharge_capacity_mAh_cm2"]  # the hold makes up for the rate


def test_version_is_what_a_report_should_hold():
    shown = dict(line.split(" ", 1) for line in call("--version").stdout.splitlines())
    assert shown == nasim.versions()
    assert {"nasim", "pybamm", "python", "system"} <= set(shown)
    assert shown["nasim"] == nasim.__version__


def test_the_row_of_a_cycle_has_the_current_of_each_direction():
    words = ["run", "cycle", "--cycles", "1", "--current", "0.2", "--charge-current", "0.4", "--json"]
    (row,) = json.loads(call(*words).stdout)["cycles"]
    assert (row["current_mA_cm2"], row["charge_current_mA_cm2"]) == pytest.approx((0.2, 0.4))
    (row,) = json.loads(call(*words[:6], "--json").stdout)["cycles"]
    assert row["current_mA_cm2"] == pytest.approx(0.2) and "charge_current_mA_cm2" not in row


def test_figures_come_in_the_format_and_look_that_is_asked_for_and_curves_on_a_grid(tmp_path):
    words = [
        "run",
        "gcd",
        "--cycles",
        "1",
        "--format",
        "svg",
        "--style",
        "paper",
        "--width",
        "single",
        "--resample",
        "50",
    ]
    assert call(*words, "--out", str(tmp_path)).exit_code == 0
    assert (tmp_path / "figure.svg").read_text().startswith("<?xml") and not (tmp_path / "figure.png").exists()
    even = pandas.read_csv(tmp_path / "curves_even.csv")
    assert len(even) == 100
    steps = np.diff(even["Capacity [mAh.cm-2]"][:50])
    assert np.ptp(steps) < 1e-9 and steps[0] > 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--format", "jpg"], "no format 'jpg' of figures; expected png or pdf or svg"),
        (["--style", "papr"], "no style 'papr' of figures.*nearest match is 'paper'"),
        (["--width", "triple"], "no width 'triple' of figures; expected single or double"),
    ],
)
def test_a_look_that_there_is_not_is_refused_before_anything_runs(monkeypatch, capsys, words, expected):
    assert re.search(expected, refuse(monkeypatch, capsys, "run", "gcd", *words))


def test_a_long_table_shows_head_tail_and_steps_and_columns_that_fit():
    result = nasim.SymmetricCycling(hours=100, keep=()).run()
    table = result_table(result, width=60)
    assert table.columns[0]._cells[0].plain == "1" and table.columns[0]._cells[-1].plain == "50"
    assert len(table.rows) == 12 and "38 rows (--rows all); columns " in table.caption.plain
    assert len(result_table(result, rows="all").rows) == 50


def test_help_says_units_and_shows_an_example():
    for word in PROTOCOLS:
        shown = call("run", word, "--help").stdout
        assert f"Example: nasim run {word}" in " ".join(shown.split()), word
        assert "<float>" not in shown and "list[" not in shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--nope"], "there is no option '--nope'. 'nasim --help' lists"),
        (["rnu"], "there is no command 'rnu'. The nearest match is 'run'. 'nasim --help' lists"),
        (["run", "gdc"], "run: there is no command 'gdc'. The nearest match is 'gcd'. 'nasim run --help' lists"),
        (["run", "gcd", "--cycle", "1"], "run gcd: there is no option '--cycle'. The nearest match is '--cycles'"),
        (["run", "gcd", "--cycles", "x"], "run gcd: --cycles takes a whole number; 'x' was given."),
        (["run", "gcd", "--cycles=x"], "run gcd: --cycles takes a whole number; 'x' was given."),
        (["run", "gcd", "--window", "1", "b"], "run gcd: --window takes 2 numbers; '1 b' was given."),
        (["run", "gcd", "--cycles"], "run gcd: Option '--cycles' requires an argument. 'nasim run gcd --help' lists"),
        (["lab", "--port", "x" * 500], "lab: --port takes a whole number; 'xxx"),
        (["read"], "read: Missing argument 'file'"),
        (["sets", "a", "b"], "sets: Got unexpected extra argument"),
    ],
)
def test_what_the_parser_refuses_is_one_paragraph(monkeypatch, capsys, words, expected):
    message = refuse(monkeypatch, capsys, *words)
    assert message.startswith(f"nasim: {expected}") and message.count("\n") == 1 and len(message) < 300
