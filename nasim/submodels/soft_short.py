r"""Shorts: filaments of sodium that grow in flaws of the electrolyte while the alloy is plated.

The cell current is :math:`i = i_{ext} + G V` (`circuit`), with a leak G (S m-2) beside the cell. x, the one state of a side, is
the length of its filaments over the thickness L of the electrolyte; with l the length of the flaw that they fill,

.. math::
   l = c + xL + r_v\sqrt v, \qquad
   p_{el} = \frac{F}{\Omega}\,\frac{i_{pl}}{a_a}\int_0^l \frac{dz}{\sigma}, \qquad p_{Na} = \min(p_{el}, P)

.. math::
   p_c = \frac{K_{IC}}{\sqrt{\pi l}} + \frac{P}{l}\int_0^l K_0\,dz, \qquad \varphi = \max\Big(0,\ 1 - \frac{p_c}{p_{Na}}\Big)

.. math::
   \dot x = \frac{\gamma}{L}\,\varphi\,i_{pl} - \frac{i_{strip}}{q_r}\,x - \frac{k(T)}{\tau_h}\,x, \qquad
   G = G_0 + G_b \sum_{sides} e^{-(1-x)/w + \xi}

=========================  =============  ===============================================================================================
:math:`c, r_v`             m              longest flaw at the alloy; what voids, of share v, add to it
:math:`i_{pl}, i_{strip}`  A m-2          current that plates and strips at the alloy; :math:`a_a` its share in contact (`alloy_contact`)
:math:`p_{el}`             Pa             drop of potential along the flaw, as pressure of sodium at its tip
:math:`p_{Na}`             Pa             at most the stack pressure: a deposit at more lifts the stack instead of splitting
:math:`p_c`                Pa             Griffith's opening pressure, and the lateral stress of the die that holds cracks shut
:math:`\gamma, q_r`        m3 C-1, C m-2  length gained for a charge that goes into filaments; charge that strips them e-fold
:math:`\tau_h`             s              time in which a filament at rest is resorbed e-fold
:math:`G_b, w`             S m-2, -       leak of filaments that span; thickness over which it falls e-fold before
:math:`\xi`                -              bridges that form and break, 0 unless asked for
=========================  =============  ===============================================================================================

**Critical current.** Filaments grow where phi > 0, that is above :math:`i_c = a_a\,\sigma\,\Omega\,p_c/(F l)`: in proportion to
conductivity and contact, less with a longer flaw, more with toughness and, until the deposit lifts the stack, with pressure. As a
longer filament needs less, growth runs away. What comes of it depends on the circuit. In a full cell the leak takes the current
that would plate on: a *soft* short, and a charge that never ends where G V exceeds the current. In a symmetric cell, at a tenth of a
volt, the leak takes little, and filaments span: a *hard* short. Stripping takes filaments back, so that the charge of a half cycle and
the thickness count too. At low pressure voids lengthen flaws and focus the current; at high pressure the lateral stress holds them
shut. In between, where there is pressure enough to push sodium and not enough to close voids, cells short.

**Layers.** A filament crosses the layers of the separator from its alloy on. Resistance and lateral stress are those along it, the
toughness that at its tip.

**Temperature** acts through conductivity and an Arrhenius k(T) of healing. Omega is the molar volume of sodium metal.

**Stochastic variant.** :math:`\xi(Q)` is a sum of sines of the plated charge :math:`Q = \int i_{pl}\,dt` with seeded wavelengths and
phases: a given smooth function, so a run does not depend on the integrator's steps and is the same for the same seed.

Sources: Porz et al., Adv. Energy Mater. 7 (2017) 1701003 (plating pressure in flaws); Griffith, Phil. Trans. R. Soc. A 221 (1921)
163; Kasemchainan et al., Nat. Mater. 18 (2019) 1105 (voids focus plating).
"""

from dataclasses import dataclass

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError
from .arrhenius import FARADAY, arrhenius, conductivity
from .mechanism import Mechanism, given_side
from .smooth import smooth_absolute, softplus, total

