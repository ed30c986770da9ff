"""Parameter sets: TOML file -> checked entries, each with its provenance -> ``pybamm.ParameterValues``.

`load` reads a shipped set by name, or a user's file by path, follows its ``extends`` and checks everything; the result
is a frozen `ParameterSet`. ``parameter_sets/README.md`` describes the format. Values are in SI units. For PyBaMM's
entry points every shipped set is also a function of this module: ``nasim.parameters:Yuan2025_NAS``.

pydantic and pybamm are imported when first needed, so that importing this module stays cheap.
"""

import csv
import functools
import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from numbers import Real
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

from nasim import nomenclature
from nasim.errors import ParameterSetError, UnknownNameError, nearest
from nasim.nomenclature import PARAMETERS, unit_of

KINDS = ("measured", "literature", "derived", "fitted", "assumed", "setting")
UNSURE = ("fitted", "assumed")

EXPECTED = {
    "title": "a line of text",
    "description": "text",
    "extends": "the name of a shipped set, or the path of a file relative to this one",
    "calibration": "a table",
    "citation": "text: authors, journal, year",
    "doi": "text such as '10.1039/d4ee06171c'",
    "url": "text",
    "model": "'full', 'symmetric' or 'blocking'",
    "chains": "a list of redox chains such as ['Sulfur', 'Sb-S']",
    "separator": "a list of layer names such as ['separator']",
    "electrolyte": "'NAS' or 'NPS'",
    "catholyte": "'NAS' or 'NPS'",
    "value": "a finite number in the unit of the name, or {curve = 'file.csv'}",
    "kind": "one of " + ", ".join(KINDS),
    "source": "text: a key of [sources]",
    "where": "text: the figure, table or section",
    "range": "[lowest, highest], two finite numbers",
    "standard_error": "a finite number, not negative",
    "fitted_to": "a list of target ids such as ['NAS-D1']",
    "note": "text",
}
"""What each key of a set file must hold, in the words of the error messages."""

FRACTIONS = {
    nomenclature.SULFUR.name: nomenclature.SULFUR_MASS_FRACTION,
    nomenclature.SB_S.name: nomenclature.CATHOLYTE_MASS_FRACTION,
}
"""Redox chain -> mass fraction of its material in the composite cathode."""

STRICT = {"strict": True, "extra": "forbid", "allow_inf_nan": False}


# --- what a set consists of -------------------------------------------------------------------------------------------


def _between(number, low, high):
    """Whether a number lies between two limits or, but for rounding, on one of them."""
    return low <= number <= high or math.isclose(number, low) or math.isclose(number, high)


@dataclass(frozen=True)
class Source:
    """A publication or page that values come from."""

    __pydantic_config__ = STRICT
    citation: str
    doi: str | None = None
    url: str | None = None

    def faults(self):
        if not (self.doi or self.url):
            yield "citation", "has neither doi nor url; expected one of the two"


@dataclass(frozen=True)
class CellDescription:
    """Which cell the numbers describe: what the models are composed from."""

    __pydantic_config__ = STRICT
    model: Literal["full", "symmetric", "blocking"] = "full"
    chains: tuple[str, ...] = ("Sulfur", "Sb-S")
    separator: tuple[str, ...] = ("separator",)
    electrolyte: Literal["NAS", "NPS"] = "NAS"
    catholyte: Literal["NAS", "NPS"] = "NAS"

    def faults(self):
        known = [chain.name for chain in vars(nomenclature).values() if isinstance(chain, nomenclature.Chain)]
        for chain in self.chains:
            if chain not in known:
                yield "chains", f"unknown redox chain '{chain}'; expected {EXPECTED['chains']}. {nearest(chain, known)}"
        if len(set(self.chains)) < len(self.chains):
            yield "chains", f"{list(self.chains)} names a redox chain twice; expected each once"
        if self.model == "full" and not self.chains:
            yield "chains", "is empty; a full cell needs at least one redox chain"
        if not self.separator:
            yield "separator", "is empty; expected at least one layer name"


