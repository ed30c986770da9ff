r"""Stability window of an electrolyte against sodium: grand potential, minimised over the competing phases.

Open to sodium of the potential V against Na/Na+ (mu_Na = -eV), a phase p with the formation energy E_p and n_p sodium
has the grand potential (the paper's eqs. 1-2)

.. math:: \Omega_p = E_p - \mu_{Na}\,n_p = E_p + e V n_p

and a compound turns into what has the lowest one for the same other elements e:

.. math:: \Omega(V) = \min_{x_p \ge 0} \sum_p x_p \Omega_p \quad\text{with}\quad \sum_p x_p a_{pe} = a_e

a linear programme (`nasim.studies.hull`). Omega is concave in V and made of straight pieces, one for each set of
products; its slope is the sodium in them. The window is where the compound is its own minimum.

Energies are of 0 K, without entropy and volume; a phase that kinetics keep from forming counts all the same. The
default is the shipped set (`nasim.studies.energies`) without the correction on polysulfides, judged by measured
couples and not by any window: it has S/Na2S at 1.94 V (measured 1.85), where the set as published has S/Na2S5 at 3.40
V (measured 2.08).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..notebook import quiet
from .energies import composition, load_energies
from .hull import SODIUM, Hull

TOP = 5.0
"""Potential [V] up to which products are listed: above every oxidation of a sulfide."""


@dataclass(frozen=True)
class Step:
    """What the compound turns into between two potentials [V], per formula unit, with its energy [eV] at 0 V."""

    low: float
    high: float
    products: Mapping[str, float]
    energy: float
    sodium: float

    @property
    def equation(self):
        """Such as "NaSbS2 + 2 S"."""
        return " + ".join(name if abs(n - 1) < 1e-6 else f"{n:.3g} {name}" for name, n in self.products.items())


@dataclass(frozen=True)
class Window:
    """Window [V against Na/Na+] of a compound, nan if it is stable nowhere, and what it turns into at each potential.

    `decomposition_energy` [eV per atom] is that against the other phases at its own composition: negative is stable.
    """

    compound: str
    low: float
    high: float
    energy: float
    decomposition_energy: float
    steps: tuple[Step, ...]
    energies: str

    @property
    def stable(self):
        """Whether there is a window at all."""
        return not math.isnan(self.low)

    def products(self, V):
        """Phases per formula unit at the potential `V`."""
        return next(step.products for step in self.steps if step.high >= V or step is self.steps[-1])

    def as_table(self):
        """A pandas row a range of potential: its ends, the products, the sodium in them."""
        import pandas

        rows = [(step.low, step.high, step.equation, step.sodium) for step in self.steps]
        return pandas.DataFrame(rows, columns=["from_V", "to_V", "products", "sodium_per_formula"])

    def as_record(self):
        """The outcome as plain data that `json.dumps` takes; no window is null, no upper end too."""
        ends = [end if math.isfinite(end) else None for end in (self.low, self.high)] if self.stable else None
        steps = [{"from_V": step.low, "to_V": step.high, "products": dict(step.products)} for step in self.steps]
        energy = None if math.isnan(self.decomposition_energy) else self.decomposition_energy
        outcome = {"compound": self.compound, "stability_window_V": ends}
        return outcome | {"decomposition_energy_eV_atom": energy, "energies": self.energies, "steps": steps}

    @quiet
    def plot(self, axes=None):
        """Energy that the best reaction sets free at each potential; the window is shaded. Returns the axes."""
        import matplotlib.pyplot as plt

        axes = axes or plt.subplots(figsize=(8, 4.5), layout="constrained")[1]
        sodium = composition(self.compound).get(SODIUM, 0)
        for number, step in enumerate(self.steps):
            V = np.array([step.low, step.high])
            axes.plot(
                V,
                self.energy + sodium * V - step.energy - step.sodium * V,
                color=f"C{number % 10}",
                label=step.equation,
            )
        if self.stable:
            axes.axvspan(self.low, min(self.high, TOP), color="0.9", zorder=0)
        axes.set(xlabel="Potential (V vs Na/Na$^+$)", ylabel=f"Energy set free (eV per {self.compound})", xlim=(0, TOP))
        axes.legend(frameon=False, fontsize="small", title="products", loc="upper center")
        return axes


def solve_window(compound, energies=None):
    """Window of a compound and what it turns into at each potential from 0 V [Window].

    Parameters
    ----------
    compound : str
        A formula of the set, such as "Na3SbS4".
    energies : EnergySet, optional
        Formation energies; default those shipped, without the correction on polysulfides.

    Raises
    ------
    UnknownNameError
        The set has no energy of the compound.
    """
    energies = energies or default_energies()
    hull = Hull(compound, energies)
    steps = tuple(
        Step(low, high, hull.products((low + high) / 2), energy, sodium)
        for low, high, energy, sodium in hull.pieces(0.0, TOP)
    )
    low, high = hull.ends()
    return Window(compound, low, high, hull.own, hull.decomposition_energy(), steps, energies.title)


def stability_window(compound, energies=None):
    """Reduction and oxidation limit [V against Na/Na+] of a compound, a pair; nan twice if it is stable nowhere."""
    return Hull(compound, energies or default_energies()).ends()


def default_energies():
    """The shipped set without the correction on polysulfides [EnergySet]."""
    return load_energies().with_plain_polysulfides()
