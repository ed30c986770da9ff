"""BioLogic EC-Lab: the .mpt text export, and .mpr through galvani (GPL-3; extra `biologic`, imported when needed).

EC-Lab counts current positive at an anodic working electrode, which is charge when that is the positive electrode.
Surface and mass in the header are EC-Lab's defaults as often as not and are not used.
"""

import re
import warnings

import numpy as np
import pandas as pd

from nasim.errors import DataFileError, MissingExtraError, install
from nasim.instruments import labels
from nasim.instruments.layout import layout_of, read_head, split_fields
from nasim.instruments.steps import step_count
from nasim.instruments.table import Column, read_columns

# label -> EC-Lab's columns for it, the first that is there counts, and the factor to the label's unit
EC_LAB_COLUMNS = {
    labels.TIME: (("time/s",), 1.0),
    labels.VOLTAGE: (("Ecell/V", "<Ecell>/V", "Ewe-Ece/V", "<Ewe-Ece>/V", "Ewe/V", "<Ewe>/V", "<Ewe/V>"), 1.0),
    "counter": (("Ece/V", "<Ece>/V", "<Ece/V>", "<Ecv>/V"), 1.0),
    labels.CURRENT: (("<I>/mA", "I/mA"), 1e-3),
    labels.CYCLE: (("cycle number",), 1.0),
    labels.STEP_ID: (("Ns",), 1.0),
    labels.FREQUENCY: (("freq/Hz",), 1.0),
    labels.REAL: (("Re(Z)/Ohm",), 1.0),
    labels.IMAGINARY: (("-Im(Z)/Ohm",), -1.0),
    "dq": (("dq/mA.h",), 1e-3),
    "half": (("half cycle",), 1.0),
    "mode": (("mode",), 1.0),
}
SWEEPS = ("voltammetry", "sweep")
SWEEP_CODES = (0x06, 0x33, 0x6C)  # cyclic, advanced and linear sweep voltammetry: first byte of an .mpr's settings
REST = 3  # mode in EC-Lab's flags; 1 is galvanostatic, 2 potentiostatic
HELPERS = ("counter", "dq", "half", "mode")
SPECTRUM = (labels.FREQUENCY, labels.REAL, labels.IMAGINARY)


def read_text(path, kind=None):
    """Table, notes and kind (None: not told) of an .mpt file; see `read_binary` for `kind`.

    Raises `DataFileError` for a header that does not add up, for missing records and for what is no number.
    """
    lines = read_head(path)
    count = _header_count(path, lines)
    technique = next((line.strip() for line in lines[2:count] if line.strip()), "")
    header = split_fields(lines[count - 1], "\t")
    header = header[: header.index("")] if "" in header else header  # names after a gap have no values in the records
    record = lines[count] if len(lines) > count else ""
    layout = layout_of(path, header, count, "\t", record)
    names = _choose(path, header)
    raw = read_columns(path, layout, {label: Column(name, f) for label, (name, f) in names.items()})
    _check_loops(path, lines[:count], len(raw))
    sweep = any(word in technique.lower() for word in SWEEPS)
    frame, notes = _assemble(path, raw, names, kind)
    return frame, notes, "cv" if sweep else None


def read_binary(path, kind=None):
    """Table, notes and kind (None: not told) of an .mpr file.

    A file of mixed techniques gives its spectra, or, when `kind` is "gcd" or "cv", its records in time.

    Raises `MissingExtraError` without galvani and `DataFileError` for a file that it cannot read.
    """
    try:
        from galvani import BioLogic
    except ImportError as error:
        raise MissingExtraError(
            f"{path}: reading .mpr needs galvani (GPL-3): {install('biologic')}. EC-Lab's text export .mpt "
            "needs nothing more."
        ) from error
    try:
        with open(path, "rb") as stream, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside galvani are not the user's
            file = BioLogic.MPRfile(stream)
        columns = {name: np.asarray(file.data[name], dtype=float) for name in file.data.dtype.names or ()}
        if "flags" in columns:
            columns["mode"] = np.asarray(file.get_flag("mode"), dtype=float)
        code = next((m["data"][0] for m in file.modules if m["shortname"].startswith(b"VMP Set")), None)
    except Exception as error:  # galvani meets damaged files with whatever exception comes up
        said = " ".join(str(error).split())
        raise DataFileError(f"{path}: not a whole .mpr file ({type(error).__name__}: {said}).") from error
    names = _choose(path, columns)
    raw = pd.DataFrame({label: columns[name] * factor for label, (name, factor) in names.items()})
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="record")
    frame, notes = _assemble(path, raw, names, kind)
    return frame, notes, "cv" if code in SWEEP_CODES else None


