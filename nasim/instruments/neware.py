"""Neware: the record table that BTS exports as text or Excel, in English or Chinese, and its nested export.

`Time` in these files is the time in the step, and the step index repeats in loops; the test time is built from the
executed steps, and compared with the total time. Cycles keep the instrument's own number. Capacity counters start again
in each step and are unwrapped.
"""

import csv

import numpy as np
import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.assembling import assemble
from nasim.instruments.headers import Meaning, meanings
from nasim.instruments.layout import Layout, decode, split_fields
from nasim.instruments.table import parsed

OWN = ("DataPoint", "RecordID", "RecordIndex", "StepType", "数据序号", "记录号", "记录序号", "工步类型", "工步号")
"""Headers of which a table of BTS has one, without blanks."""
CLOCK_RESOLUTION_S = 1.0


def is_header(fields, units=None):
    """Whether these fields are the header of a BTS record table.

    >>> is_header(["DataPoint", "Cycle Index", "Step Index", "Time", "Current(mA)", "Voltage(V)"])
    True
    """
    found = meanings(fields, units)
    timed = "time" in found or ("step time" in found and "test time" not in found)
    ours = any(found[mark].header.replace(" ", "") in OWN for mark in ("record", "step", "step type") if mark in found)
    return timed and ours and {"cycle", "current", "voltage"} <= set(found)


def assemble_table(path, raw, clock_name="the column Total Time", turned=False):
    """Records from the columns of a BTS table or of a binary file: the time in the step first."""
    if "time" in raw and "step time" not in raw:
        raw = raw.rename(columns={"time": "step time"})
    missing = [name for name in ("cycle", "step", "step time") if name in raw and raw[name].isna().any()]
    if missing:
        where = labels.place(raw, int(np.argmax(raw[missing].isna().any(axis=1))))
        raise DataFileError(f"{path}: {missing[0]} is missing in {where}; expected it in every record.")
    if "test time" in raw:
        if _runs_with_steps(raw):
            return assemble(path, raw.drop(columns="clock", errors="ignore"), turned=turned)
        raw = raw.rename(columns={"test time": "clock", "clock": "date"})
    return assemble(path, raw, clock_name, by_steps="step time" in raw, turned=turned)


def _runs_with_steps(raw):
    """Whether the total time never falls and grows by as much as the time in the step, in every step."""
    if "step time" not in raw:
        return True
    grown, in_step = np.diff(raw["test time"]), np.diff(raw["step time"])
    return bool((grown >= 0).all() and (np.abs(grown - in_step)[in_step > 0] <= CLOCK_RESOLUTION_S).all())


def is_nested(lines):
    """Whether a text begins as a nested export: a header of cycles, of steps, of records, each further to the right."""
    return is_nested_rows([split_fields(line, ",") for line in lines[:3]])


def is_nested_rows(rows):
    """The same of rows that are split already."""
    return (
        len(rows) >= 3
        and all(_depth(row) == k for k, row in enumerate(rows[:3]))
        and {"current", "voltage"} <= set(meanings([str(field) for field in rows[2]]))
    )


def _depth(row):
    return next((k for k, field in enumerate(row) if str(field).strip()), -1)


def read_nested(path):
    """Columns by quantity of a nested export: rows of cycles and steps stand before the records they are of."""
    with open(path, "rb") as stream:
        try:
            rows = list(csv.reader(decode(line) for line in stream))
        except csv.Error as error:
            raise DataFileError(f"{path}: cannot be read as a nested export: {error}.") from None
    return unnested(path, rows)


def unnested(path, rows):
    """The records of nested rows, each with its cycle, step and kind of step; the index is the line of each."""
    steps, records = meanings(map(str, rows[1])), meanings(map(str, rows[2]))
    place = {name: rows[2].index(meaning.header) for name, meaning in records.items()}
    at = {name: rows[1].index(meaning.header) for name, meaning in steps.items() if name in ("step", "step type")}
    cycle, step, kind, found, lines = 0, 0, "", [], []
    for line, row in enumerate(rows[3:], start=4):
        depth = _depth(row)
        if depth == 0:
            cycle = row[0]
        elif depth == 1:
            step, kind = row[1], row[at["step type"]] if "step type" in at else ""
        elif depth == 2:
            found.append([cycle, step, kind, *(row[k] if k < len(row) else "" for k in place.values())])
            lines.append(line)
    if not found:
        raise DataFileError(f"{path}: a nested export of BTS without records.")
    texts = pd.DataFrame(found, columns=["cycle", "step", "step type", *place])
    meaning = {"cycle": Meaning("cycle", "Cycle ID"), "step": Meaning("step", "Step ID")}
    meaning |= {"step type": Meaning("step type", "Step Type")} | records
    header = [meaning[name].header for name in texts]
    wanted = {name: meaning[name].column for name in texts}
    chunk = texts.set_axis(range(len(header)), axis=1).astype(str)
    table = parsed(path, Layout(tuple(header), 3, ",", ".", len(header)), wanted, iter([chunk]))
    return table.set_axis(pd.Index(lines, name="line")), meaning
