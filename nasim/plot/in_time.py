"""Figures of what happens in time: holds, rests, profiles, calendar ageing."""

from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col
from ..units import SECONDS_PER_HOUR
from .curve_table import CURRENT, CYCLE, STEP, check_any, column, has
from .looks import size_of
from .style import COLOURS, OHM_CM2, axes_for, cycle_colours, finish, label_ends, voltage_label

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

CURRENT_LABEL = "Current density (mA cm$^{-2}$)"


def hold(curves: "pandas.DataFrame", ax: "Axes | None" = None, reference: str | None = None) -> "Axes":
    """Draw the size of the current of each hold against time, both logarithmic, with its voltage at the end.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    reference : str, optional
        What voltages are against; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        There is no curve.
    """
    check_any(curves)
    ax = axes_for(ax, (5.4, 3.8))
    held = curves[column(curves, STEP) == "hold"]
    cycles, ends = np.unique(column(held, CYCLE)), []
    for colour, cycle in zip(cycle_colours(cycles), cycles, strict=True):
        part = held[column(held, CYCLE) == cycle]
        hours = (column(part, nm.TIME) - column(part, nm.TIME)[0]) / SECONDS_PER_HOUR
        current = np.abs(column(part, CURRENT))
        ax.plot(hours[1:], current[1:], color=colour)
        ends.append((hours[-1], current[-1], f"{column(part, nm.VOLTAGE)[-1]:.3g} V", colour))
    ax.set(xscale="log", yscale="log")
    first = max(1e-5, 1e-6 * max(end[0] for end in ends))
    ax.set_xlim(left=first)
    _fit_height(ax, first)
    label_ends(ax, ends)
    return finish(ax, "Time (h)", f"|{CURRENT_LABEL.replace(' (', '| (')}")


def _fit_height(ax, first):
    """Limit a logarithmic y axis to what lies right of `first`."""
    seen = [line.get_ydata()[line.get_xdata() >= first] for line in ax.get_lines()]
    seen = np.concatenate([values[values > 0] for values in seen])
    if len(seen):
        ax.set_ylim(seen.min() / 1.5, seen.max() * 1.5)


def rest(curves: "pandas.DataFrame", ax: "Axes | None" = None, reference: str | None = None) -> "Axes":
    """Draw voltage against time.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    reference : str, optional
        What voltages are against; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        There is no curve.
    """
    check_any(curves)
    ax = axes_for(ax, (5.4, 3.4))
    ax.plot(running_hours(curves), column(curves, nm.VOLTAGE), color=COLOURS[0])
    ax.margins(x=0.0)
    ax.ticklabel_format(axis="y", useOffset=False)
    return finish(ax, "Time (h)", voltage_label(curves, reference))


def profile(curves: "pandas.DataFrame", axes: "np.ndarray | None" = None, reference: str | None = None) -> np.ndarray:
    """Draw voltage, current and power against time, pass after pass.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    axes : array of matplotlib axes, shape (3,), optional
        Default those of a new figure.
    reference : str, optional
        What voltages are against; default what the table says.

    Returns
    -------
    array of matplotlib axes, shape (3,)

    Raises
    ------
    UnknownNameError
        There is no curve.
    """
    check_any(curves)
    axes = stacked_axes(axes, 3)
    upper, middle, lower = axes
    hours, voltage, current = running_hours(curves), column(curves, nm.VOLTAGE), column(curves, CURRENT)
    upper.plot(hours, voltage, color=COLOURS[0], lw=0.8)
    middle.plot(hours, current, color=COLOURS[1], lw=0.8)
    lower.plot(hours, voltage * current, color=COLOURS[2], lw=0.8)
    for ax in (middle, lower):
        ax.axhline(0, color="#404040", lw=0.6)
    lower.margins(x=0.0)
    finish(upper, "", voltage_label(curves, reference).replace(" (", "\n("))
    finish(middle, "", CURRENT_LABEL.replace(" (", "\n("))
    finish(lower, "Time (h)", "Power density\n(mW cm$^{-2}$)")
    return axes


def stacked_axes(axes: np.ndarray | None, rows: int = 2) -> np.ndarray:
    """The given axes, or `rows` of them over each other that share time, of a new figure."""
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    size = size_of((6.4, 1.4 + 1.6 * rows))[2]
    return plt.subplots(rows, 1, figsize=size, sharex=True, layout="constrained")[1]


def running_hours(curves):
    """Time [h] through all cycles: in a table of curves it starts anew in each."""
    seconds, cycle = column(curves, nm.TIME).astype(float), column(curves, CYCLE)
    lengths = curves.groupby(CYCLE)[nm.TIME].max()
    before = (lengths.cumsum() - lengths).reindex(cycle).to_numpy()
    return (seconds + before) / SECONDS_PER_HOUR


def calendar(summary: "pandas.DataFrame", storage_h: float, axes: "np.ndarray | None" = None) -> np.ndarray:
    """Draw capacity retained and recovered, and the resistance of the interphase if there is any, against the time of storage.

    Parameters
    ----------
    summary : pandas.DataFrame
        As `nasim.CalendarAgeing` gives it.
    storage_h : float
        Length of a storage [h].
    axes : array of matplotlib axes, shape (2,), optional
        Default those of a new figure.

    Returns
    -------
    array of matplotlib axes, shape (2,), or (1,) without an interphase

    Raises
    ------
    UnknownNameError
        A column is not there.
    """
    grown = has(summary, col.INTERPHASE_RESISTANCE) and bool(column(summary, col.INTERPHASE_RESISTANCE).any())
    axes = np.atleast_1d(axes_for(axes, (9.0, 3.6) if grown else (4.6, 3.6), 2 if grown else 1))
    left, phases, share = axes[0], column(summary, "phase"), 100 * column(summary, "capacity_over_first").astype(float)
    days = storage_h / 24
    for phase, colour, marker in (("retained", COLOURS[0], "o"), ("recovered", COLOURS[2], "s")):
        values = np.concatenate([share[phases == "check-up"], share[phases == phase]])
        left.plot(days * np.arange(len(values)), values, f"-{marker}", ms=4, color=colour, label=phase)
    finish(left, "Time of storage (days)", "Capacity over that of the first check-up (%)")
    if grown:
        right = axes[1]
        resistance = column(summary, col.INTERPHASE_RESISTANCE)[(phases == "check-up") | (phases == "recovered")]
        right.plot(days * np.arange(len(resistance)), resistance, "-o", ms=4, color=COLOURS[1])
        right.set_ylim(bottom=0)
        finish(right, "Time of storage (days)", f"Interphase resistance ({OHM_CM2})")
    return axes
