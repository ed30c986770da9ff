"""The command that takes measured files."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import OutputError
from ..terminal import Current, Json, Out, Pressure, Resume, Temperature, Window, told
from .tables import Columns, Unit, table_arguments

Files = Annotated[list[Path], typer.Argument(help="Measured files (Neware, BioLogic, BDF, CSV), or one plan (TOML).")]
Vary = Annotated[list[str] | None, typer.Option(help="Parameter to fit (repeatable).")]
Start = Annotated[str | None, typer.Option("--set", help="Parameter set: a name, or the path of a TOML file.")]
Area = Annotated[float | None, typer.Option(help="Electrode area in cm2.")]
Mass = Annotated[float | None, typer.Option(help="Active mass (sulfur) in mg.")]
Sign = Annotated[str | None, typer.Option(help="'charge positive' or 'discharge positive'.")]
Continues = Annotated[
    bool | None, typer.Option("--continues/--fresh", help="Several files: one cell's test, or a fresh cell each.")
]
Directions = Annotated[list[str] | None, typer.Option(help="'discharge' or 'charge' (repeatable).")]
CyclesToFit = Annotated[list[int] | None, typer.Option(help="Fit this cycle (repeatable).")]


def fit(
    files: Files,
    vary: Vary = None,
    set: Start = None,
    use: Annotated[
        str | None, typer.Option(help="half-cycles (default), pulses, spectrum, voltammogram, points.")
    ] = None,
    area: Area = None,
    mass: Mass = None,
    sign: Sign = None,
    first_step: Annotated[str | None, typer.Option(help="'discharge' or 'charge': what the file begins with.")] = None,
    window: Window = None,
    cycle: CyclesToFit = None,
    direction: Directions = None,
    current: Current = None,
    columns: Columns = None,
    unit: Unit = None,
    ends: Annotated[str | None, typer.Option(help="'capacity' where time or capacity ended the half cycles.")] = None,
    zero_current: Annotated[float | None, typer.Option(help="Currents up to this count as rest, in A.")] = None,
    continues: Continues = None,
    starts: Annotated[int, typer.Option(help="Starts of the search; more tell whether there is another minimum.")] = 1,
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
    asked |= {"directions": direction or None, "cycles": cycle or None, "current_mA_cm2": current}
    table = table_arguments(columns, unit)
    asked |= {"columns": table["columns"], "units": table["units"]}
    conditions: dict[str, Any] = {"temperature_C": temperature, "stack_pressure_MPa": pressure}
    conditions |= {"starts": starts} if starts > 1 else {}
    options: dict[str, Any] = {"resume": resume, "tell": None if as_json else told}
    found, unwritten = fitted(lambda: run_files(files, vary, set, out, **options, **asked, **conditions))
    if as_json:
        print(json.dumps(plain(found.as_object())))
    for line in fit_lines(found) if not as_json else ():
        told(line)
    if unwritten is not None:
        raise unwritten


def fitted(compute):
    """Return the fit that `compute` gives, and the error where it could not be written."""
    try:
        return compute(), None
    except OutputError as error:
        if error.result is None:
            raise
        return error.result, error
