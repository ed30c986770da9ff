"""Processes that compute points of a fit side by side; each builds its own cells from plain data."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..processes import died, pool
from ..scale import Scale, values_at
from .data import Data
from .simulated import Cells

if TYPE_CHECKING:
    from ..parameters import ParameterSet


class Share(NamedTuple):
    """What a process computes points of: cells of its own, the data, and the scales of the varied parameters."""

    cells: Cells
    data: Sequence[Data]
    scales: Mapping[str, Scale]


_SHARE: Share | None = None
"""Of this process."""


class Workers:
    """Pool of processes for the problem of a fit.

    Parameters
    ----------
    number : int
        Processes.
    parameters : ParameterSet
    data : sequence of Data
    scales : mapping parameter -> Scale
    model, compiled
        See `Cells`.
    """

    def __init__(
        self,
        number: int,
        parameters: "ParameterSet",
        data: Sequence[Data],
        scales: Mapping[str, Scale],
        model: Callable | None = None,
        compiled: bool = False,
    ):
        given = (parameters, data, scales, model, compiled)
        self.pool = pool("fit", number, _begin, given)

    def map(self, points: Iterable[np.ndarray]) -> Iterator[list[np.ndarray] | str]:
        """Yield, for each point in turn, the residuals of each of the data, or a text that says why they failed."""
        try:
            yield from self.pool.map(_compute, points)
        except BrokenExecutor:
            raise died("fit", "run again with --resume, or resume=True, and what was computed is reused") from None

    def close(self) -> None:
        """End the processes."""
        self.pool.end()


def _begin(parameters, data, scales, model, compiled):
    global _SHARE
    import os

    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    _SHARE = Share(Cells(parameters, tuple(scales), data, model, compiled), data, scales)


def _compute(units: np.ndarray) -> list[np.ndarray] | str:
    from ..errors import SolveError

    assert _SHARE is not None
    try:
        return _SHARE.cells.residuals(_SHARE.data, values_at(_SHARE.scales, units))
    except (SolveError, FloatingPointError) as error:
        return str(error)
