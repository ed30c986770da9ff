r"""Composition of the cathode in volume fractions: what its grains touch, and whether they hang together.

.. math::
   \phi_k = \frac{m\,w_k}{\rho_k\,A\,L}, \qquad
   S(\phi) = \Big[\frac{\max(0,\ \phi - \phi_c)}{1 - \phi_c}\Big]^\beta, \qquad a_\phi = \frac{\phi}{\phi_{ref}}

phi_k is the volume fraction of electrolyte or carbon, pores counted (m mass of the composite, kg; w_k mass fraction;
rho_k density, kg m-3; A area, m2; L thickness, m). S is the share of a phase that belongs to its connected cluster: none
below the threshold phi_c, and with the exponent beta = 0.41 of the strength of the infinite cluster in three dimensions
(Stauffer and Aharony, Introduction to Percolation Theory). Material reacts if it is reached by ions and by electrons:

.. math::
   s(\lambda) = \min\Big\{1, \frac{S_i(\phi\,(1-\lambda))}{S_{i,ref}}\Big\}\;
                \min\Big\{1, \frac{S_e(\phi_C)}{S_{e,ref}}\Big\}

Broken contacts lambda take electrolyte out of the cluster, which costs more the nearer it is to its threshold. S_ref are the
values of the composite that the pressure law of `cathode_contact` was fitted with, so that s = 1 there. a_phi is the area in
which the active grains touch electrolyte, in proportion to its volume fraction (Delesse), over that of the same composite;
exchange currents go with it. Maximum and minimum are smooth over `THRESHOLD_WIDTH` and `CAP_WIDTH`.

Thresholds of the geometry are near 0.16 for equal spheres (Scher and Zallen 1970). A larger one stands for grains that do
not yield when the composite is pressed, so that a part of them carries no contact.
"""

import pybamm

from .. import nomenclature as nm
from .smooth import softplus

THRESHOLD_WIDTH = 4e-3
"""Volume fraction over which a cluster fades at its threshold."""
CAP_WIDTH = 2e-3
"""Share over which the cap at one is smooth."""


def volume_fraction(mass, fraction, density, area, thickness):
    """Return the volume fraction of a phase; mass of composite [kg], mass fraction, density [kg m-3], area [m2], thickness [m].

    >>> round(volume_fraction(3.2e-6, 0.8, 2870.0, 7.854e-5, 1.81e-5), 3)
    0.627
    """
    return mass * fraction / density / area / thickness


def cluster(phi, threshold, exponent):
    """Return S of the module's equations, the share of a phase of volume fraction `phi` that hangs together.

    >>> float(round(cluster(0.627, 0.16, 0.41), 3)), bool(cluster(0.02, 0.16, 0.41) < 1e-4)
    (0.786, True)
    """
    return (softplus(phi - threshold, THRESHOLD_WIDTH) / (1 - threshold)) ** exponent


def capped(share):
    """Return min(share, 1), smooth.

    >>> float(round(capped(0.5), 4)), float(round(capped(2.0), 4))
    (0.5, 1.0)
    """
    return 1 - softplus(1 - share, CAP_WIDTH)


def _volume_fraction(mass_fraction, density):
    P = pybamm.Parameter
    return volume_fraction(P(nm.COMPOSITE_MASS), P(mass_fraction), P(density), P(nm.AREA), P(nm.CATHODE_THICKNESS))


def electrolyte_fraction():
    """Return phi of the electrolyte in the composite, a symbol."""
    return _volume_fraction(nm.CATHOLYTE_MASS_FRACTION, nm.CATHOLYTE_DENSITY)


def carbon_fraction():
    """Return phi of the carbon, a symbol."""
    return _volume_fraction(nm.CARBON_MASS_FRACTION, nm.CARBON_DENSITY)


def relative_contact_area():
    """Return a_phi of the module's equations, a symbol."""
    return electrolyte_fraction() / pybamm.Parameter(nm.REFERENCE_ELECTROLYTE)


def reached_share(loss):
    """Return s of the module's equations for a share `loss` of broken contacts, a symbol."""
    P = pybamm.Parameter
    exponent = P(nm.PERCOLATION_EXPONENT)
    ions = cluster(electrolyte_fraction() * (1 - loss), P(nm.ION_THRESHOLD), exponent) / P(nm.ION_REFERENCE)
    electrons = cluster(carbon_fraction(), P(nm.ELECTRON_THRESHOLD), exponent) / P(nm.ELECTRON_REFERENCE)
    return capped(ions) * capped(electrons)
