"""The command ``nasim sweep``: parses, calls, prints."""

from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ProtocolError
from ..files import DAMAGED, MEGABYTE, alone_in, check_folder, reason, regular
from ..nomenclature.columns import HEADINGS, as_shown
from ..protocols import PROTOCOLS, protocol_class
from ..sweep.names import NOT_VARIED, words
from ..terminal import Current, Json, Out, Override, Pressure, Resume, Temperature, Window, as_text, console, told
from .figures import save, without_windows
from .outcome import deliver

Over = Annotated[
    list[str] | None,
    typer.Option(help='What is varied: "stack pressure [MPa]=20,125,250" (repeatable, all combinations).'),
]
Design = Annotated[Path | None, typer.Option(help="CSV with a row a point, instead of --over.")]
Shard = Annotated[str | None, typer.Option(help='Which part of the points, "2/8": every eighth from the second on.')]


def sweep(
    experiment: Annotated[str, typer.Argument(help=f"One of {', '.join(PROTOCOLS)}.")],
    over: Over = None,
    design: Design = None,
    set: Annotated[str | None, typer.Option("--set", help="Parameter set: a name, or a TOML file.")] = None,
    current: Current = None,
    window: Window = None,
    cycles: Annotated[int | None, typer.Option(help="Number of cycles.")] = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    override: Override = None,
    jobs: Annotated[int, typer.Option(help="Processes.")] = 1,
    cluster: Annotated[str | None, typer.Option(help="Address of a dask scheduler, instead of --jobs.")] = None,
    shard: Shard = None,
    out: Out = None,
    resume: Resume = False,
    as_json: Json = False,
):
    """An experiment at many points: conditions, settings of the experiment, parameters of the set."""
    from ..sweep.run import sweep as compute

    protocol = _experiment(experiment, {"current_mA_cm2": current, "window": window, "cycles": cycles})
    points = _points(over, design)
    for key in (
        key for key, value in (("current_mA_cm2", current), ("window", window), ("cycles", cycles)) if value is not None
    ):
        if {key.lower(), words(key).lower()} & {str(name).lower() for name in points}:
            raise ProtocolError(f"sweep: '{words(key)}' is varied, and given for all points; choose one.")
    if shard is not None:
        points = _part(points, shard)
    if out is not None:
        check_folder(out)
    options = {"stack_pressure_MPa": pressure, "temperature_C": temperature, "overrides": override}
    options |= {
        "checkpoint": out and out / "points.jsonl",
        "resume": resume,
        "executor": cluster or jobs,
        "stored": True,
    }
    with alone_in(out):
        outcome = compute(protocol, points, parameters=set, progress=False if as_json else None, **options)
        as_object = (lambda: _as_object(outcome)) if as_json else None
        deliver(out, lambda: _write(outcome, out), as_object, lambda: _print(outcome))


def _experiment(word, settings):
    """The protocol that a word stands for, with the settings that were given."""
    kind = protocol_class(word)
    given = {key: value for key, value in settings.items() if value is not None}
    known = [field.name for field in fields(kind) if field.name not in NOT_VARIED]
    for key in given:
        if key not in known:
            shown = ", ".join(f"'{words(name)}'" for name in known)
            raise ProtocolError(
                f"{kind.__name__} has no setting '{words(key)}'. Its settings, which --over takes, are {shown}."
            )
    return kind(**given)


def _points(over, design):
    if (design is None) == (not over):
        raise ProtocolError('sweep: give either --over "NAME=VALUE,VALUE,..." or --design FILE.csv.')
    if design is not None:
        return _table(design)
    points = {}
    for text in over:
        name, _, values = text.partition("=")
        if not values.strip() or name.strip() in points:
            raise ProtocolError(f"--over takes NAME=VALUE,VALUE,... with each name once; '{text}' was given.")
        points[name.strip()] = [_value(part.strip()) for part in values.split(",")]
    return points


def _part(points, shard):
    """Every n-th point from number i on, of a shard "i/n"."""
    from ..sweep.points import points_of

    first, _, of = shard.partition("/")
    if not (first.isdecimal() and of.isdecimal() and 1 <= int(first) <= int(of)):
        raise ProtocolError(
            f"sweep: a shard is a number of the shards that there are, such as --shard 1/4; '{shard}' was given."
        )
    known = points_of(points)
    return [dict(zip(known.names, row, strict=True)) for row in known.values[int(first) - 1 :: int(of)]]


def _table(path):
    import pandas

    from ..errors import DataFileError

    regular(path, "table of points", 100 * MEGABYTE)
    try:
        return pandas.read_csv(path)
    except DAMAGED as error:
        raise DataFileError(f"'{path}' cannot be read as a table of points: {reason(error)}") from None


def _value(text):
    """A whole number, a number, or the text itself."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _as_object(outcome):
    from ..results.plain import plain

    keys = ("experiment", "settings", "parameter_set", "conditions", "varied", "failed", "versions", "wall_time_s")
    return plain({key: outcome.record[key] for key in keys} | {"points": outcome.table.to_dict("records")})


def _write(outcome, out):
    without_windows()
    outcome.to_csv(out)
    outcome.to_netcdf(out / "sweep.nc")
    save(outcome.plot(), out / "figure.png")


def table(outcome):
    """Return a rich table with a row a point: varied values and the last cycle, without numbers where a point failed."""
    from rich.table import Table

    points, computed = outcome.table, [key for key in outcome.table.columns if key not in outcome.names]
    shown = [key for key in HEADINGS if key in computed and points[key].notna().any()]
    shown = shown or [key for key in computed if points[key].dtype.kind == "f"]
    view = Table(title=as_text(f"{outcome.record['experiment']} of {outcome.record['parameter_set']}"))
    for key in ("point", *outcome.names, *shown):
        view.add_column(as_text(HEADINGS.get(key, key)), justify="right")
    for number, row in points.iterrows():
        varied = (f"{row[key]:g}" if isinstance(row[key], int | float) else str(row[key]) for key in outcome.names)
        numbers = ("-" if row[key] != row[key] else as_shown(key, row[key]) for key in shown)
        view.add_row(str(number), *map(as_text, (*varied, *numbers)))
    return view


def _print(outcome):
    console().print(table(outcome))
    for number, row in outcome.failed.iterrows():
        told(f"point {number}: {row['reason']}")
