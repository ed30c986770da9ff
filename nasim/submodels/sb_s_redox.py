r"""Self-redox of the electrolyte in the cathode: the Sb-S chain, its deep reduction, and what milling did to it.

.. math::
   \mathrm{Sb_{x}S_{y}} \;\underset{U_1}{\rightleftharpoons}\; \mathrm{Na_{x}SbS_4} \;\underset{U_2}{\rightleftharpoons}\;
   \mathrm{Na_3SbS_4} \;\overset{U_3}{\longrightarrow}\; \mathrm{4\,Na_2S + Na_3Sb}

**Stability.** Na3SbS4 is oxidised above U_2 = 1.90 V and reduced below U_3 = 1.83 V against Na/Na+, the window computed by
Yuan et al. 2025; the chain keeps it stable between the two and nowhere else.

**Stoichiometry.** 0.26 mAh cm-2 on a cathode without sulfur is 0.96 electrons per Na3SbS4 in the first two steps. From Sb_xS_y to
Na3SbS4 an antimony takes 2 to 3 sodium, so that a share of 0.32 to 0.48 of the electrolyte takes part, 0.38 at 2.5: that which
lies close enough to carbon. The same share times 8 electrons, to Na2S and Na3Sb, is 3.04 for the deep reduction. Sulfur that the
phases give up stays beside them and is taken up again, and counts as part of them in the audit.

**Deep reduction** starts at U_3, is slow, and its product does not come back below some 2.8 V with a symmetric transfer
coefficient. The layer of its own product bounds it, A m-2:

.. math:: D_3 = 1 + \frac{r_3^\rightarrow + r_3^\leftarrow}{i_{deep}(T)}\,(y_3 + y_{00})

It eats the electrolyte, and so ends itself: no more than the accessible share can react, its product stays in the layer that the
sodium of all reversible steps has to pass (`product_layer`), and what is eaten, the accessible share times y_3, conducts no ions
any more (`composite_conduction`).

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
from .kinetics import ButlerVolmer
from .mechanism import Mechanism
from .product_layer import Layered
from .redox_chain import RedoxChain
from .region import LUMPED

LAYER_FLOOR = 1e-3
"""y_00: deep-reduction layer on fresh grains; keeps its bound finite."""
DESODIATED_FLOOR = 1e-4
"""epsilon: keeps the dilution finite when nearly all material is sodiated."""

_FIRST, _SECOND, _DEEP = nm.SB_S.steps
_LAYERED = Layered(nm.SB_S, CATHOLYTE_MATERIAL, (0, 0.5, 1, 1), (_FIRST, _SECOND))


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


class MilledShare(Mechanism):
    """Share of the desodiated Sb-S phase that is still as milled; one state, 1 at the start."""

    rate_needs = (nm.SB_S.connected(0), nm.SB_S.oxidation(_FIRST), nm.SB_S.capacity)
    gives = (nm.MILLED_SHARE, nm.MILLED_POTENTIAL)

    def __init__(self, region=LUMPED):
        super().__init__("milled share", role=nm.roles.MILLED_SHARE, region=region)

    def get_fundamental_variables(self):
        w = self.region.variable(nm.MILLED_SHARE)
        return {nm.MILLED_SHARE: w, nm.MILLED_POTENTIAL: w * pybamm.Parameter(nm.MILLING_SHIFT)}

    def set_rhs(self, variables):
        w, y0 = variables[nm.MILLED_SHARE], variables[nm.SB_S.connected(0)]
        n, q = pybamm.Parameter(nm.SB_S.n(1)), variables[nm.SB_S.capacity]
        self.rhs[w] = dilution_rate(w, variables[nm.SB_S.oxidation(_FIRST)], n, q, y0)

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.MILLED_SHARE]] = pybamm.Scalar(1)


class DeepLayer(Mechanism):
    """What the deep reduction does: the layer that bounds it, and the electrolyte that it eats."""

    needs = (nm.TEMPERATURE, nm.CONNECTED, nm.SB_S.graded(3), nm.SB_S.fraction(3))
    needs += (nm.SB_S.forward(_DEEP), nm.SB_S.backward(_DEEP))
    gives = (nm.DEEP_FACTOR, nm.EATEN_ELECTROLYTE)
    adds = {nm.ELECTROLYTE_LOSS: (nm.EATEN_ELECTROLYTE,)}

    def __init__(self, region=LUMPED):
        super().__init__("deep layer", role=nm.roles.DEEP_LAYER, region=region)

    def get_coupled_variables(self, variables):
        P, T = pybamm.Parameter, variables[nm.TEMPERATURE]
        through = P(nm.DEEP_LAYER_CURRENT) * arrhenius(T, P(nm.SB_S.Ea(_DEEP)))
        rate = variables[nm.SB_S.forward(_DEEP)] + variables[nm.SB_S.backward(_DEEP)]
        D = deep_denominator(rate, variables[nm.SB_S.graded(3)] / variables[nm.CONNECTED], through)
        eaten = P(nm.ACCESSIBLE_CATHOLYTE) * self.region.mean(variables[nm.SB_S.fraction(3)])
        return {nm.DEEP_FACTOR: D, nm.EATEN_ELECTROLYTE: eaten}


def SbSRedox() -> RedoxChain:
    """Return the Sb-S chain of the composite cathode with its milled start, as a mechanism for `nasim.FullCell`.

    >>> SbSRedox().role
    'redox chain: Sb-S'
    """
    shifts = {1: (nm.MILLED_POTENTIAL, nm.MILLING_SHIFT)}
    factors, parts = (nm.LAYER_FACTOR, nm.LAYER_FACTOR, nm.DEEP_FACTOR), (MilledShare, DeepLayer)
    return RedoxChain(nm.SB_S, CATHOLYTE_MATERIAL, [ButlerVolmer()] * 3, factors, _LAYERED, shifts, parts)
