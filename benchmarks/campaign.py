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
from functools import lru_cache, partial
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

import numpy as np

import nasim
from nasim import nomenclature as nm
from nasim.cli import main as command
from nasim.engine.built_cell import mesh_parameters
from nasim.nomenclature.columns import SPECIFIC
from nasim.parameters import available

GOOD = ("result", "refused", "solve failed", "one paragraph", "resumed")
"""Outcomes that are documented."""
LONGEST_S, LONGEST_WAIT_S = 60, 7200
"""Processor time and wall time after which a case counts as a hang; the latter is long, for a machine that is busy."""
BALANCE = 1e-6
CORNERS = 0.2
"""Share of the numbers that lie at an end of their range."""
SPECTRA = 0.04
"""Share of the cases that take spectra, which build a cell of their own: some twenty times the usual cost."""
SAID = "this should not have happened"


class Hang(Exception):
    """A case that takes too long."""


def within(rng, low, high, logarithmic=False):
    """A number of a range, at times one of its ends."""
    if rng.random() < CORNERS:
        return rng.choice((low, high))
    return float(np.exp(rng.uniform(np.log(low), np.log(high)))) if logarithmic else rng.uniform(low, high)


# --- admissible cells and protocols -------------------------------------------------------------------------------------

NO_INTERPHASE, MIXED = partial(nasim.NoInterphase, nm.NEGATIVE), partial(nasim.AlloyDiffusion, nm.NEGATIVE)
PARTS = {
    "full": (
        {},
        {"cathode": partial(nasim.PorousCathode, 8)},
        {"cathode": partial(nasim.PorousCathode, 6, mesh="lobatto", classes=2), "diffusion": MIXED},
        {"thermal": nasim.LumpedThermal, "diffusion": MIXED},
        {"fixture": nasim.FixedGap},
        {"short": nasim.NoShort, "contact": nasim.FullContact},
        {"interphase": NO_INTERPHASE, "interface": partial(nasim.PerfectInterface, nm.NEGATIVE)},
        {"thermal": nasim.LumpedThermal, "fixture": nasim.FixedGap, "interphase": NO_INTERPHASE},
    ),
    "symmetric": ({}, {"thermal": nasim.LumpedThermal}, {"short": nasim.NoShort}, {"fixture": nasim.FixedGap}),
    "blocking": ({}, {"thermal": nasim.LumpedThermal}),
}
"""Kind of cell -> the parts that differ from those of its set, each as what makes it."""
CELLS = [(name, parts) for name in available() for parts in PARTS[nasim.load(name).cell.model]]
ROUND, INPUTS = 2500, 30
"""Cases after which the cells come round again, with other inputs: a cell is built once in a round. And how many inputs."""


@lru_cache(maxsize=2)
def kept_cell(place, turn):
    """A cell of `CELLS` that is built once, the set, and those of the parameters with a range that are its inputs this turn."""
    name, parts = CELLS[place]
    parameters = nasim.load(name)
    model = nasim.cell_for(parameters, **{role: make() for role, make in parts.items()})
    fixed = mesh_parameters(model)
    ranged = [
        name
        for name, entry in parameters.entries.items()
        if entry.range and isinstance(entry.value, float) and name not in fixed
    ]
    inputs = random.Random(f"{place} {turn}").sample(ranged, min(INPUTS, len(ranged)))
    return nasim.KeptCell(model, inputs), parameters, inputs


