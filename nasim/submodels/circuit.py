r"""Circuit: from the electrode potentials and the resistances to voltage, cell current and the counters.

With E the difference of the electrodes' terminal potentials less the voltages of charged layers in series (each a state),
R the sum of the series resistances, G the leak and i_d all other currents inside the cell (self-discharge; each follows
from the state),

.. math::
   i = i_{ext} + i_{int}, \quad i_{int} = i_d + G V, \quad V = E - R\,i \;\Rightarrow\;
   V = \frac{E - R\,(i_{ext} + i_d)}{1 + R\,G}

(i the current through electrolyte and electrodes, discharge positive, A m-2.) Under current control the cell is
therefore an ODE, and so it is under voltage control, where :math:`i_{ext} = (E - V (1 + R G))/R - i_d`, and under power control,
where :math:`i_{ext} V = P` (W m-2, discharge positive): with :math:`U = E - R i_d`, the smaller root of a quadratic,

.. math:: i_{ext} = \frac{2 P (1 + R G)}{U + \sqrt{U^2 - 4 R (1 + R G) P}}

The most that a cell gives is :math:`U^2/(4 R (1 + R G))`; asked for more, its voltage falls below
half of the open path's, until a cut-off ends the step; there the root is smoothed, for its slope has no bound. Counted along:
charge [A h] and energy [W h] delivered, and the charge that flowed inside the cell alone [C m-2].
"""

import pybamm

from .. import nomenclature as nm
from ..units import SECONDS_PER_HOUR
from .charged_layer import LEAST_RESISTANCE
from .mechanism import Mechanism
from .smooth import smooth_absolute

ROOT_WIDTH = 1e-6
"""Within this share of U^2 the root of the power is smoothed."""


def voltage(open_path, resistance, conductance, current):
    """Cell voltage [V]; open-path voltage [V], resistance [Ohm m2], leak [S m-2], current without the leak [A m-2].

    >>> voltage(2.0, 0.1, 0.0, 1.0)
    1.9
    """
    return (open_path - resistance * current) / (1 + resistance * conductance)


def current_at_voltage(V, open_path, resistance, conductance):
    """Current density [A m-2], without the leak, at which the cell has `V` [V]; inverse of `voltage`.

    >>> float(round(current_at_voltage(1.9, 2.0, 0.1, 0.0), 12))
    1.0
    """
    return (open_path - V * (1 + resistance * conductance)) / resistance


def current_at_power(power, open_path, resistance, conductance):
    """Current density [A m-2] that gives `power` [W m-2]; `open_path` [V] is less R i_d.

    >>> float(round(current_at_power(3.8, 2.0, 0.05, 0.0), 12))
    2.0
    """
    span = 1 + resistance * conductance
    root = open_path**2 - 4 * resistance * span * power
    # (x + (x^2 + w^2)^0.5)/2, a smooth max(x, 0), without the cancellation below zero
    width = ROOT_WIDTH * open_path**2
    some = (root + abs(root)) / 2 + width**2 / (smooth_absolute(root, width) + abs(root)) / 2
    return 2 * power * span / (open_path + some**0.5)


def open_path_voltage(variables):
    """E [V]: what the voltage would be if the series resistances carried no current at this moment."""
    return variables[nm.POSITIVE.terminal] - variables[nm.NEGATIVE.terminal] - variables[nm.POLARISATION]


class CurrentControl(Mechanism):
    """External current given by PyBaMM's ``"Current function [A]"``, which experiments replace."""

    gives = (nm.CURRENT, nm.CURRENT_DENSITY, nm.C_RATE)

    def __init__(self):
        super().__init__("control", role=nm.roles.CONTROL)

    def get_fundamental_variables(self):
        current = pybamm.FunctionParameter(nm.CURRENT_FUNCTION, {nm.TIME: pybamm.t})
        density = current / pybamm.Parameter(nm.AREA)
        rate = current / pybamm.Parameter(nm.NOMINAL_CAPACITY)
        return {nm.CURRENT: current, nm.CURRENT_DENSITY: density, nm.C_RATE: rate}


