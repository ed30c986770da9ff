"""A look at a measurement: tables of its half cycles and spectra, and the peaks of its dQ/dV."""

from typing import Any

import numpy as np
import pandas as pd

from nasim.analysis import dqdv, peaks
from nasim.analysis.capacity import energy
from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.measurement import Measurement

HOUR = 3600.0


def half_cycle_table(measurement: Measurement) -> pd.DataFrame:
    """Table of the half cycles of a measurement.

    Parameters
    ----------
    measurement : Measurement
        Of kind "gcd".

    Returns
    -------
    pandas.DataFrame
        A row a half cycle: `half_cycle`, `direction`, `cycle` (the instrument's, if it counts), `start_h`, `duration_h`,
        `current_mA` (mean of the charge), `capacity_mAh`, `capacity_mAh_g` and `capacity_mAh_cm2` where mass and area are
        known, `energy_mWh`, `mean_voltage_V`, `first_voltage_V`, `last_voltage_V`, `over_previous` (capacity over that of the
        half cycle before, of the other direction) and `records`.
    """
    data = measurement.data
    time, voltage = data[labels.TIME].to_numpy(), data[labels.VOLTAGE].to_numpy()
    current = np.abs(data[labels.CURRENT].to_numpy())
    rows, before = [], None
    for number, half in enumerate(measurement.found_half_cycles(), start=1):
        here = slice(half.first, half.last + 1)
        moved = np.diff(half.charge)
        capacity, work = 1e3 * half.capacity_Ah, 1e3 * energy(voltage[here], half.charge)
        row: dict[str, Any] = {"half_cycle": number, "direction": half.direction}
        if labels.CYCLE in data:
            row["cycle"] = int(data[labels.CYCLE].iloc[half.first])
        row |= {"start_h": time[half.first] / HOUR, "duration_h": (time[half.last] - time[half.first]) / HOUR}
        weight = moved.sum()
        row["current_mA"] = 1e3 * float(np.dot(current[here][1:], moved) / weight) if weight > 0 else np.nan
        row["capacity_mAh"] = capacity
        if measurement.active_mass_mg:
            row["capacity_mAh_g"] = 1e3 * capacity / measurement.active_mass_mg
        if measurement.area_cm2:
            row["capacity_mAh_cm2"] = capacity / measurement.area_cm2
        row |= {"energy_mWh": work, "mean_voltage_V": work / capacity if capacity else np.nan}
        row |= {"first_voltage_V": voltage[half.first], "last_voltage_V": voltage[half.last]}
        turned = before is not None and before.direction != half.direction and before.capacity_Ah > 0
        row["over_previous"] = half.capacity_Ah / before.capacity_Ah if before is not None and turned else np.nan
        rows.append(row | {"records": half.last - half.first + 1})
        before = half
    return pd.DataFrame(rows)


def spectra_table(measurement: Measurement) -> pd.DataFrame:
    """Table of the spectra of a measurement.

    Parameters
    ----------
    measurement : Measurement

    Returns
    -------
    pandas.DataFrame
        A row a spectrum: `spectrum`, `time_h`, `voltage_V`, `half_cycle`, `direction`, `capacity_mAh` (passed in it),
        `points`, `highest_Hz`, `lowest_Hz`, and the real part at either end, `real_high_ohm`, `real_low_ohm`.
    """
    rows = []
    for each in measurement.spectra():
        frequency, real = each.data[labels.FREQUENCY].to_numpy(), each.data[labels.REAL].to_numpy()
        high, low = int(np.argmax(frequency)), int(np.argmin(frequency))
        rows.append(
            {
                "spectrum": each.number,
                "time_h": None if each.time_s is None else each.time_s / HOUR,
                "voltage_V": each.voltage_V,
                "half_cycle": each.half_cycle,
                "direction": each.direction,
                "capacity_mAh": None if each.capacity_Ah is None else 1e3 * each.capacity_Ah,
                "points": len(frequency),
                "highest_Hz": frequency[high],
                "lowest_Hz": frequency[low],
                "real_high_ohm": real[high],
                "real_low_ohm": real[low],
            }
        )
    return pd.DataFrame(rows)


def peak_voltages(measurement: Measurement) -> dict[int, list[tuple[float, str]]]:
    """Peaks and shoulders of the differential capacity, half cycle -> [(voltage [V], "peak" or "shoulder" or "edge"), ...].

    Parameters
    ----------
    measurement : Measurement
        Of kind "gcd".

    Returns
    -------
    dict
        Half cycles that are too short for a derivative are left out.
    """
    voltage, out = measurement.data[labels.VOLTAGE].to_numpy(), {}
    for number, half in enumerate(measurement.found_half_cycles(), start=1):
        try:
            found = peaks(*dqdv(voltage[half.first : half.last + 1], 1e3 * half.charge))
        except DataFileError:
            continue
        out[number] = [(round(float(v), 3), str(kind)) for v, kind in zip(found.voltage_V, found.kind, strict=True)]
    return out
