"""What was computed is printed and kept whatever becomes of files, streams and processes: full disks, Ctrl-C, closed streams."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor, CancelledError

import pytest
from patience import PATIENCE_S, until
from test_bad_input import ending
from test_files import full_at

import nasim
from nasim.errors import DataFileError, KeptInMemoryWarning, ProtocolError
from nasim.evidence.store import ReadingsStore
from nasim.processes import Pool, pool
from nasim.store import append_line, as_line, check_same, load_arrays, of_line, save_arrays


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A measured file of a cycle, and a long one."""
    folder = tmp_path_factory.mktemp("measured")
    result = nasim.GCD(cycles=1).run()
    for name, seconds in (("neware.csv", 2000.0), ("long.csv", 100.0)):
        result.to_cycler(folder / name, "neware", sampling_s=seconds)
    return folder / "neware.csv"


# --- a full disk --------------------------------------------------------------------------------------------------------

CELL = ["--area", "0.785", "--mass", "0.48", "--vary", "Sulfur step 1 transfer coefficient"]
COMMANDS = [
    (["run", "gcd", "--cycles", "1"], "--out", "audit"),
    (["sweep", "gcd", "--over", "cycles=1,2"], "--out", "discharge"),
    (["predict", "gcd", "--cycles", "1", "--draws", "8"], "--out", "draws"),
    (["study", "temperature", "--axis", "temperature_C=25", "--cycles", "1"], "--out", "temperature"),
    (["read", "FILE"], "--out", "half cycles"),
    (["read", "LONG"], "--bdf", "half cycles"),
    (["fit", "FILE", *CELL], "--out", "Sulfur step 1 transfer coefficient"),
    (["next", "FILE", *CELL], "--out", "Sulfur step 1 transfer coefficient"),
    (["pore"], "--out", "radius_um"),
]


@pytest.mark.filterwarnings("ignore::nasim.errors.KeptInMemoryWarning")
@pytest.mark.parametrize(("words", "option", "printed"), COMMANDS, ids=lambda part: " ".join(part)[:30])
def test_on_a_full_disk_everything_is_printed(monkeypatch, capsys, tmp_path, measured, words, option, printed):
    files = {"FILE": str(measured), "LONG": str(measured.with_name("long.csv"))}
    words = [files.get(word, word) for word in words]
    target = tmp_path / ("x.csv" if option == "--bdf" else "out")
    with full_at(11_000):  # a little more than what --out is tried with
        code, out, err = ending(monkeypatch, capsys, [*words, option, target])
    told = [line for line in err.splitlines() if not line.startswith("nasim: warning:")]
    assert code == 2 and len(told) == 1 and "cannot be written" in told[0], err
    assert printed in out
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name]


def test_a_measured_file_is_not_written_over(monkeypatch, capsys, measured):
    before = measured.read_bytes()
    code, out, err = ending(monkeypatch, capsys, ["read", measured, "--bdf", measured])
    assert (code, out) == (2, "") and "is the file that is read" in err
    assert measured.read_bytes() == before


def test_a_page_that_is_a_folder_is_refused_before_anything_is_computed(monkeypatch, capsys, tmp_path):
    code, out, err = ending(monkeypatch, capsys, ["verify", "--page", tmp_path])
    assert (code, out) == (2, "") and "--page must be a file" in err


# --- lines and archives -------------------------------------------------------------------------------------------------


def test_a_line_that_was_changed_is_told(tmp_path):
    assert of_line(as_line({"a": [1.5, "x"]})) == {"a": [1.5, "x"]}
    with pytest.raises(ValueError, match="changed"):
        of_line(as_line({"a": 15}).replace("15", "16"))
    with pytest.raises(nasim.errors.OutputError, match="cannot be written"):
        append_line(tmp_path / "none" / "x", "")


def test_what_differs_of_a_checkpoint_is_told_briefly():
    with pytest.raises(ProtocolError) as refused:
        check_same("x", "run", {"currents": list(range(5000))}, {"currents": "y" * 5000})
    assert len(str(refused.value)) < 400


