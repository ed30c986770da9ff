r"""Legendre-Gauss-Lobatto nodes as a mesh and a spatial method of PyBaMM: few points where a field is smooth.

A field is the polynomial through its values at the n nodes :math:`x_k`, the zeros of :math:`(1-\xi^2) P'_{n-1}(\xi)` mapped to the
domain, both ends among them. Derivatives are those of the polynomial, integrals those of Gauss, Lobatto,

.. math::
   (\partial_x u)_k = \sum_m D_{km} u_m, \qquad \int u\,dx \approx \sum_k w_k u_k, \quad
   w_k = \frac{L}{n(n-1) P_{n-1}(\xi_k)^2}

exact up to degree 2n - 3. Hence :math:`\sum_k w_k (D v)_k = v_n - v_1` for any values v: what flows in at the ends is what the
inside gains, to rounding, and with fluxes set at the ends

.. math:: u^T W D R D u = -(D u)^T W R (D u) \le 0

so that diffusion only ever smooths. Fields, fluxes and "edges" all lie on the nodes. Errors fall faster than any power of n where
the solution is smooth (C. Canuto et al., Spectral Methods: Fundamentals in Single Domains, Springer 2006, chapters 2 and 3).
"""

import numpy as np
import pybamm
from numpy.polynomial.legendre import Legendre
from scipy.sparse import csr_matrix


def lobatto(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return nodes and weights on [0, 1], shape (n,), and the matrix of differentiation, shape (n, n); n is at least 2.

    >>> nodes, weights, D = lobatto(3)
    >>> nodes.tolist(), (6 * weights).round(12).tolist(), (D @ nodes**2 - 2 * nodes).round(12).tolist()
    ([0.0, 0.5, 1.0], [1.0, 4.0, 1.0], [0.0, 0.0, 0.0])
    """
    P = Legendre.basis(n - 1)
    inner = np.sort(P.deriv().roots().real) if n > 2 else np.array([])
    at = np.concatenate([[-1.0], inner, [1.0]])
    gaps = at[:, None] - at + np.eye(n)
    products = gaps.prod(axis=1)
    D = products[:, None] / products / gaps
    np.fill_diagonal(D, 0.0)
    np.fill_diagonal(D, -D.sum(axis=1))  # a constant has no slope, to rounding
    return (at + 1) / 2, 1 / (n * (n - 1) * P(at) ** 2), 2 * D


class LobattoSubMesh(pybamm.SubMesh1D):
    """Mesh of Lobatto nodes; PyBaMM's edges are the nodes, too.

    Parameters
    ----------
    lims : dict
        Limits of the spatial variable.
    npts : dict
        Number of nodes by name of the variable.
    """

    def __init__(self, lims, npts):
        variable, limits, _ = self.read_lims(lims)
        self._lay_out(limits["min"], limits["max"], npts[variable.name], variable.coord_sys)

    def _lay_out(self, start, end, n, coord_sys):
        nodes, _, _ = lobatto(n)
        super().__init__(start + (end - start) * nodes, coord_sys)
        self.nodes, self.d_nodes, self.npts = self.edges, self.d_edges, n

    @property
    def weights(self) -> np.ndarray:
        """Weights of the nodes in a mean, shape (n,)."""
        return lobatto(self.npts)[1]

    @classmethod
    def _from_json(cls, snippet):
        mesh, edges = cls.__new__(cls), snippet["edges"]
        mesh._lay_out(edges[0], edges[-1], len(edges), snippet["coord_sys"])
        return mesh


class Lobatto(pybamm.SpatialMethod):
    """Derivatives and integrals of polynomials through the nodes of a `LobattoSubMesh`, along a first dimension."""

    def _matrices(self, domain):
        """Weights, as a row, and the matrix of differentiation of a domain."""
        mesh = self.mesh[domain]  # pyright: ignore[reportOptionalSubscript]
        _, weights, D = lobatto(mesh.npts)
        length = mesh.edges[-1] - mesh.edges[0]
        return length * weights[None, :], D / length

    def _applied(self, matrix, symbol, discretised):
        """A matrix applied to a field, once for each point of its other dimensions."""
        repeats = self._get_auxiliary_domain_repeats(symbol.domains)
        return pybamm.Matrix(self._block_diagonal(csr_matrix(matrix), repeats)) @ discretised

    def gradient(self, symbol, discretised_symbol, boundary_conditions):
        """Slope of the polynomial, at the ends that of the boundary conditions where there are any (Neumann only)."""
        slope = self._applied(self._matrices(symbol.domain)[1], symbol, discretised_symbol)
        for side, (value, kind) in boundary_conditions.get(symbol, {}).items():
            if kind != "Neumann":
                raise NotImplementedError(f"Lobatto takes conditions of the kind Neumann; '{kind}' was given.")
            at_end = self._end(symbol, side)
            slope = pybamm.Vector(1 - at_end) * slope + pybamm.Vector(at_end) * value
        return slope.with_domains(symbol.domains)

    def broadcast(self, symbol, domains, broadcast_type):
        """A uniform field; one "to edges" lies on the nodes, as all do."""
        return super().broadcast(symbol, domains, broadcast_type.replace(" to edges", ""))

    def _end(self, symbol, side):
        """1 at the nodes at one end of a field, 0 elsewhere."""
        nodes = np.zeros(self.mesh[symbol.domain].npts)  # pyright: ignore[reportOptionalSubscript]
        nodes[{"left": 0, "right": -1}[side]] = 1
        return np.tile(nodes, self._get_auxiliary_domain_repeats(symbol.domains))

    def divergence(self, symbol, discretised_symbol, boundary_conditions):
        """Slope of the polynomial through a flux."""
        slope = self._applied(self._matrices(symbol.domain)[1], symbol, discretised_symbol)
        return slope.with_domains(symbol.domains)

    def integral(self, child, discretised_child, integration_dimension, integration_variable):
        """Integral by the weights; `integration_dimension` is "primary"."""
        if integration_dimension != "primary":
            raise NotImplementedError("Lobatto integrates along the first dimension of a field only.")
        return self._applied(self._matrices(child.domain)[0], child, discretised_child)
