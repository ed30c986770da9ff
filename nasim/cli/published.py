"""The commands that meet the published numbers: compare with them, fit to them."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..files import check_folder
from ..terminal import Bar, Json, SetOption, console, told
from .figures import save, without_windows
from .outcome import deliver


def scorecard(
    rows: Annotated[list[str] | None, typer.Argument(help="Ids of published rows; default all.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default one a processor.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and the figures.")] = None,
    sensitivities: Annotated[bool, typer.Option(help="Show what the headline rows hang on instead.")] = False,
    as_json: Json = False,
):
    """Every published number against the model: target, computed, verdict. Exit code 0 whatever the verdicts."""
    from ..evidence import scorecard as compare
    from ..results import report

    if sensitivities:
        from ..evidence.sensitivity import HEADLINE, ledger, notable

        table = ledger(tuple(rows or HEADLINE))
        if as_json:
            print(json.dumps({"ledger": report.plain(table.to_dict("records"))}))
            return
        text = f"assumed, and moving a row by more than 5 %:\n{notable(table).to_string()}\n\n{table.to_string()}"
        told(text)
        return

    if out is not None:
        check_folder(out)
    with Bar("runs", None, sys.stderr.isatty() and not as_json) as progress:
        scores = compare(*(rows or ()), workers=workers, progress=progress.label)

    def show():
        console().print(report.score_table(scores))
        for line in report.score_lines(scores):
            told(line)

    as_object = (lambda: report.plain(scores.as_record())) if as_json else None
    deliver(out, lambda: _write_scores(scores, out), as_object, show)


def _write_scores(scores, out):
    from ..files import write_whole

    without_windows()
    write_whole(out / "scorecard.csv", lambda part: scores.table.to_csv(part, index=False))
    for label, axes in scores.figures().items():
        name = "".join(letter if letter.isalnum() else "_" for letter in label)
        save(axes, out / f"{name}.png", dpi=110)


def calibrate(
    set: SetOption = "Yuan2025_NAS",
    stages: Annotated[list[str] | None, typer.Option("--stage", help="Only this stage (repeatable).")] = None,
    seconds: Annotated[float, typer.Option(help="Wall time a stage may take.")] = float("inf"),
    explore: Annotated[float, typer.Option(help="Wall time of a global search before, in s.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the global search.")] = 1,
    checkpoint: Annotated[Path | None, typer.Option(help="File that keeps which stages are done.")] = None,
    dry_run: Annotated[bool, typer.Option(help="Do not rewrite the set.")] = False,
    as_json: Json = False,
):
    """Fit the fitted parameters of a set to the published rows again, and write them into its file."""
    from ..evidence.calibration import calibrate as fit
    from ..results.plain import plain

    def tell(stage, outcome):
        print(f"{stage}: {outcome}", file=sys.stderr)

    options = {"seconds": seconds, "explore_seconds": explore, "seed": seed, "checkpoint": checkpoint}
    table = fit(set, stages, write=not dry_run, progress=tell, **options)
    print(json.dumps(plain(table), indent=None if as_json else 1))
