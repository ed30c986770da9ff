"""From data and cells to residuals and their derivatives as functions of the scaled parameters."""

import math
import time

import numpy as np

from ..errors import SolveError
from .arguments import prior_of
from .estimator import differences

FAILED = 100.0
"""Residual, in standard deviations, of every point whose computation failed."""
DIFFERENCE_STEP = 2e-3
"""Step of central differences, a share of the range."""


class StopFitError(Exception):
    """Time is up, or the progress function asked to stop."""


class Problem:
    """Residuals of all data and priors; each distinct point is computed once.

    Parameters
    ----------
    data : sequence of Data
    cells : Cells
    scales : mapping parameter -> Scale
    priors : mapping parameter -> (mean, standard deviation)
    sensitivities : bool
        Whether derivatives come from sensitivities rather than from differences.
    store : Store
        Keeps what was computed.
    pool : executor or None
        Computes the points of differences and designs side by side.
    progress : callable (dict), optional
        Called after each computation; returning False stops the fit.
    """

    def __init__(self, data, cells, scales, priors, sensitivities, store, pool=None, progress=None, seconds=math.inf):
        self.data, self.cells, self.scales, self.names = list(data), cells, scales, tuple(scales)
        self.priors = {name: prior_of(name, scales[name], prior) for name, prior in priors.items()}
        self.sensitivities, self.store, self.pool, self.progress = sensitivities, store, pool, progress
        self.deadline, self.stage = time.monotonic() + seconds, "start"
        self.counts = {"evaluations": 0, "jacobians": 0, "failed": 0, "reused": 0}
        self.best, self.rows, self.failures = (math.inf, None), None, []

    def values(self, units):
        """Parameter -> value."""
        units = np.clip(units, 0.0, 1.0)
        return {name: self.scales[name].value(float(u)) for name, u in zip(self.names, units, strict=True)}

    def compute(self, units):
        """Residuals of each of the data at a point, a list of arrays.

        Raises
        ------
        SolveError
            A run failed.
        """
        traces = self.cells.traces(self.data, self.values(units))
        return [each.residuals(found) for each, found in zip(self.data, traces, strict=True)]

    def residuals(self, units):
        """All residuals, priors last; a failed run counts as `FAILED` at each point."""
        units = np.array(units, dtype=float)
        found = self.store.get("residuals", units)
        if found is None:
            self._check_time()
            found = self._tried(units)
            self.store.put("residuals", units, found)
        else:
            self.counts["reused"] += 1
            if self.rows is None:  # everything came from the checkpoint so far
                self.rows = [len(each) for each in self.compute(units)]
        self._note(units, found)
        return found

    def _tried(self, units):
        self.counts["evaluations"] += 1
        try:
            data = self.compute(units)
        except (SolveError, FloatingPointError) as error:
            return self._failed(units, error)
        return self._joined(units, data)

    def _joined(self, units, data):
        found = np.concatenate([*data, self._pulls(units)])
        if not np.all(np.isfinite(found)):
            return self._failed(units, "a residual is not finite")
        self.rows = [len(each) for each in data]
        return found

    def _failed(self, units, error):
        self.counts["failed"] += 1
        self.failures.append((self.values(units), str(error)))
        if self.rows is None:
            raise SolveError(f"The fit cannot begin, the cell does not run with the values of the start: {error}")
        return np.concatenate([np.full(sum(self.rows), FAILED), self._pulls(units)])

    def _pulls(self, units):
        place = {name: k for k, name in enumerate(self.names)}
        return np.array([(units[place[name]] - mean) / sd for name, (mean, sd) in self.priors.items()])

    def jacobian(self, units):
        """Derivatives of all residuals by the scaled parameters, (n, k)."""
        units = np.array(units, dtype=float)
        found = self.store.get("jacobian", units)
        if found is None:
            self._check_time()
            self.counts["jacobians"] += 1
            found = self._by_sensitivities(units) if self.sensitivities else None
            found = self._by_differences(units) if found is None else found
            self.store.put("jacobian", units, found)
        return found

    def _by_sensitivities(self, units):
        halves = [each for each in self.data if not hasattr(each, "measure")]
        by_unit = [self.scales[name].error(value, 1.0) for name, value in self.values(units).items()]
        try:
            traces = self.cells.traces(halves, self.values(units), sensitivities=True)
            smooth = iter([each.gradient(found) * by_unit for each, found in zip(halves, traces, strict=True)])
            rows = [self._slopes(each, units) if hasattr(each, "measure") else next(smooth) for each in self.data]
        except (SolveError, FloatingPointError):
            return None
        found = np.concatenate([*rows, self._pull_rows()])
        return found if np.all(np.isfinite(found)) else None

    def _slopes(self, each, units):
        """Derivatives of one of the data by differences."""

        def residuals(at):
            return each.residuals(self.cells.traces([each], self.values(at))[0])

        return differences(residuals, units, DIFFERENCE_STEP, 0.0, 1.0)

    def _by_differences(self, units):
        if self.pool is not None:
            self.prepare(_around(units))
        return differences(self.residuals, units, DIFFERENCE_STEP, 0.0, 1.0)

    def _pull_rows(self):
        rows = [[(name == each) / sd for name in self.names] for each, (_, sd) in self.priors.items()]
        return np.array(rows, dtype=float).reshape(-1, len(self.names))

    def prepare(self, points):
        """Compute several points side by side in the pool and keep the results."""
        new = [units for units in points if self.store.get("residuals", units) is None]
        for units, found in zip(new, self.pool.map(new), strict=True):
            self.counts["evaluations"] += 1
            joined = self._failed(units, found) if isinstance(found, str) else self._joined(units, found)
            self.store.put("residuals", units, joined)

    def _check_time(self):
        if time.monotonic() > self.deadline:
            raise StopFitError

    def _note(self, units, residuals):
        cost = 0.5 * float(residuals @ residuals)
        if cost < self.best[0]:
            self.best = (cost, units)
        report = {"stage": self.stage, "cost": cost, "best_cost": self.best[0], **self.counts}
        if self.progress and self.progress(report | {"values": self.values(self.best[1])}) is False:
            raise StopFitError


def _around(units):
    """The points of central differences about `units`."""
    points = []
    for k in range(len(units)):
        for sign in (1, -1):
            point = units.copy()
            point[k] = min(max(units[k] + sign * DIFFERENCE_STEP, 0.0), 1.0)
            points.append(point)
    return points
