r"""Contact in the cathode under stack pressure, and how breathing opens, closes and wears it.

The connected fraction a of the cathode follows a target with a short delay,

.. math::
   a^* = a_\infty\,s(\lambda)\,(1-\chi v)\,e^{-g/\epsilon_g}, \qquad \dot a = R_{in} - R_{out} = (a^* - a)/\tau_a

1. **Pressure**: :math:`a_\infty = 1 - \exp[-(P/P_0)^m (P_m/P_{m0})^{1-m}]`. The area of plastic contacts grows in proportion to P
   on first loading (P = P_m) and as :math:`P^m` on unloading from the largest pressure P_m that the composite has seen. That is a state:
   pressing counts, and so does a later excursion. The published cells were pressed at P_m0 = 500 MPa, so that P_0 and m are
   those of the unloading branch. Elastic (Persson) contact with the known moduli would give less than 0.25 at 250 MPa.
2. **Gap**, reversible: sodiation swells the cathode by the strain :math:`\epsilon = \Delta V Q/(F L_c)`, Q the charge of all
   material, connected or not. The matrix is pushed out at once, to the strain s; it follows shrinkage elastically by the
   springback epsilon_el, and what is left beyond that is a gap, into which it flows as a Newtonian solid under the pressure,

   .. math:: g = \max(0, s - \epsilon - \epsilon_{el}), \qquad
             \dot s = \max(0, \epsilon - s)/\tau_{track} - k(T)\,\frac{P}{P_{ref}}\,\frac{g}{\tau_g}

   A gap isolates grains while it is open; nothing of it is left after minutes to hours of rest.
3. **Wear**, the one damage: breathing breaks contacts with the strain that it runs through,
   :math:`\dot\lambda = k_\lambda |\dot\epsilon| (\epsilon/\epsilon_0)^{q-1} (1-\lambda)`; q = 1 counts strain, q = 2 is the fatigue of
   Coffin and Manson, in which a stroke twice as long wears four times as much. What broken contacts cost is a matter of
   percolation: s is the share that is still reached (`composite`).
4. **Shadow**: what lies behind a void of the alloy (share v, `alloy_contact`) gets no sodium; chi is how completely, below 1
   since voids smaller than the separator is thick are reached from the side.

Isolated material keeps its composition (`redox_chain`); reconnected material comes with the mean composition of what is
isolated. Maxima are softplus functions, smooth over `GAP_SOFTENING` (a strain), and the matrix follows swelling within
`TRACKING` seconds. Units: P Pa; strains, g, lambda, v dimensionless; rates s-1.

Sources: Bowden and Tabor, The Friction and Lubrication of Solids (plastic contact); Coffin, Trans. ASME 76 (1954) 931.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import FARADAY, arrhenius
from .composite import reached_share
from .mechanism import Mechanism
from .smooth import smooth_absolute, softplus

PRESSED = 500e6
"""P_m0 [Pa]: pressure at which the cells that P_0 and m come from were pressed."""
PRESSURE_MEMORY = 100.0
"""Time [s] in which a larger pressure is remembered."""
PRESSURE_WIDTH = 1e5
"""Pressure [Pa] over which it begins to be."""
WEAR_STRAIN = 0.25
"""epsilon_0: strain at which wear per strain has its nominal value, that of a full stroke."""
GAP_SOFTENING = 4e-3
"""Strain over which the gap opens smoothly: 1.5 % of a full stroke."""
TRACKING = 100.0
"""Time [s] in which the matrix follows the strain, short against hours of cycling."""
TRACKING_WIDTH = 2e-4
"""Strain over which the matrix starts to follow."""
RATE_FLOOR = 1e-9
"""Smoothing [s-1] of the exchange between connected and isolated material; at rest half of it, 0.2 % in 1000 h, mixes."""
STRAIN_RATE_FLOOR = 1e-9
"""Smoothing [s-1] of the absolute strain rate."""


def strain(stored_charge, molar_expansion, thickness):
    """Swelling of the cathode relative to its thickness; charge [C m-2], expansion [m3 mol-1], thickness [m].

    >>> float(round(strain(2.94e4, 1.33e-5, 15.4e-6), 3))
    0.263
    """
    return molar_expansion * stored_charge / FARADAY / thickness


def connected_at(pressure, P0, m, largest=PRESSED):
    """Connected fraction of a cathode at `pressure` [Pa] that has seen the `largest` [Pa].

    >>> float(round(connected_at(20e6, 28.3e6, 0.876), 3))
    0.522
    >>> bool(connected_at(20e6, 28.3e6, 0.876, 100e6) < connected_at(20e6, 28.3e6, 0.876))
    True
    """
    return 1 - np.exp(-((pressure / P0) ** m) * (largest / PRESSED) ** (1 - m))


def closing_rate(gap, pressure, reference, tau):
    """Rate [s-1] at which viscous flow under `pressure` [Pa] closes a gap (a strain); tau [s] at the reference [Pa].

    >>> closing_rate(0.01, 125e6, 250e6, 200.0)
    2.5e-05
    """
    return gap * pressure / reference / tau


def gap(largest, current, accommodated):
    """Gap, as strain, left by shrinking from `largest` to `current` strain when `accommodated` can be followed.

    >>> float(round(gap(0.26, 0.05, 0.09), 3))
    0.12
    """
    return softplus(largest - current - accommodated, GAP_SOFTENING)


def loss_rate(loss, strain, strain_rate, wear, q=1.0):
    """Rate [s-1] of irreversible contact loss at a strain [-] that changes at a rate [s-1]; `wear` per strain, exponent q.

    >>> loss_rate(0.0, 0.25, 1e-5, 0.002), loss_rate(0.0, 0.125, 1e-5, 0.002, 2.0)
    (2e-08, 1e-08)
    """
    return wear * strain_rate * (strain / WEAR_STRAIN) ** (q - 1) * (1 - loss)


class PressureContact(Mechanism):
    """Connected fraction of the cathode with gap and wear; states a, matrix strain, loss, largest pressure."""

    needs = (nm.STACK_PRESSURE, nm.UPTAKE, nm.NEGATIVE.void_share)
    rate_needs = (nm.CELL_CURRENT, nm.TEMPERATURE)
    gives = (nm.CONNECTED, nm.INITIAL_CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE, nm.STRAIN)
    gives += (nm.MATRIX_STRAIN, nm.CONTACT_LOSS, nm.LARGEST_PRESSURE, nm.GAP)

    def __init__(self):
        super().__init__("cathode contact", role=nm.roles.CATHODE_CONTACT)

    def get_fundamental_variables(self):
        names = (nm.CONNECTED, nm.MATRIX_STRAIN, nm.CONTACT_LOSS)
        states = {name: pybamm.Variable(name) for name in names}
        states[nm.LARGEST_PRESSURE] = pybamm.Variable(nm.LARGEST_PRESSURE, scale=pybamm.Scalar(PRESSED))  # pyright: ignore[reportArgumentType]
        fresh = _under_pressure(pybamm.Parameter(nm.APPLIED_PRESSURE), _first_largest()) * reached_share(0)
        return states | {nm.INITIAL_CONNECTED: fresh}

    def get_coupled_variables(self, variables):
        P, a = pybamm.Parameter, variables[nm.CONNECTED]
        eps = strain(variables[nm.UPTAKE], P(nm.MOLAR_EXPANSION), P(nm.CATHODE_THICKNESS))
        g = gap(variables[nm.MATRIX_STRAIN], eps, P(nm.SPRINGBACK))
        target = _under_pressure(variables[nm.STACK_PRESSURE], variables[nm.LARGEST_PRESSURE])
        target = target * reached_share(variables[nm.CONTACT_LOSS])
        lit = 1 - P(nm.VOID_SHADOW) * variables[nm.NEGATIVE.void_share]
        drive = (target * lit * np.exp(-g / P(nm.GAP_SCALE)) - a) / P(nm.CONTACT_FOLLOW)
        both = smooth_absolute(drive, RATE_FLOOR)
        rates = {nm.ISOLATION_RATE: (both - drive) / 2, nm.RECONNECTION_RATE: (both + drive) / 2}
        return rates | {nm.STRAIN: eps, nm.GAP: g}

    def set_rhs(self, variables):
        P, loss, eps = pybamm.Parameter, variables[nm.CONTACT_LOSS], variables[nm.STRAIN]
        matrix, pressure, largest = (variables[k] for k in (nm.MATRIX_STRAIN, nm.STACK_PRESSURE, nm.LARGEST_PRESSURE))
        speed = strain(variables[nm.CELL_CURRENT], P(nm.MOLAR_EXPANSION), P(nm.CATHODE_THICKNESS))
        speed = smooth_absolute(speed, STRAIN_RATE_FLOOR)
        self.rhs[variables[nm.CONNECTED]] = variables[nm.RECONNECTION_RATE] - variables[nm.ISOLATION_RATE]
        closing = closing_rate(variables[nm.GAP], pressure, P(nm.REFERENCE_PRESSURE), P(nm.GAP_CLOSING))
        closing = closing * arrhenius(variables[nm.TEMPERATURE], P(nm.GAP_CLOSING_EA))
        self.rhs[matrix] = softplus(eps - matrix, TRACKING_WIDTH) / TRACKING - closing
        stroke = softplus(eps, GAP_SOFTENING)
        self.rhs[loss] = loss_rate(loss, stroke, speed, P(nm.BREATHING_LOSS), P(nm.WEAR_EXPONENT))  # pyright: ignore[reportArgumentType]
        self.rhs[largest] = softplus(pressure - largest, PRESSURE_WIDTH) / PRESSURE_MEMORY

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.CONNECTED]] = variables[nm.INITIAL_CONNECTED]
        self.initial_conditions[variables[nm.MATRIX_STRAIN]] = pybamm.Scalar(0)
        self.initial_conditions[variables[nm.CONTACT_LOSS]] = pybamm.Scalar(0)
        self.initial_conditions[variables[nm.LARGEST_PRESSURE]] = _first_largest()


def _under_pressure(pressure, largest):
    P = pybamm.Parameter
    return connected_at(pressure, P(nm.CONTACT_P0), P(nm.CONTACT_EXPONENT), largest)


def _first_largest():
    """Pressing or the applied pressure, whichever is larger, a symbol [Pa]."""
    pressed, applied = pybamm.Parameter(nm.PRESSING_PRESSURE), pybamm.Parameter(nm.APPLIED_PRESSURE)
    return pressed + softplus(applied - pressed, PRESSURE_WIDTH)


class FullContact(Mechanism):
    """Null contact of the cathode: all material is connected, always."""

    needs = (nm.UPTAKE,)
    gives = (nm.CONNECTED, nm.INITIAL_CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE, nm.STRAIN)

    def __init__(self):
        super().__init__("cathode contact", role=nm.roles.CATHODE_CONTACT)

    def get_fundamental_variables(self):
        zero = pybamm.Scalar(0)
        one = {nm.CONNECTED: pybamm.Scalar(1), nm.INITIAL_CONNECTED: pybamm.Scalar(1)}
        return one | {nm.ISOLATION_RATE: zero, nm.RECONNECTION_RATE: zero}

    def get_coupled_variables(self, variables):
        P = pybamm.Parameter
        return {nm.STRAIN: strain(variables[nm.UPTAKE], P(nm.MOLAR_EXPANSION), P(nm.CATHODE_THICKNESS))}
