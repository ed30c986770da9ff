r"""Temperature of the cell: that of its surroundings, or from a balance of heat.

**Lumped heat balance** (cell and die at one temperature, per electrode area):

.. math::
   C_{th}\frac{dT}{dt} = q - h\,(T - T_{amb}), \qquad
   q = \underbrace{i\,(R\,i + V_C + \eta_{cond}) + i_{int} V}_{\text{ohmic}}
     + \underbrace{i\,\Big(\sum\eta - R\,i - V_C - \eta_{cond}\Big)}_{\text{reaction}}
     \underbrace{- \sum_k i_k T\,\frac{dU_k}{dT}}_{\text{entropic}}
     + \underbrace{\sum_k i_k (U_k - E_k)}_{\text{mixing}} + \underbrace{i_{Na}(U_{red} - U_a)}_{\text{chemical}}

Sum of eta is the sum of all voltage losses (V), i the current through the cell, R the series resistances, V_C the
resistances that have a capacitance in parallel, eta_cond conduction inside a porous electrode, i_int the currents inside
the cell (leak, self-discharge), which deliver nothing; what is left of the losses is kinetics and product layers. Losses
times current is the electrical work lost. Mixing is the heat of the configurational entropy of the active materials
(`chain_losses`), with which heat and work close over a cycle even where material of different composition mixes; chemical is
that of reactions beside the current, such as the growth of an interphase (`interphase`). (Bernardi, Pawlikowski and Newman,
J. Electrochem. Soc. 132 (1985) 5; the entropy of the alloy is left out, for which no source was found.)
Units: C_th J m-2 K-1, h W m-2 K-1, q W m-2, T K.

A pellet between steel pistons follows its surroundings: 1.27 A m-2 with 0.5 V of losses makes 0.6 W m-2, and with h =
500 W m-2 K-1 the cell warms by a millikelvin.
"""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism


def heating_rate(heat, T, ambient, h, C_th):
    """Rate of change of temperature [K s-1]; heat [W m-2], temperatures [K], h [W m-2 K-1], C_th [J m-2 K-1].

    >>> heating_rate(10.0, 299.0, 298.0, 5.0, 1000.0)
    0.005
    """
    return (heat - h * (T - ambient)) / C_th


class Isothermal(Mechanism):
    """The cell is at the temperature of its surroundings."""

    gives = (nm.TEMPERATURE,)

    def __init__(self):
        super().__init__("isothermal", role=nm.roles.THERMAL)

    def get_fundamental_variables(self):
        return {nm.TEMPERATURE: pybamm.Parameter(nm.AMBIENT_TEMPERATURE)}


class LumpedThermal(Mechanism):
    """One temperature for the cell, a state; starts at that of the surroundings."""

    needs = (nm.VOLTAGE_LOSS, nm.DISTRIBUTED_LOSS, nm.SERIES_RESISTANCE, nm.POLARISATION, nm.ENTROPIC_HEAT)
    needs += (nm.MIXING_HEAT, nm.CHEMICAL_HEAT)
    needs += (nm.CELL_CURRENT, nm.VOLTAGE, nm.INTERNAL_CURRENT)
    gives = (nm.TEMPERATURE, nm.HEAT, nm.REACTION_HEAT, nm.OHMIC_HEAT)

    def __init__(self):
        super().__init__("lumped thermal", role=nm.roles.THERMAL)

    def get_fundamental_variables(self):
        return {nm.TEMPERATURE: pybamm.Variable(nm.TEMPERATURE, scale=pybamm.Parameter(nm.AMBIENT_TEMPERATURE))}  # pyright: ignore[reportArgumentType]

    def get_coupled_variables(self, variables):
        i, lost = variables[nm.CELL_CURRENT], variables[nm.VOLTAGE_LOSS]
        resistive = variables[nm.SERIES_RESISTANCE] * i + variables[nm.POLARISATION] + variables[nm.DISTRIBUTED_LOSS]
        ohmic = i * resistive + variables[nm.INTERNAL_CURRENT] * variables[nm.VOLTAGE]
        reaction = i * (lost - resistive)
        heat = ohmic + reaction + sum(variables[name] for name in (nm.ENTROPIC_HEAT, nm.MIXING_HEAT, nm.CHEMICAL_HEAT))
        return {nm.HEAT: heat, nm.REACTION_HEAT: reaction, nm.OHMIC_HEAT: ohmic}

    def set_rhs(self, variables):
        T, P = variables[nm.TEMPERATURE], pybamm.Parameter
        surroundings = (P(nm.AMBIENT_TEMPERATURE), P(nm.HEAT_TRANSFER), P(nm.HEAT_CAPACITY))
        self.rhs[T] = heating_rate(variables[nm.HEAT], T, *surroundings)

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.TEMPERATURE]] = pybamm.Parameter(nm.AMBIENT_TEMPERATURE)
