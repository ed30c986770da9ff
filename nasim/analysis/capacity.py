"""Charge, energy and their ratios in the units of a battery lab.

Capacities are positive in both directions. A quantity per gram of sulfur is NaN where there is no sulfur, and a ratio
is NaN where its denominator is zero, so that one table holds cells with and without sulfur.
"""

import math

import numpy as np

C_M2_PER_MAH_CM2 = 3.6 / 1e-4
"""Coulomb per square metre in one mAh cm-2."""


def _ratio(numerator, denominator):
    """numerator/denominator as float or array, NaN where the denominator is zero or NaN."""
    if isinstance(numerator, float) and isinstance(denominator, float):
        return numerator / denominator if denominator else math.nan
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    out = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator != 0)
    return out[()]


def to_mAh_cm2(charge_C_m2):
    """Convert a charge per area from C m-2 to mAh cm-2.

    Parameters
    ----------
    charge_C_m2 : float or array

    Returns
    -------
    float or array
        mAh cm-2.

    Examples
    --------
    >>> to_mAh_cm2(36000.0)
    1.0
    """
    return charge_C_m2 / C_M2_PER_MAH_CM2


def to_C_m2(capacity_mAh_cm2):
    """Convert an areal capacity from mAh cm-2 to C m-2.

    Parameters
    ----------
    capacity_mAh_cm2 : float or array

    Returns
    -------
    float or array
        C m-2.

    Examples
    --------
    >>> to_C_m2(0.26)
    9360.0
    """
    return capacity_mAh_cm2 * C_M2_PER_MAH_CM2


def to_mAh_g(capacity_mAh_cm2, sulfur_mg_cm2):
    """Relate an areal capacity to the sulfur on that area.

    Parameters
    ----------
    capacity_mAh_cm2, sulfur_mg_cm2 : float or array
        Capacity and sulfur loading, of shapes that broadcast.

    Returns
    -------
    float or array
        mAh per gram of sulfur; NaN where the loading is zero.

    Examples
    --------
    >>> round(float(to_mAh_g(0.966, 0.489)), 1)
    1975.5
    >>> float(to_mAh_g(0.26, 0.0))
    nan
    """
    return 1e3 * _ratio(capacity_mAh_cm2, sulfur_mg_cm2)


def areal_capacity(charge_Ah, area_m2):
    """Relate a capacity to the area of its electrode.

    Parameters
    ----------
    charge_Ah, area_m2 : float or array
        Capacity [A h] and area [m2], of shapes that broadcast.

    Returns
    -------
    float or array
        mAh cm-2; NaN where the area is zero.

    Examples
    --------
    >>> round(float(areal_capacity(7.59e-4, 0.7854e-4)), 3)
    0.966
    """
    return 0.1 * _ratio(charge_Ah, area_m2)


def specific_capacity(charge_Ah, sulfur_kg):
    """Relate a capacity to the mass of sulfur.

    Parameters
    ----------
    charge_Ah, sulfur_kg : float or array
        Capacity [A h] and sulfur [kg], of shapes that broadcast.

    Returns
    -------
    float or array
        mAh g-1 (the same number as A h kg-1); NaN without sulfur.

    Examples
    --------
    >>> round(float(specific_capacity(7.59e-4, 0.384e-6)))
    1977
    """
    return _ratio(charge_Ah, sulfur_kg)


def running_charge(time_s, current):
    """Integrate a current by trapezia.

    Parameters
    ----------
    time_s, current : array_like, shape (n,)
        Time [s] and current in any unit.

    Returns
    -------
    array, shape (n,)
        Charge since the first point, in the unit of the current times h.

    Examples
    --------
    >>> running_charge([0.0, 3600.0, 7200.0], [0.5, 0.5, 0.0])
    array([0.  , 0.5 , 0.75])
    """
    time, current = np.asarray(time_s, float), np.asarray(current, float)
    steps = 0.5 * np.diff(time) * (current[1:] + current[:-1]) / 3600.0
    return np.concatenate([[0.0], np.cumsum(steps)])


def energy(voltage_V, capacity):
    """Integrate voltage over the capacity of one half cycle by trapezia.

    Parameters
    ----------
    voltage_V, capacity : array_like, shape (n,)
        Voltage [V] and capacity, up or down, in any unit; points that are NaN in either are left out.

    Returns
    -------
    float
        Energy, positive: mAh cm-2 give mWh cm-2.

    Examples
    --------
    >>> energy([2.0, 1.5, 1.0], [0.0, 0.5, 1.0])
    1.5
    """
    voltage, capacity = np.asarray(voltage_V, float), np.asarray(capacity, float)
    known = np.isfinite(voltage) & np.isfinite(capacity)
    return float(abs(np.trapezoid(voltage[known], capacity[known])))


