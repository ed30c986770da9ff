r"""Interphase between alloy and electrolyte: a layer that grows and adds resistance.

Na3SbS4 + 8 Na -> 4 Na2S + Na3Sb. The thickness L (m) has two parts, a state each: what grows by itself, at rest as
under current, and what grows on surface that the breathing of the alloy freshens,

.. math::
   L = L_r + L_c, \qquad \frac{dL_r}{dt} = s\,k(T)\,g(L_r), \qquad
   \frac{dL_c}{dt} = s\,k(T)\,k_c |i| \Big(1 - \frac{L_c}{L_{cyc}}\Big)

.. math::
   R = \frac{L\,\rho(T)}{1 - v}, \qquad i_{Na} = \frac{8F}{V_p}\frac{dL}{dt}, \qquad q = i_{Na}\,(U_{red} - U_a)

i is the reaction current of the alloy (A m-2), g a growth law of `growth_laws` (m s-1 at 298.15 K), k_c the growth
per charge (m3 C-1), rho the resistivity (Ohm m), v the share that voids have taken (`alloy_contact`), q the heat (W m-2) of a reaction that
passes no charge through the cell, U_red the potential at which the electrolyte is reduced and U_a that of the alloy (V), :math:`8F/V_p` (3.24e9 C m-3) the sodium that the products bind (V_p = 238
cm3 mol-1): 0.09 mAh cm-2 per um, taken from the alloy, so growth is a resistance and hardly an inventory problem where
the alloy holds 25 mAh cm-2. A lean one it can empty: s, the supply of sodium (`alloy_anode`), then ends it. How much sodium
the layer binds goes with its thickness, which nobody has measured: what a lean anode is predicted to do hangs on it. In an
impedance spectrum the layer is an arc of its own: a capacitance C (F m-2) stands beside R (`charged_layer`); R C is some
5 us, and in cycling the layer is a plain resistance. Only L rho is seen by impedance, never the two apart.

**Two clocks.** At rest the new arc appears within 1 h, is complete after 15 h and flat to 24 h (Yuan et al. 2025,
Fig. 4e): the self-limiting law :math:`g = (L_\infty - L)/\tau` with tau = 5 h, the default, is at 18, 95 and 99 % then; a
parabolic law would rise by a quarter between 15 and 24 h. Cycled at 5.1 A m-2 the overpotential settles only after
120 h (Fig. 4c). One state with both terms would settle faster than either alone, hence the two parts: L_c takes
:math:`L_{cyc}/(k_c i)`, 52 h, and 95 % of all growth is done after 120 h.
"""

import inspect

import pybamm

from .. import nomenclature as nm
from .arrhenius import arrhenius
from .charged_layer import with_capacitance
from .growth_laws import KNOWN, arguments_of, self_limiting
from .mechanism import Mechanism, given_side
from .smooth import smooth_absolute

GROWTH_CURRENT_FLOOR = 1e-3
"""Smoothing [A m-2] of the absolute current."""


def cycling_rate(L, i, k_c, L_cyc):
    """Rate of thickening [m s-1] on fresh surface; i [A m-2], k_c [m3 C-1], L and L_cyc [m]. Zero at rest.

    >>> float(round(cycling_rate(L=0.0, i=-5.1, k_c=1.0e-11, L_cyc=1e-5) * 1e11, 2))
    5.1
    """
    return k_c * (smooth_absolute(i, GROWTH_CURRENT_FLOOR) - GROWTH_CURRENT_FLOOR) * (1 - L / L_cyc)