class ProtocolControl(Mechanism):
    """External current from inputs that change from step to step: one built model runs any protocol.

    A step holds a current density (``"Step current density [A.m-2]"``); where ``"Step controls voltage"`` is 1, the voltage
    ``"Step voltage [V]"`` rising by ``"Step voltage slope [V.s-1]"`` from the start of the step; where ``"Step controls
    power"`` is 1, the power density ``"Step power density [W.m-2]"``.
    """

    needs = (nm.NEGATIVE.terminal, nm.POSITIVE.terminal, nm.POLARISATION, nm.SERIES_RESISTANCE, nm.LEAK_CONDUCTANCE)
    needs += (nm.DRIVEN_CURRENT,)
    gives = (nm.CURRENT, nm.CURRENT_DENSITY, nm.C_RATE)

    def __init__(self):
        super().__init__("control", role=nm.roles.CONTROL)

    def get_coupled_variables(self, variables):
        P, step = pybamm.Parameter, pybamm.InputParameter
        E = open_path_voltage(variables)
        R, G = variables[nm.SERIES_RESISTANCE], variables[nm.LEAK_CONDUCTANCE]
        V = step(nm.STEP_VOLTAGE) + step(nm.STEP_SLOPE) * pybamm.t
        held, free = step(nm.STEP_IS_VOLTAGE), step(nm.STEP_CURRENT)
        holding = current_at_voltage(V, E, R + LEAST_RESISTANCE, G) - variables[nm.DRIVEN_CURRENT]
        powered = step(nm.STEP_IS_POWER)
        # Where a step controls no power, an open path of 1 V keeps the root and its derivatives away from zero.
        path = powered * (E - R * variables[nm.DRIVEN_CURRENT]) + (1 - powered)
        density = (1 - held - powered) * free + held * holding
        density += powered * current_at_power(step(nm.STEP_POWER), path, R, G)
        current = density * P(nm.AREA)
        return {nm.CURRENT: current, nm.CURRENT_DENSITY: density, nm.C_RATE: current / P(nm.NOMINAL_CAPACITY)}


class Circuit(Mechanism):
    """Voltage, cell current, leak and counters; solves for the leak, the internal current that goes with the voltage."""

    needs = (nm.CURRENT, nm.CURRENT_DENSITY, nm.NEGATIVE.terminal, nm.POSITIVE.terminal, nm.SERIES_RESISTANCE)
    needs += (nm.POLARISATION, nm.LEAK_CONDUCTANCE, nm.DRIVEN_CURRENT)
    rate_needs = (nm.INTERNAL_CURRENT,)
    gives = (nm.VOLTAGE, nm.BATTERY_VOLTAGE, nm.POWER, nm.CELL_CURRENT, nm.LEAK_CURRENT, nm.OPEN_PATH_VOLTAGE)
    gives += (nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY, nm.LEAK_CHARGE)
    adds = {nm.INTERNAL_CURRENT: (nm.LEAK_CURRENT,)}

    def __init__(self):
        super().__init__("circuit", role=nm.roles.CIRCUIT)

    def get_fundamental_variables(self):
        Q = pybamm.Parameter(nm.NOMINAL_CAPACITY)
        charge = pybamm.Variable(nm.CHARGE_PASSED, scale=Q)  # pyright: ignore[reportArgumentType]
        energy = pybamm.Variable(nm.DISCHARGE_ENERGY, scale=Q)  # pyright: ignore[reportArgumentType]
        leak = pybamm.Variable(nm.LEAK_CHARGE, scale=SECONDS_PER_HOUR * Q / pybamm.Parameter(nm.AREA))  # pyright: ignore[reportArgumentType]
        return {nm.CHARGE_PASSED: charge, nm.DISCHARGE_ENERGY: energy, nm.LEAK_CHARGE: leak}

    def get_coupled_variables(self, variables):
        E = open_path_voltage(variables)
        R, G, i = (variables[name] for name in (nm.SERIES_RESISTANCE, nm.LEAK_CONDUCTANCE, nm.CURRENT_DENSITY))
        i = i + variables[nm.DRIVEN_CURRENT]
        V = voltage(E, R, G, i)
        out = {nm.VOLTAGE: V, nm.BATTERY_VOLTAGE: V, nm.POWER: V * variables[nm.CURRENT], nm.OPEN_PATH_VOLTAGE: E}
        return out | {nm.LEAK_CURRENT: G * V, nm.CELL_CURRENT: i + G * V}

    def set_rhs(self, variables):
        self.rhs[variables[nm.CHARGE_PASSED]] = variables[nm.CURRENT] / SECONDS_PER_HOUR
        self.rhs[variables[nm.DISCHARGE_ENERGY]] = variables[nm.POWER] / SECONDS_PER_HOUR
        self.rhs[variables[nm.LEAK_CHARGE]] = variables[nm.INTERNAL_CURRENT]

    def set_initial_conditions(self, variables):
        for name in (nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY, nm.LEAK_CHARGE):
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)


class SeriesLosses(Mechanism):
    """Voltage loss over each series resistance, R i."""

    def __init__(self, resistances):
        super().__init__("series losses", role=nm.roles.SERIES_LOSSES)
        self.resistances = tuple(resistances)
        self.needs = (nm.CELL_CURRENT, *self.resistances)
        self.gives = tuple(nm.loss_of(name) for name in self.resistances)
        self.adds = {nm.VOLTAGE_LOSS: self.gives}

    def get_coupled_variables(self, variables):
        return {nm.loss_of(name): variables[name] * variables[nm.CELL_CURRENT] for name in self.resistances}