def mean_voltage(voltage_V, capacity):
    """Average the voltage of one half cycle over its capacity (not over time): energy over charge.

    Parameters
    ----------
    voltage_V, capacity : array_like, shape (n,)
        Voltage [V] and capacity in any unit; points that are NaN in either are left out.

    Returns
    -------
    float
        Volt; NaN where no charge passed.

    Examples
    --------
    >>> mean_voltage([1.8, 1.8, 1.0, 1.0], [0.0, 0.25, 0.25, 1.0])
    1.2
    """
    voltage, capacity = np.asarray(voltage_V, float), np.asarray(capacity, float)
    known = np.isfinite(voltage) & np.isfinite(capacity)
    if not known.any():
        return float("nan")
    voltage, capacity = voltage[known], capacity[known]
    return float(_ratio(np.trapezoid(voltage, capacity), capacity[-1] - capacity[0]))


def cut_at_zeros(time, rate, counters, slopes):
    """Evaluate counters wherever their rate passes zero.

    Between neighbouring columns of the result the rate has one sign, so that what passes to and fro can be added up apart
    from each other; together the pieces are exactly what the counters say. The zero is found linearly, the counters there by
    the cubic that has their values and derivatives on both sides: where they rest as the rate does, the error is of fourth
    order in the step.

    Parameters
    ----------
    time, rate : array_like, shape (n,)
        Time, and the rate whose zeros count.
    counters, slopes : array_like, shape (k, n)
        Counters and their derivatives by time.

    Returns
    -------
    array, shape (k, pieces + 1)
        The counters at the first point, at each zero, and at the last point.

    Examples
    --------
    >>> t = np.array([0.0, 0.5, 2.0])
    >>> cut_at_zeros(t, 1 - t, [t - t**2 / 2], [1 - t])
    array([[0. , 0.5, 0. ]])
    """
    time, rate, counters, slopes = (np.asarray(values, float) for values in (time, rate, counters, slopes))
    at = np.flatnonzero((rate[1:] * rate[:-1] <= 0) & (rate[1:] != rate[:-1]))
    s, h = rate[at] / (rate[at] - rate[at + 1]), time[at + 1] - time[at]
    inside = (1 + 2 * s) * (1 - s) ** 2 * counters[:, at] + s * (1 - s) ** 2 * h * slopes[:, at]
    inside = inside + s**2 * (3 - 2 * s) * counters[:, at + 1] - s**2 * (1 - s) * h * slopes[:, at + 1]
    return np.hstack([counters[:, :1], inside, counters[:, -1:]])


def charge_over_discharge(charge, discharge):
    """Divide a charge capacity by the discharge capacity before it: what a cell that starts with a discharge gives back.

    Parameters
    ----------
    charge, discharge : float or array
        Capacities in one unit, of shapes that broadcast.

    Returns
    -------
    float or array
        Ratio; NaN where its denominator is zero.

    Examples
    --------
    >>> round(float(charge_over_discharge(1715.0, 1976.0)), 3)
    0.868
    """
    return _ratio(charge, discharge)


def discharge_over_charge(charge, discharge):
    """Divide a discharge capacity by the charge capacity; arguments in the order of `charge_over_discharge`.

    Parameters
    ----------
    charge, discharge : float or array
        Capacities in one unit, of shapes that broadcast.

    Returns
    -------
    float or array
        Ratio; NaN where its denominator is zero.

    Examples
    --------
    >>> round(float(discharge_over_charge(1715.0, 1976.0)), 3)
    1.152
    """
    return _ratio(discharge, charge)


def retention(capacity, reference=0):
    """Relate the capacity of each cycle to that of one of them.

    Parameters
    ----------
    capacity : array_like, shape (n,)
        In any unit.
    reference : int
        Position of the cycle that counts as 1 (0 is the first).

    Returns
    -------
    array, shape (n,)

    Examples
    --------
    >>> retention([2000.0, 1900.0, 1800.0])
    array([1.  , 0.95, 0.9 ])
    """
    capacity = np.asarray(capacity, float)
    return _ratio(capacity, capacity[reference])