class Interphase(Mechanism):
    """Interphase at one side; states L_r and L_c.

    Parameters
    ----------
    side : nasim.nomenclature.Side, default the negative electrode
    law : callable
        Rate of growth at rest [m s-1 at 298.15 K]: one of `growth_laws` or your own, of L and any of its `KNOWN` and T,
        which are matched by the names of its arguments.

    Raises
    ------
    UnknownNameError
        The law has an argument that is none of these.
    CompositionError
        `side` is no side, for instance a law.
    """

    def __init__(self, side=nm.NEGATIVE, law=self_limiting):
        hint = f"A growth law goes in by name: Interphase(law={side.__name__})." if inspect.isfunction(side) else ""
        self.side = given_side("Interphase", side, hint)
        self.law, self.arguments = law, arguments_of(law)
        super().__init__(f"{side} interphase", role=nm.roles.interphase(side))
        self.needs = (nm.TEMPERATURE, side.kinetic_current, side.supply, side.void_share, side.equilibrium_potential)
        self.gives = (side.interphase_rest_thickness, side.interphase_cycled_thickness, side.interphase_thickness)
        self.gives += (side.interphase_resistance, side.interphase_charge)
        self.gives += (side.interphase_current, side.interphase_heat)
        self.adds = {nm.SERIES_RESISTANCE: (side.interphase_resistance,), nm.CHEMICAL_HEAT: (side.interphase_heat,)}
        self.adds |= dict.fromkeys(side.sodium_totals, (side.interphase_charge,))

    def __repr__(self):
        return f"Interphase('{self.name}', {getattr(self.law, '__name__', self.law)})"

    def charged(self):
        return with_capacitance(self, self.side.interphase_resistance, nm.INTERPHASE_CAPACITANCE)

    def get_fundamental_variables(self):
        side, P = self.side, pybamm.Parameter
        rest = pybamm.Variable(side.interphase_rest_thickness, scale=P(nm.INTERPHASE_FINAL))  # pyright: ignore[reportArgumentType]
        cycled = pybamm.Variable(side.interphase_cycled_thickness, scale=P(nm.CYCLED_FINAL))  # pyright: ignore[reportArgumentType]
        out = {side.interphase_rest_thickness: rest, side.interphase_cycled_thickness: cycled}
        charge = (rest + cycled) * P(nm.INTERPHASE_CHARGE_DENSITY)
        return out | {side.interphase_thickness: rest + cycled, side.interphase_charge: charge}

    def get_coupled_variables(self, variables):
        side, P = self.side, pybamm.Parameter
        conducting = arrhenius(variables[nm.TEMPERATURE], P(nm.INTERPHASE_EA))
        resistance = variables[side.interphase_thickness] * P(nm.INTERPHASE_RESISTIVITY) / conducting
        resistance = resistance / (1 - variables[side.void_share])
        current = P(nm.INTERPHASE_CHARGE_DENSITY) * sum(self._growth(variables))
        heat = current * (P(nm.INTERPHASE_POTENTIAL) - variables[side.equilibrium_potential])
        out = {side.interphase_resistance: resistance, side.interphase_current: current}
        return out | {side.interphase_heat: heat}

    def _growth(self, variables):
        """Rates of the two thicknesses [m s-1]."""
        side, P, T = self.side, pybamm.Parameter, variables[nm.TEMPERATURE]
        given = {"L": variables[side.interphase_rest_thickness], "T": T}
        rest = self.law(**{name: given[name] if name in given else P(KNOWN[name]) for name in self.arguments})
        cycled, i = variables[side.interphase_cycled_thickness], variables[side.kinetic_current]
        pace = variables[side.supply] * arrhenius(T, P(nm.INTERPHASE_EA))
        return pace * rest, pace * cycling_rate(cycled, i, P(nm.CYCLING_GROWTH), P(nm.CYCLED_FINAL))

    def set_rhs(self, variables):
        side = self.side
        rest, cycled = self._growth(variables)
        self.rhs[variables[side.interphase_rest_thickness]] = rest
        self.rhs[variables[side.interphase_cycled_thickness]] = cycled

    def set_initial_conditions(self, variables):
        side = self.side
        self.initial_conditions[variables[side.interphase_rest_thickness]] = pybamm.Parameter(nm.INTERPHASE_INITIAL)
        self.initial_conditions[variables[side.interphase_cycled_thickness]] = pybamm.Scalar(0)


class NoInterphase(Mechanism):
    """A bare interface: no resistance, no growth."""

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("NoInterphase", side)
        super().__init__(f"{side} interphase", role=nm.roles.interphase(side))
        self.gives = (side.interphase_thickness, side.interphase_resistance, side.interphase_current)
        self.gives += (side.interphase_charge,)

    def get_fundamental_variables(self):
        return {name: pybamm.Scalar(0) for name in self.gives}