def _header_count(path, lines):
    match = re.match(r"Nb header lines\s*:\s*(\d+)", lines[1]) if len(lines) > 1 else None
    if match is None:
        raise DataFileError(f"{path}: line 2 does not say 'Nb header lines : n', expected it in an EC-Lab text file.")
    count = int(match.group(1))
    if not 3 <= count <= len(lines):
        raise DataFileError(f"{path}: line 2 says {count} header lines, the file has {len(lines)} lines. Is it cut?")
    return count


def _check_loops(path, header, rows):
    ends = [re.match(r"Loop \d+ from point number \d+ to (\d+)", line) for line in header]
    expected = max((int(match.group(1)) + 1 for match in ends if match), default=rows)
    if rows != expected:
        raise DataFileError(f"{path}: {rows} records, expected {expected} as the header's loops say. Is the file cut?")


def _choose(path, header):
    names = {}
    for label, (candidates, factor) in EC_LAB_COLUMNS.items():
        name = next((name for name in candidates if name in header), None)
        if name is not None:
            names[label] = (name, factor)
    if not names:
        raise DataFileError(f"{path}: none of its columns is known: {list(header)[:12]}.")
    return names


def _assemble(path, raw, names, kind):
    notes = []
    if labels.VOLTAGE in raw:
        notes.append(f"voltage is EC-Lab's {names[labels.VOLTAGE][0]}")
        if "counter" in raw and names[labels.VOLTAGE][0].lstrip("<").startswith(("Ewe/", "Ewe>")):
            raw[labels.VOLTAGE] -= raw["counter"]
            notes[0] += f" minus {names['counter'][0]}"
    if kind in ("gcd", "cv") or not all(label in raw for label in SPECTRUM):
        raw = raw.drop(columns=[label for label in SPECTRUM if label in raw])
        if labels.CURRENT not in raw:
            raw[labels.CURRENT], note = _current(path, raw)
            notes.append(note)
    elif (raw[labels.FREQUENCY] == 0).any():
        notes.append(f"{int((raw[labels.FREQUENCY] == 0).sum())} records without a frequency were left out")
        raw = raw[raw[labels.FREQUENCY] != 0].copy()
    if labels.STEP_ID in raw:
        raw[labels.STEP_COUNT] = step_count(*(raw[name] for name in (labels.STEP_ID, "half", "mode") if name in raw))
    if "dq" in raw:
        raw[labels.NET_CAPACITY] = raw["dq"].cumsum()
    return raw.drop(columns=[name for name in HELPERS if name in raw]), notes


def _current(path, raw):
    """Mean current over each record's interval [A] from the charge passed in it, which is how EC-Lab makes <I>."""
    if "mode" in raw and (raw["mode"] == REST).all():
        return 0.0, "open circuit without a current column: the current is zero"
    if "dq" not in raw or labels.TIME not in raw:
        raise DataFileError(f"{path}: neither <I>/mA, I/mA nor dq/mA.h is in the file; expected one of them.")
    interval = np.diff(raw[labels.TIME].to_numpy(), prepend=np.nan)
    known = interval > 0
    current = np.zeros(len(raw))
    current[known] = raw["dq"].to_numpy()[known] * 3600 / interval[known]
    return current, "current is made from dq/mA.h, as EC-Lab makes <I>/mA"
