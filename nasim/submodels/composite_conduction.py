r"""Conductivities of the composite cathode, as temperature, the state of the catholyte and contact set them.

.. math::
   \kappa = a\,\kappa_{Na}(T)\,r^{\,1-w}, \qquad w = y_2 + \frac{n_1}{n_1 + n_2}\,y_1

kappa_Na (S m-1) is the effective ionic conductivity with all catholyte as Na3SbS4, Arrhenius in kappa T; r the ratio
with all of it as the desodiated SbxSy; w the sodiated share, counted in electrons of the reversible Sb-S steps (y_1,
y_2 the fractions of NaxSbS4 and Na3SbS4; deep reduction leaves insulating Na2S + Sb, which counts as none); a the
connected fraction of the cathode. Between the ends the logarithms mix (Lichtenecker's rule for grains without order):
smooth, and positive whatever the composition. A new cell starts desodiated, so its cathode conducts worst in its first
hour.

The electronic conductivity, of the carbon, is a constant. Units S m-1; y, w, r, a dimensionless.

How the state of the catholyte is known is an object handed to `nasim.PorousCathode`: `SbSCatholyte` follows the Sb-S
chain, `FixedCatholyte` is for a cathode in which that chain is left out.
"""

from dataclasses import dataclass

import pybamm

from .. import nomenclature as nm
from .arrhenius import conductivity


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


@dataclass(frozen=True)
class SbSCatholyte:
    """The catholyte takes part: its sodiated share follows the connected part of the Sb-S chain, point by point."""

    needs = (*(nm.SB_S.amount_of(k) for k in range(len(nm.SB_S.species))), nm.CONNECTED)

    def share(self, variables):
        y = [variables[name] / variables[nm.CONNECTED] for name in self.needs[:-1]]
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
    return variables[nm.CONNECTED] * mixed(sodiated, P(nm.CATHODE_IONIC_DESODIATED), catholyte.share(variables))
