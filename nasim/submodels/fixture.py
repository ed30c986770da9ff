r"""What holds the stack: the pressure that it feels.

**Constant pressure**: a spring or hydraulic fixture keeps what was applied.

**Fixed gap**: rigid plates. Charging and discharging changes the length of the stack, and the pressure with it,

.. math::
   P = P_{min} + \mathrm{softplus}(P_{applied} + K\,\Delta L - P_{min}), \qquad
   \Delta L = \Delta V\,\frac{q}{F}, \qquad \Delta V = \Delta V_c - \Omega_{Na}

q is the charge that has passed through the cell since assembly (discharge positive), Delta V_c = 1.33e-5 m3 mol-1 the
swelling of the cathode per mole of electrons and Omega_Na = 1.85e-5 m3 mol-1 what the alloy loses with a mole of
sodium. Each electrode states its own, so that between two alloys, where one grows by what the other shrinks, the gap keeps
its pressure. Both act along the axis of the die. A full discharge of 0.966 mAh cm-2 makes the cathode grow by 4.8 um and the
anode shrink by 6.7 um: the pressure falls, by 0.2 to 4 MPa for stiffnesses K of 0.1 to 2 MPa um-1. (A change of 1.6 MPa at
75 MPa was reported for a lithium cell of 4 mAh cm-2.) The softplus keeps the pressure above P_min, as plates can let
go but not pull. Units: P Pa, K Pa m-1, lengths m, q C m-2. K = 0 is constant pressure.
"""

import pybamm

from .. import nomenclature as nm
from ..units import SECONDS_PER_HOUR
from .arrhenius import FARADAY
from .mechanism import Mechanism
from .smooth import softplus

LEAST_PRESSURE = 1e4
"""P_min [Pa]: weight of the upper piston, a tenth of a bar."""
PRESSURE_SOFTENING = 1e4
"""Pressure [Pa] over which the bound is smooth."""


def length_change(charge, expansion):
    """Growth of the stack [m]; charge passed [C m-2], expansion of both electrodes together [m3 mol-1].

    >>> round(length_change(34776.0, 1.33e-5 - 1.85e-5) * 1e6, 2)
    -1.87
    """
    return expansion * charge / FARADAY


def held_pressure(applied, stiffness, growth):
    """Stack pressure [Pa] between fixed plates; applied [Pa], stiffness [Pa m-1], growth of the stack [m].

    >>> float(round(held_pressure(75e6, 1e12, -1.6e-6) / 1e6, 3))
    73.4
    """
    return LEAST_PRESSURE + softplus(applied + stiffness * growth - LEAST_PRESSURE, PRESSURE_SOFTENING)


class ConstantPressure(Mechanism):
    """A spring or hydraulic fixture: the stack pressure is what was applied [Pa]."""

    gives = (nm.STACK_PRESSURE,)

    def __init__(self):
        super().__init__("constant pressure", role=nm.roles.FIXTURE)

    def get_fundamental_variables(self):
        return {nm.STACK_PRESSURE: pybamm.Parameter(nm.APPLIED_PRESSURE)}


class FixedGap(Mechanism):
    """Rigid plates: the stack pressure follows the state of charge."""

    needs = (nm.CHARGE_PASSED, nm.LEAK_CHARGE, nm.EXPANSION)
    gives = (nm.STACK_PRESSURE, nm.GROWTH)

    def __init__(self):
        super().__init__("fixed gap", role=nm.roles.FIXTURE)

    def get_coupled_variables(self, variables):
        P = pybamm.Parameter
        charge = SECONDS_PER_HOUR * variables[nm.CHARGE_PASSED] / P(nm.AREA) + variables[nm.LEAK_CHARGE]
        growth = length_change(charge, variables[nm.EXPANSION])
        pressure = held_pressure(P(nm.APPLIED_PRESSURE), P(nm.FIXTURE_STIFFNESS), growth)
        return {nm.STACK_PRESSURE: pressure, nm.GROWTH: growth}