PLATING_CURRENT_FLOOR = 1e-2
"""Smoothing [A m-2] of the plating current; at rest half of it counts, too little to grow."""
TYPICAL_CHARGE = 3.6e4
"""Scale [C m-2] of the plated charge, 1 mAh cm-2."""
SODIUM_VOLUME = 2.378e-5
"""Omega [m3 mol-1]: 22.99 g mol-1 over 967 kg m-3 (CRC Handbook)."""
REACH = 0.05
"""w: share of the thickness over which the leak of an unfinished bridge falls by a factor of e."""
PRESSURE_WIDTH = 2e5
"""Smoothing [Pa] of the smaller of two pressures."""
DRIVE_FLOOR = 1e6
"""Pressure of sodium [Pa] below which nothing opens; keeps the share finite."""
SHARE_WIDTH = 0.01
"""Smoothing of the share of the plated charge that goes into filaments."""
SPAN_WIDTH = 0.005
"""Smoothing of the end of growth where a filament spans."""
SPAN_ROOM = 0.02
"""Share of the thickness within which growth comes to its end."""
LAYER_WIDTH = 5e-6
"""Length [m] over which a filament passes from one layer to the next."""
LEAST_VOID = 1e-8
"""Void share below which its root is smooth."""


def plating_current(i):
    """Current density [A m-2] that plates, for a current `i` [A m-2] that oxidises the electrode when positive.

    >>> round(float(plating_current(-1.27)), 4), float(plating_current(1.27)) < 1e-4
    (1.27, True)
    """
    return (smooth_absolute(i, PLATING_CURRENT_FLOOR) - i) / 2


def plating_pressure(current, path):
    """Pressure [Pa] of sodium at the tip of a flaw; local current [A m-2], `path` the integral of dz/sigma [Ohm m2].

    >>> round(plating_pressure(1.27, 130e-6 / 0.09) / 1e6, 2)
    7.44
    """
    return FARADAY * current * path / SODIUM_VOLUME


def opening_pressure(flaw, toughness, closing):
    """Pressure [Pa] that opens a flaw [m]; toughness [Pa m0.5], closing stress on its faces [Pa].

    >>> float(round(opening_pressure(130e-6, 4e5, 75e6) / 1e6, 1))
    94.8
    """
    return toughness / np.sqrt(np.pi * flaw) + closing


