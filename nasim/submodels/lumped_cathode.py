r"""Lumped composite cathode: one potential difference, with a double layer, for all of it.

.. math:: C_{dl}\,\frac{d\Delta\phi}{dt} = \sum_k i_k - i_{cell}

Reaction currents are positive for reduction, cell current for discharge, both A m-2; C_dl (F m-2) is small, so that the sum
of the reactions is the cell current, but it makes the model an ODE with a meaning and gives the arc of the impedance. The
grains come in classes by size (`product_layer`), and conduction through the thickness is a series resistance that grows to
that of a front where it limits (`composite_conduction`).
"""

import pybamm

from .. import nomenclature as nm
from .composite_conduction import FRONT_TIME, given_catholyte, ionic_conductivity, lumped_path
from .mechanism import Mechanism
from .region import LUMPED
from .whole_number import whole_number

CLASSES = 5
"""Classes of grains of a cathode by default: with fewer, capacity against current has steps."""


def double_layer_rate(reaction, current, capacitance):
    """Rate of change of the potential difference [V s-1]; currents [A m-2], capacitance [F m-2].

    >>> double_layer_rate(1.0, 1.5, 10.0)
    -0.05
    """
    return (reaction - current) / capacitance


class LumpedCathode(Mechanism):
    """One potential difference for the whole cathode.

    Parameters
    ----------
    classes : int
        Classes of grains, default 5; one is a cathode of equal grains.
    catholyte : SbSCatholyte (default) or FixedCatholyte
        What the composition of the catholyte, and with it the ionic conductivity, follows.

    Raises
    ------
    CompositionError
        `classes` is no whole number of at least 1, or `catholyte` is none.
    """

    gives = (nm.POSITIVE.potential, nm.POSITIVE.terminal, nm.POSITIVE.double_layer_sodium, nm.UPTAKE)
    gives += (
        nm.POSITIVE.expansion,
        nm.COMPOSITE_RESISTANCE,
        nm.COMPOSITE_CONDUCTIVITY,
        nm.PENETRATION,
        nm.FRONT_CURRENT,
    )
    adds = {
        nm.EXPANSION: (nm.POSITIVE.expansion,),
        nm.SODIUM: (nm.POSITIVE.double_layer_sodium,),
        nm.SERIES_RESISTANCE: (nm.COMPOSITE_RESISTANCE,),
    }
    rate_needs = (nm.CELL_CURRENT, nm.REACTION_CURRENT)
    region = LUMPED

    def __init__(self, classes=CLASSES, catholyte=None):
        super().__init__("lumped cathode", role=nm.roles.CATHODE)
        self.classes = whole_number("LumpedCathode", "classes", classes, 1)
        self.catholyte = given_catholyte("LumpedCathode", catholyte)
        self.needs = (nm.STORED_CHARGE, nm.TEMPERATURE, nm.CONNECTED, nm.ELECTROLYTE_LOSS, *self.catholyte.needs)

    def get_fundamental_variables(self):
        dphi = self.region.variable(nm.POSITIVE.potential)
        charge = -pybamm.Parameter(nm.DOUBLE_LAYER) * dphi
        out = {nm.POSITIVE.potential: dphi, nm.POSITIVE.terminal: dphi, nm.POSITIVE.double_layer_sodium: charge}
        out |= {nm.FRONT_CURRENT: pybamm.Variable(nm.FRONT_CURRENT)}
        return out | {nm.POSITIVE.expansion: pybamm.Parameter(nm.MOLAR_EXPANSION)}

    def get_coupled_variables(self, variables):
        kappa = ionic_conductivity(self.catholyte, variables)
        R, depth = lumped_path(kappa, variables)
        out = {nm.UPTAKE: variables[nm.STORED_CHARGE], nm.COMPOSITE_CONDUCTIVITY: kappa}
        return out | {nm.COMPOSITE_RESISTANCE: R, nm.PENETRATION: depth}

    def set_rhs(self, variables):
        dphi, C = variables[nm.POSITIVE.potential], pybamm.Parameter(nm.DOUBLE_LAYER)
        i, front = variables[nm.CELL_CURRENT], variables[nm.FRONT_CURRENT]
        self.rhs[dphi] = double_layer_rate(variables[nm.REACTION_CURRENT], i, C)
        self.rhs[front] = (i - front) / FRONT_TIME

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.POSITIVE.potential]] = pybamm.Parameter(nm.INITIAL_POTENTIAL)
        self.initial_conditions[variables[nm.FRONT_CURRENT]] = pybamm.Scalar(0)

    def discretisation(self):
        return self.region.grains(self.classes)
