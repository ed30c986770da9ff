"""BioLogic EC-Lab: the .mpt text export, with or without its header lines, and .mpr through galvani (GPL-3; extra
`biologic`, imported when needed).

EC-Lab counts current positive at an anodic working electrode, which is charge when that is the positive electrode.
Surface and mass in the header are EC-Lab's defaults as often as not and are not used. What its `mode` says (1
galvanostatic, 2 potentiostatic, 3 open circuit) becomes the step type; records with a frequency become spectra.
"""

import re
import warnings

import numpy as np
import pandas as pd

from nasim.errors import DataFileError, MissingExtraError, install
from nasim.instruments.assembling import assemble
from nasim.instruments.layout import layout_of, read_head, split_fields
from nasim.instruments.steps import step_count
from nasim.instruments.table import Column, read_columns

# quantity -> EC-Lab's columns for it, the first that is there counts, with the factor to the quantity's unit
EC_LAB_COLUMNS = {
    "test time": (("time/s", 1.0), ("time/h", 3600.0), ("time/min", 60.0)),
    "voltage": tuple(
        (name, 1.0) for name in ("Ecell/V", "<Ecell>/V", "Ewe-Ece/V", "<Ewe-Ece>/V", "Ewe/V", "<Ewe>/V", "<Ewe/V>")
    ),
    "counter": tuple((name, 1.0) for name in ("Ece/V", "<Ece>/V", "<Ece/V>", "<Ecv>/V")),
    "current": (("<I>/mA", 1e-3), ("I/mA", 1e-3), ("<I>/A", 1.0), ("I/A", 1.0), ("<I>/uA", 1e-6), ("I/uA", 1e-6)),
    "cycle": (("cycle number", 1.0),),
    "step": (("Ns", 1.0),),
    "frequency": (("freq/Hz", 1.0),),
    "real": (("Re(Z)/Ohm", 1.0), ("Re(Zwe)/Ohm", 1.0)),
    "minus imaginary": (("-Im(Z)/Ohm", 1.0), ("-Im(Zwe)/Ohm", 1.0)),
    "imaginary": (("Im(Z)/Ohm", 1.0),),
    "modulus": (("|Z|/Ohm", 1.0), ("|Zwe|/Ohm", 1.0)),
    "phase": (("Phase(Z)/deg", 1.0), ("Phase(Zwe)/deg", 1.0)),
    "z cycle": (("z cycle", 1.0),),
    "dq": (("dq/mA.h", 1e-3), ("dQ/mA.h", 1e-3), ("dq/A.h", 1.0), ("dQ/A.h", 1.0)),
    "half": (("half cycle", 1.0),),
    "mode": (("mode", 1.0),),
}
FORMS = {"test time": "time"}
SWEEPS = ("voltammetry", "sweep")
SWEEP_CODES = (0x06, 0x33, 0x6C)  # cyclic, advanced and linear sweep voltammetry: first byte of an .mpr's settings
MODES = {1: "galvanostatic", 2: "potentiostatic", 3: "open circuit"}
REST = 3


def read_text(path, turned=False):
    """Records of an .mpt file.

    Raises `DataFileError` for a header that does not add up, for missing records and for what is no number.
    """
    lines = read_head(path)
    count = _header_count(path, lines)
    technique = next((line.strip() for line in lines[2:count] if line.strip()), "")
    header = split_fields(lines[count - 1], "\t")
    header = header[: header.index("")] if "" in header else header  # names after a gap have no values in the records
    layout = layout_of(path, header, count, "\t", lines[count:])
    names = _choose(path, header)
    wanted = {name: Column(column, factor, FORMS.get(name, "number")) for name, (column, factor) in names.items()}
    raw = read_columns(path, layout, wanted)
    _check_loops(path, lines[:count], len(raw))
    sweep = any(word in technique.lower() for word in SWEEPS)
    return _assemble(path, raw, names, "cv" if sweep else None, turned)


def is_header(fields):
    """Whether these fields are EC-Lab's, as where the header lines of an .mpt were taken off."""
    known = {name for candidates in EC_LAB_COLUMNS.values() for name, _ in candidates}
    return len(known & set(fields)) >= 3 and bool({"freq/Hz", "time/s", "time/h"} & set(fields))


def read_binary(path, turned=False):
    """Records of an .mpr file.

    Raises `MissingExtraError` without galvani and `DataFileError` for a file that it cannot read.
    """
    try:
        from galvani import BioLogic
    except ImportError as error:
        raise MissingExtraError(
            f"{path}: reading .mpr needs galvani (GPL-3): {install('biologic')}. EC-Lab's text export .mpt"
            " needs nothing more."
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
        raise DataFileError(f"{path}: not a whole .mpr file, or of a kind that galvani does not read.") from error
    names = _choose(path, columns)
    raw = pd.DataFrame({name: columns[column] * factor for name, (column, factor) in names.items()})
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="record")
    return _assemble(path, raw, names, "cv" if code in SWEEP_CODES else None, turned)


def _header_count(path, lines):
    """Number of header lines, the column names last; 1 where the file begins with them."""
    if is_header(split_fields(lines[0], "\t")):
        return 1
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
    for quantity, candidates in EC_LAB_COLUMNS.items():
        found = next(((name, factor) for name, factor in candidates if name in header), None)
        if found is not None:
            names[quantity] = found
    if not names:
        raise DataFileError(f"{path}: none of its columns is known: {list(header)[:12]}.")
    return names


def _assemble(path, raw, names, told, turned):
    notes = []
    if "voltage" in raw:
        notes.append(f"voltage is EC-Lab's {names['voltage'][0]}")
        if "counter" in raw and names["voltage"][0].lstrip("<").startswith(("Ewe/", "Ewe>")):
            raw["voltage"] -= raw["counter"]
            notes[0] += f" minus {names['counter'][0]}"
    spectral = (raw["frequency"] > 0).to_numpy() if "frequency" in raw else np.zeros(len(raw), dtype=bool)
    if "current" not in raw and (~spectral).sum() > 1:
        raw["current"], note = _current(path, raw)
        notes.append(note)
    if "dq" in raw:
        raw["net capacity"] = raw["dq"].cumsum()
    if "step" in raw:
        raw["step count"] = step_count(*(raw[name] for name in ("step", "half", "mode") if name in raw))
    if "mode" in raw:
        raw["step type"] = pd.Categorical(raw["mode"].map(MODES).fillna("unknown"))
    if "test time" in raw and np.nanmax(raw["test time"]) > 1e8:  # a date and time
        raw["test time"] -= np.nanmin(raw["test time"])
        notes.append("the time is given as dates; test time from the first")
    records = assemble(path, raw.drop(columns=["counter", "dq", "half", "mode"], errors="ignore"), turned=turned)
    records.notes, records.kind = notes + records.notes, told
    return records


def _current(path, raw):
    """Mean current over each record's interval [A] from the charge passed in it, which is how EC-Lab makes <I>."""
    if "mode" in raw and (raw["mode"] == REST).all():
        return 0.0, "open circuit without a current column: the current is zero"
    if "dq" not in raw or "test time" not in raw:
        raise DataFileError(f"{path}: neither <I>/mA, I/mA nor dq/mA.h is in the file; expected one of them.")
    interval = np.diff(raw["test time"].to_numpy(), prepend=np.nan)
    known = interval > 0
    current = np.zeros(len(raw))
    current[known] = raw["dq"].to_numpy()[known] * 3600 / interval[known]
    return current, "current is made from dq/mA.h, as EC-Lab makes <I>/mA"
