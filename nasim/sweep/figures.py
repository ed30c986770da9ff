"""The figure of a sweep; it takes axes (or makes them) and returns axes."""

import re
from collections.abc import Sequence
from typing import Any

from ..errors import UnknownNameError, nearest
from ..nomenclature.columns import DISCHARGE, DISCHARGE_PER_GRAM
from ..plot.style import COLOURS, as_it_is, axes_for, finish
from ..scale import LOG_FROM
from .names import words

PREFERRED = (DISCHARGE_PER_GRAM, DISCHARGE)


def label(name: str) -> str:
    """Return the name of a column as matplotlib shows it.

    >>> label("stack pressure [MPa]"), label("discharge_capacity_mAh_g")
    ('Stack pressure (MPa)', 'Discharge capacity (mAh g$^{-1}$)')
    """
    text, unit = _parts(name)
    return text[:1].upper() + text[1:] + (f" ({unit})" if unit else "")


def _parts(name):
    """Return the words and the unit of a column, as matplotlib shows them."""
    text, _, unit = (name if "[" in name else words(name)).partition(" [")
    return text, re.sub(r"(-?\d+)", r"$^{\1}$", unit.removesuffix("]").replace(".", " "))


def lines(table: Any, x: str, y: str | None = None, by: str | Sequence[str] = (), ax: Any = None) -> Any:
    """Draw column `y` of the table of a sweep against column `x`, a line for each value of `by`; returns the axes.

    Points that failed are left out. Without `by`, in a design, there are points and no lines.

    Raises
    ------
    UnknownNameError
        There is no such column.
    """
    by = [by] if isinstance(by, str) else list(by)
    column = y or next((name for name in PREFERRED if name in table and table[name].notna().any()), table.columns[-3])
    for name in (x, column, *by):
        if name not in table:
            raise UnknownNameError(f"The table has no column '{name}'.", nearest(name, table.columns))
    shown = table[table[column].notna()]
    groups = shown.groupby(by, sort=False) if by else [((), shown)]
    drawn: Any = axes_for(ax)
    style = "o-" if by or shown[x].is_unique else "o"
    for k, (values, part) in enumerate(groups):
        part = part.sort_values(x)
        words_of = ", ".join(_value(name, value) for name, value in zip(by, values, strict=True))
        drawn.plot(part[x], part[column], style, ms=4, lw=1.2, color=COLOURS[k % len(COLOURS)], label=words_of or None)
    if shown[x].dtype.kind in "if" and 0 < LOG_FROM * shown[x].min() < shown[x].max():
        drawn.set_xscale("log")
    return finish(drawn, label(x), label(column), legend="above" if len(by) < 2 else "right")


def _value(name, value):
    text, unit = _parts(name)
    number = f"{value:g}" if isinstance(value, int | float) else as_it_is(value)
    return f"{number} {unit}" if unit else f"{text} {number}"
