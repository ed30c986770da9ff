"""The integrator as somebody would write it by hand in C around the graph of one cell: a floor to compare with.

``python benchmarks/by_hand.py [--cycles 20] [--repeats 5]``

RODAS4 with nasim's own loop of steps and its search for the cut-off, and in one piece with them, compiled for this machine
with the strongest optimisation: right-hand side, Jacobian and events as straight-line C of that cell, what depends on its
inputs alone taken out; elimination and substitution as straight-line C, each entry of the factors written out; one point
kept a step. Nothing is recorded, and no Python runs but a call for each half cycle. What it shows is what nasim's list
evaluator, its sparse elimination and its Python add; another method of integration would have another floor.
"""

import argparse
import ctypes
import gc
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from unittest import mock

import cycling
import numpy as np

import nasim
from nasim.engine.integrators import building
from nasim.engine.integrators import functions as functions_of
from nasim.engine.integrators.instructions import Instructions, Result
from nasim.engine.integrators.operations import OPERATIONS
from nasim.engine.integrators.structures import History, Problem, address, reals

FLAGS = ("-O3", "-march=native", "-ffp-contract=fast", "-std=c99", "-fno-math-errno", "-fno-trapping-math")
PARTS = ("rate", "local", "events", "drift")
ROOM, MOST_STEPS, FIRST_STEP = 4096, 100_000, 1e-3
UNIT = """#include "engine.h"
#include <math.h>
#include <string.h>
%(functions)s
void begin(const function *f, const double *inputs)
{
    switch (f->batches) { %(begin)s }
}
void evaluate(const function *f, double t, const double *y, double *out)
{
    switch (f->batches) { %(evaluate)s }
}
%(elimination)s
#include "rodas.c"
#include "advance.c"
"""


def straight(name, code):
    """Return two functions in C for the instructions of a CasADi function: what its inputs decide, and the rest."""
    alone = code.once()

    def operand(one):
        if isinstance(one, Result):
            place = code.first_result + one.number
            return f"m[{place}]" if alone[one.number] else f"r{one.number}"
        if one >= code.first_constant:
            return f"({code.constants[one - code.first_constant].hex()})"
        if one > code.states:
            return f"m[{one}]"
        return f"y[{one - 1}]" if one else "t"

    lines = {True: [], False: []}
    for number, (operation, operands) in enumerate(code.steps):
        values = dict(zip("xyz", map(operand, operands), strict=False))
        expression = re.sub(r"\b[xyz]\b", lambda letter, values=values: values[letter[0]], OPERATIONS[operation])
        to = f"m[{code.first_result + number}]" if alone[number] else f"const double r{number}"
        lines[alone[number]].append(f"{to} = {expression};")
    lines[False] += [f"out[{k}] = {operand(one)};" for k, one in enumerate(code.outputs)]
    inputs = f"memcpy(m + {1 + code.states}, p, sizeof(double) * {code.inputs});"
    return "\n".join(
        [
            f"static void {name}_begin(const double *p, double *m)\n{{",
            *(inputs, *lines[True], "}"),
            f"static void {name}_code(double t, const double *y, const double *m, double *restrict out)\n{{\n(void)t;",
            *(*lines[False], "}\n"),
        ]
    )


def elimination(size, columns, rows, unknown):
    """Return ``factorise`` and ``solve`` in C, straight-line, for entries at these columns and rows in this order."""
    entry = {(row, column): f"-a[{k}]" for k, (column, row) in enumerate(zip(columns, rows, strict=True))}
    for k in unknown:
        entry[k, k] = f"{entry.get((k, k), '')} + shift"
    across = [sorted(column for row, column in entry if row == k) for k in range(size)]
    place, lines = {}, []
    for key in entry:
        place[key] = len(place)
        lines.append(f"double f{place[key]} = {entry[key]};")
    for pivot in range(size):
        at = place[pivot, pivot]
        lines.append(f"if (!(fabs(f{at}) > 1e-300 && fabs(f{at}) < 1e300)) return 1;")
        lines.append(f"f{at} = 1 / f{at};")
        right = [column for column in across[pivot] if column > pivot]
        for row in range(pivot + 1, size):
            if pivot not in across[row]:
                continue
            left = place[row, pivot]
            lines.append(f"f{left} *= f{at};")
            for column in right:
                product = f"f{left} * f{place[pivot, column]}"
                if (row, column) in place:
                    lines.append(f"f{place[row, column]} -= {product};")
                else:
                    place[row, column] = len(place)
                    across[row].append(column)
                    lines.append(f"double f{place[row, column]} = -{product};")
    lines += [f"f[{k}] = f{k};" for k in range(len(place))]
    head = "int factorise(const pattern *p, const double *a, double shift, double *f)"
    text = head + "\n{\n(void)p;\n" + "\n".join(lines) + "\nreturn 0;\n}\n"
    lines = [f"double x{k} = x[{k}];" for k in range(size)]
    for row in range(size):
        lines += [f"x{row} -= f[{place[row, k]}] * x{k};" for k in sorted(across[row]) if k < row]
    for row in reversed(range(size)):
        lines += [f"x{row} -= f[{place[row, k]}] * x{k};" for k in sorted(across[row]) if k > row]
        lines.append(f"x[{row}] = x{row} *= f[{place[row, row]}];")
    head = "void solve(const pattern *p, double *f)"
    return text + head + "\n{\ndouble *x = f + p->stored;\n" + "\n".join(lines) + "\n}\n", len(place)


