r"""A chain of redox species in the cathode: :math:`X_0 \to X_1 \to \dots \to X_m`, its currents and balances.

The steps react with the one-way rates of `kinetics`, and their currents are :math:`i = (r^\rightarrow - r^\leftarrow)/D`,
reduction positive, where the factor D >= 1 holds whatever limits them by transport: the layer of solid products that all
chains share (`product_layer`), or one of their own. No logarithm of a fraction is taken, and rates stay linear in the
fractions, so that an exhausted species does no harm.

Only the connected share `a` of the material reacts. It comes in classes of grains (`region`): :math:`c_{k}` is the amount of
connected material of one class, as if all grains were of it, :math:`y_k = c_k/a` its composition; :math:`b_k` is the amount
of isolated material, in which the classes are mixed. With the rates of isolation and reconnection
:math:`R_{out}, R_{in}` [s-1], :math:`da/dt = R_{in} - R_{out}`,

.. math::
   \dot c_k = \frac{a\,L/L_{ref}}{q}\Big(\sum_{r=k} \frac{i}{n} - \sum_{o=k}\frac{i}{n}\Big)
              - R_{out}\,y_k + R_{in}\frac{b_k}{1-a}, \qquad
   \dot b_k = R_{out}\,\langle y_k\rangle - R_{in}\frac{b_k}{1-a}

n is the number of electrons per formula unit, q the charge of one [C m-2], :math:`L/L_{ref}` the loading over that which
the kinetic values hold for, angle brackets the mean over the classes; the electrode carries
:math:`a\,(L/L_{ref}) \sum \langle i\rangle`. Isolated material keeps its charge: nothing leaves the balance.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import thermal_voltage_inverse
from .chain_losses import ChainLosses
from .kinetics import ChainKinetics, start_potential
from .mechanism import Mechanism
from .region import ISOLATED_FLOOR, LUMPED
from .smooth import total


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


class RedoxChain(Mechanism):
    """One chain in the cathode.

    Parameters
    ----------
    names : nasim.nomenclature.Chain
    material : ActiveMaterial
        How much of it there is.
    laws : sequence of ButlerVolmer or Nucleation
        How fast each step is (`kinetics`).
    factors : sequence of str
        Name of the variable D of each step: `nomenclature.LAYER_FACTOR`, or one that a companion gives.
    layered : Layered, optional
        What of the chain lies in the shared product layer; none for a chain that only its own layers limit.
    shifts : mapping step number -> (variable, parameter), names
        What another mechanism adds to the potential of the step [V], and the parameter with its value at the start.
    companions : sequence of callables (region) -> Mechanism
        Make what belongs to this chain.
    region : Region, default lumped
        Where in the cathode it reacts; a cell moves it to the region of its cathode.
    """

    def __init__(self, names, material, laws, factors, layered=None, shifts=None, companions=(), region=LUMPED):
        super().__init__(f"{names} chain", role=nm.roles.chain(names), region=region)
        self.names, self.material, self.laws, self.factors = names, material, tuple(laws), tuple(factors)
        self.layered, self.shifts, self.make_companions = layered, dict(shifts or {}), tuple(companions)
        n, species = names, range(len(names.species))
        self.needs = (nm.TEMPERATURE, nm.CONNECTED, *dict.fromkeys(self.factors))
        self.needs += tuple(name(step) for step in n.steps for name in (n.forward, n.backward))
        self.rate_needs = (nm.INITIAL_CONNECTED, nm.ISOLATION_RATE, nm.RECONNECTION_RATE)
        of_species = (n.graded, n.amount_of, n.connected, n.isolated, n.fraction)
        self.gives = tuple(name(k) for k in species for name in of_species)
        self.gives += tuple(name(step) for step in n.steps for name in (n.current, n.graded_current, n.oxidation))
        self.gives += (n.limitation, n.capacity, n.stored_charge, n.amount, n.reaction_current)
        self.gives += (n.entropic_heat,)
        self.adds = {
            nm.REACTION_CURRENT: (n.reaction_current,),
            nm.STORED_CHARGE: (n.stored_charge,),
            nm.SODIUM: (n.stored_charge,),
            nm.ENTROPIC_HEAT: (n.entropic_heat,),
        }

    def get_fundamental_variables(self):
        n, region, species = self.names, self.region, range(len(self.names.species))
        connected = {n.graded(k): region.graded_variable(n.graded(k)) for k in species}
        return connected | {n.isolated(k): region.variable(n.isolated(k)) for k in species}

    def companions(self):
        kinetics = ChainKinetics(self.names, self.laws, self.shifts, self.region)
        losses = ChainLosses(self.names, self.laws, self.factors, self.region)
        return (kinetics, losses, *(make(self.region) for make in self.make_companions))

    def _states(self, variables):
        n, species = self.names, range(len(self.names.species))
        return [variables[n.graded(k)] for k in species], [variables[n.isolated(k)] for k in species]

    def get_state_variables(self, variables):
        n, mean, q = self.names, self.region.mean, self.material.charge_per_electron()
        graded, isolated = self._states(variables)
        connected = [self.region.class_mean(c_k) for c_k in graded]
        share = [c_k + b_k for c_k, b_k in zip(connected, isolated, strict=True)]
        taken_up = sum(mean(share[k]) * self._electrons(k) for k in n.links)
        out = {n.fraction(k): share_k for k, share_k in enumerate(share)}
        out |= {n.amount_of(k): c_k for k, c_k in enumerate(connected)}
        out |= {n.connected(k): c_k / variables[nm.CONNECTED] for k, c_k in enumerate(connected)}
        return out | {n.capacity: q, n.stored_charge: q * taken_up, n.amount: mean(total(share))}

    def _electrons(self, k):
        """Electrons per formula unit that species k has taken up since X_0."""
        return total([pybamm.Parameter(self.names.n(j)) for j in range(1, k + 1)])

    def get_coupled_variables(self, variables):
        out = self._currents(variables)
        return out | self._sums(out, variables)

    def _currents(self, variables):
        n, out, mean, amount = self.names, {}, self.region.class_mean, self.material.relative_loading()
        for step, D in zip(n.steps, self._factors(variables), strict=True):
            forward, backward = variables[n.forward(step)], variables[n.backward(step)]
            graded = variables[nm.CONNECTED] * amount * (forward - backward) / D
            out |= {n.graded_current(step): graded, n.current(step): mean(graded)}
            out |= {n.oxidation(step): amount * mean(backward / D)}
        lost = mean(1 - 1 / self._factors(variables)[0])
        return out | {n.limitation: self.region.mean(lost)}

    def _factors(self, variables):
        return [variables[name] for name in self.factors]

    def _sums(self, out, variables):
        n, T = self.names, variables[nm.TEMPERATURE]
        currents = [out[n.current(step)] for step in n.steps]
        slopes = [pybamm.Parameter(n.dUdT(step.red)) for step in n.steps]
        heat = total([-i * slope for i, slope in zip(currents, slopes, strict=True)])
        return {n.reaction_current: total(currents), n.entropic_heat: T * self.region.mean(heat)}

    def set_rhs(self, variables):
        n, region, a = self.names, self.region, variables[nm.CONNECTED]
        out, back = variables[nm.ISOLATION_RATE], variables[nm.RECONNECTION_RATE]
        turned = [variables[n.graded_current(s)] / pybamm.Parameter(n.n(s.red)) for s in n.steps]
        graded, isolated = self._states(variables)
        for k, (c_k, b_k) in enumerate(zip(graded, isolated, strict=True)):
            made = turned[k - 1] if k else 0
            used = turned[k] if k < len(turned) else 0
            returned = back * b_k / (1 - a + ISOLATED_FLOOR)
            self.rhs[c_k] = (made - used) / variables[n.capacity] - out * c_k / a + region.spread(returned)
            self.rhs[b_k] = out * region.class_mean(c_k) / a - returned

    def set_initial_conditions(self, variables):
        n, a = self.names, variables[nm.INITIAL_CONNECTED]
        U = [start_potential(n, step, self.shifts) for step in n.steps]
        f = thermal_voltage_inverse(pybamm.Parameter(nm.AMBIENT_TEMPERATURE))
        fresh = equilibrium_fractions(pybamm.Parameter(nm.INITIAL_POTENTIAL), U, f)
        for c_k, b_k, share in zip(*self._states(variables), fresh, strict=True):
            self.initial_conditions[c_k] = a * share
            self.initial_conditions[b_k] = (1 - a) * share
