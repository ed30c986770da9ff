r"""A chain of redox species in the cathode: :math:`X_0 \to X_1 \to \dots \to X_m`, with branches that skip species.

A reaction takes species *o* to species *r* = o + s (s = 1 along the chain). With :math:`\Delta\phi` the potential of the
carbon against the electrolyte and :math:`f = F/RT`, its one-way rates, A per m2 of electrode area at the reference loading (`active_material`), are

.. math::
   k^\rightarrow = i_0 e^{-\alpha s f(\Delta\phi - U)}, \quad k^\leftarrow = i_0 e^{(1-\alpha) s f(\Delta\phi - U)}, \quad
   r^\rightarrow = \frac{k^\rightarrow y_o}{1 + (k^\rightarrow + k^\leftarrow)/k_{max}}, \quad
   r^\leftarrow = \frac{k^\leftarrow y_r}{1 + (k^\rightarrow + k^\leftarrow)/k_{max}}

and its current, reduction positive, is :math:`i = (r^\rightarrow - r^\leftarrow)/D`, where the denominator D >= 1 holds
whatever limits the chain by transport (a solid product in the way): kinetics and transport in series, after Koutecky and
Levich. At equilibrium :math:`y_r/y_o = e^{-sf(\Delta\phi-U)}` whatever alpha, k_max and D are; a branch takes the mean
potential of the steps it spans, so no cycle of reactions can run at rest. :math:`U(T) = U + (T-298.15)\,dU/dT`,
Arrhenius :math:`i_0(T)`. No logarithm of a fraction is taken, and rates stay linear in the fractions, so that an
exhausted species does no harm.

Only the connected share `a` of the material reacts. `c_k` is the amount of connected, `b_k` that of isolated material (both
per whole chain), :math:`y_k = c_k/a` the composition of the connected. With the rates of isolation and reconnection
:math:`R_{out}, R_{in}` [s-1], :math:`da/dt = R_{in} - R_{out}`,

.. math::
   \dot c_k = \frac{a\,L/L_{ref}}{q}\Big(\sum_{r=k} \frac{i}{n} - \sum_{o=k}\frac{i}{n}\Big)
              - R_{out}\,y_k + R_{in}\frac{b_k}{1-a}, \qquad
   \dot b_k = R_{out}\,y_k - R_{in}\frac{b_k}{1-a}

n is the number of electrons per formula unit, q the charge of one [C m-2], :math:`L/L_{ref}` the loading over that which
the kinetic values hold for; the electrode carries :math:`a\,(L/L_{ref}) \sum i`.
Isolated material keeps its composition and its charge: nothing leaves the balance.

Sources: Bard and Faulkner, Electrochemical Methods, ch. 3 (kinetics) and 9 (mixed control).
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import T_REF, arrhenius, thermal_voltage_inverse
from .mechanism import Mechanism
from .region import LUMPED
from .smooth import fading_inverse, total

ISOLATED_FLOOR = 1e-9
"""Smallest isolated share that a composition is formed with: keeps b/(1-a) finite when nothing is isolated."""
LOSS_CURRENT_FLOOR = 1e-2
"""Current density [A m-2] below which voltage losses fade to zero instead of dividing by zero at rest."""
NERNST_FLOOR = 1e-12
"""Smallest fraction that enters a Nernst potential reported as output."""


def one_way_rates(y_ox, y_red, eta, i0, alpha, spans, f, bound):
    """Reduction and oxidation rates [A m-2] at `eta` = dphi - U [V]; `f` [V-1], i0 and bound [A m-2].

    >>> forward, backward = one_way_rates(0.5, 0.5, -0.1, 1e-3, 0.5, 1, 38.92, 200.0)
    >>> float(round(forward, 6)), float(round(backward, 8))
    (0.0035, 7.142e-05)
    """
    # Written with the reciprocals of the rate constants, which may overflow to infinity without harm.
    slow_forward, slow_backward = np.exp(alpha * spans * f * eta) / i0, np.exp(-(1 - alpha) * spans * f * eta) / i0
    ratio = np.exp(spans * f * eta)
    return y_ox / (slow_forward + (1 + ratio) / bound), y_red / (slow_backward + (1 + 1 / ratio) / bound)


def equilibrium_fractions(potential, U, f):
    """Species fractions of a chain in equilibrium at `potential` [V] for step potentials `U` [V]; they sum to one.

    >>> [round(float(y), 4) for y in equilibrium_fractions(2.0, [2.0, 1.8], 38.92)]
    [0.4999, 0.4999, 0.0002]
    """
    weights = [1.0]
    for U_k in U:
        weights.append(weights[-1] * np.exp(-f * (potential - U_k)))
    whole = total(weights)
    return [weight / whole for weight in weights]


def species_rates(steps, currents, electrons, q, count):
    """Rates of change [s-1] of `count` fractions for the `currents` [A m-2] of `steps`, each of n electrons per unit.

    >>> from nasim.nomenclature import Step
    >>> species_rates([Step("step 1", 0, 1), Step("step 2", 1, 2)], [2.0, 1.0], [1.0, 1.0], 10.0, 3)
    [-0.2, 0.1, 0.1]
    """
    rates = [0.0] * count
    for step, i, n in zip(steps, currents, electrons, strict=True):
        rates[step.ox] = rates[step.ox] - i / n / q
        rates[step.red] = rates[step.red] + i / n / q
    return rates


def transport_overpotential(eta, D, alpha, spans, f):
    """Part of an overpotential `eta` [V] (reduction positive) that transport costs when it leaves 1/D of the rate.

    Far from equilibrium that is Tafel's shift for the lost rate, near equilibrium the same share of a linear law.

    >>> float(round(transport_overpotential(0.5, 4.0, 0.5, 1, 38.92), 4))
    0.0712
    >>> float(transport_overpotential(0.0, 4.0, 0.3, 1, 38.92))
    0.0
    """
    forward = 1.0 * (eta >= 0)
    tafel = np.log(D) / ((alpha * forward + (1 - alpha) * (1 - forward)) * spans * f)
    linear = abs(eta) * (1 - 1 / D)
    least = tafel + (linear - tafel) * (tafel >= linear)
    return least * (2 * forward - 1)


def nernst_potential(y_ox, y_red, U, spans, f):
    """Equilibrium potential [V] of a reaction between species of fractions `y_ox` and `y_red`, floored at 1e-12."""
    floored = [pybamm.maximum(y, NERNST_FLOOR) for y in (y_ox, y_red)]
    return U + (np.log(floored[0]) - np.log(floored[1])) / (spans * f)


class RedoxChain(Mechanism):
    """One chain in the cathode.

    Parameters
    ----------
    names : nasim.nomenclature.Chain
    material : ActiveMaterial
        How much of it there is.
    transport : callable (y, forward, backward, T) -> list of D, one per reaction
        How transport limits the reactions, from the fractions and the one-way rates [A m-2].
    shifts : mapping elementary step -> (variable, parameter), names
        What another mechanism adds to the potential of the step [V], and the parameter with its value at the start.
    companions : sequence of callables (region) -> Mechanism
        Make what belongs to this chain.
    region : Region, default lumped
        Where in the cathode it reacts; a cell moves it to the region of its cathode.
    """

    def __init__(self, names, material, transport, shifts=None, companions=(), region=LUMPED):
        super().__init__(f"{names} chain", role=nm.roles.chain(names), region=region)
        self.names, self.material, self.transport = names, material, transport
        self.shifts, self.make_companions = dict(shifts or {}), tuple(companions)
        n, species = names, range(len(names.species))
        self.needs = (nm.POSITIVE.potential, nm.TEMPERATURE, nm.CELL_CURRENT, nm.CONNECTED)
        self.needs += tuple(variable for variable, _ in self.shifts.values())
        self.rate_needs = (nm.INITIAL_CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
        losses = (*(n.loss(step) for step in n.steps), n.layer_loss)
        self.gives = tuple(name(k) for k in species for name in (n.amount_of, n.connected, n.isolated, n.fraction))
        self.gives += tuple(name(step) for step in n.steps for name in (n.current, n.oxidation)) + losses
        self.gives += (n.limitation, n.capacity, n.stored_charge, n.amount, n.reaction_current, n.entropic_heat)
        self.adds = {
            nm.REACTION_CURRENT: (n.reaction_current,),
            nm.STORED_CHARGE: (n.stored_charge,),
            nm.SODIUM: (n.stored_charge,),
            nm.VOLTAGE_LOSS: losses,
            nm.ENTROPIC_HEAT: (n.entropic_heat,),
        }

    def get_fundamental_variables(self):
        n, species = self.names, range(len(self.names.species))
        states = [name(k) for k in species for name in (n.amount_of, n.isolated)]
        return {name: self.region.variable(name) for name in states}

    def companions(self):
        return tuple(make(self.region) for make in self.make_companions)

    def get_coupled_variables(self, variables):
        rates = self._rates(variables)
        out = self._currents(rates, variables)
        return out | self._losses(rates, out, variables) | self._sums(out, variables)

    def _states(self, variables):
        n, species = self.names, range(len(self.names.species))
        return [variables[n.amount_of(k)] for k in species], [variables[n.isolated(k)] for k in species]

    def _composition(self, variables):
        return [c / variables[nm.CONNECTED] for c in self._states(variables)[0]]

    def _electrons(self, step):
        parts = [pybamm.Parameter(self.names.n(k)) for k in range(step.ox + 1, step.red + 1)]
        return total(parts)

    def _potential(self, step, T, variables=None):
        """Potential [V] of a reaction, the mean over the steps that it spans; without `variables` that at the start."""
        n, P, parts = self.names, pybamm.Parameter, []
        for k in range(step.ox + 1, step.red + 1):
            parts.append(P(n.U(k)) + (T - T_REF) * P(n.dUdT(k)))
            if k in self.shifts:
                variable, at_start = self.shifts[k]
                parts.append(P(at_start) if variables is None else variables[variable])
        return total(parts) / step.spans

    def _rates(self, variables):
        """Per reaction: forward rate, backward rate [A m-2], D, potential [V]."""
        n, P, T = self.names, pybamm.Parameter, variables[nm.TEMPERATURE]
        y = self._composition(variables)
        f, dphi, bound = thermal_voltage_inverse(T), variables[nm.POSITIVE.potential], P(nm.RATE_BOUND)
        pairs, potentials = [], []
        for step in n.steps:
            U, i0 = self._potential(step, T, variables), P(n.i0(step)) * arrhenius(T, P(n.Ea(step)))
            rates = one_way_rates(y[step.ox], y[step.red], dphi - U, i0, P(n.alpha(step)), step.spans, f, bound)
            pairs.append(rates)
            potentials.append(U)
        forward, backward = zip(*pairs, strict=True)
        return list(zip(forward, backward, self.transport(y, forward, backward, T), potentials, strict=True))

    def _currents(self, rates, variables):
        n, out, amount = self.names, {}, self.material.relative_loading()
        for step, (forward, backward, D, _) in zip(n.steps, rates, strict=True):
            out[n.current(step)] = variables[nm.CONNECTED] * amount * (forward - backward) / D
            out[n.oxidation(step)] = amount * backward / D
        return out | {n.limitation: self.region.mean(1 - 1 / rates[0][2])}

    def get_state_variables(self, variables):
        n, mean, y = self.names, self.region.mean, self._composition(variables)
        share = [c_k + b_k for c_k, b_k in zip(*self._states(variables), strict=True)]
        taken_up = sum(mean(share[k]) * self._electrons(nm.Step("", 0, k)) for k in n.links)
        q = self.material.charge_per_electron()
        out = {n.fraction(k): share_k for k, share_k in enumerate(share)}
        out |= {n.connected(k): y_k for k, y_k in enumerate(y)}
        return out | {n.capacity: q, n.stored_charge: q * taken_up, n.amount: mean(total(share))}

    def _losses(self, rates, out, variables):
        """Voltage losses [V]: overpotential of each reaction times its share of the cell current (so that i V adds up)."""
        n, i, mean = self.names, variables[nm.CELL_CURRENT], self.region.mean
        per_current = fading_inverse(i, LOSS_CURRENT_FLOOR)
        f, dphi = thermal_voltage_inverse(variables[nm.TEMPERATURE]), variables[nm.POSITIVE.potential]
        y = self._composition(variables)
        losses, layer = {}, 0
        for step, (_, _, D, U) in zip(n.steps, rates, strict=True):
            eta = nernst_potential(y[step.ox], y[step.red], U, step.spans, f) - dphi
            eta_layer = transport_overpotential(eta, D, pybamm.Parameter(n.alpha(step)), step.spans, f)
            losses[n.loss(step)] = mean(out[n.current(step)] * (eta - eta_layer)) * per_current
            layer = layer + mean(out[n.current(step)] * eta_layer) * per_current
        return losses | {n.layer_loss: layer}

    def _sums(self, out, variables):
        n, T = self.names, variables[nm.TEMPERATURE]
        reactions, heat = 0, 0
        for step in n.steps:
            slope = [pybamm.Parameter(n.dUdT(k)) for k in range(step.ox + 1, step.red + 1)]
            heat = heat - out[n.current(step)] * total(slope) / step.spans
            reactions = reactions + out[n.current(step)]
        return {n.reaction_current: reactions, n.entropic_heat: T * self.region.mean(heat)}

    def set_rhs(self, variables):
        n, a = self.names, variables[nm.CONNECTED]
        out, back = variables[nm.ISOLATION_RATE], variables[nm.RECONNECTION_RATE]
        currents = [variables[n.current(step)] for step in n.steps]
        electrons = [self._electrons(step) for step in n.steps]
        reaction = species_rates(n.steps, currents, electrons, variables[n.capacity], len(n.species))
        for c_k, b_k, rate in zip(*self._states(variables), reaction, strict=True):
            exchange = out * c_k / a - back * b_k / (1 - a + ISOLATED_FLOOR)
            self.rhs[c_k] = rate - exchange
            self.rhs[b_k] = exchange

    def set_initial_conditions(self, variables):
        n, T, a = self.names, pybamm.Parameter(nm.AMBIENT_TEMPERATURE), variables[nm.INITIAL_CONNECTED]
        U = [self._potential(nm.Step("", k - 1, k), T) for k in n.links]
        fresh = equilibrium_fractions(pybamm.Parameter(nm.INITIAL_POTENTIAL), U, thermal_voltage_inverse(T))
        for c_k, b_k, share in zip(*self._states(variables), fresh, strict=True):
            self.initial_conditions[c_k] = a * share
            self.initial_conditions[b_k] = (1 - a) * share