@dataclass(frozen=True)
class Curve:
    """A parameter that depends on one variable, linear between points and constant beyond the last ones.

    It can be called with numbers, arrays and PyBaMM symbols, and it pickles.

    >>> float(Curve("ocv.csv", x=(0.0, 1.0), y=(2.0, 1.0))(0.25))
    1.75
    """

    __pydantic_config__ = STRICT
    curve: str
    x: tuple[float, ...]
    y: tuple[float, ...]

    def __call__(self, at):
        import numpy as np

        if isinstance(at, Real | np.ndarray):
            return np.interp(at, self.x, self.y)
        import pybamm

        inside = pybamm.minimum(pybamm.maximum(at, self.x[0]), self.x[-1])
        return pybamm.Interpolant(np.array(self.x), np.array(self.y), inside, name=self.curve)

    def __str__(self):
        return f"curve {self.curve}"


@dataclass(frozen=True)
class Entry:
    """One parameter: its value in SI units, how it is known, and from where."""

    __pydantic_config__ = STRICT
    value: float | Curve
    kind: Literal[KINDS]
    source: str | None = None
    where: str | None = None
    range: tuple[float, float] | None = None
    standard_error: float | None = None
    fitted_to: tuple[str, ...] = ()
    note: str | None = None

    def outside(self, value):
        """Words that say so if `value`, a number or a curve, is outside the range; otherwise an empty string."""
        values = value.y if isinstance(value, Curve) else (value,)
        if self.range is None or all(_between(number, *self.range) for number in values):
            return ""
        return f"{value} is outside the range [{self.range[0]:g}, {self.range[1]:g}]"

    def faults(self):
        if self.range is None and self.kind in UNSURE:
            yield "range", f"is missing; a value of kind '{self.kind}' needs range = {EXPECTED['range']}"
        if self.range is not None and self.range[0] >= self.range[1]:
            yield "range", f"{list(self.range)} is upside down or empty; expected {EXPECTED['range']}"
        if self.outside(self.value):
            yield "value", f"{self.outside(self.value)} that the same entry states"
        if self.kind == "fitted" and not self.fitted_to:
            yield "fitted_to", f"is missing; a fitted value needs {EXPECTED['fitted_to']}"
        if self.standard_error is not None and self.standard_error < 0:
            yield "standard_error", f"is {self.standard_error}; expected {EXPECTED['standard_error']}"


class Row(NamedTuple):
    """One line of `ParameterSet.describe`; `flag` is "fitted", "assumed" or empty."""

    name: str
    value: float | str
    unit: str
    kind: str
    source: str
    where: str
    range: tuple[float, float] | None
    flag: str


