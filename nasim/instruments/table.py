"""Delimited text into a table, in chunks and only the columns wanted, keeping the line number of every record."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nasim.errors import DataFileError, brief
from nasim.instruments.blocks import chunks_of, count_lines
from nasim.instruments.values import numbers, times


@dataclass(frozen=True)
class Column:
    """A column to read: its header in the file, a factor to the unit wanted, and "number", "count", "time" or "word"."""

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
    return parsed(path, layout, wanted, chunks_of(path, layout, wanted), count_lines(path) - layout.header_line + 1)


def parsed(path, layout, wanted, chunks: Iterator[pd.DataFrame], most: int | None = None):
    """The table of `read_columns` from chunks whose columns are numbered as the fields of `layout.header`.

    `most` is the number of records at most, if it is known.
    """
    parts = {name: _Parts(most) for name in wanted}
    rows = 0
    for chunk in chunks:
        for name, column in wanted.items():
            values = chunk[layout.header.index(column.header)]
            parts[name].add(_PARSERS[column.form](values, column, layout, path))
        rows += len(chunk)
    if rows == 0:
        raise DataFileError(f"{path}: no records after the header in line {layout.header_line}.")
    columns = {name: parts.pop(name).joined() for name in wanted}
    first = layout.header_line + layout.blank + 1
    frame = pd.DataFrame(columns, index=pd.RangeIndex(first, first + rows, name="line"), copy=False)
    return _without_blank_lines(frame)


class _Parts:
    """The parts of one column, put one behind the other: numbers in place, where their number is known."""

    def __init__(self, most):
        self.most, self.whole, self.filled, self.words = most, None, 0, []

    def add(self, part):
        if self.most is None or not isinstance(part, np.ndarray) or self.words:
            self.words.append(part)
            return
        if self.whole is None:
            self.whole = np.empty(self.most, dtype=part.dtype)
        elif self.whole.dtype != part.dtype and self.whole.dtype.kind != "f":
            self.whole = self.whole.astype(float)
        beyond = self.filled + len(part) - len(self.whole)
        if beyond > 0:  # a carriage return alone ends a line for pandas
            self.whole = np.concatenate([self.whole, np.empty(beyond, dtype=self.whole.dtype)])
        self.whole[self.filled : self.filled + len(part)] = part
        self.filled += len(part)

    def joined(self):
        if self.whole is not None and not self.words:
            return self.whole[: self.filled]
        parts = self.words if self.whole is None else [self.whole[: self.filled], *self.words]
        if all(isinstance(part, np.ndarray) for part in parts):
            return parts[0] if len(parts) == 1 else np.concatenate(parts)
        words = [part if hasattr(part, "categories") else pd.Categorical(part.astype(str)) for part in parts]
        return pd.api.types.union_categoricals(words)


def _number(values, column, layout, path):
    found, bad = numbers(values, "." if layout.decimal_told and layout.decimal == "." else ",")
    _refuse(bad, values, column, layout, path, "a number")
    return found if column.factor == 1.0 else found * column.factor


def _time(values, column, layout, path):
    found, bad = times(values, ",")
    _refuse(bad, values, column, layout, path, "a time")
    return found if column.factor == 1.0 else found * column.factor


def _word(values, column, layout, path):
    """A category, or numbers where all words are numbers."""
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float)
    known = (values if values.dtype == "category" else values.astype(str).astype("category")).cat
    found = _as_numbers(known.categories)
    if found is not None:
        whole = (known.codes >= 0).all() and (found == np.round(found)).all()
        return found.astype(np.int32)[known.codes] if whole else np.append(found, np.nan)[known.codes]
    words = [_decoded(str(word).strip(), layout.encoding) for word in known.categories]
    names = list(dict.fromkeys(words))
    places = np.append([names.index(word) for word in words], -1)
    return pd.Categorical.from_codes(places[known.codes], names)


def _as_numbers(words):
    try:
        return np.array([float(str(word).replace(",", ".")) for word in words])
    except ValueError:
        return None


def _decoded(word, encoding):
    try:
        return word.encode("utf-8", "surrogateescape").decode(encoding)
    except UnicodeDecodeError:
        return word.encode("utf-8", "surrogateescape").decode("latin-1")


def _count(values, column, layout, path):
    """Whole numbers in half the memory, or numbers where they are none."""
    if values.dtype.kind == "i" and column.factor == 1.0 and abs(values).max() < 2**31:
        return values.to_numpy(dtype=np.int32)
    return _number(values, column, layout, path)


_PARSERS = {"number": _number, "count": _count, "time": _time, "word": _word}


def _refuse(bad, values, column, layout, path, wanted):
    if bad.any():
        row = int(np.argmax(bad))
        line = int(values.index[row])
        raise DataFileError(
            f"{path}: {column.header!r} in line {line} is {brief(values.iloc[row])}, expected {wanted}."
        )


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
