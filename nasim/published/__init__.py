"""The published numbers as data, and what nasim computes beside each of them.

``parameter_sets/published/Yuan2025.csv`` holds a row a number: the cell and conditions it was measured on, the
quantity, value, tolerance and place in the publication, and whether the parameter sets were calibrated on it or
predict it.
`rows` filters them, `marks` gives those of one experiment for figures and tables, and `computed` compares a row with a
`nasim.Result`. A row with several values (a pair of peaks) is met when all are; a row without a tolerance is a range
or a statement ("yes"/"no").
"""

import csv
import functools
import math
from dataclasses import dataclass, fields
from types import MappingProxyType

from ..errors import DataFileError, UnknownNameError, nearest

FOLDER, FILE = "published", "Yuan2025.csv"
CALIBRATED, PREDICTED = "calibrated", "predicted"
MET, MISSED, NOT_AVAILABLE = "met", "missed", "not available"
MARKED = {
    "discharge_capacity_mAh_g": "discharge_capacity_mAh_g",
    "discharge_capacity_mAh_cm2": "discharge_capacity_mAh_cm2",
    "charge_over_discharge": "charge_over_discharge",
    "reduction_peak_V": "reduction_peaks_V",
    "reduction_edge_V": "reduction_peaks_V",
    "oxidation_peak_V": "oxidation_peaks_V",
}
"""Quantities of the first cycle that figures mark, and the key they are marked under."""
ROUNDING = 1e-9
"""Share of a tolerance that is forgiven, so that a value on the very limit counts as within."""
SAME = {"temperature_C": 1.0, "stack_pressure_MPa": 0.02, "current_mA_cm2": 0.02}
"""How far conditions may differ and be the same: degC absolute, the others relative."""


@dataclass(frozen=True)
class Row:
    """One published number.

    `cell`, `condition` and `text` say in words what was measured; `set`, `experiment`, `quantity` and the conditions
    say it for programs. `cycles` is the number of cycles the cell must run; a quantity that belongs to one cycle
    belongs to the last of them. `beside` is the id of the row that a comparative statement compares with.
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
    use: str
    beside: str
    where: str
    condition: str
    text: str

    @property
    def tolerances(self):
        """Absolute tolerance of each value, in the row's unit; NaN where there is none."""
        share = self.tolerance_kind == "percent"
        return tuple(
            math.nan if self.tolerance is None else self.tolerance * (abs(value) / 100 if share else 1.0)
            for value in self.values
        )

    @property
    def is_statement(self):
        """Whether the row says yes or no rather than a number."""
        return all(isinstance(value, bool) for value in self.values)

    @property
    def is_range(self):
        """Whether its two values are the ends of a range."""
        return self.tolerance_kind == "range"


@dataclass(frozen=True)
class Finding:
    """What was computed for a row.

    `errors` are computed minus published, in the row's unit; empty for statements and where nothing could be computed.
    """

    row: Row
    values: tuple
    errors: tuple
    verdict: str
    note: str = ""


@functools.cache
def table():
    """All rows by id, in the order of the file.

    Raises
    ------
    DataFileError
        The file is missing or a line of it cannot be read.
    """
    path = _path()
    with path.open(encoding="utf-8", newline="") as file:
        found = [_row(line, path, number) for number, line in enumerate(csv.DictReader(file), start=2)]
    return MappingProxyType({row.id: row for row in found})


def rows(*ids, **criteria):
    """Rows of the given ids (default all) whose fields have the given values, or one of several given in a list.

    Raises
    ------
    UnknownNameError
        There is no such id or field.

    Examples
    --------
    >>> [row.id for row in rows(quantity="charge_over_discharge", stack_pressure_MPa=[125, 20])]
    ['P125-ICE', 'P20-ICE']
    """
    known, names = table(), [each.name for each in fields(Row)]
    for name in (name for name in ids if name not in known):
        raise UnknownNameError(f"No published row has the id '{name}'. {nearest(name, known)}".strip())
    for name in (name for name in criteria if name not in names):
        raise UnknownNameError(f"Published rows have no '{name}'; expected one of {', '.join(names)}.")
    wanted = {name: value if isinstance(value, list | set) else [value] for name, value in criteria.items()}
    chosen = [known[name] for name in ids] if ids else known.values()
    return [row for row in chosen if all(getattr(row, name) in values for name, values in wanted.items())]


def marks(parameter_set, conditions, experiment):
    """Published first-cycle values of an experiment, as `nasim.plot` marks them: quantity -> number, or list of peaks.

    `conditions` is a mapping with temperature_C, stack_pressure_MPa and, where it is known, current_mA_cm2; nothing
    that was measured under other conditions is given.

    >>> marks("Yuan2025_NASC", {"temperature_C": 25, "stack_pressure_MPa": 250}, "gcd")
    {'discharge_capacity_mAh_cm2': 0.26, 'reduction_peaks_V': [1.6, 1.25]}
    """
    found = {}
    same = ["gcd", "cycle"] if experiment == "cycle" else [experiment]
    for row in rows(set=str(parameter_set), experiment=same, cycles=1):
        key = MARKED.get(row.quantity)
        if key is None or not _matches(row, conditions):
            continue
        if key.endswith("peaks_V"):
            found.setdefault(key, []).extend(row.values)
        else:
            found[key] = row.values[0]
    return found


def computed(row, result, beside=None):
    """What a `Result` gives for a row, and whether that meets it [Finding].

    `beside` is the result of the row that the row's statement compares with, where it names one.
    """
    from .readers import READERS

    reader = READERS.get(row.quantity)
    if reader is None or result is None or (row.beside and beside is None):
        reason = "nothing computes this yet" if reader is None else "the experiment did not run"
        return Finding(row, (), (), NOT_AVAILABLE, reason)
    values = tuple(reader(row, result, beside))
    if any(value is None for value in values):
        return Finding(row, tuple(None for _ in row.values), (), MISSED, "not found in the result")
    if row.is_statement:
        return Finding(row, values, (), MET if values == row.values else MISSED)
    if row.is_range:
        low, high = row.values
        errors = tuple(value - min(max(value, low), high) for value in values)
        return Finding(row, values, errors, MET if not any(errors) else MISSED)
    errors = tuple(value - target for value, target in zip(values, row.values, strict=True))
    within = all(
        abs(error) <= limit + ROUNDING * abs(limit) for error, limit in zip(errors, row.tolerances, strict=True)
    )
    return Finding(row, values, errors, MET if within else MISSED)


def _matches(row, conditions):
    for name, limit in SAME.items():
        asked, measured = conditions.get(name), getattr(row, name)
        scale = 1.0 if name == "temperature_C" else measured
        if asked is not None and measured is not None and abs(asked - measured) > limit * scale:
            return False
    window = conditions.get("window_V")
    return not (window and row.window_V) or all(abs(a - b) < 1e-3 for a, b in zip(window, row.window_V, strict=True))


def _path():
    from ..parameters import _folders

    for folder in _folders():
        if (folder / FOLDER / FILE).is_file():
            return folder / FOLDER / FILE
    raise DataFileError(f"The published numbers, {FOLDER}/{FILE}, are missing beside the parameter sets.")


def _row(line, path, number):
    """A line of the file as a `Row`."""
    try:
        return Row(**{each.name: _READ.get(each.name, str)(line[each.name]) for each in fields(Row)})
    except (KeyError, ValueError, TypeError) as error:
        raise DataFileError(f"'{path}', line {number}: {error}. Expected the columns of nasim.published.Row.") from None


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
