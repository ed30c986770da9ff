"""A campaign: random admissible cells and protocols, malformed inputs, kills; every outcome counted, failures with their seed.

``python benchmarks/campaign.py [--runs 10000] [--malformed 300] [--kills 20] [--seconds 120] [--log FILE] [--seed 0]``,
with ``--page docs/campaign.md`` also the page of the documentation.

Each case follows from its kind, its number and the seed alone (`campaign_cells.py`, `campaign_abuse.py`); `PER_STRUCTURE`
numbers that follow each other share a cell, which is built once. The log has a line a case, so that a campaign that is stopped
goes on where it was, and one that failed is run again with ``--only run:17``. What is asked of a result is in
`campaign_checks.py`. It ends with exit code 1 if a case failed.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
os.environ.setdefault("MPLBACKEND", "Agg")

import campaign_abuse
import campaign_cells
from campaign_checks import AGREED, BALANCE, ENDS, differing, judged

import nasim

DOCUMENTED = ("refused", "solve failed", "one paragraph", "accepted", "resumed", "resumed after its end", "begun anew")
GOOD = (*ENDS.values(), *DOCUMENTED)
"""Outcomes that are documented."""
PER_STRUCTURE = 150
"""Cases that share a cell."""
LONGEST_S, LONGEST_WAIT_S = 60, 7200
"""Processor time and wall time after which a case counts as a hang; the latter is long, for a machine that is busy."""
NEW, AGAIN, SECOND = 0.005, 0.003, 0.003
"""Shares of the cases that build a cell of their own, in which anything may vary; that run on the kept cell and on a new one;
and on the kept cell and by IDAKLU: both must agree."""

OPINIONS = ("a new cell agrees", "IDAKLU agrees")
PAGE = """# The campaign

Made by `python benchmarks/campaign.py --seed {seed} --page docs/campaign.md`, which goes on from its log, ends with exit code 1 if
a case failed, and runs one case again with `--only run:17`.

Random cells within the ranges of their sets, their corners included, under random conditions and protocols; malformed inputs of
the command line; kills in the middle of a run, which is resumed and compared with one that was not killed.

{table}

The cells are {structures} structures, each a set with random parts and mesh. Every result was checked: numbers only; charge, sodium,
sulfur and antimony balanced to {balance}; shares within 0 to 1; voltages within the window; time and the capacity of a half cycle that only
rise. A cell built anew gave the same numbers as the kept one {new} times, IDAKLU {second} times (within {agreed} of the capacity).

{failures}

"Refused" and "solve failed" are errors that the documentation names, with a reason: a profile that is zero throughout, a voltage
that the cell does not meet. "Ended by time" is a half cycle that did not reach its cut-off, such as a charge that a leak takes up;
"already past its cut-off" one that had nothing to do. A malformed input is "accepted" where it makes sense after all, and a
run is "begun anew" where the kill came before anything was stored.

