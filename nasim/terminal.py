"""What the commands share: their common options, the console, and a bar while something runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from .errors import printable
from .progress import Bar as Bar

SetOption = Annotated[
    str, typer.Option("--set", metavar="NAME|FILE", help="Parameter set: a name, or the path of a TOML file.")
]
Current = Annotated[float | None, typer.Option("--current", metavar="MA_CM2", help="Current density in mA cm-2.")]
Window = Annotated[tuple[float, float] | None, typer.Option(metavar="LOW HIGH", help="Lower and upper cut-off in V.")]
Pressure = Annotated[
    float | None,
    typer.Option(metavar="MPA", help="Stack pressure in MPa; default that of the set (250 for those shipped)."),
]
Temperature = Annotated[
    float | None,
    typer.Option(metavar="DEGC", help="Temperature in degC; default that of the set (25 for those shipped)."),
]
Override = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help='A value of the set, "NAME=VALUE" (repeatable).')
]
Out = Annotated[Path | None, typer.Option(metavar="FOLDER", help="Folder for figure and data.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
DesignText = Annotated[
    str | None,
    typer.Option("--design", metavar="TEXT", help="Design quantities of nasim cell, 'sulfur-loading=1 ratio=12:8:80'."),
]
Format = Annotated[str, typer.Option(metavar="png|pdf|svg", help="Format of figures.")]
Style = Annotated[str, typer.Option(metavar="screen|paper|slides", help="Look of figures.")]
Width = Annotated[str, typer.Option(metavar="single|double", help="Columns of a page that a figure is as wide as.")]
Rows = Annotated[str, typer.Option(metavar="all", help="Show all rows of a long table.")]
Resample = Annotated[
    int | None,
    typer.Option(metavar="POINTS", help="Also write curves_even.csv, even in capacity, so many points a step."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on from the checkpoint in --out.")]
Cycles = Annotated[int, typer.Option(help="Number of cycles.")]


def console():
    """Standard output as a rich console; wide where it goes to a file."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 200)


def as_text(value):
    """Return a cell or title of a rich table that shows `value` as it is: no markup, no control characters."""
    from rich.text import Text

    return Text(printable(value))


def told(line):
    """Print a line of text on standard output, whatever it looks like: no markup, no control characters."""
    console().print(printable(line), highlight=False, markup=False)
