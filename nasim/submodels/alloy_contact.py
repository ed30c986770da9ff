r"""Contact between alloy and electrolyte under stack pressure.

.. math::
   R_c = R_{c0}\left(\frac{P_{ref}}{P}\right)^n, \qquad a_a = 1 - e^{-P/P_0}

R_c (Ohm m2) is the resistance of the contact, with n = 0.5 as found for electrodes on Li6PS5Cl, where R_c also falls
with the inverse of the contact area (Limon, Duffee and Ahmad 2025, arXiv 2501.00600). a_a is the share of the
interface in contact, the m = 1 case of the law for the cathode (`contact`); it scales the exchange current of the
alloy, and the share without contact, 1 - a_a, focuses the current and so feeds soft shorts (`soft_short`). P in Pa;
P_0 is a few times the flow stress of the alloy or electrolyte that has to fill the pores, and is fitted to when soft
shorts come.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism, given_side


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


class PressureInterface(Mechanism):
    """Contact of one alloy interface that improves with stack pressure."""

    needs = (nm.STACK_PRESSURE,)

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("PressureInterface", side)
        super().__init__(f"{side} interface", role=nm.roles.alloy_contact(side))
        self.gives = (side.contact_fraction, side.contact_resistance)
        self.adds = {nm.SERIES_RESISTANCE: (side.contact_resistance,)}

    def get_coupled_variables(self, variables):
        P, pressure = pybamm.Parameter, variables[nm.STACK_PRESSURE]
        reference, exponent = P(nm.REFERENCE_PRESSURE), P(nm.INTERFACE_EXPONENT)
        R_c = contact_resistance(pressure, reference, P(nm.INTERFACE_RESISTANCE), exponent)
        return {
            self.side.contact_resistance: R_c,
            self.side.contact_fraction: contact_fraction(pressure, P(nm.INTERFACE_P0)),
        }


class PerfectInterface(Mechanism):
    """Null contact of one alloy interface: whole area, no resistance; the limit of high pressure and R_c0 = 0."""

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("PerfectInterface", side)
        super().__init__(f"{side} interface", role=nm.roles.alloy_contact(side))
        self.gives = (side.contact_fraction, side.contact_resistance)

    def get_fundamental_variables(self):
        return {self.side.contact_fraction: pybamm.Scalar(1), self.side.contact_resistance: pybamm.Scalar(0)}
