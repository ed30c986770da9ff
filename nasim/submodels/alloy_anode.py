r"""Sodium-tin alloy electrode: kinetics under pressure, inventory, and the phases that it runs through.

**Kinetics** (the paper's eq. 4), local current positive when sodium leaves the alloy, A m-2:

.. math::
   i = a\,i_0(T)\,e^{(1-\gamma)\Omega_{Na}(P-P_{ref})/RT}
       s\left[e^{\gamma f\eta} - e^{-(1-\gamma)f\eta}\right], \qquad C\,\frac{d\Delta\phi}{dt} = i_{cell} - i

a is the fraction of the interface in contact, gamma the anodic transfer coefficient, Omega_Na the partial molar volume of
sodium (m3 mol-1), eta = dphi - U(z). s = z/(z + z_s) lets the exchange die out as the alloy runs empty. U and s are those
of the surface, whose z is the mean less what diffusion leaves it short of (`alloy_diffusion`; nothing by default).

**Inventory.** z = sodium per tin, from the stored charge. Na15Sn4 (z = 3.75) is the fully sodiated phase: whatever is
returned beyond it plates as sodium metal at 0 V. Going down, the alloy passes the two-phase plateaus

    z 3.75 - 2.25  Na15Sn4/Na9Sn4 0.08 V | 2.25 - 1  Na9Sn4/NaSn 0.16 V | 1 - 0.5  NaSn/NaSn2 0.46 V | < 0.5  NaSn2/Sn 0.53 V

(J. Power Sources 237 (2013) 98, GITT at 363 K), joined by smooth steps:

.. math:: U(z) = U_{plating} + \sum_j \tfrac12 (U_j - U_{j+1})\left[1 - \tanh\frac{z - z_j}{w}\right]

The cell's anode stores 25 mAh cm-2, a full discharge takes 4 % of it, so it stays on the first plateau; a thin one runs out.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import R_GAS, arrhenius, thermal_voltage_inverse
from .mechanism import Mechanism

NA_PER_SN = 3.75
"""Sodium per tin in Na15Sn4 (stoichiometry)."""
STEP_WIDTH = 0.005
"""w: width of the step between plateaus, in sodium per tin (two-phase plateaus: as sharp as is smooth)."""
PHASE_LIMITS = (0.5, 1.0, 2.25, NA_PER_SN + 6 * STEP_WIDTH)
"""z where NaSn2, NaSn, Na9Sn4 and Na15Sn4 are complete; the last is set so that z = 3.75 lies on the plateau."""
EMPTY = 0.01
"""z_s: sodium per tin at which the exchange current has fallen to half."""
TYPICAL_CHARGE = 3.6e4
"""Scale [C m-2] of the charge taken from the alloy, 1 mAh cm-2: what the integrator's tolerance relates to."""
PLATING_POTENTIAL = 0.0
"""Sodium metal [V against Na/Na+], by definition."""


def equilibrium_potential(z, plateaus):
    """Potential [V] at `z` sodium per tin for the four `plateaus` [V], from Sn-NaSn2 to Na9Sn4-Na15Sn4.

    >>> float(round(equilibrium_potential(3.0, (0.53, 0.46, 0.16, 0.08)), 3))
    0.08
    """
    potential = PLATING_POTENTIAL
    following = (*plateaus[1:], PLATING_POTENTIAL)
    for limit, upper, lower in zip(PHASE_LIMITS, plateaus, following, strict=True):
        potential = potential + (upper - lower) / 2 * (1 - np.tanh((z - limit) / STEP_WIDTH))
    return potential


def pressure_factor(pressure, reference, molar_volume, gamma, T):
    """Factor on the exchange current (eq. 4); pressures [Pa], molar volume [m3 mol-1], T [K].

    >>> float(round(pressure_factor(250e6, 0.0, 2.378e-5, 0.5, 298.15), 2))
    3.32
    """
    return np.exp((1 - gamma) * molar_volume * (pressure - reference) / (R_GAS * T))


