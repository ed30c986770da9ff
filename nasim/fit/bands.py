"""Measured against computed, with the band that the uncertainty of the parameters gives."""

import numpy as np

from ..errors import UnknownNameError
from .curves import DQDVCurve, FadeCurve, GCDCurve


def band(fit, number, level):
    """See `FitResult.prediction`."""
    import pandas
    from scipy.stats import norm

    data = fit.problem.data
    if not 0 <= number < len(data):
        raise UnknownNameError(f"There is no curve number {number}; the fit has {len(data)}, counted from 0.")
    each, rows = data[number], np.cumsum([0, *fit.problem.rows])
    part = slice(rows[number], rows[number + 1])
    J, r = fit.jacobian[part], fit.residuals()[number]
    spread = np.sqrt(np.clip(np.einsum("ij,jk,ik->i", J, fit.covariance, J), 0.0, None))
    axis, measured, sd, names = shown(each)
    n = len(axis)
    computed, half = measured + r[:n] * sd, norm.ppf(0.5 + level / 2) * spread[:n] * sd
    columns = {names[0]: axis, f"measured {names[1]}": measured, f"computed {names[1]}": computed}
    return pandas.DataFrame(columns | {"low": computed - half, "high": computed + half, "residual": r[:n]})


def shown(data):
    """Axis, measured values, their standard deviation and the names of axis and value, for one of the data."""
    if isinstance(data, GCDCurve):
        axis, measured = data.capacity_mAh_cm2[data.chosen], data.voltage_V[data.chosen]
        return axis, measured, 1e-3 * data.voltage_sd_mV, ("Capacity [mAh.cm-2]", "Voltage [V]")
    if isinstance(data, DQDVCurve):
        return data.voltage_V, data.dqdv, data.dqdv_sd, ("Voltage [V]", "dQ/dV [mAh.cm-2.V-1]")
    if isinstance(data, FadeCurve):
        sd = data.capacity_sd * data.capacity_mAh_cm2
        return data.cycle_numbers, data.capacity_mAh_cm2, sd, ("Cycle", "Capacity [mAh.cm-2]")
    return data.shown()
