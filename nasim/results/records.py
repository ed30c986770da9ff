"""The curves of a result as records of a cycler: labels of the Battery Data Format, amperes of the cell, charge positive."""

from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataFileError
from ..instruments import labels
from ..instruments.steps import net_counter, step_count, time_in_test
from ..nomenclature import AREA, VOLTAGE
from ..nomenclature import columns as col
from ..units import CM2_PER_M2

if TYPE_CHECKING:
    import pandas

    from .result import Result

TIME = "Time [s]"
NEEDED = (TIME, VOLTAGE, col.CURRENT)


def area_cm2(result: "Result") -> float:
    """Return the electrode area of a result's cell [cm2]."""
    values = result.record["parameters"]["values"]
    return CM2_PER_M2 * float(result.record.get("overrides", {}).get(AREA, values[AREA]))


def records_of(result: "Result") -> "pandas.DataFrame":
    """Return the kept curves of a result as records.

    Parameters
    ----------
    result : Result
        Of a protocol in time.

    Returns
    -------
    pandas.DataFrame
        A row a point: test time [s], voltage [V], current [A, charge positive], cycle, step count, step type, and net capacity
        [Ah]. Cycles that were not kept leave no time.

    Raises
    ------
    DataFileError
        The result has no curves in time, as that of an impedance run.
    """
    import pandas

    curves = result.curves
    missing = [name for name in NEEDED if name not in curves]
    if missing or not len(curves):
        raise DataFileError(
            f"{result.record.get('experiment', 'result')}: no curves in time (no {missing}); nothing for a cycler."
        )
    given = curves[TIME].to_numpy()
    cycle, words = curves[col.CYCLE].to_numpy(), curves[col.STEP].astype("category")
    current = -1e-3 * area_cm2(result) * curves[col.CURRENT].to_numpy()
    columns = {
        labels.TIME: time_in_test(given, np.cumsum(np.diff(given, prepend=given[0]) < 0)),
        labels.VOLTAGE: curves[VOLTAGE].to_numpy(),
        labels.CURRENT: current,
        labels.CYCLE: cycle.astype(int),
        labels.STEP_COUNT: step_count(cycle, words.cat.codes),
        labels.STEP_TYPE: words.to_numpy(),
    }
    if col.AREAL in curves:
        charge = 1e-3 * area_cm2(result) * np.nan_to_num(curves[col.AREAL].to_numpy())
        columns[labels.NET_CAPACITY] = net_counter(charge, current)
    return pandas.DataFrame(columns)
