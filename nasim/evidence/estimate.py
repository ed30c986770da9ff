r"""Least squares for one stage: residuals of the published rows over their tolerances, and the priors.

With z the parameters in standard deviations of their priors (`stages.Prior`), minimised is

.. math:: \frac12 \sum_j s\!\left(\frac{c_j(z) - t_j}{\Delta_j}\right)^2 + \frac12 \sum_k z_k^2

c computed, t published, :math:`\Delta` the tolerance of the row, taken as a standard deviation. s leaves errors of up to
`FAIR` tolerances as they are and grows with the logarithm beyond, so that a row far off at a cold start does not rule all
others; a value that is not there (a peak, a run that failed) counts `ABSENT`, a statement that is wrong, too. The covariance
of z is that of Gauss and Newton, :math:`(J^T J + 1)^{-1}`: no error exceeds that of the prior. Along a direction whose
singular value of J is below 1 the rows say less than the prior; such directions are reported.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from ..analysis.least_squares import Search, StopSearchError, minimise
from .bench import Bench
from .published import Finding
from .row import rows
from .stages import Fitted, Prior

FAIR = 3.0
"""Error, in tolerances, up to which it counts in full."""
ABSENT = 6.0
"""Residual of a value that the result does not show, and of a wrong statement."""
DETERMINES = 0.05
"""Share of what all rows say about a parameter from which on a row counts as one that determines it."""
STEP = 0.03
"""Step of the difference quotients in standard deviations of the prior; the integrator's noise is far below what it changes."""
TOLERANCE, SLOPE_TOLERANCE = 1e-3, 1e-6
"""Relative change of the cost, and gradient, below which a search has converged."""
NAMED = 0.3
"""Component of a direction from which on its parameter is named."""


@dataclass(frozen=True)
class Estimate:
    """Where a search ended.

    Attributes
    ----------
    z : array of shape (k,)
        Parameters in standard deviations of their priors.
    cost : float
        Half the sum of squares of the rows, without the priors.
    jacobian : array of shape (n, k) or None
        Of the rows' residuals by z; None where the search did not get that far.
    finished : bool
        Whether the search ended before its time was up.
    """

    z: np.ndarray
    cost: float
    jacobian: np.ndarray | None
    finished: bool

    @property
    def covariance(self) -> np.ndarray:
        """Covariance of z, shape (k, k); that of the priors where there is no Jacobian."""
        information = np.eye(len(self.z))
        if self.jacobian is not None:
            information = information + self.jacobian.T @ self.jacobian
        return np.linalg.inv(information)


def squashed(error: float) -> float:
    """Return an error in tolerances as it counts.

    >>> squashed(2.0), round(squashed(-30.0), 2)
    (2.0, -6.33)
    """
    beyond = abs(error) - FAIR
    return error if beyond <= 0 else math.copysign(FAIR + math.log1p(beyond), error)


def residuals(finding: Finding) -> list[float]:
    """Return the residuals of a finding: error over tolerance; of a range, distance from its middle over half of it."""
    row = finding.row
    if row.is_statement:
        return [0.0 if value == target else ABSENT for value, target in zip(_padded(finding), row.values, strict=True)]
    if row.is_range:
        low, high = row.values
        value = _padded(finding)[0]
        return [ABSENT if value is None else squashed((2 * value - low - high) / (high - low))]
    pairs = zip(_padded(finding), row.values, row.tolerances, strict=True)
    return [ABSENT if value is None else squashed((value - target) / limit) for value, target, limit in pairs]


def _padded(finding):
    return finding.values or (None,) * len(finding.row.values)


