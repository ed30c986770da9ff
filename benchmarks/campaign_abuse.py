"""Malformed inputs of the command line, and kills in the middle of a run, for `campaign.py`."""

import contextlib
import io
import subprocess
import sys
import tempfile
from dataclasses import fields
from functools import lru_cache
from pathlib import Path

import pandas

import nasim
from nasim.cli import main as command
from nasim.protocols import PROTOCOLS, protocol_class
from nasim.sweep.names import without_unit

SAID = "this should not have happened"
FRAME = "\N{BOX DRAWINGS LIGHT ARC DOWN AND RIGHT}\N{BOX DRAWINGS LIGHT HORIZONTAL} Error"
"""How the parser of the command line frames a sentence."""
SHARED = ("set", "pressure", "temperature", "override", "design", "out", "resume", "style", "rows")
ODD = (
    *("nan", "inf", "-1", "0", "1e300", "1e-300", "9" * 5000, "", " ", "x", "1,5", "--", "\x1b[31m", "[bold]", "../.."),
    *(
        "1e400",
        "-0",
        "1e-12",
        "0x10",
        "1_000",
        "True",
        "None",
        "1;2",
        "=",
        "a=b=c",
        "/dev/zero",
        "%s",
        "\N{SNOWMAN}",
        "2 3",
    ),
    *("-inf", "0.1C", "-1C", "CC", "1..2", "1/0", "*", "file://x", "'", '"', "{}", "[" * 3000, "\t", "0,0,0", "1e5000"),
)
ELSEWHERE = (
    ("fit", "--vary", "--set", "--area", "--mass", "--sign", "--cycle", "--kind", "--starts", "--first-step"),
    ("read", "--kind", "--sign", "--area", "--mass", "--zero-current", "--first-step"),
    ("sweep gcd", "--over", "--design", "--set", "--current", "--window", "--cycles", "--jobs", "--shard", "--out"),
    ("pore", "--sigma", "--radius"),
    ("window", ""),
    ("study", "", "--set"),
    ("cell", "--sulfur-loading", "--ratio", "--separator-thickness", "--n-to-p", "--set"),
    ("explain", "", "--set"),
    ("next", "", "--for"),
    ("sets", ""),
    ("predict gcd", "--current", "--cycles", "--draws"),
    ("lab", "--port"),
)
"""Commands beside those of the protocols, and options of theirs."""
DATA = b"Time / s,Voltage / V,Current / A\n0,2.3,1e-4\n10,2.2,1e-4\n"
PROFILE = b"time_s,current_mA_cm2\n0,0.5\n10,-0.5\n20,0\n"
DESIGN = b"stack pressure [MPa],cycles\n20,1\n250,1\n"
INSERTED = (b"\0", b"\xff", b"[[[", b"=" * 9, b"\n", b"9" * 5000, b"nan", b"1e400", b"\r", b'"', b"#", b"\xef\xbb\xbf")


def spoiled(rng, content):
    """Bytes of a file: cut, flipped, doubled, with something odd inserted, or of something else."""
    content, at = bytearray(content), rng.randrange(len(content))
    how = rng.randrange(6)
    if how == 0:
        return bytes(content[:at])
    if how == 1:
        content[at] ^= 1 << rng.randrange(8)
        return bytes(content)
    if how == 2:
        return bytes(content[:at]) + bytes(content)
    if how == 3:
        return rng.randbytes(rng.randint(0, 300))
    return bytes(content[:at]) + rng.choice(INSERTED) + bytes(content[at:])


def _file_words(rng, folder):
    """A command that reads a spoiled file."""
    path = folder / rng.choice(("set.toml", "design.csv", "profile.csv", "data.csv", "data.nda", "data.mpr", "a.json"))
    source = Path(nasim.__file__).parent.parent / "parameter_sets" / "Yuan2025_NPS.toml"
    good = {"set.toml": source.read_bytes(), "design.csv": DESIGN, "profile.csv": PROFILE}.get(path.name, DATA)
    path.write_bytes(spoiled(rng, good))
    file = str(path)
    words = {
        "set.toml": (["sets", file], ["run", "gcd", "--cycles", "1", "--set", file], ["cell", "--set", file]),
        "design.csv": (["sweep", "gcd", "--design", file], ["run", "gcd", "--cycles", "1", "--design", file]),
        "profile.csv": (["run", "profile", "--file", file],),
    }
    fit = ["fit", file, "--vary", rng.choice(("Separator thickness [m]", "nonsense"))]
    return rng.choice(words.get(path.name, (fit, ["read", file], ["explain", file], ["next", file])))


