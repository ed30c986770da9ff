"""The numbers of a result that one would quote: those of its first and its last row, and what is made of several rows."""

from typing import TYPE_CHECKING

from ..nomenclature import columns as col
from ..sweep.names import words

if TYPE_CHECKING:
    from ..results.result import Result

NO_HEADLINE = (
    *(col.NUMBER, col.NUMBER_OF_SPECTRUM, col.APPLIED_CURRENT, col.CHARGE_CURRENT, col.SCAN_RATE, col.STACK_PRESSURE),
    *(col.TEMPERATURE, col.COMPUTED, "cycles", "time_h", "hold_h", "held_voltage_V", "state_of_charge", "pulse_s"),
)
"""Columns that say what was done, not what came of it."""
FIRST = (
    "critical current [mA.cm-2]",
    "largest pulse resistance [Ohm.cm2]",
    "largest discharge pulse resistance [Ohm.cm2]",
    "last residual current [mA.cm-2]",
    "last capacity over first",
    "last interphase [Ohm.cm2]",
    "first total [Ohm.cm2]",
    "first discharge capacity [mAh.g-1]",
    "first discharge capacity [mAh.cm-2]",
    "last end overpotential [mV]",
    "last end voltage [V]",
)
"""Numbers that an experiment is run for; the first of them that a result has is its headline."""
ORDINARY = ("symmetric", "rest")
"""Experiments whose capacities are what was asked for, so that they are no headline."""
RETENTION = "capacity retention [-]"


def headlines(result: "Result") -> dict[str, float]:
    """Return the headline numbers of a result, name with unit -> value.

    Parameters
    ----------
    result : Result

    Returns
    -------
    dict
        The numbers of the first and the last row; the largest of a resistance over pulses; retention over cycles; the critical
        current of a ramp that found one.

    Examples
    --------
    >>> import nasim
    >>> found = headlines(nasim.GCD(cycles=1).run())
    >>> round(found["first discharge capacity [mAh.g-1]"], -2)
    2000.0
    """
    table, found = result.summary, {}
    name = result.record["experiment"]
    capacities = {col.DISCHARGE, col.CHARGE, col.DISCHARGE_PER_GRAM, col.CHARGE_PER_GRAM}
    left_out = {*NO_HEADLINE, *(capacities if name in ORDINARY else ())}
    for column in (c for c in table if c not in left_out and not c.startswith("ledger_")):
        values = table[column].dropna()
        if values.empty or values.dtype.kind not in "fi":
            continue
        found[f"first {words(column)}"] = float(values.iloc[0])
        if len(table) > 1:
            found[f"last {words(column)}"] = float(values.iloc[-1])
        if column.endswith("pulse_resistance_Ohm_cm2"):
            found[f"largest {words(column)}"] = float(values.to_numpy(dtype=float).max())
    if name in ("gcd", "cycle", "rate", "cv") and len(table) > 1 and table[col.DISCHARGE].iloc[0] > 0:
        capacities_of = table[col.DISCHARGE].to_numpy(dtype=float)
        found[RETENTION] = float(capacities_of[-1] / capacities_of[0])
    critical = getattr(result, "critical_current_mA_cm2", None)
    if critical is not None:
        found["critical current [mA.cm-2]"] = critical
    for single in ("residual_current_mA_cm2", "capacity_over_first", "end_overpotential_mV", "end_voltage_V"):
        if f"first {words(single)}" in found and len(table) == 1:
            found[f"last {words(single)}"] = found.pop(f"first {words(single)}")
    return found


def main_one(names) -> str:
    """Return the name among those of `headlines` that stands first; "" where there are none."""
    known = list(names)
    return next((name for name in FIRST if name in known), known[0] if known else "")
