r"""What pulses between rests tell: resistance and relaxation of GITT and of pulse tests.

Of a pulse of current density i (discharge positive) that follows a rest at V_0, begins at V_1, ends at V_2 and relaxes to
V_3,

.. math:: R_0 = \frac{V_0 - V_1}{i}, \quad R_{pulse} = \frac{V_0 - V_2}{i}, \quad R_{relaxed} = \frac{V_3 - V_2}{i}

and for grains or a layer of the length L into which sodium diffuses, and a pulse of the duration t that is short against
L^2/D (Weppner and Huggins, J. Electrochem. Soc. 1977, 124, 1569, 10.1149/1.2133112),

.. math:: D = \frac{4 L^2}{\pi t}\left(\frac{V_3 - V_0}{V_2 - V_1}\right)^2
"""

import math
from collections.abc import Container
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col

if TYPE_CHECKING:
    import pandas

PULSES = ("discharge", "charge")


def pulse_table(curves: "pandas.DataFrame", kinds: Container[str] = PULSES) -> "pandas.DataFrame":
    """Return a table with a row for each pulse that follows a rest.

    Parameters
    ----------
    curves : pandas.DataFrame
        Of a run: "Cycle", "Step", "Time [s]", "Voltage [V]", "Current density [mA.cm-2]".
    kinds : container of str
        Steps that are pulses.

    Returns
    -------
    pandas.DataFrame
        Columns "cycle", "current_mA_cm2" (discharge positive), "pulse_s", "rested_V", "first_V", "last_V", "relaxed_V" (NaN
        where no rest follows), "instant_resistance_Ohm_cm2", "pulse_resistance_Ohm_cm2", "relaxed_resistance_Ohm_cm2".
    """
    import pandas

    steps = _steps(curves)
    rows = [
        _row(before, pulse, after)
        for before, pulse, after in zip([None, *steps], steps, [*steps[1:], None], strict=False)
        if before is not None and before["step"] == "rest" and str(pulse["step"]) in kinds
    ]
    return pandas.DataFrame(rows)


def diffusivity(table: "pandas.DataFrame", length_um: float) -> np.ndarray:
    """Return the diffusivity [cm2 s-1] for each row of a `pulse_table` and a diffusion length [um]; NaN without a rest."""
    ratio = (table["relaxed_V"] - table["rested_V"]) / (table["last_V"] - table["first_V"])
    return (4 * (1e-4 * length_um) ** 2 / (math.pi * table["pulse_s"]) * ratio**2).to_numpy()


def _steps(curves):
    """Step, current, and first and last voltage of each step, in order."""
    cycle, step = curves[col.CYCLE].to_numpy(), curves[col.STEP].to_numpy()
    values = {"current": col.CURRENT, "voltage": nm.VOLTAGE, "time": nm.TIME}
    values = {name: curves[column].to_numpy() for name, column in values.items()}
    cuts = np.flatnonzero((cycle[1:] != cycle[:-1]) | (step[1:] != step[:-1])) + 1
    return [
        {"cycle": cycle[first], "step": step[first]} | {name: series[first:last] for name, series in values.items()}
        for first, last in pairwise([0, *cuts, len(cycle)])
    ]


def _row(before, pulse, after):
    rested, (first, last) = before["voltage"][-1], pulse["voltage"][[0, -1]]
    i = pulse["current"][0]
    relaxed = after["voltage"][-1] if after is not None and after["step"] == "rest" else np.nan
    return {
        "cycle": pulse["cycle"],
        "current_mA_cm2": i,
        "pulse_s": pulse["time"][-1] - pulse["time"][0],
        "rested_V": rested,
        "first_V": first,
        "last_V": last,
        "relaxed_V": relaxed,
        "instant_resistance_Ohm_cm2": 1e3 * (rested - first) / i,
        "pulse_resistance_Ohm_cm2": 1e3 * (rested - last) / i,
        "relaxed_resistance_Ohm_cm2": 1e3 * (relaxed - last) / i,
    }
