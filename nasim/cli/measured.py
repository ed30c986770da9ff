"""The command that takes measured files."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ..terminal import Json, Out, Pressure, Resume, Temperature, Window, told


def fit(
    files: Annotated[
        list[Path], typer.Argument(help="Measured files (Neware, BioLogic, BDF, CSV), or one plan (TOML).")
    ],
    vary: Annotated[list[str] | None, typer.Option(help="Parameter to fit (repeatable).")] = None,
    set: Annotated[str | None, typer.Option("--set", help="Parameter set: a name, or the path of a TOML file.")] = None,
    use: Annotated[str | None, typer.Option(help="half-cycles (default), spectrum, voltammogram or points.")] = None,
    area: Annotated[float | None, typer.Option(help="Electrode area in cm2.")] = None,
    mass: Annotated[float | None, typer.Option(help="Active mass (sulfur) in mg.")] = None,
    sign: Annotated[str | None, typer.Option(help="'charge positive' or 'discharge positive'.")] = None,
    first_step: Annotated[str | None, typer.Option(help="'discharge' or 'charge': what the file begins with.")] = None,
    window: Window = None,
    cycle: Annotated[list[int] | None, typer.Option(help="Fit this cycle (repeatable).")] = None,
    direction: Annotated[list[str] | None, typer.Option(help="'discharge' or 'charge' (repeatable).")] = None,
    ends: Annotated[str | None, typer.Option(help="'capacity' where time or capacity ended the half cycles.")] = None,
    zero_current: Annotated[float | None, typer.Option(help="Currents up to this count as rest, in A.")] = None,
    continues: Annotated[
        bool | None, typer.Option("--continues/--fresh", help="Several files: one cell's test, or a fresh cell each.")
    ] = None,
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
    asked |= {"use": use, "ends": ends, "continues": continues, "zero_current_A": zero_current}
    asked |= {"directions": direction or None, "cycles": cycle or None}
    conditions = {"temperature_C": temperature, "stack_pressure_MPa": pressure}
    found = run_files(files, vary, set, out, resume=resume, tell=None if as_json else told, **asked, **conditions)
    if as_json:
        print(json.dumps(plain(found.as_object())))
        return
    for line in fit_lines(found):
        told(line)
