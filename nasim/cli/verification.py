"""The command that verifies the equations and their solution."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..terminal import Bar, Json, as_text, console, told

BROKEN = 1
"""Exit code where a check is broken."""


def verify(
    groups: Annotated[
        list[str] | None, typer.Argument(help="balances, numerics, symmetries, answers; default all.")
    ] = None,
    page: Annotated[Path | None, typer.Option(help="Write the page of the documentation to this file.")] = None,
    as_json: Json = False,
):
    """Balances, second law, orders of convergence, symmetries, closed forms: residuals and bounds; exit code 1 if one is broken."""
    from ..files import check_file, write_text
    from ..verification import verify as run

    if page is not None:
        check_file(page, "--page")
    with Bar("checks", None, sys.stderr.isatty() and not as_json) as progress:
        report = run(groups or (), lambda name: progress.step(0, name))
    if as_json:
        print(json.dumps(report.as_object()))
    else:
        console().print(table(report))
        for line in report.lines():
            told(line)
    if page is not None:
        write_text(page, report.as_markdown())
    if report.broken:
        raise typer.Exit(BROKEN)


def table(report):
    """Return a rich table with a row a check."""
    from rich.table import Table

    view = Table(title="Residuals and their bounds")
    for heading in ("group", "check", "case", "residual", "bound", ""):
        view.add_column(heading, justify="right" if heading in ("residual", "bound") else "left")
    for each in report.checks:
        numbers = (f"{each.residual:.1e}", f"{each.bound:.2g}")
        verdict = "[green]holds[/]" if each.holds else "[red]broken[/]"
        view.add_row(*map(as_text, (each.group, each.name, each.case, *numbers)), verdict)
    return view
