"""The command ``nasim study``: a design question, answered in a sentence with its numbers and a figure."""

import sys
from math import prod
from typing import Annotated

import typer

from ..errors import ProtocolError
from ..files import check_folder, write_whole
from ..terminal import Bar, Json, Out, SetOption, as_text, console, told
from .figures import save, without_windows
from .outcome import deliver
from .values import numbers

Axis = Annotated[
    list[str] | None,
    typer.Option(metavar="AXIS=V,V,...", help='Values of an axis, "pressure_MPa=20,125" (repeatable).'),
]


def study(
    question: Annotated[str, typer.Argument(help="pressure-current, energy, cut-off or temperature.")],
    set: SetOption = "Yuan2025_NAS",
    axis: Axis = None,
    cycles: Annotated[int | None, typer.Option(metavar="NUMBER", help="Cycles of each point.")] = None,
    out: Out = None,
    as_json: Json = False,
):
    """A design question, answered in a sentence with its numbers and a figure."""
    from ..sweep.questions import QUESTIONS, ask

    if out is not None:
        check_folder(out)
    axes = _axes(axis or [])
    known = QUESTIONS[question].axes if question in QUESTIONS else {}
    total = prod(len(values) for values in {**known, **axes}.values())
    with Bar("points", total, sys.stderr.isatty() and not as_json) as progress:
        found = ask(question, set, axes, cycles, progress.step)

    def write():
        assert out is not None  # is called where there is a folder
        without_windows()
        write_whole(out / "points.csv", lambda part: found.table.to_csv(part, index=False))
        save(found.plot(), out / "figure.png")

    def as_object():
        from ..results.plain import plain

        answer = {"question": found.question.text, "answer": found.sentence}
        return plain(answer | {"points": found.table.to_dict("records")})

    deliver(out, write, as_object if as_json else None, lambda: _show(found))


def _axes(texts):
    axes = {}
    for text in texts:
        name, equals, values = text.partition("=")
        if not equals:
            raise ProtocolError(f"--axis takes AXIS=VALUE,VALUE,...; '{text}' was given.")
        axes[name.strip()] = numbers("--axis", [values])
    return axes


def _show(found):
    from rich.table import Table

    view = Table(title=as_text(found.question.text))
    shown = [name for name in found.table if name != "reason"]
    for name in shown:
        view.add_column(name, justify="right")
    for _, row in found.table.iterrows():
        view.add_row(*(f"{row[name]:.4g}" for name in shown))
    console().print(view)
    told(found.sentence)
    for reason in dict.fromkeys(filter(None, found.table["reason"])):
        told(f"note: {reason}")
