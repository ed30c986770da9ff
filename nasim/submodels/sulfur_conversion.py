r"""Sulfur conversion in the cathode, S -> Na2S2 -> Na2S, a multi-plateau solid-state reaction.

.. math::
   \mathrm{S \underset{U_1}{\rightleftharpoons} \tfrac12 Na_2S_2 \underset{U_2}{\rightleftharpoons} Na_2S}, \qquad
   \mathrm{S \overset{direct}{\rightleftharpoons} Na_2S}, \qquad U_{direct} = \tfrac12 (U_1 + U_2)

Discharge runs in two steps, charge mostly in one: Na2S goes back to S directly (Chem. Mater. 2024, 36, 4403, for the
lithium analogue). Every reaction follows the rate law of `redox_chain`: with :math:`\eta = \Delta\phi - U`, s = 1 for a
step and 2 for the direct one,

.. math::
   i = \frac{i_0 y_o e^{-\alpha s f\eta} - i_0 y_r e^{(1-\alpha)s f\eta}}{[1 + (k^\rightarrow+k^\leftarrow)/k_{max}]\,D}

**Potentials.** Calorimetry of Na2S gives the mean of both electrons, 1.854 V against Na/Na+ (J. Chem. Thermodyn. 39
(2007) 44); the polysulfide Na2S4 lies on the first plateau, at 2.06 V, and Na2S4 -> Na2S2 at 1.865 V, so that the first
step, which merges the two, has U_1 = 1.9625 V and the second U_2 = 1.746 V. Whatever the split, U_1 + U_2 = 2 x 1.854 V.
The large hysteresis of the cell is kinetic.

**Product layer.** Sulfur sits on carbon, and its solid products grow as an insulating film between the two. What the film
passes falls exponentially with its thickness, which goes with the sodiation X of the sulfur; all reductions share it.
Oxidation starts at the carbon, where the film is thinnest, and has a constant bound:

.. math::
   D = 1 + \frac{\sum r^\rightarrow}{i_L e^{-X/x_0}} + \frac{\sum r^\leftarrow}{i_{ox}}, \qquad
   X = \tfrac12 y_{Na_2S_2} + y_{Na_2S}

so a current i sodiates sulfur up to about X = x_0 ln(i_L/i): the higher the rate, the less sulfur is reached. Units: i, r
A m-2 of electrode area at the reference loading (`active_material`); X, x_0 dimensionless.

**Volume.** S -> Na2S takes 15.5 to 42.1 cm3 per mol S, 1.33e-5 m3 per mol of electrons (`contact` turns it into strain).
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from .active_material import SULFUR_MATERIAL
from .arrhenius import arrhenius
from .redox_chain import RedoxChain
from .smooth import total


def sodiation(y):
    """Degree of sodiation X of sulfur, 0 (S) to 1 (Na2S), from the fractions of S, Na2S2 and Na2S.

    >>> sodiation([0.5, 0.2, 0.3])
    0.4
    """
    return 0.5 * y[1] + y[2]


def film_current(X, i_L, x_0):
    """Current density [A m-2] that the product film passes at sodiation X; i_L [A m-2] passes bare carbon.

    >>> float(round(film_current(0.5, 5.0, 0.25), 4))
    0.6767
    """
    return i_L * np.exp(-X / x_0)


def denominator(forward, backward, film, oxidation):
    """D of the module's equations; sums of the one-way rates, film and oxidation limits, all A m-2.

    >>> denominator(1.0, 0.5, 2.0, 5.0)
    1.6
    """
    return 1 + forward / film + backward / oxidation


def _transport(y, forward, backward, T):
    P = pybamm.Parameter
    pace = arrhenius(T, P(nm.SULFUR_LAYER_EA))
    film = pace * film_current(sodiation(y), P(nm.SULFUR_LAYER_CURRENT), P(nm.SULFUR_LAYER_DECAY))
    D = denominator(total(forward), total(backward), film, pace * P(nm.SULFUR_OXIDATION_CURRENT))
    return [D] * len(forward)


def SulfurConversion() -> RedoxChain:
    """Return the sulfur chain of the composite cathode, as a mechanism for `nasim.FullCell`."""
    return RedoxChain(nm.SULFUR, SULFUR_MATERIAL, _transport)
