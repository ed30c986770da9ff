"""Orders of convergence in space and time, and one integrator against another."""

from functools import cache

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..engine.stepper import Step
from ..experiments.gcd import GCD
from ..models.compose import CellModel
from ..parameters import load
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.composite_conduction import FixedCatholyte
from ..submodels.lobatto import lobatto
from ..submodels.mechanism import Mechanism
from ..submodels.porous_cathode import PorousCathode
from .cells import NAS, fresh
from .check import verified

MANUFACTURED = "Manufactured current density [A.m-2]"
U, WAVE, SLOWNESS = 2.0, 0.05, 20.0
"""Of the manufactured solution: mean and amplitude [V], decay [s]."""
LINEAR, CUBIC = 300.0, 3e4
"""Of its reaction [S m-2, A m-2 V-3]."""
POINTS = (8, 16, 32)
TOLERANCES = (1e-4, 1e-5, 1e-6)


class Surroundings(Mechanism):
    """What the porous cathode needs of the rest of a cell, held."""

    def __init__(self):
        super().__init__("surroundings")
        self.values = {nm.NEGATIVE.terminal: 0.0, nm.TEMPERATURE: 298.15, nm.CONNECTED: 1.0, nm.LEAK_CONDUCTANCE: 0.0}
        self.gives = tuple(self.values)

    def get_fundamental_variables(self):
        return {name: pybamm.Scalar(value) for name, value in self.values.items()}


class ManufacturedReaction(Mechanism):
    """Reaction whose source makes U + A cos(pi x/L) exp(-t/tau) the solution of the porous cathode at rest.

    With e = phi - U and k the conductivities in series, C e_t = L k e_xx + j and j = -(g e + c e^3) + s, so that
    s = C e_t - L k e_xx + g e + c e^3 of the wanted e.
    """

    needs, gives, adds = (nm.POSITIVE.potential,), (MANUFACTURED,), {nm.REACTION_CURRENT: (MANUFACTURED,)}

    def __init__(self):
        super().__init__("manufactured reaction")

    def get_coupled_variables(self, variables):
        P, x = pybamm.Parameter, PorousCathode.region.coordinate
        L, kappa, sigma = P(nm.CATHODE_THICKNESS), P(nm.CATHODE_IONIC), P(nm.CATHODE_ELECTRONIC)
        wanted = WAVE * pybamm.cos(np.pi * x / L) * pybamm.exp(-pybamm.t / SLOWNESS)
        conduction = kappa * sigma / (kappa + sigma) * np.pi**2 / L
        source = wanted * (conduction - P(nm.DOUBLE_LAYER) / SLOWNESS) + _rate(wanted)
        return {MANUFACTURED: source - _rate(variables[nm.POSITIVE.potential] - U)}


def _rate(e):
    return LINEAR * e + CUBIC * e**3


def _error(points, mesh="volumes", rtol=1e-9):
    """Root mean square error [V] of the manufactured solution when it has fallen to 1/e."""
    values = load(NAS).to_pybamm()
    values.update(
        {nm.CATHODE_IONIC: 5e-3, nm.CATHODE_ELECTRONIC: 2e-2, nm.INITIAL_POTENTIAL: U, nm.CURRENT_FUNCTION: 0.0}
    )
    cathode = PorousCathode(points, FixedCatholyte(), mesh=mesh)
    model = CellModel([cathode, Surroundings(), ManufacturedReaction(), Circuit(), CurrentControl()], "manufactured")
    solver = pybamm.IDAKLUSolver(rtol=rtol, atol=1e-3 * rtol)
    end = SLOWNESS
    found = pybamm.Simulation(model, parameter_values=values, solver=solver).solve([0, end])[nm.POSITIVE.potential]
    if mesh == "volumes":
        x, share = (np.arange(points) + 0.5) / points, np.full(points, 1 / points)
    else:
        x, share, _ = lobatto(points)
    return float(np.sqrt(share @ (np.squeeze(found.data[..., -1]) - U - WAVE * np.cos(np.pi * x) / np.e) ** 2))


@verified("numerics", 0.15)
def order_in_space():
    """Second order of the porous cathode on a manufactured solution: observed order less 2."""
    slope = np.polyfit(np.log(POINTS), np.log([_error(points) for points in POINTS]), 1)[0]
    return abs(slope + 2)


@verified("numerics", 0.05)
def nodes_of_high_order():
    """Error of the manufactured solution on seven Lobatto nodes over that on five; a second order would give 0.44."""
    return _error(7, "lobatto") / _error(5, "lobatto")


@verified("numerics", 1.0)
def manufactured_in_time():
    """Error of the manufactured solution on thirteen Lobatto nodes over tolerance times potential, the largest of three."""
    return max(_error(13, "lobatto", rtol) / (rtol * U) for rtol in TOLERANCES)


@cache
def _voltage(rtol):
    """Voltage [V] of the cell after a discharge, a reversal and a charge, integrated to a tolerance."""
    stepper = fresh(pybamm.IDAKLUSolver(rtol=rtol, atol=1e-4 * rtol)).stepper
    for current in (1.27, -1.27):
        segment = stepper.run(Step("step", 1e4, current=current))
    return float(stepper.observe([nm.VOLTAGE], segment.t, segment.y, segment.inputs)[0, -1])


@verified("numerics", 0.5)
def order_in_time():
    """Error of the voltage in proportion to the tolerance: slope of their logarithms less 1."""
    exact = _voltage(1e-9)
    errors = [max(abs(_voltage(rtol) - exact), 1e-12) for rtol in TOLERANCES]
    return abs(np.polyfit(np.log(TOLERANCES), np.log(errors), 1)[0] - 1)


@verified("numerics", 2e-4, (("first cycle",),))
def engine_against_idaklu(case):
    """Capacity and energy of both half cycles with the default integrator and with IDAKLU."""
    names = ["discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2", "discharge_energy_mWh_cm2"]
    one, other = (GCD(cycles=1).run(solver=solver).summary[names].iloc[0] for solver in (None, "idaklu"))
    return float((one / other - 1).abs().max())
