"""Parameters that depend on one variable: linear between the points of a CSV file."""

import csv
import math
from dataclasses import dataclass
from numbers import Real
from typing import Any

from .rules import STRICT


@dataclass(frozen=True)
class Curve:
    """A parameter that depends on one variable, linear between points and constant beyond the last ones.

    It can be called with numbers, arrays and PyBaMM symbols, and it pickles.

    Attributes
    ----------
    curve : str
        Name of the file.
    x, y : tuple of float
        Points, x rising; SI.

    Examples
    --------
    >>> float(Curve("ocv.csv", x=(0.0, 1.0), y=(2.0, 1.0))(0.25))
    1.75
    """

    __pydantic_config__ = STRICT
    curve: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def __call__(self, at: Any) -> Any:
        import numpy as np

        if isinstance(at, Real | np.ndarray):
            return np.interp(np.asarray(at, dtype=float), self.x, self.y)
        import pybamm

        inside = pybamm.minimum(pybamm.maximum(at, self.x[0]), self.x[-1])
        return pybamm.Interpolant(np.array(self.x), np.array(self.y), [inside], name=self.curve)

    def __str__(self):
        return f"curve {self.curve}"


def read_points(path):
    """Columns x and y of a CSV file: a line of titles, then two numbers a line, x rising; lines with # are skipped."""
    points = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = ((n, row) for n, row in enumerate(csv.reader(file), 1) if row and not row[0].lstrip().startswith("#"))
        next(rows, None)
        for number, row in rows:
            try:
                x, y = (float(cell) for cell in row)
            except ValueError:
                raise ValueError(f"line {number}: expected two numbers") from None
            if not (math.isfinite(x) and math.isfinite(y)) or (points and x <= points[-1][0]):
                raise ValueError(f"line {number}: expected finite numbers, the first rising")
            points.append((x, y))
    if len(points) < 2:
        raise ValueError(f"{len(points)} points given, expected a line of titles and at least two points")
    return {"x": [x for x, _ in points], "y": [y for _, y in points]}
