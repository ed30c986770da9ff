"""Neware .nda and .ndax through NewareNDA (extra `neware`, imported when needed).

An .nda of BTS 9 (version 130) does not say how long it is: cut at its end, it gives the records before the cut.
"""

import logging
import struct
import warnings
import zipfile
from contextlib import contextmanager

import pandas as pd

from nasim.errors import DataFileError, MissingExtraError, install
from nasim.instruments.neware import assemble_table

# our name -> NewareNDA's column and its factor
NDA_COLUMNS = {
    "record": ("Index", 1),
    "cycle": ("Cycle", 1),
    "step count": ("Step", 1),
    "step": ("Step_Index", 1),
    "step time": ("Time", 1),
    "current": ("Current(mA)", 1e-3),
    "voltage": ("Voltage", 1),
    "charge": ("Charge_Capacity(mAh)", 1e-3),
    "discharge": ("Discharge_Capacity(mAh)", 1e-3),
}


class _Said(logging.Handler):
    """Collects what NewareNDA warns of, and that it interpolated, so that it ends in the notes, not on the screen."""

    def __init__(self):
        super().__init__(logging.INFO)
        self.notes = []

    def emit(self, record):
        message = record.getMessage()
        if record.levelno >= logging.WARNING or "interpolated" in message:
            self.notes.append(f"NewareNDA: {message}")


@contextmanager
def _listening():
    log, said = logging.getLogger("newarenda"), _Said()
    before = log.level, log.propagate
    log.propagate = False
    log.addHandler(said)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # deprecations inside NewareNDA are not the user's
            yield said
    finally:
        log.removeHandler(said)
        log.level, log.propagate = before


def read_binary(path, turned=False):
    """Records of an .nda or .ndax file.

    Raises `MissingExtraError` without NewareNDA and `DataFileError` for a file that it cannot read.
    """
    try:
        import NewareNDA
    except ImportError as error:
        raise MissingExtraError(f"{path}: reading .nda and .ndax needs NewareNDA: {install('neware')}") from error
    try:
        _check_whole(path)
        with _listening() as said:
            raw = _named(NewareNDA.read(str(path), software_cycle_number=False, log_level="INFO"))
    except Exception as error:  # NewareNDA meets damaged files with whatever exception comes up
        said = (
            f": {error}"
            if isinstance(error, EOFError | zipfile.BadZipFile)
            else ", or of a kind that NewareNDA does not read"
        )
        raise DataFileError(f"{path}: not a whole Neware file{said}.") from error
    records = assemble_table(path, raw, "the column Timestamp", turned)
    records.notes = said.notes + records.notes
    return records


def _check_whole(path):
    """Raise when the zip archive of an .ndax fails a checksum, or an .nda of version 29 is shorter than it says."""
    if path.suffix.lower() == ".nda":
        with open(path, "rb") as stream:
            head = stream.read(88)
        if len(head) == 88 and head[14] == 29:
            length, again = struct.unpack("<QQ", head[72:88])
            if length == again and path.stat().st_size < length:
                raise EOFError(f"{path.stat().st_size} bytes, its header says {length}; the file is cut")
    if path.suffix.lower() == ".ndax":
        with zipfile.ZipFile(path) as archive:
            damaged = archive.testzip()
        if damaged:
            raise zipfile.BadZipFile(f"{damaged} in the archive fails its checksum")


def _named(given):
    raw = pd.DataFrame({name: given[column].astype(float) * f for name, (column, f) in NDA_COLUMNS.items()})
    raw["step type"] = given["Status"].astype("category")
    stamp = given["Timestamp"]
    since = stamp.dt.tz_convert(None) if stamp.dt.tz is not None else stamp
    raw["clock"] = (since - pd.Timestamp(0)).dt.total_seconds()
    if stamp.dt.tz is not None:
        raw["unix time"] = raw["clock"]
    return raw.set_index(pd.Index(raw["record"].astype(int), name="record"))
