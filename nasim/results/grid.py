"""Curves on an even grid."""

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import require_within
from ..errors import UnknownNameError, nearest
from ..nomenclature import TIME, VOLTAGE
from ..nomenclature import columns as col

if TYPE_CHECKING:
    import pandas

ALONG = {"capacity": col.AREAL, "time": TIME, "voltage": VOLTAGE}
"""What a grid may be even in -> column."""


def resampled(curves: "pandas.DataFrame", points: int, along: str) -> "pandas.DataFrame":
    """Return curves on an even grid, each step by itself; parameters and errors as of `Result.resampled`."""
    import pandas

    if along not in ALONG:
        expected = f"Curves can be resampled along {', '.join(ALONG)}; '{along}' was given."
        raise UnknownNameError(expected, nearest(along, ALONG))
    points = int(require_within("resampled", "number of points", points, "", (2, 1e6)))
    cycle, step = curves[col.CYCLE].to_numpy(), curves[col.STEP].to_numpy()
    cuts = np.flatnonzero((cycle[1:] != cycle[:-1]) | (step[1:] != step[:-1])) + 1
    parts = [_step(curves.iloc[a:b], points, ALONG[along]) for a, b in pairwise([0, *cuts, len(curves)])]
    kept = [part for part in parts if part is not None]
    whole: Any = pandas.concat(kept, ignore_index=True) if kept else curves.iloc[:0].copy()
    whole.attrs.update(curves.attrs)
    return whole


def _step(part, points, name):
    """One step on its grid; None where the grid has no length or turns."""
    import pandas

    x = part[name].to_numpy(float)
    x, sign = (x, 1) if len(x) and x[-1] >= x[0] else (-x, -1)
    if len(x) < 2 or x[-1] <= x[0] or (np.diff(x) < -1e-9 * (x[-1] - x[0])).any():
        return None
    grid = np.linspace(x[0], x[-1], points)
    values = {
        column: np.interp(grid, x, part[column].to_numpy(float))
        for column in part
        if column not in (col.CYCLE, col.STEP, name)
    }
    fixed = {col.CYCLE: part[col.CYCLE].iloc[0], col.STEP: part[col.STEP].iloc[0], name: sign * grid}
    return pandas.DataFrame(fixed | values)[list(part)]
