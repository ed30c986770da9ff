r"""Weighted nonlinear least squares, and what the Jacobian at the minimum says of the uncertainty.

Fits of measured curves (`nasim.fit`) and the calibration to published rows (`nasim.evidence`) both stand on this file.
Minimised is :math:`\frac12 \sum_j r_j^2` within bounds, by the trust-region method of scipy. With J the Jacobian at the
minimum the covariance is :math:`S^2 (J^T J)^{-1}` (Gauss and Newton), where

.. math::
   S^2 = \max\left(1,\; \frac{\sum_j r_j^2}{n - k}\right)

inflates the errors when the residuals are larger than the stated noise (the Particle Data Group's scale factor).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

ROOT3 = float(np.finfo(float).eps ** (1 / 3))
"""Relative step of central differences of a function that is exact to the last digit."""


@dataclass(frozen=True)
class Optimum:
    """Point at which a minimisation ended.

    Attributes
    ----------
    x : array of shape (k,)
    residuals : array of shape (n,)
    jacobian : array of shape (n, k)
    finished : bool
        Whether the search converged.
    message : str
        Why it ended.
    """

    x: np.ndarray
    residuals: np.ndarray = field(repr=False)
    jacobian: np.ndarray = field(repr=False)
    finished: bool
    message: str

    @property
    def cost(self) -> float:
        """Half the sum of squares."""
        return 0.5 * float(self.residuals @ self.residuals)


class StopSearchError(Exception):
    """The wall time is used up, or the user asked to stop."""


class Search:
    """Best point of a search so far, and the end of its time.

    Parameters
    ----------
    seconds : float
        Wall time [s] after which `check_time` stops the search.

    Examples
    --------
    >>> search = Search()
    >>> search.note(2.0, np.array([0.1])), search.note(3.0, np.array([0.2]))
    (True, False)
    >>> search.cost, search.point.tolist()
    (2.0, [0.1])
    """

    def __init__(self, seconds: float = math.inf):
        self.deadline = time.monotonic() + seconds
        self.cost, self.point = math.inf, np.array([])

    def check_time(self) -> None:
        """Raise `StopSearchError` once the time is used up."""
        if time.monotonic() > self.deadline:
            raise StopSearchError

    def note(self, cost: float, point: np.ndarray) -> bool:
        """Take down a point and its cost; returns whether it is the best so far."""
        better = cost < self.cost
        if better:
            self.cost, self.point = cost, np.array(point, dtype=float)
        return better

    def without_limit(self) -> None:
        """Lift the limit of time."""
        self.deadline = math.inf


def minimise(
    residuals: Callable[[np.ndarray], np.ndarray],
    start: ArrayLike,
    jacobian: Callable[[np.ndarray], np.ndarray] | None = None,
    low: ArrayLike = -np.inf,
    high: ArrayLike = np.inf,
    most: int | None = None,
    tolerance: float = 1e-10,
    step_tolerance: float | None = None,
    slope_tolerance: float | None = None,
    scaled: bool = True,
    pull: float = 0.0,
) -> Optimum:
    """Minimise the sum of squares of `residuals` [Optimum].

    Parameters
    ----------
    residuals : callable (x) -> array of shape (n,)
    start : array of shape (k,)
    jacobian : callable (x) -> array of shape (n, k), optional
        Default central differences, right for a function that is exact to the last digit.
    low, high : float or array of shape (k,)
        Bounds; the start lies inside.
    most : int, optional
        Most steps.
    tolerance : float
        Relative change of the cost below which the search has converged.
    step_tolerance, slope_tolerance : float, optional
        The same for the relative change of x, default a hundredth of `tolerance`, and for the gradient, a thousandth.
    scaled : bool
        Whether each parameter is scaled by the norm of its column of the Jacobian.
    pull : float
        Residual that is added for a parameter that moved by one, a tiny number: it holds those at the start that no residual
        tells anything of. Without it the trust region takes small steps for as long as there are such.

    Raises
    ------
    StopSearchError
        `residuals` or `jacobian` stopped the search.

    Examples
    --------
    >>> best = minimise(lambda x: np.array([x[0] - 1.0, 10 * (x[1] - x[0] ** 2)]), [-1.2, 1.0])
    >>> best.x.round(6).tolist()
    [1.0, 1.0]
    """
    from scipy.optimize import least_squares

    least, start = float(np.finfo(float).eps), np.asarray(start, dtype=float)
    slopes, held = jacobian or (lambda x: differences(residuals, x)), pull * np.eye(len(start))
    solution = least_squares(
        lambda x: np.append(residuals(x), pull * (x - start)),
        start,
        lambda x: np.vstack([slopes(x), held]),  # type: ignore[arg-type]
        bounds=(low, high),
        x_scale="jac" if scaled else 1.0,
        max_nfev=most,
        ftol=tolerance,
        xtol=max(1e-2 * tolerance, least) if step_tolerance is None else step_tolerance,
        gtol=max(1e-3 * tolerance, least) if slope_tolerance is None else slope_tolerance,
    )
    rows = slice(len(solution.fun) - len(start))
    return Optimum(solution.x, solution.fun[rows], solution.jac[rows], solution.status > 0, solution.message)


def differences(
    function: Callable[[np.ndarray], np.ndarray],
    x: ArrayLike,
    step: float | None = None,
    low: ArrayLike = -np.inf,
    high: ArrayLike = np.inf,
) -> np.ndarray:
    """Return central differences of a vector function, shape (n, k); one-sided where a bound is nearer than the step.

    Parameters
    ----------
    function : callable (x) -> array of shape (n,)
    x : array of shape (k,)
    step : float, optional
        Default the cube root of the machine's precision, relative to x.
    low, high : float or array of shape (k,)
        Bounds.

    Examples
    --------
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


