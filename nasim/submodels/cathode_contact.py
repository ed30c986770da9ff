r"""Contact in the cathode under stack pressure, and how breathing opens and heals it.

The connected fraction a of the cathode follows a target of three parts with a short delay,

.. math::
   a^* = a_\infty(P)\,(1-\lambda)\,e^{-g/\epsilon_g}, \qquad \dot a = R_{in} - R_{out} = (a^* - a)/\tau_a

1. **Pressure**: :math:`a_\infty = 1 - \exp[-(P/P_0)^m (1 + c h)]`, a Weibull form fitted to the first discharges at 20 to
   250 MPa. It stands for plastic contact: elastic (Persson) contact with the known moduli would give less than 0.25 at
   250 MPa. Plastic contact creeps: h is the logarithm of time under pressure, :math:`\dot h = k(T)\,e^{-h}/\tau_h`, Arrhenius k, so that
   contact gains the same share in each decade of time.
2. **Gap** (reversible): sodiation swells the cathode by the strain :math:`\epsilon = \Delta V Q/(F L_c)`, Q the charge of all
   material, connected or not. On charge it shrinks from the largest strain it has reached; what the pressure cannot
   follow opens a gap, as strain, :math:`g = \max(0, \epsilon_{max} - \epsilon - \beta P)`, that isolates material until the next
   discharge closes it.
3. **Loss** (irreversible): breathing wears contact, in proportion to the strain that it runs through,
   :math:`\dot\lambda = k_\lambda |\dot\epsilon| (1-\lambda)`.

Isolated material keeps its composition (`redox_chain`); reconnected material comes with the mean composition of what is
isolated, which at low pressure is mostly fresh. The maxima are softplus functions, smooth over `GAP_SOFTENING` (a strain), and
the running maximum follows the strain within `TRACKING` seconds. Units: P Pa; strains, g and lambda dimensionless; rates s-1.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import FARADAY, arrhenius
from .mechanism import Mechanism
from .smooth import smooth_absolute, softplus

GAP_SOFTENING = 4e-3
"""Strain over which the gap opens smoothly: 1.5 % of a full stroke."""
TRACKING = 100.0
"""Time [s] in which the running maximum follows the strain, short against hours of cycling."""
TRACKING_WIDTH = 2e-4
"""Strain over which the running maximum starts to follow."""
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


def connected_at(pressure, P0, m, creep=0.0):
    """Connected fraction of a cathode at `pressure` [Pa]; `creep` is the gain c h of the time under pressure.

    >>> float(round(connected_at(20e6, 28.3e6, 0.876), 3))
    0.522
    """
    return 1 - np.exp(-((pressure / P0) ** m) * (1 + creep))


def creep_rate(h, tau):
    """Rate [s-1] of the logarithmic creep time h = ln(1 + t/tau).

    >>> float(creep_rate(0.0, 3600.0) * 3600)
    1.0
    """
    return np.exp(-h) / tau


def gap(largest, current, accommodated):
    """Gap, as strain, left by shrinking from `largest` to `current` strain when `accommodated` can be followed.

    >>> float(round(gap(0.26, 0.05, 0.09), 3))
    0.12
    """
    return softplus(largest - current - accommodated, GAP_SOFTENING)


def loss_rate(loss, strain_rate, wear):
    """Rate [s-1] of irreversible contact loss; `wear` per strain.

    >>> loss_rate(0.0, 1e-5, 0.002)
    2e-08
    """
    return wear * strain_rate * (1 - loss)


class PressureContact(Mechanism):
    """Connected fraction of the cathode with gap and loss; states a, largest strain, loss, creep."""

    needs, rate_needs = (nm.STACK_PRESSURE, nm.UPTAKE), (nm.CELL_CURRENT, nm.TEMPERATURE)
    gives = (nm.CONNECTED, nm.INITIAL_CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE, nm.STRAIN)
    gives += (nm.LARGEST_STRAIN, nm.CONTACT_LOSS, nm.CONTACT_CREEP, nm.GAP)

    def __init__(self):
        super().__init__("cathode contact", role=nm.roles.CATHODE_CONTACT)

    def get_fundamental_variables(self):
        P = pybamm.Parameter
        names = (nm.CONNECTED, nm.LARGEST_STRAIN, nm.CONTACT_LOSS, nm.CONTACT_CREEP)
        states = {name: pybamm.Variable(name) for name in names}
        fresh = connected_at(P(nm.APPLIED_PRESSURE), P(nm.CONTACT_P0), P(nm.CONTACT_EXPONENT))
        return states | {nm.INITIAL_CONNECTED: fresh}

    def get_coupled_variables(self, variables):
        P, pressure, a = pybamm.Parameter, variables[nm.STACK_PRESSURE], variables[nm.CONNECTED]
        eps = strain(variables[nm.UPTAKE], P(nm.MOLAR_EXPANSION), P(nm.CATHODE_THICKNESS))
        followed = pressure * P(nm.CONTACT_FLEXIBILITY)
        g = gap(variables[nm.LARGEST_STRAIN], eps, followed)
        creep = P(nm.CREEP_GAIN) * variables[nm.CONTACT_CREEP]
        under_pressure = connected_at(pressure, P(nm.CONTACT_P0), P(nm.CONTACT_EXPONENT), creep)
        target = under_pressure * (1 - variables[nm.CONTACT_LOSS]) * np.exp(-g / P(nm.GAP_SCALE))
        drive = (target - a) / P(nm.CONTACT_FOLLOW)
        both = smooth_absolute(drive, RATE_FLOOR)
        rates = {nm.ISOLATION_RATE: (both - drive) / 2, nm.RECONNECTION_RATE: (both + drive) / 2}
        return rates | {nm.STRAIN: eps, nm.GAP: g}

    def set_rhs(self, variables):
        P, loss = pybamm.Parameter, variables[nm.CONTACT_LOSS]
        speed = strain(variables[nm.CELL_CURRENT], P(nm.MOLAR_EXPANSION), P(nm.CATHODE_THICKNESS))
        speed = smooth_absolute(speed, STRAIN_RATE_FLOOR)
        self.rhs[variables[nm.CONNECTED]] = variables[nm.RECONNECTION_RATE] - variables[nm.ISOLATION_RATE]
        ahead = variables[nm.STRAIN] - variables[nm.LARGEST_STRAIN]
        self.rhs[variables[nm.LARGEST_STRAIN]] = softplus(ahead, TRACKING_WIDTH) / TRACKING
        self.rhs[loss] = loss_rate(loss, speed, P(nm.BREATHING_LOSS))
        h = variables[nm.CONTACT_CREEP]
        self.rhs[h] = arrhenius(variables[nm.TEMPERATURE], P(nm.CREEP_EA)) * creep_rate(h, P(nm.CREEP_TIME))

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.CONNECTED]] = variables[nm.INITIAL_CONNECTED]
        self.initial_conditions[variables[nm.LARGEST_STRAIN]] = pybamm.Scalar(0)
        self.initial_conditions[variables[nm.CONTACT_LOSS]] = pybamm.Scalar(0)
        self.initial_conditions[variables[nm.CONTACT_CREEP]] = pybamm.Scalar(0)


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
