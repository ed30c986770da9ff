"""Fuzzing of what reads a file: whole examples are cut, flipped, spliced and have odd cells put in; a reader reads or refuses.

``python benchmarks/fuzzing.py [--runs 1000] [--seconds 600] [--only toml] [--first 0]``

It prints how many inputs each reader was given, how many it read, and each failure with the reader, its seed, and the bytes in
a file of the folder ``--keep``. Ends with exit code 1 if there was one.
"""

import argparse
import os
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from functools import cache
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import nasim
from nasim.cli.sweep import _table as read_design
from nasim.errors import NasimError
from nasim.experiments.drive_profile import read_profile
from nasim.fit.plan import load_plan
from nasim.instruments import read, read_curve
from nasim.store import load_arrays

SLOW_S = 20
ODD = (
    *(b"nan", b"inf", b"-inf", b"1e400", b"-1", b"0", b"", b" ", b"1,5", b"\0", b"\xff", b"\xef\xbb\xbf", b"[" * 3000),
    *(b"9" * 400, b"\x1b[31m", b'"', b"'", b"#", b"=", b"\n", b"\r", b"\t", b";", b"{a=", b"1e-400", b"None", b"<b>"),
    *(b"2024-13-45 99:99:99", b"1979-05-27", b"../../x", b"\xed\xa0\x80", b"true", b"\\", b"(", b"%s", b"__proto__"),
)
CURVE = b"Specific capacity (mAh/g),Voltage (V)\n0,2.3\n100,2.1\n200,1.9\n300,1.6\n400,1.1\n"
FADE = b"Cycle,Specific capacity (mAh/g)\n1,500\n2,490\n3,480\n10,430\n"
NYQUIST = b"Re(Z)/Ohm,-Im(Z)/Ohm,freq/Hz\n10,1,1e6\n12,4,1e4\n20,9,1e2\n40,30,1\n"
PROFILE = b"time_s,current_mA_cm2\n0,0.5\n10,0.5\n20,-0.2\n30,0\n40,0.1\n"
DESIGN = b"stack pressure [MPa],cycles\n20,1\n62.5,1\n250,2\n"
PLAN = b'area_cm2 = 0.785\n[[file]]\npath = "a.csv"\nactive_mass_mg = 1.2\n[[file]]\npath = "b.csv"\ncontinues = true\n'
GAMRY = (
    b"EXPLAIN\nTAG\tEISPOT\nTITLE\tLABEL\tx\tTest\nZCURVE\tTABLE\n\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\n"
    b"\t#\ts\tHz\tohm\tohm\tV\tohm\tdeg\tA\tV\n"
    + b"".join(
        b"\t%d\t%d\t%g\t%g\t%g\t1\t1\t-1\t1e-6\t2.1\n" % (k, k, 10.0 ** (6 - k), 10 + 2 * k, -1 - k) for k in range(6)
    )
)


@cache
def examples():
    """Whole files by reader: (name of the file, bytes)."""
    sets = Path(nasim.__file__).parent.parent / "parameter_sets"
    result = nasim.GCD(cycles=1).run()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for instrument, name in (("neware", "neware.csv"), ("biologic", "biologic.mpt"), ("bdf", "bdf.csv")):
            result.to_cycler(folder / name, instrument, sampling_s=2000.0)
        result.to_netcdf(folder / "result.nc")
        result.to_csv(folder / "csv")
        nasim.Cycling(cycles=1).run(checkpoint=folder / "run.npz")
        measured = [(name, (folder / name).read_bytes()) for name in ("neware.csv", "biologic.mpt", "bdf.csv")]
        csv = {path.name: path.read_bytes() for path in (folder / "csv").iterdir()}
        return {
            "measured": [
                *measured,
                ("curves.csv", b"".join(csv["curves.csv"].splitlines(keepends=True)[:40])),
                ("gamry.DTA", GAMRY),
            ],
            "binary": [(f"x.{end}", measured[0][1][:2000]) for end in ("nda", "ndax", "mpr", "xlsx", "parquet")],
            "curve": [("curve.csv", CURVE), ("fade.csv", FADE), ("nyquist.txt", NYQUIST)],
            "toml": [(path.name, path.read_bytes()) for path in sets.glob("*.toml")],
            "profile": [("profile.csv", PROFILE)],
            "design": [("design.csv", DESIGN)],
            "plan": [("plan.toml", PLAN)],
            "checkpoint": [("run.npz", (folder / "run.npz").read_bytes())],
            "result": [("result.nc", (folder / "result.nc").read_bytes())],
            "folder": list(csv.items()),
        }


