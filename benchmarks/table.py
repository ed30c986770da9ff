"""The table of goals: what a cycle, a sweep, a fit and a start cost, each beside its goal, and how exact the figures are.

``python benchmarks/table.py [--quick] [--only cycles,accuracy ...] [--cycles 20] [--points 200] [--repeats 5] [--json FILE]``

Processor time, medians over rounds in which all take turns, as ratios; the sweep on two processes also by the clock, which is
worth something on two idle processors alone. ``--quick`` has fewer cycles, points, rounds, meshes and protocols. The parts
are those of `cycling`, `by_hand`, `sweep` and `fitting`. "In C by hand" is what `by_hand` says; it is left out, as are
compiled cells, where there is no compiler, and PyBOP's side of the fit where there is no PyBOP. The first curve of a cell is told twice: of one
that this machine has never built, and of one that it has.
"""

import argparse
import gc
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import cycling
import numpy as np
import pybamm
import sweep
from by_hand import ByHand

import nasim

ACCURACY = 1e-4
FAST, PLAIN = "rodas-compiled", "rodas"
QUICK = {"cycles": 5, "points": 60, "repeats": 2}


def few_states():
    """The lumped cell with one class of grains."""
    return nasim.FullCell(cathode=nasim.LumpedCathode(classes=1))


def six_nodes():
    """The porous cell on Lobatto nodes, as exact as twenty volumes on the cathode of the set (``meshes.py``)."""
    return nasim.FullCell(cathode=nasim.PorousCathode(6, mesh="lobatto"))


def porous():
    """The porous cell as it ships."""
    return nasim.FullCell(cathode=nasim.PorousCathode())


def medians(runs, repeats):
    """Median processor time, name -> ms per cycle, of (function, cycles) by name; all take turns."""
    times = {name: [] for name in runs}
    for turn in range(repeats + 1):
        for name, (run, count) in runs.items():
            gc.collect()
            began = time.process_time()
            run()
            if turn:  # the first sets up
                times[name].append(1e3 * (time.process_time() - began) / count)
    return {name: statistics.median(values) for name, values in times.items()}


def has_compiler():
    """Whether the cell itself can be compiled here."""
    try:
        cycling.Cell(few_states(), 1, FAST)
    except nasim.NasimError as error:
        print(f"no row of compiled cells: {error}")
        return False
    return True