@dataclass(frozen=True)
class ParameterSet:
    """A checked set of parameters. Nothing in it can be assigned to; `with_overrides` gives a changed copy."""

    name: str
    title: str
    description: str
    cell: CellDescription
    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    calibration: Mapping = field(default_factory=dict)

    def __post_init__(self):
        for key in ("entries", "sources", "calibration"):
            object.__setattr__(self, key, MappingProxyType(dict(getattr(self, key))))
        if self.cell.model == "full":
            self.check_mixture(self.cell.chains)

    def __reduce__(self):
        values = (getattr(self, each.name) for each in fields(self))
        return ParameterSet, tuple(dict(v) if isinstance(v, MappingProxyType) else v for v in values)

    def value(self, name):
        """The number (or `Curve`) of a parameter, SI; `UnknownNameError` when the set has none of that name."""
        return self._entry(name).value

    def as_values(self):
        """Plain dictionary of name -> number or `Curve`."""
        return {name: entry.value for name, entry in self.entries.items()}

    def with_overrides(self, overrides):
        """Copy with other values: a mapping name -> number, or texts "NAME=VALUE".

        Raises `UnknownNameError` for a name that the set has not and `ParameterSetError` for a value that is no finite
        number or lies outside the range of the entry it replaces.
        """
        entries = dict(self.entries)
        for name, value in _pairs(overrides):
            old = self._entry(name)
            if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
                raise ParameterSetError(f"Override of '{name}': {value!r} given, expected a finite number.")
            if old.outside(value):
                raise ParameterSetError(
                    f"Override of '{name}': {old.outside(value)} of set '{self.name}'. For another cell, write a set "
                    f"that extends it, with a range of its own."
                )
            entries[name] = Entry(float(value), "setting", range=old.range, note="override")
        return replace(self, entries=entries)

    def check_mixture(self, chains):
        """Raise `ParameterSetError` unless one composite can hold the materials of `chains`, names of redox chains."""
        numbers = {name: entry.value for name, entry in self.entries.items() if isinstance(entry.value, Real)}
        named = {chain: FRACTIONS[chain] for chain in chains if FRACTIONS.get(chain) in numbers}
        shares = {name: numbers[name] for name in named.values()}
        for chain, name in named.items():
            if shares[name] <= 0:
                raise ParameterSetError(
                    f"Parameter set '{self.name}': '{name}' is {shares[name]:g}; expected more than 0, since the cathode "
                    f"has the redox chain '{chain}'. For one without it, leave that chain out."
                )
        if sum(shares.values()) > 1 + 1e-9:
            listed = " and ".join(f"'{name}' = {share:g}" for name, share in shares.items())
            raise ParameterSetError(
                f"Parameter set '{self.name}': {listed} make {sum(shares.values()):g} of the composite cathode; "
                f"expected at most 1, with all its redox chains ({', '.join(chains)})."
            )

    def to_pybamm(self, **replaced):
        """`pybamm.ParameterValues` of the set; `replaced` are PyBaMM values (symbols, "[input]") by parameter name."""
        import pybamm

        for name in replaced:
            if name not in PARAMETERS:
                raise UnknownNameError(f"Parameter set '{self.name}': '{name}' {_unknown(name, PARAMETERS)}")
        return pybamm.ParameterValues({**self.as_values(), **replaced})

    def describe(self):
        """The set as a list of `Row`, in the order of the file."""
        return [
            Row(
                name,
                str(entry.value) if isinstance(entry.value, Curve) else entry.value,
                unit_of(name),
                entry.kind,
                entry.source or "",
                entry.where or "",
                entry.range,
                entry.kind if entry.kind in UNSURE else "",
            )
            for name, entry in self.entries.items()
        ]

    def as_record(self):
        """Values and kinds by name, as a dictionary that `json.dumps` takes: what a result keeps of its parameters."""
        values = {name: asdict(v) if isinstance(v, Curve) else v for name, v in self.as_values().items()}
        return {"name": self.name, "values": values, "kinds": {n: entry.kind for n, entry in self.entries.items()}}

    def missing(self, names):
        """Those of `names` that the set has no value for, in the order given."""
        return [name for name in names if name not in self.entries]

    def require(self, names):
        """Raise `ParameterSetError` unless the set has a value for every one of `names`."""
        missing = self.missing(names)
        if missing:
            listed = ", ".join(f"'{name}'" for name in missing)
            hint = nearest(missing[0], self.entries, n=1)
            raise ParameterSetError(f"Parameter set '{self.name}' has no value for {listed}. {hint}".strip())

    def _entry(self, name):
        if name in self.entries:
            return self.entries[name]
        reason = "is a parameter of nasim, but not in this set" if name in PARAMETERS else _unknown(name, self.entries)
        raise UnknownNameError(f"Parameter set '{self.name}': '{name}' {reason}")


# --- loading ----------------------------------------------------------------------------------------------------------


def available():
    """Names of the shipped sets, sorted."""
    return sorted({path.stem for folder in folders() for path in folder.glob("*.toml")})


def load(name_or_path, overrides=None):
    """The `ParameterSet` of a shipped name or of a TOML file, with what it extends, checked.

    A path ends with ".toml" or contains a separator. `overrides` is a mapping name -> number or a list of texts
    "NAME=VALUE". Raises `UnknownNameError` (set, parameter) or `ParameterSetError` (everything else).
    """
    documents = _lineage(name_or_path)
    sources, entries, cell = {}, {}, {}
    for document in documents:
        sources |= _read_sources(document)
        entries |= _read_entries(document, sources)
        cell |= document.table("cell")
        description = _checked(CellDescription, cell, document, "cell")
    own = documents[-1]
    head = own.heading
    title = head.title or f"{own.path.stem}, made from {head.extends}"
    parameters = ParameterSet(own.path.stem, title, head.description, description, entries, sources, head.calibration)
    return parameters if overrides is None else parameters.with_overrides(overrides)


