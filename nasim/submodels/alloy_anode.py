r"""Sodium-tin alloy electrode: kinetics under pressure, inventory, and the phases that it runs through.

**Kinetics** (the paper's eq. 4), local current positive when sodium leaves the alloy, A m-2:

.. math::
   i = \frac{s\,k^\rightarrow - k^\leftarrow}{1 + (k^\rightarrow + k^\leftarrow)/i_{max}}, \qquad
   k^\rightarrow = k\,e^{\gamma f\eta}, \quad k^\leftarrow = k\,e^{-(1-\gamma)f\eta}, \quad
   k = a\,i_0(T)\,e^{(1-\gamma)\Omega_{Na}(P-P_{ref})/RT}, \qquad C\,\frac{d\Delta\phi}{dt} = i_{cell} - i

a is the fraction of the interface in contact, gamma the anodic transfer coefficient, Omega_Na the partial molar volume of
sodium (m3 mol-1), :math:`\eta = \Delta\phi - U(z)`, C the double layer (F m-2), i_max a bound far above any current. The supply
:math:`s = \tanh(z/z_s)` is 1 until the last hundredth of a sodium per tin and 0 in bare tin: an empty alloy gives nothing, and
takes sodium up again. Its equilibrium potential is :math:`U(z) - \Omega_{Na}(P - P_0)/F - \ln(s)/f`: pressure drives sodium out
of the alloy (P_0 one atmosphere). U and s are those of the surface, whose z is
the mean less what diffusion leaves it short of (`alloy_diffusion`; nothing by default).

**Inventory.** z = sodium per tin, from the stored charge. Na15Sn4 (z = 3.75) is the fully sodiated phase: whatever is
returned beyond it plates as sodium metal at 0 V. Going down, the alloy passes the two-phase plateaus

    z 3.75 - 2.25  Na15Sn4/Na9Sn4 0.08 V | 2.25 - 1  Na9Sn4/NaSn 0.16 V | 1 - 0.5  NaSn/NaSn2 0.46 V | < 0.5  NaSn2/Sn 0.53 V

(J. Power Sources 237 (2013) 98, GITT at 363 K), joined by smooth steps:

.. math:: U(z) = U_{plating} + \sum_j \tfrac12 (U_j - U_{j+1})\left[1 - \tanh\frac{z - z_j}{w_j}\right]

Other alloys have plateaus of their own, data of the material (`plateaus` of an anode); tin then stands for their other element.
The cell's anode stores 25 mAh cm-2, a full discharge takes 4 % of it, so it stays on the first plateau; a thin one runs out.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError
from .arrhenius import R_GAS, arrhenius, thermal_voltage_inverse
from .kinetics import pressure_shift
from .mechanism import Mechanism, given_side

PHASE_ENDS = tuple(nm.NA_SN_PHASES.values())
"""z where NaSn2, NaSn, Na9Sn4 and Na15Sn4 are complete."""
NA_PER_SN = PHASE_ENDS[-1]
"""Sodium per tin in Na15Sn4 (stoichiometry)."""
STEP_WIDTH, LAST_WIDTH = 0.005, 0.001
"""w: width of a step between plateaus, and of that to the metal, in sodium per tin (as sharp as is smooth)."""


def widths(ends):
    """Width of the step at the end of each plateau.

    >>> widths((1.0, 3.0))
    (0.005, 0.001)
    """
    return (STEP_WIDTH,) * (len(ends) - 1) + (LAST_WIDTH,)


def limits(ends):
    """z of the middle of each step; the last is set so that the full alloy lies on its plateau.

    >>> limits((1.0, 3.0))
    (1.0, 3.006)
    """
    return (*ends[:-1], ends[-1] + 6 * LAST_WIDTH)


STEP_WIDTHS, PHASE_LIMITS = widths(PHASE_ENDS), limits(PHASE_ENDS)
"""Those of Na-Sn."""
EMPTY = 0.01
"""z_s: sodium per tin below which the alloy cannot keep up its supply."""
LARGEST_RATE = 1e6
"""i_max: bound [A m-2] of the one-way rates, far above any current: keeps an emptied alloy solvable to several volts."""
SUPPLY_FLOOR = 1e-12
"""Smallest supply that enters an equilibrium potential."""
TYPICAL_CHARGE = 3.6e4
"""Scale [C m-2] of the charge taken from the alloy, 1 mAh cm-2: what the integrator's tolerance relates to."""
PLATING_POTENTIAL = 0.0
"""Sodium metal [V against Na/Na+], by definition."""


