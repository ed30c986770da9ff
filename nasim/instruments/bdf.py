"""Writing the Battery Data Format (Battery Data Alliance, ontology 1.3.0): one table, preferred labels, SI units.

CSV for everyone, Parquet where the name ends so (extra `parquet`). Only columns that the format knows are written, and the
kind of each step. Half cycles and their counter read back as they were written.
"""

from nasim.errors import DataFileError, MissingExtraError, install
from nasim.files import as_path, write_whole
from nasim.instruments import labels

WRITTEN = (
    labels.TIME,
    labels.VOLTAGE,
    labels.CURRENT,
    labels.UNIX_TIME,
    labels.CYCLE,
    labels.STEP_COUNT,
    labels.STEP_ID,
    labels.STEP_TYPE,
    labels.NET_CAPACITY,
    labels.CHARGING,
    labels.DISCHARGING,
    labels.TEMPERATURE,
    labels.FREQUENCY,
    labels.REAL,
    labels.IMAGINARY,
)
SUFFIXES = (".csv", ".parquet")


def suitable(path):
    """The path of a file that can be written; `DataFileError` where its name ends otherwise."""
    path = as_path(path, "file of the Battery Data Format")
    if path.suffix.lower() not in SUFFIXES:
        raise DataFileError(
            f"{path}: the Battery Data Format is written to a file that ends with {' or '.join(SUFFIXES)}."
        )
    return path


def write_bdf(frame, path):
    """Write a labelled table as a file of the Battery Data Format; the file appears whole or not at all.

    Parameters
    ----------
    frame : pandas.DataFrame
        Columns labelled as in `nasim.instruments.labels`; others are left out.
    path : path
        Ends with .csv or .parquet.

    Raises
    ------
    DataFileError
        The name ends otherwise.
    MissingExtraError
        Parquet without pyarrow.
    """
    path = suitable(path)
    table = frame[[label for label in WRITTEN if label in frame]]
    if path.suffix.lower() == ".csv":
        write_whole(path, lambda part: table.to_csv(part, index=False))
        return
    try:
        import pyarrow  # noqa: F401  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtraError(f"{path}: writing Parquet needs pyarrow: {install('parquet')}") from error
    write_whole(path, lambda part: table.to_parquet(part, index=False, engine="pyarrow"))