def parse_override(text):
    """("name", value) from "NAME=VALUE"; `ParameterSetError` when there is no "=" or no number behind it.

    >>> parse_override("Separator thickness [m] = 4e-4")
    ('Separator thickness [m]', 0.0004)
    """
    name, equals, value = str(text).partition("=")
    try:
        number = float(value)
    except ValueError:
        equals = ""
    if not equals or not name.strip():
        raise ParameterSetError(f"Override '{text}': expected NAME=VALUE such as 'Separator thickness [m]=4e-4'.")
    return name.strip(), number


def _pairs(overrides):
    if isinstance(overrides, Mapping):
        return list(overrides.items())
    return [parse_override(text) for text in ([overrides] if isinstance(overrides, str) else overrides)]


def folders():
    """Where shipped sets are: inside an installed package, or beside the package in the repository."""
    package = Path(__file__).parent
    return [folder for folder in (package / "parameter_sets", package.parent / "parameter_sets") if folder.is_dir()]


def locate(name_or_path, beside=Path()):
    """Path of a shipped set, by name, or of a user's file; UnknownNameError or ParameterSetError if there is none."""
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text or "\\" in text or isinstance(name_or_path, Path):
        path = beside / Path(text).expanduser()
        if not path.is_file():
            raise ParameterSetError(f"Parameter-set file '{path}' does not exist or is not a file.")
        return path
    for folder in folders():
        if text in {path.stem for path in folder.glob("*.toml")}:
            return folder / f"{text}.toml"
    known = available()
    raise UnknownNameError(
        f"Unknown parameter set '{text}'; expected one of {', '.join(known)}, or the path of a .toml file. "
        f"{nearest(text, known)}".strip()
    )


def _lineage(name_or_path):
    """The documents a set is made of, the one that extends nothing first."""
    documents = [_read(locate(name_or_path))]
    while (parent := documents[0].heading.extends) is not None:
        child = documents[0]
        try:
            path = locate(parent, beside=child.path.parent)
        except (ParameterSetError, UnknownNameError) as error:
            raise child.error(f"extends: {error}", key="extends", kind=type(error)) from None
        if path.resolve() in {document.path.resolve() for document in documents}:
            loop = " -> ".join(document.path.name for document in reversed(documents))
            raise child.error(f"extends = '{parent}' goes in a circle: {loop} -> {path.name}", key="extends")
        documents.insert(0, _read(path))
    return documents


# --- reading and checking one file ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Heading:
    __pydantic_config__ = STRICT
    title: str = ""
    description: str = ""
    extends: str | None = None
    calibration: dict = field(default_factory=dict)

    def faults(self):
        if not self.title and self.extends is None:
            yield "title", f"is missing; expected {EXPECTED['title']}"


HEADING = tuple(each.name for each in fields(_Heading))


def _bare(text):
    return re.sub(r"[\s\"']", "", text)


@dataclass(frozen=True)
class _Document:
    """A parsed file that knows where in its text a table or key stands."""

    path: Path
    text: str
    data: dict

    @functools.cached_property
    def heading(self):
        return _checked(_Heading, {key: self.data[key] for key in HEADING if key in self.data}, self)

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

    def error(self, message, table=None, key=None, kind=ParameterSetError):
        line = self.line(table, key)
        return kind(f"{self.path}{f', line {line}' if line else ''}: {message.strip()}")