def equilibrium_potential(z, plateaus, ends=PHASE_ENDS):
    """Potential [V] at `z` sodium per tin for `plateaus` [V] that end at `ends`, by default from Sn-NaSn2 to Na9Sn4-Na15Sn4.

    Without any it is that of sodium metal.

    >>> float(round(equilibrium_potential(3.0, (0.53, 0.46, 0.16, 0.08)), 3))
    0.08
    """
    potential = PLATING_POTENTIAL
    if not plateaus:
        return potential + 0 * z
    following = (*plateaus[1:], PLATING_POTENTIAL)
    for limit, width, upper, lower in zip(limits(ends), widths(ends), plateaus, following, strict=True):
        potential = potential + (upper - lower) / 2 * (1 - np.tanh((z - limit) / width))
    return potential


def supply(z):
    """s of the module's equations at `z` sodium per tin at the surface.

    >>> float(supply(3.75)), float(round(supply(0.001), 4))
    (1.0, 0.0997)
    """
    return np.tanh(z / EMPTY)


def rest_potential(z, plateaus, f, ends=PHASE_ENDS):
    """Potential [V] at which no current flows at `z` sodium per tin; plateaus [V], f [V-1].

    >>> float(round(rest_potential(0.001, (0.53, 0.46, 0.16, 0.08), 38.92), 4))
    0.5892
    """
    s = supply(z)
    return equilibrium_potential(z, plateaus, ends) - np.log((s + abs(s)) / 2 + SUPPLY_FLOOR) / f


def pressure_factor(pressure, reference, molar_volume, gamma, T):
    """Factor on the exchange current (eq. 4); pressures [Pa], molar volume [m3 mol-1], T [K].

    >>> float(round(pressure_factor(250e6, 0.0, 2.378e-5, 0.5, 298.15), 2))
    3.32
    """
    return np.exp((1 - gamma) * molar_volume * (pressure - reference) / (R_GAS * T))


def kinetic_current(eta, i0, gamma, f, s=1.0, bound=np.inf):
    """Current density [A m-2] out of the alloy at `eta` = dphi - U [V], exchange current `i0` [A m-2], supply `s`.

    `bound` [A m-2] is the largest one-way rate.

    >>> float(round(kinetic_current(0.01, 13.0, 0.5, 38.92), 3))
    5.092
    """
    out, back = i0 * np.exp(gamma * f * eta), i0 * np.exp(-(1 - gamma) * f * eta)
    return (s * out - back) / (1 + (out + back) / bound)


