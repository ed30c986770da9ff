r"""Conductivities of the composite cathode, as temperature, the state of the catholyte and contact set them.

.. math::
   \kappa = a\,\Big(1 - \frac{\phi\,e}{\phi - \phi_c}\Big)\,\kappa_{Na}(T)\,r^{\,1-w}, \qquad w = y_2 + \frac{n_1}{n_1 + n_2}\,y_1

kappa_Na (S m-1) is the effective ionic conductivity with all catholyte as Na3SbS4, Arrhenius in kappa T; r the ratio
with all of it as the desodiated SbxSy; w the sodiated share, counted in electrons of the reversible Sb-S steps (y_1,
y_2 the fractions of NaxSbS4 and Na3SbS4; deep reduction leaves insulating Na2S + Sb, which counts as none); a the
connected fraction of the cathode; e the share of the electrolyte that deep reduction has eaten, phi - phi_c its volume above the
threshold of percolation (`composite`). Between the ends the logarithms mix (Lichtenecker's rule for grains without order):
smooth, and positive whatever the composition. A new cell starts desodiated, so its cathode conducts worst in its first
hour.

The electronic conductivity, of the carbon, is a constant.

**Resistance of a lumped cathode.** Reactions that are uniform over the thickness L see the ionic path as :math:`L/3\kappa`; the
product layer keeps them nearly so. Where the drop along the whole thickness comes to the span of potential over which the
cathode reacts, Delta U = 1 V, they run as a front from the separator, and the path is as long as the share xi of the thickness
that it has passed:

.. math::
   u = \frac{L\,|i|}{\kappa\,\Delta U}, \qquad
   R = \frac{L}{\kappa}\Big[\frac13 + \frac{u^2}{1+u^2}\Big(\xi - \frac13\Big)\Big], \qquad \frac{\delta}{L} = \min(1, 1/u)

so that a thick or badly conducting cathode meets its cut-off before the front is through. xi is the charge taken up over that of
the nominal capacity, counted from the other end on charge; i is the cell current of the last minute, in which a front forms: a
state that follows it. delta is the depth that reactions penetrate at one moment. Against `porous_cathode` the capacity is within 1 % up to
u = 0.15 (1.3 % with equal grains, the harder case) and some 2 % off at 0.5; a thickness of which delta is the smaller part asks
for that one.

Units S m-1, Ohm m2, V; y, w, r, a, u, xi dimensionless.

How the state of the catholyte is known is an object handed to `nasim.PorousCathode`: `SbSCatholyte` follows the Sb-S
chain, `FixedCatholyte` is for a cathode in which that chain is left out.
"""

from dataclasses import dataclass

import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError
from ..units import SECONDS_PER_HOUR
from .arrhenius import conductivity
from .composite import THRESHOLD_WIDTH, capped, electrolyte_fraction
from .smooth import smooth_absolute, softplus

FRONT_CURRENT_FLOOR = 1e-2
"""Current density [A m-2] within which a front changes its direction."""
LEFT_WIDTH = 0.02
"""Share of the conductance over which it fades where all electrolyte is eaten."""
FRONT_SPAN = 1.0
"""Delta U [V]: span of potential over which the cathode reacts, 0.7 to 1.9 V but for its ends."""
FRONT_TIME = 60.0
"""Time [s] in which a front forms."""


def sodiated_share(y, n_1, n_2):
    """Sodiated share of the catholyte from the fractions of the Sb-S species and the electrons of its two steps.

    >>> sodiated_share([0.25, 0.5, 0.25, 0.0], 0.475, 0.475)
    0.5
    """
    return y[2] + y[1] * n_1 / (n_1 + n_2)


def mixed(kappa, ratio, sodiated):
    """Conductivity [S m-1] at a sodiated share; `kappa` [S m-1] where it is 1, `ratio` times that where it is 0.

    >>> round(mixed(5e-3, 0.04, 0.5), 6)
    0.001
    """
    return kappa * ratio ** (1 - sodiated)


