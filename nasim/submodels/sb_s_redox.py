r"""Self-redox of the electrolyte in the cathode: the Sb-S chain, and what milling did to it.

.. math::
   \mathrm{Sb_{x}S_{y}} \;\underset{U_1}{\rightleftharpoons}\; \mathrm{Na_{x}SbS_4} \;\underset{U_2}{\rightleftharpoons}\;
   \mathrm{Na_3SbS_4} \;\overset{U_3}{\longrightarrow}\; \mathrm{Na_2S + Sb}

The first two steps are the reversible self-redox, about one electron per Sb in all (0.26 mAh cm-2 measured on a cathode
without sulfur; Yuan et al. 2025, Fig. S4a). The third, deep reduction, takes five electrons (Sb + 4 Na2S; thermochemistry
puts it near 1.5 V against Na) and is slow and mostly irreversible: its transfer coefficient is close to one, so almost
nothing of it runs backward below 2.6 V. All three follow the rate law of `redox_chain`. Transport in the grains bounds
the self-redox, and the deep reduction is bounded by the layer of its own product (A m-2):

.. math::
   D_{1,2} = 1 + \frac{\sum (r^\rightarrow + r^\leftarrow)}{i_{grain}}, \qquad
   D_3 = 1 + \frac{r_3^\rightarrow + r_3^\leftarrow}{i_{deep}}\,(y_3 + y_{00})

**Fresh state.** Ball milling desodiates the catholyte, so a new cell starts at Sb_xS_y, while the separator is intact.

**Milling.** Milled Sb_xS_y is disordered and richer in energy than the phase that charging forms again. Its share w of
the desodiated material raises the potential of the first step, and is diluted only by re-formed material:

.. math::
   U_1 \to U_1 + w\,\Delta U_{mill}, \qquad
   \dot w = - w\,\frac{\tilde r_1^\leftarrow}{n_1 q\,(y_0 + \epsilon)}

with :math:`\tilde r_1^\leftarrow` the bounded oxidation rate of step 1. The first discharge (w = 1) therefore runs higher
than the second (w near 0): activation follows from the state of the material, not from a count of cycles.
"""

import pybamm

from .. import nomenclature as nm
from .active_material import CATHOLYTE_MATERIAL
from .arrhenius import arrhenius
from .mechanism import Mechanism
from .redox_chain import RedoxChain
from .region import LUMPED

LAYER_FLOOR = 1e-3
"""y_00: deep-reduction layer on fresh grains; keeps its bound finite."""
DESODIATED_FLOOR = 1e-4
"""epsilon: keeps the dilution finite when nearly all material is sodiated."""


def dilution_rate(w, oxidation_rate, n, q, y_desodiated):
    """Rate of change [s-1] of the milled share `w`; oxidation rate [A m-2], `q` [C m-2] per electron.

    >>> dilution_rate(0.5, 1.0, 0.5, 100.0, 0.1) < 0
    True
    """
    return -w * oxidation_rate / (n * q * (y_desodiated + DESODIATED_FLOOR))


def deep_denominator(rate, product, i_deep):
    """D_3: transport through the layer of deep-reduction product; rate and limit [A m-2], product fraction y_3.

    >>> float(round(deep_denominator(0.02, 0.019, 0.01), 3))
    1.04
    """
    return 1 + rate * (product + LAYER_FLOOR) / i_deep


_FIRST_OXIDATION = nm.SB_S.oxidation(nm.SB_S.steps[0])


class MilledShare(Mechanism):
    """Share of the desodiated Sb-S phase that is still as milled; one state, 1 at the start."""

    rate_needs = (nm.SB_S.connected(0), _FIRST_OXIDATION, nm.SB_S.capacity)
    gives = (nm.MILLED_SHARE, nm.MILLED_POTENTIAL)

    def __init__(self, region=LUMPED):
        super().__init__("milled share", role=nm.roles.MILLED_SHARE, region=region)

    def get_fundamental_variables(self):
        w = self.region.variable(nm.MILLED_SHARE)
        return {nm.MILLED_SHARE: w, nm.MILLED_POTENTIAL: w * pybamm.Parameter(nm.MILLING_SHIFT)}

    def set_rhs(self, variables):
        w, y0 = variables[nm.MILLED_SHARE], variables[nm.SB_S.connected(0)]
        n, q = pybamm.Parameter(nm.SB_S.n(1)), variables[nm.SB_S.capacity]
        self.rhs[w] = dilution_rate(w, variables[_FIRST_OXIDATION], n, q, y0)

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.MILLED_SHARE]] = pybamm.Scalar(1)


def _transport(y, forward, backward, T):
    P, (_, _, deep) = pybamm.Parameter, nm.SB_S.steps
    grain = P(nm.SB_S_GRAIN_CURRENT) * arrhenius(T, P(nm.SB_S_GRAIN_EA))
    shared = 1 + (forward[0] + forward[1] + backward[0] + backward[1]) / grain
    through = P(nm.DEEP_LAYER_CURRENT) * arrhenius(T, P(nm.SB_S.Ea(deep)))
    return [shared, shared, deep_denominator(forward[2] + backward[2], y[3], through)]


def SbSRedox() -> RedoxChain:
    """Return the Sb-S chain of the composite cathode with its milled start, as a mechanism for `nasim.FullCell`."""
    shifts = {1: (nm.MILLED_POTENTIAL, nm.MILLING_SHIFT)}
    return RedoxChain(nm.SB_S, CATHOLYTE_MATERIAL, _transport, shifts=shifts, companions=(MilledShare,))
