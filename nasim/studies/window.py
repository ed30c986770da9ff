r"""Stability window of an electrolyte against sodium: grand potential, minimised over the competing phases.

Open to sodium of the potential V against Na/Na+ (mu_Na = -eV), a phase p with the formation energy E_p and n_p sodium has
the grand potential (the paper's eqs. 1-2)

.. math:: \Omega_p = E_p - \mu_{Na}\,n_p = E_p + e V n_p

and a compound turns into what has the lowest one for the same other elements e:

.. math:: \Omega(V) = \min_{x_p \ge 0} \sum_p x_p \Omega_p \quad\text{with}\quad \sum_p x_p a_{pe} = a_e

a linear programme. Omega is concave in V and made of straight pieces, a piece for each set of products; its slope is the
sodium in them. The window is where the compound is its own minimum. Its ends are those of a second programme, over V and
the chemical potentials mu_e of the other elements:

.. math:: \min, \max V \quad\text{with}\quad \sum_e a_{pe}\mu_e \le E_p + eV n_p \text{ for all } p,\ \text{equality for the compound}

Energies are of 0 K, without entropy and volume; a phase that kinetics keep from forming counts all the same. The default is
the shipped set (`nasim.studies.energies`) without the correction on polysulfides, judged by measured couples and not by any
window: it has S/Na2S at 1.94 V (measured 1.85), where the set as published has S/Na2S5 at 3.40 V (measured 2.08).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ..errors import SolveError
from .energies import composition, load_energies

SODIUM = "Na"
TOP = 5.0
"""Potential [V] up to which products are listed: above every oxidation of a sulfide."""
SAME = 1e-9
"""Difference [eV, V] below which energies and potentials are equal: below the digits of any energy."""


@dataclass(frozen=True)
class Step:
    """Products per formula unit of the compound between two potentials [V], and the energy [eV] at V = 0 of these."""

    low: float
    high: float
    products: Mapping[str, float]
    energy: float
    sodium: float

    @property
    def equation(self):
        """Such as "2 S + NaSbS2"."""
        return " + ".join(f"{amount:.3g} {name}" if abs(amount - 1) > SAME else name for name, amount in self.products.items())


@dataclass(frozen=True)
class Window:
    """Window [V against Na/Na+] of a compound, nan where it is never stable, and what it turns into at each potential."""

    compound: str
    low: float
    high: float
    decomposition_energy: float
    steps: tuple[Step, ...]
    energies: str

    @property
    def stable(self):
        return not math.isnan(self.low)

    def products(self, V):
        """Phases per formula unit at the potential `V`."""
        return next(step.products for step in self.steps if V <= step.high or step is self.steps[-1])

    def as_table(self):
        """A pandas row a range of potential: its ends, the products, their sodium."""
        import pandas

        rows = [(step.low, step.high, step.equation, step.sodium) for step in self.steps]
        return pandas.DataFrame(rows, columns=["from_V", "to_V", "products", "sodium_per_formula"])

    def as_record(self):
        """The outcome as plain data that `json.dumps` takes; no window is null."""
        ends = [self.low, self.high] if self.stable else None
        steps = [{"from_V": s.low, "to_V": s.high, "products": dict(s.products)} for s in self.steps]
        decomposition = {"decomposition_energy_eV_atom": self.decomposition_energy, "energies": self.energies}
        return {"compound": self.compound, "stability_window_V": ends} | decomposition | {"steps": steps}

    def plot(self, axes=None):
        """Energy set free by the reaction at each potential, with the window shaded; the axes."""
        import matplotlib.pyplot as plt

        if axes is None:
            axes = plt.subplots(figsize=(7, 4), layout="constrained")[1]
        own = next((step for step in self.steps if set(step.products) == {self.compound}), None)
        V = np.array([self.steps[0].low, *(step.high for step in self.steps)])
        energy, sodium = load_compound(self.compound, self._set) if own is None else (own.energy, own.sodium)
        lowest = [step.energy + step.sodium * step.low for step in self.steps]
        lowest.append(self.steps[-1].energy + self.steps[-1].sodium * V[-1])
        axes.plot(V, energy + sodium * V - np.array(lowest))
        return axes


def stability_window(compound, energies=None):
    """Reduction and oxidation limit [V against Na/Na+] of a compound, a pair; nan twice if it is stable nowhere."""
    (low, high), _ = _ends(_System(compound, energies or default_energies()))
    return low, high
