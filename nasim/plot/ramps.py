"""Figures of ramps: critical current of a symmetric cell, and a series of temperatures."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col
from ..units import SECONDS_PER_HOUR, to_kelvin
from .curve_table import CURRENT, capacity_name, check_any, column, half_cycle, has
from .in_time import CURRENT_LABEL, stacked_axes
from .style import COLOURS, OHM_CM2, UNITS, axes_for, cycle_colours, finish, voltage_label

if TYPE_CHECKING:
    import pandas


def critical_current(
    curves: "pandas.DataFrame", critical_mA_cm2: float | None = None, axes: "np.ndarray | None" = None
) -> np.ndarray:
    """Draw overpotential over current against time, with the current at which the cell shorted.

    The table's discharge-positive current is turned round, so that it has the sign of the overpotential that it causes.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, time running through all cycles.
    critical_mA_cm2 : float, optional
        Current density [mA cm-2] at which the cell shorted, to be marked.
    axes : array of matplotlib axes, shape (2,), optional
        Default those of a new figure.

    Returns
    -------
    array of matplotlib axes, shape (2,)

    Raises
    ------
    UnknownNameError
        There is no curve.
    """
    check_any(curves)
    axes = stacked_axes(axes)
    upper, lower = axes
    hours, current = column(curves, nm.TIME) / SECONDS_PER_HOUR, column(curves, CURRENT)
    upper.plot(hours, 1e3 * column(curves, nm.VOLTAGE), color=COLOURS[0], lw=0.8)
    lower.plot(hours, -current, color=COLOURS[1], lw=0.8)
    for ax in axes:
        ax.axhline(0, color="#404040", lw=0.6)
    if critical_mA_cm2 is not None:
        start = hours[np.flatnonzero(np.abs(current) >= critical_mA_cm2 * (1 - 1e-9))[0]]
        upper.axvspan(start, hours[-1], color="#D55E00", alpha=0.12, lw=0)
        lower.axvspan(
            start, hours[-1], color="#D55E00", alpha=0.12, lw=0, label=f"short at {critical_mA_cm2:.3g} mA cm$^{{-2}}$"
        )
    lower.margins(x=0.0)
    finish(upper, "", "Overpotential (mV)")
    finish(lower, "Time (h)", CURRENT_LABEL)
    return axes


def temperatures(
    curves: "pandas.DataFrame",
    summary: "pandas.DataFrame",
    conductions: Mapping[str, str],
    reference: str | None = None,
) -> np.ndarray:
    """Draw an Arrhenius plot of the resistance, and of a full cell the discharges and capacities at each temperature.

    Parameters
    ----------
    curves : pandas.DataFrame
        A row a point, a cycle a temperature; empty where nothing was cycled.
    summary : pandas.DataFrame
        A row a temperature, as `nasim.TemperatureRamp` gives it.
    conductions : mapping
        Column of the summary -> what it is in words: a conductivity [mS cm-1], or resistances [Ohm cm2].
    reference : str, optional
        What voltages are against; default what the table says.

    Returns
    -------
    array of matplotlib axes, shape (1,) or (3,)

    Raises
    ------
    UnknownNameError
        A column is not there.
    """
    cycled = len(curves) > 0
    axes = np.atleast_1d(axes_for(None, (13.0, 3.8) if cycled else (4.6, 3.8), 3 if cycled else 1))
    _arrhenius(axes[0], summary, conductions)
    if not cycled:
        return axes
    name = capacity_name(curves)
    per = "mAh_g" if has(curves, col.SPECIFIC) else "mAh_cm2"
    celsius = column(summary, col.TEMPERATURE)
    order = np.argsort(celsius)
    for colour, row in zip(cycle_colours(order), order, strict=True):
        part = half_cycle(curves, column(summary, col.NUMBER)[row], "discharge")
        capacity, voltage = column(part, name), column(part, nm.VOLTAGE)
        axes[1].plot(capacity, voltage, color=colour, label=f"{celsius[row]:g} \N{DEGREE SIGN}C")
    for way, colour, marker in (("discharge", COLOURS[0], "o"), ("charge", COLOURS[1], "s")):
        axes[2].plot(
            celsius[order], column(summary, f"{way}_capacity_{per}")[order], f"-{marker}", ms=4, color=colour, label=way
        )
    axes[2].set_ylim(bottom=0)
    finish(axes[1], f"Capacity ({UNITS[name]})", voltage_label(curves, reference))
    finish(axes[2], "Temperature (\N{DEGREE SIGN}C)", f"Capacity ({UNITS[name]})")
    return axes


def _arrhenius(ax, summary, conductions):
    """log10 of T sigma, or of T/R, over 1000/T, with a straight line through each."""
    kelvin = to_kelvin(column(summary, col.TEMPERATURE).astype(float))
    is_resistance = not any(name.startswith("conductivity") for name in conductions)
    for (name, words), colour, marker in zip(conductions.items(), COLOURS, ("o", "s"), strict=False):
        y = np.log10(kelvin * column(summary, name).astype(float) ** (-1 if is_resistance else 1))
        ax.plot(1e3 / kelvin, y, marker, ms=4, mfc="white", color=colour, label=words)
        if len(np.unique(kelvin)) > 1:
            ax.plot(1e3 / kelvin, np.polyval(np.polyfit(1e3 / kelvin, y, 1), 1e3 / kelvin), color=colour, lw=0.8)
    unit = f"T/R) (K ({OHM_CM2})$^{{-1}}$)" if is_resistance else "T$\\sigma$) (K mS cm$^{-1}$)"
    finish(ax, "1000/T (K$^{-1}$)", f"log$_{{10}}$({unit}", columns=1)
