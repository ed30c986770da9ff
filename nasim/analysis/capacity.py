"""Charge, energy and their ratios in the units of a battery lab.

Capacities are positive in both directions. A quantity per gram of sulfur is NaN where there is no sulfur, and a ratio
is NaN where its denominator is zero, so that one table holds cells with and without sulfur.
"""

import numpy as np

C_M2_PER_MAH_CM2 = 3.6 / 1e-4
"""Coulomb per square metre in one mAh cm-2."""


def _ratio(numerator, denominator):
    """numerator/denominator as float or array, NaN where the denominator is zero or NaN."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    out = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=out, where=denominator != 0)
    return out[()]


def to_mAh_cm2(charge_C_m2):
    """Charge per area [C.m-2] as mAh cm-2; scalar or array.

    >>> to_mAh_cm2(36000.0)
    1.0
    """
    return charge_C_m2 / C_M2_PER_MAH_CM2


def to_C_m2(capacity_mAh_cm2):
    """Areal capacity [mAh cm-2] as C.m-2; scalar or array.

    >>> to_C_m2(0.26)
    9360.0
    """
    return capacity_mAh_cm2 * C_M2_PER_MAH_CM2


def to_mAh_g(capacity_mAh_cm2, sulfur_mg_cm2):
    """Areal capacity [mAh cm-2] per gram of sulfur, for a sulfur loading [mg cm-2]; NaN where the loading is zero.

    >>> round(float(to_mAh_g(0.966, 0.489)), 1)
    1975.5
    >>> float(to_mAh_g(0.26, 0.0))
    nan
    """
    return 1e3 * _ratio(capacity_mAh_cm2, sulfur_mg_cm2)


def areal_capacity(charge_Ah, area_m2):
    """Capacity [A.h] of an electrode of the given area [m2], in mAh cm-2.

    >>> round(float(areal_capacity(7.59e-4, 0.7854e-4)), 3)
    0.966
    """
    return 0.1 * _ratio(charge_Ah, area_m2)


def specific_capacity(charge_Ah, sulfur_kg):
    """Capacity [A.h] per mass of sulfur [kg], in mAh g-1 (the same number as A.h kg-1); NaN without sulfur.

    >>> round(float(specific_capacity(7.59e-4, 0.384e-6)))
    1977
    """
    return _ratio(charge_Ah, sulfur_kg)


def running_charge(time_s, current):
    """Charge passed since the first point, trapezoidal, in current unit times h; all of shape (n,).

    >>> running_charge([0.0, 3600.0, 7200.0], [0.5, 0.5, 0.0])
    array([0.  , 0.5 , 0.75])
    """
    time, current = np.asarray(time_s, float), np.asarray(current, float)
    steps = 0.5 * np.diff(time) * (current[1:] + current[:-1]) / 3600.0
    return np.concatenate([[0.0], np.cumsum(steps)])


def energy(voltage_V, capacity):
    """Energy of one half cycle, the trapezoidal integral of voltage over capacity; mAh cm-2 gives mWh cm-2.

    `voltage_V` and `capacity` have shape (n,); points that are NaN in either are left out. The capacity may run
    up or down.

    >>> energy([2.0, 1.5, 1.0], [0.0, 0.5, 1.0])
    1.5
    """
    voltage, capacity = np.asarray(voltage_V, float), np.asarray(capacity, float)
    known = np.isfinite(voltage) & np.isfinite(capacity)
    return float(abs(np.trapezoid(voltage[known], capacity[known])))


def mean_voltage(voltage_V, capacity):
    """Energy over charge of one half cycle [V]: the mean over capacity, not over time; NaN where no charge passed.

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
    """Values of `counters` at the first point, wherever `rate` passes zero, and at the last point; shape (k, pieces + 1).

    Between neighbouring columns the rate has one sign, so that what passes to and fro can be added up apart from each
    other; together the pieces are exactly what the counters say. `time` and `rate` have shape (n,), `counters` and their
    time derivatives `slopes` (k, n). The zero is found linearly, the counters there by the cubic that has their values
    and derivatives on both sides: where they rest as the rate does, the error is of fourth order in the step.

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
    """Charge capacity over the discharge capacity before it: what a cell that starts with a discharge gives back.

    >>> round(float(charge_over_discharge(1715.0, 1976.0)), 3)
    0.868
    """
    return _ratio(charge, discharge)


def discharge_over_charge(charge, discharge):
    """Discharge capacity over charge capacity, arguments in the same order as `charge_over_discharge`.

    >>> round(float(discharge_over_charge(1715.0, 1976.0)), 3)
    1.152
    """
    return _ratio(discharge, charge)


def retention(capacity, reference=0):
    """Capacity of each cycle, shape (n,), over that of the cycle at position `reference` (0 is the first).

    >>> retention([2000.0, 1900.0, 1800.0])
    array([1.  , 0.95, 0.9 ])
    """
    capacity = np.asarray(capacity, float)
    return _ratio(capacity, capacity[reference])