def path_resistance(thickness, kappa, localised, passed):
    """Return R of the module's equations [Ohm m2]; thickness [m], kappa [S m-1], localised u^2/(1 + u^2), passed xi.

    >>> float(round(path_resistance(18e-6, 5e-3, 0.0, 1.0) * 1e4, 6)), float(round(path_resistance(18e-6, 5e-3, 1.0, 1.0) * 1e4, 6))
    (12.0, 36.0)
    """
    return thickness / kappa * (1 / 3 + localised * (passed - 1 / 3))


def passed_share(charge, full, current):
    """Return xi of the module's equations; charge taken up and `full` [C m-2], current [A m-2], discharge positive.

    >>> [round(float(passed_share(75.0, 100.0, i)), 3) for i in (1.0, -1.0)]
    [0.75, 0.25]
    """
    filled = 1 - capped(1 - capped(charge / full))
    discharging = (1 + current / smooth_absolute(current, FRONT_CURRENT_FLOOR)) / 2
    return discharging * filled + (1 - discharging) * (1 - filled)


def lumped_path(kappa, variables):
    """Return R [Ohm m2] and delta/L of a lumped cathode whose electrolyte conducts `kappa` [S m-1], as symbols."""
    P, i = pybamm.Parameter, variables[nm.FRONT_CURRENT]
    L = P(nm.CATHODE_THICKNESS)
    u = L * smooth_absolute(i, FRONT_CURRENT_FLOOR) / kappa / FRONT_SPAN
    full = SECONDS_PER_HOUR * P(nm.NOMINAL_CAPACITY) / P(nm.AREA)
    passed = passed_share(variables[nm.STORED_CHARGE], full, i)
    return path_resistance(L, kappa, u**2 / (1 + u**2), passed), 1 / (1 + softplus(u - 1, 0.1))


@dataclass(frozen=True)
class SbSCatholyte:
    """The catholyte takes part: its sodiated share follows the connected part of the Sb-S chain, point by point."""

    needs = tuple(nm.SB_S.connected(k) for k in range(len(nm.SB_S.species)))

    def share(self, variables):
        y = [variables[name] for name in self.needs]
        return sodiated_share(y, pybamm.Parameter(nm.SB_S.n(1)), pybamm.Parameter(nm.SB_S.n(2)))


@dataclass(frozen=True)
class FixedCatholyte:
    """The catholyte takes no part and keeps its sodiated share (1: Na3SbS4), as where the Sb-S chain is left out."""

    sodiated: float = 1.0
    needs = ()

    def share(self, variables):
        return self.sodiated


def ionic_conductivity(catholyte, variables):
    """Effective ionic conductivity of the composite [S m-1], kappa of the module's equations, as a symbol."""
    P = pybamm.Parameter
    sodiated = conductivity(variables[nm.TEMPERATURE], P(nm.CATHODE_IONIC), P(nm.CATHODE_IONIC_EA))
    phi = electrolyte_fraction()
    eaten = phi / softplus(phi - P(nm.ION_THRESHOLD), THRESHOLD_WIDTH) * variables[nm.ELECTROLYTE_LOSS]
    return (
        variables[nm.CONNECTED]
        * softplus(1 - eaten, LEFT_WIDTH)
        * mixed(sodiated, P(nm.CATHODE_IONIC_DESODIATED), catholyte.share(variables))
    )


def given_catholyte(who, catholyte):
    """Return `catholyte`, `SbSCatholyte` where it is None; `CompositionError` unless it is an instance of such a class."""
    if isinstance(catholyte, type) or not (catholyte is None or hasattr(catholyte, "share")):
        raise CompositionError(
            f"{who}: {catholyte!r} was given as catholyte; expected an instance, such as FixedCatholyte()."
        )
    return SbSCatholyte() if catholyte is None else catholyte
