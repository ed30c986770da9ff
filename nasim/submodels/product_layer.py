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
          x_{Sb} = \tfrac12 y_1 + y_2 + y_3

q_c n_c the charge of the full chain (C m-2), Q_ref that of the reference cathode, ell the loading over the reference loading
of the first chain, to which the area of the layer is in proportion, so that a thicker cathode has more of the same layer.
Rates of the other chains count by their loading over ell.

**Stranded product.** What comes back from isolation, still reduced, lies in grains of its own and is in nobody's way. X above is
therefore less the stranded part X_s, one state, which reconnection brings at the composition of the isolated material and
oxidation takes away with the rest:

.. math:: \dot X_s = \frac{R_{in}}{a}\,(X_{iso} - X_s) - X_s\,\frac{\max(0, -\dot X_{react})}{X}

**Classes.** Grains differ in size, and a coarse one has a thicker layer and less surface per mass: a grain of relative size
:math:`\rho_k = e^{s z_k}` passes :math:`\rho_k^{-2}` as much, z_k the logistic quantile of the rank of the class, scaled to unit
variance; s, the width, is the one parameter of the spread. It makes plateaus shrink with rate instead of vanish.

**Contact.** a_phi is the relative area of contact (`composite`). The power p is 2 if product stays beneath its contact (less
surface, and a thicker layer for the same charge), 1 if half of that evens out, 0 if it spreads through the carbon.

Size of i_D: :math:`r^2 F D c/L_p` with r = 7 m2 of contact per m2 of electrode (grains of 1 um), L_p = 6.4 um (all Na2S spread flat)
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
from .region import ISOLATED_FLOOR, LUMPED, Region
from .smooth import softplus, total

SODIATION_WIDTH = 1e-3
"""Smoothing of the sodiation at zero."""
LEAST_PRODUCT = 1e-3
"""Product that the stranded share is related to, where there is hardly any."""
OXIDATION_WIDTH = 1e-8
"""Smoothing [s-1] of the rate at which product is oxidised."""


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
    [2.429, 1.0, 0.412]
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

    @property
    def electrons(self):
        """Electrons per formula unit of the steps that go through the layer, a symbol."""
        return total([pybamm.Parameter(self.names.n(step.red)) for step in self.through])

    def product(self, amounts: Sequence):
        """Return the charge of product [C m-2] for the `amounts` of the species."""
        x = total([w * y for y, w in zip(amounts, self.weights, strict=True) if w])
        return self.material.charge_per_electron() * self.electrons * x


class ProductLayer(Mechanism):
    """The transport factor D of every class of grains, shared by the chains of the cathode; state: stranded product.

    Parameters
    ----------
    layered : sequence of Layered
        What of each chain lies in the layer; the first is the host, whose loading sets its area.
    """

    def __init__(self, layered: Sequence[Layered], region: Region = LUMPED) -> None:
        super().__init__("product layer", role=nm.roles.PRODUCT_LAYER, region=region)
        self.layered = tuple(layered)
        self.needs, self.rate_needs = (nm.TEMPERATURE, nm.CONNECTED), (nm.RECONNECTION_RATE,)
        self.gives = (nm.LAYER_FACTOR, nm.LAYER_SODIATION, nm.STRANDED)
        for part in self.layered:
            n, species = part.names, range(len(part.names.species))
            self.needs += tuple(name(k) for k in species for name in (n.graded, n.connected))
            self.needs += tuple(name(step) for step in part.through for name in (n.forward, n.backward))
            self.rate_needs += tuple(n.isolated(k) for k in species) + tuple(n.current(step) for step in part.through)

    def get_fundamental_variables(self) -> dict[str, pybamm.Symbol]:
        return {nm.STRANDED: self.region.variable(nm.STRANDED)}

    def get_coupled_variables(self, variables: Variables) -> dict[str, pybamm.Symbol]:
        P, region, a = pybamm.Parameter, self.region, variables[nm.CONNECTED]
        graded = self._product(lambda n, k: variables[n.graded(k)] / a)
        X = softplus(graded - region.spread(variables[nm.STRANDED]), SODIATION_WIDTH)
        sums = [self._sum(variables, way) for way in ("forward", "backward")]
        pace = arrhenius(variables[nm.TEMPERATURE], P(nm.LAYER_EA))
        i_D = pace * P(nm.LAYER_CURRENT) * relative_contact_area() ** P(nm.LAYER_CONTACT_EXPONENT)
        limit = limiting_current(X, i_D * class_factor(region.rank, P(nm.GRAIN_SPREAD)), P(nm.LAYER_BARE))
        D = transport_factor(*sums, limit, P(nm.LAYER_OXIDATION_RATIO))  # pyright: ignore[reportCallIssue]
        return {
            nm.LAYER_FACTOR: D,
            nm.LAYER_SODIATION: region.mean(self._product(lambda n, k: variables[n.connected(k)])),
        }

    def _full(self):
        """Charge [C m-2] of the product X = 1."""
        return pybamm.Parameter(nm.LAYER_CHARGE) * self.layered[0].material.relative_loading()

    def _product(self, amount):
        """X for the `amount` of a species, by chain and number."""
        parts = [p.product([amount(p.names, k) for k in range(len(p.names.species))]) for p in self.layered]
        return total(parts) / self._full()

    def _sum(self, variables, way):
        """One-way rates of all chains per surface of the layer [A m-2]."""
        terms, host = [], self.layered[0].material.relative_loading()
        for part in self.layered:
            rates = [variables[getattr(part.names, way)(step)] for step in part.through]
            terms.append(total(rates) * (part.material.relative_loading() / host))
        return total(terms)

    def set_rhs(self, variables: Variables) -> None:
        a, stranded = variables[nm.CONNECTED], variables[nm.STRANDED]
        isolated = self._product(lambda n, k: variables[n.isolated(k)] / (1 - a + ISOLATED_FLOOR))
        product = self._product(lambda n, k: variables[n.connected(k)])
        current = total([variables[part.names.current(step)] for part in self.layered for step in part.through])
        oxidised = softplus(-current / (a * self._full()), OXIDATION_WIDTH)
        self.rhs[stranded] = variables[nm.RECONNECTION_RATE] / a * (isolated - stranded) - stranded * oxidised / (
            product + LEAST_PRODUCT
        )

    def set_initial_conditions(self, variables: Variables) -> None:
        self.initial_conditions[variables[nm.STRANDED]] = pybamm.Scalar(0)
