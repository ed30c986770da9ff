"""Results read back from their files, as the class that their protocol names."""

import json
import os
from pathlib import Path

from ..errors import DataFileError, brief
from ..files import DAMAGED, MEGABYTE, reason, regular
from ..protocols import PROTOCOLS, protocol_class
from .result import Result
from .whole import check

MOST_BYTES = 4000 * MEGABYTE
"""Largest file of a result that is read."""


def load_result(path: str | os.PathLike) -> Result:
    """Read a result that `Result.to_netcdf` (a file) or `Result.to_csv` (a folder) wrote.

    Parameters
    ----------
    path : path
        A netCDF file, or a folder with summary.csv, curves.csv and record.json.

    Returns
    -------
    Result
        Of the class that the protocol of its record gives.

    Raises
    ------
    DataFileError
        There is no such file, it holds no nasim result, or it is not as it was written.
    """
    if not isinstance(path, str | os.PathLike):
        raise DataFileError(f"load_result: {brief(path)} was given; expected the path of a file or folder.")
    path = Path(path)
    try:
        summary, curves, record = _from_csv(path) if path.is_dir() else _from_netcdf(path)
        return result_class(record["experiment"])(summary, curves, record)
    except DAMAGED as error:
        raise DataFileError(f"'{path}' cannot be read as a nasim result: {reason(error)}") from None


def result_class(experiment: str) -> type[Result]:
    """Return the class of the results of an experiment; `Result` where it is in nobody's table."""
    return protocol_class(experiment).result if experiment in PROTOCOLS else Result


def _from_csv(folder):
    import pandas

    files = {name: regular(folder / name, "table of a result", MOST_BYTES) for name in ("summary.csv", "curves.csv")}
    record = json.loads(regular(folder / "record.json", "record of a result", MOST_BYTES).read_text(encoding="utf-8"))
    record = check(record, files)
    return *(pandas.read_csv(path) for path in files.values()), record


def _from_netcdf(path):
    import h5py
    import pandas
    import xarray

    regular(path, "result", MOST_BYTES)
    with h5py.File(path, "r") as file:  # where h5netcdf cannot read so much it leaves a half-made object that complains
        dict(file.attrs)
    with xarray.open_dataset(path, engine="h5netcdf") as data:
        (row,) = set(data.dims) - {"point"}
        columns = {along: [name for name in data if data[name].dims == (along,)] for along in (row, "point")}
        summary = pandas.DataFrame({name: data[name].to_numpy() for name in [row, *columns[row]]})
        curves = pandas.DataFrame({name: data[name].to_numpy() for name in columns["point"]})
        record = check(json.loads(data.attrs["record"]), {"summary": summary, "curves": curves})
        return summary, curves, record
