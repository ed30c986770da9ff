"""Tables of Excel and Parquet files, as text tables are read: by what their headers say.

Excel needs python-calamine (extra `excel`; old .xls too), Parquet needs pyarrow (extra `parquet`); both through pandas.
"""

import numpy as np
import pandas as pd

from nasim.errors import DataFileError, MissingExtraError, install
from nasim.instruments import neware
from nasim.instruments.delimited import check_units, is_record_header
from nasim.instruments.headers import meanings
from nasim.instruments.layout import Layout
from nasim.instruments.table import parsed

HEADER_ROWS = 60
WANTED = "Expected a sheet whose header names time, voltage and current, as Neware (sheet record or Detail) and Arbin write it"


def read_excel(path, units=None):
    """Columns by quantity, their meanings and notes of the sheets of a workbook that hold records.

    Raises `MissingExtraError` without python-calamine, `DataFileError` for a damaged workbook and for one without records.
    """
    sheets = _sheets(path)
    tables = []
    for name, rows in sheets.items():
        head = next(
            (k for k, row in enumerate(rows[:HEADER_ROWS]) if is_record_header([str(cell) for cell in row], units)),
            None,
        )
        if neware.is_nested_rows(rows):
            return *neware.unnested(path, rows), [f"sheet {name!r}, nested"]
        if head is not None and (not tables or rows[head] == tables[0][1]):
            tables.append((name, rows[head], rows[head + 1 :], head))
    if not tables:
        listed = ", ".join(repr(name) for name in sheets)
        raise DataFileError(f"{path}: an Excel file without records (sheets: {listed}). {WANTED}; or export CSV.")
    header = [str(cell) for cell in tables[0][1]]
    found = meanings(header, units)
    check_units(path, found)
    frame = pd.DataFrame([row for _, _, rows, _ in tables for row in rows]).iloc[:, : len(header)]
    layout = Layout(tuple(header), tables[0][3] + 1, "\t", ".", len(header))
    raw = parsed(path, layout, {name: meaning.column for name, meaning in found.items()}, iter([_typed(frame)]))
    raw.index.name = "row"
    return raw, found, [f"sheet {', '.join(repr(name) for name, *_ in tables)}"]


def _sheets(path):
    """Sheet -> rows of texts and numbers."""
    try:
        import python_calamine  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtraError(
            f"{path}: this is an Excel file; reading it needs python-calamine: {install('excel')}. Or export the"
            " records as CSV, which needs nothing more."
        ) from error
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        return {
            name: [[_cell(c) for c in row] for row in book.get_sheet_by_name(name).to_python()]
            for name in book.sheet_names
        }
    except Exception as error:  # calamine has an exception of its own for each kind of damage
        raise DataFileError(
            f"{path}: an Excel file, but no workbook that can be opened ({str(error).strip()}). {WANTED}; or export CSV."
        ) from error


def _cell(value):
    """A cell as text, a number as it is, a time or date as text that sorts."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value).strip()


def _typed(frame):
    """Columns of numbers as floats, the others as texts."""
    for column in frame:
        texts = frame[column].map(lambda cell: isinstance(cell, str) and cell != "")
        if not texts.any():
            frame[column] = np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=float)
        else:
            frame[column] = frame[column].astype(str)
    return frame


def read_parquet(path, units=None):
    """The same of a Parquet file.

    Raises `MissingExtraError` without pyarrow, `DataFileError` for a damaged file and for one without records.
    """
    try:
        import pyarrow.parquet as parquet  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise MissingExtraError(
            f"{path}: this is a Parquet file; reading it needs pyarrow: {install('parquet')}."
        ) from error
    try:
        header = parquet.read_schema(path).names
        found = meanings(header, units)
        table = parquet.read_table(path, columns=[meaning.header for meaning in found.values()]).to_pandas()
    except Exception as error:  # pyarrow has an exception of its own for each kind of damage
        raise DataFileError(f"{path}: not a whole Parquet file ({type(error).__name__}).") from error
    if not is_record_header(header, units):
        raise DataFileError(f"{path}: no records of time, voltage and current in the columns {header[:12]}.")
    check_units(path, found)
    order = [meaning.header for meaning in found.values()]
    layout = Layout(tuple(order), 0, "\t", ".", len(order))
    chunk = table.set_axis(range(len(order)), axis=1)
    raw = parsed(path, layout, {name: meaning.column for name, meaning in found.items()}, iter([chunk]))
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="record")
    left = [name for name in header if name not in order]
    return raw, found, [f"columns not read: {', '.join(left)}"] if left else []
