r"""Profile likelihood: one parameter is fixed at values on both sides, all others are fitted again at each.

The interval holds the values at which :math:`\Delta\chi^2 / S^2` stays below the quantile of the chi-square distribution
with one degree of freedom. Unlike the covariance it follows a bent valley, and it shows where the data set no limit.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.least_squares import minimise

if TYPE_CHECKING:
    from .result import FitResult

FIRST = 0.02
"""First step, a share of the range, where the covariance says nothing."""
MOST_STEPS = 12
NARROW = 0.005
"""Width, a share of the range, at which the search for an end of the interval is done."""


@dataclass(frozen=True)
class Profile:
    """Rise of chi-square along one parameter.

    Attributes
    ----------
    name : str
    values, delta_chi2 : array of shape (n,)
        Values of the parameter [SI units] and how much worse the best fit there is.
    threshold : float
        Rise at the ends of the interval.
    interval : (float or None, float or None)
        None where the data set no limit within the range.
    """

    name: str
    values: np.ndarray
    delta_chi2: np.ndarray
    threshold: float
    interval: tuple[float | None, ...]


def profile(fit: "FitResult", name: str, level: float = 0.95, steps_per_side: int = 3, iterations: int = 15) -> Profile:
    """Return the profile likelihood of one varied parameter.

    Parameters
    ----------
    fit : FitResult
    name : str
    level : float
        Confidence of the interval, 0 to 1.
    steps_per_side : int
        About so many points between the optimum and each end of the interval.
    iterations : int
        Most least-squares steps at each point.
    """
    from scipy.stats import chi2

    threshold, k = float(chi2.ppf(level, 1)), fit.names.index(name)
    width = min(max(float(np.sqrt(fit.covariance[k, k] * threshold)), FIRST), 1.0)
    points, ends = {float(fit.units[k]): 0.0}, {}
    for sign in (-1, 1):
        ends[sign] = _walk(fit, k, sign * width / steps_per_side, threshold, points, iterations)
    scale = fit.problem.scales[name]
    at = sorted(points)
    interval = tuple(None if ends[sign] is None else scale.value(ends[sign]) for sign in (-1, 1))
    values = np.array([scale.value(unit) for unit in at])
    return Profile(name, values, np.array([points[unit] for unit in at]), threshold, interval)


def _walk(fit, k, step, threshold, points, iterations):
    """Step away from the optimum until the threshold is passed; returns where that is, None at the bound of the range."""
    at, others, before = float(fit.units[k]), np.delete(fit.units, k), (float(fit.units[k]), 0.0)
    along = np.delete(fit.covariance[k], k) / fit.covariance[k, k]
    for _ in range(MOST_STEPS):
        if at in (0.0, 1.0):
            return None
        here, at = at, float(np.clip(at + step, 0.0, 1.0))
        guess = np.clip(others + along * (at - here), 0.0, 1.0)
        fitted, worse = _others(fit, k, at, guess, iterations)
        points[at] = worse
        if worse > threshold:
            return _crossing(fit, k, before, (at, worse), others, threshold, points, iterations)
        others, before, step = fitted, (at, worse), step * (1.6 if worse < 0.3 * threshold else 1.0)
    return None


def _crossing(fit, k, below, above, others, threshold, points, iterations):
    """Return where the rise passes the threshold; its root is nearly straight, and a wall is closed in upon."""
    share = 0.0
    for _ in range(MOST_STEPS):
        a, b, c = np.sqrt(np.maximum([below[1], above[1], threshold], 0.0))
        share = float((c - a) / (b - a))
        if abs(above[0] - below[0]) < NARROW or abs(above[1] - threshold) < 2 * threshold:
            break
        at = below[0] + (above[0] - below[0]) * float(np.clip(share, 0.3, 0.7))
        fitted, worse = _others(fit, k, at, others, iterations)
        points[at] = worse
        if worse > threshold:
            above = (at, worse)
        else:
            below, others = (at, worse), fitted
    return below[0] + (above[0] - below[0]) * share


def _others(fit, k, at, others, iterations):
    """Fit the other parameters with number k held at `at`; returns them and the rise of chi-square over the scale."""
    problem = fit.problem
    if len(others) == 0:
        residuals = problem.residuals(np.array([at]))
        return others, (float(residuals @ residuals) - fit.chi2) / fit.scale**2
    optimum = minimise(
        lambda rest: problem.residuals(np.insert(rest, k, at)),
        others,
        lambda rest: np.delete(problem.jacobian(np.insert(rest, k, at)), k, axis=1),
        0.0,
        1.0,
        iterations,
        1e-5,
    )
    return optimum.x, (2 * optimum.cost - fit.chi2) / fit.scale**2
