"""Delimited text into a table, in chunks and only the columns wanted, keeping the line number of every record."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments.layout import check_fields
from nasim.instruments.values import numbers, times

CHUNK_ROWS = 200_000


@dataclass(frozen=True)
class Column:
    """A column to read: its header in the file, a factor to the unit wanted, and "number", "time" or "word"."""

    header: str
    factor: float = 1.0
    form: str = "number"


def read_columns(path, layout, wanted):
    """Read the `wanted` columns of a text file.

    Parameters
    ----------
    path : path-like
    layout : Layout
    wanted : dict of str to Column
        Name in the table -> what to read.

    Returns
    -------
    pandas.DataFrame
        A row a record; the index is the line of each. Numbers are float64, times seconds, words categories (numbers
        where all are numbers). Empty fields are NaN, lines without any field are left out. Memory in use is the table,
        one column again and one chunk.

    Raises
    ------
    DataFileError
        A field is no number or no time; the message has its line.
    """
    check_fields(path, layout)
    return parsed(path, layout, wanted, _chunks(path, layout, wanted))


def parsed(path, layout, wanted, chunks: Iterator[pd.DataFrame]):
    """The table of `read_columns` from chunks whose columns are numbered as the fields of `layout.header`."""
    parts = {name: [] for name in wanted}
    rows = 0
    for chunk in chunks:
        for name, column in wanted.items():
            values = chunk[layout.header.index(column.header)]
            parts[name].append(_PARSERS[column.form](values, column, layout, path))
        rows += len(chunk)
    if rows == 0:
        raise DataFileError(f"{path}: no records after the header in line {layout.header_line}.")
    columns = {name: _join(parts.pop(name)) for name in wanted}
    first = layout.header_line + layout.blank + 1
    frame = pd.DataFrame(columns, index=pd.RangeIndex(first, first + rows, name="line"), copy=False)
    return _without_blank_lines(frame)


def _chunks(path, layout, wanted):
    places = sorted({layout.header.index(column.header) for column in wanted.values()})
    try:
        with pd.read_csv(
            path,
            sep=layout.delimiter,
            decimal=layout.decimal,
            header=None,
            usecols=places,
            skiprows=layout.header_line + layout.blank,
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
    found, bad = numbers(values, "." if layout.decimal_told and layout.decimal == "." else ",")
    _refuse(bad, values, column, layout, path, "a number")
    return found if column.factor == 1.0 else found * column.factor


def _time(values, column, layout, path):
    found, bad = times(values, ",")
    _refuse(bad, values, column, layout, path, "a time")
    return found if column.factor == 1.0 else found * column.factor


def _word(values, column, layout, path):
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float)
    words = values.fillna("").astype(str).str.strip().astype("category")
    return words.cat.rename_categories([_decoded(word, layout.encoding) for word in words.cat.categories]).array


def _decoded(word, encoding):
    try:
        return word.encode("latin-1").decode(encoding)
    except (UnicodeDecodeError, UnicodeEncodeError):
        return word


_PARSERS = {"number": _number, "time": _time, "word": _word}


def _refuse(bad, values, column, layout, path, wanted):
    if bad.any():
        row = int(np.argmax(bad))
        line = layout.header_line + layout.blank + 1 + int(values.index[row])
        raise DataFileError(f"{path}: {column.header!r} in line {line} is {values.iloc[row]!r}, expected {wanted}.")


def _join(parts):
    if all(isinstance(part, np.ndarray) for part in parts):
        return parts[0] if len(parts) == 1 else np.concatenate(parts)
    words = [part if hasattr(part, "categories") else pd.Categorical(part.astype(str)) for part in parts]
    return pd.api.types.union_categoricals(words)


def _without_blank_lines(frame):
    """The table without lines that have no number: a slice where they are at the ends."""
    filled = np.zeros(len(frame), dtype=bool)
    for name in frame.select_dtypes("number"):
        filled |= frame[name].notna().to_numpy()
    if filled.all():
        return frame
    if not filled.any():
        return frame.iloc[:0]
    first, last = int(np.argmax(filled)), len(filled) - int(np.argmax(filled[::-1]))
    frame, filled = frame.iloc[first:last], filled[first:last]
    return frame if filled.all() else frame[filled]