def _folder(path):
    """Read a result's folder in which one file is what was given."""
    for name, content in examples()["folder"]:
        if name != path.name:
            (path.parent / name).write_bytes(content)
    return nasim.load_result(path.parent)


READERS = {
    "measured": read,
    "binary": read,
    "curve": read_curve,
    "toml": nasim.load,
    "profile": read_profile,
    "design": read_design,
    "plan": load_plan,
    "checkpoint": lambda path: load_arrays(path, "a run"),
    "result": nasim.load_result,
    "folder": _folder,
}


def spoiled(rng, content):
    """Return bytes with one to four faults."""
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        _spoil(rng, content)
    return bytes(content)


def _spoil(rng, content):
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    how = rng.randrange(7)
    if how == 0:
        del content[at:]
    elif how == 1:
        del content[at : min(to, at + rng.randrange(1, 200))]
    elif how == 2 and at < len(content):
        content[at] ^= 1 << rng.randrange(8)
    elif how == 3:
        content[at:at] = content[at : min(to, at + 2000)]
    elif how == 4:
        content[at:at] = rng.choice(ODD)
    elif how == 5:
        content[at : at + 8] = rng.randbytes(8)
    else:
        _swap_cell(rng, content, at)


def _swap_cell(rng, content, at):
    """Put something odd, or a cell of another place, into the cell at a place."""
    ends = [content.find(mark, at) for mark in b",;\t\n="]
    first = min((end for end in ends if end >= 0), default=len(content))
    last = min((end for end in (content.find(mark, first + 1) for mark in b",;\t\n") if end >= 0), default=len(content))
    other = rng.randrange(len(content) + 1)
    content[first + 1 : last] = rng.choice((*ODD, bytes(content[other : other + 10])))


def tried(reader, seed):
    """Give a reader the input of a seed; returns outcome, bytes and detail."""
    rng = random.Random(f"{reader} {seed}")
    name, whole = rng.choice(examples()[reader])
    content = spoiled(rng, whole)
    began = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        outcome, detail = _given(reader, path)
    slow = time.process_time() - began > SLOW_S
    return ("slow" if slow else outcome), name, content, detail


def _given(reader, path):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            READERS[reader](path)
    except NasimError as error:
        words = str(error)
        odd = "\n" in words.strip() or "\x1b" in words or len(words) > 2000
        return ("odd message" if odd else "refused"), repr(words[:300])
    except Exception:
        return "undocumented", traceback.format_exc(limit=-4)
    return "read", ""


def main(words=None):
    """Parse, run, report; returns the failures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=1000, help="inputs for each reader")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="wall time after which no input is made")
    parser.add_argument("--only", choices=READERS, help="one reader")
    parser.add_argument("--first", type=int, default=0, help="seed of the first input")
    parser.add_argument("--keep", type=Path, default=Path("fuzzing"), help="folder for inputs that fail")
    given = parser.parse_args(words)
    counts, failures, began = {name: Counter() for name in READERS}, [], time.perf_counter()
    for seed in range(given.first, given.first + given.runs):
        for reader in [given.only] if given.only else READERS:
            if time.perf_counter() - began > given.seconds:
                break
            outcome, name, content, detail = tried(reader, seed)
            counts[reader][outcome] += 1
            if outcome not in ("read", "refused"):
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{reader}-{seed}-{name}").write_bytes(content)
                failures.append(f"{reader} {seed} ({name}) {outcome}: {detail}")
                print(failures[-1], flush=True)
    for reader, found in counts.items():
        print(f"{reader}: {found.total()} inputs; {', '.join(f'{n} {what}' for what, n in found.most_common())}")
    return failures


if __name__ == "__main__":
    sys.exit(bool(main()))
