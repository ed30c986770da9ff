"""The published numbers as data, and the comparison of each with a result.

``parameter_sets/published/`` holds a file a publication with a row a number: the cell and conditions it was measured on,
the quantity, value, tolerance and place in the publication. Whether the parameter sets were calibrated on it or predict it
is decided by rule (`nasim.evidence.kinds`).
`rows` filters them, `marks` gives those of one experiment for figures and tables, and `computed` compares a row with a
`nasim.Result`. A row with several values (a pair of peaks) is met when all are; a row without a tolerance is a range
or a statement ("yes"/"no").
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import nomenclature as nm
from ..nomenclature.columns import APPLIED_CURRENT, CHARGE_OVER_DISCHARGE, DISCHARGE, DISCHARGE_PER_GRAM
from ..parameters import available, load
from ..units import current_density, to_mA_cm2
from .row import Row, rows, table

__all__ = [
    "MET",
    "MISSED",
    "NOT_AVAILABLE",
    "Finding",
    "Row",
    "computed",
    "has_reader",
    "judged",
    "marks",
    "marks_of",
    "reading",
    "rows",
    "table",
]

MET, MISSED, NOT_AVAILABLE = "met", "missed", "not available"
MARKED = {
    DISCHARGE_PER_GRAM: DISCHARGE_PER_GRAM,
    DISCHARGE: DISCHARGE,
    CHARGE_OVER_DISCHARGE: CHARGE_OVER_DISCHARGE,
    "reduction_peak_V": "reduction_peaks_V",
    "reduction_edge_V": "reduction_peaks_V",
    "oxidation_peak_V": "oxidation_peaks_V",
}
"""Quantities of the first cycle that figures mark, and the key they are marked under."""
ROUNDING = 1e-9
"""Share of a tolerance that is forgiven, so that a value on the very limit counts as within."""
NEUTRAL = {APPLIED_CURRENT, "window", "cycles", "keep", "stop_below", "wall_time_s", "jump_tolerance", "spectra_after"}
"""Options of a protocol that leave the first cycle as it is, or are compared by themselves."""
SAME = {"temperature_C": 1.0, "stack_pressure_MPa": 0.02, "current_mA_cm2": 0.02}
"""How far conditions may differ and be the same: degC absolute, the others relative."""


@dataclass(frozen=True)
class Finding:
    """Comparison of one published row.

    Attributes
    ----------
    row : Row
    values : tuple
        Computed values, in the row's unit; None for each that the result does not show.
    errors : tuple of float
        Computed minus published, in the row's unit; empty for statements and where nothing could be computed.
    verdict : str
        `MET`, `MISSED` or `NOT_AVAILABLE`.
    note : str
        Reason why there is no value.
    """

    row: Row
    values: tuple
    errors: tuple
    verdict: str
    note: str = ""


def marks(parameter_set: str, conditions: Mapping[str, Any], experiment: str) -> dict[str, Any]:
    """Return published first-cycle values of an experiment, as `nasim.plot` marks them.

    Parameters
    ----------
    parameter_set : str
        Name of a shipped set.
    conditions : mapping
        With temperature_C [degC], stack_pressure_MPa [MPa] and, where they are known, current_mA_cm2 [mA cm-2] and
        window_V [V]; nothing that was measured under other conditions is returned.
    experiment : str
        Word of the protocol, such as "gcd".

    Returns
    -------
    dict
        Quantity -> number, or list of peaks [V].

    >>> marks("Yuan2025_NASC", {"temperature_C": 25, "stack_pressure_MPa": 250}, "gcd")
    {'discharge_capacity_mAh_cm2': 0.26, 'reduction_peaks_V': [1.6, 1.25], 'oxidation_peaks_V': [2.15, 2.3]}
    """
    published: dict[str, Any] = {}
    same = ["gcd", "cycle"] if experiment == "cycle" else [experiment]
    for row in rows(set=str(parameter_set), experiment=same, cycles=1):
        key = MARKED.get(row.quantity)
        if key is None or not _matches(row, conditions):
            continue
        if key.endswith("peaks_V"):
            published.setdefault(key, []).extend(row.values)
        else:
            published[key] = row.values[0]
    return published


def marks_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `marks` that a run can be compared with; {} where it is not one of the published runs.

    It is the published one where the parameters have the values of the shipped set, current, window, temperature and
    pressure are those of the row, and the protocol does nothing else: no limit, hold, rest, formation.

    Parameters
    ----------
    record : mapping
        Of a `nasim.Result`.
    """
    protocol, values = record["protocol"], record["parameters"]["values"]
    current = protocol.get("current_mA_cm2")
    if current is None:
        current = to_mA_cm2(abs(values[nm.CURRENT_FUNCTION]) / values[nm.AREA])
    current = to_mA_cm2(current_density(current, values[nm.NOMINAL_CAPACITY] / values[nm.AREA]))
    others = {name: value for name, value in protocol.items() if name not in NEUTRAL and value}
    if others.get("charge_current_mA_cm2") == current:
        others.pop("charge_current_mA_cm2")
    if others or not _as_shipped(record["parameter_set"], values):
        return {}
    return marks(record["parameter_set"], record["conditions"] | {"current_mA_cm2": current}, record["experiment"])


def _as_shipped(name, values):
    return name in available() and values == load(name).as_record()["values"]


def computed(row: Row, result: Any, beside: Any = None) -> Finding:
    """Read a published row off a result, and judge whether it is met.

    Parameters
    ----------
    row : Row
    result : Result, Study or None
        None where the experiment did not run.
    beside : Result, optional
        Of the row that the row's statement compares with, where it names one.

    Returns
    -------
    Finding
        Computed values [unit of the row], errors and verdict.
    """
    values = reading(row, result, beside)
    if values:
        return judged(row, values)
    reason = "the experiment did not run" if has_reader(row) else "nothing computes this yet"
    return Finding(row, (), (), NOT_AVAILABLE, reason)


def has_reader(row: Row) -> bool:
    """Return whether the quantity of a row can be read off a result."""
    from .readings import READERS

    return row.quantity in READERS


def reading(row: Row, result: Any, beside: Any = None) -> tuple:
    """Return the values of a row, as many as are published, each None where the result does not show it; () without a result.

    Parameters
    ----------
    row : Row
    result, beside : Result, Study or None
    """
    from .readings import READERS

    reader = READERS.get(row.quantity)
    if reader is None or result is None or (row.beside and beside is None):
        return ()
    return tuple(reader(row, result, beside))


def judged(row: Row, values: tuple) -> Finding:
    """Return what a published row says of computed values.

    Parameters
    ----------
    row : Row
    values : tuple
        As many as are published; None for one that is not there.
    """
    if any(value is None for value in values):
        return Finding(row, values, (), MISSED, "not found in the result")
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
