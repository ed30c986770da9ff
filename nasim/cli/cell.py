"""The command ``nasim cell``: the sheet of a cell, from a set and design quantities."""

import inspect
import json
from math import isnan

import typer

from ..errors import NasimError
from ..parameters.design import Design
from ..terminal import Json, SetOption, as_text, console, told
from .experiments import option, options_of

HEADINGS = {
    "cathode": (
        "sulfur_loading",
        "carbon_loading",
        "electrolyte_loading",
        "pressed_density",
        "sulfur_volume",
        "carbon_volume",
        "electrolyte_volume",
        "pore_volume",
    ),
    "balance": ("sulfur_capacity", "one_C", "n_to_p"),
    "stack": ("cathode_", "separator_", "anode_", "stack_"),
    "energy": ("discharge_", "energy_"),
}
"""Heading of the sheet -> what the names of its quantities begin with."""


def cell_command():
    """Return the function behind ``nasim cell``, with an option for each design quantity."""
    known = options_of(Design)
    own = {
        "set": option("set", SetOption, "Yuan2025_NAS"),
        "run": option("run", _switch("--run/--no-run", "Discharge the cell for its energy."), True),
        "as_json": option("as_json", Json, False),
    }

    def cell(**given):
        rest = {name: given.pop(name) for name in own}
        show({name: value for name, value in given.items() if value is not None}, **rest)

    arguments = [*known.values(), *own.values()]
    cell.__signature__ = inspect.Signature(arguments)
    cell.__annotations__ = {argument.name: argument.annotation for argument in arguments}
    cell.__doc__ = (
        "The sheet of a cell: thicknesses, volume fractions, N/P, Wh kg-1 and Wh L-1, from a set and design quantities."
    )
    return cell


def _switch(names, text):
    from typing import Annotated

    return Annotated[bool, typer.Option(names, help=text)]


def show(quantities, set, run, as_json):
    """Work out the sheet and print it."""
    from ..parameters import load
    from ..parameters.sheet import cell_sheet

    parameters = load(set, design=Design(**quantities))
    sheet = cell_sheet(parameters)
    values = sheet.quantities | (discharged(parameters, sheet) if run else {})
    if as_json:
        known = {name: None if isnan(value) else value for name, value in values.items()}
        print(json.dumps({"parameter_set": sheet.name, "sheet": known, "remarks": list(sheet.remarks)}))
        return
    screen = console()
    screen.print(table(sheet.name, values))
    for remark in sheet.remarks:
        told(f"note: {remark}")


def discharged(parameters, sheet):
    """Capacity and energy of the second discharge at the default current, per area, mass and volume."""
    from ..experiments.gcd import GCD
    from ..nomenclature import columns as col

    result = GCD(cycles=2, keep=()).run(parameters=parameters)
    if len(result.summary) < 2 or not result.summary[col.DISCHARGE].iloc[-1]:
        raise NasimError(
            f"The cell gives no second discharge: {result.record['stopped_because']}. --no-run leaves it out."
        )
    row = result.summary.iloc[-1]
    out = {"discharge_current_mA_cm2": row[col.APPLIED_CURRENT], "discharge_capacity_mAh_cm2": row[col.DISCHARGE]}
    out |= {"discharge_energy_mWh_cm2": row[col.DISCHARGE_ENERGY]} | sheet.energy(row[col.DISCHARGE_ENERGY])
    return {name: float(value) for name, value in out.items()}


def number_or_unknown(value):
    """Four digits of a number.

    >>> number_or_unknown(0.123456), number_or_unknown(float("nan"))
    ('0.1235', 'not known')
    """
    return "not known" if isnan(value) else f"{value:.4g}"


def table(name, values):
    """Return a rich table of the sheet, a heading over each part of it."""
    from rich.table import Table

    from ..sweep.names import words

    view = Table(title=as_text(f"Cell of {name}, collectors left out"))
    for heading in ("", "quantity", "value", "unit"):
        view.add_column(heading, justify="right" if heading == "value" else "left")
    for part, beginnings in HEADINGS.items():
        for number, key in enumerate(key for key in values if key.startswith(beginnings)):
            text, _, unit = words(key).partition(" [")
            view.add_row(part if number == 0 else "", text, number_or_unknown(values[key]), unit.rstrip("]"))
    return view
