"""Every command with standard output on a full disk, and closed: one paragraph, exit code 2, and files are written all the same."""

import os
import subprocess
import sys

import pytest
import typer

import nasim
from nasim.cli import app, ending, main
from nasim.errors import SolveError
from nasim.protocols import PROTOCOLS

FIT = ["FILE", "--area", "0.785", "--mass", "0.48", "--vary", "Sulfur step 1 transfer coefficient"]
SLOW = pytest.mark.slow
COMMANDS = [
    ["--version"],
    ["--help"],
    ["run", "--help"],
    ["run", "gcd", "--help"],
    ["cell", "--no-run"],
    ["sets"],
    ["sets", "Yuan2025_NAS"],
    ["run", "gcd", "--cycles", "1", "--json"],
    ["run", "gcd", "--cycles", "1"],
    ["run", "cycle", "--cycles", "1"],
    ["run", "rate", "--currents", "0.2", "--cycles-per-step", "1"],
    ["run", "gitt", "--most-pulses", "1"],
    ["run", "pulse", "--points", "1"],
    ["run", "hold", "--hours", "1"],
    ["run", "rest", "--hours", "1"],
    pytest.param(["run", "calendar"], marks=SLOW),
    ["run", "profile", "--file", "PROFILE"],
    ["run", "temperature", "--temperatures", "25"],
    ["run", "ccd", "--step", "5"],
    ["run", "symmetric", "--hours", "2.1", "--current", "1"],
    ["run", "cv", "--scans", "1"],
    ["run", "eis", "--per-decade", "1"],
    ["run", "ocv-eis", "--hours", "1", "--every", "1"],
    ["predict", "gcd", "--cycles", "1", "--draws", "8"],
    ["sweep", "gcd", "--over", "cycles=1,2"],
    ["study", "temperature", "--axis", "temperature_C=25", "--cycles", "1"],
    ["scorecard", "LOAD", "--workers", "1"],
    ["read", "FILE"],
    ["fit", *FIT],
    pytest.param(["explain", *FIT[:-2]], marks=SLOW),
    pytest.param(["next", *FIT], marks=SLOW),
    ["pore"],
    ["window"],
    ["calibrate", "--stages"],
    pytest.param(["verify", "answers"], marks=SLOW),
]
WITHOUT = {"lab"}
"""Serves a page, or writes a file with one line to say so."""
CLOSED = [
    ["--help"],
    ["run", "--help"],
    ["sets"],
    ["sets", "Yuan2025_NAS"],
    ["run", "gcd", "--cycles", "1"],
    ["read", "FILE"],
]


def words_of(each):
    return each if isinstance(each, list) else each.values[0]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    nasim.GCD(cycles=1).run().to_cycler(folder / "neware.csv", "neware", sampling_s=2000.0)
    (folder / "profile.csv").write_text("time_s,current_mA_cm2\n0,-0.1\n600,-0.1\n")
    return {"FILE": str(folder / "neware.csv"), "PROFILE": str(folder / "profile.csv")}


@pytest.fixture
def ended(files, capfd):
    """`ended(words, output)` is the exit code and standard error of a command that prints to a file descriptor."""
    before = sys.argv, sys.stdout

    def end(words, output):
        sys.argv = ["nasim", *(files.get(word, word) for word in words)]
        with open(output, "w") as sys.stdout, pytest.raises(SystemExit) as stop:
            main()
        return stop.value.code, capfd.readouterr().err

    yield end
    sys.argv, sys.stdout = before


def test_no_command_is_left_out():
    firsts = {words[0] for words in map(words_of, COMMANDS)}
    assert set(typer.main.get_command(app).commands) - WITHOUT <= firsts
    assert set(PROTOCOLS) <= {words[1] for words in map(words_of, COMMANDS) if words[0] == "run"}


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words)[:25])
def test_a_full_output_is_told_in_one_paragraph(ended, words):
    code, said = ended(words, "/dev/full")
    assert (code, said.count("\n")) == (2, 1), said
    assert said.startswith("nasim: Not everything could be printed: No space left on device.")


def closed():
    reader, writer = os.pipe()
    os.close(reader)
    return writer


@pytest.mark.parametrize("words", CLOSED, ids=lambda words: " ".join(words)[:25])
def test_a_closed_pipe_is_told_in_one_paragraph(ended, words):
    code, said = ended(words, closed())
    assert (code, said.count("\n")) == (2, 1), said
    assert said.startswith("nasim: Not everything could be printed: Broken pipe.")


@pytest.mark.parametrize("words", [["run", "gcd", "--cycles", "1"], ["read", "FILE"], ["window"], ["pore"]])
def test_files_are_written_though_nothing_can_be_printed(ended, tmp_path, words):
    assert ended([*words, "--out", str(tmp_path / "out")], closed())[0] == 2
    assert any(path.suffix == ".png" for path in (tmp_path / "out").iterdir())


def test_a_command_that_failed_says_both(capfd):
    def fail():
        print("x" * 100_000)
        raise SolveError("It failed.")

    before = sys.stdout
    with open("/dev/full", "w") as sys.stdout:
        code = ending.ended(fail)
    sys.stdout = before
    said = capfd.readouterr().err
    assert (code, said) == (1, "nasim: It failed. Not everything could be printed: No space left on device.\n")


def test_progress_on_a_full_standard_error_costs_nothing():
    words = ["scorecard", "LOAD", "--draws", "2", "--workers", "1"]
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "nasim", *words], stdout=subprocess.PIPE, stderr=full, text=True)
    assert done.returncode == 0 and done.stdout.startswith("LOAD")