def test_a_packed_checkpoint_is_not_unpacked(tmp_path):
    import numpy as np

    path = tmp_path / "x.npz"
    save_arrays(path, {}, {"a": np.zeros(10)})
    with np.load(path) as stored:
        np.savez_compressed(path, **dict(stored))
    with pytest.raises(DataFileError, match="compressed"):
        load_arrays(path, "a run")


def test_an_empty_store_of_draws_is_told_in_words(tmp_path):
    (tmp_path / "draws.jsonl").write_text("")
    with pytest.raises(DataFileError, match="the file is empty. Start anew"):
        nasim.predict(nasim.GCD(cycles=1), draws=8, checkpoint=tmp_path / "draws.jsonl", resume=True)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"[" * 100_000, b'{"readings": {}}\n', b"3\n", as_line({"readings": 3}).encode()]
)
def test_a_damaged_store_of_a_calibration_is_refused(tmp_path, content):
    (tmp_path / "store").write_bytes(content)
    with pytest.raises(DataFileError, match="does not hold what a calibration computed"):
        ReadingsStore(tmp_path / "store", {})


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo])
def test_a_store_that_is_no_file_is_refused_without_waiting(tmp_path, make):
    make(tmp_path / "store")
    with pytest.raises(DataFileError, match="expected a file"):
        ReadingsStore(tmp_path / "store", {})


def test_a_calibration_on_a_full_disk_goes_on_and_a_changed_line_counts_as_missing(tmp_path):
    path = tmp_path / "store"
    store = ReadingsStore(path, {"a": 1})
    store.put("k0", {"NAS-D1": ((1.0,), "")})
    with full_at(path.stat().st_size + 10), pytest.warns(KeptInMemoryWarning) as told:
        store.put("k1", {"NAS-D1": ((2.0,), "")})
        store.put("k2", {"NAS-D1": ((3.0,), "")})
    assert len(told) == 1 and list(store.done) == ["k0", "k1", "k2"]
    store.put("k3", {"NAS-D1": ((4.0,), "")})
    assert list(ReadingsStore(path, {"a": 1}).done) == ["k0", "k3"]
    path.write_text(path.read_text().replace("4.0", "5.0"))
    assert list(ReadingsStore(path, {"a": 1}).done) == ["k0"]


# --- streams ------------------------------------------------------------------------------------------------------------


def shell(text):
    command = text.replace("nasim", f"{sys.executable} -m nasim", 1)
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE_S)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("nasim sets >&-", 2, "standard output is closed"),
        ("nasim run gcd --cycles 1 --json >&-", 2, "standard output is closed"),
        ("nasim sets nope 2>&-", 2, ""),
        ("nasim run gcd --cycles 1 2>&- >/dev/null", 0, ""),
        ("nasim run gcd --cycles 1 <&- >/dev/null", 0, ""),
    ],
)
def test_closed_streams(text, code, said):
    done = shell(text)
    assert done.returncode == code, done.stderr
    assert said in done.stderr and "Traceback" not in done.stderr and done.stderr.count("\n") <= 1


# --- Ctrl-C -------------------------------------------------------------------------------------------------------------


