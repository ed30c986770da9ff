"""Bad input on the command line, kind by kind: one paragraph, exit code 2, no traceback, nothing computed before."""

import os
import subprocess
import sys

import pytest

import nasim
from nasim.cli import main
from nasim.errors import OutputError, ParameterSetError

LONG = "9" * 5000
HEAD = 'title = "t"\nextends = "Yuan2025_NAS"\n[sources.a]\ncitation = "c"\nurl = "u"\n'


def ending(monkeypatch, capsys, words):
    """Exit code, standard output and standard error of `nasim WORDS`."""
    monkeypatch.setattr(sys, "argv", ["nasim", *map(str, words)])
    with pytest.raises(SystemExit) as stop:
        main()
    captured = capsys.readouterr()
    return stop.value.code, captured.out, captured.err


@pytest.fixture
def refused(monkeypatch, capsys):
    """`refused(*words)` checks that the command ends with a paragraph and exit code 2; returns the paragraph."""

    def check(*words):
        code, out, err = ending(monkeypatch, capsys, words)
        assert (code, out) == (2, ""), err
        assert err.strip().count("\n") == 0, err
        assert "Traceback" not in err
        assert "\x1b" not in err
        assert len(err) < 1500
        return err

    return check


# --- numbers at the edge ------------------------------------------------------------------------------------------------

EDGES = {
    ("gcd", "--cycles"): ["0", "-1", "1e18", "1" + "0" * 400, LONG, "nan", "1.5", "2000000"],
    ("gcd", "--current"): ["0", "-1", "1e300", "1e-300", "nan", "inf", LONG, "C/0", "1e400C", "0C", "1e300C"],
    ("gcd", "--pressure"): ["0", "1e300", "-5", "nan"],
    ("gcd", "--temperature"): ["-273.15", "1e6", "nan", "-300"],
    ("ocv-eis", "--every"): ["1e-12", "0", "nan", "-1", "1e300"],
    ("ocv-eis", "--hours"): ["1e-12", "0", "nan", "1e300", "1e12"],
    ("eis", "--highest"): ["1e300", "0", "nan", "inf"],
    ("eis", "--lowest"): ["1e-300", "0", "nan", "1e9"],
    ("eis", "--per-decade"): ["1e9", "0", "nan", "1e-9"],
    ("eis", "--after-cycles"): ["1000000000", "1" * 400, "-1"],
    ("eis", "--voltage"): ["nan", "50", "1e300"],
    ("eis", "--charged"): ["nan", "5", "-1"],
    ("eis", "--rest"): ["1e300", "nan", "1e-300"],
    ("cv", "--scan-rate"): ["1e-300", "0", "nan", "1e300", "1e-12"],
    ("cv", "--scans"): ["0", "1" * 400, "1000000000"],
    ("symmetric", "--hours"): ["1e300", "1e-12", "nan", "1e9"],
    ("symmetric", "--current"): ["1e300", "1e-12", "nan", "0"],
    ("rate", "--currents"): ["1e300", "nan", "0", " "],
    ("rate", "--cycles-per-step"): ["1" * 400, "1000000000"],
    ("cycle", "--rest"): ["1e300", "nan", "-1", "1e-300"],
    ("cycle", "--capacity-limit"): ["1e300", "nan", "0"],
    ("cycle", "--charge-current"): ["1e-300", "nan"],
    ("cycle", "--keep"): ["1" * 400, "-3"],
    ("cycle", "--stop-below"): ["nan", "2"],
}


@pytest.mark.parametrize(
    ("word", "option", "value"),
    [(*where, value) for where, values in EDGES.items() for value in values],
    ids=lambda text: text[:12],
)
def test_protocol_numbers_at_the_edge(refused, word, option, value):
    refused("run", word, option, value)


@pytest.mark.parametrize("window", [("0", "0"), ("2", "1"), ("nan", "2"), ("-1", "1e300")])
def test_windows_at_the_edge(refused, window):
    refused("run", "gcd", "--window", *window)


VALUES = ["0.0", "-1.0", "1e300", "1e-300", "nan", "inf", "1e400", LONG, '"x"', "true", "[1.0]", "1979-05-27"]
NAMES = ["Electrode area [m2]", "Composite cathode mass [kg]", "Separator thickness [m]", "Ambient temperature [K]"]


