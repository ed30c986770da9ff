"""The wanted columns of a text file, block by block, so that a long file needs little memory and two processors."""

import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments.layout import check_fields
from nasim.instruments.values import clocks_in

BLOCK_BYTES = 1 << 21
WORKERS = 2
"""Blocks that are parsed at a time; pandas lets go of the interpreter meanwhile."""


def count_lines(path):
    """Line breaks in a file."""
    with open(path, "rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(BLOCK_BYTES), b""))


def _blocks(path, layout):
    """(block of whole lines, number of its first line, whether it is the last) of the records of a file."""
    line, rest = layout.header_line + layout.blank + 1, b""
    with open(path, "rb") as stream:
        for _ in range(line - 1):
            stream.readline()
        while True:
            fresh = stream.read(BLOCK_BYTES)
            rest += fresh
            cut = rest.rfind(b"\n") + 1 if fresh else len(rest)
            block = rest[:cut]
            if fresh and block.count(b'"') % 2:  # a quoted field goes on
                continue
            if block:
                yield block, line, not fresh
            if not fresh:
                return
            line += block.count(b"\n")
            rest = rest[cut:]


def chunks_of(path, layout, wanted):
    """The wanted columns block by block; a thread parses the next block meanwhile."""
    at = {layout.header.index(column.header): column.form for column in wanted.values()}
    kinds = {place: "category" for place, form in at.items() if form == "word"}
    kinds |= {place: object for place, form in at.items() if form == "time" and ":" in layout.field(place)}

    def parse(block, line, last):
        ends = check_fields(path, layout, block, line, last)
        clocks = {} if ends is None else {k: clocks_in(block, ends, k) for k, kind in kinds.items() if kind is object}
        clocks = {place: seconds for place, seconds in clocks.items() if seconds is not None}
        places = sorted(set(at) - set(clocks))
        try:
            chunk = pd.read_csv(
                BytesIO(block),
                sep=layout.delimiter,
                decimal=layout.decimal,
                header=None,
                names=range(max(layout.fields, max(at) + 1)),
                index_col=False,
                usecols=places,
                dtype=kinds,
                skip_blank_lines=False,
                encoding_errors="surrogateescape",
                low_memory=False,
            )
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError, ValueError) as error:
            raise DataFileError(f"{path}: {_stray(error, line)}") from error
        for place, seconds in clocks.items():
            if len(seconds) != len(chunk):
                raise DataFileError(
                    f"{path}: from line {line} on, {len(seconds)} lines hold {len(chunk)} records; is there a stray quote or"
                    " line end?"
                )
            chunk[place] = seconds
        chunk.index = pd.RangeIndex(line, line + len(chunk))
        return chunk

    with ThreadPoolExecutor(WORKERS) as pool:
        waiting = deque()
        for block in _blocks(path, layout):
            waiting.append(pool.submit(parse, *block))
            if len(waiting) > WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _stray(error, line):
    """What is wrong with the fields of a block that begins with a line."""
    open_in = re.search(r"EOF inside string starting at row (\d+)", str(error))
    if open_in:
        return f"the quotation that begins in line {line + int(open_in[1])} has no end; expected quotes in pairs."
    return f"the lines from {line} on cannot be split; expected as many fields in each as the header has, and quotes in pairs."
