r"""How is a mechanism of your own added? A film on the current collector, in about forty lines.

Sulfide corrodes a steel collector; the film of thickness d grows by diffusion through itself and adds resistance,

.. math:: dd/dt = k/d, \qquad R = \rho d

(d in m, k in m2 s-1, rho in Ohm m). The class says which variables it gives and to which total it adds; the circuit then
charges the film with its share of the voltage by itself. After two cycles the film costs some 20 mV at 0.127 mA cm-2.
"""

# %%
from pathlib import Path

import pybamm

import nasim
from nasim import nomenclature as nm
from nasim.submodels.mechanism import Mechanism

THICKNESS, RESISTANCE = "Collector film thickness [m]", "Collector film resistance [Ohm.m2]"
LOSS = nm.loss_of(RESISTANCE)


class CollectorFilm(Mechanism):
    """Corrosion film on the current collector; `k` [m2 s-1], `resistivity` [Ohm m], `start` [m]."""

    gives = (THICKNESS, RESISTANCE)
    adds = {nm.SERIES_RESISTANCE: (RESISTANCE,)}

    def __init__(self, k=4e-18, resistivity=2e4, start=1e-8):
        super().__init__("collector film")
        self.k, self.resistivity, self.start = k, resistivity, start

    def get_fundamental_variables(self):
        d = pybamm.Variable(THICKNESS, scale=1e-6)
        return {THICKNESS: d, RESISTANCE: self.resistivity * d}

    def set_rhs(self, variables):
        self.rhs[variables[THICKNESS]] = self.k / variables[THICKNESS]

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[THICKNESS]] = pybamm.Scalar(self.start)


# %%
def main(figure=None):
    """Voltage lost over the film at the end of the second discharge [mV]."""
    cell = nasim.FullCell(extra=[CollectorFilm()])
    result = nasim.GCD(cycles=2).run(cell)
    curve = result.curve(cycle=2)
    loss = curve.loc[curve["Step"] == "discharge", LOSS].iloc[-1]
    print(f"the film costs {1e3 * loss:.1f} mV; the balances still close to {max(result.audit().values()):.0e}")
    if figure:
        result.plot_limits(cycle=2)[0].figure.savefig(figure, dpi=120)
    return 1e3 * loss


if __name__ == "__main__":
    Path("results").mkdir(exist_ok=True)
    main("results/12_your_own_submodel.png")
