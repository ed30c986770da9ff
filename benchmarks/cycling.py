"""Cost of a cycle: nasim's cells against PyBaMM's SPM, SPMe and DFN, and against the bare integrator.

``python benchmarks/cycling.py [--cycles 20] [--repeats 5] [--json FILE]``

Everything runs in one process, one after the other, in the same round; medians over the rounds and ratios of medians are
what to quote. The lithium models cycle Chen2020 at 1C/1C between their cut-offs, nasim's cells the paper's cell at
0.127 mA cm-2. The bare integrator is the same discretised system and the same steps through PyBaMM's IDAKLU group alone,
without anything recorded.
"""

import argparse
import gc
import json
import os
import statistics
import time

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import casadi
import numpy as np
import pybamm

import nasim
from nasim.engine.setup import prepare
from nasim.experiments.block import Block
from nasim.models.solver import default_solver

pybamm.set_logging_level("ERROR")
LITHIUM = ("Discharge at 1C for 2 hours or until 2.5 V", "Charge at 1C for 2 hours or until 4.2 V")


def lithium(model, cycles):
    """Function that runs a lithium-ion model with PyBaMM's Experiment."""
    parameters = pybamm.ParameterValues("Chen2020")
    experiment = pybamm.Experiment([LITHIUM] * cycles)
    simulation = pybamm.Simulation(model, parameter_values=parameters, experiment=experiment)
    return lambda: simulation.solve(calc_esoh=False)


class Cell:
    """A nasim cell that is cycled from fresh at each call, built once as the lithium models are."""

    def __init__(self, model, cycles, compiled):
        solver = default_solver(compile=compiled)
        self.setup = prepare("benchmark", model, solver=solver)
        self.fresh, self.cycles = self.setup.stepper.y.copy(), cycles
        self.steps = Block().steps(self.setup)
        self.rate = self._rate()

    def _rate(self):
        """Function of state and inputs that gives the first derivative that the integrator asks for."""
        stepper = self.setup.stepper
        given = self.steps[0].inputs(0.0, 0.0) | stepper.conditions
        names = list(pybamm.BaseSolver._set_up_model_inputs(stepper.built, given))
        y, p = casadi.MX.sym("y", stepper.y.shape[0]), casadi.MX.sym("p", len(names))
        inputs = {name: p[k] for k, name in enumerate(names)}
        return casadi.Function("rate", [y, p], [stepper.built.concatenated_rhs.to_casadi(0.0, y, inputs=inputs)])

    def __call__(self):
        """All cycles with a row of the table each."""
        stepper, recorder = self.setup.stepper, self.setup.recorder
        stepper.y, stepper.time, recorder.rows = self.fresh, 0.0, []
        for number in range(1, self.cycles + 1):
            recorder.cycle(number, [stepper.run(step) for step in self.steps], keep=False)

    def bare(self):
        """The same steps through the integrator alone."""
        stepper = self.setup.stepper
        group, y, nothing = stepper.solver._setup["solver"], self.fresh[:, 0].copy(), np.empty((0, 0))
        for _ in range(self.cycles):
            for step in self.steps:
                given = step.inputs(0.0, 0.0) | stepper.conditions
                names = pybamm.BaseSolver._set_up_model_inputs(stepper.built, given)
                inputs = np.array([[float(np.ravel(value)[0]) for value in names.values()]])
                span, rate = np.array([0.0, step.duration]), np.asarray(self.rate(y, inputs.T)).T
                out = group.solve(span, span, y[None], rate, inputs, logger=None, pbar=nothing)[0]
                y = np.asarray(out.y).reshape(out.t.size, -1)[-1].copy()


def contenders(cycles):
    """Name -> function that runs all cycles once."""
    found = {
        "SPM": lithium(pybamm.lithium_ion.SPM(), cycles),
        "SPMe": lithium(pybamm.lithium_ion.SPMe(), cycles),
        "DFN": lithium(pybamm.lithium_ion.DFN(), cycles),
    }
    models = {"lumped": lambda: nasim.FullCell()}
    if hasattr(nasim, "PorousCathode"):
        models["porous"] = lambda: nasim.FullCell(cathode=nasim.PorousCathode())
    for name, make in models.items():
        for compiled in (False, True):
            cell = Cell(make(), cycles, compiled)
            suffix = ", compiled" if compiled else ""
            found[f"nasim {name}{suffix}"] = cell
            found[f"bare integrator, {name}{suffix}"] = cell.bare
    return found


def measure(cycles, repeats):
    """Milliseconds per cycle, name -> list over the rounds."""
    runs = contenders(cycles)
    for run in runs.values():
        run()
    times = {name: [] for name in runs}
    for _ in range(repeats):
        for name, run in runs.items():
            gc.collect()
            began = time.perf_counter()
            run()
            times[name].append(1e3 * (time.perf_counter() - began) / cycles)
    return times


def main():
    """Print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json")
    options = parser.parse_args()
    times = measure(options.cycles, options.repeats)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{'':34s}{'ms/cycle':>10s}{'min':>8s}{'max':>8s}{'/SPM':>8s}{'/DFN':>8s}")
    for name, median in medians.items():
        low, high = min(times[name]), max(times[name])
        ratios = f"{median / medians['SPM']:8.2f}{median / medians['DFN']:8.3f}"
        print(f"{name:34s}{median:10.2f}{low:8.2f}{high:8.2f}{ratios}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump({"cycles": options.cycles, "ms_per_cycle": times, "pybamm": pybamm.__version__}, file, indent=1)


if __name__ == "__main__":
    main()
