r"""What a potentiostatic hold tells: first and residual current, charge, and the time in which the current decays.

The decay time is that in which 1 - 1/e of the charge beyond the residual current passes. For a resistance R in series with
a capacitance C the current is :math:`i = (\Delta V/R)\,e^{-t/(RC)}`, and the decay time RC.
"""

from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col
from ..units import SECONDS_PER_HOUR

if TYPE_CHECKING:
    import pandas

COLUMNS = ("cycle", "held_voltage_V", "hold_h", "first_current_mA_cm2", "residual_current_mA_cm2")
COLUMNS += ("held_charge_mAh_cm2", "decay_time_h")


def hold_table(curves: "pandas.DataFrame") -> "pandas.DataFrame":
    """Return a table with a row for each cycle with a hold.

    Parameters
    ----------
    curves : pandas.DataFrame
        Of a run: "Cycle", "Step", "Time [s]", "Voltage [V]", "Current density [mA.cm-2]".

    Returns
    -------
    pandas.DataFrame
        Columns "cycle", "held_voltage_V", "hold_h", "first_current_mA_cm2" and "residual_current_mA_cm2" (discharge
        positive), "held_charge_mAh_cm2", "decay_time_h".
    """
    import pandas

    held = curves[curves[col.STEP] == "hold"]
    rows = [{"cycle": cycle} | _row(part) for cycle, part in held.groupby(col.CYCLE)]
    return pandas.DataFrame(rows, columns=COLUMNS)


def _row(part):
    hours = part[nm.TIME].to_numpy() / SECONDS_PER_HOUR
    hours, current = hours - hours[0], part[col.CURRENT].to_numpy()
    return {
        "held_voltage_V": part[nm.VOLTAGE].iloc[-1],
        "hold_h": hours[-1],
        "first_current_mA_cm2": current[0],
        "residual_current_mA_cm2": current[-1],
        "held_charge_mAh_cm2": float(np.trapezoid(current, hours)),
        "decay_time_h": decay_time(hours, current),
    }


def decay_time(time: np.ndarray, current: np.ndarray) -> float:
    """Return the time in which 1 - 1/e of the charge beyond the last current passes, in the unit of `time`; NaN for none.

    >>> t = np.linspace(0, 30, 3001)
    >>> round(decay_time(t, 3 * np.exp(-t / 2) + 0.1), 3)
    2.0
    """
    beyond = current - current[-1]
    passed = np.concatenate([[0.0], np.cumsum(np.diff(time) * (beyond[1:] + beyond[:-1]) / 2)])
    if not passed[-1]:
        return float("nan")
    return float(np.interp(1 - np.exp(-1), passed / passed[-1], time))
