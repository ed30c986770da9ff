"""What is conserved: charge, sodium, sulfur, antimony; energy with heat; and what can only be lost."""

from functools import cache
from typing import Any

import pybamm

from .. import nomenclature as nm
from ..engine.stepper import Step
from ..nomenclature import columns as col
from ..submodels.arrhenius import FARADAY, T_REF
from ..submodels.mechanism import Mechanism
from ..submodels.thermal import LumpedThermal
from .cells import CASES, fresh, ran
from .check import verified

SIDE = nm.NEGATIVE
GIVEN_OFF, OF_THE_ALLOY = "Heat given off [J.m-2]", "Enthalpy of the alloy and its interphase [J.m-2]"
SETTLED_S = 60.0
TIGHT: dict[str, Any] = {"rtol": 1e-8, "atol": 1e-11}


def _audit(case, name):
    return ran(case).audit()[name]


@verified("balances", 1e-9, CASES)
def charge(case):
    """Charge passed against sodium taken up, over the charge turned over."""
    return _audit(case, "charge")


@verified("balances", 1e-9, CASES)
def sodium(case):
    """Sodium in both electrodes and their interphases, over the charge turned over."""
    return _audit(case, "sodium")


@verified("balances", 1e-9, CASES[:-1])
def sulfur(case):
    """Change of the amount of sulfur."""
    return _audit(case, "sulfur")


@verified("balances", 1e-9, CASES[:-1])
def antimony(case):
    """Change of the amount of the Sb-S material."""
    return _audit(case, "antimony")


class Calorimeter(Mechanism):
    """Integrals of the heat of the cell, and of the enthalpy that leaves the alloy and enters its interphase."""

    rate_needs = (nm.HEAT, nm.CELL_CURRENT, SIDE.equilibrium_potential, SIDE.interphase_heat)
    gives = (GIVEN_OFF, OF_THE_ALLOY)

    def __init__(self):
        super().__init__("calorimeter")

    def get_fundamental_variables(self):
        return {name: pybamm.Variable(name, scale=1e4) for name in self.gives}

    def set_rhs(self, variables):
        self.rhs[variables[GIVEN_OFF]] = variables[nm.HEAT]
        taken = variables[nm.CELL_CURRENT] * variables[SIDE.equilibrium_potential]
        self.rhs[variables[OF_THE_ALLOY]] = taken - variables[SIDE.interphase_heat]

    def set_initial_conditions(self, variables):
        for name in self.gives:
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)


def _enthalpy(values, at):
    """Enthalpy of the cathode [J m-2]: of its species, what is milled, and the double layer.

    Each electron that a step takes up lowers it by U - T dU/dT, less the work against the stack pressure that the swelling
    does; the milled share of the first species holds its excess of potential.
    """
    swelling = values[nm.APPLIED_PRESSURE] * values[nm.MOLAR_EXPANSION] / FARADAY
    total = values[nm.DOUBLE_LAYER] * at[nm.POSITIVE.potential] ** 2 / 2
    for chain in (nm.SULFUR, nm.SB_S):
        for k in chain.links:
            beyond = sum(at[chain.fraction(j)] for j in range(k, len(chain.species)))
            h = values[chain.U(k)] - swelling - T_REF * values[chain.dUdT(k)]
            total = total - at[chain.capacity] * values[chain.n(k)] * h * beyond
    milled = at[nm.MILLED_SHARE] * at[nm.SB_S.fraction(0)]
    return total + at[nm.SB_S.capacity] * values[nm.SB_S.n(1)] * values[nm.MILLING_SHIFT] * milled


@cache
def _measured():
    """Parameters, and variables at the start and the end of a discharge and a charge of a cell with everything on."""
    setup = fresh(pybamm.IDAKLUSolver(**TIGHT), thermal=LumpedThermal(), extra=[Calorimeter()])
    chains = (nm.SULFUR, nm.SB_S)
    names = [GIVEN_OFF, OF_THE_ALLOY, nm.DISCHARGE_ENERGY, nm.POSITIVE.potential, nm.MILLED_SHARE]
    names += [name for chain in chains for name in (chain.capacity, *map(chain.fraction, range(len(chain.species))))]
    ends = []
    for step in (
        Step("discharge", 2e5, current=1.27, until_voltage=0.7),
        Step("charge", 2e5, current=-1.27, until_voltage=2.6),
    ):
        segment = setup.stepper.run(step)
        values = setup.stepper.observe(names, segment.t, segment.y, segment.inputs)
        ends += [dict(zip(names, values[:, place], strict=True)) for place in (0, -1)]
    return setup.parameters.as_values(), ends


@verified("balances", 1e-4, (("discharge",), ("charge",), ("cycle",)))
def energy(case):
    """Work and heat against the enthalpy of all species, over the heat given off, contact loss and interphase growth included."""
    values, ends = _measured()
    before, after = {"discharge": ends[:2], "charge": ends[2:], "cycle": (ends[0], ends[3])}[case]
    change = {name: after[name] - before[name] for name in (GIVEN_OFF, OF_THE_ALLOY, nm.DISCHARGE_ENERGY)}
    work = 3600.0 * change[nm.DISCHARGE_ENERGY] / values[nm.AREA]
    stored = _enthalpy(values, after) - _enthalpy(values, before) + change[OF_THE_ALLOY]
    return abs(stored + work + change[GIVEN_OFF]) / abs(change[GIVEN_OFF])


@verified("balances", 1e-6, CASES)
def second_law(case):
    """Largest gain of a mechanism, its voltage loss times the current below zero, over the largest loss of any.

    The first minute of a step is left out: double layers give back what they hold.
    """
    curves = ran(case).curves
    began = curves.groupby([col.CYCLE, col.STEP])[nm.TIME].transform("min")
    settled = curves[curves[nm.TIME] - began > SETTLED_S]
    losses = [name for name in curves if name.endswith("voltage loss [V]")]
    lost = settled.loc[:, losses].mul(settled[nm.CELL_CURRENT], axis=0)
    lost["leak"] = settled[nm.LEAK_CURRENT] * settled[nm.VOLTAGE] if nm.LEAK_CURRENT in settled else 0.0
    return max(-float(lost.min().min()), 0.0) / float(lost.max().max())
