"""Computed points of a fit, on disk while it goes: a fit that is killed and resumed asks for the same points again.

The search is deterministic, so a resumed fit retraces its steps from the file without computing them, goes on where it
was stopped and ends with the same numbers.
"""

import os
import time
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from ..errors import DataFileError
from ..files import DAMAGED, reason
from ..store import check_same, kept_or_told, load_arrays, resume_from, save_arrays

EVERY_S = 2.0
"""Wall time between writes [s]."""
QUANTITIES = ("residuals", "jacobian")


class Store:
    """Residuals and Jacobians by point; with a `path` also on disk.

    Parameters
    ----------
    path : path, optional
    description : mapping, optional
        What the numbers depend on.
    resume : bool
        Whether to go on from an existing file; without it, an existing file is replaced.

    Raises
    ------
    DataFileError, ProtocolError
        The file is no checkpoint, or belongs to another fit.
    """

    def __init__(self, path: str | os.PathLike | None = None, description: Mapping | None = None, resume: bool = False):
        self.path, self.description = path, description or {}
        self.computed: dict[str, dict[bytes, np.ndarray]] = {quantity: {} for quantity in QUANTITIES}
        self.written, self.told = time.monotonic(), False
        stored = resume_from("fit", path, resume)
        if stored is not None:
            self._restore(stored)

    def get(self, quantity: str, units: ArrayLike) -> np.ndarray | None:
        """Return "residuals" or "jacobian" at a point; None where it was not computed."""
        return self.computed[quantity].get(_key(units))

    def put(self, quantity: str, units: ArrayLike, value: np.ndarray) -> None:
        """Keep "residuals" or "jacobian" at a point."""
        self.computed[quantity][_key(units)] = value
        if self.path is not None and time.monotonic() - self.written > EVERY_S:
            self.write()

    def write(self) -> None:
        """Write the file, if there is one; where that fails the fit goes on, with a warning."""
        if self.path is None:
            return
        arrays = {}
        for quantity, computed in self.computed.items():
            if computed:
                arrays[f"{quantity} at"] = np.array([np.frombuffer(key) for key in computed])
                arrays[quantity] = np.array(list(computed.values()))
        path = self.path
        self.told = kept_or_told(lambda: save_arrays(path, self.description, arrays), self.told)
        self.written = time.monotonic()

    def _restore(self, path):
        description, arrays = load_arrays(path, "a fit")
        check_same(path, "fit", description, self.description)
        try:
            for quantity in QUANTITIES:
                self.computed[quantity] = _points(arrays, quantity)
        except DAMAGED as error:
            raise DataFileError(f"The checkpoint '{path}' is damaged: {reason(error)}. Start anew.") from None


def _points(arrays, quantity):
    """Values of a quantity by point, of the arrays of a checkpoint."""
    if quantity not in arrays:
        return {}
    at, values = arrays[f"{quantity} at"], arrays[quantity]
    if at.ndim != 2 or at.dtype.kind != "f" or values.dtype.kind != "f":
        raise ValueError(f"its {quantity} are no table of numbers")
    return {_key(units): value for units, value in zip(at, values, strict=True)}


def _key(units: ArrayLike) -> bytes:
    return np.ascontiguousarray(units, dtype=float).tobytes()
