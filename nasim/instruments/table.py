"""Delimited text into a table, in chunks and only the columns wanted, keeping the line number of every record."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments.layout import check_fields

CHUNK_ROWS = 100_000


@dataclass(frozen=True)
class Column:
    """A column to read: its header in the file, a factor to the label's unit, and "number", "clock" or "text"."""

    header: str
    factor: float = 1.0
    form: str = "number"


def read_columns(path, layout, wanted):
    """Table of the `wanted` columns, a dict of label to `Column`; the index is the line of each record.

    Numbers come back as float64, text as categories, clock times "h:mm:ss.sss" as seconds. Empty fields are NaN.
    Memory in use is the table, one column again and one chunk.

    Raises `DataFileError` with the line of what is no number.
    """
    check_fields(path, layout)
    chunks = {label: [] for label in wanted}
    rows = 0
    for chunk in _chunks(path, layout, wanted):
        for label, column in wanted.items():
            values = chunk[layout.header.index(column.header)]
            chunks[label].append(_PARSERS[column.form](values, column, layout, path))
        rows += len(chunk)
    if rows == 0:
        raise DataFileError(f"{path}: no records after the header in line {layout.header_line}.")
    columns = {label: _join(chunks.pop(label)) for label in wanted}
    first = layout.header_line + 1
    frame = pd.DataFrame(columns, index=pd.RangeIndex(first, first + rows, name="line"), copy=False)
    return _without_blank_end(frame)


def _chunks(path, layout, wanted):
    places = sorted({layout.header.index(column.header) for column in wanted.values()})
    try:
        with pd.read_csv(
            path,
            sep=layout.delimiter,
            decimal=layout.decimal,
            header=None,
            usecols=places,
            skiprows=layout.header_line,
            skip_blank_lines=False,
            encoding="latin-1",
            chunksize=CHUNK_ROWS,
            low_memory=True,
        ) as reader:
            yield from reader
    except pd.errors.EmptyDataError:
        return
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        raise DataFileError(f"{path}: {str(error).strip()}") from error


def _number(values, column, layout, path):
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float) * column.factor
    text = values.astype(str).str.strip().str.replace(layout.decimal, ".", regex=False)
    number = pd.Series(pd.to_numeric(text.where(values.notna()), errors="coerce"), index=values.index)
    _refuse(number.isna() & values.notna() & (text != ""), values, column, layout, path, "a number")
    return number.to_numpy(dtype=float) * column.factor


def _clock(values, column, layout, path):
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float)
    seconds = pd.to_timedelta(values.str.strip(), errors="coerce").dt.total_seconds()
    _refuse(seconds.isna() & values.notna(), values, column, layout, path, "a time h:mm:ss")
    return seconds.to_numpy(dtype=float)


def _text(values, column, layout, path):
    return values.astype(str).astype("category")


_PARSERS = {"number": _number, "clock": _clock, "text": _text}


def _refuse(bad, values, column, layout, path, wanted):
    if bad.any():
        row = int(np.argmax(bad.to_numpy()))
        line = layout.header_line + 1 + int(values.index[row])
        raise DataFileError(f"{path}: {column.header!r} in line {line} is {values.iloc[row]!r}, expected {wanted}.")


def _join(parts):
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return pd.api.types.union_categoricals(parts)


def _without_blank_end(frame):
    numbers = frame.select_dtypes("number")
    filled = numbers.notna().any(axis=1).to_numpy()
    return frame.iloc[: len(filled) - int(np.argmax(filled[::-1]))] if filled.any() else frame.iloc[:0]
