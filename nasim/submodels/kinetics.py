r"""Kinetics of the steps of a redox chain: laws of rate, and the mechanism that gives the one-way rates of a chain.

A step takes species *o* to species *r* = o + 1. With :math:`\Delta\phi` the potential of the carbon against the
electrolyte, :math:`f = F/RT` and :math:`\eta = \Delta\phi - U`, its one-way rates, A per m2 of electrode at the reference
loading and the reference contact area, follow one of two laws. Both are linear in the fractions y and bounded by k_max.

**Butler-Volmer** (`ButlerVolmer`), for a step within a solid solution:

.. math::
   k^\rightarrow = i_0 e^{-\alpha f\eta}, \quad k^\leftarrow = i_0 e^{(1-\alpha) f\eta}, \quad
   r^\rightarrow = \frac{k^\rightarrow y_o}{1 + (k^\rightarrow + k^\leftarrow)/k_{max}}, \quad
   r^\leftarrow = \frac{k^\leftarrow y_r}{1 + (k^\rightarrow + k^\leftarrow)/k_{max}}

At equilibrium :math:`y_r/y_o = e^{-f\eta}` whatever alpha and k_max are.

**Nucleation** (`Nucleation`), for a step that makes a separate phase: reduction must nucleate it, grain by grain, and
oxidation dissolves what exists,

.. math::
   \eta < 0:\quad r^\rightarrow = J_0\,e^{-B/\eta^2}\,y_o, \qquad
   \eta > 0:\quad r^\leftarrow = i_0\,[e^{(1-\alpha) f\eta} - e^{-\alpha f\eta}]\,y_r

Each runs downhill only, so that the step stands still at U whatever the fractions: its hysteresis does not vanish at rest,
as is measured in conversion electrodes. Classical nucleation gives :math:`B = 16\pi\gamma^3 v^2/(3e^2kT)` with the interface
energy gamma and the volume v of a formula unit; 6 V2 is 0.2 J m-2 for Na2S (7e-29 m3). Exponents of both signs are bounded
as above.

**Potentials.** :math:`U(T, P) = U + (T - 298.15)\,dU/dT - \Delta V (P - P_0)/F + \Delta U`: what a step adds to the volume,
Delta V (m3 per mole of electrons), it must lift against the stack pressure P (Pa; P_0 one atmosphere), as in eq. 4 of Yuan
et al. 2025; Delta U is what another mechanism adds. i_0 and J_0 are Arrhenius in T. Units: U, eta V; B V2; rates, i_0, J_0,
k_max A m-2; y, alpha dimensionless.

Sources: Bard and Faulkner, Electrochemical Methods, ch. 3 (Butler-Volmer); Milchev, Electrocrystallization, ch. 2
(nucleation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pybamm

from .. import nomenclature as nm
from .arrhenius import FARADAY, T_REF, arrhenius, thermal_voltage_inverse
from .composite import relative_contact_area
from .mechanism import Mechanism, Variables
from .region import LUMPED, Region

ATMOSPHERE = 101325.0
"""P_0 [Pa]: pressure that tabulated potentials hold at."""
BARRIER_FLOOR = 1e-4
"""Square of the overpotential [V2] below which the barrier is flat: keeps B/eta^2 finite at rest."""
LEAST_RATE = 1e-30
"""Rate constant [A m-2] that keeps a reciprocal finite."""


def butler_volmer_rates(y_ox, y_red, eta, i0, alpha, f, bound):
    """Return reduction and oxidation rates [A m-2] at `eta` = dphi - U [V]; `f` [V-1], i0 and bound [A m-2].

    >>> forward, backward = butler_volmer_rates(0.5, 0.5, -0.1, 1e-3, 0.5, 38.92, 200.0)
    >>> float(round(forward, 6)), float(round(backward, 8))
    (0.0035, 7.142e-05)
    """
    # Written with the reciprocals of the rate constants, which may overflow to infinity without harm.
    slow_forward, slow_backward = np.exp(alpha * f * eta) / i0, np.exp(-(1 - alpha) * f * eta) / i0
    ratio = np.exp(f * eta)
    return y_ox / (slow_forward + (1 + ratio) / bound), y_red / (slow_backward + (1 + 1 / ratio) / bound)


def nucleation_rates(y_ox, y_red, eta, J0, B, i0, alpha, f, bound):
    """Return the reduction rate by nucleation and the oxidation rate by dissolution [A m-2] at `eta` = dphi - U [V].

    J0, i0 and bound [A m-2], B [V2], `f` [V-1].

    >>> forward, backward = nucleation_rates(1.0, 1.0, -0.6, 1e7, 5.7, 0.1, 0.5, 38.92, 200.0)
    >>> float(round(forward, 2)), bool(backward == 0)
    (1.33, True)
    """
    drive = np.exp(-B / (eta**2 + BARRIER_FLOOR)) * (eta < 0)
    forward = y_ox / (1 / (J0 * drive + LEAST_RATE) + 1 / bound)
    uphill = (1 - np.exp(-f * eta)) * (eta > 0)
    return forward, y_red * uphill / (np.exp(-(1 - alpha) * f * eta) / i0 + 1 / bound)


def pressure_shift(pressure, molar_volume):
    """Return the change of a reduction potential [V] with `pressure` [Pa]; volume gained per electron [m3 mol-1].

    >>> float(round(pressure_shift(250e6, 1.33e-5) * 1e3, 1))
    -34.4
    """
    return -molar_volume * (pressure - ATMOSPHERE) / FARADAY


@dataclass(frozen=True)
class ButlerVolmer:
    """A step within a solid solution: the couple has a Nernst potential."""

    nernstian = True

    def rates(self, y_ox, y_red, eta, i0, alpha, f, bound, pace):
        """Return forward and backward rates, symbols [A m-2]; `pace` is the Arrhenius factor that i0 contains."""
        return butler_volmer_rates(y_ox, y_red, eta, i0, alpha, f, bound)


@dataclass(frozen=True)
class Nucleation:
    """A step to a phase of its own; the names of the parameters J0 [A m-2] and B [V2]."""

    J0: str
    B: str
    nernstian = False

    def rates(self, y_ox, y_red, eta, i0, alpha, f, bound, pace):
        """Return forward and backward rates, symbols [A m-2]; `pace` is the Arrhenius factor, for J0 too."""
        P = pybamm.Parameter
        J0 = P(self.J0) * pace * relative_contact_area()
        return nucleation_rates(y_ox, y_red, eta, J0, P(self.B), i0, alpha, f, bound)


class ChainKinetics(Mechanism):
    """One-way rates of the steps of one chain, and the potentials of its steps.

    Parameters
    ----------
    names : nasim.nomenclature.Chain
    laws : sequence of ButlerVolmer or Nucleation
        One a step.
    shifts : mapping step number -> (variable, parameter), names
        What another mechanism adds to the potential of the step [V], and the parameter with its value at the start.
    region : Region
    """

    def __init__(self, names: nm.Chain, laws, shifts: Mapping | None = None, region: Region = LUMPED) -> None:
        super().__init__(f"{names} kinetics", role=nm.roles.kinetics(names), region=region)
        self.names, self.laws, self.shifts = names, tuple(laws), dict(shifts or {})
        self.needs = (nm.POSITIVE.potential, nm.TEMPERATURE, nm.STACK_PRESSURE, nm.CONNECTED)
        self.needs += tuple(names.graded(k) for k in range(len(names.species)))
        self.needs += tuple(variable for variable, _ in self.shifts.values())
        self.gives = tuple(name(s) for s in names.steps for name in (names.forward, names.backward, names.potential))

    def get_coupled_variables(self, variables: Variables) -> dict[str, pybamm.Symbol]:
        n, P, T = self.names, pybamm.Parameter, variables[nm.TEMPERATURE]
        y = [variables[n.graded(k)] / variables[nm.CONNECTED] for k in range(len(n.species))]
        f, bound, spread = thermal_voltage_inverse(T), P(nm.RATE_BOUND), self.region.spread
        out = {}
        for step, law in zip(n.steps, self.laws, strict=True):
            U = step_potential(n, step, T, variables[nm.STACK_PRESSURE])
            U = U + variables[self.shifts[step.red][0]] if step.red in self.shifts else U
            pace = arrhenius(T, P(n.Ea(step)))
            i0 = P(n.i0(step)) * pace * relative_contact_area()
            eta = spread(variables[nm.POSITIVE.potential] - U)
            forward, backward = law.rates(y[step.ox], y[step.red], eta, i0, P(n.alpha(step)), f, bound, pace)
            out |= {n.forward(step): forward, n.backward(step): backward, n.potential(step): U}
        return out


def step_potential(names: nm.Chain, step: nm.Step, T, pressure):
    """Return U(T, P) of a step without what others add to it, a symbol [V]; T [K], pressure [Pa]."""
    P = pybamm.Parameter
    by_heat = (T - T_REF) * P(names.dUdT(step.red))
    return P(names.U(step.red)) + by_heat + pressure_shift(pressure, P(nm.MOLAR_EXPANSION))


def start_potential(names: nm.Chain, step: nm.Step, shifts: Mapping):
    """Return the potential of a step in the fresh cell, a symbol [V]; `shifts` as in `ChainKinetics`."""
    P = pybamm.Parameter
    U = step_potential(names, step, P(nm.AMBIENT_TEMPERATURE), P(nm.APPLIED_PRESSURE))
    return U + P(shifts[step.red][1]) if step.red in shifts else U