def _read(path):
    try:
        text = path.read_text(encoding="utf-8-sig")
        return _Document(path, text, tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterSetError(f"Parameter-set file '{path}' cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ParameterSetError(
            f'{path}: not valid TOML: {error}. Names of parameters stand in quotes: ["Separator thickness [m]"].'
        ) from None


def _read_sources(document):
    tables = document.table("sources")
    return {key: _checked(Source, table, document, f"sources.{key}") for key, table in tables.items()}


def _read_entries(document, sources):
    entries = {}
    for name, table in document.data.items():
        if name in HEADING or name in ("cell", "sources"):
            continue
        if name not in PARAMETERS:
            reason = _unknown(name, [*PARAMETERS, *HEADING, "cell", "sources"])
            raise document.error(f"'{name}' {reason}", name, kind=UnknownNameError)
        entries[name] = entry = _checked(Entry, _with_curve(table, document, name), document, name)
        if entry.source is None and entry.kind != "setting":
            raise document.error(f"'{name}': source is missing; expected {EXPECTED['source']}", name)
        if entry.source is not None and entry.source not in sources:
            listed = ", ".join(sources) or "none"
            reason = f"source '{entry.source}' is not listed under [sources]; listed: {listed}."
            raise document.error(f"'{name}': {reason} {nearest(entry.source, sources)}", name, "source")
    return entries


def _unknown(name, known):
    """Why `name` is no parameter and what is meant: another unit of a known one, or a similar name."""
    for candidate in PARAMETERS:
        if unit_of(name) != unit_of(candidate) and _without_unit(name) == _without_unit(candidate):
            units = f"has the unit [{unit_of(name)}], expected [{unit_of(candidate)}]"
            return f"{units}: write '{candidate}' and give the value in that unit."
    return f"is not a parameter of nasim. {nearest(name, known)}".strip()


def _without_unit(name):
    return re.sub(r"\s*\[[^\[\]]*\]\s*$", "", name).lower()


@functools.cache
def _adapter(cls):
    import pydantic

    return pydantic.TypeAdapter(cls)


def _checked(cls, table, document, name=None):
    """`table` of the file as a `cls`; the first thing wrong with it as an error with file, line and key."""
    from pydantic import ValidationError

    label = f"'{name}': " if name else ""
    if not isinstance(table, dict):
        raise document.error(f"{label}{table!r} given, expected a table", name)
    known = [each.name for each in fields(cls)]
    for key in table:
        if key not in known:
            reason = f"unknown field '{key}'; expected {', '.join(known)}. {nearest(key, known)}"
            raise document.error(label + reason, name, key)
    for each in fields(cls):
        if each.name not in table and each.default is MISSING and each.default_factory is MISSING:
            raise document.error(f"{label}{each.name} is missing; expected {EXPECTED[each.name]}", name)
    try:
        checked = _adapter(cls).validate_json(json.dumps(table, default=str))
    except ValidationError as error:
        key = error.errors()[0]["loc"][0]
        raise document.error(f"{label}{key} is {table[key]!r}; expected {EXPECTED[key]}", name, key) from None
    for key, fault in getattr(checked, "faults", tuple)():
        raise document.error(f"{label}{key} {fault}", name, key)
    return checked


def _with_curve(table, document, name):
    """`table` with the points of the CSV file that ``value = {curve = "file.csv"}`` names put in their place."""
    value = table.get("value") if isinstance(table, dict) else None
    if not isinstance(value, dict) or set(value) != {"curve"} or not isinstance(value["curve"], str):
        return table
    path = document.path.parent / "curves" / value["curve"]
    try:
        points = _read_points(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise document.error(f"'{name}': curve '{path}': {error}", name, "value") from None
    return {**table, "value": {**value, **points}}


def _read_points(path):
    """Columns x and y of a CSV file: a line of titles, then two numbers a line, x rising; lines with # are skipped."""
    points = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = ((n, row) for n, row in enumerate(csv.reader(file), 1) if row and not row[0].lstrip().startswith("#"))
        next(rows, None)
        for number, row in rows:
            try:
                x, y = (float(cell) for cell in row)
            except ValueError:
                raise ValueError(f"line {number} is {','.join(row)!r}; expected two numbers") from None
            if not (math.isfinite(x) and math.isfinite(y)) or (points and x <= points[-1][0]):
                raise ValueError(f"line {number} is {','.join(row)!r}; expected finite numbers, the first rising")
            points.append((x, y))
    if len(points) < 2:
        raise ValueError(f"{len(points)} points given, expected a line of titles and at least two points")
    return {"x": [x for x, _ in points], "y": [y for _, y in points]}


# --- PyBaMM's entry points --------------------------------------------------------------------------------------------


class _SetFunction:
    """Called, it returns the values of a shipped set; its docstring is the set's title, text and sources."""

    def __init__(self, name):
        parameters = load(name)
        cited = [f"- {source.citation} {source.doi or source.url}" for source in parameters.sources.values()]
        self.__name__ = name
        self.__doc__ = "\n".join([parameters.title, "", parameters.description.strip(), "", "Sources:", *cited])

    def __call__(self):
        return load(self.__name__).as_values()


def __getattr__(name):
    if name in available():
        return _SetFunction(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
