r"""Soft short: an electronic path through the electrolyte, beside the cell, that grows while sodium is plated.

The cell current is :math:`i = i_{ext} + G V` (`circuit`). The leak G (S m-2) rises from that of the intact
electrolyte, G_0 (`separator`), by the factor e for each unit of growth g, the one state; physically g is the length
that filaments have bridged, in units of the length over which the remaining gap conducts e times better:

.. math::
   G = G_0\,e^{g + \xi}, \qquad
   \frac{\tau}{k(T)}\,\frac{dg}{dt} = \frac{i_{pl}}{i_{crit}}\,\frac{\sigma_{298}}{\sigma(T)}\,\varphi\,\Big(1 - \frac{G}{G_{max}}\Big) - \left(1 - e^{-g}\right)

=================  ==========  ======================================================================================
i_pl               A m-2       current that plates at the alloy: max(0, -i) there, smooth; so what leaks does not plate
i_crit             A m-2       critical current: above it, at the worst pressure, growth outruns healing
:math:`\tau`       s           healing time: at rest the leak falls e-fold in it, back to G_0
G_max              S m-2       largest leak: bridges burn out as fast as they form
:math:`\xi`        -           formation and breaking of bridges, 0 unless asked for
=================  ==========  ======================================================================================

**Pressure** acts twice, with the alloy's contact fraction a_a = 1 - exp(-P/P_0) (`interface`): the share without
contact focuses the current on what is left, and pressure extrudes sodium into the electrolyte, as P^2. Together a
hump,

.. math:: \varphi = (1 - a_a)\left(\frac{eP}{2P_0}\right)^2, \qquad \varphi(2P_0) = 1

with :math:`i_{crit}/\varphi` the critical current at any pressure. With P_0 = 35 MPa and i_crit = 0.26 A m-2 it is
0.76 A m-2 at 20 MPa, 0.26 at 62.5, 0.39 at 125 and 3.5 at 250. A leak must outgrow in a charge what heals in charge
and discharge, so about twice that current is needed: at 1.27 A m-2 shorts come early at 62.5 MPa, later at 125 MPa,
and not at 20 or 250 MPa, as Yuan et al. 2025 report. A perfect contact never shorts.

**Electrolyte.** A poor ionic conductor focuses current at pores (i_crit goes with sigma) and a stiff one closes them
late (P_0 goes with the shear modulus): Na3PS4, 9 times less conductive and 2.4 times stiffer than Na3SbS4, shorts at
250 MPa.

**Temperature.** Growth and healing share an Arrhenius factor k(T); the critical current goes with the conductivity of the
separator, as with another electrolyte.

**What it looks like.** In a full cell a leak of i_ext/V = 0.6 S m-2 takes up all of the current: the charge never
ends. In a symmetric cell at 5.1 A m-2 the same leak sits across some 0.1 V, or 0.6 V with Na3PS4, and passes 1 to 12 %
of the current: it stays unseen.

**Stochastic variant.** xi(Q) is a sum of sines of the plated charge Q = int i_pl dt with seeded wavelengths and
phases: a given smooth function, so a run does not depend on the integrator's steps and is the same for the same seed.
Fitted form, not derived: the law is the least that has the published pattern of pressures, electrolytes and cells.
"""

from dataclasses import dataclass

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import arrhenius, conductivity
from .mechanism import Mechanism, given_side
from .smooth import smooth_absolute, total

PLATING_CURRENT_FLOOR = 1e-2
"""Smoothing [A m-2] of the plating current; at rest half of it counts, too little to grow."""
TYPICAL_CHARGE = 3.6e4
"""Scale [C m-2] of the plated charge, 1 mAh cm-2."""


def plating_current(i):
    """Current density [A m-2] that plates, for a current `i` [A m-2] that oxidises the electrode when positive.

    >>> round(float(plating_current(-1.27)), 4), float(plating_current(1.27)) < 1e-4
    (1.27, True)
    """
    return (smooth_absolute(i, PLATING_CURRENT_FLOOR) - i) / 2


def pressure_drive(contact_fraction, pressure, P0):
    """phi: focusing by missing contact times extrusion by `pressure` [Pa]; P0 [Pa]. Its maximum, at 2 P0, is 1.

    >>> [round(float(pressure_drive(1 - np.exp(-P / 35), P, 35.0)), 3) for P in (20.0, 62.5, 125.0, 250.0)]
    [0.341, 0.988, 0.662, 0.075]
    """
    return (1 - contact_fraction) * (np.e * pressure / (2 * P0)) ** 2


def growth_rate(g, drive, G, G_max, tau):
    """Rate of growth [s-1]; drive = phi i_pl/i_crit, conductances G and G_max [S m-2], tau [s].

    >>> float(round(growth_rate(0.0, 3.6, 0.0, 0.7, 7.2e4) * 1e5, 6))
    5.0
    """
    return (drive * (1 - G / G_max) - (1 - np.exp(-g))) / tau


