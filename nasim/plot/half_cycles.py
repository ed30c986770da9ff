"""Figures of single cycles: voltage, differential capacity, species, voltammograms."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..analysis import dqdv as differential
from ..errors import DataFileError
from ..units import SECONDS_PER_HOUR
from .colours import SPECIES
from .curve_table import CURRENT, CYCLE, SPECIFIC, along, capacity_name, check_any, chosen, column, half_cycle, has
from .style import (
    COLOURS,
    UNITS,
    axes_for,
    cycle_colours,
    finish,
    inset,
    label_feet,
    mark_turns,
    publish,
    species_label,
    voltage_label,
)

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


MANY, LAST = 20, 3
"""Cycles from which the curve of a symmetric cell becomes a block of colour, and how many of the last an inset shows."""


def voltage_capacity(
    curves: "pandas.DataFrame",
    ax: "Axes | None" = None,
    cycles: int | Sequence[int] | None = None,
    published: Mapping | None = None,
    reference: str | None = None,
) -> "Axes":
    """Draw voltage against the capacity of each discharge and charge, a colour a cycle.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    cycles : int or sequence of int, optional
        Default at most five of those present, evenly spread.
    published : mapping, optional
        Quantity -> value or values to mark: discharge and charge capacity in the unit of the axis.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax, capacity = axes_for(ax), capacity_name(curves)
    drawn, feet = chosen(curves, cycles), []
    for colour, cycle in zip(cycle_colours(drawn), drawn, strict=True):
        for step in ("discharge", "charge"):
            part = half_cycle(curves, cycle, step)
            label = f"cycle {cycle:g}" if step == "discharge" and len(drawn) == 1 else "_"
            ax.plot(column(part, capacity), column(part, nm.VOLTAGE), color=colour, label=label)
            feet += [(column(part, capacity)[-1], f"{cycle:g}", colour)] if step == "discharge" and len(part) else []
    unit = "mAh_g" if capacity == SPECIFIC else "mAh_cm2"
    ax.set_xlim(left=0)
    ax.margins(y=0.1)
    if len(feet) > 1:
        label_feet(ax, feet, "cycle at the end of its discharge")
    publish(ax, published, {f"discharge_capacity_{unit}": "bottom", f"charge_capacity_{unit}": "top"})
    return finish(ax, f"Capacity ({UNITS[capacity]})", voltage_label(curves, reference))


def dqdv(
    curves: "pandas.DataFrame",
    ax: "Axes | None" = None,
    cycles: int | Sequence[int] | None = None,
    published: Mapping | None = None,
    step_V: float = 0.005,
    smooth_V: float = 0.012,
    reference: str | None = None,
) -> "Axes":
    """Draw differential capacity against voltage, charge upwards and discharge downwards.

    A half cycle too short for a derivative is left out.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    cycles : int or sequence of int, optional
        Default at most five of those present, evenly spread.
    published : mapping, optional
        Quantity -> value or values to mark: "reduction_peaks_V" and "oxidation_peaks_V" [V].
    step_V, smooth_V : float
        Grid and smoothing [V] as in `nasim.analysis.dqdv`.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax, capacity = axes_for(ax), capacity_name(curves)
    for colour, cycle in zip(cycle_colours(chosen(curves, cycles)), chosen(curves, cycles), strict=True):
        label = f"cycle {cycle:g}"
        for step, sign in (("charge", 1), ("discharge", -1)):
            part = half_cycle(curves, cycle, step)
            try:
                grid, height = differential(column(part, nm.VOLTAGE), column(part, capacity), step_V, smooth_V)
            except DataFileError:
                continue
            ax.plot(grid, sign * height, color=colour, label=label)
            label = "_"
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(y=0.1)
    for level, step in ((0.97, "charge"), (0.03, "discharge")):
        at = "top" if level > 0.5 else "bottom"
        ax.text(0.99, level, step, transform=ax.transAxes, ha="right", va=at, fontsize="small", color="#404040")
    publish(ax, published, {"reduction_peaks_V": "bottom", "oxidation_peaks_V": "top"})
    return finish(ax, voltage_label(curves, reference), f"dQ/dV ({UNITS[capacity]} V$^{{-1}}$)")


def species(
    curves: "pandas.DataFrame",
    ax: "Axes | None" = None,
    cycle: int = 1,
    chains: Sequence[nm.Chain] = (nm.SULFUR, nm.SB_S),
) -> "Axes":
    """Draw species fractions along one cycle, discharge then charge, a line style a chain.

    Species that the table does not hold are left out. A thin line marks the turn.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    cycle : int
        Number of the cycle.
    chains : sequence of nasim.nomenclature.Chain
        Chains to draw.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax = axes_for(ax)
    part, running, turns = along(curves, cycle)
    for chain, style in zip(chains, ("-", "--", ":", "-."), strict=False):
        for k, name in enumerate(chain.species):
            if has(part, chain.fraction(k)):
                ax.plot(
                    running,
                    column(part, chain.fraction(k)),
                    style,
                    color=SPECIES.get(name),
                    label=species_label(name, curves),
                )
    mark_turns(ax, turns)
    ax.set(ylim=(0, 1.02), xlim=(0, running.max() or None))
    return finish(ax, f"Running capacity ({UNITS[capacity_name(curves)]})", "Species fraction", columns=4)