@pytest.mark.parametrize("value", VALUES, ids=lambda text: text[:12])
@pytest.mark.parametrize("name", NAMES)
def test_parameters_at_the_edge_are_refused_as_a_set_is_read(tmp_path, name, value):
    path = tmp_path / "set.toml"
    path.write_text(f'{HEAD}["{name}"]\nvalue = {value}\nkind = "measured"\nsource = "a"\n')
    with pytest.raises(ParameterSetError, match="set.toml"):
        nasim.load(path)


@pytest.mark.parametrize("value", [0, 1e300, 10**400, float("nan"), float("inf")])
def test_overrides_at_the_edge_are_refused(value):
    with pytest.raises(ParameterSetError, match="impossible|finite"):
        nasim.load("Yuan2025_NAS", {"Sulfur reference loading [kg.m-2]": value})


def test_a_curve_through_the_impossible_is_refused(tmp_path):
    (tmp_path / "curves").mkdir()
    (tmp_path / "curves" / "c.csv").write_text("x,y\n0,1\n1,0\n")
    path = tmp_path / "set.toml"
    name = "Separator conductivity [S.m-1]"
    path.write_text(f'{HEAD}["{name}"]\nvalue = {{curve = "c.csv"}}\nkind = "measured"\nsource = "a"\n')
    with pytest.raises(ParameterSetError, match="0.0 is impossible"):
        nasim.load(path)


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 3000 + "]" * 3000,
        "a = " + "{a=" * 3000 + "1" + "}" * 3000,
        f"{HEAD}[calibration]\na = {LONG}",
        ".".join("a" * 3000) + " = 1",
    ],
)
def test_nesting_and_long_integers_are_refused(refused, tmp_path, text):
    (tmp_path / "deep.toml").write_text(text)
    refused("sets", tmp_path / "deep.toml")


@pytest.mark.parametrize(
    "over",
    [
        "cycles=" + "1" * 400,
        "cycles=1e300",
        "cycles=nan",
        "temperature [degC]=nan",
        "stack pressure [MPa]=1e300",
        "cycles=",
    ],
)
def test_sweeps_at_the_edge(refused, over):
    refused("sweep", "gcd", "--over", over)


def test_a_grid_of_endless_size_is_refused(refused):
    axes = (f"{name}={','.join(str(k + 1) for k in range(100))}" for name in ("cycles", "current [mA.cm-2]"))
    more = f"stack pressure [MPa]={','.join(str(20 + k) for k in range(200))}"
    assert "2000000 points" in refused("sweep", "gcd", *(word for axis in (*axes, more) for word in ("--over", axis)))


@pytest.mark.parametrize(
    "words",
    [["pore", "--sigma", value] for value in ("0", "-1", "nan", "1e300", "1e-300")]
    + [["pore", "--radius", value] for value in ("-1", "nan", "1e300", "1e-300")]
    + [["window", value] for value in ("", "Xx", "Na3SbS4" * 500, "Na" + "9" * 400, "Na0", LONG)],
    ids=lambda words: " ".join(words)[:30],
)
def test_studies_at_the_edge(refused, words):
    refused(*words)


# --- files that reach out -----------------------------------------------------------------------------------------------


@pytest.fixture
def set_with_curve(tmp_path):
    """`set_with_curve(reference)` is the path of a set whose separator refers to that curve; a secret file lies beside."""
    (tmp_path / "set" / "curves").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text("x,y\n0,hunter2\n")

    def write(reference):
        path = tmp_path / "set" / "set.toml"
        entry = f'value = {{curve = "{reference}"}}\nkind = "measured"\nsource = "a"\n'
        path.write_text(f'{HEAD}["Separator conductivity [S.m-1]"]\n{entry}')
        return path

    return write


@pytest.mark.parametrize(
    "reference", ["../../secret.csv", "/etc/passwd", "/dev/zero", "../set.toml", "..", ".", "", "link"]
)
def test_curves_are_regular_files_of_their_own_folder(refused, set_with_curve, tmp_path, reference):
    (tmp_path / "set" / "curves" / "link").symlink_to(tmp_path / "secret.csv")
    message = refused("sets", set_with_curve(reference))
    assert "hunter2" not in message
    assert "root:" not in message


def test_a_curve_that_is_a_pipe_is_refused_without_waiting(refused, set_with_curve, tmp_path):
    os.mkfifo(tmp_path / "set" / "curves" / "pipe.csv")
    assert "pipe or device" in refused("sets", set_with_curve("pipe.csv"))