def growing_share(pressure, limit, opening):
    """phi of the module's equations; plating pressure, stack pressure `limit` and opening pressure [Pa].

    >>> float(round(growing_share(80e6, 250e6, 40e6), 3)), float(growing_share(20e6, 250e6, 40e6)) < 1e-6
    (0.5, True)
    """
    held = pressure - softplus(pressure - limit, PRESSURE_WIDTH)
    return softplus(1 - opening / (abs(held) + DRIVE_FLOOR / 1e3), SHARE_WIDTH) * np.tanh(held / DRIVE_FLOOR)


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
    """Leak by filaments that grow where sodium is plated; states: their length at each side, and the plated charge.

    Parameters
    ----------
    sides : sequence of nasim.nomenclature.Side
        Alloys at which filaments may start; both in a symmetric cell.
    bridges : callable (plated charge [C m-2]) -> xi
        `steady`, or `RandomBridges(seed)` for a jagged voltage.
    layers : sequence of nasim.nomenclature.Layer
        Those of the separator, anode side first.

    Raises
    ------
    CompositionError
        A side or a layer is none, or there is no layer.
    """

    def __init__(self, sides=(nm.NEGATIVE,), bridges=steady, layers=(nm.SEPARATOR,)):
        super().__init__("soft short", role=nm.roles.SHORT)
        self.sides, self.bridges = tuple(given_side("SoftShort", side) for side in sides), bridges
        self.layers = tuple(layers)
        if not self.layers or not all(isinstance(layer, nm.Layer) for layer in self.layers):
            raise CompositionError(
                f"SoftShort: {layers!r} was given as layers; expected Layers, such as those of Separator."
            )
        self.needs = (nm.INTRINSIC_LEAK,)
        self.rate_needs = (nm.STACK_PRESSURE, nm.TEMPERATURE)
        self.rate_needs += tuple(name for side in self.sides for name in _of_side(side))
        self.gives = (nm.LEAK_CONDUCTANCE, nm.PLATED_CHARGE, *(side.filament for side in self.sides))

    def __repr__(self):
        return f"SoftShort('{self.name}', {getattr(self.bridges, '__name__', self.bridges)})"

    def get_fundamental_variables(self):
        out = {side.filament: pybamm.Variable(side.filament) for side in self.sides}
        return out | {nm.PLATED_CHARGE: pybamm.Variable(nm.PLATED_CHARGE, scale=TYPICAL_CHARGE)}

    def get_coupled_variables(self, variables):
        xi = self.bridges(variables[nm.PLATED_CHARGE])
        spanned = total([np.exp(-(1 - variables[side.filament]) / REACH + xi) for side in self.sides])
        G = variables[nm.INTRINSIC_LEAK] + pybamm.Parameter(nm.BRIDGE_CONDUCTANCE) * spanned
        return {nm.LEAK_CONDUCTANCE: G}

    def set_rhs(self, variables):
        plated = []
        for side in self.sides:
            i = variables[side.kinetic_current]
            plated.append(plating_current(i))
            stripped = plating_current(-i)
            self.rhs[variables[side.filament]] = self._growth(side, plated[-1], stripped, variables)
        self.rhs[variables[nm.PLATED_CHARGE]] = total(plated)

    def _growth(self, side, plated, stripped, variables):
        P, x, T = pybamm.Parameter, variables[side.filament], variables[nm.TEMPERATURE]
        L, pressure = total([P(layer.thickness) for layer in self.layers]), variables[nm.STACK_PRESSURE]
        void = np.sqrt((variables[side.void_share] + abs(variables[side.void_share])) / 2 + LEAST_VOID)
        flaw = P(nm.FLAW) + L * (x + abs(x)) / 2 + P(nm.VOID_SIZE) * void
        path, toughness, closing = self._along(side, flaw, T)
        driven = plating_pressure(plated / variables[side.contact_fraction], path)
        phi = growing_share(driven, pressure, opening_pressure(flaw, toughness, closing * pressure))
        room = softplus(1 - x, SPAN_WIDTH)
        grown = P(nm.FILAMENT_GROWTH) * phi * plated / L * room / (room + SPAN_ROOM)
        healed = x * arrhenius(T, P(nm.SHORT_EA)) / P(nm.SHORT_HEALING)
        return grown - x * stripped / P(nm.FILAMENT_RETREAT) - healed

    def _along(self, side, flaw, T):
        """Along a flaw [m] from a side: integral of dz/sigma [Ohm m2], toughness at its tip, mean lateral ratio."""
        P, layers = pybamm.Parameter, self.layers if side.sign > 0 else self.layers[::-1]
        start, path, closing, toughness = 0, 0, 0, P(layers[0].toughness)
        for number, layer in enumerate(layers):
            within = softplus(flaw - start, LAYER_WIDTH) if number else flaw
            end = start + P(layer.thickness)
            if layer is not layers[-1]:
                within = within - softplus(flaw - end, LAYER_WIDTH)
            if number:
                reached = (1 + np.tanh((flaw - start) / LAYER_WIDTH)) / 2
                toughness = toughness + (P(layer.toughness) - P(layers[number - 1].toughness)) * reached
            path = path + within / conductivity(T, P(layer.conductivity), P(layer.Ea))
            closing, start = closing + within * P(layer.lateral_stress), end
        return path, toughness, closing / flaw

    def set_initial_conditions(self, variables):
        for name in (nm.PLATED_CHARGE, *(side.filament for side in self.sides)):
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)


def _of_side(side):
    """Return what filaments at a side depend on."""
    return side.contact_fraction, side.void_share, side.kinetic_current


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
