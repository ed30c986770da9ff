"""Can PyBOP optimise a nasim cell? Yes, as it would any PyBaMM model.

The voltage of two hours of discharge is made up with two known exchange currents and 1 mV of noise; PyBOP's CMA-ES, begun at
four times their values, finds both again within ten per cent. The search is random: its seed is set, so that every run gives
the same. PyBOP needs an environment of its own (`python -m pip install "nasim-cells[pybop]"`), since it wants an older NumPy. It
removes the voltage events of a model that it is given, so hand it one that is used for nothing else.
"""

# %%
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pybamm

import nasim

TRUE = {
    "Sulfur step 1 exchange current density [A.m-2]": 0.05,
    "Sb-S step 1 exchange current density [A.m-2]": 0.03,
}


def discharge(changed):
    """Time [s], current [A] and voltage [V] of two hours of discharge with some values changed."""
    values = pybamm.ParameterValues({**nasim.load("Yuan2025_NAS").to_pybamm(), **changed})
    solution = pybamm.Simulation(nasim.FullCell(), parameter_values=values).solve([0, 7200])
    t = np.linspace(0, 7200, 121)
    return {"Time [s]": t, "Current [A]": solution["Current [A]"](t), "Voltage [V]": solution["Voltage [V]"](t)}


def main(figure=None):
    """Found over true value, for each parameter."""
    import pybop

    values, measured = nasim.load("Yuan2025_NAS").to_pybamm(), discharge(TRUE)
    measured["Voltage [V]"] += np.random.default_rng(1).normal(0.0, 1e-3, len(measured["Time [s]"]))
    data = pybop.Dataset(measured)
    for name, true in TRUE.items():
        spread = pybop.Uniform(true / 10, true * 10)
        values[name] = pybop.Parameter(spread, initial_value=4 * true, transformation=pybop.LogTransformation())
    simulator = pybop.pybamm.Simulator(nasim.FullCell(), parameter_values=values, protocol=data)
    problem = pybop.Problem(simulator, pybop.SumSquaredError(data))
    np.random.seed(1)  # noqa: NPY002  PyBOP draws from NumPy's global generator
    found = pybop.CMAES(problem, options=pybop.PintsOptions(max_iterations=60)).run()
    ratios = {name: float(value) / TRUE[name] for name, value in zip(problem.parameters.names, found.x, strict=True)}
    print("\n".join(f"{name}: found/true = {ratio:.3f}" for name, ratio in ratios.items()))
    if figure:
        ax = plt.subplots(layout="constrained")[1]
        ax.plot(measured["Time [s]"] / 3600, measured["Voltage [V]"], ".", ms=3, label="made up, with noise")
        for label, factors in (("begun at", dict.fromkeys(TRUE, 4.0)), ("found", ratios)):
            curve = discharge({name: factor * TRUE[name] for name, factor in factors.items()})
            ax.plot(curve["Time [s]"] / 3600, curve["Voltage [V]"], label=label)
        ax.set(xlabel="Time (h)", ylabel="Voltage (V)")
        ax.legend(frameon=False)
        ax.figure.savefig(figure, dpi=120)
    return ratios


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/17_pybop.png")