def cycles(options):
    """Rows of the cost of a cycle."""
    n, fast = options.cycles, has_compiler()
    runs = {
        "SPM": (cycling.lithium(pybamm.lithium_ion.SPM(), n), n),
        "DFN": (cycling.lithium(pybamm.lithium_ion.DFN(), n), n),
    }
    sizes = {}
    for cell, make, count in (
        ("few", few_states, n),
        ("default", nasim.FullCell, n),
        ("porous", porous, max(n // 5, 1)),
        ("six-node", six_nodes, max(n // 5, 1)),
    ):
        for solver in (PLAIN, FAST) if fast else (PLAIN,):
            made = cycling.Cell(make(), count, solver)
            sizes[cell] = len(made.fresh)
            runs |= {f"{cell} {solver}": (made, count), f"bare {cell} {solver}": (made.bare, count)}
    hands = {"few": few_states, "default": nasim.FullCell} if fast else {}
    for cell, make in hands.items():
        runs[f"{cell} by hand"] = (ByHand(make, n), n)
    ms = medians(runs, options.repeats)
    print("ms per cycle: " + ", ".join(f"{name} {value:.2f}" for name, value in ms.items()))
    goals = {"few": ("SPM", 0.75, 0.45), "default": ("SPM", 1.5, 1.0)}
    goals |= {"porous": ("DFN", 0.25, 0.15), "six-node": ("DFN", 0.25, 0.15)}
    for cell, (other, plain_goal, fast_goal) in goals.items():
        title = f"{cell} cell, {sizes[cell]} states, per cycle against {other}"
        yield f"{title}, no compiler", ms[f"{cell} {PLAIN}"] / ms[other], plain_goal
        if fast:
            yield f"{title}, compiled", ms[f"{cell} {FAST}"] / ms[other], fast_goal
    for cell in goals:
        yield f"overhead over the bare integrator, {cell}", ms[f"{cell} {PLAIN}"] / ms[f"bare {cell} {PLAIN}"] - 1, 0.1
    for cell in hands:
        yield f"against RODAS4 in C by hand, {cell}, no compiler", ms[f"{cell} {PLAIN}"] / ms[f"{cell} by hand"], 1.5
        yield f"against RODAS4 in C by hand, {cell}, compiled", ms[f"{cell} {FAST}"] / ms[f"{cell} by hand"], 1.5


def long(options):
    """Rows of 1000 cycles of the cell of few states."""
    cell = cycling.Cell(few_states(), 1000, PLAIN)
    seconds = medians({"long": (cell, 1000)}, 1 if options.quick else 3)["long"]
    yield "1000 cycles of the cell of few states, CPU s", seconds, 2.5


def mesh(options):
    """Row of the growth of a step with the points of a porous cathode."""
    cost = cycling.mesh(cycling.MESHES[: 3 if options.quick else None])
    exponent = np.polyfit(np.log(list(cost)), np.log(list(cost.values())), 1)[0]
    yield f"growth with mesh points, {min(cost)} to {max(cost)}, exponent", float(exponent), 1.15


def many(options):
    """Rows of a sweep."""
    times = sweep.measure(options.points, 2, options.repeats)
    s = {name: statistics.median(values) for name, values in times.items()}
    point, steps, bare = sweep.per_point(s, options.points)
    print(
        f"a point {1e3 * point:.1f} ms, once {1e3 * s['start cpu']:.0f} ms; load of the machine {os.getloadavg()[0]:.1f}"
    )
    for stored, what in ((False, "cell built in it"), (True, "cell built before")):
        rounds = sweep.side_by_side(options.points, 2, options.repeats, stored)
        title = f"sweep of {options.points} points, two processes against one, {what}"
        yield title, statistics.median(each.beside for each in rounds), (1.8,)
        yield f"{title}, by the clock", statistics.median(each.one_wall / each.two_wall for each in rounds), (1.8,)
    yield "sweep, overhead of a point over the steps of a built cell", point / steps - 1, 0.1
    yield "sweep, overhead of a point over the bare integrator", point / bare - 1, 0.1


def fit(options):
    """Row of the fit to three curves against PyBOP's best."""
    import fitting

    pybop = importlib.util.find_spec("pybop") is not None and not options.quick
    if not pybop:
        print("no row of the fit: PyBOP is not installed (pip install pybop), or --quick was given")
    fitting.show("", None)
    rows, data = {}, fitting.curves()
    for name, contender in fitting.contenders(data, fitting.start("near"), pybop).items():
        rows[name] = fitting.measured(data, contender)
        fitting.show(name, rows[name])
    theirs = [name for name in rows if name.startswith("PyBOP")]
    if theirs:
        best = min(theirs, key=lambda name: rows[name]["misfit_mV"])
        for ours in ("nasim", "nasim, compiled"):
            yield f"six-parameter fit, {ours}, against {best}", rows[ours]["cpu_s"] / rows[best]["cpu_s"], 0.08


def _child(*arguments, cache=None):
    """Processor time of a Python process [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = os.environ if cache is None else os.environ | {"XDG_CACHE_HOME": cache}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([sys.executable, *arguments], check=True, env=environment, **quiet)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def start(options):
    """Rows of the start of the command line."""
    curve = ("-m", "nasim", "run", "gcd", "--cycles", "1")
    times = {name: [] for name in ("pybamm", "help", "first", "again")}
    with tempfile.TemporaryDirectory() as cache:
        _child("-c", "from nasim.engine.integrators.library import library; library()", cache=cache)
        for _ in range(options.repeats):
            for path in (path for path in os.scandir(f"{cache}/nasim") if path.name.startswith("cell_")):
                os.unlink(path)
            times["pybamm"].append(_child("-c", "import pybamm"))
            times["help"].append(_child("-m", "nasim", "--help"))
            times["first"].append(_child(*curve, cache=cache))
            times["again"].append(_child(*curve, cache=cache))
    s = {name: statistics.median(values) for name, values in times.items()}
    yield "nasim --help, CPU s", s["help"], 0.3
    yield "nasim run gcd against import pybamm, a cell built before", s["again"] / s["pybamm"], 1.3
    yield "nasim run gcd against import pybamm, the first time ever", s["first"] / s["pybamm"], 1.3


def accuracy(options):
    """Rows of the largest relative deviation of a cycle's figures from a run at rtol 1e-8."""
    for name, value in cycling.accuracy(cycling.SETS[: 1 if options.quick else None]).items():
        yield f"deviation from rtol 1e-8: {name}", value, ACCURACY


PARTS = {
    "cycles": cycles,
    "long": long,
    "mesh": mesh,
    "sweep": many,
    "fit": fit,
    "start": start,
    "accuracy": accuracy,
}


def met(value, goal):
    """Whether a goal, a number not to exceed or a tuple of one to reach, is met."""
    return value >= goal[0] if isinstance(goal, tuple) else value <= goal


def show(title, value, goal):
    """Print a row."""
    sign, number = (">=", goal[0]) if isinstance(goal, tuple) else ("<=", goal)
    print(f"{title:86s}{value:10.3g}   {sign} {number:<8g}{'met' if met(value, goal) else 'missed'}", flush=True)


def main():
    """Print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="less of everything")
    parser.add_argument("--cycles", type=int)
    parser.add_argument("--points", type=int)
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--json")
    options = parser.parse_args()
    for name, usual in {"cycles": 20, "points": 200, "repeats": 5}.items():
        if getattr(options, name) is None:
            setattr(options, name, QUICK[name] if options.quick else usual)
    chosen = options.only.split(",")
    if unknown := [part for part in chosen if part not in PARTS]:
        parser.error(f"--only: no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    written = {"pybamm": pybamm.__version__, "load": os.getloadavg()[0], "rows": []}
    for part in chosen:
        for title, value, goal in PARTS[part](options):
            show(title, value, goal)
            limit = goal[0] if isinstance(goal, tuple) else goal
            written["rows"].append({"what": title, "value": value, "goal": limit, "met": bool(met(value, goal))})
    if options.json:
        with open(options.json, "w") as file:
            json.dump(written, file, indent=1)


if __name__ == "__main__":
    main()
