"""Processes that compute points of a fit side by side; each builds its own cells from plain data."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

_PROBLEM = None


class Workers:
    """A pool for `Problem`: `map` gives, for each point, the residuals of each of the data, or why they failed."""

    def __init__(self, number, parameters, data, scales, model=None, compiled=False):
        given = (parameters, data, scales, model, compiled)
        self.pool = ProcessPoolExecutor(number, mp_context=get_context("spawn"), initializer=_begin, initargs=given)

    def map(self, points):
        """Results in the order of the points."""
        return self.pool.map(_compute, points)

    def close(self):
        """End the processes."""
        self.pool.shutdown(cancel_futures=True)


def _begin(parameters, data, scales, model, compiled):
    global _PROBLEM
    import os

    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    from .problem import Problem
    from .simulated import Cells
    from .store import Store

    cells = Cells(parameters, tuple(scales), data, model, compiled)
    _PROBLEM = Problem(data, cells, scales, {}, False, Store())


def _compute(units):
    from ..errors import SolveError

    try:
        return _PROBLEM.compute(units)
    except (SolveError, FloatingPointError) as error:
        return str(error)
