"""The entries and sources of one file."""

from ..errors import UnknownNameError, nearest
from ..nomenclature import PARAMETERS
from .curves import read_points
from .document import HEADING, checked
from .entries import Entry, Source
from .names import unknown
from .rules import EXPECTED


def read_sources(document):
    """Key -> `Source` of the file."""
    tables = document.table("sources")
    return {key: checked(Source, table, document, f"sources.{key}") for key, table in tables.items()}


def read_entries(document, sources):
    """Name -> `Entry` of the file; `sources` are those of the file and of what it extends."""
    entries = {}
    for name, table in document.data.items():
        if name in HEADING or name in ("cell", "sources"):
            continue
        if name not in PARAMETERS:
            reason = unknown(name, [*PARAMETERS, *HEADING, "cell", "sources"])
            raise document.error(f"'{name}' {reason}", name, kind=UnknownNameError)
        entries[name] = entry = checked(Entry, _with_curve(table, document, name), document, name)
        if entry.source is None and entry.kind != "setting":
            raise document.error(f"'{name}': source is missing; expected {EXPECTED['source']}", name)
        if entry.source is not None and entry.source not in sources:
            listed = ", ".join(sources) or "none"
            reason = f"source '{entry.source}' is not listed under [sources]; listed: {listed}."
            raise document.error(f"'{name}': {reason} {nearest(entry.source, sources)}", name, "source")
    return entries


def _with_curve(table, document, name):
    """`table` with the points of the CSV file that ``value = {curve = "file.csv"}`` names put in their place."""
    value = table.get("value") if isinstance(table, dict) else None
    if not isinstance(value, dict) or set(value) != {"curve"} or not isinstance(value["curve"], str):
        return table
    path = document.path.parent / "curves" / value["curve"]
    try:
        points = read_points(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise document.error(f"'{name}': curve '{path}': {error}", name, "value") from None
    return {**table, "value": {**value, **points}}
