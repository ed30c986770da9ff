"""Where a result stands beside published data: compared with data here, between data, or beyond; and what it should be told with.

The data are the published rows of the parameter set. A result stands *here* where a row has its temperature, pressure,
currents and window; *between* where each of these lies within those of all rows of the set; *beyond* where one does not, or
where the cell is another one. Remarks say what the numbers of a run mean (`nasim.results.remarks`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .. import nomenclature as nm
from ..checks import require_kind
from ..nomenclature import columns as col
from ..parameters import available, load
from ..results.remarks import remarks as told
from ..results.result import Result
from .row import Row, rows

HERE, BETWEEN, BEYOND = "compared with data here", "between data", "beyond data"
NEAR = {"temperature_C": (1.0, 0.0), "stack_pressure_MPa": (0.0, 0.02), "current_mA_cm2": (0.0, 0.02)}
"""How far a condition may be from that of a row and be the same: absolute, relative."""
UNITS = {"temperature_C": "degC", "stack_pressure_MPa": "MPa", "current_mA_cm2": "mA cm-2"}
VOLTS = 1e-3
"""By how much a window may differ and be the same [V]."""
MOST_NAMES = 3
CYCLING = {"gcd", "cycle", "rate"}
"""Kinds of test whose rows tell of each other."""


@dataclass(frozen=True)
class Validity:
    """Where a result stands.

    Attributes
    ----------
    stands : str
        "compared with data here", "between data" or "beyond data".
    because : tuple of str
        What it is compared with, or what lies beyond.
    remarks : tuple of str
        What the numbers of the run mean.
    """

    stands: str
    because: tuple[str, ...]
    remarks: tuple[str, ...]

    def __str__(self) -> str:
        return self.stands + (f": {'; '.join(self.because)}" if self.because else "")

    def as_object(self) -> dict[str, Any]:
        """Return it as a JSON-able dict.

        Returns
        -------
        dict
            "stands", "because", "remarks".
        """
        return {"stands": self.stands, "because": list(self.because), "remarks": list(self.remarks)}


def validity(result: "Result") -> Validity:
    """Say where a result stands beside published data, and what its numbers mean.

    Parameters
    ----------
    result : Result

    Returns
    -------
    Validity

    Raises
    ------
    ProtocolError
        It is no result.

    Examples
    --------
    >>> import nasim
    >>> print(nasim.validity(nasim.GCD(cycles=1).run(temperature_C=80)))
    beyond data: temperature 80 degC, data at 25 to 60 degC
    """
    require_kind("validity", "what is judged", result, Result, "a nasim.Result")
    record, table = result.record, result.summary
    known = [row for row in rows(set=record["parameter_set"]) if row.stack_pressure_MPa is not None]
    remarks = tuple(told(record, table))
    other = _another_cell(record, known)
    if other:
        return Validity(BEYOND, (other,), remarks)
    given = {
        "temperature_C": _temperatures(record, table),
        "stack_pressure_MPa": [record["conditions"]["stack_pressure_MPa"]],
    }
    given["current_mA_cm2"] = sorted(_currents(table))
    beyond = [*_outside(given, known), *_window(record, known), *_cycles(table, known)]
    if beyond:
        return Validity(BEYOND, tuple(beyond), remarks)
    matching = [row.id for row in known if _same(row, given) and _same_test(row, record)]
    if matching:
        return Validity(HERE, (f"published {', '.join(matching[:MOST_NAMES])}",), remarks)
    return Validity(BETWEEN, (), remarks)


def _another_cell(record, known):
    """Why the cell is none that was measured, or an empty string."""
    name, values = record["parameter_set"], record["parameters"]["values"]
    if not known or name not in available():
        return f"no published data of the cell '{name}'"
    shipped = load(name).as_record()["values"]
    conditions = (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE, nm.CURRENT_FUNCTION)
    other = [key for key in values if values[key] != shipped.get(key) and key not in conditions]
    if not other:
        return ""
    more = f" and {len(other) - MOST_NAMES} more" if len(other) > MOST_NAMES else ""
    return f"the cell is not the measured one: {', '.join(other[:MOST_NAMES])}{more}"


def _temperatures(record, table):
    """Temperatures of the rows of a run [degC]; that of the run where they have none."""
    own = table[col.TEMPERATURE].round(1).tolist() if col.TEMPERATURE in table else []
    return sorted(set(own)) or [record["conditions"]["temperature_C"]]


def _currents(table):
    """Currents of the rows of a run [mA cm-2] that are not zero."""
    names = [name for name in (col.APPLIED_CURRENT, col.CHARGE_CURRENT) if name in table]
    return {round(float(value), 6) for name in names for value in table[name].dropna() if value > 0}


def _outside(given: Mapping, known: list[Row]) -> Iterator[str]:
    """Conditions beyond those of all rows."""
    for name, values in given.items():
        data = [getattr(row, name) for row in known if getattr(row, name) is not None]
        if not values or not data:
            continue
        absolute, relative = NEAR[name]
        low, high = min(data) * (1 - relative) - absolute, max(data) * (1 + relative) + absolute
        out = [value for value in values if not low <= value <= high]
        if out:
            word = name.rsplit("_mA", 1)[0].rsplit("_MPa", 1)[0].rsplit("_C", 1)[0].replace("_", " ")
            ends = f"{min(data):g} to {max(data):g}" if max(data) > min(data) else f"{min(data):g}"
            yield f"{word} {out[-1] if out[-1] > high else out[0]:.4g} {UNITS[name]}, data at {ends} {UNITS[name]}"


def _window(record, known):
    """Whether a full cell goes beyond the windows of all rows."""
    windows = [row.window_V for row in known if len(row.window_V) == 2]
    if not windows or record["experiment"] in ("ocv-eis", "symmetric", "ccd", "rest"):
        return
    lower, upper = record["conditions"]["window_V"]
    least, most = min(window[0] for window in windows), max(window[1] for window in windows)
    if lower < least - VOLTS or upper > most + VOLTS:
        yield f"window {lower:g} to {upper:g} V, data at {least:g} to {most:g} V"


def _cycles(table, known):
    """Whether a run is longer than every published one."""
    most = max(row.cycles for row in known)
    if col.DISCHARGE in table and len(table) > most > 1 and table[col.DISCHARGE].notna().all():
        yield f"{len(table)} cycles, data up to cycle {most}"


def _same(row: Row, given: Mapping) -> bool:
    """Whether all conditions of a run are those of a row; one that the row does not state is."""
    for name, values in given.items():
        target = getattr(row, name)
        absolute, relative = NEAR[name]
        if target is not None and any(abs(value - target) > absolute + relative * abs(target) for value in values):
            return False
    return True


def _same_test(row: Row, record: Mapping) -> bool:
    """Whether a row is of this kind of test and, in a full cell, of this window."""
    window = record["conditions"].get("window_V")
    if len(row.window_V) == 2 and window and any(abs(a - b) > VOLTS for a, b in zip(row.window_V, window, strict=True)):
        return False
    return row.experiment == record["experiment"] or {row.experiment, record["experiment"]} <= CYCLING
