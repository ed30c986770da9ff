r"""A cell linearised about a state, and its impedance.

With the states y, the external current density i (discharge positive) and the voltage V of the built model,

.. math::
   M\dot y = f(y, i), \quad V = g(y, i) \qquad\Rightarrow\qquad
   Z(\omega) = -\frac{\delta V}{\delta i} = -\Big[c^T (j\omega M - A)^{-1} b + d\Big],

:math:`A = \partial f/\partial y, b = \partial f/\partial i, c = \partial g/\partial y, d = \partial g/\partial i`: derivatives by CasADi, exact to rounding, so no amplitude and no settling
of a perturbation come in. Nothing is integrated: taking a spectrum leaves the cell as it was. Where the cell still
changes by itself (creep, a growing interphase) the spectrum is that of this moment. Units: V V, i A m-2, Z Ohm m2.

**Elements.** A voltage phi that is charged by the current, :math:`C\dot\phi = \pm i_{cell} - G_\phi\phi + \dots`, is a
resistance :math:`1/G_\phi` with its capacitance C in parallel. Since :math:`i_{cell} = (i + G E)/(1 + R G)` with the leak G
and the series resistance R, its row of the linear cell holds both:

.. math:: |b_\phi| = \frac{1}{C(1 + RG)}, \qquad -A_{\phi\phi} = \frac{1}{C}\Big(G_\phi + \frac{G}{1 + RG}\Big)

For a field (porous cathode) the row is the mean over the cathode of the response to a uniform shift: all its charge
transfer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import casadi
import numpy as np
import pybamm
from numpy.typing import NDArray
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from .. import nomenclature as nm
from .stepper import Stepper

BLOCKS = 1e-9
"""Conductance relative to the rate of charging at 1 s-1 below which a layer counts as blocking."""


def slices(built: pybamm.BaseModel) -> dict[str, slice]:
    """Return the rows of each state of a built model, by name."""
    return {variable.name: rows[0] for variable, rows in (built.y_slices or {}).items()}


class Linearisation:
    """Derivatives of a stepper's model, compiled once, evaluated at any state."""

    def __init__(self, stepper: Stepper):
        built, self.order = stepper.built, list(stepper.idle)
        y, p = casadi.MX.sym("y", stepper.y.shape[0]), casadi.MX.sym("p", len(self.order))
        inputs = {name: p[k] for k, name in enumerate(self.order)}
        parts = [built.concatenated_rhs, built.concatenated_algebraic]
        f = casadi.vertcat(*(part.to_casadi(0.0, y, inputs=inputs) for part in parts))
        V = built.get_processed_variable(nm.VOLTAGE).to_casadi(0.0, y, inputs=inputs)
        i = self.order.index(nm.STEP_CURRENT)
        columns = [part for g in (f, V) for part in (casadi.jacobian(g, y), casadi.jacobian(g, p)[:, i])]
        self._evaluate = casadi.Function("linearised", [y, p], [f, *columns])
        self._mass = csc_matrix(built.mass_matrix.entries)

    def at(self, y: np.ndarray, inputs: Mapping[str, float]) -> "LinearCell":
        """Return the linear cell at state `y`, shape (n, 1), under `inputs` by name [SI]."""
        f, A, b, c, d = self._evaluate(y, [float(inputs[name]) for name in self.order])
        A = csc_matrix(A.sparse())
        return LinearCell(self._mass, A, np.asarray(b).ravel(), np.asarray(c).ravel(), float(d), np.asarray(f).ravel())


@dataclass(frozen=True)
class LinearCell:
    """M, A, b, c, d of the module's equations, and f at the state itself."""

    M: csc_matrix
    A: csc_matrix
    b: np.ndarray
    c: np.ndarray
    d: float
    f: np.ndarray

    def impedance(self, frequency: np.ndarray) -> NDArray[np.complexfloating]:
        """Return Z [Ohm m2] at each `frequency` [Hz], complex, of its shape (n,)."""
        b = self.b.astype(complex)
        omega = 2 * np.pi * np.atleast_1d(np.asarray(frequency, float))
        return np.array([-(self.c @ splu(csc_matrix(1j * w * self.M - self.A)).solve(b) + self.d) for w in omega])

    def layer(self, rows: slice, resistance: float, leak: float) -> tuple[float, float]:
        """Return R [Ohm m2] (infinite where it blocks) and C [F m-2] of the voltage in some rows of the state.

        Parameters
        ----------
        rows : slice
        resistance : float
            In series with the cell [Ohm m2].
        leak : float
            Conductance in parallel to the cell [S m-2].
        """
        span = 1 + resistance * leak
        C = 1 / (abs(self.b[rows].mean()) * span)
        response = self.A[rows, rows].sum() / (rows.stop - rows.start)
        G = -response * C - leak / span
        return (1 / G if G > BLOCKS * C else np.inf), C
