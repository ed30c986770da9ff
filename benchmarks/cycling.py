"""What a cycle costs: nasim's cells against PyBaMM's SPM and DFN, the integrators against each other, and how exact they are.

``python benchmarks/cycling.py [--cycles 20] [--repeats 5] [--json FILE] [--skip-accuracy] [--skip-mesh]``

Processor time, medians over rounds in which all take turns, and ratios of medians, which are what to quote: absolute times
go with the machine. The lithium models cycle Chen2020 at 1C/1C between their cut-offs with PyBaMM's Experiment; nasim's
cells are cycled as `nasim.GCD` does, with a row of the table for each cycle. "bare" is the integrator alone on the same
steps. Accuracy is the largest deviation of capacities and mean voltages of a cycle from a run at rtol 1e-8.
"""

import argparse
import gc
import json
import os
import statistics
import time

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import numpy as np
import pybamm

import nasim
from nasim.engine.setup import prepare
from nasim.experiments.block import Block

pybamm.set_logging_level("ERROR")
LITHIUM = ("Discharge at 1C for 2 hours or until 2.5 V", "Charge at 1C for 2 hours or until 4.2 V")
TIGHT = nasim.Rodas(rtol=1e-8, atol=1e-11)
SOLVERS = ("rodas", "rodas-compiled", "idaklu")
COLUMNS = ("discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2", "mean_discharge_voltage_V", "mean_charge_voltage_V")
PROTOCOLS = {
    "GCD": nasim.GCD(cycles=3, keep=()),
    "CC-CV": nasim.Cycling(cycles=2, hold_until_mA_cm2=0.02, rest_h=0.5, keep=()),
    "rates": nasim.RateTest(keep=()),
}
SETS = ("Yuan2025_NAS", "Yuan2025_NASC", "Yuan2025_NPS", "Yuan2025_NPSC")
MESHES = (10, 20, 40, 80, 160)


def lithium(model, cycles):
    """Function that runs a lithium-ion model with PyBaMM's Experiment."""
    parameters = pybamm.ParameterValues("Chen2020")
    experiment = pybamm.Experiment([LITHIUM] * cycles)
    simulation = pybamm.Simulation(model, parameter_values=parameters, experiment=experiment)
    return lambda: simulation.solve(calc_esoh=False)


class Cell:
    """A nasim cell that is cycled from fresh at each call, built once as the lithium models are."""

    def __init__(self, model, cycles, solver=None):
        self.setup = prepare("benchmark", model, solver=solver)
        self.fresh, self.cycles = self.setup.stepper.y.copy(), cycles
        self.steps = Block().steps(self.setup)

    def __call__(self):
        """All cycles with a row of the table each."""
        stepper, recorder = self.setup.stepper, self.setup.recorder
        stepper.y, stepper.time, recorder.rows = self.fresh, 0.0, []
        for number in range(1, self.cycles + 1):
            recorder.cycle(number, [stepper.run(step) for step in self.steps], keep=False)

    def bare(self):
        """The same steps through the integrator alone; returns the last state, shape (states, 1)."""
        stepper, y = self.setup.stepper, self.fresh
        given = [step.inputs(2.0, 0.0) | stepper.conditions for step in self.steps]
        for _ in range(self.cycles):
            for step, inputs in zip(self.steps, given, strict=True):
                y = stepper.integrator.advance(y, inputs, step.duration).y[:, -1:]
        return y


def contenders(cycles):
    """Name -> (function that runs all its cycles once, how many they are)."""
    few = max(cycles // 5, 1)
    found = {
        "SPM": (lithium(pybamm.lithium_ion.SPM(), cycles), cycles),
        "DFN": (lithium(pybamm.lithium_ion.DFN(), cycles), cycles),
    }
    for name, make, count in (
        ("lumped", nasim.FullCell, cycles),
        ("porous", lambda: nasim.FullCell(cathode=nasim.PorousCathode()), few),
    ):
        for solver in SOLVERS if name == "lumped" else ("rodas", "idaklu"):
            cell = Cell(make(), count, solver)
            label = f"{name} ({len(cell.fresh)} states), {solver}"
            found |= {label: (cell, count), f"bare {label}": (cell.bare, count)}
    return found


def measure(cycles, repeats):
    """Milliseconds per cycle, name -> list over the rounds."""
    runs = contenders(cycles)
    for run, _ in runs.values():
        run()
    times = {name: [] for name in runs}
    for _ in range(repeats):
        for name, (run, count) in runs.items():
            gc.collect()
            began = time.process_time()
            run()
            times[name].append(1e3 * (time.process_time() - began) / count)
    return times


def accuracy(sets=SETS):
    """Largest relative deviation of a cycle's figures from a run at rtol 1e-8, (protocol, set) -> number."""
    found = {}
    for name in sets:
        for word, protocol in PROTOCOLS.items():
            usual, tight = (protocol.run(None, name, solver=solver).summary for solver in (None, TIGHT))
            found[f"{word}, {name}"] = max(float((usual[c] / tight[c] - 1).abs().max()) for c in COLUMNS)
    return found


def mesh(meshes=MESHES):
    """Milliseconds of a step of the integrator, points across the cathode -> number."""
    found = {}
    for points in meshes:
        cell = Cell(nasim.FullCell(cathode=nasim.PorousCathode(points)), 1, "rodas")
        statistic, times = cell.setup.stepper.statistics, []
        for _ in range(3):
            before, began = statistic["integrator_steps"], time.process_time()
            cell()
            times.append(1e3 * (time.process_time() - began) / (statistic["integrator_steps"] - before))
        found[points] = min(times)
    return found


def shown(times):
    """Print the table of cycles; returns the medians."""
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"{'CPU time':44s}{'ms/cycle':>10s}{'min':>8s}{'max':>8s}{'/SPM':>8s}{'/DFN':>8s}{'/bare':>8s}")
    for name, median in medians.items():
        low, high = min(times[name]), max(times[name])
        ratios = f"{median / medians['SPM']:8.2f}{median / medians['DFN']:8.3f}"
        ratios += f"{median / medians[f'bare {name}']:8.2f}" if f"bare {name}" in medians else ""
        print(f"{name:44s}{median:10.2f}{low:8.2f}{high:8.2f}{ratios}")
    return medians


def main():
    """Print the tables, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cycles", type=int, default=20)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--skip-accuracy", action="store_true")
    parser.add_argument("--skip-mesh", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    written = {"cycles": options.cycles, "pybamm": pybamm.__version__, "load": os.getloadavg()[0]}
    written["ms_per_cycle"] = measure(options.cycles, options.repeats)
    shown(written["ms_per_cycle"])
    if not options.skip_accuracy:
        written["accuracy"] = accuracy()
        print("\nlargest relative deviation of a capacity or mean voltage from a run at rtol 1e-8")
        print("\n".join(f"  {name:28s}{value:10.1e}" for name, value in written["accuracy"].items()))
    if not options.skip_mesh:
        written["ms_per_step"] = mesh()
        exponent = np.polyfit(np.log(list(written["ms_per_step"])), np.log(list(written["ms_per_step"].values())), 1)[0]
        print("\nms of a step by points across the cathode: ", end="")
        print(", ".join(f"{points}: {value:.3f}" for points, value in written["ms_per_step"].items()), end="")
        print(f"; exponent {exponent:.2f}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(written, file, indent=1)


if __name__ == "__main__":
    main()
