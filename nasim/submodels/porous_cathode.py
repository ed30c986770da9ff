r"""Porous composite cathode: both potentials across the thickness, x from separator (0) to current collector (L).

**Currents.** The solid electrolyte is a single-ion conductor, so both currents obey Ohm's law,
:math:`i_e = -\kappa\,\partial_x\phi_e`, :math:`i_s = -\sigma\,\partial_x\phi_s`, and add up to the cell current i at
every x. With :math:`\Delta\phi = \phi_s - \phi_e` both potentials drop out (no algebraic equation is left):

.. math::
   i_e = s\,(i + \sigma\,\partial_x\Delta\phi), \quad s = \frac{\kappa}{\kappa+\sigma}, \quad i_e(0) = i,\; i_e(L) = 0

**Charge.** All current is ionic at the separator and electronic at the collector. What the ionic current loses goes to
the reactions and to the double layer. Reaction currents j are local rates times L, so that their mean is that of the
electrode:

.. math:: C_{dl}\,\frac{\partial\Delta\phi}{\partial t} = j + L\,\frac{\partial i_e}{\partial x}

The mean over x is the lumped equation, :math:`C_{dl}\,d\langle\Delta\phi\rangle/dt = \langle j\rangle - i`. What the
cathode has taken up, which swells it, is counted as the charge passed (double layers hold less than 1e-4 of it): read
off the species, it would tie every point to every other and fill the Jacobian.

**Terminal.** From the separator through the matrix to the collector,
:math:`\phi_s(L) - \phi_e(0) = \Delta\phi(0) - \int_0^L (i_s/\sigma)\,dx`. With
:math:`i_s = (1-s)\,i - s\sigma\,\partial_x\Delta\phi` and one integration by parts this is :math:`E - R\,i` exactly,
where neither E nor R holds the current:

.. math::
   E = (1-s_0)\,\Delta\phi(0) + s_L\,\Delta\phi(L) - \int_0^L \Delta\phi\,\frac{ds}{dx}\,dx, \qquad
   R = \int_0^L \frac{dx}{\kappa+\sigma} = \frac{1}{\sigma}\int_0^L (1-s)\,dx

R is what a step of current meets at once, before the double layers move. E is the terminal potential, R a series
resistance.

**Loss.** Reactions see the local potential difference. What the terminal lacks against their mean, weighted by
current, is the loss to transport, :math:`\langle j\,(\Delta\phi - E)\rangle / i`, so that losses and voltage still add
up.

**Limits.** Thin or well conducting cathodes become lumped, with an error of :math:`i L/3\kappa` for uniform reaction.
For linear kinetics j = -g (dphi - U) and uniform conductivities, with :math:`\nu^2 = g L (1/\kappa + 1/\sigma)`
(Newman and Tobias, J. Electrochem. Soc. 109 (1962) 1183),

.. math::
   -\frac{dV}{di} = \frac{L}{\kappa+\sigma}
   \left[1 + \frac{2 + (\sigma/\kappa + \kappa/\sigma)\cosh\nu}{\nu\sinh\nu}\right]
   \;\xrightarrow{\sigma\to\infty}\; \sqrt{\frac{L}{\kappa g}}\,\coth\nu

**Mesh.** Finite volumes, second order, or Lobatto nodes (`lobatto`), of high order; charge is conserved to rounding with
both, since the currents through the two faces are set, not extrapolated. Units: i, j A m-2, x, L m, kappa and sigma S m-1, C_dl F m-2, R Ohm m2.
"""

import numpy as np
import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError
from ..units import SECONDS_PER_HOUR
from .chain_losses import LOSS_CURRENT_FLOOR
from .composite_conduction import given_catholyte, ionic_conductivity
from .lobatto import Lobatto, LobattoSubMesh
from .lumped_cathode import CLASSES
from .mechanism import Mechanism
from .region import POROUS
from .smooth import fading_inverse
from .whole_number import whole_number

FACE = 1e-6
"""Distance from a face, relative to the thickness, within which an edge of the mesh counts as that face."""

MESHES = {"volumes": (20, pybamm.Uniform1DSubMesh, pybamm.FiniteVolume), "lobatto": (6, LobattoSubMesh, Lobatto)}
"""Mesh by its word -> usual number of points, submesh and spatial method."""


def ionic_share(kappa, sigma):
    """s: share of the conductance that is ionic; conductivities [S m-1].

    >>> ionic_share(1.0, 3.0)
    0.25
    """
    return kappa / (kappa + sigma)


