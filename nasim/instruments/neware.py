"""Neware: what its files have in common, and the record table that BTS exports as CSV.

`Time` in these files is the time in the step, and the step index repeats in loops; the test time is built from the
executed steps. Cycles keep the instrument's own number. Capacity counters start again in each step and are unwrapped.
"""

import re

import numpy as np
import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.checks import compare_clocks
from nasim.instruments.layout import find_layout
from nasim.instruments.steps import step_count, time_in_test, unwrap_counter
from nasim.instruments.table import Column, read_columns

UNITS = {"A": 1.0, "mA": 1e-3, "uA": 1e-6, "V": 1.0, "mV": 1e-3, "Ah": 1.0, "mAh": 1e-3, "uAh": 1e-6}
UNITS |= {"As": 1 / 3600, "mAs": 1e-3 / 3600, "uAs": 1e-6 / 3600}

# our name of a column -> its header in the CSV, and its form
CSV_COLUMNS = {
    "record": (r"Data ?Point|Record ?(?:ID|Index)", "number"),
    "cycle": (r"Cycle ?(?:Index|ID)", "number"),
    "step_id": (r"Step ?(?:Index|ID)", "number"),
    "status": (r"Step ?Type", "text"),
    "step_time": (r"Time", "clock"),
    "clock": (r"Total ?Time", "clock"),
    "current": (r"Cur(?:rent|\.)? ?\((?P<unit>[um]?A)\)", "number"),
    "voltage": (r"Vol(?:tage|\.)? ?\((?P<unit>m?V)\)", "number"),
    "charge": (r"Chg\. ?Cap\. ?\((?P<unit>[um]?A[sh])\)", "number"),
    "discharge": (r"DChg\. ?Cap\. ?\((?P<unit>[um]?A[sh])\)", "number"),
}
NEEDED = ("cycle", "step_id", "step_time", "current", "voltage")


def read_text(path, delimiter=None, decimal=None):
    """Table and notes of the CSV that BTS writes: one record a line under one header.

    Raises `DataFileError` for other exports (with cycles, steps and records nested) and for what is no number.
    """
    expected = ["Cycle Index", "Step Index", "Time", "Current(mA)", "Voltage(V)"]
    layout = find_layout(path, is_header, expected, delimiter, decimal)
    raw = read_columns(path, layout, _match(layout.header))
    blank = raw[["cycle", "step_id", "step_time"]].isna().any(axis=1).to_numpy()
    if blank.any():
        where = labels.place(raw, int(np.argmax(blank)))
        raise DataFileError(f"{path}: cycle, step or time is missing in {where}; expected all three in every record.")
    return assemble(path, raw, "the column Total Time")


def is_header(fields):
    """Whether these fields are the header of a BTS record table.

    >>> is_header(["DataPoint", "Cycle Index", "Step Index", "Time", "Current(mA)", "Voltage(V)"])
    True
    """
    return all(name in _match(fields) for name in NEEDED)


def _match(fields):
    found = {}
    for field in fields:
        plain = field.replace("\u00b5", "u").replace("\u03bc", "u")
        for name, (pattern, form) in CSV_COLUMNS.items():
            match = re.fullmatch(pattern, plain)
            if match and name not in found:
                found[name] = Column(field, UNITS.get(match.groupdict().get("unit") or "", 1.0), form)
    return found


def assemble(path, raw, clock_name):
    """Table and notes from the columns that Neware files have, by our names as in `CSV_COLUMNS`, in SI and Ah.

    `step`, the number of the executed step, is used where the file has it, else steps are told apart by cycle, index
    and type. `clock` [s] is compared with the time built from the steps and noted under `clock_name`.
    """
    counters = ["step"] if "step" in raw else [name for name in ("cycle", "step_id", "status") if name in raw]
    step = step_count(*(raw[name] for name in counters))
    time = _time(raw, step)
    columns = {
        labels.TIME: time,
        labels.VOLTAGE: raw["voltage"],
        labels.CURRENT: raw["current"],
        labels.CYCLE: raw["cycle"],
        labels.STEP_COUNT: step,
        labels.STEP_ID: raw["step_id"],
    }
    if "status" in raw:
        columns[labels.STEP_TYPE] = raw["status"]
    if "charge" in raw and "discharge" in raw:
        charge, discharge = raw["charge"].abs(), raw["discharge"].abs()  # BTS 9 counts discharge negative in places
        columns[labels.NET_CAPACITY] = unwrap_counter(charge) - unwrap_counter(discharge)
    if labels.UNIX_TIME in raw:
        columns[labels.UNIX_TIME] = raw[labels.UNIX_TIME]
    notes = compare_clocks(time, raw["clock"], clock_name) if "clock" in raw else []
    return pd.DataFrame(columns, index=raw.index), notes + _missing_records(raw)


def _time(raw, step):
    """Test time [s] from the time in steps; BTS 9 files have the test time there, as their clock then shows."""
    given = raw["step_time"].to_numpy()
    built = time_in_test(given, step)
    if "clock" not in raw or (np.diff(given) < 0).any():
        return built
    clock = raw["clock"].to_numpy() - raw["clock"].iloc[0]
    running = np.median(np.abs(given - given[0] - clock)) < np.median(np.abs(built - built[0] - clock))
    return given if running else built


def _missing_records(raw):
    if "record" not in raw:
        return []
    numbers = raw["record"].to_numpy()
    missing = int(numbers[-1] - numbers[0]) + 1 - len(numbers) if np.isfinite(numbers).all() else 0
    return [f"{missing} record numbers are missing from the file"] if missing else []
