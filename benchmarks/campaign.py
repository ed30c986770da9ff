"""A campaign: random admissible cells and protocols, malformed inputs, kills; every outcome counted, failures with their seed.

``python benchmarks/campaign.py [--runs 10000] [--malformed 300] [--kills 20] [--seconds 120] [--log FILE]``

Each case follows from its kind and number alone. The log has a line a case, so that a campaign that is stopped goes on where
it was, and one that failed is run again with ``--only run:17``. It ends with exit code 1 if a case failed.
"""

import argparse
import contextlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np

import nasim
from nasim.cli import main as command
from nasim.parameters import available

GOOD = ("result", "refused", "solve failed", "one paragraph", "resumed")
"""Outcomes that are documented."""
LONGEST_S = 120
BALANCE = 1e-6
CORNERS = 0.2
"""Share of the numbers that lie at an end of their range."""
SAID = "this should not have happened"


class Hang(Exception):
    """A case that takes too long."""


def within(rng, low, high, logarithmic=False):
    """A number of a range, at times one of its ends."""
    if rng.random() < CORNERS:
        return rng.choice((low, high))
    return float(np.exp(rng.uniform(np.log(low), np.log(high)))) if logarithmic else rng.uniform(low, high)


# --- admissible cells and protocols -------------------------------------------------------------------------------------


def protocol(rng, kind):
    """A short protocol for a kind of cell."""
    if kind == "symmetric":
        return nasim.SymmetricCycling(within(rng, 0.02, 2, True), within(rng, 0.05, 1), hours=within(rng, 20, 60))
    spectra = {"lowest_Hz": within(rng, 0.1, 1e3, True), "per_decade": rng.randint(1, 5)}
    if kind == "blocking":
        return nasim.EIS(**spectra)
    current, window = within(rng, 0.02, 3, True), (within(rng, 0.4, 1.2), within(rng, 2.0, 3.0))
    cycles = rng.randint(1, 4)
    return rng.choice(
        (
            nasim.GCD(current, cycles=cycles, window=window),
            nasim.Cycling(
                current, cycles=cycles, window=window, rest_h=within(rng, 0.01, 5), hold_until_mA_cm2=current / 5
            ),
            nasim.RateTest((current, 2 * current), cycles_per_step=1, window=window),
            nasim.CV(within(rng, 0.05, 5, True), scans=1, window=window),
            nasim.EIS(after_cycles=rng.randint(0, 2), current_mA_cm2=current, **spectra),
            nasim.OpenCircuitEIS(hours=within(rng, 1, 50), every_h=within(rng, 1, 20), **spectra),
        )
    )


def admissible(rng):
    """Run a random cell within the ranges of its set; returns outcome and detail."""
    parameters = nasim.load(rng.choice(available()))
    ranged = [name for name, entry in parameters.entries.items() if entry.range and isinstance(entry.value, float)]
    overrides = {}
    for name in rng.sample(ranged, rng.randint(0, 8)):
        low, high = parameters.entries[name].range
        overrides[name] = within(rng, low, high, low > 0 and high > 20 * low)
    test = protocol(rng, parameters.cell.model)
    conditions = {"stack_pressure_MPa": within(rng, 5, 400), "temperature_C": within(rng, 0, 80)}
    try:
        result = test.run(parameters=parameters, overrides=overrides or None, **conditions)
    except nasim.SolveError as error:
        return "solve failed", str(error)
    except nasim.NasimError as error:
        return "refused", str(error)
    return judged(result)


def judged(result):
    """Whether a result has numbers only, and closed balances."""
    always = [name for name in result.summary if name.startswith(("cycle", "discharge_capacity_mAh_cm2"))]
    if not np.isfinite(result.summary[always].to_numpy(float)).all():
        return "not a number", ""
    worst = max(result.record.get("audit", {"none": 0.0}).values())
    return ("result", "") if worst < BALANCE else ("balance broken", f"{worst:.1e}")


# --- malformed inputs ---------------------------------------------------------------------------------------------------

ODD = (
    "nan",
    "inf",
    "-1",
    "0",
    "1e300",
    "1e-300",
    "9" * 5000,
    "",
    " ",
    "x",
    "1,5",
    "--",
    "\x1b[31m",
    "[bold]",
    "../..",
    "1e400",
)
OPTIONS = {
    "gcd": ("current", "cycles", "window", "pressure", "temperature", "override", "set"),
    "cycle": ("current", "cycles", "rest", "keep", "stop-below", "hold-until", "jump-tolerance"),
    "rate": ("currents", "cycles-per-step"),
    "cv": ("scan-rate", "scans"),
    "eis": ("highest", "lowest", "per-decade", "after-cycles", "voltage", "charged"),
    "ocv-eis": ("hours", "every"),
    "symmetric": ("current", "capacity", "hours"),
}


def spoiled(rng, content):
    """Bytes of a file, cut, flipped, or with something odd inserted."""
    content, at = bytearray(content), rng.randrange(len(content))
    how = rng.randrange(3)
    if how == 0:
        return bytes(content[:at])
    if how == 1:
        content[at] ^= 1 << rng.randrange(8)
        return bytes(content)
    return (
        bytes(content[:at]) + rng.choice((b"\0", b"\xff", b"[[[", b"=" * 9, b"\n", b"9" * 5000)) + bytes(content[at:])
    )


