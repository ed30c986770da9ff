"""The published rows: the files that hold them, a file a publication, read and filtered."""

import csv
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import DataFileError, UnknownNameError, nearest

FOLDER, PAPER = "published", "Yuan2025"
"""Folder of the files, beside the parameter sets, and the publication whose cell the shipped sets are."""


@dataclass(frozen=True)
class Row:
    """One published number.

    Attributes
    ----------
    id : str
    cell, condition, text : str
        Cell, conditions and quantity in words.
    set, experiment, quantity : str
        Parameter set, word of the protocol or study, and key of the reading, for programs.
    temperature_C, stack_pressure_MPa, current_mA_cm2 : float or None
        Conditions [degC, MPa, mA cm-2].
    window_V : tuple of float
        Lower and upper cut-off [V], or empty.
    cycles : int
        Cycles that the cell must run; a quantity that belongs to one cycle belongs to the last of them.
    values, unit : tuple, str
        Published numbers in the unit, or True or False for a statement.
    tolerance, tolerance_kind : float or None, str
        Absolute, "percent", or "range" where the two values are the ends of a range.
    set_up : str
        What of the set-up contains the row, in words; empty for a row that the model has to compute.
    beside : str
        Id of the row that a comparative statement compares with.
    where : str
        Place in the publication.
    paper : str
        Name of the file that the row stands in: of its publication.
    """

    id: str
    cell: str
    set: str
    experiment: str
    temperature_C: float
    stack_pressure_MPa: float
    current_mA_cm2: float | None
    window_V: tuple[float, ...]
    cycles: int
    quantity: str
    values: tuple
    unit: str
    tolerance: float | None
    tolerance_kind: str
    set_up: str
    beside: str
    where: str
    condition: str
    text: str
    paper: str = PAPER

    @property
    def tolerances(self) -> tuple[float, ...]:
        """Absolute tolerance of each value, in the row's unit; NaN where there is none."""
        share = self.tolerance_kind == "percent"
        return tuple(
            math.nan if self.tolerance is None else self.tolerance * (abs(value) / 100 if share else 1.0)
            for value in self.values
        )

    @property
    def is_statement(self) -> bool:
        """Whether the row says yes or no rather than a number."""
        return all(isinstance(value, bool) for value in self.values)

    @property
    def is_range(self) -> bool:
        """Whether its two values are the ends of a range."""
        return self.tolerance_kind == "range"


@functools.cache
def table() -> Mapping[str, Row]:
    """Return all rows by id, in the order of the files; those of `PAPER` come first.

    Raises
    ------
    DataFileError
        The file of `PAPER` is missing, a line cannot be read, or an id stands twice.
    """
    known: dict[str, Row] = {}
    for path in _paths():
        with path.open(encoding="utf-8", newline="") as file:
            read = [_row(line, path, number) for number, line in enumerate(csv.DictReader(file), start=2)]
        for row in read:
            if row.id in known:
                raise DataFileError(f"'{path}': the id '{row.id}' stands twice among the published numbers.")
            known[row.id] = row
    return MappingProxyType(known)


def rows(*ids: str, **criteria: Any) -> list[Row]:
    """Return published rows.

    Parameters
    ----------
    *ids : str
        Ids of rows; default all.
    **criteria
        Field of `Row` -> the value, or list of values, that it must have.

    Raises
    ------
    UnknownNameError
        There is no such id or field.

    Examples
    --------
    >>> [row.id for row in rows(quantity="charge_over_discharge", stack_pressure_MPa=[125, 20])]
    ['P125-ICE', 'P20-ICE']
    """
    known, names = table(), [field.name for field in fields(Row)]
    for name in (name for name in ids if name not in known):
        raise UnknownNameError(f"No published row has the id '{name}'. {nearest(name, known)}".strip())
    for name in (name for name in criteria if name not in names):
        raise UnknownNameError(f"Published rows have no '{name}'; expected one of {', '.join(names)}.")
    wanted = {name: value if isinstance(value, list | set) else [value] for name, value in criteria.items()}
    chosen = [known[name] for name in ids] if ids else known.values()
    return [row for row in chosen if all(getattr(row, name) in values for name, values in wanted.items())]


def _paths() -> list[Path]:
    """Return the files of published rows, that of `PAPER` first."""
    from ..parameters import folders

    for folder in folders():
        first = folder / FOLDER / f"{PAPER}.csv"
        if first.is_file():
            return [first, *sorted(path for path in first.parent.glob("*.csv") if path != first)]
    raise DataFileError(f"The published numbers, {FOLDER}/{PAPER}.csv, are missing beside the parameter sets.")


def _row(line, path, number):
    """Return a line of the file as a `Row`."""
    try:
        columns = [field.name for field in fields(Row) if field.name != "paper"]
        return Row(**{name: _READ.get(name, str)(line[name]) for name in columns}, paper=path.stem)
    except (KeyError, ValueError, TypeError) as error:
        raise DataFileError(f"'{path}', line {number}: {error}. Expected the columns of nasim.evidence.Row.") from None


def _number(text):
    return float(text) if text else None


def _values(text):
    words = {"yes": True, "no": False}
    return tuple(words[part] if part in words else float(part) for part in text.split(";"))


_READ = {
    "temperature_C": _number,
    "stack_pressure_MPa": _number,
    "current_mA_cm2": _number,
    "window_V": lambda text: tuple(float(part) for part in text.split(";") if part),
    "cycles": int,
    "values": _values,
    "tolerance": _number,
}
