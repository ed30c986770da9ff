"""The command that takes measured files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ..terminal import Json, Out, Pressure, Resume, SetOption, Temperature, Window, told


def fit(
    files: Annotated[list[Path], typer.Argument(help="Cycler files: Neware, BioLogic, BDF or plain CSV.")],
    vary: Annotated[list[str], typer.Option(help="Parameter to fit (repeatable).")],
    set: SetOption = "Yuan2025_NAS",
    area: Annotated[float | None, typer.Option(help="Electrode area in cm2.")] = None,
    mass: Annotated[float | None, typer.Option(help="Active mass (sulfur) in mg.")] = None,
    sign: Annotated[str | None, typer.Option(help="'charge positive' or 'discharge positive'.")] = None,
    first_step: Annotated[str | None, typer.Option(help="'discharge' or 'charge': what the file begins with.")] = None,
    window: Window = None,
    cycle: Annotated[list[int] | None, typer.Option(help="Fit this cycle (repeatable).")] = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    out: Out = None,
    resume: Resume = False,
    as_json: Json = False,
):
    """Fit parameters to measured curves: values, intervals, what the data cannot tell, a report page."""
    from ..fit.files import run_files
    from ..results.report import fit_lines, plain

    asked = {"area_cm2": area, "active_mass_mg": mass, "sign": sign, "first_step": first_step, "window_V": window}
    conditions = {"temperature_C": temperature, "stack_pressure_MPa": pressure, "cycles": cycle or None}
    found = run_files(files, vary, set, out, resume=resume, **asked, **conditions)
    if as_json:
        print(json.dumps(plain(found.as_object())))
        return
    for line in fit_lines(found):
        told(line)
