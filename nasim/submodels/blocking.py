r"""A conductivity cell: pressed electrolyte between electrodes that block ions.

The electrolyte of resistance :math:`R = L/\sigma(T)` (Ohm m2) has grains and grain boundaries, each a resistance with its
capacitance in parallel (`separator.GrainedElectrolyte`); either electrode holds only a double layer C_dl (F m-2):

.. math::
   C_b\frac{d\eta_b}{dt} = i - \frac{\eta_b}{(1-s)R}, \quad C_{gb}\frac{d\eta_{gb}}{dt} = i - \frac{\eta_{gb}}{sR}, \;
   C_{dl}\frac{d\Delta\phi_\pm}{dt} = \mp i, \qquad C_b = \frac{\varepsilon_0\varepsilon_r}{L}

s is the grain boundaries' share of R. The two arcs end on the real axis at :math:`R_{lead} + R`, whatever s and the
capacitances, and the conductivity is :math:`L/R`; below, a spike of :math:`-1/(\omega C)` with :math:`C = C_{dl}/2`. A direct current dies out:
only the electronic leak (`soft_short.IntrinsicLeak`) passes one, :math:`\sigma_e V/L`. The bulk arc peaks at
:math:`\sigma/(2\pi\varepsilon_0\varepsilon_r(1 - s))`: 95 MHz for Na3SbS4 with s = 0.15, beyond most analysers, and 11 MHz for Na3PS4.
"""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism, given_side


class BlockingElectrode(Mechanism):
    """An electrode that no ion crosses: a double layer, one state."""

    def __init__(self, side):
        self.side = given_side("BlockingElectrode", side)
        super().__init__(f"{side} blocking electrode", role=nm.roles.electrode(side))
        self.rate_needs = (nm.CELL_CURRENT,)
        self.gives = (side.potential, side.terminal, side.double_layer_sodium)
        self.adds = {nm.SODIUM: (side.double_layer_sodium,)}

    def get_fundamental_variables(self):
        side = self.side
        dphi = pybamm.Variable(side.potential)
        charge = -pybamm.Parameter(nm.BLOCKING_DOUBLE_LAYER) * dphi
        return {side.potential: dphi, side.terminal: dphi, side.double_layer_sodium: charge}

    def set_rhs(self, variables):
        i, C_dl = self.side.sign * variables[nm.CELL_CURRENT], pybamm.Parameter(nm.BLOCKING_DOUBLE_LAYER)
        self.rhs[variables[self.side.potential]] = i / C_dl

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[self.side.potential]] = pybamm.Scalar(0)


class Leads(Mechanism):
    """Resistance of leads and pistons."""

    gives = (nm.BLOCKING_LEAD,)
    adds = {nm.SERIES_RESISTANCE: (nm.BLOCKING_LEAD,)}

    def __init__(self):
        super().__init__("leads", role=nm.roles.LEADS)

    def get_fundamental_variables(self):
        return {nm.BLOCKING_LEAD: pybamm.Parameter(nm.LEAD_RESISTANCE)}
