"""The commands of the studies beyond the cell."""

from typing import Annotated

import typer

from ..files import check_folder
from ..terminal import Json, Out, told
from .figures import save, without_windows
from .outcome import deliver


def pore(
    sigma: Annotated[list[float] | None, typer.Option(help="Conductivity in mS cm-1 (repeatable).")] = None,
    radius: Annotated[float, typer.Option(help="Radius of the pore in um.")] = 10.0,
    out: Out = None,
    as_json: Json = False,
):
    """Current along the anode interface beside a pore, for one or more conductivities (default NAS and NPS)."""
    from ..studies.pore import solve_pore

    _checked(out)
    results = [solve_pore(0.1 * value, radius_um=radius) for value in sigma or (0.9, 0.1)]
    _study(results, out, as_json, "pore")


def window(
    compounds: Annotated[list[str] | None, typer.Argument(help="Such as Na3SbS4.")] = None,
    out: Out = None,
    as_json: Json = False,
):
    """Stability window of a compound against sodium, from the energies of competing phases."""
    from ..studies.window import solve_window

    _checked(out)
    results = [solve_window(compound) for compound in compounds or ("Na3SbS4", "Na3PS4")]
    _study(results, out, as_json, "window")


def _checked(out):
    if out is not None:
        check_folder(out)


def _study(results, out, as_json, name):
    """Print the tables of a study, or one JSON object; draw its figures."""
    from ..results.report import plain, study_text

    def write():
        without_windows()
        for number, found in enumerate(results, start=1):
            save(found.plot(), out / f"{name}_{number}.png")

    def show():
        for found in results:
            told(study_text(found))

    as_object = (lambda: {name: [plain(found.as_record()) for found in results]}) if as_json else None
    deliver(out, write, as_object, show)
