"""Fields of text into numbers: decimal commas, times of day and dates, as instruments write them.

Every function takes what pandas made of one column in one chunk and gives a float array (n,) with NaN for empty fields,
and a mask (n,) of the fields that are no such value.
"""

import numpy as np
import pandas as pd

DATE_FORMATS = (
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d-%b-%Y",
    "%Y.%m.%d",
)
CLOCK_FORMATS = (" %H:%M:%S.%f", " %H:%M:%S", "T%H:%M:%S.%f", "T%H:%M:%S", " %I:%M:%S %p", " %H:%M", " %I:%M:%S.%f %p")


def numbers(values, decimal="."):
    """Numbers with either decimal mark; where a field has both marks, the first separates thousands.

    With `decimal` "." a comma alone is no number, with "," a full stop still is a decimal mark.

    >>> numbers(pd.Series(["1,5", "-2e-3", "1.234,5", ""]), ",")[0].tolist()
    [1.5, -0.002, 1234.5, nan]
    """
    if values.dtype.kind in "iufb":
        return values.to_numpy(dtype=float), np.zeros(len(values), dtype=bool)
    text = values.astype(str).str.strip()
    empty = (values.isna() | (text == "") | text.isin(["-", "--", "N/A", "nan", "NaN"])).to_numpy(dtype=bool)
    if _thousands(text):
        text = text.str.replace(",", "", regex=False)
    elif decimal == ",":
        text = text.where(~text.str.contains(r"\..*,"), text.str.replace(".", "", regex=False))
        text = text.str.replace(",", ".", regex=False)
    else:
        text = text.where(~text.str.contains(r",.*\."), text.str.replace(",", "", regex=False))
    found = np.asarray(pd.to_numeric(text.where(~empty), errors="coerce"), dtype=float)
    return found, np.isnan(found) & ~empty


def _thousands(text):
    """Whether commas in a column separate thousands: all stand before three digits, and there are full stops too."""
    commas = text[text.str.contains(",", regex=False)]
    grouped = commas.str.fullmatch(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?").all()
    return len(commas) > 0 and grouped and text.str.contains(".", regex=False).any()


def times(values, decimal="."):
    """Seconds: numbers as they are, clocks "h:mm:ss.sss", "1d 02:03:04" or "mm:ss" added up, dates since 1970.

    >>> times(pd.Series(["30:00:50.500", "1d 00:00:01"]))[0].tolist()
    [108050.5, 86401.0]
    """
    if values.dtype.kind in "iuf":
        return values.to_numpy(dtype=float), np.zeros(len(values), dtype=bool)
    if values.dtype.kind == "M":
        return (values - pd.Timestamp(0)).dt.total_seconds().to_numpy(), values.isna().to_numpy()
    text = values.astype(str).str.strip()
    empty = (values.isna() | (text == "")).to_numpy(dtype=bool)
    first = text[~empty].iloc[0] if (~empty).any() else ""
    if ":" not in first:
        return numbers(values, decimal)
    filled = text.where(~empty, "0:0:0")
    found = _dates(filled) if is_date(first) else _clocks(filled.str.replace(",", ".", regex=False))
    found = np.where(empty, np.nan, found)
    return found, np.isnan(found) & ~empty


def is_date(text):
    """Whether a field begins with a date.

    >>> is_date("03/04/2026 09:00:00"), is_date("1d 00:00:01"), is_date("12:00:00")
    (True, False, False)
    """
    head = text.split(":")[0]
    return sum(head.count(mark) for mark in "/.-") >= 2


def _clocks(text):
    """Seconds of "h:mm:ss.sss" with days before them, if any; NaN where a field is no clock."""
    parts = text.str.extract(r"^(?:(\d+)\s*[dD\-]?[a-z]*\s+|(\d+)[dD\-])?(?:(\d+):)?(\d+):(\d+(?:[.:]\d*)?)$")
    days, other, hours, minutes = (np.nan_to_num(numbers(parts[k])[0]) for k in range(4))
    return (
        86400 * (days + other) + 3600 * hours + 60 * minutes + numbers(parts[4].str.replace(":", ".", regex=False))[0]
    )


def clocks_in(block, ends, place):
    """Seconds of a column of "h:mm:ss" or "h:mm:ss.sss", straight from the bytes of a block; None for any other column.

    Parameters
    ----------
    block : bytes
    ends : array (records, fields)
        Where each field ends.
    place : int
        The column.
    """
    characters = np.frombuffer(block, dtype=np.uint8)
    begin = ends[:, place - 1] + 1 if place else np.concatenate([[0], ends[:-1, -1] + 1])
    length, out = ends[:, place] - begin, np.empty(len(ends))
    for size in np.unique(length):
        here = np.flatnonzero(length == size)
        found = _of_one_shape(characters[begin[here][:, None] + np.arange(size)]) if size else None
        if found is None:
            return None
        out[here] = found
    return out


def _of_one_shape(figures):
    """Seconds of clocks, characters (n, size), that have their marks at the same places, else None."""
    marks = [k for k, byte in enumerate(figures[0]) if not 48 <= byte <= 57]
    if bytes(figures[0, marks]) not in (b"::", b"::.") or (figures[:, marks] != figures[0, marks]).any():
        return None
    out, starts, stops = np.zeros(len(figures)), [0, *(k + 1 for k in marks)], [*marks, figures.shape[1]]
    for start, stop, scale in zip(starts, stops, (3600.0, 60.0, 1.0, None), strict=False):
        weights = 10.0 ** np.arange(stop - start - 1, -1, -1) if scale else 0.1 ** np.arange(1, stop - start + 1)
        for k, weight in zip(range(start, stop), weights * (scale or 1.0), strict=True):
            digit = figures[:, k] - np.uint8(48)
            if (digit > 9).any():
                return None
            out += weight * digit
    return out


def _dates(text):
    """Seconds since 1970 of dates with times; of the readings that fit all, that with the shortest span which rises."""
    best, shortest = np.full(len(text), np.nan), np.inf
    for date in DATE_FORMATS:
        for clock in CLOCK_FORMATS:
            if pd.isna(pd.to_datetime(text.iloc[0], format=date + clock, errors="coerce")):
                continue
            stamps = pd.to_datetime(text, format=date + clock, errors="coerce")
            seconds = (stamps - pd.Timestamp(0)).dt.total_seconds().to_numpy(dtype=float)
            span = np.inf if np.isnan(seconds).any() else np.ptp(seconds) + 1e9 * (np.diff(seconds) < 0).any()
            if span < shortest:
                best, shortest = seconds, span
    if np.isinf(shortest):
        stamps = pd.to_datetime(text, format="ISO8601", errors="coerce", utc=True)
        best = ((stamps - pd.Timestamp(0, tz="UTC")).dt.total_seconds()).to_numpy(dtype=float)
    return best
