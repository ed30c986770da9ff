"""How a text file is laid out: its header line, delimiter and decimal mark, and whether every line keeps to that."""

import csv
import re
from dataclasses import dataclass

import numpy as np

from nasim.errors import DataFileError, brief, nearest

HEAD_BYTES = 1 << 18
DELIMITERS = (",", ";", "\t")
BLANKS = r"\s+"
"""Delimiter of tables whose columns are set apart by blanks."""
SAMPLED_LINES = 400
CHINESE = re.compile("[电时循工步容记状充放静搁]")
"""Characters of which a Chinese header of a cycler has one."""
_COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?")
_POINT = re.compile(r"[+-]?\d*\.\d+(?:[eE][+-]?\d+)?")


@dataclass(frozen=True)
class Layout:
    """Where a text file has its header (line from 1) and how its fields and numbers are written."""

    header: tuple
    header_line: int
    delimiter: str
    decimal: str
    fields: int  # of the first record
    decimal_told: bool = False
    encoding: str = "utf-8"
    blank: int = 0  # lines between the header and the first record
    record: tuple = ()  # fields of the first record

    def field(self, place):
        """The first record's field in a column, "" where it has none."""
        return self.record[place] if place < len(self.record) else ""


def read_head(path):
    """First lines of a text file; raises `DataFileError` if the file is empty or not text."""
    with open(path, "rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip():
        raise DataFileError(f"{path}: the file is empty, expected a table of records.")
    if b"\0" in head:
        raise DataFileError(f"{path}: the file has zero bytes, expected text in UTF-8 or Latin-1 (UTF-16 is not read).")
    try:
        return head.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return [decode(line) for line in head.splitlines()]


def decode(line):
    """Text of one line of bytes: UTF-8 if it is that, GBK if that gives words of a cycler, else Latin-1."""
    return line.decode(encoding_of(line))


def encoding_of(line):
    """Encoding of one line of bytes.

    >>> encoding_of("电压(V)".encode("gbk")), encoding_of("Cur(\u00b5A)".encode("latin-1"))
    ('gbk', 'latin-1')
    """
    for encoding in ("utf-8-sig", "gbk"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "gbk" or CHINESE.search(text):
            return encoding
    return "latin-1"


def find_layout(path, is_header, expected, delimiter=None, decimal=None):
    """Layout of a text file whose header is the first line for which `is_header(fields)` is true.

    Raises `DataFileError` when there is no such line; it names what the likeliest line lacks of the names `expected`.
    """
    lines = read_head(path)
    for number, line in enumerate(lines, start=1):
        for mark in [delimiter] if delimiter else delimiters_of(line):
            fields = split_fields(line, mark)
            if is_header(fields):
                return layout_of(path, fields, number, mark, lines[number:], decimal)
    split = [split_fields(line, delimiter or delimiter_of(line)) for line in lines]
    found = [len(set(expected) & set(fields)) + bool(fields) / 2 for fields in split]
    likeliest = found.index(max(found))
    missing = [name for name in expected if name not in split[likeliest]]
    raise DataFileError(
        f"{path}: no header line with all of {list(expected)}; line {likeliest + 1} lacks {missing}, it begins with"
        f" {brief(split[likeliest][:8])}.",
        nearest(missing[0], split[likeliest], n=1) if missing else "",
    )


def delimiters_of(line):
    """The delimiters that a line may have, the likeliest first; blanks where it has no other."""
    there = sorted((mark for mark in DELIMITERS if mark in line), key=line.count, reverse=True)
    return [*there, BLANKS]


def delimiter_of(line):
    """The delimiter that a line has most of."""
    return max(DELIMITERS, key=line.count)


def split_fields(line, delimiter):
    """Fields of one line, stripped, quotes removed."""
    if delimiter == BLANKS:
        return line.split()
    try:
        return [field.strip() for field in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:  # a field beyond the limit of csv
        return [field.strip() for field in line.split(delimiter)]


def layout_of(path, header, header_line, delimiter, records, decimal=None):
    """Layout of a file from its header fields and its first records; checks that both have as many fields."""
    blank = next((k for k, text in enumerate(records) if text.strip()), 0)
    record = records[blank] if records else ""
    fields = split_fields(record, delimiter)
    given = len(fields) - (fields[-1:] == [""] and len(fields) > len(header))
    if record and not len(header) - 1 <= given <= len(header):
        hint = " A decimal comma in a comma-separated file?" if delimiter == "," and given > len(header) else ""
        raise DataFileError(
            f"{path}: the first record after line {header_line} has {given} fields, expected {len(header)} as in the"
            f" header.{hint}"
        )
    mark = decimal or ("." if delimiter == "," else decimal_of(records, delimiter))
    told = decimal is not None
    return Layout(tuple(header), header_line, delimiter, mark, len(fields), told, _encoding(path), blank, tuple(fields))


def decimal_of(records, delimiter):
    """The decimal mark that most fields of the first records have; dates have neither."""
    fields = [field for line in records[:SAMPLED_LINES] for field in split_fields(line, delimiter)]
    commas, points = (sum(bool(mark.fullmatch(field)) for field in fields) for mark in (_COMMA, _POINT))
    return "," if commas > points else "."


def _encoding(path):
    """Encoding of the words of a file: that of its first lines."""
    with open(path, "rb") as stream:
        head = stream.read(HEAD_BYTES)
    found = encoding_of(head[: head.rfind(b"\n") + 1])
    return "gbk" if found == "gbk" else "utf-8"


def check_fields(path, layout, block, line, last):
    """Check the records in a block of bytes: no more fields than the first record has, and the last line whole.

    Parameters
    ----------
    path : path-like
    layout : Layout
    block : bytes
        Whole lines, the first of them line `line` of the file. Lines with quotes are not counted, since quoted fields
        may hold delimiters.
    line : int
    last : bool
        Whether the file ends with this block.

    Returns
    -------
    numpy.ndarray or None
        Where in the block each field ends, (records, fields), where all records have as many fields.

    Raises
    ------
    DataFileError
        A line has more fields, or the unended last line fewer.
    """
    if layout.delimiter == BLANKS or b'"' in block:
        return None
    characters = np.frombuffer(block, dtype=np.uint8)
    ends, marks = np.flatnonzero(characters == ord("\n")), np.flatnonzero(characters == ord(layout.delimiter))
    unended = last and not block.endswith(b"\n")
    before = np.searchsorted(marks, np.append(ends, len(block)) if unended else ends)
    counts = np.diff(before, prepend=0)
    if (counts >= layout.fields).any():
        row = int(np.argmax(counts >= layout.fields))
        raise DataFileError(f"{path}: line {line + row} has {counts[row] + 1} fields, expected {layout.fields}.")
    if unended and counts[-1] < layout.fields - 1:
        raise DataFileError(
            f"{path}: line {line + len(counts) - 1}, the last, ends after {counts[-1] + 1} of {layout.fields} fields and"
            " without a line break. Is the file cut?"
        )
    if unended or (counts != layout.fields - 1).any():
        return None
    return np.column_stack([marks.reshape(len(ends), layout.fields - 1), ends])
