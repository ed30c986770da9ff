"""What must not matter, and what equilibrium means."""

from functools import cache

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..engine.stepper import Step, Stepper
from ..experiments.gcd import GCD
from ..models.compose import CellModel
from ..parameters import load
from ..submodels.cathode_contact import FullContact
from ..submodels.interphase import NoInterphase
from ..submodels.soft_short import NoShort
from ..units import to_mA_cm2
from .balances import TIGHT
from .cells import NAS, fresh
from .check import verified

SCALED = 1.015
"""Factor on the size of the cell."""
LONG_REST, ENDLESS_REST = 1e7, 1e9
"""Seconds: after the longer one, both chains have found one potential."""
CLOSED = {"contact": FullContact(), "short": NoShort(), "interphase": NoInterphase(nm.NEGATIVE)}
"""Parts with which a cell at rest is closed: nothing leaks, grows or creeps."""


def _net_over_one_way(stepper):
    """Largest net current of a reaction over the largest one-way rate."""
    steps = [(chain, step) for chain in (nm.SULFUR, nm.SB_S) for step in chain.steps]
    names = [name(step) for chain, step in steps for name in (chain.current, chain.oxidation)]
    found = stepper.observe(names, np.zeros(1), stepper.y, stepper.idle)[:, 0].reshape(-1, 2)
    net, one_way = np.abs(found).max(axis=0)
    return float(net / one_way)


@verified("symmetries", 1e-7, (("fresh",), ("half discharged",)))
def detailed_balance(case):
    """No current round a loop at rest: largest net current of a reaction over the largest one-way rate."""
    stepper = fresh(pybamm.IDAKLUSolver(**TIGHT), **CLOSED).stepper
    if case != "fresh":
        stepper.run(Step("discharge", 8000.0, current=1.27))
        stepper.run(Step("rest", ENDLESS_REST))
    return _net_over_one_way(stepper)


@verified("symmetries", 3e-5)
def rest():
    """Change of the voltage [V] of a closed, fresh cell in a hundred days; its rarest species is 1000 tolerances."""
    stepper = fresh(pybamm.IDAKLUSolver(**TIGHT), **CLOSED).stepper
    segment = stepper.run(Step("rest", LONG_REST))
    voltage = stepper.observe([nm.VOLTAGE], segment.t, segment.y, segment.inputs)[0]
    return float(np.ptp(voltage))


def _after(stepper, *durations):
    """Voltage [V] after a discharge in so many pieces."""
    for seconds in durations:
        segment = stepper.run(Step("discharge", seconds, current=1.27))
    return float(stepper.observe([nm.VOLTAGE], segment.t, segment.y, segment.inputs)[0, -1])


@cache
def _usual():
    return _after(fresh(pybamm.IDAKLUSolver(**TIGHT)).stepper, 8000.0)


@verified("symmetries", 1e-6)
def order_of_mechanisms():
    """Voltage [V] of a cell whose mechanisms are handed in backwards."""
    setup = fresh()
    model = setup.stepper.model
    backwards = CellModel(list(model.mechanisms)[::-1], "backwards")
    values = setup.parameters.to_pybamm()
    return abs(_after(Stepper(backwards, values, setup.conditions, pybamm.IDAKLUSolver(**TIGHT)), 8000.0) - _usual())


@verified("symmetries", 1e-6)
def split_steps():
    """Voltage [V] after one step and after the same step in three pieces."""
    return abs(_after(fresh(pybamm.IDAKLUSolver(**TIGHT)).stepper, 1000.0, 3000.0, 4000.0) - _usual())


@verified("symmetries", 1e-6)
def cell_area():
    """Capacity per gram of a cell of larger area and mass at the same current density."""
    usual = load(NAS)
    larger = {name: SCALED * usual.value(name) for name in (nm.AREA, nm.COMPOSITE_MASS, nm.NOMINAL_CAPACITY)}
    one, other = (
        GCD(current_mA_cm2=0.127, cycles=1).run(overrides=given).summary["discharge_capacity_mAh_g"].iloc[0]
        for given in (None, larger)
    )
    return abs(one / other - 1)


@verified("symmetries", 1e-9)
def units_of_the_current():
    """Capacity at a C-rate and at the same current in mA cm-2."""
    usual = load(NAS)
    same = to_mA_cm2(0.1 * usual.value(nm.NOMINAL_CAPACITY) / usual.value(nm.AREA))
    one, other = (
        GCD(current_mA_cm2=given, cycles=1).run().summary["discharge_capacity_mAh_g"].iloc[0]
        for given in ("0.1C", same)
    )
    return abs(one / other - 1)
