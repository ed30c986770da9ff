r"""A resistance with its capacitance in parallel, in series with the rest of the cell: one arc of an impedance
spectrum.

.. math:: C\,\frac{d\eta}{dt} = i - \frac{\eta}{R}, \qquad Z(\omega) = \frac{R}{1 + j\omega R C}

eta (V, positive on discharge) is a state and is subtracted in `circuit`; R in Ohm m2, C in F m-2, i in A m-2. At
frequencies far above :math:`1/(2\pi R C)` the layer passes current through its capacitance and costs nothing; at rest it
relaxes to zero. With R C of microseconds eta is a state that only an impedance spectrum sees, see `Mechanism.charged`.
"""

import copy

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism

LEAST_RESISTANCE = 1e-15
"""Resistance [Ohm m2] in place of none, where one is divided by: a layer of none shorts its capacitance."""


def charging_rate(i, eta, resistance, capacitance):
    """Rate of change [V s-1] of the voltage `eta` [V] of a charged layer under a current `i` [A m-2].

    >>> charging_rate(1.0, 0.25, 0.5, 0.25)
    2.0
    """
    return (i - eta / resistance) / capacitance


def time_constant(resistance, capacitance):
    """R C [s]; its arc has the apex at 1/(2 pi R C).

    >>> time_constant(5e-3, 1e-3)
    5e-06
    """
    return resistance * capacitance


class ChargedLayer(Mechanism):
    """Capacitance beside one resistance, both by name; the voltage over them is a state, and no longer ohmic."""

    def __init__(self, resistance, capacitance):
        super().__init__(nm.roles.capacitance_of(resistance))
        self.resistance, self.capacitance, self.loss = resistance, capacitance, nm.loss_of(resistance)
        self.rate_needs, self.gives = (nm.CELL_CURRENT, resistance), (self.loss,)
        self.adds = dict.fromkeys((nm.POLARISATION, nm.VOLTAGE_LOSS), (self.loss,))

    def get_fundamental_variables(self):
        return {self.loss: pybamm.Variable(self.loss)}

    def set_rhs(self, variables):
        eta, R, C = variables[self.loss], variables[self.resistance], pybamm.Parameter(self.capacitance)
        self.rhs[eta] = charging_rate(variables[nm.CELL_CURRENT], eta, R + LEAST_RESISTANCE, C)

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[self.loss]] = pybamm.Scalar(0)


def with_capacitance(mechanism, resistance, capacitance):
    """The mechanism with one of its series resistances taken out, and the `ChargedLayer` that stands for it."""
    rest = tuple(name for name in mechanism.adds[nm.SERIES_RESISTANCE] if name != resistance)
    bare = copy.copy(mechanism)
    bare.adds = mechanism.adds | {nm.SERIES_RESISTANCE: rest}
    return bare, ChargedLayer(resistance, capacitance)
