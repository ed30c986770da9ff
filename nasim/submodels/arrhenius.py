r"""Temperature dependence of rates and conductivities.

.. math::
   k(T) = k_{298}\,\exp\!\left[\frac{E_a}{R}\left(\frac{1}{298.15} - \frac{1}{T}\right)\right], \qquad
   \sigma(T) = \sigma_{298}\,\frac{298.15}{T}\,k(T)/k_{298}

T in K, E_a in J mol-1. The second form is Arrhenius in sigma T, as hopping conduction in a solid electrolyte asks for
(E_a of Na3SbS4 0.20 eV = 19.3 kJ mol-1, eScience 2021, 10.1016/j.esci.2021.12.001).
"""

import numpy as np

R_GAS = 8.31446261815324
"""Gas constant [J mol-1 K-1] (CODATA, exact)."""
FARADAY = 96485.33212331001
"""Faraday constant [C mol-1] (CODATA, exact)."""
T_REF = 298.15
"""Temperature at which parameter values hold [K]."""


def arrhenius(T, E_a):
    """Factor on a rate at temperature `T` [K] for an activation energy `E_a` [J mol-1]; 1 at 298.15 K.

    >>> float(round(arrhenius(333.15, 50e3), 3))
    8.323
    """
    return np.exp(E_a / R_GAS * (1 / T_REF - 1 / T))


def conductivity(T, sigma, E_a):
    """Ionic conductivity [S m-1] at `T` [K] from its value `sigma` at 298.15 K.

    >>> float(round(conductivity(333.15, 0.09, 19.3e3), 4))
    0.1825
    """
    return sigma * T_REF / T * arrhenius(T, E_a)


def thermal_voltage_inverse(T):
    """f = F/(R T) [V-1].

    >>> float(round(thermal_voltage_inverse(298.15), 2))
    38.92
    """
    return FARADAY / (R_GAS * T)