def steady(charge):
    """No bridges that come and go: xi = 0 at any plated charge [C m-2]."""
    return 0.0


@dataclass(frozen=True)
class RandomBridges:
    """xi(Q) of bridges that form and break: `terms` sines, wavelengths spread evenly in logarithm, phases at random.

    Parameters
    ----------
    seed : int
        The same seed gives the same voltage.
    spread : float
        Standard deviation of xi, the logarithm of the conductance.
    shortest, longest : float
        Plated charge [C m-2] over which the quickest and slowest bridges live; a full charge plates some 3e4.
    """

    seed: int = 0
    spread: float = 0.5
    shortest: float = 4.0e2
    longest: float = 4.0e4
    terms: int = 12

    def __call__(self, charge):
        random = np.random.default_rng(self.seed)
        edges = np.geomspace(self.shortest, self.longest, self.terms + 1)
        wavelengths = edges[:-1] * (edges[1:] / edges[:-1]) ** random.uniform(size=self.terms)
        phases = random.uniform(0, 2 * np.pi, self.terms)
        pairs = zip(wavelengths, phases, strict=True)
        waves = [np.sin(charge * (2 * np.pi / length) + phase) for length, phase in pairs]
        return self.spread * np.sqrt(2 / self.terms) * total(waves)


class SoftShort(Mechanism):
    """Leak that grows where sodium is plated; states g and plated charge.

    Parameters
    ----------
    sides : sequence of nasim.nomenclature.Side
        Alloys at which filaments may start; both in a symmetric cell.
    bridges : callable (plated charge [C m-2]) -> xi
        `steady`, or `RandomBridges(seed)` for a jagged voltage.
    """

    def __init__(self, sides=(nm.NEGATIVE,), bridges=steady):
        super().__init__("soft short", role=nm.roles.SHORT)
        self.sides, self.bridges = tuple(given_side("SoftShort", side) for side in sides), bridges
        self.needs, self.rate_needs = (nm.INTRINSIC_LEAK,), (nm.CELL_CURRENT, nm.STACK_PRESSURE, nm.TEMPERATURE)
        self.rate_needs += tuple(side.contact_fraction for side in self.sides)
        self.gives = (nm.LEAK_CONDUCTANCE, nm.BRIDGE_GROWTH, nm.PLATED_CHARGE)

    def __repr__(self):
        return f"SoftShort('{self.name}', {getattr(self.bridges, '__name__', self.bridges)})"

    def get_fundamental_variables(self):
        g = pybamm.Variable(nm.BRIDGE_GROWTH)
        return {nm.BRIDGE_GROWTH: g, nm.PLATED_CHARGE: pybamm.Variable(nm.PLATED_CHARGE, scale=TYPICAL_CHARGE)}

    def get_coupled_variables(self, variables):
        xi = self.bridges(variables[nm.PLATED_CHARGE])
        return {nm.LEAK_CONDUCTANCE: variables[nm.INTRINSIC_LEAK] * np.exp(variables[nm.BRIDGE_GROWTH] + xi)}

    def set_rhs(self, variables):
        P, i, pressure = pybamm.Parameter, variables[nm.CELL_CURRENT], variables[nm.STACK_PRESSURE]
        plated, driven = 0, 0
        for side in self.sides:
            i_pl = plating_current(side.sign * i)
            plated = plated + i_pl
            driven = driven + i_pl * pressure_drive(variables[side.contact_fraction], pressure, P(nm.INTERFACE_P0))
        g, G = variables[nm.BRIDGE_GROWTH], variables[nm.LEAK_CONDUCTANCE]
        T = variables[nm.TEMPERATURE]
        drive = driven / P(nm.SHORT_CURRENT) / conductivity(T, 1.0, P(nm.SEPARATOR.Ea))
        tau = P(nm.SHORT_HEALING) / arrhenius(T, P(nm.SHORT_EA))
        self.rhs[g] = growth_rate(g, drive, G, P(nm.SHORT_LIMIT), tau)
        self.rhs[variables[nm.PLATED_CHARGE]] = plated

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.BRIDGE_GROWTH]] = pybamm.Scalar(0)
        self.initial_conditions[variables[nm.PLATED_CHARGE]] = pybamm.Scalar(0)


class IntrinsicLeak(Mechanism):
    """The leak of the intact electrolyte and no more."""

    needs = (nm.INTRINSIC_LEAK,)
    gives = (nm.LEAK_CONDUCTANCE,)

    def __init__(self):
        super().__init__("soft short", role=nm.roles.SHORT)

    def get_coupled_variables(self, variables):
        return {nm.LEAK_CONDUCTANCE: variables[nm.INTRINSIC_LEAK]}


class NoShort(Mechanism):
    """Null short: no leak at all."""

    gives = (nm.LEAK_CONDUCTANCE,)

    def __init__(self):
        super().__init__("soft short", role=nm.roles.SHORT)

    def get_fundamental_variables(self):
        return {nm.LEAK_CONDUCTANCE: pybamm.Scalar(0)}
