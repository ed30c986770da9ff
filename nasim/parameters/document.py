"""One TOML file: parsed, its tables, entries and sources checked, its faults told with file, line and key."""

import csv
import functools
import json
import re
import tomllib
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path

from ..errors import NasimError, ParameterSetError, UnknownNameError, brief, nearest
from ..files import MEGABYTE, reason, regular
from ..nomenclature import PARAMETERS
from .bounds import beyond
from .curves import read_points
from .entries import Entry, Source, unknown
from .rules import EXPECTED, STRICT


@dataclass(frozen=True)
class Heading:
    """What stands above the first table of a file."""

    __pydantic_config__ = STRICT
    title: str = ""
    description: str = ""
    extends: str | None = None
    calibration: dict = field(default_factory=dict)

    def faults(self):
        if not self.title and self.extends is None:
            yield "title", f"is missing; expected {EXPECTED['title']}"


HEADING = tuple(each.name for each in fields(Heading))
LONGEST_MESSAGE = 1500
MOST_BYTES = 10 * MEGABYTE
"""Largest file of a set, and of a curve."""
TABLES = ("cell", "sources", "materials", "design")
"""Tables of a file that are no parameters."""


def _bare(text):
    return re.sub(r"[\s\"']", "", text)


@dataclass(frozen=True)
class Document:
    """A parsed file that knows where in its text a table or key stands."""

    path: Path
    text: str
    data: dict

    @functools.cached_property
    def heading(self):
        return checked(Heading, {key: self.data[key] for key in HEADING if key in self.data}, self)

    def table(self, key):
        table = self.data.get(key, {})
        if not isinstance(table, dict):
            raise self.error(f"{key} is {table!r}; expected a table [{key}]", key=key)
        return table

    def line(self, table=None, key=None):
        """Number of the line with `key` of `table`, else with the table's heading, else None."""
        lines = [_bare(line) for line in self.text.splitlines()]
        start = 0
        if table is not None:
            heads = (f"[{_bare(table)}]", f"{_bare(table)}=")
            start = next((n for n, line in enumerate(lines, 1) if line.startswith(heads)), None)
        if key is None or start is None:
            return start
        for number, line in enumerate(lines[start:], start + 1):
            if line.startswith(f"{key}="):
                return number
            if line.startswith("["):
                break
        return start or None

    def error(self, message: str, table=None, key=None, kind: type[NasimError] = ParameterSetError) -> NasimError:
        """Return an error of `kind` that begins with the file and the line of `key` in `table`."""
        line = self.line(table, key)
        words = message.strip()
        words = words if len(words) <= LONGEST_MESSAGE else f"{words[:LONGEST_MESSAGE]} ..."
        return kind(f"{self.path}{f', line {line}' if line else ''}: {words}")


def read(path):
    """The parsed file [Document]; ParameterSetError if it cannot be read or is not TOML."""
    regular(path, "Parameter-set file", MOST_BYTES, ParameterSetError)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterSetError(f"Parameter-set file '{path}' cannot be read: {reason(error)}.") from None
    try:
        return Document(path, text, tomllib.loads(text))
    except RecursionError:
        raise ParameterSetError(f"{path}: not valid TOML: its tables or lists are nested too deeply.") from None
    except ValueError as error:
        raise ParameterSetError(
            f'{path}: not valid TOML: {reason(error)}. Names of parameters stand in quotes: ["Separator thickness [m]"].'
        ) from None


@functools.cache
def _adapter(cls):
    import pydantic

    return pydantic.TypeAdapter(cls)


def checked(cls, table, document, name=None):
    """`table` of the file as a `cls`; the first thing wrong with it as an error with file, line and key."""
    from pydantic import ValidationError

    label = f"'{name}': " if name else ""
    if not isinstance(table, dict):
        raise document.error(f"{label}{table!r} given, expected a table", name)
    known = [each.name for each in fields(cls)]
    for key in table:
        if key not in known:
            fault = f"unknown field '{key}'; expected {', '.join(known)}. {nearest(key, known)}"
            raise document.error(label + fault, name, key)
    for each in fields(cls):
        if each.name not in table and each.default is MISSING and each.default_factory is MISSING:
            raise document.error(f"{label}{each.name} is missing; expected {EXPECTED[each.name]}", name)
    try:
        found = _adapter(cls).validate_json(json.dumps(table, default=str))
    except ValidationError as error:
        key = str(error.errors()[0]["loc"][0])
        raise document.error(f"{label}{key} is {brief(table[key])}; expected {EXPECTED[key]}", name, key) from None
    for key, fault in getattr(found, "faults", tuple)():
        raise document.error(f"{label}{key} {fault}", name, key)
    return found


def read_sources(document):
    """Key -> `Source` of the file."""
    tables = document.table("sources")
    return {key: checked(Source, table, document, f"sources.{key}") for key, table in tables.items()}


def read_entries(document, sources):
    """Name -> `Entry` of the file; `sources` are those of the file and of what it extends."""
    entries = {}
    for name, table in document.data.items():
        if name not in HEADING and name not in TABLES:
            entries[name] = read_entry(document, name, table, sources)
    return entries


def read_entry(document, name, table, sources, above=""):
    """The `Entry` of a table of the file; `above` is what stands before the name of the parameter in its heading."""
    place = above + name
    if name not in PARAMETERS:
        fault = unknown(name, PARAMETERS if above else [*PARAMETERS, *HEADING, *TABLES])
        raise document.error(f"'{name}' {fault}", place, kind=UnknownNameError)
    entry = checked(Entry, _with_curve(table, document, place), document, place)
    if beyond(name, entry.value):
        raise document.error(f"'{place}': value {beyond(name, entry.value)}", place, "value")
    if entry.source is None and entry.kind != "setting":
        raise document.error(f"'{place}': source is missing; expected {EXPECTED['source']}", place)
    if entry.source is not None and entry.source not in sources:
        listed = ", ".join(sources) or "none"
        fault = f"source '{entry.source}' is not listed under [sources]; listed: {listed}."
        raise document.error(f"'{place}': {fault} {nearest(entry.source, sources)}", place, "source")
    return entry


def _with_curve(table, document, name):
    """`table` with the points of the CSV file that ``value = {curve = "file.csv"}`` names put in their place."""
    value = table.get("value") if isinstance(table, dict) else None
    if not isinstance(value, dict) or set(value) != {"curve"} or not isinstance(value["curve"], str):
        return table
    folder = document.path.parent / "curves"
    path = folder / value["curve"]
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError("it is not in the folder 'curves' beside the set")
        points = read_points(regular(path, "curve", MOST_BYTES))
    except (OSError, RuntimeError, ValueError, csv.Error) as error:
        raise document.error(f"'{name}': curve '{path}': {reason(error)}", name, "value") from None
    return {**table, "value": {**value, **points}}
