"""The commands that meet the published numbers: compare with them, fit to them."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..files import check_folder
from ..terminal import Bar, Json, console, told
from .figures import save, without_windows
from .outcome import deliver


def scorecard(
    rows: Annotated[list[str] | None, typer.Argument(help="Ids of published rows; default all.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; default one a processor.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and the figures.")] = None,
    sensitivities: Annotated[bool, typer.Option(help="Show what the headline rows hang on instead.")] = False,
    leave_out: Annotated[bool, typer.Option("--leave-out", help="Refit without each group of rows instead.")] = False,
    group: Annotated[list[str] | None, typer.Option(help="Only this group (repeatable), with --leave-out.")] = None,
    draws: Annotated[int, typer.Option(help="Compute the bands anew, from so many draws, instead.")] = 0,
    exact: Annotated[bool, typer.Option("--exact", help="Derivatives of every step, with --leave-out.")] = False,
    store: Annotated[Path | None, typer.Option(help="File to go on from, with --leave-out and --draws.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Ship what --leave-out or --draws computed.")] = False,
    as_json: Json = False,
):
    """Every published number against the model: target, computed, verdict. Exit code 0 whatever the verdicts."""
    if sensitivities:
        _sensitivities(rows, as_json)
    elif leave_out:
        _leave_out(group, exact, workers, store, write, as_json)
    elif draws:
        _bands(rows, draws, workers, store, write, as_json)
    else:
        _scores(rows, workers, out, as_json)


def _scores(rows, workers, out, as_json):
    from ..evidence import scorecard as compare
    from ..results import report

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


def _sensitivities(rows, as_json):
    from ..evidence.sensitivity import HEADLINE, ledger, notable
    from ..results import report

    table = ledger(tuple(rows or HEADLINE))
    if as_json:
        print(json.dumps({"ledger": report.plain(table.to_dict("records"))}))
        return
    told(f"assumed, and moving a row by more than 5 %:\n{notable(table).to_string()}\n\n{table.to_string()}")


def _leave_out(groups, exact, workers, store, write, as_json):
    """Refit without each group; the table, or the rows as JSON."""
    from ..evidence import leave_out as crossed
    from ..results import report

    found = crossed.leave_out(groups, exact=exact, workers=workers, store=store, progress=_progress(as_json))
    said = crossed.counts(found)
    if as_json:
        print(json.dumps({"counts": said, "rows": report.plain([vars(each) for each in found])}))
    else:
        console().print(report.left_out_table(found))
        told(
            f"{said['near']} of {said['rows']} rows left out lie within twice their tolerance, {said['met']} within it; "
        )
        told(f"of the {said['fitted']} that the shipped fit sees, {said['fitted_near']} within twice")
    if write:
        _wrote(crossed.save(found))


def _bands(rows, draws, workers, store, write, as_json):
    """Compute the bands anew; as JSON, or a line a row."""
    from ..evidence import bands as banded
    from ..evidence.calibration import shipped_sets

    found = banded.bands(*(rows or ()), number=draws, workers=workers, store=store, progress=_progress(as_json))
    if as_json:
        print(json.dumps({id: vars(band) for id, band in found.items()}))
    for id, band in found.items() if not as_json else ():
        told(f"{id}: {band.yes if not band.low else list(zip(band.low, band.high, strict=True))}")
    if write:
        _wrote(banded.save(found, draws, shipped_sets()))


def _progress(as_json):
    return (lambda text: None) if as_json else (lambda text: print(text, file=sys.stderr))


def _wrote(path):
    print(f"wrote {path}", file=sys.stderr)


def _write_scores(scores, out):
    from ..files import write_whole

    without_windows()
    write_whole(out / "scorecard.csv", lambda part: scores.table.to_csv(part, index=False))
    save(scores.story(), out / "story.png", dpi=110)
    for label, axes in scores.figures().items():
        name = "".join(letter if letter.isalnum() else "_" for letter in label)
        save(axes, out / f"{name}.png", dpi=110)


def calibrate(
    stages: Annotated[list[str] | None, typer.Option("--stage", help="Only this stage (repeatable).")] = None,
    warm: Annotated[bool, typer.Option("--warm", help="Begin at the values of the sets, not at the priors.")] = False,
    seconds: Annotated[float, typer.Option(help="Wall time; the best values until then count.")] = float("inf"),
    seed: Annotated[int, typer.Option(help="Of the global search.")] = 1,
    iterations: Annotated[int, typer.Option(help="Most least-squares steps a stage.")] = 12,
    workers: Annotated[int | None, typer.Option(help="Processes; default one a processor.")] = None,
    store: Annotated[Path | None, typer.Option(help="File that remembers what was computed; go on from it.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Write the values into the shipped sets.")] = False,
    show: Annotated[bool, typer.Option("--stages", help="Show the fit, its stages and priors, and stop.")] = False,
    as_json: Json = False,
):
    """Fit the shipped sets to the published rows again, from a cold start; parameter_sets/published tells what to what."""
    from ..evidence import record
    from ..evidence.calibration import calibrate as fit

    if show:
        _show_plan(as_json)
        return
    options = {"cold": not warm, "seconds": seconds, "seed": seed, "iterations": iterations, "workers": workers}
    outcome = fit(None, stages, store=store, progress=_progress(as_json), **options)
    print(json.dumps(record.as_record(outcome), indent=None if as_json else 1))
    if write:
        for path in record.write(outcome):
            _wrote(path)


def _show_plan(as_json):
    """Print the fit: each stage with what it fits to what, each parameter with its prior."""
    from ..evidence.calibration import shipped_sets
    from ..evidence.stages import fit_plan

    plan = fit_plan(shipped_sets())
    if as_json:
        stages = {each.name: {"parameters": each.parameters, "rows": each.rows} for each in plan.stages}
        print(
            json.dumps({"stages": stages, "priors": {k: vars(p.prior) for k, p in plan.parameters.items() if p.prior}})
        )
        return
    for stage in plan.stages:
        told(f"{stage.name}: {len(stage.parameters)} parameters, {stage.numbers} numbers of {', '.join(stage.rows)}")
    for key, each in plan.parameters.items():
        if each.prior is None:
            continue
        sign = " x/ " if each.prior.is_log else " +- "
        told(f"{key}: {each.prior.centre:.4g}{sign}{each.prior.spread:.3g} ({each.prior.why})")
