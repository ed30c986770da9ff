"""Figures of many cycles: fade, rate, everything that a summary holds."""

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.ledger import MISSING
from ..errors import UnknownNameError
from ..nomenclature import columns as col
from .curve_table import column, has
from .style import COLOURS, OHM_CM2, UNITS, axes_for, finish, label_ends

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

PANELS = (
    (f"Capacity ({UNITS[col.SPECIFIC]})", {col.DISCHARGE_PER_GRAM: "discharge", col.CHARGE_PER_GRAM: "charge"}),
    (f"Capacity ({UNITS[col.AREAL]})", {col.DISCHARGE: "discharge", col.CHARGE: "charge"}),
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

MOST_CAUSES = 5
"""Causes of fade that are drawn each by itself."""


def _capacities(ax, summary):
    """Draw the capacities of each cycle, per gram of sulfur where they are known; returns the label of the axis."""
    label, columns = PANELS[0] if has(summary, col.DISCHARGE_PER_GRAM) else PANELS[1]
    highest = 0.0
    for (name, entry), colour, size, fill in zip(columns.items(), COLOURS, (3.5, 6.0), ("full", "none"), strict=False):
        if has(summary, name):
            cycle, capacity = column(summary, col.NUMBER), column(summary, name)
            ax.plot(cycle, capacity, "o", ms=size, fillstyle=fill, color=colour, label=entry)
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
        twin.plot(cycle, ratio, "^", ms=3.5, color=COLOURS[2])
        ax.plot([], [], "^", ms=3.5, color=COLOURS[2], label="charge/discharge")
        twin.set_ylim(0, 1.05 * max(1.0, np.nanmax(ratio)))
    twin.set_ylabel("Coulombic ratio", color=COLOURS[2])
    twin.tick_params(direction="in", colors=COLOURS[2])
    twin.spines["top"].set_visible(False)
    finish(ax, "Cycle", label)
    return np.array([ax, twin])


def cycling(summary: "pandas.DataFrame") -> np.ndarray:
    """Draw a panel for each quantity of `PANELS` that the summary holds and that is no constant, against cycle.

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

    panels = [(label, {k: v for k, v in columns.items() if _varies(summary, k)}) for label, columns in PANELS]
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


def _varies(summary, name):
    """Whether the column holds numbers that are not all the same; of a single row, whether it holds one."""
    return has(summary, name) and (
        len(summary) < 2 or np.ptp(column(summary, name)[np.isfinite(column(summary, name))]) > 0
    )


def fade_explained(summary: "pandas.DataFrame") -> np.ndarray:
    """Draw capacity, coulombic efficiency, and what the capacity that was lost since the first cycle went into.

    The causes are entries of the capacity ledger, each less its value in the first cycle; together they are the loss, which
    is drawn in black. Those that stay small are drawn as one.

    Parameters
    ----------
    summary : pandas.DataFrame
        A row a cycle, columns as in the summary of a result.

    Returns
    -------
    array of matplotlib axes, shape (3,), or (2,) without a ledger

    Raises
    ------
    UnknownNameError
        A column is not there.
    """
    causes = {name: words for name, words in MISSING.items() if has(summary, name)}
    axes = axes_for(None, (13.0 if causes else 8.6, 3.8), 3 if causes else 2)
    cycle = column(summary, col.NUMBER)
    finish(axes[0], "Cycle", _capacities(axes[0], summary))
    _efficiency(axes[1], cycle, 100 * column(summary, col.CHARGE_OVER_DISCHARGE))
    if causes:
        _causes(axes[2], summary, causes)
    return axes


def _efficiency(ax, cycle, ratio):
    """Draw charge over discharge [%]; a first cycle far off is written instead of stretching the scale."""
    ax.plot(cycle, ratio, "o", ms=4, color=COLOURS[2])
    later = ratio[1:][np.isfinite(ratio[1:])]
    if len(later) > 1 and abs(ratio[0] - np.median(later)) > 3 * max(np.ptp(later), 0.5):
        low, high = later.min(), later.max()
        ax.set_ylim(low - 0.3 * max(high - low, 0.5), high + 0.3 * max(high - low, 0.5))
        style = {"transform": ax.transAxes, "va": "top", "fontsize": "small"}
        ax.text(0.04, 0.97, f"cycle {cycle[0]:g}: {ratio[0]:.1f} %", **style)
    finish(ax, "Cycle", "Charge over discharge (%)")


def _causes(ax, summary, causes):
    """Change since the first cycle of each part of the ledger, the loss of capacity in black."""
    cycle, per = column(summary, col.NUMBER), col.AREAL
    unit = 1.0
    if has(summary, col.DISCHARGE_PER_GRAM):
        per, unit = (
            col.SPECIFIC,
            np.nanmax(column(summary, col.DISCHARGE_PER_GRAM)) / np.nanmax(column(summary, col.DISCHARGE)),
        )
    parts = {words: unit * (column(summary, name) - column(summary, name)[0]) for name, words in causes.items()}
    loss = unit * (column(summary, col.DISCHARGE)[0] - column(summary, col.DISCHARGE))
    size = {words: np.nanmax(np.abs(values)) for words, values in parts.items()}
    shown = sorted(size, key=lambda words: size[words], reverse=True)[:MOST_CAUSES]
    ax.plot(cycle, loss, color="black", lw=1.6)
    ends = [(cycle[-1], loss[-1], "capacity lost", "black")]
    for words, colour in zip(shown, COLOURS, strict=False):
        ax.plot(cycle, parts[words], color=colour)
        ends.append((cycle[-1], parts[words][-1], words, colour))
    rest = loss - sum(parts[words] for words in shown)
    if np.nanmax(np.abs(rest)) > 0.02 * np.nanmax(np.abs(loss)):
        ax.plot(cycle, rest, color=COLOURS[7], ls=":")
        ends.append((cycle[-1], rest[-1], "all others", COLOURS[7]))
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.0)
    label_ends(ax, ends)
    finish(ax, "Cycle", f"Change since cycle {cycle[0]:g} ({UNITS[per]})")


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
