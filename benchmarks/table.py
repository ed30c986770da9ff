"""The table of goals: what a cycle, a sweep, a fit and a start cost, each beside its goal, and how exact the figures are.

``python benchmarks/table.py [--only cycles,accuracy ...] [--cycles 20] [--points 200] [--repeats 5] [--json FILE]``

Processor time, medians over rounds in which all take turns, as ratios; only the sweep on two processes is told by the busier
of them, as if each had a processor. The parts are those of `cycling`, `sweep` and `fitting`. "C" is RODAS4 in C around the
right-hand side and Jacobian that CasADi wrote as C and the compiler of this machine translated, without recorder and
stepper: its driver is nasim's own, so that this row shows what the list evaluator and Python add, and not what another
method would save. It is left out where there is no compiler, and the fit where there is no PyBOP.
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
import time

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import cycling
import numpy as np
import pybamm
import sweep

import nasim

PARTS = ("cycles", "long", "mesh", "sweep", "fit", "start", "accuracy")
ACCURACY = 1e-4
FAST, PLAIN = "rodas-compiled", "rodas"


def few_states():
    """The lumped cell with one class of grains."""
    return nasim.FullCell(cathode=nasim.LumpedCathode(classes=1))


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
    ):
        for solver in (PLAIN, FAST) if fast else (PLAIN,):
            made = cycling.Cell(make(), count, solver)
            sizes[cell] = len(made.fresh)
            runs |= {f"{cell} {solver}": (made, count), f"bare {cell} {solver}": (made.bare, count)}
    ms = medians(runs, options.repeats)
    print("ms per cycle: " + ", ".join(f"{name} {value:.2f}" for name, value in ms.items()))
    goals = {"few": ("SPM", 0.75, 0.45), "default": ("SPM", 1.5, 1.0), "porous": ("DFN", 0.25, 0.15)}
    for cell, (other, plain_goal, fast_goal) in goals.items():
        title = f"{cell} cell, {sizes[cell]} states, per cycle against {other}"
        yield f"{title}, no compiler", ms[f"{cell} {PLAIN}"] / ms[other], plain_goal
        if fast:
            yield f"{title}, compiled", ms[f"{cell} {FAST}"] / ms[other], fast_goal
    for cell in goals:
        yield f"overhead over the bare integrator, {cell}", ms[f"{cell} {PLAIN}"] / ms[f"bare {cell} {PLAIN}"] - 1, 0.1
    if fast:
        for cell in goals:
            yield f"against the integrator in C, {cell}", ms[f"{cell} {PLAIN}"] / ms[f"bare {cell} {FAST}"], 1.5


def long(options):
    """Rows of 1000 cycles of the cell of few states."""
    cell = cycling.Cell(few_states(), 1000, PLAIN)
    began = time.process_time()
    cell()
    yield "1000 cycles of the cell of few states, CPU s", time.process_time() - began, 2.5


def mesh(options):
    """Row of the growth of a step with the points of a porous cathode."""
    cost = cycling.mesh()
    exponent = np.polyfit(np.log(list(cost)), np.log(list(cost.values())), 1)[0]
    yield f"growth with mesh points, {min(cost)} to {max(cost)}, exponent", float(exponent), 1.15


def many(options):
    """Rows of a sweep."""
    times = sweep.measure(options.points, 2, options.repeats)
    s = {name: statistics.median(values) for name, values in times.items()}
    point, steps, _ = sweep._per_point(s, options.points)
    yield f"sweep of {options.points} points, two processes against one", s["one cpu"] / s["two cpu"], (1.8,)
    yield "sweep, overhead of a point over the steps of a built cell", point / steps - 1, 0.1


def fit(options):
    """Row of the fit to three curves against PyBOP's best."""
    if importlib.util.find_spec("pybop") is None:
        print("no row of the fit: PyBOP is not installed (pip install pybop)")
        return
    import fitting

    data, begin = fitting.curves(), fitting.start("near")
    contenders = {"ours": lambda: fitting.ours(data, begin)}
    for name, (method, settings) in fitting.optimisers().items():
        contenders[name] = lambda m=method, o=settings: fitting.theirs(data, begin, m, o)
    seconds, reached = {}, {}
    for name, contender in contenders.items():
        began = time.process_time()
        reached[name] = contender()["distance"]
        seconds[name] = time.process_time() - began
    best = min((name for name in seconds if name != "ours"), key=reached.__getitem__)
    yield f"six-parameter fit against PyBOP's {best}", seconds["ours"] / seconds[best], 0.08


def _child(*arguments):
    """Processor time of a Python process [s]."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def start(options):
    """Rows of the start of the command line."""
    commands = {
        "pybamm": ("-c", "import pybamm"),
        "help": ("-m", "nasim", "--help"),
        "curve": ("-m", "nasim", "run", "gcd", "--cycles", "1"),
    }
    times = {name: [] for name in commands}
    for _ in range(options.repeats):
        for name, command in commands.items():
            times[name].append(_child(*command))
    s = {name: statistics.median(values) for name, values in times.items()}
    yield "nasim --help, CPU s", s["help"], 0.3
    yield "first curve of nasim run gcd against import pybamm", s["curve"] / s["pybamm"], 1.3


def accuracy(options):
    """Rows of the largest relative deviation of a cycle's figures from a run at rtol 1e-8."""
    for name, value in cycling.accuracy().items():
        yield f"deviation from rtol 1e-8: {name}", value, ACCURACY


def met(value, goal):
    """Whether a goal, a number not to exceed or a tuple of one to reach, is met."""
    return value >= goal[0] if isinstance(goal, tuple) else value <= goal


def show(title, value, goal):
    """Print a row."""
    sign, number = (">=", goal[0]) if isinstance(goal, tuple) else ("<=", goal)
    print(f"{title:68s}{value:10.3g}   {sign} {number:<8g}{'met' if met(value, goal) else 'missed'}", flush=True)


def main():
    """Print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {', '.join(PARTS)}")
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json")
    options = parser.parse_args()
    parts = dict(zip(PARTS, (cycles, long, mesh, many, fit, start, accuracy), strict=True))
    chosen = options.only.split(",")
    if unknown := [part for part in chosen if part not in parts]:
        parser.error(f"--only: no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    written = {"pybamm": pybamm.__version__, "load": os.getloadavg()[0], "rows": []}
    for part in chosen:
        for title, value, goal in parts[part](options):
            show(title, value, goal)
            limit = goal[0] if isinstance(goal, tuple) else goal
            written["rows"].append({"what": title, "value": value, "goal": limit, "met": bool(met(value, goal))})
    if options.json:
        with open(options.json, "w") as file:
            json.dump(written, file, indent=1)


if __name__ == "__main__":
    main()
