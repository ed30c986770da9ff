"""Measured against computed, with the band that the uncertainty of the parameters gives."""

from typing import TYPE_CHECKING

import numpy as np

from ..errors import UnknownNameError

if TYPE_CHECKING:
    import pandas

    from .result import FitResult


def band(fit: "FitResult", number: int, level: float) -> "pandas.DataFrame":
    """Return the table of `FitResult.prediction`."""
    import pandas
    from scipy.stats import norm

    data = fit.problem.data
    if not 0 <= number < len(data):
        raise UnknownNameError(f"There is no curve number {number}; the fit has {len(data)}, counted from 0.")
    rows = np.cumsum([0, *fit.problem.rows])
    J, r = fit.jacobian[rows[number] : rows[number + 1]], fit.residuals()[number]
    spread = np.sqrt(np.clip(np.einsum("ij,jk,ik->i", J, fit.covariance, J), 0.0, None))
    axis, measured, sd, axis_name, value_name = data[number].shown()
    n = len(axis)
    computed, half = measured + r[:n] * sd, norm.ppf(0.5 + level / 2) * spread[:n] * sd
    columns = {axis_name: axis, f"measured {value_name}": measured, f"computed {value_name}": computed}
    return pandas.DataFrame(columns | {"low": computed - half, "high": computed + half, "residual": r[:n]})