class Problem:
    """The residuals of one stage as a function of z.

    Parameters
    ----------
    bench : Bench
    ids : sequence of str
        Rows.
    parameters : sequence of Fitted
        Those that vary.
    fixed : mapping key -> value
        Values of the other parameters of the bench.
    seconds : float
        Wall time [s] after which no further evaluation begins; the first is always made.
    """

    def __init__(
        self,
        bench: Bench,
        ids: Sequence[str],
        parameters: Sequence[Fitted],
        fixed: Mapping[str, float] | None = None,
        seconds: float = math.inf,
    ):
        self.bench, self.ids, self.parameters, self.fixed = bench, list(ids), list(parameters), dict(fixed or {})
        self.search, self.evaluations = Search(seconds), 0
        self.owners = [id for row in rows(*self.ids) for id in [row.id] * (1 if row.is_range else len(row.values))]
        """Row of each residual."""
        ends = [sorted(prior_of(each).z(end) for end in each.bounds) for each in self.parameters]
        self.low, self.high = np.array(ends).T if ends else (np.array([]), np.array([]))

    def values(self, z: np.ndarray) -> dict[str, float]:
        """Return key -> value [SI] at z, inside the ranges, with those that are fixed."""
        inside = np.clip(z, self.low, self.high)
        return self.fixed | {each.key: prior_of(each).value(x) for each, x in zip(self.parameters, inside, strict=True)}

    def point(self, values: Mapping[str, float]) -> np.ndarray:
        """Return the z of values, a little inside the ranges."""
        z = np.array([prior_of(each).z(values[each.key]) for each in self.parameters])
        room = 1e-6 * (self.high - self.low)
        return np.clip(z, self.low + room, self.high - room)

    def rows_at(self, points: Sequence[np.ndarray]) -> np.ndarray:
        """Return the residuals of the rows at several points, computed side by side, shape (points, n)."""
        if self.evaluations:
            self.search.check_time()
        self.evaluations += len(points)
        found = self.bench.several(self.ids, [self.values(z) for z in points])
        return np.array([[r for id in self.ids for r in residuals(each[id])] for each in found])

    def residuals(self, z: np.ndarray) -> np.ndarray:
        """Return all residuals, those of the rows first, then z, shape (n + k,); remembers the best point."""
        return self._noted(z, self.rows_at([z])[0])

    def _noted(self, z, data):
        everything = np.concatenate([data, z])
        self.search.note(0.5 * float(everything @ everything), z)
        return everything

    def jacobian(self, z: np.ndarray) -> np.ndarray:
        """Return the derivatives of all residuals, shape (n + k, k), by differences inwards; 0 where a run failed."""
        steps = np.where(z + STEP < self.high, STEP, -STEP)
        here, *moved = self.rows_at([z, *(z + np.diag(steps))])
        slopes = (np.array(moved) - here) / steps[:, None]
        jumps = (np.array(moved) == ABSENT) != (here == ABSENT)
        return np.vstack([np.where(jumps, 0.0, slopes).T, np.eye(len(z))])

    def explore(self, points: int, seed: int, most: int) -> list[np.ndarray]:
        """Return the `most` best points of a global search: the centre, and draws from the priors.

        Parameters
        ----------
        points : int
            Draws, of a scrambled Sobol sequence.
        seed : int
        most : int
        """
        from scipy.stats import norm, qmc

        low, high = norm.cdf(self.low), norm.cdf(self.high)
        drawn = qmc.Sobol(len(self.parameters), seed=seed).random_base2(max(points - 1, 1).bit_length())[:points]  # pyright: ignore[reportCallIssue]
        candidates = [np.clip(np.zeros_like(low), self.low, self.high), *norm.ppf(low + (high - low) * drawn)]
        costs = []
        with suppress(StopSearchError):
            for start in range(0, len(candidates), CHUNK):
                some = candidates[start : start + CHUNK]
                data = self.rows_at(some)
                costs += [float(r @ r) for r in (self._noted(*each) for each in zip(some, data, strict=True))]
        return [candidates[k] for k in np.argsort(costs, kind="stable")[:most]]

    def solve(self, start: np.ndarray, most: int = 8, slopes: np.ndarray | None = None) -> Estimate:
        """Return the least squares from a start, after at most `most` steps.

        Parameters
        ----------
        start : array of shape (k,)
        most : int
        slopes : array of shape (n + k, k), optional
            Derivatives that hold for all steps; default those of each point.
        """
        self.search.cost, finished, jacobian = math.inf, True, None
        options = {"step_tolerance": TOLERANCE, "slope_tolerance": SLOPE_TOLERANCE, "scaled": False}
        jacobian_at = self.jacobian if slopes is None else lambda z: slopes
        try:
            optimum = minimise(self.residuals, start, jacobian_at, self.low, self.high, most, TOLERANCE, **options)
            jacobian = optimum.jacobian[: len(self.owners)]
        except StopSearchError:
            finished = False
        z = self.search.point
        data = self.rows_at([z])[0] if finished else None
        cost = self.search.cost - 0.5 * float(z @ z) if data is None else 0.5 * float(data @ data)
        return Estimate(z, cost, jacobian, finished)


CHUNK = 16
"""Points of the global search that are computed between two looks at the clock."""


def prior_of(parameter: Fitted) -> Prior:
    """Return the prior of a parameter that varies; each of a plan has one."""
    assert parameter.prior is not None
    return parameter.prior
