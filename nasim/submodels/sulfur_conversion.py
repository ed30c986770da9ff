r"""Sulfur conversion in the cathode, S -> Na2S2 -> Na2S, a multi-plateau solid-state reaction.

.. math::
   \mathrm{S \underset{U_1}{\rightleftharpoons} \tfrac12 Na_2S_2 \underset{U_2}{\rightleftharpoons} Na_2S}

The first step, which merges all that lies between sulfur and Na2S2, has the kinetics of Butler and Volmer; the second makes a
phase of its own, which nucleates on discharge and dissolves on charge (`kinetics`). Both draw their sodium through the layer
of solid products that they share with the Sb-S chain (`product_layer`).

**Potentials.** Calorimetry of Na2S gives the mean of both electrons, 1.854 V against Na/Na+ (J. Chem. Thermodyn. 39
(2007) 44); the polysulfide Na2S4 lies on the first plateau, at 2.06 V, and Na2S4 -> Na2S2 at 1.865 V, so that the first
step has U_1 = 1.9625 V and the second U_2 = 1.746 V. Whatever the split, :math:`U_1 + U_2 = 2 \times 1.854` V. The large hysteresis of
the cell is kinetic.

**Volume.** S -> Na2S takes 15.5 to 42.1 cm3 per mol S, 1.33e-5 m3 per mol of electrons (`cathode_contact` turns it into
strain).
"""

from .. import nomenclature as nm
from .active_material import SULFUR_MATERIAL
from .kinetics import ButlerVolmer, Nucleation
from .product_layer import Layered
from .redox_chain import RedoxChain

_LAYERED = Layered(nm.SULFUR, SULFUR_MATERIAL, (0, 0.5, 1), nm.SULFUR.steps)


def SulfurConversion() -> RedoxChain:
    """Return the sulfur chain of the composite cathode, as a mechanism for `nasim.FullCell`.

    >>> SulfurConversion().role
    'redox chain: Sulfur'
    """
    laws = (ButlerVolmer(), Nucleation(nm.NUCLEATION_RATE, nm.NUCLEATION_BARRIER))
    return RedoxChain(nm.SULFUR, SULFUR_MATERIAL, laws, [nm.LAYER_FACTOR] * 2, _LAYERED)
