r"""Least squares for one stage: residuals of the published rows over their tolerances, and a weak pull to the start.

Parameters are scaled to u = 0 to 1 over their range in the set, logarithmically where the range spans more than a
factor of `nasim.scale.LOG_FROM`. Minimised is

.. math:: \sum_j \left(\frac{c_j(u) - t_j}{\Delta_j}\right)^2 + w^2 \sum_k (u_k - u_{k,0})^2

c computed, t published, :math:`\Delta` the tolerance of the row, and w = 2: the range of a parameter counts as two
standard deviations of what is known of it without the rows, and decides what no row does. Standard errors are those of
Gauss and Newton at the optimum, :math:`\sqrt{\mathrm{diag}(J^T J)^{-1}}` with the pull in J and the tolerances taken as
standard deviations: no error exceeds half the range.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

import numpy as np

from ..analysis.least_squares import Search, StopSearchError, covariance, inward_differences, minimise
from ..scale import Scale, units_of, values_at
from .published import Finding

PULL = 2.0
"""w: price of moving a parameter over its whole range, in tolerances."""
ABSENT = 3.0
"""Residual of a value that the result does not show, such as a peak that is not there."""
DETERMINES = 0.05
"""Share of what all rows say about a parameter from which on a row counts as one that determines it."""
STEP = 4e-3
"""Step of the difference quotients, a share of each range; the integrator's noise is far below what it changes."""
TOLERANCE, SLOPE_TOLERANCE = 1e-4, 1e-8
"""Relative change of cost and values, and gradient, below which the search has converged."""
ROUNDING = 1e-9
"""A start at an end of its range lies this far inside the bounds."""


@dataclass(frozen=True)
class Estimate:
    """Result of one stage of the calibration.

    Attributes
    ----------
    values, errors : dict parameter -> float
        Values and standard errors [SI units].
    rows : dict parameter -> list of str
        Ids of the rows that determine it.
    cost : float
        Half the sum of squares of the rows, without the pull.
    evaluations : int
    finished : bool
        Whether the search ended before its time was up.
    """

    values: dict[str, float]
    errors: dict[str, float]
    rows: dict[str, list[str]]
    cost: float
    evaluations: int
    finished: bool


def residuals(finding: Finding) -> list[float]:
    """Return the residuals of one finding: error over tolerance; of a range, distance from its middle over half of it."""
    row = finding.row
    if row.is_statement:
        return []
    if row.is_range:
        low, high = row.values
        value = finding.values[0] if finding.errors else None
        return [ABSENT if value is None else (2 * value - low - high) / (high - low)]
    if not finding.errors:
        return [ABSENT] * len(row.values)
    return [error / limit for error, limit in zip(finding.errors, row.tolerances, strict=True)]


class Problem:
    """The residuals of one stage as a function of the scaled parameters.

    Parameters
    ----------
    findings : callable (values by parameter) -> iterable of Finding
    start : mapping parameter -> value
    scales : mapping parameter -> Scale
    seconds : float
        Wall time [s] after which no further evaluation begins; the first is always made.
    """

    def __init__(
        self,
        findings: Callable[[dict[str, float]], Iterable[Finding]],
        start: Mapping[str, float],
        scales: Mapping[str, Scale],
        seconds: float = math.inf,
    ):
        self.findings, self.scales = findings, {name: scales[name] for name in start}
        self.start = np.array(units_of(self.scales, start))
        self.search, self.evaluations = Search(seconds), 0
        self.search.point, self.cost = self.start, math.inf
        self.owners: list[str] = []
        """Row of each residual."""

    def residuals(self, units: np.ndarray) -> np.ndarray:
        """Return all residuals, those of the rows first, then the pull, shape (n,); remembers the best point.

        Raises
        ------
        StopSearchError
            The time is up.
        """
        if self.evaluations:
            self.search.check_time()
        self.evaluations += 1
        findings = self.findings(values_at(self.scales, units))
        owned = [(finding.row.id, residual) for finding in findings for residual in residuals(finding)]
        self.owners, data = [id for id, _ in owned], np.array([residual for _, residual in owned])
        all_ = np.concatenate([data, PULL * (np.asarray(units) - self.start)])
        if self.search.note(0.5 * float(all_ @ all_), units):
            self.cost = 0.5 * float(data @ data)
        return all_

    def jacobian(self, units: np.ndarray) -> np.ndarray:
        """Return the derivatives of the residuals, shape (n, k), by differences away from the nearer end of the range."""
        return inward_differences(self.residuals, units, STEP)

    def explore(self, seconds: float, seed: int) -> None:
        """Move the start to the best point of a global search (differential evolution).

        Parameters
        ----------
        seconds : float
            Wall time of the search [s].
        seed : int
        """
        from scipy.optimize import differential_evolution

        until = monotonic() + seconds
        with suppress(StopSearchError):
            differential_evolution(
                lambda units: float(np.sum(self.residuals(units) ** 2)),
                [(0.0, 1.0)] * len(self.scales),
                x0=self.start,
                init="sobol",
                popsize=4,
                seed=seed,  # pyright: ignore[reportCallIssue]
                polish=False,
                maxiter=1000,
                callback=lambda *_, **__: monotonic() > until,
            )
        self.start, self.search.cost = self.search.point, math.inf

    def solve(self, most: int = 8) -> Estimate:
        """Return the least squares from the start, after at most `most` steps."""
        finished, jacobian = True, None
        options = {"step_tolerance": TOLERANCE, "slope_tolerance": SLOPE_TOLERANCE, "scaled": False}
        bounds = (-ROUNDING, 1 + ROUNDING)
        try:
            optimum = minimise(self.residuals, self.start, self.jacobian, *bounds, most, TOLERANCE, **options)
            jacobian = optimum.jacobian
        except StopSearchError:
            finished = False
        values = values_at(self.scales, self.search.point)
        errors = {} if jacobian is None else self._errors(values, jacobian)
        rows = {} if jacobian is None else self._rows(jacobian)
        return Estimate(values, errors, rows, self.cost, self.evaluations, finished)

    def _errors(self, values: Mapping[str, float], jacobian: np.ndarray) -> dict[str, float]:
        """Return parameter -> standard error."""
        unit_errors = np.sqrt(np.diag(covariance(jacobian)))
        pairs = zip(self.scales.items(), unit_errors, strict=True)
        return {name: scale.error(values[name], unit_error) for (name, scale), unit_error in pairs}

    def _rows(self, jacobian: np.ndarray) -> dict[str, list[str]]:
        """Return parameter -> ids of the rows that determine it, by their share of the squares of its column."""
        telling = {}
        for name, column in zip(self.scales, jacobian[: len(self.owners)].T, strict=True):
            shares = column**2 / max(float(column @ column), np.finfo(float).tiny)
            ids = [id for id, share in zip(self.owners, shares, strict=True) if share >= DETERMINES]
            telling[name] = list(dict.fromkeys(ids))
        return telling
