"""The commands of the studies beyond the cell."""

import json
from typing import Annotated

import typer

from ..terminal import Json, Out, console
from .figures import save, without_windows


def pore(
    sigma: Annotated[list[float] | None, typer.Option(help="Conductivity in mS cm-1 (repeatable).")] = None,
    radius: Annotated[float, typer.Option(help="Radius of the pore in um.")] = 10.0,
    out: Out = None,
    as_json: Json = False,
):
    """Current along the anode interface beside a pore, for one or more conductivities (default NAS and NPS)."""
    from ..studies.pore import solve_pore

    results = [solve_pore(0.1 * value, radius_um=radius) for value in sigma or (0.9, 0.1)]
    _study(results, out, as_json, "pore")


def window(
    compounds: Annotated[list[str] | None, typer.Argument(help="Such as Na3SbS4.")] = None,
    out: Out = None,
    as_json: Json = False,
):
    """Stability window of a compound against sodium, from the energies of competing phases."""
    from ..studies.window import solve_window

    results = [solve_window(compound) for compound in compounds or ("Na3SbS4", "Na3PS4")]
    _study(results, out, as_json, "window")


def _study(results, out, as_json, name):
    """Print the tables of a study, or one JSON object; draw its figures."""
    from ..results.report import plain, study_text

    if out is not None:
        without_windows()
        out.mkdir(parents=True, exist_ok=True)
        for number, found in enumerate(results, start=1):
            save(found.plot(), out / f"{name}_{number}.png")
    if as_json:
        print(json.dumps({name: [plain(found.as_record()) for found in results]}))
        return
    for found in results:
        console().print(study_text(found), highlight=False, markup=False)