class AlloyElectrode(Mechanism):
    """Alloy at one side, by default Na-Sn: potential difference (double layer) and sodium inventory as states.

    Parameters
    ----------
    side : nasim.nomenclature.Side, default the negative electrode
    plateaus : sequence of str
        Names of the parameters with the potentials of its plateaus [V], those of Na-Sn by default; none is a metal.
    ends : sequence of float
        Sodium per atom of the other element at which each plateau ends; the last is the full alloy.
    name : str
        What messages call it after its side.

    Raises
    ------
    CompositionError
        `side` is no side, or ends and plateaus do not fit together.
    """

    def __init__(self, side=nm.NEGATIVE, plateaus=nm.ALLOY_PLATEAUS, ends=PHASE_ENDS, name="alloy"):
        self.side, self.plateaus, self.ends = given_side("AlloyElectrode", side), tuple(plateaus), tuple(ends)
        if self.plateaus and len(self.plateaus) != len(self.ends):
            raise CompositionError(
                f"AlloyElectrode: {len(self.plateaus)} plateaus, but {len(self.ends)} ends of plateaus."
            )
        super().__init__(f"{side} {name}", role=nm.roles.electrode(side))
        self.needs = (nm.TEMPERATURE, nm.STACK_PRESSURE, side.contact_fraction, side.depletion)
        self.rate_needs = (nm.CELL_CURRENT, side.interphase_current)
        self.gives = (side.potential, side.terminal, side.inventory, side.sodium_content, side.equilibrium_potential)
        self.gives += (side.overpotential, side.kinetic_current, side.kinetic_loss, side.expansion)
        self.gives += (side.double_layer_sodium, side.extracted, side.supply)
        self.is_tin = (self.plateaus, self.ends) == (tuple(nm.ALLOY_PLATEAUS), PHASE_ENDS)
        self.gives += (side.tin_content,) if self.is_tin else ()
        self.adds = {nm.VOLTAGE_LOSS: (side.kinetic_loss,)} | dict.fromkeys(side.sodium_totals, (side.inventory,))
        self.adds[nm.SODIUM] += (side.double_layer_sodium,)  # pyright: ignore[reportArgumentType]
        self.adds[nm.EXPANSION] = (side.expansion,)

    def get_fundamental_variables(self):
        side, P = self.side, pybamm.Parameter
        dphi = pybamm.Variable(side.potential)
        full = P(nm.ALLOY_CAPACITY)
        taken = pybamm.Variable(side.extracted, scale=TYPICAL_CHARGE)
        charge = full * P(nm.ALLOY_INITIAL_CONTENT) / self.ends[-1] - taken
        out = {side.potential: dphi, side.terminal: dphi, side.extracted: taken, side.inventory: charge}
        out |= {
            side.sodium_content: self.ends[-1] * charge / full,
            side.expansion: -side.sign * P(nm.ALLOY_MOLAR_VOLUME),
        }
        out |= {side.tin_content: out[side.sodium_content]} if self.is_tin else {}
        return out | {side.double_layer_sodium: -P(nm.ALLOY_DOUBLE_LAYER) * dphi}

    def get_coupled_variables(self, variables):
        side, P, T = self.side, pybamm.Parameter, variables[nm.TEMPERATURE]
        gamma, surface = P(nm.ALLOY_ALPHA), variables[side.sodium_content] - variables[side.depletion]
        plateaus, f, s = [P(name) for name in self.plateaus], thermal_voltage_inverse(T), supply(surface)
        lifted = pressure_shift(variables[nm.STACK_PRESSURE], P(nm.ALLOY_MOLAR_VOLUME))
        at_rest = rest_potential(surface, plateaus, f, self.ends) + lifted
        eta = variables[side.potential] - at_rest
        squeeze = pressure_factor(
            variables[nm.STACK_PRESSURE], P(nm.REFERENCE_PRESSURE), P(nm.ALLOY_MOLAR_VOLUME), gamma, T
        )
        i0 = variables[side.contact_fraction] * P(nm.ALLOY_I0) * arrhenius(T, P(nm.ALLOY_EA)) * squeeze
        at_surface = variables[side.potential] - equilibrium_potential(surface, plateaus, self.ends) - lifted
        i = kinetic_current(at_surface, i0, gamma, f, s, LARGEST_RATE)
        out = {side.equilibrium_potential: at_rest, side.overpotential: eta, side.kinetic_loss: side.sign * eta}
        return out | {side.kinetic_current: i, side.supply: s}

    def set_rhs(self, variables):
        side, i = self.side, variables[self.side.kinetic_current]
        i_cell = side.sign * variables[nm.CELL_CURRENT]
        self.rhs[variables[side.potential]] = (i_cell - i) / pybamm.Parameter(nm.ALLOY_DOUBLE_LAYER)
        self.rhs[variables[side.extracted]] = i + variables[side.interphase_current]

    def set_initial_conditions(self, variables):
        side, P = self.side, pybamm.Parameter
        content = P(nm.ALLOY_INITIAL_CONTENT)
        plateaus = [P(name) for name in self.plateaus]
        self.initial_conditions[variables[side.extracted]] = pybamm.Scalar(0)
        lifted = pressure_shift(P(nm.APPLIED_PRESSURE), P(nm.ALLOY_MOLAR_VOLUME))
        self.initial_conditions[variables[side.potential]] = (
            equilibrium_potential(content, plateaus, self.ends) + lifted
        )