def unreadable(folder):
    os.mkfifo(folder / "pipe.toml")
    (folder / "folder.toml").mkdir()
    with open(folder / "large.toml", "wb") as file:
        file.truncate(3 * 10**9)
    return [folder / "pipe.toml", folder / "folder.toml", folder / "large.toml", "/dev/zero", "x" * 300 + ".toml"]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize(
    "words",
    [["sets"], ["run", "gcd", "--set"], ["sweep", "gcd", "--design"], ["fit", "--vary", "Separator thickness [m]"]],
    ids=lambda words: words[0],
)
def test_what_is_no_regular_file_of_sensible_size_is_refused(refused, tmp_path, words, number):
    refused(*words, unreadable(tmp_path)[number])


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0" * 100, b"", b'extends="/dev/zero"', b'extends="x\\u0000.toml"'])
def test_sets_of_any_bytes_are_refused(refused, tmp_path, content):
    (tmp_path / "set.toml").write_bytes(content)
    refused("sets", tmp_path / "set.toml")


# --- text is never markup -----------------------------------------------------------------------------------------------


def test_names_and_titles_are_printed_as_they_are(monkeypatch, capsys, tmp_path):
    path = tmp_path / "[bold]x.toml"
    path.write_text('title = "\\u001b[31mred[/] [link=x]y"\nextends = "Yuan2025_NAS"\n')
    code, out, _ = ending(monkeypatch, capsys, ["sets", path])
    assert code == 0
    assert "[bold]x: \\x1b[31mred[/] [link=x]y" in out
    assert "\x1b" not in out


def test_a_sheet_and_an_exported_page_of_an_odd_name_are_told_as_they_are(monkeypatch, capsys, tmp_path):
    path = tmp_path / "[bold]x[red].toml"
    path.write_text('extends = "Yuan2025_NAS"\n')
    code, out, err = ending(monkeypatch, capsys, ["cell", "--set", path])
    assert (code, err) == (0, "") and "Cell of [bold]x[red]" in out
    monkeypatch.setattr("nasim.lab.export.export", lambda folder, parameters: folder / "index.html")
    code, out, err = ending(monkeypatch, capsys, ["lab", "--export", tmp_path / "[bold]x" / "[" / "red]"])
    assert (code, err) == (0, "") and "[bold]x/[/red]/index.html (open" in out


def test_escapes_in_what_is_refused_are_shown_as_their_codes(refused):
    assert "\\x1b[31mx" in refused("sets", "\x1b[31mx")


# --- the file system ----------------------------------------------------------------------------------------------------

SAY = "import sys; sys.argv[0] = 'nasim'; from nasim.cli import main; main()"


def call(words, **options):
    return subprocess.run(
        [sys.executable, "-c", SAY, *map(str, words)],
        capture_output=options.get("stdout") is None,
        text=True,
        **options,
    )


def test_out_is_checked_before_anything_is_computed(refused, tmp_path):
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below", "/proc/nasim", tmp_path / ("y" * 300)):
        for words in (["run", "gcd"], ["run", "cycle"], ["sweep", "gcd", "--over", "cycles=1"], ["window"]):
            refused(*words, "--out", out)
        refused("scorecard", "LOAD", "--out", out)


def test_what_cannot_be_written_is_printed_all_the_same(monkeypatch, capsys, tmp_path):
    def full(self, path):
        raise OutputError(f"'{path}' cannot be written: No space left on device.")

    monkeypatch.setattr("nasim.results.result.Result.to_netcdf", full)
    code, out, err = ending(monkeypatch, capsys, ["run", "gcd", "--cycles", "1", "--out", tmp_path / "out"])
    assert code == 2
    assert "audit" in out
    assert "No space left on device" in err
    assert err.strip().count("\n") == 0


def test_a_full_or_closed_output_ends_with_one_paragraph():
    with open("/dev/full", "w") as full:
        done = call(["sets"], stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [done.stderr.strip()]
    assert "No space left on device" in done.stderr
    reader, writer = os.pipe()
    os.close(reader)
    done = call(["sets", "Yuan2025_NAS"], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 2
    assert "Broken pipe" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_defect_of_nasim_is_told_as_one(monkeypatch, capsys):
    monkeypatch.setattr("nasim.studies.window.solve_window", lambda compound: 1 / 0)
    code, _, err = ending(monkeypatch, capsys, ["window"])
    assert code == 3
    assert "should not have happened (ZeroDivisionError: division by zero)" in err
