r"""Interphase between alloy and electrolyte: a layer that grows and adds resistance.

Na3SbS4 + 8 Na -> 4 Na2S + Na3Sb. Thickness L (m) is the one state; resistance and sodium follow from it:

.. math::
   \frac{dL}{dt} = k(T)\,g(L) , \qquad R = L\,\rho(T), \qquad i_{Na} = \frac{8F}{V_p}\frac{dL}{dt}

g is a growth law (m s-1 at 298.15 K), rho the resistivity (Ohm m), 8F/V_p = 3.24e9 C m-3 the sodium that the products
bind (V_p = 238 cm3 mol-1): 0.09 mAh cm-2 per um, taken from the alloy, so growth is a resistance and hardly an inventory
problem. Only L rho is seen by impedance, never the two apart.

Default law, self-limiting: g = (L_inf - L)/tau. At rest the new arc appears within 1 h, is complete after 15 h and flat to
24 h (Yuan et al. 2025, Fig. 4e), which a parabolic law (still rising by a quarter between 15 and 24 h) contradicts.
"""

import pybamm

from .. import nomenclature as nm
from .arrhenius import arrhenius
from .mechanism import Mechanism


def self_limiting(L, L_inf, tau):
    """Rate of thickening [m s-1] of a layer that passivates itself; L, L_inf [m], tau [s].

    >>> float(round(self_limiting(L=2e-6, L_inf=10e-6, tau=1.8e4) * 1e10, 3))
    4.444
    """
    return (L_inf - L) / tau


class Interphase(Mechanism):
    """Interphase at one side; `law(L, L_inf, tau)` gives the rate of growth [m s-1]."""

    def __init__(self, side, law=self_limiting):
        super().__init__(f"{side} interphase")
        self.side, self.law = side, law
        self.needs = (nm.TEMPERATURE,)
        self.gives = (side.interphase_thickness, side.interphase_resistance, side.interphase_current)
        self.gives += (side.interphase_charge,)
        self.adds = {nm.SERIES_RESISTANCE: (side.interphase_resistance,), nm.SODIUM: (side.interphase_charge,)}

    def get_fundamental_variables(self):
        L = pybamm.Variable(self.side.interphase_thickness, scale=pybamm.Parameter(nm.INTERPHASE_FINAL))
        charge = L * pybamm.Parameter(nm.INTERPHASE_CHARGE_DENSITY)
        return {self.side.interphase_thickness: L, self.side.interphase_charge: charge}

    def _growth(self, variables):
        P = pybamm.Parameter
        L, pace = variables[self.side.interphase_thickness], arrhenius(variables[nm.TEMPERATURE], P(nm.INTERPHASE_EA))
        return pace * self.law(L, P(nm.INTERPHASE_FINAL), P(nm.INTERPHASE_TAU))

    def get_coupled_variables(self, variables):
        side, P = self.side, pybamm.Parameter
        conducting = arrhenius(variables[nm.TEMPERATURE], P(nm.INTERPHASE_EA))
        resistance = variables[side.interphase_thickness] * P(nm.INTERPHASE_RESISTIVITY) / conducting
        current = P(nm.INTERPHASE_CHARGE_DENSITY) * self._growth(variables)
        return {side.interphase_resistance: resistance, side.interphase_current: current}

    def set_rhs(self, variables):
        self.rhs[variables[self.side.interphase_thickness]] = self._growth(variables)

    def set_initial_conditions(self, variables):
        L = variables[self.side.interphase_thickness]
        self.initial_conditions[L] = pybamm.Parameter(nm.INTERPHASE_INITIAL)


class NoInterphase(Mechanism):
    """A bare interface: no resistance, no growth."""

    def __init__(self, side):
        super().__init__(f"{side} interphase")
        self.side = side
        self.gives = (side.interphase_thickness, side.interphase_resistance, side.interphase_current)
        self.gives += (side.interphase_charge,)

    def get_fundamental_variables(self):
        return {name: pybamm.Scalar(0) for name in self.gives}