def malformed_words(rng, folder):
    """Words of a command that makes no sense, most likely."""
    how = rng.random()
    if how < 0.35:
        return _file_words(rng, folder)
    if how < 0.75:
        word = rng.choice(list(PROTOCOLS))
        known = [without_unit(field.name).replace("_", "-") for field in fields(protocol_class(word))]
        words = ["run", word]
        for name in rng.sample([*known, *SHARED], rng.choice((1, 1, 2))):
            words += [f"--{name}", rng.choice(ODD)]
        return words
    first, *options = rng.choice(ELSEWHERE)
    words = first.split()
    if first in ("fit", "read"):
        path = folder / "data.csv"
        path.write_bytes(DATA)
        words.append(str(path))
    option = rng.choice(options)
    return [*words, *([option] if option else []), rng.choice(ODD)]


def malformed(rng):
    """Give the command line a malformed input; returns outcome, detail and the command."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        words = malformed_words(rng, Path(folder))
        sys.argv = ["nasim", *words]
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                command()
            code, said = "none", err.getvalue().strip()
        except SystemExit as stop:
            code, said = stop.code, err.getvalue().strip()
    given = " ".join(words)[:200]
    if code in (0, 1) and SAID not in said:
        return "accepted" if code == 0 else "solve failed", given, words[0]
    paragraph = "Usage:" in said or "\n" not in said or said.startswith(FRAME)
    good = code == 2 and paragraph and "Traceback" not in said
    return ("one paragraph" if good else "no paragraph"), f"{given} -> {code}: {said[:300]}", words[0]


# --- kills --------------------------------------------------------------------------------------------------------------

RUNS = {
    "cycling": "nasim.Cycling(cycles=40, keep=(1,)).run(cell, progress=progress, **stored)",
    "rate test": "nasim.RateTest(cycles_per_step=5).run(cell, 'Yuan2025_NPS', progress=progress, **stored)",
    "sweep": "nasim.sweep(nasim.GCD(cycles=1), {'stack pressure [MPa]': range(20, 260, 20)}, progress=progress, **stored)",
}
ROUNDING = 1e-9
"""Largest relative difference of a resumed run from a whole one; a cell that is built starts equal to one that is kept to rounding."""
CHILD = """
import signal, sys
stored, after, delay = {"checkpoint": sys.argv[1], "resume": True}, int(sys.argv[2]), float(sys.argv[3])
def progress(done, *_):
    if done == after:
        signal.setitimer(signal.ITIMER_PROF, delay)
progress(0)
import nasim
import nasim.engine.checkpoint
nasim.engine.checkpoint.EVERY_S = 0.0
cell = nasim.KeptCell(stored=True)
"""
"""A process that ends at once, without a word, when it has computed for so long since so many cycles or points were done."""


@lru_cache
def _cell(name):
    """The cell of a run, built once; the processes that are killed take it from where the command line keeps its cells."""
    return nasim.KeptCell(stored=True)


def _run(name, **stored):
    names = {"nasim": nasim, "cell": _cell(name), "progress": lambda *_: None, "stored": stored}
    result = eval(RUNS[name], names)
    _cell(name).put_away()
    return result.table if name == "sweep" else result.summary


_whole = lru_cache(_run)
"""The table of a run that was not killed."""


def killed(rng):
    """Kill a run at a random moment, resume it, and compare it with one that was not killed."""
    name = rng.choice(("cycling", "cycling", "rate test", "rate test", "sweep"))
    whole = _whole(name)
    after = rng.choice((0, 0, *range(1, 12)))
    delay = rng.uniform(0.001, 3.0) if after == 0 else rng.uniform(0.0005, 0.05)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.npz"
        arguments = [str(path), str(after), str(delay)]
        child = subprocess.run(
            [sys.executable, "-c", CHILD + RUNS[name], *arguments], stderr=subprocess.PIPE, text=True
        )
        if child.returncode > 0:
            return "the run failed", child.stderr[-300:], name
        held = path.stat().st_size if path.exists() else 0
        resumed = _run(name, checkpoint=path, resume=True)
        left = [item.name for item in Path(folder).iterdir() if item.name != path.name]
    if left:
        return "leftovers", ", ".join(left), name
    try:
        pandas.testing.assert_frame_equal(resumed, whole, rtol=ROUNDING, atol=0.0)
    except AssertionError as error:
        return "other numbers", f"after {after}, {delay} s: {error}", name
    return ("resumed after its end" if child.returncode == 0 else "resumed" if held else "begun anew"), "", name
