"""What the small picture of a result shows in a notebook: lines, x and y of each, and the labels of both axes."""

from typing import TYPE_CHECKING, Any

from ..instruments import labels
from ..nomenclature import VOLTAGE
from ..nomenclature import columns as col
from ..units import SECONDS_PER_HOUR
from .records import NEEDED, records_of

if TYPE_CHECKING:
    from .result import Result

Preview = tuple[list[tuple[Any, Any]], str, str]


def half_cycles(result: "Result") -> Preview:
    """Return voltage against capacity of the last kept cycle, or capacity against cycle where no curve was kept."""
    curves = result.curves
    specific = col.SPECIFIC in curves and bool(curves[col.SPECIFIC].notna().any())
    capacity = col.SPECIFIC if specific else col.AREAL
    if not {capacity, VOLTAGE} <= {*curves} or not result.kept_cycles:
        return over_cycles(result)
    curve = result.curve(result.kept_cycles[-1])
    halves = (curve.loc[curve[col.STEP] == step] for step in ("discharge", "charge"))
    return [(half[capacity], half[VOLTAGE]) for half in halves], capacity, VOLTAGE


def over_cycles(result: "Result") -> Preview:
    """Return the capacity of each cycle, per gram of sulfur where there is any."""
    table = result.summary
    filled = [
        name for name in (col.DISCHARGE_PER_GRAM, col.DISCHARGE) if name in table and bool(table[name].notna().any())
    ]
    lines = [(range(1, len(table) + 1), table[name]) for name in filled[:1]]
    return lines, "Cycle", "mAh g-1" if filled[:1] == [col.DISCHARGE_PER_GRAM] else "mAh cm-2"


def in_time(result: "Result") -> Preview:
    """Return voltage against time, or capacity against cycle where no curve was kept."""
    if not len(result.curves) or not {*NEEDED} <= {*result.curves}:
        return over_cycles(result)
    records = records_of(result)
    return [(records[labels.TIME] / SECONDS_PER_HOUR, records[labels.VOLTAGE])], "Time [h]", VOLTAGE


def scans(result: "Result") -> Preview:
    """Return current against voltage of all kept scans."""
    curves = (result.curve(cycle) for cycle in result.kept_cycles)
    return [(curve[VOLTAGE], curve[col.CURRENT]) for curve in curves], VOLTAGE, col.CURRENT


def spectrum(result: Any) -> Preview:
    """Return the first and the last spectrum in the complex plane."""
    numbers = {1: None, len(result.summary): None}
    parts = [result.spectrum(number) for number in numbers]
    return [(part[col.REAL], -part[col.IMAGINARY]) for part in parts], "Z' [Ohm.cm2]", "-Z'' [Ohm.cm2]"
