r"""Sodium diffusion in the alloy: how far the surface, which reacts, is ahead of the mean composition.

Fick's law with a constant diffusivity D in a body of length l, that gives sodium off through its surface. With z the
mean sodium per tin and :math:`\Lambda_n` the eigenvalues of the body, the depletion of the surface is a sum of independent modes,

.. math::
   z_{surface} = z - \mu - m\sum_{n=1}^{N} g_n\Lambda_n^2\,u_n, \qquad
   \frac{du_n}{dt} = -\Big(\frac{dz}{dt} - \frac{d\mu}{dt}\Big) - \frac{\Lambda_n^2 D(T)}{l^2}\,u_n, \qquad
   g_n = \frac{2}{\Lambda_n^2}, \quad g_N = G - \sum_{n<N} g_n

u_n, the state of a mode, is what was drawn of late: within the time in which the mode relaxes.

=======  =================================  ============================  ======  =========  =========================
body     l                                  :math:`\Lambda_n`             m       G          for
=======  =================================  ============================  ======  =========  =========================
grain    radius of a sphere                 :math:`\tan\Lambda=\Lambda`   1/3     1/5        alloy of grains in reach
layer    thickness, sealed at the back      :math:`n\pi`                  1       1/3        dense alloy on a separator
=======  =================================  ============================  ======  =========  =========================

G is the steady response to a constant flux. The last mode takes what the cut-off ones would add, so that the steady
depletion :math:`-m\,G\,(l^2/D)\,dz/dt` is exact for any N; a larger N follows earlier times, until at
:math:`t \ll l^2/D` the depletion grows with the root of time, :math:`\tfrac{2}{\sqrt\pi}\,m\,\sqrt{l^2 t/D}\,|dz/dt|`.

**Metal.** Sodium returned faster than it can spread brings the surface to 0 V before the alloy is full, and plates there,
mu as sodium per tin. While there is metal it keeps the surface saturated, at z_sat: it is dissolved by the alloy as fast
as the alloy takes it, and stripped before the alloy is,

.. math:: \frac{d\mu}{dt} = \frac1\tau\left[(x)_+ - (-x)_+\tanh\frac{\mu}{\mu_0}\right], \qquad x = z_{surface} - z_{sat}

with smooth positive parts and a tau of a second.

The alloy reacts at the potential of its surface; the difference from that of its mean is this mechanism's voltage loss.
What the two-phase plateaus do inside the body, where a front would move, is lumped into D. Optional: at 1.27 A m-2, 5 um
grains are depleted by 6e-4 sodium per tin at the surface, which nothing sees; a thin anode, coarse grains or a dense layer
are another matter.

Units: z, u, mu - ; D m2 s-1, Arrhenius; l m; t s. Source: Crank, The Mathematics of Diffusion, 2nd ed. (1975), ch. 4
(layer) and 6 (sphere), constant flux at the surface.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .alloy_anode import NA_PER_SN, PHASE_LIMITS, STEP_WIDTHS, rest_potential
from .arrhenius import arrhenius, thermal_voltage_inverse
from .kinetics import pressure_shift
from .mechanism import Mechanism, given_side
from .smooth import softplus
from .whole_number import whole_number

SATURATED = PHASE_LIMITS[-1] + 4 * STEP_WIDTHS[-1]
"""z_sat: sodium per tin at the surface of an alloy under metal, where its potential has come down to that of sodium."""
EXCHANGE_TIME = 1.0
"""tau [s]: in which metal and a surface that is not saturated exchange sodium; short, so that it costs no voltage."""
EXCHANGE_WIDTH = 1e-4
"""Sodium per tin over which plating begins smoothly."""
LEAST_METAL = 1e-6
"""mu_0: sodium per tin, as metal, below which it dissolves more slowly."""


def grain(modes):
    """Eigenvalues, m and G of a sphere that gives sodium off through its surface.

    >>> [round(float(eigenvalue), 4) for eigenvalue in grain(2)[0]]
    [4.4934, 7.7253]
    """
    eigenvalues = (np.arange(modes) + 1.5) * np.pi
    for _ in range(20):  # tan x = x: a contraction on the branch that ends at each starting value
        eigenvalues = np.arctan(eigenvalues) + np.pi * (np.arange(modes) + 1)
    return eigenvalues, 1 / 3, 1 / 5


def layer(modes):
    """Eigenvalues, m and G of a layer that gives sodium off through one face.

    >>> [round(float(eigenvalue), 4) for eigenvalue in layer(2)[0]]
    [3.1416, 6.2832]
    """
    return (np.arange(modes) + 1) * np.pi, 1.0, 1 / 3


def mode_gains(eigenvalues, steady):
    """g_n of the module's equations; they sum to the `steady` response G.

    >>> [round(float(gain), 4) for gain in mode_gains(*grain(2)[::2])]
    [0.0991, 0.1009]
    """
    gains = 2 / eigenvalues**2
    gains[-1] = steady - gains[:-1].sum()
    return gains


def mode_rate(u, content_rate, eigenvalue, D, length):
    """Rate of change [s-1] of the state of one mode; dz/dt [s-1], D [m2 s-1], length [m].

    >>> mode_rate(0.0, -5.3e-6, 4.4934, 1.4e-14, 5e-6)
    5.3e-06
    """
    return -content_rate - eigenvalue**2 * D / length**2 * u


def plating_rate(surface, metal):
    """Rate [s-1] at which metal grows on a `surface` with that much sodium per tin; `metal` as sodium per tin.

    >>> float(round(plating_rate(SATURATED + 0.01, 0.0), 4)), float(abs(plating_rate(3.7, 0.0))) < 1e-12
    (0.01, True)
    """
    above = surface - SATURATED
    dissolving = softplus(-above, EXCHANGE_WIDTH) * np.tanh(metal / LEAST_METAL)
    return (softplus(above, EXCHANGE_WIDTH) - dissolving) / EXCHANGE_TIME


class AlloyDiffusion(Mechanism):
    """Depletion of the surface of the alloy at one side, one state a mode, and metal on it.

    Parameters
    ----------
    side : nasim.nomenclature.Side, default the negative electrode
    body : callable (modes) -> eigenvalues, m, G
        `grain` (default), whose length is the radius, or `layer`, whose length is the thickness.
    modes : int
        How many modes are followed, default 4.

    Raises
    ------
    CompositionError
        `modes` is no whole number of at least 1.
    """

    def __init__(self, side=nm.NEGATIVE, body=grain, modes=4):
        self.side, self.body = given_side("AlloyDiffusion", side), body
        self.modes = whole_number("AlloyDiffusion", "modes", modes, 1)
        super().__init__(f"{side} alloy diffusion", role=nm.roles.alloy_diffusion(side))
        self.needs = (nm.TEMPERATURE, nm.STACK_PRESSURE, side.tin_content, side.equilibrium_potential)
        self.hints = {
            side.tin_content: "It knows the phases and the diffusivity of Na-Sn alone, and this anode is another alloy or a "
            "metal: leave the default, WellMixed."
        }
        self.rate_needs = (side.kinetic_current, side.interphase_current)
        self.gives = (*(side.depletion_mode(n) for n in range(1, modes + 1)), side.depletion, side.diffusion_loss)
        self.gives += (side.surface_metal, side.plated_sodium)
        self.adds = {nm.VOLTAGE_LOSS: (side.diffusion_loss,)}

    def get_fundamental_variables(self):
        names = [self.side.depletion_mode(n) for n in range(1, self.modes + 1)]
        states = {name: pybamm.Variable(name) for name in names}
        eigenvalues, m, steady = self.body(self.modes)
        weights = m * mode_gains(eigenvalues, steady) * eigenvalues**2
        metal = pybamm.Variable(self.side.surface_metal)
        depletion = sum((weight * u for weight, u in zip(weights, states.values(), strict=True)), metal)
        plated = metal * pybamm.Parameter(nm.ALLOY_CAPACITY) / NA_PER_SN
        states |= {self.side.surface_metal: metal, self.side.plated_sodium: plated}
        return states | {self.side.depletion: depletion}

    def get_coupled_variables(self, variables):
        side, plateaus = self.side, [pybamm.Parameter(name) for name in nm.ALLOY_PLATEAUS]
        f = thermal_voltage_inverse(variables[nm.TEMPERATURE])
        of_mean = rest_potential(variables[side.tin_content], plateaus, f)
        of_mean = of_mean + pressure_shift(variables[nm.STACK_PRESSURE], pybamm.Parameter(nm.ALLOY_MOLAR_VOLUME))
        return {side.diffusion_loss: side.sign * (variables[side.equilibrium_potential] - of_mean)}

    def set_rhs(self, variables):
        P, side = pybamm.Parameter, self.side
        D = P(nm.ALLOY_DIFFUSIVITY) * arrhenius(variables[nm.TEMPERATURE], P(nm.ALLOY_DIFFUSION_EA))
        drawn = variables[side.kinetic_current] + variables[side.interphase_current]
        metal = variables[side.surface_metal]
        plating = plating_rate(variables[side.tin_content] - variables[side.depletion], metal)
        into_alloy = -NA_PER_SN * drawn / P(nm.ALLOY_CAPACITY) - plating
        self.rhs[metal] = plating
        for n, eigenvalue in enumerate(self.body(self.modes)[0], start=1):
            u = variables[side.depletion_mode(n)]
            self.rhs[u] = mode_rate(u, into_alloy, eigenvalue, D, P(nm.ALLOY_DIFFUSION_LENGTH))

    def set_initial_conditions(self, variables):
        for n in range(1, self.modes + 1):
            self.initial_conditions[variables[self.side.depletion_mode(n)]] = pybamm.Scalar(0)
        beyond = pybamm.maximum(pybamm.Parameter(nm.ALLOY_INITIAL_CONTENT) - SATURATED, 0)
        self.initial_conditions[variables[self.side.surface_metal]] = beyond


class WellMixed(Mechanism):
    """Null diffusion: the surface of the alloy has its mean composition (the default)."""

    def __init__(self, side=nm.NEGATIVE):
        self.side = given_side("WellMixed", side)
        super().__init__(f"{side} alloy diffusion", role=nm.roles.alloy_diffusion(side))
        self.needs = (side.inventory,)
        self.gives = (side.depletion, side.plated_sodium)

    def get_fundamental_variables(self):
        return {self.side.depletion: pybamm.Scalar(0)}

    def get_coupled_variables(self, variables):
        beyond = variables[self.side.inventory] - pybamm.Parameter(nm.ALLOY_CAPACITY)
        return {self.side.plated_sodium: pybamm.maximum(beyond, 0)}
