r"""Whether an interphase grows between an electrolyte and an anode, from what is seen or known of them.

The anode reduces the electrolyte if its potential lies below that at which the electrolyte is reduced, and the layer goes on growing
if its product conducts electrons: by Wagner's parabola,

.. math:: L = \sqrt{2\,\sigma_e\,(U_{red} - U_a)\,t/\rho_q}

with the electronic conductivity sigma_e of the product (S m-1) and the charge rho_q that a volume of it binds (C m-3; 3.24e9 for
4 Na2S + Na3Sb). A layer that comes to less than `SEEN_THICKNESS` in a day is none. What an electrolyte with a growing interphase
does then is a matter of its law (`nasim.submodels.growth_laws`): that of Na3SbS4 ends, which no parabola does.
"""

import math

from .materials import Anode, Electrolyte
from .parameter_set import ParameterSet

SEEN_THICKNESS = 1e-6
"""Thickness [m] that an impedance spectrum tells from none: 5 Ohm cm2 at 500 Ohm m."""
PRODUCT_CHARGE = 3.24e9
"""rho_q [C m-3]: 8 electrons in 4 Na2S + Na3Sb, 238.1 cm3 mol-1."""
SECONDS_PER_DAY = 86400.0


def at_the_anode(parameters: ParameterSet) -> str:
    """Return what grows at the anode of a set, "growing" or "none": what was seen there, else what follows from data."""
    seen = parameters.electrolyte.interphase_beside(parameters.cell.anode)
    return seen or _by_data(parameters.electrolyte, parameters.anode)


def wagner_thickness(drive: float, conductivity: float, time: float) -> float:
    """Return the thickness [m] of a layer that grows by its electronic `conductivity` [S m-1] under a `drive` [V] for a time [s].

    >>> round(wagner_thickness(1.75, 5e-6, 86400.0) * 1e6, 1), wagner_thickness(-0.1, 5e-6, 86400.0)
    (21.6, 0.0)
    """
    return math.sqrt(2 * conductivity * max(drive, 0.0) * time / PRODUCT_CHARGE)


def _by_data(electrolyte: Electrolyte, anode: Anode) -> str:
    if electrolyte.reduction_potential is None or electrolyte.product_conductivity is None:
        return "growing"
    drive = electrolyte.reduction_potential - anode.potential
    grown = wagner_thickness(drive, electrolyte.product_conductivity, SECONDS_PER_DAY)
    return "growing" if grown > SEEN_THICKNESS else "none"
