"""How does the interphase at the alloy grow while the cell rests, and what does that say of the mechanism?

At open circuit the measured arc appears after an hour, is complete 15 h after assembly and flat to 24 h. Three growth laws
with the same time scale are compared on a symmetric cell that rests. A layer that limits itself (the default) gains about
4 % between 15 and 24 h; a layer that grows by diffusion through itself (parabolic) gains about a quarter, which contradicts
the measurement. A law is a plain function, so a law of your own is as good as these.
"""

# %%
from functools import partial
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pybamm

import nasim

HOURS = np.linspace(0, 24, 97)
RESISTANCE = "Negative electrode interphase resistance [Ohm.m2]"
LAWS = (nasim.self_limiting, nasim.avrami, nasim.parabolic)


def resistance(law):
    """Resistance of the interphase at `HOURS` [Ohm cm2]."""
    cell = nasim.SymmetricCell(interphase=partial(nasim.Interphase, law=law))
    simulation = pybamm.Simulation(cell, parameter_values=at_rest())
    solution = simulation.solve([0, 3600 * HOURS[-1]])
    return 1e4 * solution[RESISTANCE](3600 * HOURS)


def at_rest():
    return nasim.load("Yuan2025_symmetric_NAS", {"Current function [A]": 0.0}).to_pybamm()


def main(figure=None):
    """Growth of the resistance from 15 to 24 h, a share for each law."""
    late = {}
    ax = plt.subplots(layout="constrained")[1] if figure else None
    for law in LAWS:
        R = resistance(law)
        late[law.__name__] = float(R[-1] / np.interp(15, HOURS, R) - 1)
        print(
            f"{law.__name__:14s} {R[4]:6.1f} Ohm cm2 after 1 h, {R[-1]:6.1f} after 24 h, {late[law.__name__]:+.1%} from 15 h"
        )
        if figure:
            ax.plot(HOURS, R, label=law.__name__.replace("_", "-"))
    if figure:
        ax.set(xlabel="Time at rest (h)", ylabel="Interphase resistance (Ohm cm$^2$)", ylim=(0, None))
        ax.legend(frameon=False)
        ax.figure.savefig(figure, dpi=120)
    return late


# %%
if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/06_interphase_at_rest.png")
