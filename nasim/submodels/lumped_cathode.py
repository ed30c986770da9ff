r"""Lumped composite cathode: one potential difference carbon - electrolyte for the whole thickness (the default).

The cathode is 18 um thick and conducts 5e-5 S cm-1 once its catholyte is sodiated, so its ohmic drop at 0.127 mA cm-2
is about a millivolt, and some 30 mV while it is still desodiated; `porous_cathode` resolves it. With the double layer
the potential difference is a state,

.. math:: C_{dl}\,\frac{d\Delta\phi}{dt} = \sum_k i_k - i

(i the cell current density, discharge positive; i_k the reactions, reduction positive; A m-2; C_dl F m-2), which makes
the cell a pure ODE and gives the arc of the impedance.
"""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism
from .region import LUMPED


def double_layer_rate(reaction, current, capacitance):
    """Rate of change of the potential difference [V s-1]; currents [A m-2], capacitance [F m-2].

    >>> double_layer_rate(1.0, 1.5, 10.0)
    -0.05
    """
    return (reaction - current) / capacitance


class LumpedCathode(Mechanism):
    """One potential difference for the whole cathode."""

    needs, rate_needs = (nm.STORED_CHARGE,), (nm.CELL_CURRENT, nm.REACTION_CURRENT)
    gives = (nm.POSITIVE.potential, nm.POSITIVE.terminal, nm.POSITIVE.double_layer_sodium, nm.UPTAKE)
    gives += (nm.POSITIVE.expansion,)
    adds = {nm.EXPANSION: (nm.POSITIVE.expansion,), nm.SODIUM: (nm.POSITIVE.double_layer_sodium,)}
    region = LUMPED

    def __init__(self):
        super().__init__("lumped cathode", role=nm.roles.CATHODE)

    def get_fundamental_variables(self):
        dphi = self.region.variable(nm.POSITIVE.potential)
        charge = -pybamm.Parameter(nm.DOUBLE_LAYER) * dphi
        out = {nm.POSITIVE.potential: dphi, nm.POSITIVE.terminal: dphi, nm.POSITIVE.double_layer_sodium: charge}
        return out | {nm.POSITIVE.expansion: pybamm.Parameter(nm.MOLAR_EXPANSION)}

    def get_coupled_variables(self, variables):
        return {nm.UPTAKE: variables[nm.STORED_CHARGE]}

    def set_rhs(self, variables):
        dphi, C = variables[nm.POSITIVE.potential], pybamm.Parameter(nm.DOUBLE_LAYER)
        self.rhs[dphi] = double_layer_rate(variables[nm.REACTION_CURRENT], variables[nm.CELL_CURRENT], C)

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.POSITIVE.potential]] = pybamm.Parameter(nm.INITIAL_POTENTIAL)
