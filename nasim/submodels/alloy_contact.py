r"""Contact between alloy and electrolyte: pressure, voids that stripping opens, and creep that closes them.

.. math::
   a_a = (1 - e^{-P/P_0})(1 - v), \qquad R_c = \frac{R_{c0}}{1-v}\left(\frac{P_{ref}}{P}\right)^{1/2}

.. math::
   \dot v = \kappa\,i_{strip}\,\frac{v + v_0}{1 - v} - k(T)\Big(\frac{P}{P_{ref}(1-v)}\Big)^n\,\frac{v}{\tau_v}

v, the one state, is the share of the interface that voids have taken. They grow at the edges of what is already lost (v + v_0), by
the current that the rest carries; what plating fills again is part of kappa (m2 C-1). Power-law creep of the alloy closes them
under the pressure of what is left in contact, so that contact never goes to zero; n = 5 as for sodium (Wang et al., Materialia
12 (2020) 100792). Where stripping outruns creep voids run away: the critical stripping current, averaged over equal halves, is
:math:`2\,(P/P_{ref})^n/(\kappa\tau_v)`, and they come to rest where :math:`(1-v)^{n-1}` is that over the current. With the voids
the contact (here), the interphase (`interphase`), the exchange current (`alloy_anode`) and the focus of plating on what is left
(`soft_short`) change together, and the overpotential grows.

R_c (Ohm m2) is the resistance of the contact, with the exponent 0.5 as found for electrodes on Li6PS5Cl, where R_c also falls with
the inverse of the contact area (Limon, Duffee and Ahmad 2025, arXiv 2501.00600). P in Pa; P_0 is a few times the flow stress of
what has to fill the pores. k(T) is Arrhenius; i_strip the current that oxidises the alloy, A m-2.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import arrhenius
from .mechanism import Mechanism, given_side
from .smooth import smooth_absolute

STRIPPING_CURRENT_FLOOR = 1e-2
"""Smoothing [A m-2] of the stripping current."""
LEAST_CONTACT = 0.02
"""Share of the interface that is never lost."""
FOCUS_FLOOR = 1e-4
"""Square of the share left at which focusing of the current ends."""
CREEP_FLOOR = 1e-3
"""Share left below which the pressure on it grows no further."""


def contact_resistance(pressure, reference, R_c0, n):
    """Contact resistance [Ohm m2] at `pressure` [Pa] from R_c0 [Ohm m2] at `reference` [Pa].

    >>> float(round(contact_resistance(62.5e6, 250e6, 5e-4, 0.5) * 1e4, 6))
    10.0
    """
    return R_c0 * (reference / pressure) ** n


def contact_fraction(pressure, P0):
    """Share of the interface in contact at `pressure` [Pa]; P0 [Pa].

    >>> float(round(contact_fraction(35e6, 35e6), 4))
    0.6321
    """
    return 1 - np.exp(-pressure / P0)


def stripping_current(i):
    """Current density [A m-2] that strips, for a current `i` [A m-2] that oxidises the electrode when positive.

    >>> round(float(stripping_current(1.27)), 4), float(stripping_current(-1.27)) < 1e-3
    (1.265, True)
    """
    return (smooth_absolute(i, STRIPPING_CURRENT_FLOOR) + i - STRIPPING_CURRENT_FLOOR) / 2


def void_rate(v, stripping, growth, seed):
    """Rate [s-1] at which stripping [A m-2] opens voids: at the edges of what is lost, focused on what is left.

    >>> bool(void_rate(0.2, 1.0, 6e-6, 1e-4) > void_rate(0.1, 1.0, 6e-6, 1e-4) > 0)
    True
    """
    left = 1 - v
    return growth * stripping * (v + seed) * (left - LEAST_CONTACT) / (left**2 + FOCUS_FLOOR)


def void_closing(v, pressure, reference, n, tau):
    """Rate [s-1] at which power-law creep closes voids; what is left in contact carries the pressure [Pa], tau [s].

    >>> float(round(void_closing(0.1, 250e6, 250e6, 5.0, 5.5e4) * 5.5e4, 4))
    0.1684
    """
    return v * (pressure / reference / (1 - v + CREEP_FLOOR)) ** n / tau


class PressureInterface(Mechanism):
    """Contact of one alloy interface that improves with stack pressure and loses area to voids; state v.

    Parameters
    ----------
    side : nasim.nomenclature.Side, default the negative electrode

    Raises
    ------
    CompositionError
        `side` is no side.
    """

    needs, rate_needs = (nm.STACK_PRESSURE,), (nm.TEMPERATURE,)

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("PressureInterface", side)
        super().__init__(f"{side} interface", role=nm.roles.alloy_contact(side))
        self.rate_needs = (*self.rate_needs, side.kinetic_current)
        self.gives = (side.contact_fraction, side.contact_resistance, side.void_share)
        self.adds = {nm.SERIES_RESISTANCE: (side.contact_resistance,)}

    def get_fundamental_variables(self):
        return {self.side.void_share: pybamm.Variable(self.side.void_share)}

    def get_coupled_variables(self, variables):
        P, pressure, left = pybamm.Parameter, variables[nm.STACK_PRESSURE], 1 - variables[self.side.void_share]
        reference, exponent = P(nm.REFERENCE_PRESSURE), P(nm.INTERFACE_EXPONENT)
        R_c = contact_resistance(pressure, reference, P(nm.INTERFACE_RESISTANCE), exponent)
        fraction = contact_fraction(pressure, P(nm.INTERFACE_P0))
        return {self.side.contact_resistance: R_c / left, self.side.contact_fraction: fraction * left}

    def set_rhs(self, variables):
        P, v, pressure = pybamm.Parameter, variables[self.side.void_share], variables[nm.STACK_PRESSURE]
        stripping = stripping_current(variables[self.side.kinetic_current])
        grown = void_rate(v, stripping, P(nm.VOID_GROWTH), P(nm.VOID_SEED))
        closed = void_closing(v, pressure, P(nm.REFERENCE_PRESSURE), P(nm.VOID_EXPONENT), P(nm.VOID_CLOSING))
        self.rhs[v] = grown - arrhenius(variables[nm.TEMPERATURE], P(nm.VOID_EA)) * closed

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[self.side.void_share]] = pybamm.Scalar(0)


class PerfectInterface(Mechanism):
    """Null contact of one alloy interface: whole area, no resistance, no voids."""

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("PerfectInterface", side)
        super().__init__(f"{side} interface", role=nm.roles.alloy_contact(side))
        self.gives = (side.contact_fraction, side.contact_resistance, side.void_share)

    def get_fundamental_variables(self):
        zero, side = pybamm.Scalar(0), self.side
        return {side.contact_fraction: pybamm.Scalar(1), side.contact_resistance: zero, side.void_share: zero}