def gcd(
    curves: "pandas.DataFrame",
    published: Mapping | None = None,
    cycles: int | Sequence[int] | None = None,
    reference: str | None = None,
) -> np.ndarray:
    """Draw galvanostatic cycling in three panels: voltage, dQ/dV, species of the first cycle drawn.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    published : mapping, optional
        Quantity -> value or values to mark, as for `voltage_capacity` and `dqdv`.
    cycles : int or sequence of int, optional
        Default at most five of those present, evenly spread.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    array of matplotlib axes, shape (3,)

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    axes = axes_for(None, (13.0, 4.2), 3)
    voltage_capacity(curves, axes[0], cycles, published, reference)
    dqdv(curves, axes[1], cycles, published, reference=reference)
    species(curves, axes[2], chosen(curves, cycles)[0])
    return axes


def cv(
    curves: "pandas.DataFrame",
    ax: "Axes | None" = None,
    cycles: int | Sequence[int] | None = None,
    labels: Mapping[int, str] | None = None,
    reference: str | None = None,
) -> "Axes":
    """Draw current against voltage of a cyclic voltammogram, oxidation upwards as electrochemists draw it.

    The table's discharge-positive current is turned round for this.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
    ax : matplotlib axes, optional
        Default those of a new figure.
    cycles : int or sequence of int, optional
        Default all.
    labels : mapping, optional
        Number of a cycle -> its legend entry.
    reference : str, optional
        What voltages are against, such as "Na/Na+"; default what the table says.

    Returns
    -------
    matplotlib axes

    Raises
    ------
    UnknownNameError
        A cycle or column is not there.
    """
    ax, drawn = axes_for(ax), chosen(curves, np.unique(column(curves, CYCLE)) if cycles is None else cycles)
    for colour, cycle in zip(cycle_colours(drawn), drawn, strict=True):
        part = curves[column(curves, CYCLE) == cycle]
        label = (labels or {}).get(cycle, f"cycle {cycle:g}")
        ax.plot(column(part, nm.VOLTAGE), -column(part, CURRENT), color=colour, label=label)
    ax.axhline(0, color="#404040", lw=0.6)
    return finish(ax, voltage_label(curves, reference), "Current density (mA cm$^{-2}$)")


def symmetric(curves: "pandas.DataFrame", ax: "Axes | None" = None) -> "Axes":
    """Draw the overpotential [mV] of a symmetric cell against time [h]; an inset has the last cycles where there are many.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, columns as `nasim.plot` says.
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
    check_any(curves)
    ax = axes_for(ax, (6.4, 3.2))
    hours, voltage = column(curves, nm.TIME) / SECONDS_PER_HOUR, column(curves, nm.VOLTAGE)
    ax.plot(hours, 1e3 * voltage, color=COLOURS[0], lw=0.8)
    ax.axhline(0, color="#404040", lw=0.6)
    ax.margins(x=0.0)
    cycles = np.unique(column(curves, CYCLE)) if has(curves, CYCLE) else np.empty(0)
    if len(cycles) > MANY:
        low, high = ax.get_ylim()
        ax.set_ylim(low, high + 0.7 * (high - low))
        small = inset(ax, (0.1, 0.71, 0.84, 0.24), f"last {LAST} cycles")
        last = column(curves, CYCLE) > cycles[-1 - LAST]
        small.plot(hours[last], 1e3 * voltage[last], color=COLOURS[0], lw=0.8)
        small.margins(x=0.0)
    return finish(ax, "Time (h)", "Overpotential (mV)")
