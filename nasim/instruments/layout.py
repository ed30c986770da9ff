"""How a text file is laid out: its header line, delimiter and decimal mark, and whether every line keeps to that."""

import csv
from dataclasses import dataclass

import numpy as np

from nasim.errors import DataFileError, nearest

HEAD_BYTES = 1 << 18
BLOCK_BYTES = 1 << 20
DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Layout:
    """Where a text file has its header (line from 1) and how its fields and numbers are written."""

    header: tuple
    header_line: int
    delimiter: str
    decimal: str
    fields: int  # of the first record


def read_head(path):
    """First lines of a text file; raises `DataFileError` if the file is empty or not text."""
    with open(path, "rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip():
        raise DataFileError(f"{path}: the file is empty, expected a table of records.")
    if b"\0" in head:
        raise DataFileError(f"{path}: the file has zero bytes, expected text in UTF-8 or Latin-1 (UTF-16 is not read).")
    return [decode(line) for line in head.splitlines()]


def decode(line):
    """Text of one line of bytes: UTF-8 if it is that, else Latin-1."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("latin-1")


def find_layout(path, is_header, expected, delimiter=None, decimal=None):
    """Layout of a text file whose header is the first line for which `is_header(fields)` is true.

    Raises `DataFileError` when there is no such line; it names what the likeliest line lacks of the names `expected`.
    """
    lines = read_head(path)
    split = [split_fields(line, delimiter or delimiter_of(line)) for line in lines]
    for number, (line, fields) in enumerate(zip(lines, split, strict=True), start=1):
        if is_header(fields):
            record = next((text for text in lines[number:] if text.strip()), "")
            return layout_of(path, fields, number, delimiter or delimiter_of(line), record, decimal)
    found = [len(set(expected) & set(fields)) + bool(fields) / 2 for fields in split]
    likeliest = found.index(max(found))
    missing = [name for name in expected if name not in split[likeliest]]
    raise DataFileError(
        f"{path}: no header line with all of {list(expected)}; line {likeliest + 1} lacks {missing}, it begins with"
        f" {split[likeliest][:8]}.",
        nearest(missing[0], split[likeliest], n=1) if missing else "",
    )


def delimiter_of(line):
    """The delimiter that a line has most of."""
    return max(DELIMITERS, key=line.count)


def split_fields(line, delimiter):
    """Fields of one line, stripped, quotes removed."""
    return [field.strip() for field in next(csv.reader([line], delimiter=delimiter), [])]


def layout_of(path, header, header_line, delimiter, record, decimal=None):
    """Layout of a file from its header fields and its first record; checks that both have as many fields."""
    fields = split_fields(record, delimiter)
    given = len(fields) - (fields[-1:] == [""] and len(fields) > len(header))
    if record and not len(header) - 1 <= given <= len(header):
        hint = " A decimal comma in a comma-separated file?" if delimiter == "," and given > len(header) else ""
        raise DataFileError(
            f"{path}: the first record after line {header_line} has {given} fields, expected {len(header)} as in the"
            f" header.{hint}"
        )
    if decimal is None:
        decimal = "," if delimiter != "," and "," in record and "." not in record else "."
    return Layout(tuple(header), header_line, delimiter, decimal, len(fields))


def check_fields(path, layout):
    """Raise `DataFileError` if a line has more fields than the first record, or the unended last line fewer.

    Files with quotes are not counted here, since quoted fields may hold delimiters.
    """
    line = 1
    for counts, ended in _delimiter_counts(path, layout.delimiter):
        long = counts >= layout.fields
        long[: max(layout.header_line + 1 - line, 0)] = False
        if long.any():
            row = int(np.argmax(long))
            raise DataFileError(f"{path}: line {line + row} has {counts[row] + 1} fields, expected {layout.fields}.")
        line += len(counts)
        if not ended and counts[-1] < layout.fields - 1:
            raise DataFileError(
                f"{path}: line {line - 1}, the last, ends after {counts[-1] + 1} of {layout.fields} fields and without"
                " a line break. Is the file cut?"
            )


def _delimiter_counts(path, delimiter):
    """Delimiters in each line, (lines in the block,), and whether the last of them ended with a line break."""
    mark, carried = ord(delimiter), 0
    with open(path, "rb") as stream:
        while block := stream.read(BLOCK_BYTES):
            if b'"' in block:
                return
            characters = np.frombuffer(block, dtype=np.uint8)
            total = np.cumsum(characters == mark)
            ends = np.flatnonzero(characters == ord("\n"))
            counts = np.diff(total[ends], prepend=-carried)
            if len(ends):
                carried = 0
                yield counts, True
            carried += int(total[-1] - (total[ends[-1]] if len(ends) else 0))
    if carried:
        yield np.array([carried]), False
