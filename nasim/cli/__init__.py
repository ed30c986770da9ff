"""The command line: parses, calls, prints. The words are those of the Python names."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..collector import seldom
from ..errors import ProtocolError
from ..terminal import as_text, console
from .cell import cell_command
from .ending import ended
from .experiments import run
from .inquiries import explain, next_experiment
from .measured import fit
from .predict import predict
from .published import calibrate, scorecard
from .questions import study
from .reading import read
from .studies import pore, window
from .sweep import sweep
from .usage import call
from .verification import verify

app = typer.Typer(
    help="Simulate solid-state sodium-sulfur cells from their physics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(run, name="run")
app.add_typer(predict, name="predict")


def _version(wanted: bool):
    """Print the versions that a report of something wrong should hold, and end."""
    if wanted:
        from ..results.installed import versions

        print("\n".join(f"{name} {number}" for name, number in versions().items()))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show versions, for bug reports, and exit."),
    ] = False,
):
    """Take the options that stand before a command."""


def sets(name: Annotated[str | None, typer.Argument(help="Show every value of this set.")] = None):
    """List the parameter sets, or every value of one with its source."""
    from rich.table import Table

    from ..parameters import available, load
    from ..results.report import set_table

    screen = console()
    if name is not None:
        screen.print(set_table(load(name)))
        return
    table = Table(title="Parameter sets")
    table.add_column("name", no_wrap=True)
    table.add_column("what")
    for known in available():
        table.add_row(known, as_text(load(known).title))
    screen.print(table)


def lab(
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 2718,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    export: Annotated[
        Path | None, typer.Option(help="Write a page that computes by itself into this folder, instead of serving one.")
    ] = None,
    parameters: Annotated[
        list[str] | None, typer.Option(help="With --export: a parameter set of the page, by name or file; repeatable.")
    ] = None,
):
    """The virtual lab: a page with sliders for the cell and its cycling, served here or written as a file."""
    if export is not None:
        from ..lab.export import export as write

        path = write(export, parameters or ())
        console().print(as_text(f"{path} (open it in a browser)"), soft_wrap=True)
        return
    if parameters:
        raise ProtocolError("lab: --parameters belongs to --export; the served page has every cell.")
    from ..lab import main as serve

    serve(port, browser)


app.command(
    "cell", epilog="Example: nasim cell --sulfur-loading 1 --ratio 30 20 50 --separator-thickness 50 --n-to-p 2"
)(cell_command())
for command in (sets, study, scorecard, read, fit, explain, sweep, pore, window, lab, calibrate, verify):
    app.command()(command)
app.command("next")(next_experiment)


def main():
    """Entry point of the ``nasim`` command: a user's mistake ends with one paragraph and exit code 2."""
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    seldom()
    sys.exit(ended(_command))


def _command():
    """Run the command line; an empty text, as of a variable of the shell that is not set, is never meant."""
    if "" in sys.argv[1:]:
        before = sys.argv[sys.argv.index("", 1) - 1]
        raise ProtocolError(f"An empty text was given after '{before}'; expected a value, or no option at all.")
    call(app)
