r"""Sodium metal electrode: the kinetics and the inventory of the alloy (`alloy_anode`) without its phases.

.. math:: U = 0 \text{ V against Na/Na}^+

whatever it holds. Parameters are those of the alloy: its sodium capacity is the charge of 3.75 units of content, of which
"Alloy initial sodium per tin" are there at the start, i.e. capacity times content over 3.75 (C m-2); its partial molar volume
of sodium is that of the metal, 2.378e-5 m3 mol-1. The supply of sodium ends with the inventory, as there.
"""

from .. import nomenclature as nm
from .alloy_anode import AlloyElectrode


def SodiumMetal(side: nm.Side = nm.NEGATIVE) -> AlloyElectrode:
    """Return a sodium metal electrode at one side, as a mechanism for `nasim.FullCell` and its like.

    >>> SodiumMetal().name, SodiumMetal().role
    ('negative sodium metal', 'anode')
    """
    return AlloyElectrode(side, plateaus=(), name="sodium metal")
