"""Gamry .DTA, text: tables of curves and spectra, each below a line `CURVE... TABLE` with its header and units.

Written from the format's description. The current is positive when anodic, which is charge where the positive electrode
is the working electrode; a file that contradicts that is refused. Several tables follow each other in time.
"""

import re

import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments.assembling import assemble
from nasim.instruments.layout import decode
from nasim.instruments.values import numbers

COLUMNS = {
    "T": "test time",
    "Time": "test time",
    "Vf": "voltage",
    "Im": "current",
    "Freq": "frequency",
    "Zreal": "real",
}
COLUMNS |= {"Zimag": "imaginary", "Zmod": "modulus", "Zphz": "phase", "Vdc": "voltage", "Idc": "current"}
TABLE = re.compile(r"(Z?CURVE\w*)\tTABLE")
SWEEPS = ("CV", "LSV", "CYCLIC")


def read(path, turned=False):
    """Records of a .DTA file.

    Raises `DataFileError` where it has no table, or a field of one is no number.
    """
    with open(path, "rb") as stream:
        lines = [decode(line) for line in stream.read().splitlines()]
    tag = next((line.split("\t")[1] for line in lines[:20] if line.startswith("TAG\t")), "")
    starts = [k for k, line in enumerate(lines) if TABLE.match(line) and "OCV" not in line]
    if not starts:
        raise DataFileError(f"{path}: a Gamry file without a table of a curve or a spectrum.")
    parts = [_table(path, lines, start) for start in starts]
    for number, part in enumerate(parts, start=1):
        part["step"] = float(number)
    last = 0.0
    for part in parts:
        if "test time" in part and part["test time"].iloc[0] < last:
            part["test time"] += last
        last = float(part["test time"].iloc[-1]) if "test time" in part else last
    records = assemble(path, pd.concat(parts), turned=turned)
    records.kind = "cv" if any(word in tag.upper() for word in SWEEPS) else None
    return records


def _table(path, lines, start):
    """One table: the header and the units below the line `start`, then rows that are indented."""
    header = lines[start + 1].strip("\t\r ").split("\t")
    rows, stop = [], start + 3
    while stop < len(lines) and lines[stop].startswith("\t"):
        fields = lines[stop].strip("\t\r ").split("\t")[: len(header)]
        rows.append(fields + [""] * (len(header) - len(fields)))
        stop += 1
    if not rows:
        raise DataFileError(f"{path}: the table in line {start + 1} has no rows.")
    frame = pd.DataFrame(rows, columns=header, index=pd.RangeIndex(start + 4, stop + 1, name="line"))
    columns = {}
    for name, quantity in COLUMNS.items():
        if header.count(name) > 1:
            raise DataFileError(f"{path}: the table in line {start + 1} has the column {name!r} twice.")
        if name in frame and quantity not in columns:
            columns[quantity], bad = numbers(frame[name], ",")
            bad |= frame[name] == ""
            if bad.any():
                raise DataFileError(f"{path}: {name!r} in line {frame.index[bad.argmax()]} is no number.")
    return pd.DataFrame(columns, index=frame.index)
