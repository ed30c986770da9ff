"""Can the cell be used as any PyBaMM model is? Yes: it is one.

PyBaMM's own Simulation, Experiment and parameter sets by name run it unchanged. Here constant current, then constant
voltage, with steps written in words. The first discharge is that of `nasim.GCD` within a tenth of a per cent.
"""

# %%
from pathlib import Path

import pybamm

import nasim

CYCLE = (
    "Discharge at 0.0997 mA for 60 hours or until 0.7 V",
    "Charge at 0.0997 mA for 60 hours or until 2.6 V",
    "Hold at 2.6 V for 10 hours or until 0.02 mA",
    "Rest for 1 hour",
)


def main(figure=None):
    """First discharge by PyBaMM's experiment over that by nasim's protocol."""
    simulation = pybamm.Simulation(
        nasim.FullCell(),
        parameter_values=pybamm.ParameterValues("Yuan2025_NAS"),
        experiment=pybamm.Experiment([CYCLE]),
    )
    solution = simulation.solve()
    native = solution.cycles[0].steps[0]["Discharge capacity [A.h]"].entries[-1]
    own = nasim.GCD(current_mA_cm2=0.0997 / 0.7854, cycles=1).run().summary["discharge_capacity_mAh_cm2"].iloc[0]
    print(f"PyBaMM {1e3 * native:.4f} mAh, nasim {0.7854 * own:.4f} mAh")
    if figure:
        names = ["Voltage [V]", "Current [A]", ["S fraction", "Na2S2 fraction", "Na2S fraction"]]
        view = pybamm.QuickPlot(solution, output_variables=names)
        view.plot(0)
        view.fig.savefig(figure, dpi=120)
    return 1e3 * native / (0.7854 * own)


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/16_pybamm_native.png")
