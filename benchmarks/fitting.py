"""Cost of a fit: nasim's least squares against PyBOP's optimisers on the same three curves, side by side.

``python benchmarks/fitting.py [--start near|far] [--json FILE] [--skip-pybop] [--only WORD]``; PyBOP is an optional extra.

Six kinetic parameters of the paper's cell are fitted to the first discharge at three rates, from a start that is off by
factors up to 1.5 (near) or 3 (far). All fits see the same records with 2 mV of noise; PyBOP compares voltages at times up to 80 % of the
capacity, nasim voltages at shares of the capacity and the capacity itself. Told are runs of the three curves (a Jacobian
counts as one, and takes several times as long), processor and wall time with building, the misfit that was reached (root mean
square of the voltage up to that share of the capacity), and how far the values are from the true ones: the largest
distance, as a factor, which says as much about what three curves can tell as about the fit. Everything runs in one
process, one after the other. The best of PyBOP's is the one with the smallest misfit.
"""

import argparse
import contextlib
import io
import json
import logging
import os
import time
import warnings

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

import numpy as np
import pybamm

import nasim
import nasim.fit
from nasim.nomenclature import VOLTAGE
from nasim.nomenclature.columns import AREAL, STEP

logging.disable(logging.WARNING)
pybamm.set_logging_level("ERROR")
warnings.simplefilter("ignore")
TRUE = {
    "Sulfur step 1 exchange current density [A.m-2]": 0.06,
    "Sulfur step 1 transfer coefficient": 0.6,
    "Sulfur step 2 nucleation barrier [V2]": 6.0,
    "Sb-S step 1 exchange current density [A.m-2]": 0.002,
    "Sb-S step 2 exchange current density [A.m-2]": 7e-4,
    "Product layer current density [A.m-2]": 1.7,
}
OFF = {"near": (1.5, 0.97, 0.9, 1.5, 0.7, 1.3), "far": (3.0, 0.9, 0.7, 2.5, 0.4, 2.0)}
RATES = (0.127, 0.25, 0.5)
BOUNDS = {name: (value / 10, value * 10) for name, value in TRUE.items()} | {
    "Sulfur step 1 transfer coefficient": (0.3, 0.9),
    "Sulfur step 2 nucleation barrier [V2]": (3.0, 10.0),
}
SHARE = 0.8
"""PyBOP's trials with a cell that is empty too early fail, so less of each curve is compared there."""


def start(which):
    """Where the fits begin."""
    return {name: value * off for (name, value), off in zip(TRUE.items(), OFF[which], strict=True)}


def curves():
    """First discharges at the three rates."""
    found = []
    for seed, rate in enumerate(RATES):
        result = nasim.GCD(current_mA_cm2=rate, cycles=1).run(overrides=TRUE)
        noise = {"noise_mV": 2.0, "capacity_noise": 1e-3, "seed": seed, "points": 150}
        found += nasim.fit.from_result(result, directions=["discharge"], **noise)
    return found


def distance(values):
    """Largest factor between a value and the true one."""
    return float(max(np.exp(abs(np.log(values[name] / true))) for name, true in TRUE.items()))


def misfit_mV(data, values):
    """Root mean square of the voltage [mV] of the three curves at the values of a fit."""
    parts = []
    for rate, curve in zip(RATES, data, strict=True):
        table = nasim.GCD(current_mA_cm2=rate, cycles=1).run(overrides=values).curves
        half = table[table[STEP] == "discharge"]
        computed = np.interp(curve.capacity_mAh_cm2, half[AREAL], half[VOLTAGE])
        parts.append((computed - curve.voltage_V)[curve.capacity_mAh_cm2 <= SHARE * curve.capacity])
    return 1e3 * float(np.sqrt(np.mean(np.concatenate(parts) ** 2)))


def ours(data, begin, **options):
    """A row of the table."""
    fit = nasim.fit(data, list(TRUE), overrides=begin, bounds=BOUNDS, **options)
    return {"runs": fit.counts["evaluations"], "jacobians": fit.counts["jacobians"], "values": dict(fit.values)}


def theirs(data, begin, method, options):
    """A row of the table for one of PyBOP's optimisers."""
    from nasim.fit import pybop as adapter

    with contextlib.redirect_stdout(io.StringIO()):
        problem = adapter.problem(data, list(TRUE), overrides=begin, bounds=BOUNDS, share=SHARE)
    found = method(problem, options=options).run()
    values = dict(zip(problem.parameters.names, np.asarray(found.x), strict=True))
    return {"runs": int(found.n_evaluations), "jacobians": None, "values": values}


def optimisers():
    """Name -> (class, options) of PyBOP."""
    import pybop

    patient = pybop.PintsOptions(max_iterations=150, max_unchanged_iterations=50, relative_tolerance=1e-4)
    return {
        "L-BFGS-B (gradient)": (pybop.SciPyMinimize, pybop.SciPyMinimizeOptions(method="L-BFGS-B", maxiter=150)),
        "Nelder-Mead": (
            pybop.SciPyMinimize,
            pybop.SciPyMinimizeOptions(method="Nelder-Mead", maxiter=800, jac=False),
        ),
        "CMA-ES": (pybop.CMAES, patient),
        "iRprop+ (gradient)": (pybop.IRPropPlus, patient),
    }


def contenders(data, begin, pybop=True):
    """Name -> function that fits and returns its row."""
    found = {
        "nasim": lambda: ours(data, begin),
        "nasim, compiled": lambda: ours(data, begin, compiled=True),
        "nasim, differences": lambda: ours(data, begin, jacobian="differences"),
    }
    if pybop:
        for name, (method, options) in optimisers().items():
            found[f"PyBOP, {name}"] = lambda m=method, o=options: theirs(data, begin, m, o)
    return found


def measured(data, contender):
    """The row of a contender, with its processor time and wall time [s], its misfit and its distance."""
    wall, cpu = time.perf_counter(), time.process_time()
    row = contender()
    row |= {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    values = row["values"] = {name: float(value) for name, value in row["values"].items()}
    return row | {"misfit_mV": misfit_mV(data, values), "distance": distance(values)}


def show(name, row):
    """Print a row, or without one what stands over the rows."""
    if row is None:
        print(
            f"{'':30s}{'runs':>6s}{'jacobians':>11s}{'CPU s':>9s}{'wall s':>9s}{'misfit mV':>11s}{'farthest':>11s}",
            flush=True,
        )
        return
    jacobians = "-" if row["jacobians"] is None else row["jacobians"]
    seconds = f"{row['cpu_s']:9.1f}{row['wall_s']:9.1f}{row['misfit_mV']:11.2f}"
    print(f"{name:30s}{row['runs']:6d}{jacobians:>11}{seconds}{row['distance']:10.3f}x", flush=True)


def main():
    """Print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json")
    parser.add_argument("--skip-pybop", action="store_true")
    parser.add_argument("--start", choices=list(OFF), default="near")
    parser.add_argument("--only", default="", help="part of the names of those that run")
    given = parser.parse_args()
    rows, data = {}, curves()
    show("", None)
    for name, contender in contenders(data, start(given.start), not given.skip_pybop).items():
        if given.only in name:
            rows[name] = measured(data, contender)
            show(name, rows[name])
    if given.json:
        with open(given.json, "w") as file:
            json.dump(
                {"rows": rows, "start": given.start, "pybamm": pybamm.__version__, "records": 450}, file, indent=1
            )


if __name__ == "__main__":
    main()
