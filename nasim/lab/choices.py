"""What the controls of the virtual lab are called, where they may stand, and what an address or a preset sets them to."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from ..errors import MOST_SHOWN, NasimError
from .cases import WHO, Case, cells, own_sets, parameters_of

Values = dict[str, Any]
SLIDERS = {
    "current_mA_cm2": (
        "current (mA cm-2)",
        0.02,
        1.0,
        0.001,
        "Current per area of electrode, the same on discharge and charge.",
    ),
    "stack_pressure_MPa": (
        "stack pressure (MPa)",
        10.0,
        300.0,
        2.5,
        "Pressure with which the layers are held together while cycling.",
    ),
    "temperature_C": ("temperature (degC)", 0.0, 80.0, 1.0, "Temperature of the cell."),
    "cycles": ("cycles", 1, 140, 1, "Discharges, each followed by a charge."),
}
"""Field of a case -> its plain words, least and most, step, and what it means."""
SPOKEN = {
    "current_mA_cm2": "milliampere per square centimetre",
    "stack_pressure_MPa": "megapascal",
    "temperature_C": "degrees Celsius",
    "cycles": "cycles",
}
"""Field with a slider -> how a screen reader says its unit."""
TEXTS = {
    "lower_V": (
        "lower cut-off (V)",
        "Voltage at which a discharge ends; the lower, the more of the electrolyte takes part.",
    ),
    "upper_V": ("upper cut-off (V)", "Voltage at which a charge ends."),
}
OVERRIDES = (
    "other values, NAME=VALUE a line",
    "Any value of the parameter set, in SI units; the list below finds its name.",
)
FIELDS = ("parameters", *SLIDERS, *TEXTS, "overrides")
MOST_LETTERS = 2000
"""Longest text that an address may carry into a field."""
START: Values = {
    "parameters": Case.parameters,
    "current_mA_cm2": Case.current_mA_cm2,
    "stack_pressure_MPa": Case.stack_pressure_MPa,
    "temperature_C": Case.temperature_C,
    "cycles": Case.cycles,
    "lower_V": "0.7",
    "upper_V": "2.6",
    "overrides": "",
}
PRESETS: dict[str, Values] = {
    "The paper's cell: S@C-NAS, 250 MPa, 0.127 mA cm-2": {},
    "The same for 140 cycles": {"cycles": 140},
    "Slow: 0.041 mA cm-2": {"current_mA_cm2": 0.041},
    "Little pressure: 20 MPa, 50 cycles": {"stack_pressure_MPa": 20.0, "cycles": 50},
    "Warm: 60 degC": {"temperature_C": 60.0},
    "Another catholyte: S@C-NPS": {"parameters": "Yuan2025_NPS"},
    "No sulfur: NAS-C": {"parameters": "Yuan2025_NASC"},
    "No sulfur: NPS-C": {"parameters": "Yuan2025_NPSC"},
}
"""Words -> what differs from the first."""


def case_of(values: Mapping[str, Any]) -> Case:
    """Return the case that the values of the controls mean.

    Parameters
    ----------
    values : mapping field -> value
        Cut-offs and other values as they were typed.
    """
    lines = tuple(line.strip() for line in values["overrides"].splitlines() if line.strip())
    window = {key: _number(values[key]) for key in TEXTS}
    return dataclasses.replace(Case(), **(dict(values) | window | {"overrides": lines}))


def _number(text):
    """The number that was typed, or the text itself, which the check of the case then refuses in words."""
    try:
        return float(str(text).replace(",", "."))
    except ValueError:
        return text


def allowed(values: Mapping[str, Any]) -> Values:
    """Return values that the controls can have: unknown ones left out, numbers moved to where a slider can stand.

    Parameters
    ----------
    values : mapping field -> value or text

    >>> allowed({"stack_pressure_MPa": "9000", "cycles": "2.2", "weather": "fine"})["stack_pressure_MPa"]
    300.0
    """
    out = dict(START)
    for key, value in values.items():
        if key in SLIDERS:
            out[key] = _placed(key, value)
        elif (key in TEXTS or key == "overrides") and len(str(value)) <= MOST_LETTERS:
            out[key] = str(value)
        elif key == "parameters" and value in (cells() | own_sets()).values():
            out[key] = value
    return out


def _placed(key, value):
    _, least, most, step, _ = SLIDERS[key]
    number = _number(value)
    if not isinstance(number, float) or number != number:
        return START[key]
    number = min(max(number, least), most)
    return type(least)(round(least + round((number - least) / step) * step, 6))


def in_address(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return what an address must carry so that another page shows the same: what differs from the start.

    Parameters
    ----------
    values : mapping field -> value
    prefix : str
        In front of each name.
    """
    return {
        f"{prefix}{key}": f"{value:g}" if isinstance(value, float) else str(value)
        for key, value in values.items()
        if value != START[key]
    }


def from_address(query: Mapping[str, Any], prefix: str = "") -> Values:
    """Return the values that an address carries; parameters as of `in_address`."""
    found = {key: query[prefix + key] for key in FIELDS if prefix + key in query}
    return allowed({key: value[-1] if isinstance(value, list) else value for key, value in found.items()})


def refused(query: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Return what an address asks for that its controls cannot take over as it stands, field -> what to say there.

    Parameters
    ----------
    query, prefix
        As of `from_address`.

    >>> refused({"stack_pressure_MPa": "9000", "cycles": "2"})
    {'stack_pressure_MPa': "The link says '9000'; 300 is taken: from 10 to 300."}
    """
    values, said = from_address(query, prefix), {}
    for key in FIELDS:
        if prefix + key not in query:
            continue
        given = query[prefix + key]
        given = str(given[-1] if isinstance(given, list) else given)
        if key in SLIDERS and _number(given) != values[key]:
            _, least, most, *_ = SLIDERS[key]
            said[key] = f"The link says '{given[:MOST_SHOWN]}'; {values[key]:g} is taken: from {least:g} to {most:g}."
        elif key not in SLIDERS and given != values[key]:
            said[key] = f"The link says '{given[:MOST_SHOWN]}', which is not taken."
    return said


def at_field(case: Case, error: NasimError) -> str:
    """Return the field whose value an error is about, "" where it can't be told.

    Parameters
    ----------
    case : Case
    error : NasimError
        What its run raised.
    """
    if _message(case) is None:
        return "overrides" if case.overrides else ""
    for field in dataclasses.fields(Case):
        if _message(dataclasses.replace(case, **{field.name: field.default})) is None:
            return field.name
    return "lower_V"


def _message(case):
    try:
        case.check()
    except NasimError as error:
        return words_of(error)
    return None


def words_of(error: NasimError) -> str:
    """Return the message of an error without who speaks."""
    return str(error).removeprefix(f"{WHO}: ")


def parameter_names(name: str) -> dict[str, str]:
    """Return the parameters of a set that are numbers, what a list shows -> name.

    Parameters
    ----------
    name : str
        A set, shipped or uploaded.
    """
    values = parameters_of(Case(parameters=name)).as_values()
    numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
    return {f"{name} = {value:.4g}": name for name, value in sorted(numbers.items())}
