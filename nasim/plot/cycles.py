"""Figures of many cycles: fade, rate, everything that a summary holds."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..errors import UnknownNameError
from ..nomenclature import columns as col
from .curve_table import column, has
from .style import COLOURS, OHM_CM2, axes_for, finish

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

PANELS = (
    ("Capacity (mAh g$^{-1}$)", {col.DISCHARGE_PER_GRAM: "discharge", col.CHARGE_PER_GRAM: "charge"}),
    ("Capacity (mAh cm$^{-2}$)", {col.DISCHARGE: "discharge", col.CHARGE: "charge"}),
    (
        "Coulombic ratio",
        {col.CHARGE_OVER_DISCHARGE: "charge/discharge", col.DISCHARGE_OVER_CHARGE: "discharge/charge"},
    ),
    ("Mean voltage (V)", {col.DISCHARGE_VOLTAGE: "discharge", col.CHARGE_VOLTAGE: "charge"}),
    ("Discharge energy (mWh cm$^{-2}$)", {col.DISCHARGE_ENERGY: ""}),
    ("Interphase thickness (\N{GREEK SMALL LETTER MU}m)", {col.INTERPHASE_THICKNESS: ""}),
    (f"Interphase resistance ({OHM_CM2})", {col.INTERPHASE_RESISTANCE: ""}),
    ("Connected fraction", {col.CONNECTED_FRACTION: ""}),
    ("Leak (mAh cm$^{-2}$)", {col.LEAK: ""}),
    ("Stack pressure (MPa)", {col.STACK_PRESSURE: ""}),
)
"""Panels of `cycling`: the label of each, then its columns with their legend entries."""


def _capacities(ax, summary):
    """Draw the capacities of each cycle, per gram of sulfur where they are known; returns the label of the axis."""
    label, columns = PANELS[0] if has(summary, col.DISCHARGE_PER_GRAM) else PANELS[1]
    highest = 0.0
    for (name, entry), fill in zip(columns.items(), (COLOURS[0], "white"), strict=True):
        if has(summary, name):
            cycle, capacity = column(summary, col.NUMBER), column(summary, name)
            ax.plot(cycle, capacity, "o", ms=4.5, mfc=fill, mec=COLOURS[0], label=entry)
            highest = max(highest, np.nanmax(capacity))
    ax.set_ylim(0, 1.2 * highest or 1.0)
    return label


def fade(summary: "pandas.DataFrame", ax: "Axes | None" = None) -> np.ndarray:
    """Draw discharge and charge capacity against cycle, and the coulombic ratio on a second axis.

    Parameters
    ----------
    summary : pandas.DataFrame
        A row a cycle, columns as in the summary of a result.
    ax : matplotlib axes, optional
        Default those of a new figure.

    Returns
    -------
    array of matplotlib axes, shape (2,)

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax = axes_for(ax, (5.6, 3.8))
    twin = ax.twinx()
    cycle = column(summary, col.NUMBER)
    label = _capacities(ax, summary)
    if has(summary, col.CHARGE_OVER_DISCHARGE):
        ratio = column(summary, col.CHARGE_OVER_DISCHARGE)
        twin.plot(cycle, ratio, "^", ms=3.5, color=COLOURS[1])
        ax.plot([], [], "^", ms=3.5, color=COLOURS[1], label="charge/discharge")
        twin.set_ylim(0, 1.05 * max(1.0, np.nanmax(ratio)))
    twin.set_ylabel("Coulombic ratio", color=COLOURS[1])
    twin.tick_params(direction="in", colors=COLOURS[1])
    twin.spines["top"].set_visible(False)
    finish(ax, "Cycle", label)
    return np.array([ax, twin])


def cycling(summary: "pandas.DataFrame") -> np.ndarray:
    """Draw a panel for each quantity of `PANELS` that the summary holds, against cycle.

    Parameters
    ----------
    summary : pandas.DataFrame
        A row a cycle, columns as in the summary of a result.

    Returns
    -------
    array of matplotlib axes, shape (panels,)

    Raises
    ------
    UnknownNameError
        The summary holds none of the columns of `PANELS`.
    """
    import matplotlib.pyplot as plt

    panels = [(label, {k: v for k, v in columns.items() if has(summary, k)}) for label, columns in PANELS]
    panels = [panel for panel in panels if panel[1]]
    if not panels:
        raise UnknownNameError("The summary has no column to draw; see nasim.plot.PANELS.")
    columns = min(3, len(panels))
    rows = -(-len(panels) // columns)
    grid = plt.subplots(rows, columns, figsize=(4.0 * columns, 2.9 * rows), layout="constrained", squeeze=False)[1]
    for ax, (label, entries) in zip(grid.flat, panels, strict=False):
        for colour, (name, entry) in zip(COLOURS, entries.items(), strict=False):
            ax.plot(column(summary, col.NUMBER), column(summary, name), "o-", ms=3, lw=1, color=colour, label=entry)
        finish(ax, "Cycle", label)
    for ax in grid.flat[len(panels) :]:
        ax.remove()
    return grid.flat[: len(panels)]


def rate(summary: "pandas.DataFrame", ax: "Axes | None" = None) -> "Axes":
    """Draw capacity against cycle of a rate test, the current written over each block of cycles.

    Parameters
    ----------
    summary : pandas.DataFrame
        A row a cycle, columns as in the summary of a result.
    ax : matplotlib axes, optional
        Default those of a new figure.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax = axes_for(ax, (5.6, 3.8))
    cycle = column(summary, col.NUMBER)
    label = _capacities(ax, summary)
    if has(summary, col.APPLIED_CURRENT):
        current = column(summary, col.APPLIED_CURRENT)
        bounds = [0, *(np.flatnonzero(np.diff(current)) + 1), len(cycle)]
        for first, last in pairwise(bounds):
            middle = float(0.5 * (cycle[first] + cycle[last - 1]))
            place = {"transform": ax.get_xaxis_transform(), "ha": "center", "va": "top", "fontsize": "small"}
            ax.text(middle, 0.99, f"{current[first]:.3g}", **place)
            if last < len(cycle):
                ax.axvline(float(0.5 * (cycle[last - 1] + cycle[last])), color="#B0B0B0", lw=0.6, ls=":")
        ax.text(1.0, 1.02, "current in mA cm$^{-2}$", transform=ax.transAxes, fontsize="small", ha="right")
    return finish(ax, "Cycle", label)
