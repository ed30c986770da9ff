r"""Growth laws of an interphase: rates of thickening at rest, m s-1 at 298.15 K, to hand to `interphase.Interphase`.

=============  ============================================================  =============================================
self_limiting  :math:`(L_\infty - L)/\tau`                                   passivates itself; the default
avrami         :math:`(L_\infty - L)\frac{n}{\tau}[-\ln(1 - X)]^{(n-1)/n}`   nucleates and grows, :math:`X = L/L_\infty`
parabolic      :math:`k_p/L`                                                 diffusion through the layer
mixed          :math:`k_r/(1 + k_r L/k_p)`                                   reaction, then diffusion
tunnelling     :math:`k_r e^{-L/\lambda}`                                    electrons tunnel through the layer
=============  ============================================================  =============================================

A law is a function of the thickness L (m) and of any of the parameters in `KNOWN`, or of the temperature T (K); which
ones, its argument names say. Laws work alike on numbers, arrays and PyBaMM symbols. Your own:

>>> def linear(L, k_r):
...     return k_r + 0 * L
>>> arguments_of(linear)
('L', 'k_r')

Kolmogorov-Avrami kinetics as an ODE: Avrami, J. Chem. Phys. 8 (1940) 212. Mixed: Deal and Grove, J. Appl. Phys. 36
(1965) 3770.
"""

import inspect

import numpy as np

from .. import nomenclature as nm
from ..errors import UnknownNameError, nearest

UNFILLED_FLOOR = 1e-12
"""Smallest unfilled share that the Avrami law takes the logarithm of."""


def self_limiting(L, L_inf, tau):
    """Rate of thickening [m s-1] of a layer that passivates itself; L, L_inf [m], tau [s].

    >>> float(round(self_limiting(L=2e-6, L_inf=10e-6, tau=1.8e4) * 1e10, 3))
    4.444
    """
    return (L_inf - L) / tau


def avrami(L, L_inf, tau, n):
    """Nucleation and growth, L = L_inf (1 - exp(-(t/tau)^n)), as a rate [m s-1]: slow, fast, complete.

    >>> float(round(avrami(L=5e-6, L_inf=10e-6, tau=1.8e4, n=2.0) * 1e10, 3))
    4.625
    """
    unfilled = abs(1 - L / L_inf) + UNFILLED_FLOOR
    return (L_inf - L) * n / tau * abs(np.log(unfilled)) ** ((n - 1) / n)


def parabolic(L, k_p):
    """Diffusion through the layer [m s-1], L^2 = L_0^2 + 2 k_p t; L [m], k_p [m2 s-1].

    >>> float(round(parabolic(L=2e-6, k_p=1e-15) * 1e10, 3))
    5.0
    """
    return k_p / L


def mixed(L, k_r, k_p):
    """Reaction, then diffusion, in series (Deal and Grove 1965) [m s-1]; k_r [m s-1], k_p [m2 s-1].

    >>> float(round(mixed(L=2e-6, k_r=5e-10, k_p=1e-15) * 1e10, 3))
    2.5
    """
    return k_r / (1 + k_r * L / k_p)


def tunnelling(L, k_r, length):
    """Electrons that tunnel through the layer [m s-1], L = length ln(1 + k_r t/length) from none; L, length [m].

    >>> float(round(tunnelling(L=2e-9, k_r=5e-10, length=2e-9) * 1e10, 3))
    1.839
    """
    return k_r * np.exp(-L / length)


KNOWN = {
    "L_inf": nm.INTERPHASE_FINAL,
    "tau": nm.INTERPHASE_TAU,
    "n": nm.INTERPHASE_EXPONENT,
    "k_p": nm.INTERPHASE_DIFFUSION,
    "k_r": nm.INTERPHASE_REACTION,
    "length": nm.INTERPHASE_TUNNELLING,
}
"""Parameter for each argument that a growth law may have, besides the thickness L and the temperature T [K]."""


def arguments_of(law):
    """Names of the arguments of a growth law.

    Raises
    ------
    UnknownNameError
        One of them is neither L, T nor in `KNOWN`.
    """
    names = tuple(inspect.signature(law).parameters)
    known = ["L", "T", *KNOWN]
    for name in names:
        if name not in known:
            title = getattr(law, "__name__", law)
            listed = ", ".join(f"{key} ({KNOWN[key]})" if key in KNOWN else key for key in known)
            raise UnknownNameError(
                f"Growth law {title}: unknown argument '{name}'; known are {listed}. {nearest(name, known)}"
            )
    return names
