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
import time
from dataclasses import dataclass

import numpy as np

PULL = 2.0
"""w: price of moving a parameter over its whole range, in tolerances."""
ABSENT = 3.0
"""Residual of a value that the result does not show, such as a peak that is not there."""
DETERMINES = 0.05
"""Share of what all rows say about a parameter from which on a row counts as one that determines it."""
STEP = 4e-3
"""Step of the difference quotients, a share of each range; the integrator's noise is far below what it changes."""


@dataclass(frozen=True)
class Estimate:
    """What a fit found.

    `values`, standard `errors` and the `rows` that determine it by parameter; `cost` is half the sum of squares of the
    rows, without the pull.
    """

    values: dict
    errors: dict
    rows: dict
    cost: float
    evaluations: int
    finished: bool


def residuals(finding):
    """Residuals of one `Finding`: error over tolerance; where the row is a range, over half of it from its middle."""
    row = finding.row
    if row.is_statement:
        return []
    if row.is_range:
        low, high = row.values
        found = finding.values[0] if finding.errors else None
        return [ABSENT if found is None else (2 * found - low - high) / (high - low)]
    if not finding.errors:
        return [ABSENT] * len(row.values)
    return [error / limit for error, limit in zip(finding.errors, row.tolerances, strict=True)]


class _TimeUpError(Exception):
    """The wall time of a stage is used up."""


class Problem:
    """The residuals of one stage as a function of the scaled parameters.

    Parameters
    ----------
    findings : callable (values by parameter) -> list of Finding
    start : mapping parameter -> value
    scales : mapping parameter -> Scale
    seconds : float
        Wall time after which no further evaluation begins; the first is always made.
    """

    def __init__(self, findings, start, scales, seconds=math.inf):
        self.findings, self.names, self.scales = findings, tuple(start), scales
        self.start = np.array([min(max(scales[name].unit(start[name]), 0.0), 1.0) for name in self.names])
        self.deadline = time.monotonic() + seconds
        self.best, self.evaluations = (math.inf, self.start, math.inf), 0

    def values(self, units):
        """Parameter -> value."""
        inside = np.clip(units, 0.0, 1.0)
        return {name: self.scales[name].value(unit) for name, unit in zip(self.names, inside, strict=True)}

    def residuals(self, units):
        """All residuals, those of the rows first, then the pull; remembers the best."""
        if self.evaluations and time.monotonic() > self.deadline:
            raise _TimeUpError
        self.evaluations += 1
        owned = [(finding.row.id, r) for finding in self.findings(self.values(units)) for r in residuals(finding)]
        self.owners, data = [id for id, _ in owned], np.array([r for _, r in owned])
        all_ = np.concatenate([data, PULL * (np.asarray(units) - self.start)])
        total = 0.5 * float(all_ @ all_)
        if total < self.best[0]:
            self.best = (total, np.array(units, dtype=float), 0.5 * float(data @ data))
        return all_

    def jacobian(self, units):
        """Difference quotients, each step away from the nearer end of the range."""
        units = np.asarray(units, dtype=float)
        here, columns = self.residuals(units), []
        for k in range(len(units)):
            step = -STEP if units[k] > 0.5 else STEP
            columns.append((self.residuals(units + step * (np.arange(len(units)) == k)) - here) / step)
        return np.array(columns).T

    def explore(self, seconds, seed):
        """Move the start to the best of a short global search (differential evolution)."""
        from scipy.optimize import differential_evolution

        until = time.monotonic() + seconds
        differential_evolution(
            lambda units: float(np.sum(self.residuals(units) ** 2)),
            [(0.0, 1.0)] * len(self.names),
            x0=self.start,
            init="sobol",
            popsize=4,
            seed=seed,
            polish=False,
            maxiter=1000,
            callback=lambda *_, **__: time.monotonic() > until,
        )
        self.start, self.best = self.best[1], (math.inf, self.best[1], math.inf)

    def solve(self, most=8):
        """Least squares from the start [Estimate]; at most `most` steps."""
        from scipy.optimize import least_squares

        finished, jacobian = True, None
        try:
            fit = least_squares(
                self.residuals, self.start, self.jacobian, bounds=(-1e-9, 1 + 1e-9), max_nfev=most, xtol=1e-4, ftol=1e-4
            )
            jacobian = fit.jac
        except _TimeUpError:
            finished = False
        values = self.values(self.best[1])
        errors = {} if jacobian is None else self._errors(values, jacobian)
        rows = {} if jacobian is None else self._rows(jacobian)
        return Estimate(values, errors, rows, self.best[2], self.evaluations, finished)

    def _errors(self, values, jacobian):
        unit_errors = np.sqrt(np.diag(np.linalg.inv(jacobian.T @ jacobian)))
        pairs = zip(self.names, unit_errors, strict=True)
        return {name: self.scales[name].error(values[name], unit_error) for name, unit_error in pairs}

    def _rows(self, jacobian):
        """Parameter -> ids of the rows that determine it, by their share of the squares of its column."""
        found = {}
        for name, column in zip(self.names, jacobian[: len(self.owners)].T, strict=True):
            shares = column**2 / max(float(column @ column), np.finfo(float).tiny)
            telling = [id for id, share in zip(self.owners, shares, strict=True) if share >= DETERMINES]
            found[name] = list(dict.fromkeys(telling))
        return found
