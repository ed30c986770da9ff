r"""Separator: one or several pressed solid electrolytes in series, single-ion conductors.

.. math:: R_{sep} = \sum_j \frac{L_j}{\sigma_j(T)}, \qquad \sigma T \text{ Arrhenius}

L in m, sigma in S m-1, R in Ohm m2. A single-ion conductor has no salt balance (physics.md 4), so Ohm's law is all.
Na3SbS4: 0.9 mS cm-1 and 394 um (80 mg on 10 mm) give 44 Ohm cm2 (Yuan et al. 2025).
"""

import pybamm

from .. import nomenclature as nm
from .arrhenius import conductivity
from .mechanism import Mechanism


def resistance(thickness, sigma):
    """Area resistance [Ohm m2] of a layer; thickness [m], sigma [S m-1].

    >>> float(round(resistance(394e-6, 0.09) * 1e4, 1))
    43.8
    """
    return thickness / sigma


class Separator(Mechanism):
    """A stack of electrolyte layers; `layers` are `nasim.nomenclature.Layer` objects, anode side first."""

    needs = (nm.TEMPERATURE,)
    gives = (nm.SEPARATOR_RESISTANCE,)
    adds = {nm.SERIES_RESISTANCE: (nm.SEPARATOR_RESISTANCE,)}

    def __init__(self, layers=(nm.SEPARATOR,)):
        super().__init__("separator")
        self.layers = tuple(layers)

    def get_coupled_variables(self, variables):
        P, T = pybamm.Parameter, variables[nm.TEMPERATURE]
        parts = [
            resistance(P(layer.thickness), conductivity(T, P(layer.conductivity), P(layer.Ea)))
            for layer in self.layers
        ]
        return {nm.SEPARATOR_RESISTANCE: sum(parts[1:], parts[0])}