{each}
"""


class Hang(Exception):
    """A case that takes too long."""


def admissible(rng, number, seed):
    """Run a random cell within the ranges of its set; returns outcome, detail, and what it was."""
    made, share = campaign_cells.structure(number // PER_STRUCTURE, seed), rng.random()
    new = share < NEW
    varied = campaign_cells.overrides(rng, made.parameters, made.ranged if new else made.inputs)
    with tempfile.TemporaryDirectory() as folder:
        test = campaign_cells.protocol(rng, made.parameters.cell.model, folder)
        given = campaign_cells.conditions(rng)

        def run(cell, solver=None):
            return test.run(cell, made.parameters, overrides=varied or None, solver=solver, **given)

        found, detail = "result", ""
        try:
            result = run(made.compose() if new else made.kept)
            found, detail = judged(result)
            if found in GOOD and NEW <= share < NEW + AGAIN + SECOND:
                found, detail = second_opinion(run, made, result, found, share < NEW + AGAIN)
        except nasim.SolveError as error:
            found, detail = "solve failed", str(error)
        except nasim.NasimError as error:
            found, detail = "refused", str(error)
        except Hang:
            raise
        except Exception as error:
            found, detail = f"undocumented {type(error).__name__}", str(error)
    what = f"{test}, {given}, {varied}: " if found not in ENDS.values() else ""
    return found, what + detail, f"{type(test).__name__}; {made.words}"


def second_opinion(run, made, result, found, again):
    """The outcome, unless a new cell, or IDAKLU, gives other numbers; that IDAKLU gives up is no opinion."""
    if again:
        wrong, who = differing(result, run(made.compose())), "a new cell"
    else:
        who = "IDAKLU"
        try:
            wrong = differing(result, run(made.compose(), "idaklu"))
        except nasim.SolveError as error:
            return found, f"{who} has no opinion: {error}"
    return (f"differs from {who}", wrong) if wrong else (found, f"{who} agrees")


KINDS = {
    "kill": lambda rng, number, seed: campaign_abuse.killed(rng),
    "malformed": lambda rng, number, seed: campaign_abuse.malformed(rng),
    "run": admissible,
}


def outcome(kind, number, seed=0):
    """A line of the log."""

    def alarm(*_):
        raise Hang

    signal.signal(signal.SIGALRM, alarm)
    signal.signal(signal.SIGPROF, alarm)
    signal.alarm(LONGEST_WAIT_S)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    began, what = time.process_time(), ""
    try:
        found, detail, what = KINDS[kind](random.Random(f"{seed} {kind} {number}"), number, seed)
    except Hang:
        found, detail = "hang", ""
    except Exception as error:
        found, detail = f"undocumented {type(error).__name__}", str(error)[:300]
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
    entry = {"kind": kind, "number": number, "seed": seed, "outcome": found, "detail": detail[:900], "what": what}
    return entry | {"seconds": round(time.process_time() - began, 3)}


def done_before(log, seed):
    """Outcomes by kind and number that a log holds for a seed; lines that were cut short do not count."""
    known = {}
    if log.exists():
        for line in log.read_text().splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if entry["seed"] == seed:
                    known[entry["kind"], entry["number"]] = entry
    return known


def campaign(wanted, log, seconds, seed=0):
    """Run what the log does not hold, until it is done or the time is up; returns all outcomes."""
    known, began = done_before(log, seed), time.perf_counter()
    for case in ((kind, number) for kind, many in wanted.items() for number in range(many)):
        if case in known:
            continue
        if time.perf_counter() - began > seconds:
            break
        known[case] = outcome(*case, seed)
        with open(log, "a") as file:
            file.write(json.dumps(known[case]) + "\n")
    return list(known.values())


def failures_of(entries):
    """The cases that did not end in a documented way."""
    return [entry for entry in entries if entry["outcome"] not in GOOD]


def opinions_of(entries):
    """How often a new cell and IDAKLU gave the same numbers."""
    return Counter(who for entry in entries for who in OPINIONS if entry["detail"].startswith(who))


def rows_of(entries):
    """Kind, what was run (a protocol, a command, a run), how many, and the outcomes in words, most frequent first."""
    for kind in KINDS:
        ours = [entry for entry in entries if entry["kind"] == kind]
        yield kind, "all", len(ours), _counted(ours)
        for what in sorted({entry["what"].split(";")[0] for entry in ours}):
            part = [entry for entry in ours if entry["what"].split(";")[0] == what]
            yield kind, what, len(part), _counted(part)


def _counted(entries):
    return ", ".join(f"{n} {found}" for found, n in Counter(entry["outcome"] for entry in entries).most_common())


def report(entries):
    """Print how many were run, with what outcome, of what, and the failures; returns these."""
    for kind, what, many, counts in rows_of(entries):
        print(f"{kind}: {many} run; {counts}" if what == "all" else f"  {what}: {counts}")
    print(f"second opinions: {', '.join(f'{who} {n} times' for who, n in opinions_of(entries).items()) or 'none'}")
    for entry in failures_of(entries):
        print(f"{entry['kind']}:{entry['number']} {entry['outcome']}: {entry['what']} {entry['detail']}")
    return failures_of(entries)


def as_page(entries, seed):
    """The page of the documentation."""
    table = ["| kind | number | outcomes |", "|---|---|---|"]
    each = ["| kind | of | number | outcomes |", "|---|---|---|---|"]
    for kind, what, many, counts in rows_of(entries):
        if what == "all":
            table.append(f"| {kind} | {many} | {counts} |")
        else:
            each.append(f"| {kind} | {what} | {many} | {counts} |")
    structures = {entry["number"] // PER_STRUCTURE for entry in entries if entry["kind"] == "run"}
    opinions = opinions_of(entries)
    failed = failures_of(entries)
    listed = [f"- `--only {entry['kind']}:{entry['number']}`: {entry['outcome']}" for entry in failed]
    return PAGE.format(
        seed=seed,
        table="\n".join(table),
        each="\n".join(each),
        structures=len(structures),
        new=opinions[OPINIONS[0]],
        second=opinions[OPINIONS[1]],
        balance=f"{BALANCE:g}",
        agreed=f"{100 * AGREED:g} %",
        failures="\n".join(listed) or "None failed.",
    )


def main(words=None):
    """Parse, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--malformed", type=int, default=300)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="wall time after which no case is begun")
    parser.add_argument("--log", type=Path, default=Path("campaign.jsonl"))
    parser.add_argument("--seed", type=int, default=0, help="another one draws other cases")
    parser.add_argument("--page", type=Path, help="write the page of the documentation to this file")
    parser.add_argument("--only", help="kind:number of one case, which is run and shown")
    given = parser.parse_args(words)
    if given.only:
        kind, number = given.only.split(":")
        return report([outcome(kind, int(number), given.seed)])
    wanted = {"kill": given.kills, "malformed": given.malformed, "run": given.runs}
    entries = campaign(wanted, given.log, given.seconds, given.seed)
    if given.page:
        given.page.write_text(as_page(entries, given.seed))
    return report(entries)


if __name__ == "__main__":
    sys.exit(bool(main()))
