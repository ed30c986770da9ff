"""Cost of a sweep: one process against two, and a point against the bare integrator on a cell that is built once.

``python benchmarks/sweep.py [--points 200] [--cycles 2] [--repeats 5] [--json FILE]``
``python benchmarks/sweep.py --memory 10000``

The points are a Latin hypercube over pressure, temperature and current. Each round runs all of them in this process, then by
the steps of a cell that is built already, then through the integrator alone (the same discretised system and steps,
nothing recorded): processor time, medians over the rounds. Then come rounds in one process and in two: by the clock, which is
worth something on two idle processors alone, and by the processor time of both, as if each had a processor of its own. A
cell that is built in the sweep is built by one while the other waits; one that was built before (``stored=True``, as the
command line has it) is there at once. The fork server runs by then. With ``--memory`` a design of so many points of one
cycle is run instead, in this process, and its resident memory is told after 1,000 points and after all of them (Linux).
"""

import argparse
import json
import os
import resource
import statistics
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import pybamm
from cycling import Cell

import nasim
from nasim import nomenclature as nm
from nasim.experiments.block import Block

pybamm.set_logging_level("ERROR")
RANGES = {"stack pressure [MPa]": (20, 250), "temperature [degC]": (10, 50), "current [mA.cm-2]": (0.08, 0.4)}


class Points(Cell):
    """All points on one built cell: by its steps with a row for each cycle, or through the integrator alone."""

    def __init__(self, design, cycles):
        super().__init__(nasim.FullCell(), cycles)
        self()  # sets the integrator up
        self.points = [self._point(*row) for row in design[list(RANGES)].itertuples(index=False)]

    def _point(self, pressure, celsius, current):
        conditions = {nm.APPLIED_PRESSURE: 1e6 * pressure, nm.AMBIENT_TEMPERATURE: celsius + 273.15}
        stepper = self.setup.stepper
        stepper.restart(conditions)
        return conditions, stepper.y.copy(), Block(1, current).steps(self.setup)

    def run(self, solve):
        """Go to each point and call `solve`."""
        for conditions, fresh, steps in self.points:
            self.setup.stepper.conditions, self.fresh, self.steps = conditions, fresh, steps
            solve()


def timed(run):
    """Wall time and processor time of this process [s]."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure(points, cycles, repeats):
    """Seconds, name -> list over the rounds."""
    design, protocol = nasim.sweep.design(RANGES, points), nasim.GCD(cycles=cycles)
    cell = Points(design, cycles)
    nasim.sweep(protocol, design.head(1))
    names = ("start cpu", "one cpu", "steps cpu", "bare cpu")
    times = {name: [] for name in names}
    for _ in range(repeats):
        start = timed(lambda: nasim.sweep(protocol, design.head(1)))[1]
        one, steps = timed(lambda: nasim.sweep(protocol, design))[1], timed(lambda: cell.run(cell))[1]
        bare = timed(lambda: cell.run(cell.bare))[1]
        for name, value in zip(names, (start, one, steps, bare), strict=True):
            times[name].append(value)
    return times


class Round(NamedTuple):
    """Wall and processor time [s] of all points in one process, and in two (both counted), and of what comes first."""

    one_wall: float
    two_wall: float
    one: float
    two: float
    start: float

    @property
    def beside(self):
        """How many times sooner two are through, each on a processor of its own, what comes first being done by one."""
        return self.one / (self.start + (self.two - self.start) / 2)


def side_by_side(points, cycles, repeats, stored):
    """Return the `Round`s of a sweep in one process and in two."""
    design, protocol, rounds = nasim.sweep.design(RANGES, points), nasim.GCD(cycles=cycles), []
    nasim.sweep(protocol, design.head(2), executor=2, stored=stored)

    def last(done, total):
        if done == total:
            others.append(grandchildren())

    for _ in range(repeats):
        others = []
        start = timed(lambda: nasim.sweep(protocol, design.head(1), stored=stored))[1]
        one = timed(lambda: nasim.sweep(protocol, design, stored=stored))
        two = timed(lambda: nasim.sweep(protocol, design, executor=2, stored=stored, progress=last))
        rounds.append(Round(one[0], two[0], one[1], two[1] + others[0], start))
    return rounds


def grandchildren():
    """Processor time [s] of the processes that the fork server of this one started (Linux)."""
    spent, parents = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
            spent[int(path.parent.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return sum(spent[pid] for pid, parent in parents.items() if parents.get(parent) == os.getpid())


def resident_mb():
    """Resident memory of this process [MB]."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def memory(points):
    """Print the resident memory on the way through a design of so many points, and at its end."""

    def told(done, total):
        if done in (min(1000, total), total):
            print(f"{done} points: {resident_mb():.0f} MB resident", flush=True)

    nasim.sweep(nasim.GCD(cycles=1), nasim.sweep.design(RANGES, points), progress=told)


def per_point(s, points):
    """Processor time [s] of a point after the first, of its steps, of its bare solves, from the medians of `measure`."""
    return (s["one cpu"] - s["start cpu"]) / (points - 1), s["steps cpu"] / points, s["bare cpu"] / points


def main():
    """Print the figures, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--cycles", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json")
    parser.add_argument("--memory", type=int, metavar="POINTS")
    options = parser.parse_args()
    if options.memory:
        return memory(options.memory)
    times = measure(options.points, options.cycles, options.repeats)
    s = {name: statistics.median(values) for name, values in times.items()}
    load = os.getloadavg()[0]
    point, steps, bare = per_point(s, options.points)
    print(f"{options.points} points of {options.cycles} cycles, one process: {s['one cpu']:.2f} s of the processor")
    print(f"once: set, cell and first point {1e3 * s['start cpu']:.0f} ms; a further point {1e3 * point:.1f} ms")
    print(f"which is {100 * (point / steps - 1):.0f} % over the steps of a built cell ({1e3 * steps:.1f} ms), ", end="")
    print(f"{100 * (point / bare - 1):.0f} % over the bare integrator ({1e3 * bare:.1f} ms)")
    for stored, what in ((False, "built in the sweep"), (True, "built before")):
        rounds = times[what] = side_by_side(options.points, options.cycles, options.repeats, stored)
        clock = statistics.median(each.one_wall / each.two_wall for each in rounds)
        beside = statistics.median(each.beside for each in rounds)
        print(f"cell {what}: two processes are {beside:.2f} x one, a processor for each", end="")
        print(f"; {clock:.2f} x by the clock (load {os.getloadavg()[0]:.1f})")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"points": options.points, "cycles": options.cycles, "seconds": times, "load": load}, file)


if __name__ == "__main__":
    main()
