r"""A conductivity cell: pressed electrolyte between electrodes that block ions.

The electrolyte of resistance R = L/sigma(T) (Ohm m2) has grains and grain boundaries, each a resistance with its
capacitance in parallel (`charged_layer`); either electrode holds only a double layer C_dl (F m-2):

.. math::
   C_b\frac{d\eta_b}{dt} = i - \frac{\eta_b}{(1-s)R}, \quad C_{gb}\frac{d\eta_{gb}}{dt} = i - \frac{\eta_{gb}}{sR}, \;
   C_{dl}\frac{d\Delta\phi_\pm}{dt} = \mp i, \qquad C_b = \frac{\varepsilon_0\varepsilon_r}{L}

s is the grain boundaries' share of R. The two arcs end on the real axis at R_lead + R, whatever s and the
capacitances, and the conductivity is L/R; below, a spike of -1/(omega C) with C = C_dl/2. A direct current dies out:
only the electronic leak (`soft_short.IntrinsicLeak`) passes one, sigma_e V/L. The bulk arc peaks at sigma/(2 pi eps_0
eps_r (1 - s)): 95 MHz for Na3SbS4 with s = 0.15, beyond most analysers, and 11 MHz for Na3PS4.
"""

import pybamm

from .. import nomenclature as nm
from .charged_layer import LEAST_RESISTANCE, charging_rate
from .mechanism import Mechanism, given_side
from .separator import intrinsic_leak, ionic_resistance

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""eps_0 [F m-1] (CODATA 2018)."""


def geometric_capacitance(permittivity, thickness):
    """Capacitance [F m-2] of a plate of relative `permittivity` and `thickness` [m].

    >>> float(round(geometric_capacitance(20.0, 394e-6) * 1e7, 3))
    4.495
    """
    return VACUUM_PERMITTIVITY * permittivity / thickness


class GrainedElectrolyte(Mechanism):
    """A `Separator` for spectra: grains and grain boundaries of each layer as two charged layers, a state each.

    `layers` are `nasim.nomenclature.Layer` objects, anode side first, of the same permittivity and grain boundaries.
    """

    needs, rate_needs = (nm.TEMPERATURE,), (nm.CELL_CURRENT,)

    def __init__(self, layers=(nm.SEPARATOR,)):
        super().__init__("separator", role=nm.roles.SEPARATOR)
        self.layers = tuple(layers)
        losses = tuple(name for layer in self.layers for name in (layer.bulk_loss, layer.grain_boundary_loss))
        self.gives = (nm.SEPARATOR_RESISTANCE, nm.INTRINSIC_LEAK, *losses)
        self.adds = dict.fromkeys((nm.POLARISATION, nm.VOLTAGE_LOSS), losses)

    def get_fundamental_variables(self):
        return {name: pybamm.Variable(name) for name in self.adds[nm.POLARISATION]}

    def get_coupled_variables(self, variables):
        T = variables[nm.TEMPERATURE]
        leak = intrinsic_leak(self.layers, T)
        return {nm.SEPARATOR_RESISTANCE: ionic_resistance(self.layers, T), nm.INTRINSIC_LEAK: leak}

    def set_rhs(self, variables):
        P, i, share = pybamm.Parameter, variables[nm.CELL_CURRENT], pybamm.Parameter(nm.GRAIN_BOUNDARY_SHARE)
        for layer in self.layers:
            R = ionic_resistance([layer], variables[nm.TEMPERATURE]) + LEAST_RESISTANCE
            bulk, boundary = variables[layer.bulk_loss], variables[layer.grain_boundary_loss]
            C_b = geometric_capacitance(P(nm.PERMITTIVITY), P(layer.thickness))
            self.rhs[bulk] = charging_rate(i, bulk, (1 - share) * R, C_b)
            R_gb, C_gb = share * R + LEAST_RESISTANCE, P(nm.GRAIN_BOUNDARY_CAPACITANCE)
            self.rhs[boundary] = charging_rate(i, boundary, R_gb, C_gb)

    def set_initial_conditions(self, variables):
        for name in self.adds[nm.POLARISATION]:
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)


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
