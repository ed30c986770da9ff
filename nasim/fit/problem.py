"""Residuals of all data, and their derivatives, as functions of the scaled parameters."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from ..analysis.least_squares import Optimum, Search, StopSearchError, differences
from ..errors import SolveError
from ..scale import Scale, values_at
from .arguments import prior_of
from .data import Data
from .simulated import DIFFERENCE_STEP, Cells
from .store import Store
from .workers import Workers

FAILED = 100.0
"""Residual, in standard deviations, of every point whose computation failed."""


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
    pool : Workers, optional
        Computes the points of differences and designs side by side.
    progress : callable (dict), optional
        Called after each computation; returning False stops the fit.
    seconds : float
        Wall time [s] after which nothing more is computed.
    """

    def __init__(
        self,
        data: Sequence[Data],
        cells: Cells,
        scales: Mapping[str, Scale],
        priors: Mapping[str, tuple[float, float]],
        sensitivities: bool,
        store: Store,
        pool: Workers | None = None,
        progress: Callable[[dict], object] | None = None,
        seconds: float = math.inf,
    ):
        self.data, self.cells, self.scales, self.names = list(data), cells, scales, tuple(scales)
        self.priors = {name: prior_of(name, scales[name], prior) for name, prior in priors.items()}
        self.sensitivities, self.store, self.pool, self.progress = sensitivities, store, pool, progress
        self.search, self.stage = Search(seconds), "start"
        self.counts = {"evaluations": 0, "jacobians": 0, "failed": 0, "reused": 0}
        self.rows: list[int] = []
        """Number of residuals of each of the data; empty until they were computed once."""
        self.failures: list[tuple[dict[str, float], str]] = []
        self.ends: list[Optimum] = []
        """Where the search ended from each of its starts."""

    def values(self, units: Iterable[float]) -> dict[str, float]:
        """Return parameter -> value at a point."""
        return values_at(self.scales, units)

    def compute(self, units: np.ndarray) -> list[np.ndarray]:
        """Return the residuals of each of the data at a point.

        Raises
        ------
        SolveError
            A run failed.
        """
        return self.cells.residuals(self.data, self.values(units))

    def residuals(self, units: np.ndarray) -> np.ndarray:
        """Return all residuals, those of priors last, shape (n,); a failed run counts as `FAILED` at each point.

        Raises
        ------
        SolveError
            The first point of all cannot be computed.
        StopSearchError
            Time is up, or the progress function asked to stop.
        """
        units = np.array(units, dtype=float)
        known = self.store.get("residuals", units)
        if known is None:
            if self.counts["evaluations"]:
                self.search.check_time()
            known = self._tried(units)
            self.store.put("residuals", units, known)
        else:
            self.counts["reused"] += 1
            if not self.rows:  # everything came from the checkpoint so far
                self.rows = [len(part) for part in self.compute(units)]
        self._note(units, known)
        return known

    def _tried(self, units):
        self.counts["evaluations"] += 1
        try:
            parts = self.compute(units)
        except (SolveError, FloatingPointError) as error:
            return self._failed(units, error)
        return self._joined(units, parts)

    def _joined(self, units, parts):
        joined = np.concatenate([*parts, self._pulls(units)])
        if not np.all(np.isfinite(joined)):
            return self._failed(units, "a residual is not finite")
        self.rows = [len(part) for part in parts]
        return joined

    def _failed(self, units, error):
        self.counts["failed"] += 1
        self.failures.append((self.values(units), str(error)))
        if not self.rows:
            raise SolveError(f"The fit cannot begin, the cell does not run with the values of the start: {error}")
        return np.concatenate([np.full(sum(self.rows), FAILED), self._pulls(units)])

    def _pulls(self, units):
        """Return the residuals of the priors."""
        place = {name: k for k, name in enumerate(self.names)}
        return np.array([(units[place[name]] - mean) / sd for name, (mean, sd) in self.priors.items()])

    def jacobian(self, units: np.ndarray) -> np.ndarray:
        """Return the derivatives of all residuals by the scaled parameters, shape (n, k)."""
        units = np.array(units, dtype=float)
        known = self.store.get("jacobian", units)
        if known is None:
            self.search.check_time()
            self.counts["jacobians"] += 1
            repeats = self.sensitivities and self.cells.can_repeat(self.data)
            known = self._by_sensitivities(units) if repeats else None
            known = self._by_differences(units) if known is None else known
            self.store.put("jacobian", units, known)
        return known

    def _by_sensitivities(self, units):
        """Return the Jacobian; None where a run with values changed a little failed."""

        def residuals(outcomes):
            return np.concatenate([item.residuals(each) for item, each in zip(self.data, outcomes, strict=True)])

        try:
            slopes = self.cells.slopes(residuals, self.data, self.scales, units)
        except (SolveError, FloatingPointError):
            return None
        joined = np.concatenate([slopes, self._pull_rows()])
        return joined if np.all(np.isfinite(joined)) else None

    def _by_differences(self, units):
        if self.pool is not None:
            self.prepare(_around(units))
        return differences(self.residuals, units, DIFFERENCE_STEP, 0.0, 1.0)

    def _pull_rows(self):
        rows = [[(name == varied) / sd for varied in self.names] for name, (_, sd) in self.priors.items()]
        return np.array(rows, dtype=float).reshape(-1, len(self.names))

    def prepare(self, points: Iterable[np.ndarray]) -> None:
        """Compute several points side by side in the pool and keep the results."""
        assert self.pool is not None
        new = [units for units in points if self.store.get("residuals", units) is None]
        for units, parts in zip(new, self.pool.map(new), strict=True):
            self.counts["evaluations"] += 1
            joined = self._failed(units, parts) if isinstance(parts, str) else self._joined(units, parts)
            self.store.put("residuals", units, joined)

    def _note(self, units, residuals):
        cost = 0.5 * float(residuals @ residuals)
        self.search.note(cost, units)
        if self.progress is None:
            return
        report = {"stage": self.stage, "cost": cost, "best_cost": self.search.cost, **self.counts}
        if self.progress(report | {"values": self.values(self.search.point)}) is False:
            raise StopSearchError


def _around(units):
    """Return the points of central differences about `units`."""
    points = []
    for k in range(len(units)):
        for sign in (1, -1):
            point = units.copy()
            point[k] = min(max(units[k] + sign * DIFFERENCE_STEP, 0.0), 1.0)
            points.append(point)
    return points