def malformed_words(rng, folder):
    """Words of a command that makes no sense, most likely."""
    if rng.random() < 0.5:
        word = rng.choice(list(OPTIONS))
        return ["run", word, f"--{rng.choice(OPTIONS[word])}", rng.choice(ODD), "--window", "2.45", "2.6"][
            : 4 + 3 * (word == "gcd")
        ]
    path = folder / rng.choice(("set.toml", "design.csv", "data.csv", "data.nda", "data.mpr"))
    source = Path(nasim.__file__).parent.parent / "parameter_sets" / "Yuan2025_NPS.toml"
    good = (
        source.read_bytes()
        if path.suffix == ".toml"
        else b"Time / s,Voltage / V,Current / A\n0,2.3,1e-4\n10,2.2,1e-4\n"
    )
    path.write_bytes(spoiled(rng, good))
    if path.suffix == ".toml":
        return ["sets", str(path)]
    if path.name == "design.csv":
        return ["sweep", "gcd", "--design", str(path)]
    return ["fit", str(path), "--vary", rng.choice(("Separator thickness [m]", "nonsense"))]


def malformed(rng):
    """Give the command line a malformed input; returns outcome and detail."""
    with tempfile.TemporaryDirectory() as folder:
        words = malformed_words(rng, Path(folder))
        sys.argv = ["nasim", *words]
        out, err = io.StringIO(), io.StringIO()
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                command()
        except SystemExit as stop:
            code, said = stop.code, err.getvalue().strip()
    if code in (0, 1) and SAID not in said:
        return "result" if code == 0 else "solve failed", " ".join(words)[:200]
    paragraph = "Usage:" in said or "\n" not in said
    good = code == 2 and paragraph and "Traceback" not in said
    return ("one paragraph" if good else "no paragraph"), f"{' '.join(words)[:200]} -> {code}: {said[:300]}"


# --- kills --------------------------------------------------------------------------------------------------------------

CHILD = "import nasim, sys; nasim.Cycling(cycles=40, keep=(1,)).run(checkpoint=sys.argv[1], resume=True)"


def killed(rng):
    """Kill a run at a random moment, resume it, and compare it with one that was not killed."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.npz"
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)])
        time.sleep(rng.uniform(0.0, 12.0))
        child.kill()
        child.wait()
        resumed = nasim.Cycling(cycles=40, keep=(1,)).run(checkpoint=path, resume=True)
        left = [item.name for item in Path(folder).iterdir() if item.name != path.name]
    whole = nasim.Cycling(cycles=40, keep=(1,)).run()
    if left:
        return "leftovers", ", ".join(left)
    same = resumed.summary.equals(whole.summary)
    return ("resumed", "") if same else ("other numbers", "")


# --- the campaign -------------------------------------------------------------------------------------------------------

KINDS = {"run": admissible, "malformed": malformed, "kill": killed}


def outcome(kind, number):
    """A line of the log."""

    def alarm(*_):
        raise Hang

    signal.signal(signal.SIGALRM, alarm)
    signal.alarm(LONGEST_S)
    began = time.perf_counter()
    try:
        found, detail = KINDS[kind](random.Random(f"{kind}{number}"))
    except Hang:
        found, detail = "hang", ""
    except Exception as error:
        found, detail = f"undocumented {type(error).__name__}", str(error)[:300]
    finally:
        signal.alarm(0)
    seconds = round(time.perf_counter() - began, 2)
    return {"kind": kind, "number": number, "outcome": found, "detail": detail[:600], "seconds": seconds}


def done_before(log):
    """Outcomes by kind and number that a log holds; lines that were cut short do not count."""
    known = {}
    if log.exists():
        for line in log.read_text().splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                known[entry["kind"], entry["number"]] = entry
    return known


def campaign(wanted, log, seconds):
    """Run what the log does not hold, until it is done or the time is up; returns all outcomes."""
    known, began = done_before(log), time.perf_counter()
    todo = [(kind, n) for kind, many in wanted.items() for n in range(many) if (kind, n) not in known]
    random.Random(1).shuffle(todo)
    for case in todo:
        if time.perf_counter() - began > seconds:
            break
        known[case] = outcome(*case)
        with open(log, "a") as file:
            file.write(json.dumps(known[case]) + "\n")
    return list(known.values())


def report(entries):
    """Print how many were run, with what outcome, and the failures; returns these."""
    for kind in KINDS:
        counts = Counter(entry["outcome"] for entry in entries if entry["kind"] == kind)
        print(f"{kind}: {sum(counts.values())} run; {', '.join(f'{n} {what}' for what, n in counts.most_common())}")
    failures = [entry for entry in entries if entry["outcome"] not in GOOD]
    for entry in failures:
        print(f"{entry['kind']}:{entry['number']} {entry['outcome']}: {entry['detail']}")
    return failures


def main(words=None):
    """Parse, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--malformed", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="wall time after which no case is begun")
    parser.add_argument("--log", type=Path, default=Path("campaign.jsonl"))
    parser.add_argument("--only", help="kind:number of one case, which is run and shown")
    given = parser.parse_args(words)
    if given.only:
        kind, number = given.only.split(":")
        return report([outcome(kind, int(number))])
    wanted = {"run": given.runs, "malformed": given.malformed, "kill": given.kills}
    return report(campaign(wanted, given.log, given.seconds))


if __name__ == "__main__":
    sys.exit(bool(main()))