def kinetic_current(eta, i0, gamma, f):
    """Current density [A m-2] out of the alloy at overpotential `eta` [V] for an exchange current `i0` [A m-2].

    >>> float(round(kinetic_current(0.01, 13.0, 0.5, 38.92), 3))
    5.092
    """
    return i0 * (np.exp(gamma * f * eta) - np.exp(-(1 - gamma) * f * eta))


class AlloyElectrode(Mechanism):
    """Na-Sn alloy at one side: potential difference (double layer) and sodium inventory as states."""

    def __init__(self, side):
        super().__init__(f"{side} alloy")
        self.side = side
        self.needs = (nm.TEMPERATURE, nm.STACK_PRESSURE, nm.CELL_CURRENT, side.contact_fraction)
        self.needs += (side.interphase_current, side.depletion)
        self.gives = (side.potential, side.terminal, side.inventory, side.sodium_content, side.equilibrium_potential)
        self.gives += (side.overpotential, side.kinetic_current, side.kinetic_loss, side.plated_sodium)
        self.gives += (side.double_layer_sodium, side.extracted)
        self.adds = {nm.VOLTAGE_LOSS: (side.kinetic_loss,)} | dict.fromkeys(side.sodium_totals, (side.inventory,))
        self.adds[nm.SODIUM] += (side.double_layer_sodium,)

    def get_fundamental_variables(self):
        side, P = self.side, pybamm.Parameter
        dphi = pybamm.Variable(side.potential)
        full = P(nm.ALLOY_CAPACITY)
        taken = pybamm.Variable(side.extracted, scale=TYPICAL_CHARGE)
        charge = full * P(nm.ALLOY_INITIAL_CONTENT) / NA_PER_SN - taken
        out = {side.potential: dphi, side.terminal: dphi, side.extracted: taken, side.inventory: charge}
        out |= {side.sodium_content: NA_PER_SN * charge / full, side.plated_sodium: pybamm.maximum(charge - full, 0)}
        return out | {side.double_layer_sodium: -P(nm.ALLOY_DOUBLE_LAYER) * dphi}

    def get_coupled_variables(self, variables):
        side, P, T = self.side, pybamm.Parameter, variables[nm.TEMPERATURE]
        gamma, surface = P(nm.ALLOY_ALPHA), variables[side.sodium_content] - variables[side.depletion]
        U = equilibrium_potential(surface, [P(name) for name in nm.ALLOY_PLATEAUS])
        eta = variables[side.potential] - U
        squeeze = pressure_factor(
            variables[nm.STACK_PRESSURE], P(nm.REFERENCE_PRESSURE), P(nm.ALLOY_MOLAR_VOLUME), gamma, T
        )
        filling = surface / (surface + EMPTY)
        i0 = variables[side.contact_fraction] * filling * P(nm.ALLOY_I0) * arrhenius(T, P(nm.ALLOY_EA)) * squeeze
        i = kinetic_current(eta, i0, gamma, thermal_voltage_inverse(T))
        out = {side.equilibrium_potential: U, side.overpotential: eta, side.kinetic_loss: side.sign * eta}
        return out | {side.kinetic_current: i}

    def set_rhs(self, variables):
        side, i = self.side, variables[self.side.kinetic_current]
        i_cell = side.sign * variables[nm.CELL_CURRENT]
        self.rhs[variables[side.potential]] = (i_cell - i) / pybamm.Parameter(nm.ALLOY_DOUBLE_LAYER)
        self.rhs[variables[side.extracted]] = i + variables[side.interphase_current]

    def set_initial_conditions(self, variables):
        side, P = self.side, pybamm.Parameter
        content = P(nm.ALLOY_INITIAL_CONTENT)
        plateaus = [P(name) for name in nm.ALLOY_PLATEAUS]
        self.initial_conditions[variables[side.extracted]] = pybamm.Scalar(0)
        self.initial_conditions[variables[side.potential]] = equilibrium_potential(content, plateaus)
