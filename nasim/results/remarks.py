"""What the numbers of a run mean: next to no capacity, a leak or a short, an electrolyte that is reduced for good."""

from collections.abc import Iterator, Mapping
from typing import Any

from .. import nomenclature as nm
from ..nomenclature import columns as col
from ..units import SECONDS_PER_HOUR, to_C_m2

NOTHING, LEAKS, SHORTED, REDUCED = 0.01, 0.05, 0.5, 0.1
"""Shares from which on a remark is made: of 1C that is delivered, of the charge that leaks twice, of electrolyte reduced."""


def remarks(record: Mapping, table: Any) -> Iterator[str]:
    """Yield what the rows of a run mean.

    Parameters
    ----------
    record : mapping
        Of the result.
    table : pandas.DataFrame
        Its summary.
    """
    values = record["parameters"]["values"]
    one_C = SECONDS_PER_HOUR * values[nm.NOMINAL_CAPACITY] / values[nm.AREA] / to_C_m2(1.0)
    if record["experiment"] in ("gcd", "cycle", "rate") and col.DISCHARGE in table and len(table):
        poor = table[table[col.DISCHARGE] < NOTHING * one_C]
        if len(poor):
            first = poor.iloc[0]
            yield f"cycle {first[col.NUMBER]:.0f} delivers {first[col.DISCHARGE]:.2g} mAh cm-2, next to nothing"
    if col.LEAK in table and col.CHARGE in table and len(table):
        passed = table[[col.DISCHARGE, col.CHARGE]].max(axis=1)
        share = (table[col.LEAK] / passed.where(passed > NOTHING * one_C)).max()
        if share > LEAKS:
            word = "the cell is shorted" if share > SHORTED else "the cell leaks"
            yield f"{100 * share:.3g} % of the charge of a cycle flows inside the cell: {word}"
    if col.DEEP_REDUCED in table and len(table) and table[col.DEEP_REDUCED].max() > REDUCED:
        yield f"{100 * table[col.DEEP_REDUCED].max():.3g} % of the electrolyte in the cathode is reduced for good"
