"""The commands ``nasim predict ...``: the band of the numbers of an experiment, with the options of ``nasim run``."""

import sys
from typing import Annotated, Any

import typer

from ..files import alone_in, check_folder, write_whole
from ..terminal import Bar, Json, Out, as_text, console, told
from .experiments import asked, cell_of, cell_options, option, protocol_commands, with_options
from .figures import save, without_windows
from .outcome import deliver

Draws = Annotated[int, typer.Option(metavar="NUMBER", help="Draws of the parameters.")]
Seed = Annotated[int, typer.Option(metavar="NUMBER", help="Seed of the draws.")]
Jobs = Annotated[int, typer.Option(metavar="NUMBER", help="Processes.")]
Of = Annotated[str | None, typer.Option("--of", metavar="NAME", help="Number of the sentence and the figure.")]
Ranges = Annotated[bool, typer.Option(help="Also draw, from their ranges, values that the calibration does not cover.")]
Resume = Annotated[bool, typer.Option("--resume", help="Compute only the draws that --out does not hold.")]
SHOWN = 12
"""Rows of the table in a terminal."""


def _function_of(protocol):
    kinds: dict[str, tuple[Any, Any]] = cell_options(protocol) | {
        "draws": (Draws, 64),
        "seed": (Seed, 1),
        "ranges": (Ranges, True),
        "of": (Of, None),
        "jobs": (Jobs, 1),
        "out": (Out, None),
        "resume": (Resume, False),
        "as_json": (Json, False),
    }

    def execute(**given):
        more, shared = given.pop("more", None), {name: given.pop(name) for name in kinds}
        _perform(asked(protocol, given, more), cell_of(shared), shared)

    return with_options(execute, protocol, {name: option(name, *kind) for name, kind in kinds.items()})


def _perform(test, cell, shared):
    from ..evidence.prediction import predict as compute

    out, of = shared["out"], shared["of"]
    if out is not None:
        check_folder(out)
    with alone_in(out), Bar("draws", shared["draws"] + 1, sys.stderr.isatty() and not shared["as_json"]) as bar:
        found = compute(
            test,
            cell,
            draws=shared["draws"],
            seed=shared["seed"],
            stack_pressure_MPa=shared["pressure"],
            temperature_C=shared["temperature"],
            overrides=shared["override"],
            ranges=shared["ranges"],
            jobs=shared["jobs"],
            checkpoint=out and out / "draws.jsonl",
            resume=shared["resume"],
            progress=bar.step,
        )
        found.values(of)
    as_object = (lambda: found.as_object(of)) if shared["as_json"] else None
    deliver(out, lambda: _write(found, out, of), as_object, lambda: _show(found, of))


def _write(found, out, of):
    import json

    from ..files import write_text

    without_windows()
    write_whole(out / "draws.csv", lambda part: found.drawn.to_csv(part, index_label="draw"))
    write_whole(out / "numbers.csv", lambda part: found.table().to_csv(part, index=False))
    write_text(out / "prediction.json", json.dumps(found.as_object(of), indent=1))
    if found.headline:
        save(found.plot(of), out / "figure.png")


def _show(found, of):
    from rich.table import Table

    view = Table(title=as_text(f"{found.record['experiment']} of {found.record['parameter_set']}"))
    for heading in ("number", "value", "90 % band", "goes with (rank correlation)"):
        view.add_column(heading, overflow="fold")
    table = found.table()
    for row in table[:SHOWN].itertuples():
        band = f"{row.low:.4g} to {row.high:.4g}" if row.low == row.low else "-"
        most = f"{row.parameter} ({row.rank_correlation:+.2f})" if row.parameter else "-"
        view.add_row(as_text(row.number), f"{row.value:.4g}", band, as_text(most))
    console().print(view)
    if len(table) > SHOWN:
        told(f"{len(table) - SHOWN} more numbers in numbers.csv of --out, or with --json")
    for line in found.lines(of):
        told(line)


HELP = (
    "Predict the numbers of an experiment: value, 90 % band from what the parameter set does not know, and the parameter it "
    "hangs on. With --out each draw is written as it finishes, and --resume goes on."
)
predict = protocol_commands("predict", _function_of, HELP, "--draws 64")
