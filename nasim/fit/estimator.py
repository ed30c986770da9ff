r"""The estimator: weighted nonlinear least squares, and what its Jacobian says of the uncertainty.

Minimised is :math:`\frac12 \sum_j r_j^2` within bounds, by the trust-region method of scipy. With J the Jacobian at the
minimum the covariance is :math:`S^2 (J^T J)^{-1}` (Gauss and Newton), where

.. math::
   S^2 = \max\left(1,\; \frac{\sum_j r_j^2}{n - k}\right)

inflates the errors when the residuals are larger than the stated noise (the Particle Data Group's scale factor).
"""

from dataclasses import dataclass, field

import numpy as np

ROOT3 = float(np.finfo(float).eps ** (1 / 3))
"""Relative step of central differences of a function that is exact to the last digit."""


@dataclass(frozen=True)
class Optimum:
    """Where the minimisation ended."""

    x: np.ndarray
    residuals: np.ndarray = field(repr=False)
    jacobian: np.ndarray = field(repr=False)
    finished: bool
    message: str

    @property
    def cost(self):
        """Half the sum of squares."""
        return 0.5 * float(self.residuals @ self.residuals)


def minimise(residuals, start, jacobian=None, low=-np.inf, high=np.inf, most=None, tolerance=1e-10):
    """Least squares from `start`, (k,) [Optimum].

    Parameters
    ----------
    residuals : callable (x) -> (n,)
    jacobian : callable (x) -> (n, k), optional
        Default central differences, right for a function that is exact to the last digit.
    low, high : array_like
        Bounds; the start lies inside.
    most : int, optional
        Most steps.
    tolerance : float
        Relative change of the cost below which it is done; x may then change by a hundredth of that.

    >>> found = minimise(lambda x: np.array([x[0] - 1.0, 10 * (x[1] - x[0] ** 2)]), [-1.2, 1.0])
    >>> found.x.round(6).tolist()
    [1.0, 1.0]
    """
    from scipy.optimize import least_squares

    jacobian = jacobian or (lambda x: differences(residuals, x))
    least = float(np.finfo(float).eps)
    found = least_squares(
        residuals,
        np.asarray(start, dtype=float),
        jacobian,
        bounds=(low, high),
        x_scale="jac",
        max_nfev=most,
        ftol=tolerance,
        xtol=max(1e-2 * tolerance, least),
        gtol=max(1e-3 * tolerance, least),
    )
    return Optimum(found.x, found.fun, found.jac, found.status > 0, found.message)


def differences(function, x, step=None, low=-np.inf, high=np.inf):
    """Central differences of a vector function, (n, k); one-sided where a bound is nearer than the step.

    >>> differences(lambda x: x**3, [2.0], step=1e-4).round(6).tolist()
    [[12.0]]
    """
    x = np.asarray(x, dtype=float)
    low, high = np.broadcast_to(low, x.shape), np.broadcast_to(high, x.shape)
    columns = []
    for k in range(len(x)):
        size = step or ROOT3 * (abs(x[k]) or 1.0)
        up, down = x.copy(), x.copy()
        up[k], down[k] = min(x[k] + size, high[k]), max(x[k] - size, low[k])
        columns.append((function(up) - function(down)) / (up[k] - down[k]))
    return np.array(columns).T


def scale_factor(residuals, parameters):
    """S, by which errors are inflated; residuals include those of priors.

    >>> round(scale_factor(np.array([2.0, -2.0, 2.0]), 1), 3)
    2.449
    """
    freedom = max(len(residuals) - parameters, 1)
    return float(np.sqrt(max(1.0, residuals @ residuals / freedom)))


def covariance(jacobian, scale=1.0, widest=np.inf):
    """Covariance (k, k) of the parameters; no direction is wider than `widest`, a standard deviation.

    >>> covariance(np.array([[4.0, 0.0], [0.0, 0.0]]), widest=0.5).tolist()
    [[0.0625, 0.0], [0.0, 0.25]]
    """
    norms = np.linalg.norm(jacobian, axis=0)
    norms = np.where(norms > 0, norms, 1.0) if np.isinf(widest) else np.ones_like(norms)
    _, singular, directions = np.linalg.svd(jacobian / norms, full_matrices=True)
    singular = np.pad(singular, (0, len(directions) - len(singular)))
    with np.errstate(divide="ignore"):
        width = np.minimum(scale / singular, widest)
    return (directions.T * width**2) @ directions / np.outer(norms, norms)


def correlation(covariance):
    """Correlation matrix of a covariance.

    >>> correlation(np.array([[4.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    deviation = np.sqrt(np.diag(covariance))
    deviation = np.where(deviation > 0, deviation, 1.0)
    return covariance / np.outer(deviation, deviation)
