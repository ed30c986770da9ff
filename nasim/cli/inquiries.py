"""The commands that ask something of measured files beyond a fit: what to measure next, what is wrong with a cell."""

import json
from typing import Annotated, Any

import typer

from ..terminal import Json, Out, Pressure, Temperature, Window, told
from .figures import save, without_windows
from .measured import Area, Continues, CyclesToFit, Files, Mass, Sign, Start, Vary, fitted


def next_experiment(
    files: Files,
    vary: Vary = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--for", help="Parameter to narrow, or 'capacity at 0.5C at 60 degC' to predict (repeatable)."),
    ] = None,
    set: Start = None,
    area: Area = None,
    mass: Mass = None,
    sign: Sign = None,
    window: Window = None,
    continues: Continues = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    out: Out = None,
    as_json: Json = False,
):
    """What to measure next: experiments ranked by how much each would narrow parameters or a prediction."""
    from ..fit.files import run_files
    from ..fit.next import next_experiments

    said = None if as_json else told
    asked: dict[str, Any] = {
        "area_cm2": area,
        "active_mass_mg": mass,
        "sign": sign,
        "window_V": window,
        "continues": continues,
    }
    conditions: dict[str, Any] = {"temperature_C": temperature, "stack_pressure_MPa": pressure}
    found, unwritten = fitted(lambda: run_files(files, vary, set, out, tell=said, **asked, **conditions))
    ranked = next_experiments(found, target=target or None)
    if as_json:
        print(json.dumps(ranked.as_object() | {"verdict": found.verdict()}))
    for line in [found.verdict(), *ranked.lines()] if not as_json else ():
        told(line)
    if unwritten is not None:
        raise unwritten
    if out is not None:
        without_windows()
        save(ranked.plot(), out / "next.png")


def explain(
    files: Files,
    set: Start = None,
    area: Area = None,
    mass: Mass = None,
    sign: Sign = None,
    window: Window = None,
    cycle: CyclesToFit = None,
    continues: Continues = None,
    pressure: Pressure = None,
    temperature: Temperature = None,
    as_json: Json = False,
):
    """What is wrong with a cell: rival explanations of its capacity and its fade, ranked, with the deciding experiment."""
    from ..fit.explain import explain as ranked
    from ..fit.plan import stated
    from ..fit.uses import data_of
    from ..parameters import load

    cell = load(set or "Yuan2025_NAS")
    asked = {"area_cm2": area, "active_mass_mg": mass, "sign": sign, "window_V": window, "continues": continues}
    asked |= {"cycles": cycle or None, "temperature_C": temperature, "stack_pressure_MPa": pressure}
    data = data_of(stated(files, **asked), cell, None if as_json else told)
    found = ranked(data, cell)
    if as_json:
        print(json.dumps(found.as_object()))
        return
    for line in found.lines():
        told(line)
