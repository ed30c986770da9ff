r"""Voltage losses and heat of mixing of one redox chain.

A step with a solid solution has the Nernst potential :math:`E = U + f^{-1}\ln(y_o/y_r)`, one to a phase of its own
:math:`E = U`. Of the work that the overpotentials :math:`E - \Delta\phi` lose, each step has its share. The enthalpy of the
cathode goes with :math:`U - T\,dU/dT` alone, since ideal solutions have no heat of mixing: what E holds beyond U is configurational
entropy, and its heat, :math:`\sum_k i_k (U_k - E_k)`, comes back as the reaction does, but where material of different
composition mixes it is lost for good. Counted so, heat and work close over any cycle.

Steps of one chain share the slope 1/f of their Nernst potentials whatever their n; where n differs (deep reduction), the
heat closes all the same, but the potentials are no longer those of one free energy.

**Share of the layer.** Of the overpotential of a step, that part is the product layer's which a rate D times larger would not
need (`transport_overpotential`); the rest is kinetics. Losses are weighted with the current of each reaction over that of the
cell, so that all of them add up to the work lost. Units: V, W m-2; D dimensionless.
"""

from __future__ import annotations

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import thermal_voltage_inverse
from .mechanism import Mechanism, Variables
from .region import LUMPED, Region
from .smooth import fading_inverse

LOSS_CURRENT_FLOOR = 1e-2
"""Current density [A m-2] below which voltage losses fade to zero instead of dividing by zero at rest."""
NERNST_FLOOR = 1e-12
"""Smallest fraction that enters a Nernst potential."""


def transport_overpotential(eta, D, alpha, f):
    """Part of an overpotential `eta` [V] (reduction positive) that transport costs when it leaves 1/D of the rate.

    Far from equilibrium that is Tafel's shift for the lost rate, near equilibrium the same share of a linear law.

    >>> float(round(transport_overpotential(0.5, 4.0, 0.5, 38.92), 4))
    0.0712
    >>> float(transport_overpotential(0.0, 4.0, 0.3, 38.92))
    0.0
    """
    forward = 1.0 * (eta >= 0)
    tafel = np.log(D) / ((alpha * forward + (1 - alpha) * (1 - forward)) * f)
    linear = abs(eta) * (1 - 1 / D)
    least = tafel + (linear - tafel) * (tafel >= linear)
    return least * (2 * forward - 1)


def nernst_term(y_ox, y_red, f):
    """Return what a Nernst potential holds beyond U [V], for fractions `y_ox` and `y_red`, floored; f [V-1].

    >>> float(round(nernst_term(0.9, 0.1, 38.92), 4))
    0.0565
    """
    return (np.log(_floored(y_ox)) - np.log(_floored(y_red))) / f


def _floored(y):
    return (y + abs(y)) / 2 + NERNST_FLOOR


class ChainLosses(Mechanism):
    """Voltage loss of each step, of the layers they go through, and heat of mixing of one chain.

    Parameters
    ----------
    names : nasim.nomenclature.Chain
    laws : sequence of ButlerVolmer or Nucleation
        One a step.
    factors : sequence of str
        Name of the variable D of each step.
    region : Region
    """

    def __init__(self, names: nm.Chain, laws, factors, region: Region = LUMPED) -> None:
        super().__init__(f"{names} losses", role=nm.roles.losses(names), region=region)
        self.names, self.laws, self.factors = names, tuple(laws), tuple(factors)
        n = names
        self.needs = (
            nm.POSITIVE.potential,
            nm.TEMPERATURE,
            nm.CELL_CURRENT,
            nm.CONNECTED,
            *dict.fromkeys(self.factors),
        )
        self.needs += tuple(name(step) for step in n.steps for name in (n.potential, n.graded_current))
        self.needs += tuple(n.graded(k) for k in range(len(n.species)))
        losses = (*(n.loss(step) for step in n.steps), n.layer_loss)
        self.gives = (*losses, n.mixing_heat)
        self.adds = {nm.VOLTAGE_LOSS: losses, nm.MIXING_HEAT: (n.mixing_heat,)}

    def get_coupled_variables(self, variables: Variables) -> dict[str, pybamm.Symbol]:
        n, region, f = self.names, self.region, thermal_voltage_inverse(variables[nm.TEMPERATURE])
        per_current = fading_inverse(variables[nm.CELL_CURRENT], LOSS_CURRENT_FLOOR)
        losses, layer, heat = {}, 0, 0
        for step, law, D in zip(n.steps, self.laws, [variables[name] for name in self.factors], strict=True):
            i, mixed = variables[n.graded_current(step)], self._mixed(step, law, variables, f)
            eta = region.spread(variables[n.potential(step)] - variables[nm.POSITIVE.potential]) + mixed
            eta_layer = transport_overpotential(eta, D, pybamm.Parameter(n.alpha(step)), f)
            losses[n.loss(step)] = self._whole(i * (eta - eta_layer)) * per_current
            layer, heat = layer + self._whole(i * eta_layer) * per_current, heat - self._whole(i * mixed)
        return losses | {n.layer_loss: layer, n.mixing_heat: heat}  # pyright: ignore[reportReturnType]

    def _mixed(self, step, law, variables, f):
        """What the potential of a step holds beyond U, by class [V]."""
        ox, red = (variables[self.names.graded(k)] / variables[nm.CONNECTED] for k in (step.ox, step.red))
        return nernst_term(ox, red, f) if law.nernstian else 0 * ox

    def _whole(self, graded):
        return self.region.mean(self.region.class_mean(graded))
