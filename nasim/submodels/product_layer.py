r"""Product layer of the cathode: what limits all chains together by transport of sodium.

The solid products lie between carbon and electrolyte, and every reversible reaction draws its sodium through them. A layer
of thickness X passes by diffusion a current in inverse proportion to it (parabolic growth),

.. math::
   i_{lim,k} = \frac{i_D(T)\,a_\phi^{\,p}\,s_k}{X_k + \epsilon}, \qquad
   D_k = 1 + \frac{\sum r^\rightarrow_k}{i_{lim,k}} + \frac{\sum r^\leftarrow_k}{g\,i_{lim,k}}, \qquad i_k = \frac{(r^\rightarrow - r^\leftarrow)_k}{D_k}

kinetics and transport in series, after Koutecky and Levich; the sums are over the steps of all chains. g > 1 since on
charge the product, which is larger than what it comes from, shrinks away from the carbon. X is the product by charge, over
that which both chains of the reference cathode make, per contact surface; of each chain

.. math:: X = \sum_{chains} \frac{q_c\,n_c\,x_c}{Q_{ref}\,\ell}, \qquad x_S = \tfrac12 y_{Na_2S_2} + y_{Na_2S}, \quad
          x_{Sb} = \tfrac12 y_1 + y_2

q_c n_c the charge of the full chain (C m-2), Q_ref that of the reference cathode, ell the loading over the reference loading
of the first chain, to which the area of the layer is in proportion, so that a thicker cathode has more of the same layer.
Rates of the other chains count by their loading over ell.

**Classes.** Grains differ in size, and a coarse one has a thicker layer and less surface per mass: a grain of relative size
:math:`\rho_k = e^{s z_k}` passes :math:`\rho_k^{-2}` as much, z_k the logistic quantile of the rank of the class, scaled to unit
variance; s, the width, is the one parameter of the spread. It makes plateaus shrink with rate instead of vanish.

**Contact.** a_phi is the relative area of contact (`composite`). The power p is 2 if product stays beneath its contact (less
surface, and a thicker layer for the same charge), 1 if half of that evens out, 0 if it spreads through the carbon.

Size of i_D: r^2 F D c/L_p with r = 7 m2 of contact per m2 of electrode (grains of 1 um), L_p = 6.4 um (all Na2S spread flat)
and c = 2000 mol m-3 of mobile sodium is 1 A m-2 for D = 7e-16 m2 s-1, a value for a glassy sulfide. Units: rates, currents
A m-2 at the reference loading; X, epsilon, s, g, p dimensionless.

Sources: Bard and Faulkner, Electrochemical Methods, ch. 9 (mixed control); Deal and Grove, J. Appl. Phys. 36 (1965) 3770
(parabolic growth).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pybamm

from .. import nomenclature as nm
from .active_material import ActiveMaterial
from .arrhenius import arrhenius
from .composite import relative_contact_area
from .mechanism import Mechanism, Variables
from .region import LUMPED, Region
from .smooth import softplus, total

SODIATION_WIDTH = 1e-3
"""Smoothing of the sodiation at zero."""


def limiting_current(X, i_D, bare):
    """Return what a layer of product X passes [A m-2]; i_D [A m-2] passes a full layer of 1, `bare` is that of none.

    >>> float(round(limiting_current(0.5, 1.6, 0.014), 3))
    3.113
    """
    return i_D / (X + bare)


def transport_factor(forward, backward, limit, ratio):
    """Return D of the module's equations; sums of one-way rates and the limit [A m-2], ratio g.

    >>> transport_factor(1.0, 0.5, 2.0, 5.0)
    1.55
    """
    return 1 + forward / limit + backward / (ratio * limit)


def class_factor(rank, spread):
    """Return rho^-2, what the layer on a grain of this rank passes relative to the median; `spread` s.

    >>> [round(float(class_factor(p, 0.5)), 3) for p in (1 / 6, 1 / 2, 5 / 6)]
    [2.428, 1.0, 0.412]
    """
    return np.exp(-2 * spread * np.log(rank / (1 - rank)) * np.sqrt(3) / np.pi)


@dataclass(frozen=True)
class Layered:
    """What of a chain lies in the layer and goes through it.

    Parameters
    ----------
    names : nasim.nomenclature.Chain
    material : ActiveMaterial
    weights : sequence of float
        Share of the full layer of the chain that each species stands for.
    through : sequence of Step
        The steps whose sodium comes through the layer.
    """

    names: nm.Chain
    material: ActiveMaterial
    weights: tuple[float, ...]
    through: tuple[nm.Step, ...]

    def product(self, variables: Variables):
        """Return the charge of product [C m-2], each class as if all grains were of it."""
        n, a = self.names, variables[nm.CONNECTED]
        x = total([w * variables[n.graded(k)] / a for k, w in enumerate(self.weights) if w])
        electrons = total([pybamm.Parameter(n.n(step.red)) for step in self.through])
        return self.material.charge_per_electron() * electrons * softplus(x, SODIATION_WIDTH)


class ProductLayer(Mechanism):
    """The transport factor D of every class of grains, shared by the chains of the cathode.

    Parameters
    ----------
    layered : sequence of Layered
        What of each chain lies in the layer; the first is the host, whose loading sets its area.
    """

    def __init__(self, layered: Sequence[Layered], region: Region = LUMPED) -> None:
        super().__init__("product layer", role=nm.roles.PRODUCT_LAYER, region=region)
        self.layered = tuple(layered)
        self.needs, self.gives = (nm.TEMPERATURE, nm.CONNECTED), (nm.LAYER_FACTOR, nm.LAYER_SODIATION)
        for part in self.layered:
            n = part.names
            self.needs += tuple(n.graded(k) for k in range(len(n.species)))
            self.needs += tuple(name(step) for step in part.through for name in (n.forward, n.backward))

    def get_coupled_variables(self, variables: Variables) -> dict[str, pybamm.Symbol]:
        P, region = pybamm.Parameter, self.region
        host = self.layered[0].material.relative_loading()
        X = total([part.product(variables) for part in self.layered]) / (P(nm.LAYER_CHARGE) * host)
        sums = [self._sum(variables, way, host) for way in ("forward", "backward")]
        pace = arrhenius(variables[nm.TEMPERATURE], P(nm.LAYER_EA))
        i_D = pace * P(nm.LAYER_CURRENT) * relative_contact_area() ** P(nm.LAYER_CONTACT_EXPONENT)
        limit = limiting_current(X, i_D * class_factor(region.rank, P(nm.GRAIN_SPREAD)), P(nm.LAYER_BARE))
        D = transport_factor(*sums, limit, P(nm.LAYER_OXIDATION_RATIO))
        return {nm.LAYER_FACTOR: D, nm.LAYER_SODIATION: region.mean(region.class_mean(X))}

    def _sum(self, variables, way, host):
        """One-way rates of all chains per surface of the layer [A m-2]."""
        terms = []
        for part in self.layered:
            rates = [variables[getattr(part.names, way)(step)] for step in part.through]
            terms.append(total(rates) * (part.material.relative_loading() / host))
        return total(terms)