def protocol(rng, kind):
    """A short protocol for a kind of cell."""
    spectra = {"lowest_Hz": within(rng, 0.1, 1e3, True), "per_decade": rng.randint(1, 5)}
    current, cycles, hours = within(rng, 0.02, 3, True), rng.randint(1, 4), within(rng, 0.01, 50, True)
    anywhere = (
        lambda: nasim.EIS(**spectra),
        lambda: nasim.OpenCircuitEIS(hours=hours + 1, every_h=within(rng, 0.3, 1) * (hours + 1), **spectra),
        lambda: nasim.TemperatureRamp((within(rng, 0, 80), 25.0), rest_h=hours, **spectra),
    )
    if kind == "blocking":
        return rng.choice(anywhere)()
    if rng.random() < SPECTRA:
        after = {"after_cycles": rng.randint(0, 2), "current_mA_cm2": current} if kind == "full" else {}
        return rng.choice((*anywhere, lambda: nasim.EIS(**after, **spectra)))()
    if kind == "symmetric":
        return rng.choice(
            (
                lambda: nasim.SymmetricCycling(current, current * within(rng, 0.1, 2), hours=within(rng, 20, 60)),
                lambda: nasim.CriticalCurrent(
                    current, within(rng, 0.1, 0.5), current + 2, half_cycle_h=within(rng, 0.1, 2)
                ),
                lambda: nasim.Rest(hours),
            )
        )()
    window = {"window": (within(rng, 0.4, 1.2), within(rng, 2.0, 3.0))}
    full = (
        lambda: nasim.GCD(current, cycles=cycles, **window),
        lambda: nasim.Cycling(current, cycles=cycles, rest_h=hours, hold_until_mA_cm2=current / 5, **window),
        lambda: nasim.Cycling(current, cycles=30 * cycles, keep=(1,), jump_tolerance=1e-3, **window),
        lambda: nasim.Cycling(current, cycles=cycles, capacity_limit_mAh_cm2=within(rng, 0.05, 2), **window),
        lambda: nasim.RateTest((current, 2 * current), cycles_per_step=1, return_to_first=True, **window),
        lambda: nasim.CV(within(rng, 0.05, 5, True), scans=1, **window),
        lambda: nasim.GITT(current, pulse_h=within(rng, 0.1, 2), rest_h=hours, most_pulses=10, **window),
        lambda: nasim.Pulse(2 * current, within(rng, 1, 60), points=3, current_mA_cm2=current, **window),
        lambda: nasim.Hold((within(rng, 0.8, 1.7), 2.2), hours=hours, approach_mA_cm2=current),
        lambda: nasim.Rest(hours),
        lambda: nasim.CalendarAgeing(hours, 2, rng.random(), within(rng, 0, 80), current, **window),
    )
    return rng.choice(full)()


def admissible(rng, number):
    """Run a random cell within the ranges of its set; returns outcome and detail."""
    cell, parameters, ranged = kept_cell(number % len(CELLS), number // ROUND)
    overrides = {}
    for name in rng.sample(ranged, min(len(ranged), rng.randint(0, 8))):
        low, high = parameters.entries[name].range
        overrides[name] = within(rng, low, high, low > 0 and high > 20 * low)
    test = protocol(rng, parameters.cell.model)
    conditions = {"stack_pressure_MPa": within(rng, 5, 400), "temperature_C": within(rng, 0, 80)}
    try:
        result = test.run(cell, parameters, overrides=overrides or None, **conditions)
    except nasim.SolveError as error:
        return "solve failed", f"{test}: {error}"
    except nasim.NasimError as error:
        return "refused", f"{test}: {error}"
    found, detail = judged(result)
    return found, detail and f"{test}, {conditions}, {overrides}: {detail}"


def judged(result):
    """Whether a result has numbers only, and closed balances; without sulfur there is no capacity per gram of it."""
    always = [name for name in result.summary if name.startswith(("cycle", "discharge_capacity_mAh_cm2"))]
    curves = result.curves.select_dtypes("number")
    if SPECIFIC in curves and curves[SPECIFIC].isna().all():
        curves = curves.drop(columns=SPECIFIC)
    numbers = [result.summary[always], curves]
    for table in numbers:
        wrong = [name for name in table if not np.isfinite(table[name].to_numpy(float)).all()]
        if wrong:
            return "not a number", ", ".join(wrong)
    worst = max(result.record.get("audit", {"none": 0.0}).values(), default=0.0)
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


def malformed(rng, number):
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


def killed(rng, number):
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
    signal.signal(signal.SIGPROF, alarm)
    signal.alarm(LONGEST_WAIT_S)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    began = time.process_time()
    try:
        found, detail = KINDS[kind](random.Random(f"{kind}{number}"), number)
    except Hang:
        found, detail = "hang", ""
    except Exception as error:
        found, detail = f"undocumented {type(error).__name__}", str(error)[:300]
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = round(time.process_time() - began, 3)
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
    todo.sort(key=lambda case: (case[1] // ROUND, case[0] == "run" and case[1] % len(CELLS)))
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
