r"""Lowest grand potential of a compound open to sodium, by linear programming.

At the potential V, over the amounts x_p of the competing phases, which hold the atoms a_e of the compound's other
elements:

.. math:: \Omega(V) = \min_x \sum_p x_p (E_p + e V n_p) \quad\text{with}\quad \sum_p x_p a_{pe} = a_e

and the range of V in which the compound is its own minimum, over V and the chemical potentials mu_e:

.. math::
   \min, \max V \quad\text{with}\quad \sum_e a_{pe}\mu_e \le E_p + eV n_p \quad (= \text{ for the compound})

so that its ends are exact, and nothing is scanned.
"""

import math
from itertools import pairwise

import numpy as np

from ..errors import SolveError
from .energies import composition

SODIUM = "Na"
SAME = 1e-8
"""Difference [eV, V] below which energies and potentials count as equal; energies have six digits."""


class Hull:
    """The linear programmes of one compound: phases that compete for its elements, open to sodium."""

    def __init__(self, compound, energies):
        self.compound, self.counts = compound, composition(compound)
        self.fixed = [element for element in self.counts if element != SODIUM]
        self.names = energies.competing({SODIUM, *self.counts})
        self.energy = np.array([energies.energy(name) for name in self.names])
        self.own = energies.energy(compound)
        self.sodium = self._content(SODIUM)
        self.atoms = np.array([self._content(element) for element in self.fixed]).reshape(len(self.fixed), -1)
        self.need = np.array([float(self.counts[element]) for element in self.fixed])

    def lowest(self, V):
        """Amounts of all phases with the lowest grand potential at `V`, and that potential [eV]."""
        return self._minimum(self.energy + V * self.sodium, self.atoms, self.need)

    def ends(self):
        """Lowest and highest V at which the compound is its own minimum; nan twice if there is none."""
        sums, bounds = np.column_stack([self.atoms.T, -self.sodium]), [(None, None)] * (len(self.fixed) + 1)
        own = np.array([[*self.need, -float(self.counts.get(SODIUM, 0))]])
        ends = []
        for sign in (1.0, -1.0):
            cost = np.append(np.zeros(len(self.fixed)), sign)
            found = _linprog(cost, A_ub=sums, b_ub=self.energy, A_eq=own, b_eq=[self.own], bounds=bounds)
            if found.status == 2:
                return math.nan, math.nan
            ends.append(-sign * math.inf if found.status == 3 else float(found.x[-1]) + 0.0)
        return tuple(ends)

    def decomposition_energy(self):
        """Energy [eV per atom] of the compound less that of the best mixture of others; nan for an element."""
        if len(self.counts) == 1:
            return math.nan
        others = [name != self.compound for name in self.names]
        atoms, need = np.vstack([self.atoms, self.sodium]), np.append(self.need, self.counts.get(SODIUM, 0))
        _, best = self._minimum(self.energy[others], atoms[:, others], need)
        return float(self.own - best) / sum(self.counts.values())

    def pieces(self, low, high):
        """Straight pieces of the lowest grand potential: tuples of both ends, energy at 0 V, sodium."""
        corners = [low, *self._corners(low, high), high]
        return [(left, right, *self._line((left + right) / 2)) for left, right in pairwise(corners)]

    def _corners(self, low, high):
        """Potentials at which the products change: the lines at both ends meet on the curve or above it."""
        (left, n_left), (right, n_right) = self._line(low), self._line(high)
        if abs(n_left - n_right) < SAME:
            return []
        meet = (right - left) / (n_left - n_right)
        if meet - low < SAME or high - meet < SAME:
            return []
        _, omega = self.lowest(meet)
        if left + n_left * meet - omega < SAME:
            return [meet]
        return [*self._corners(low, meet), *self._corners(meet, high)]

    def _line(self, V):
        amounts, omega = self.lowest(V)
        sodium = float(amounts @ self.sodium)
        return omega - sodium * V, sodium

    def products(self, V):
        """Phase -> amount per formula unit at `V`, compounds before elements."""
        amounts, _ = self.lowest(V)
        found = {name: float(amount) for name, amount in zip(self.names, amounts, strict=True) if amount > SAME}
        return dict(sorted(found.items(), key=lambda item: (-len(composition(item[0])), item[0])))

    def _content(self, element):
        return np.array([float(composition(name).get(element, 0)) for name in self.names])

    def _minimum(self, cost, atoms, need):
        found = _linprog(cost, A_eq=atoms, b_eq=need)
        if found.status != 0:
            raise SolveError(f"the hull of {self.compound} could not be computed: {found.message}")
        return found.x, float(found.fun)


def _linprog(cost, **programme):
    from scipy.optimize import linprog

    return linprog(cost, method="highs", **programme)
