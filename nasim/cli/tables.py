"""Options that tell what the columns of a table are, shared by the commands that read one."""

from typing import Annotated

import typer

from ..errors import ProtocolError

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--columns",
        help='What a column is, "LABEL=HEADER", as "Voltage / V=Ecell/V" or "Step Type=state" (repeatable); a number'
        " is a column of a file without header.",
    ),
]
Unit = Annotated[
    list[str] | None, typer.Option("--unit", help='Unit of a header without one, "HEADER=mA" (repeatable).')
]
Delimiter = Annotated[str | None, typer.Option(help="What sets columns apart: ',', ';', 'tab' or 'blank'.")]
Decimal = Annotated[str | None, typer.Option(help="Decimal mark, '.' or ','.")]
DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "blank": r"\s+", "space": r"\s+"}


def table_arguments(columns=None, unit=None, delimiter=None, decimal=None):
    """Return the arguments of `nasim.read` for these options.

    Parameters
    ----------
    columns, unit : list of str, optional
        As on the command line.
    delimiter, decimal : str, optional

    Returns
    -------
    dict
        "columns", "units", "delimiter", "decimal"; None for what was not told.

    Raises
    ------
    ProtocolError
        A pair has no "=", or a mark is none.
    """
    if decimal not in (None, ".", ","):
        raise ProtocolError(f"--decimal {decimal!r}: expected '.' or ','.")
    mark = DELIMITERS.get(delimiter or "", delimiter)
    if mark is not None and mark != r"\s+" and len(mark) != 1:
        raise ProtocolError(f"--delimiter {delimiter!r}: expected one character, or one of {', '.join(DELIMITERS)}.")
    return {
        "columns": _pairs("--columns", columns),
        "units": _pairs("--unit", unit),
        "delimiter": mark,
        "decimal": decimal,
    }


def _pairs(option, given):
    """Dict of "NAME=VALUE" texts, None where there are none; the name ends at the first "="."""
    if not given:
        return None
    for text in given:
        if "=" not in text:
            raise ProtocolError(f'{option} "{text}": expected "NAME=VALUE".')
    return {name.strip(): value.strip() for name, _, value in (text.partition("=") for text in given)}