def inward_differences(function: Callable[[np.ndarray], np.ndarray], x: ArrayLike, step: float) -> np.ndarray:
    """Return one-sided differences, shape (n, k), of a function of x from 0 to 1, each away from the nearer end.

    Half as many evaluations as `differences`, to first order in the step.

    Parameters
    ----------
    function : callable (x) -> array of shape (n,)
    x : array of shape (k,)
    step : float

    Examples
    --------
    >>> inward_differences(lambda x: 3.0 * x, [0.9], step=0.1).round(6).tolist()
    [[3.0]]
    """
    x = np.asarray(x, dtype=float)
    here, columns = function(x), []
    for k in range(len(x)):
        size = -step if x[k] > 0.5 else step
        columns.append((function(x + size * (np.arange(len(x)) == k)) - here) / size)
    return np.array(columns).T


def scale_factor(residuals: np.ndarray, parameters: int) -> float:
    """Return S, by which errors are inflated.

    Parameters
    ----------
    residuals : array of shape (n,)
        In standard deviations, those of priors included.
    parameters : int
        Number of parameters k.

    Examples
    --------
    >>> round(scale_factor(np.array([2.0, -2.0, 2.0]), 1), 3)
    2.449
    """
    freedom = max(len(residuals) - parameters, 1)
    return float(np.sqrt(max(1.0, residuals @ residuals / freedom)))


def covariance(jacobian: np.ndarray, scale: float = 1.0, widest: float = np.inf) -> np.ndarray:
    """Return the covariance of the parameters, shape (k, k).

    Parameters
    ----------
    jacobian : array of shape (n, k)
    scale : float
        S, see `scale_factor`.
    widest : float
        Largest standard deviation along any direction.

    Examples
    --------
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


def correlation(covariance: np.ndarray) -> np.ndarray:
    """Return the correlation matrix of a covariance, shape (k, k).

    >>> correlation(np.array([[4.0, 1.0], [1.0, 1.0]])).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    deviation = np.sqrt(np.diag(covariance))
    deviation = np.where(deviation > 0, deviation, 1.0)
    return covariance / np.outer(deviation, deviation)