def interrupted(words, after, **options):
    """Output of a command whose process group hears Ctrl-C once `after` is there.

    A shell that starts the tests in the background has them ignore that signal, which is inherited.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "nasim", *map(str, words)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until(lambda: process.poll() is not None or (after.exists() and after.read_text().count("\n") > 2))
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


MANY = 60
PRESSURES = f"stack pressure [MPa]={','.join(map(str, range(20, 20 + MANY)))}"
PREDICT = ["predict", "cycle", "--cycles", "100", "--draws", str(MANY)]
SWEEP = ["sweep", "cycle", "--cycles", "200", "--over", PRESSURES]


@pytest.mark.parametrize(
    ("words", "file", "jobs"),
    [(PREDICT, "draws.jsonl", 1), (PREDICT, "draws.jsonl", 2), (SWEEP, "points.jsonl", 2)],
    ids=["predict", "predict with two jobs", "sweep with two jobs"],
)
def test_ctrl_c_ends_it_at_once_with_one_paragraph_and_nothing_is_lost(tmp_path, words, file, jobs):
    code, said = interrupted([*words, "--jobs", jobs, "--out", tmp_path], tmp_path / file)
    assert code == 130, said
    assert said.strip().count("\n") == 0 and "stopped by Ctrl-C" in said
    lines = (tmp_path / file).read_text().splitlines()
    assert len(lines) < MANY, "it did not wait for the rest"
    for line in lines:
        of_line(line)


def sleep():
    time.sleep(2 * PATIENCE_S)


def test_processes_do_not_hear_ctrl_c_and_end_with_who_does():
    with pytest.raises(KeyboardInterrupt), pool("test", 1) as others:
        child = others.submit(os.getpid).result()
        os.kill(child, signal.SIGINT)
        assert others.submit(os.getpid).result() == child
        asleep = others.submit(sleep)
        raise KeyboardInterrupt
    with pytest.raises((BrokenExecutor, CancelledError)):
        asleep.result(PATIENCE_S)
    assert isinstance(others, Pool)


def test_ctrl_c_while_the_program_starts_leaves_no_traceback():
    code = "import sys, nasim.__main__ as m; sys.modules['nasim.cli'] = None\n"
    code += "class Stop:\n    def find_spec(self, *given):\n        raise KeyboardInterrupt\n"
    code += "del sys.modules['nasim.cli']; sys.meta_path.insert(0, Stop()); m.main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    assert (done.returncode, done.stderr) == (130, "")


# --- files that reach out -----------------------------------------------------------------------------------------------


def test_a_set_from_elsewhere_extends_shipped_sets_alone(tmp_path):
    from nasim.lab import cases

    other = tmp_path / "other.toml"
    other.write_text('extends = "Yuan2025_NAS"\ntitle = "hunter2"\n["Separator thickness [m]"]\nvalue = "hunter2"\n')
    for extends in (str(other), "../../../../etc/passwd", "/etc/passwd", "other.toml", "~/x.toml", str(tmp_path)):
        with pytest.raises(nasim.NasimError, match="extends a shipped set") as refused:
            cases.bring(f"extends = {json.dumps(extends)}\n")
        assert "hunter2" not in str(refused.value)
    assert cases.bring('extends = "Yuan2025_NAS"\n') in cases.own_sets().values()


def test_a_damaged_result_is_refused_without_a_word_of_other_libraries(tmp_path, capfd):
    for content in (b"\x89HDF\r\n\x1a\n" + bytes(100), b"text", b""):
        (tmp_path / "x.nc").write_bytes(content)
        with pytest.raises(DataFileError):
            nasim.load_result(tmp_path / "x.nc")
    assert capfd.readouterr().err == ""
    for given in (3, None, b"x.nc"):
        with pytest.raises(DataFileError, match="expected the path"):
            nasim.load_result(given)


# --- text of a user in figures ------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
def test_no_name_of_a_set_is_a_formula_or_a_control_character(monkeypatch, capsys, tmp_path):
    path = tmp_path / "$\\frac{$ \x1b[31m 电.toml"
    path.write_text(
        'extends = "Yuan2025_NAS"\n[materials.anodes.Mine]\nformula = "Na"\nmolar_mass = 0.02299\nreference = "$x_{"\n'
    )
    code, out, err = ending(
        monkeypatch, capsys, ["run", "gcd", "--cycles", "1", "--set", path, "--out", tmp_path / "out"]
    )
    assert (code, err) == (0, "") and "audit" in out
    assert (tmp_path / "out" / "figure.png").stat().st_size > 10_000


def test_a_figure_that_cannot_be_drawn_costs_no_number(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("nasim.results.result.Result.figures", lambda self, **given: 1 / 0)
    code, out, err = ending(monkeypatch, capsys, ["run", "gcd", "--cycles", "1", "--out", tmp_path / "out"])
    assert code == 3 and "audit" in out and "ZeroDivisionError" in err
    assert (tmp_path / "out" / "result.nc").exists()


def test_a_compiler_whose_quotation_has_no_end_is_left_out(monkeypatch):
    from nasim.engine.integrators.building import compilers

    monkeypatch.setenv("CC", "'")
    assert [] not in list(compilers())
