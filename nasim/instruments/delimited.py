"""Text tables: the columns that their header tells, those that the user names, and columns by number without a header."""

import re

from nasim.errors import DataFileError, brief, nearest
from nasim.instruments import labels
from nasim.instruments.headers import meaning_of, meanings, plain
from nasim.instruments.layout import delimiters_of, find_layout, layout_of, read_head, split_fields
from nasim.instruments.table import read_columns

TIMES = ("test time", "time", "step time", "clock")
SPARED = ((("test time",), "clock"), (("charge", "discharge"), "capacity"), (("net capacity",), "capacity"))
"""Columns that make another needless, which is not read: a date beside a test time, a counter of both directions."""
PARTS = ({"real", "imaginary"}, {"real", "minus imaginary"}, {"modulus", "phase"})
LONGEST_NUMBER = 7
"""Digits of the number of a column, at most."""
CAPACITIES = ("capacity", "specific capacity", "charge", "discharge", "net capacity")
BDF = (labels.REQUIRED["gcd"], ("test_time_second", "voltage_volt", "current_ampere"))
BDF += (labels.REQUIRED["impedance"], ("frequency_hertz", "real_impedance_ohm", "imaginary_impedance_ohm"))


def is_record_header(fields, units=None):
    """Whether these fields head records in time, or a spectrum.

    >>> is_record_header(["Time (s)", "Voltage (V)", "Current (mA)"]), is_record_header(["Voltage (V)", "Q (mAh)"])
    (True, False)
    """
    found = set(meanings(fields, units))
    if "frequency" in found:
        return any(parts <= found for parts in PARTS)
    return {"voltage", "current"} <= found and bool(found & set(TIMES))


def is_bdf_header(fields):
    """Whether these fields are a header of the Battery Data Format, by preferred labels or machine names."""
    return any(set(needed) <= set(fields) for needed in BDF)


def read_table(path, columns=None, units=None, delimiter=None, decimal=None, is_header=is_record_header):
    """Read the columns of a text table that have a meaning.

    Parameters
    ----------
    path : path-like
    columns : dict, optional
        What the user names: see `nasim.read`. They go before what the headers say.
    units : dict, optional
        Header or quantity -> unit, for headers without one.
    delimiter, decimal : str, optional
    is_header : callable
        Whether fields are the header, where the user names no columns.

    Returns
    -------
    raw : pandas.DataFrame
        Columns named by quantity, in their units.
    found : dict of str to Meaning
        What each of them is.
    notes : list of str

    Raises
    ------
    DataFileError
        No line is such a header; a column has no unit where one is needed; a field is no number.
    """
    check_words(columns, units, delimiter, decimal)
    units = units or {}
    if columns:
        layout, found = _named(path, columns, units, delimiter, decimal)
    else:
        layout = _layout(path, is_header, units, delimiter, decimal)
        layout, units = _units_below(path, layout, units)
        found = meanings(layout.header, units)
        for better, worse in SPARED:
            if set(better) <= set(found):
                found.pop(worse, None)
    check_units(path, found)
    raw = read_columns(path, layout, {name: meaning.column for name, meaning in found.items()})
    used = {meaning.header for meaning in found.values()}
    left = [field for field in layout.header if field and field not in used]
    return raw, found, [f"columns not read: {', '.join(left)}"] if left and not columns else []


def check_words(columns, units, delimiter, decimal):
    """Raise `DataFileError` unless each is None or what `nasim.read` says."""
    for name, value, kind, expected in (
        ("columns", columns, dict, "a dict of label to header"),
        ("units", units, dict, "a dict of header to unit"),
        ("delimiter", delimiter, str, "a text"),
        ("decimal", decimal, str, "a text"),
    ):
        if not isinstance(value, kind | None):
            raise DataFileError(f"{name}={brief(value)}: expected {expected}.")


def _layout(path, is_header, units, delimiter, decimal):
    expected = [labels.VOLTAGE, labels.TIME, labels.CURRENT]
    return find_layout(path, lambda fields: is_header(fields, units), expected, delimiter, decimal)


def _units_below(path, layout, units):
    """Layout and units of a table that has a line of units below its header."""
    below = {
        head: unit for head, unit in zip(layout.header, layout.record, strict=False) if unit and not _is_number(unit)
    }
    told = {
        head: unit for head, unit in below.items() if getattr(meaning_of(head, plain(unit).strip("()[]")), "unit", "")
    }
    if len(told) < 2 or any(_is_number(field) for field in layout.record):
        return layout, units
    at = layout.header_line + layout.blank + 1
    lines = read_head(path)[at:]
    told = {head: plain(unit).strip("()[]") for head, unit in told.items()}
    return layout_of(
        path, layout.header, at, layout.delimiter, lines, layout.decimal if layout.decimal_told else None
    ), told | units


def _named(path, columns, units, delimiter, decimal):
    """Layout of the table whose header has all columns that the user names, and their meanings."""
    told = {label: _told(label, column, units) for label, column in columns.items()}
    headers = [meaning.header for meaning in told.values()]
    if all(header.isdecimal() and len(header) < LONGEST_NUMBER and int(header) for header in headers):
        layout = _without_header(path, headers, delimiter, decimal)
    else:
        layout = find_layout(path, lambda fields: set(headers) <= set(fields), headers, delimiter, decimal)
    return layout, {meaning.quantity: meaning for meaning in told.values()}


def _told(label, column, units):
    """Meaning of a column that the user named: its factor, else the unit in its header, else that of the label."""
    given = (column, None) if isinstance(column, str | int) else column
    if not isinstance(given, tuple | list) or len(given) != 2:
        raise DataFileError(f"columns: {label!r} is {brief(column)}; expected a header, or (header, factor).")
    header, factor = given
    header = str(header).strip()
    wanted = meaning_of(label)
    if wanted is None:
        raise DataFileError(f"columns: {label!r} is no column label.", nearest(label, labels.LABEL_OF.values()))
    if factor is not None:
        return wanted.replaced(header, float(factor))
    own = meaning_of(header, units.get(header))
    if own is not None and own.unit and own.quantity == wanted.quantity:
        return own
    return wanted.replaced(header, wanted.factor)


def _without_header(path, headers, delimiter, decimal):
    """Layout of a table whose columns go by number, from 1: it begins with the first line that has a number in each."""
    lines = read_head(path)
    for number, line in enumerate(lines):
        for mark in [delimiter] if delimiter else delimiters_of(line):
            fields = split_fields(line, mark)
            if len(fields) >= max(map(int, headers)) and all(_is_number(fields[int(k) - 1]) for k in headers):
                names = [str(k) for k in range(1, len(fields) + 1)]
                return layout_of(path, names, number, mark, lines[number:], decimal)
    raise DataFileError(f"{path}: no line has numbers in the columns {', '.join(headers)}.")


def _is_number(field):
    return re.fullmatch(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?", field) is not None


def check_units(path, found):
    """Raise `DataFileError` where the current has no unit."""
    current = found.get("current")
    if current is not None and not current.unit:
        raise DataFileError(
            f"{path}: the header {current.header!r} has no unit, and none can be guessed for a current; give it, as in"
            f" units={{{current.header!r}: 'mA'}} or --unit '{current.header}=mA'."
        )