class ByHand:
    """A cell that is cycled from fresh at each call; `cell` is what says how it would be."""

    def __init__(self, make, cycles):
        seen, plan = {}, functions_of.plan

        def watched(order, columns, rows, states, groups):
            made, position = plan(order, columns, rows, states, groups), np.argsort(order.unknowns)
            places = [position[each[made.taken]].tolist() for each in (columns, rows)]
            seen.update(size=made.size, columns=places[0], rows=places[1], unknown=np.sort(position[:states]).tolist())
            return made

        with mock.patch.object(functions_of, "plan", watched):
            self.cell = cycling.Cell(make(), cycles, "rodas")
            integrator = self.cell.setup.stepper.integrator
        functions, self.order = integrator.functions, integrator.functions.order
        text, stored = elimination(**seen)
        self.codes = [Instructions(getattr(functions, name)) for name in PARTS]
        self._library = _built(self.codes, text)
        self.problem, self.kept = _problem(integrator, self.codes, stored)
        self.memory = np.zeros(self._library.memory_needed(ctypes.byref(self.problem)) + stored)
        self.problem.memory = reals(self.memory)
        self.time, self.states = np.zeros(ROOM), np.zeros((ROOM, len(self.order)))
        self.history = History(reals(self.time), reals(self.states), ROOM, 0, 0, 0)
        given = [step.inputs(2.0, 0.0) | self.cell.setup.stepper.conditions for step in self.cell.steps]
        self.given = [np.array([float(inputs[name]) for name in integrator.inputs]) for inputs in given]

    def __call__(self):
        """All cycles; returns the last state in PyBaMM's order, shape (states,)."""
        y = np.ascontiguousarray(self.cell.fresh[self.order, 0])
        problem, history = ctypes.byref(self.problem), ctypes.byref(self.history)
        for _ in range(self.cell.cycles):
            for step, given in zip(self.cell.steps, self.given, strict=True):
                least = (step.duration, FIRST_STEP, 0, 1, MOST_STEPS, history)
                ended = self._library.advance(problem, address(given), address(y), *least)
                if ended < -1:
                    raise nasim.SolveError(f"the integrator in C ended with {ended}")
                y[:] = self.states[self.history.points - 1]
        return y[np.argsort(self.order)]

    def apart(self):
        """Largest difference between the last states of both."""
        return float(abs(self() - self.cell.bare()[:, 0]).max())


def _problem(integrator, codes, stored):
    """nasim's structure of the problem, each function told by its number, and the memories of the functions."""
    problem = Problem.from_buffer_copy(integrator.problem.structure)
    kept = [np.zeros(code.first_result + len(code.steps) + 1) for code in codes]
    for number, (name, memory) in enumerate(zip(PARTS, kept, strict=True)):
        function = getattr(problem, name)
        function.batches, function.memory = number, reals(memory)
    problem.jacobian.stored = stored
    return problem, [*kept, integrator]


def _built(codes, text):
    """The library of a cell."""
    calls = {"begin": "(inputs, f->memory)", "evaluate": "(t, y, f->memory, out)"}
    ends = {"begin": "begin", "evaluate": "code"}
    given = {"functions": "".join(map(straight, PARTS, codes)), "elimination": text}
    for role, arguments in calls.items():
        cases = [f"case {k}: {name}_{ends[role]}{arguments}; return;" for k, name in enumerate(PARTS)]
        given[role] = " ".join(cases)
    texts = {name: each for name, each in building.sources().items() if name in ("engine.h", "rodas.c", "advance.c")}
    with tempfile.TemporaryDirectory() as folder:
        for name, each in (texts | {"unit.c": UNIT % given}).items():
            (Path(folder) / name).write_text(each)
        made = Path(folder) / "unit.so"
        command = [*next(building.compilers()), *FLAGS, "-shared", "-fPIC", "-o", str(made), "unit.c", "-lm"]
        subprocess.run(command, cwd=folder, check=True)
        library = ctypes.CDLL(str(made))
    real, pointer = ctypes.c_double, ctypes.c_void_p
    library.memory_needed.argtypes, library.memory_needed.restype = [ctypes.POINTER(Problem)], ctypes.c_long
    library.advance.argtypes = [ctypes.POINTER(Problem), pointer, pointer, real, real, *[ctypes.c_int] * 3]
    library.advance.argtypes += [ctypes.POINTER(History)]
    return library


def main():
    """Print what a cycle costs by hand, by nasim's integrator alone and by nasim."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    for name, make in {
        "one class": lambda: nasim.FullCell(cathode=nasim.LumpedCathode(classes=1)),
        "default": nasim.FullCell,
    }.items():
        hand = ByHand(make, options.cycles)
        runs, times = {"by hand": hand, "bare": hand.cell.bare, "nasim": hand.cell}, {}
        for _ in range(options.repeats + 1):
            for word, run in runs.items():
                gc.collect()
                began = time.process_time()
                run()
                times.setdefault(word, []).append(1e3 * (time.process_time() - began) / options.cycles)
        ms = {word: statistics.median(values[1:]) for word, values in times.items()}
        print(f"{name}: " + ", ".join(f"{word} {value:.2f} ms" for word, value in ms.items()), end="")
        print(f"; nasim {ms['nasim'] / ms['by hand']:.2f} x by hand; last states differ by {hand.apart():.0e}")


if __name__ == "__main__":
    main()
