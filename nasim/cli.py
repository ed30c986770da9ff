"""The command line: parses, calls, prints. The words are those of the Python names."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from .errors import NasimError, SolveError

app = typer.Typer(
    help="Simulate solid-state sodium-sulfur cells from their physics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
run = typer.Typer(help="Run an experiment on a cell.", no_args_is_help=True)
app.add_typer(run, name="run")

SetOption = Annotated[str, typer.Option("--set", help="Parameter set: a name, or the path of a TOML file.")]
Current = Annotated[float | None, typer.Option("--current", help="Current density in mA cm-2.")]
Window = Annotated[tuple[float, float] | None, typer.Option(help="Lower and upper cut-off in V.")]
Pressure = Annotated[float | None, typer.Option(help="Stack pressure in MPa.")]
Temperature = Annotated[float | None, typer.Option(help="Temperature in degC.")]
Override = Annotated[list[str] | None, typer.Option(help='A value of the set, "NAME=VALUE" (repeatable).')]
Out = Annotated[Path | None, typer.Option(help="Folder for figure and data.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Cycles = Annotated[int, typer.Option(help="Number of cycles.")]


@run.command()
def gcd(
    set: SetOption = "Yuan2025_NAS",
    current: Current = None,
    window: Window = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    cycles: Cycles = 2,
    override: Override = None,
    out: Out = None,
    as_json: Json = False,
):
    """Galvanostatic charge-discharge: capacities, dQ/dV peaks, audit, figure."""
    from .experiments.gcd import GCD

    protocol = GCD(current_mA_cm2=current, cycles=cycles, window=window)
    _run(protocol, set, pressure, temperature, override, out, as_json, cycles)


@app.command()
def sets(name: Annotated[str | None, typer.Argument(help="Show every value of this set.")] = None):
    """List the parameter sets, or every value of one with its source."""
    from rich.console import Console
    from rich.table import Table

    from .parameters import available, load
    from .report import set_table

    console = Console(width=None if sys.stdout.isatty() else 200)
    if name is not None:
        console.print(set_table(load(name)))
        return
    table = Table(title="Parameter sets")
    table.add_column("name", no_wrap=True)
    table.add_column("what")
    for known in available():
        table.add_row(known, load(known).title)
    console.print(table)


def _run(protocol, set_name, pressure, temperature, override, out, as_json, cycles):
    """Run a protocol, write what was asked for, print the outcome."""
    if out is not None and out.exists() and not out.is_dir():
        raise NasimError(f"--out must be a folder; '{out}' is a file.")
    show = sys.stderr.isatty() and not as_json
    with _Progress(cycles, show) as progress:
        result = protocol.run(
            parameters=set_name,
            stack_pressure_MPa=pressure,
            temperature_C=temperature,
            overrides=override,
            progress=progress.step,
        )
    if out is not None:
        _write(result, out)
    if as_json:
        from .report import as_object

        print(json.dumps(as_object(result)))
        return
    _print(result, out)


def _print(result, out):
    from rich.console import Console

    from . import report
    from .published import marks

    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(report.cycle_table(result))
    published = marks(*report.identity(result))
    if published:
        console.print(report.comparison_table(report.computed_values(result), published))
    for line in report.lines(result):
        console.print(line, highlight=False)
    if out is not None:
        console.print(f"written to {out}: figure.png, summary.csv, curves.csv, record.json, result.nc", highlight=False)


def _write(result, out):
    import matplotlib

    matplotlib.use("Agg")
    from .experiments.result import write_whole
    from .published import marks
    from .report import identity

    result.to_csv(out)
    result.to_netcdf(out / "result.nc")
    axes = result.plot(published=marks(*identity(result)))
    figure = axes.ravel()[0].figure if hasattr(axes, "ravel") else axes[0].figure
    write_whole(out / "figure.png", lambda part: figure.savefig(part, dpi=150, bbox_inches="tight"))


class _Progress:
    """A bar on standard error while cycles run, when it is a terminal."""

    def __init__(self, total, show):
        self.total, self.show = total, show

    def __enter__(self):
        if self.show:
            from rich.console import Console
            from rich.progress import Progress

            self.bar = Progress(console=Console(stderr=True), transient=True)
            self.task = self.bar.add_task("cycles", total=self.total)
            self.bar.start()
        return self

    def step(self, number, row):
        if self.show:
            self.bar.update(self.task, completed=number)

    def __exit__(self, *failure):
        if self.show:
            self.bar.stop()


def main():
    """Entry point of the ``nasim`` command: a user's mistake ends with one paragraph and exit code 2."""
    os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")
    try:
        app(standalone_mode=True)
    except SolveError as error:
        print(f"nasim: {error}", file=sys.stderr)
        sys.exit(1)
    except NasimError as error:
        print(f"nasim: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