def bulk_resistance(thickness, sigma, mean_share):
    """R of the module's equations [Ohm m2]; thickness [m], sigma [S m-1], mean of the ionic share.

    >>> bulk_resistance(2e-5, 1.0, 0.5) == 2e-5 / (1.0 + 1.0)
    True
    """
    return thickness * (1 - mean_share) / sigma


def linear_resistance(thickness, kappa, sigma, g):
    """Resistance [Ohm m2] of a porous electrode with kinetics of `g` [S m-2 of electrode]: the closed form above.

    >>> float(round(linear_resistance(2e-5, 5e-3, 1e3, 1000.0) * 1e3, 4)), round(1e3 / 1000 + 1e3 * 2e-5 / 5e-3 / 3, 4)
    (2.0746, 2.3333)
    """
    nu = np.sqrt(g * thickness * (1 / kappa + 1 / sigma))
    ends = (2 + (sigma / kappa + kappa / sigma) * np.cosh(nu)) / (nu * np.sinh(nu))
    return thickness / (kappa + sigma) * (1 + ends)


class PorousCathode(Mechanism):
    """Potential difference, ionic current and conductivity as fields over the cathode.

    Parameters
    ----------
    points : int
        Points across the thickness; default 20 finite volumes or 6 Lobatto nodes.
    catholyte : SbSCatholyte (default) or FixedCatholyte
        What the composition of the catholyte, and with it the ionic conductivity, follows.
    classes : int
        Classes of grains at each point, default 5.
    mesh : str
        "volumes" (default), finite volumes, or "lobatto", nodes of high order (`lobatto`), of which six do for the reaction
        that spreads over the whole thickness; a front, as in a thick cathode, wants volumes (`benchmarks/meshes.py`).

    Raises
    ------
    CompositionError
        `points` is no whole number of at least 3, `classes` none of at least 1, `catholyte` is none, or `mesh` is neither
        of the two.
    """

    gives = (nm.POSITIVE.potential, nm.POSITIVE.terminal, nm.POSITIVE.double_layer_sodium)
    gives += (nm.UPTAKE, nm.COMPOSITE_RESISTANCE, nm.COMPOSITE_CONDUCTIVITY, nm.POSITIVE.expansion)
    adds = {
        nm.EXPANSION: (nm.POSITIVE.expansion,),
        nm.SODIUM: (nm.POSITIVE.double_layer_sodium,),
        nm.SERIES_RESISTANCE: (nm.COMPOSITE_RESISTANCE,),
    }
    hints = dict.fromkeys(
        map(nm.SB_S.connected, range(len(nm.SB_S.species))),
        "Where the Sb-S chain is left out, the catholyte keeps its composition: "
        "hand in PorousCathode(catholyte=FixedCatholyte()).",
    )
    region = POROUS
    rate_needs = (nm.CELL_CURRENT, nm.REACTION_CURRENT)

    def __init__(self, points=None, catholyte=None, classes=CLASSES, mesh="volumes"):
        super().__init__("porous cathode", role=nm.roles.CATHODE)
        if mesh not in MESHES:
            raise CompositionError(f"PorousCathode: {mesh!r} was given as mesh; expected 'volumes' or 'lobatto'.")
        self.mesh, usual = mesh, MESHES[mesh][0]
        self.points = whole_number("PorousCathode", "points", usual if points is None else points, 3)
        self.classes = whole_number("PorousCathode", "classes", classes, 1)
        self.catholyte = given_catholyte("PorousCathode", catholyte)
        self.needs = (
            nm.CHARGE_PASSED,
            nm.LEAK_CHARGE,
            nm.TEMPERATURE,
            nm.CONNECTED,
            nm.ELECTROLYTE_LOSS,
            *self.catholyte.needs,
        )

    def companions(self):
        return (TransportLoss(self.region),)

    def get_fundamental_variables(self):
        dphi = self.region.variable(nm.POSITIVE.potential)
        charge = -pybamm.Parameter(nm.DOUBLE_LAYER) * self.region.mean(dphi)
        out = {nm.POSITIVE.potential: dphi, nm.POSITIVE.double_layer_sodium: charge}
        return out | {nm.POSITIVE.expansion: pybamm.Parameter(nm.MOLAR_EXPANSION)}

    def get_coupled_variables(self, variables):
        L, sigma = pybamm.Parameter(nm.CATHODE_THICKNESS), pybamm.Parameter(nm.CATHODE_ELECTRONIC)
        kappa, dphi = ionic_conductivity(self.catholyte, variables), variables[nm.POSITIVE.potential]
        s = ionic_share(kappa, sigma)
        s_0, s_L = (pybamm.BoundaryValue(s, side, order="constant") for side in ("left", "right"))
        slope = pybamm.div(self._on_edges(s, s_0, s_L))
        E = (1 - s_0) * _at_face(dphi, "left") + s_L * _at_face(dphi, "right") - L * self.region.mean(dphi * slope)
        R = bulk_resistance(L, sigma, self.region.mean(s))
        passed = SECONDS_PER_HOUR * variables[nm.CHARGE_PASSED] / pybamm.Parameter(nm.AREA) + variables[nm.LEAK_CHARGE]
        out = {nm.POSITIVE.terminal: E, nm.COMPOSITE_RESISTANCE: R, nm.COMPOSITE_CONDUCTIVITY: kappa}
        return out | {nm.UPTAKE: passed}

    def _on_edges(self, inside, at_separator, at_collector):
        """A field on the edges of the mesh, with values of its own at the two faces."""
        x = pybamm.SpatialVariableEdge("x_p", domain=self.region.domain, coord_sys="cartesian")
        along = x / pybamm.Parameter(nm.CATHODE_THICKNESS)
        within = (along > FACE) * (along < 1 - FACE)  # pyright: ignore[reportOperatorIssue]
        return within * inside + (1 - within) * (at_separator * (1 - along) + at_collector * along)

    def set_rhs(self, variables):
        L, sigma = pybamm.Parameter(nm.CATHODE_THICKNESS), pybamm.Parameter(nm.CATHODE_ELECTRONIC)
        dphi, i = variables[nm.POSITIVE.potential], variables[nm.CELL_CURRENT]
        s = ionic_share(variables[nm.COMPOSITE_CONDUCTIVITY], sigma)
        ionic = self._on_edges(s * (i + sigma * pybamm.grad(dphi)), i, 0)
        gained = variables[nm.REACTION_CURRENT] + L * pybamm.div(ionic)
        self.rhs[dphi] = gained / pybamm.Parameter(nm.DOUBLE_LAYER)

    def set_boundary_conditions(self, variables):
        # The currents through the faces are set in `_on_edges`; this only completes PyBaMM's gradient to all edges.
        closed = (pybamm.Scalar(0), "Neumann")
        self.boundary_conditions[variables[nm.POSITIVE.potential]] = {"left": closed, "right": closed}

    def set_initial_conditions(self, variables):
        self.initial_conditions[variables[nm.POSITIVE.potential]] = pybamm.Parameter(nm.INITIAL_POTENTIAL)

    def discretisation(self):
        domain, x = self.region.domain, self.region.coordinate
        across = {
            "geometry": {domain: {x: {"min": pybamm.Scalar(0), "max": pybamm.Parameter(nm.CATHODE_THICKNESS)}}},
            "var_pts": {x: self.points},
            "submesh_types": {domain: MESHES[self.mesh][1]},
            "spatial_methods": {domain: MESHES[self.mesh][2]()},
        }
        return {what: across[what] | each for what, each in self.region.grains(self.classes).items()}


class TransportLoss(Mechanism):
    """Loss to the spread of the potential difference over the cathode."""

    needs = (nm.POSITIVE.potential, nm.POSITIVE.terminal, nm.REACTION_CURRENT, nm.CELL_CURRENT)
    gives = (nm.TRANSPORT_LOSS,)
    adds = {nm.VOLTAGE_LOSS: (nm.TRANSPORT_LOSS,), nm.DISTRIBUTED_LOSS: (nm.TRANSPORT_LOSS,)}

    def __init__(self, region=POROUS):
        super().__init__("cathode transport loss", role=nm.roles.TRANSPORT_LOSS, region=region)

    def get_coupled_variables(self, variables):
        behind = variables[nm.POSITIVE.potential] - variables[nm.POSITIVE.terminal]
        i = variables[nm.CELL_CURRENT]
        mean = self.region.mean(variables[nm.REACTION_CURRENT] * behind)
        return {nm.TRANSPORT_LOSS: mean * fading_inverse(i, LOSS_CURRENT_FLOOR)}


def _at_face(field, side):
    """Value at a face of the cathode, extrapolated without the current."""
    return pybamm.BoundaryValue(field, side, order="quadratic")
