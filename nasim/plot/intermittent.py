"""Figures of pulses between rests: titration (GITT) and pulse test (HPPC)."""

from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col
from .curve_table import CYCLE, STEP, capacity_name, check_any, column, has
from .style import COLOURS, OHM_CM2, UNITS, axes_for, cycle_colours, finish, label_ends, voltage_label

if TYPE_CHECKING:
    import pandas

WAYS = {"discharge": (COLOURS[0], "o"), "charge": (COLOURS[1], "s")}
"""Direction -> colour and marker."""
DECADE = 10.0
"""Ratio of the largest to the smallest resistance from which their axis is logarithmic."""
RESISTANCES = {"pulse_resistance_Ohm_cm2": "pulse", "instant_resistance_Ohm_cm2": "instant"}
"""Column -> what it is called in a legend; the first is filled."""


def titration(
    curves: "pandas.DataFrame",
    summary: "pandas.DataFrame",
    axes: "np.ndarray | None" = None,
    reference: str | None = None,
) -> np.ndarray:
    """Draw a GITT: voltage with its rested points, and resistances, against the capacity of each direction.

    Parameters
    ----------
    curves, summary : pandas.DataFrame
        As `nasim.plot` says; the summary with the columns of `nasim.analysis.intermittent.pulse_table`.
    axes : array of matplotlib axes, shape (2,), optional
        Default those of a new figure.
    reference : str, optional
        What voltages are against; default what the table says.

    Returns
    -------
    array of matplotlib axes, shape (2,)

    Raises
    ------
    UnknownNameError
        There is no curve.
    """
    check_any(curves)
    left, right = axes = axes_for(axes, (10.0, 3.8), 2)
    name, per = capacity_name(curves), "mAh_g" if has(curves, col.SPECIFIC) else "mAh_cm2"
    for way, (colour, marker) in WAYS.items():
        passed = column(summary, f"{way}_capacity_{per}").astype(float)
        rows = summary[passed > 0]
        if rows.empty:
            continue
        ends = np.cumsum(passed[passed > 0])
        for cycle, end in zip(rows[col.NUMBER], ends, strict=True):
            part = curves[column(curves, CYCLE) == cycle]
            left.plot(*_along(part, name, way, end), color=colour, lw=0.8)
        left.plot(ends, rows["relaxed_V"], marker, ms=4, mfc="white", color=colour, label=f"rested, {way}")
        for fill, (resistance, word) in zip((colour, "white"), RESISTANCES.items(), strict=True):
            right.plot(
                ends, rows[resistance], f"-{marker}", ms=4, lw=0.8, color=colour, mfc=fill, label=f"{way}, {word}"
            )
    _scaled(right)
    finish(left, f"Capacity ({UNITS[name]})", voltage_label(curves, reference))
    finish(right, f"Capacity ({UNITS[name]})", f"Resistance ({OHM_CM2})", columns=2)
    return axes


def _scaled(ax):
    """A logarithmic scale where the largest value would hide the smallest, else one from zero."""
    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in ax.get_lines()])
    values = values[np.isfinite(values)]
    if len(values) and values.min() > 0 and values.max() > DECADE * values.min():
        ax.set_yscale("log")
        ax.set_ylim(values.min() / 1.5, values.max() * 1.5)
    else:
        ax.set_ylim(bottom=0)


def _along(part, name, way, end):
    """Capacity of the direction so far and voltage of a pulse and its rests."""
    running = np.where(column(part, STEP) == way, column(part, name), np.nan).astype(float)
    start = end - np.nanmax(running)
    before = np.arange(len(part)) < np.flatnonzero(~np.isnan(running))[0]
    running = np.where(np.isnan(running), np.where(before, 0.0, end - start), running)
    return start + running, column(part, nm.VOLTAGE)


def pulse_test(
    curves: "pandas.DataFrame",
    summary: "pandas.DataFrame",
    axes: "np.ndarray | None" = None,
    reference: str | None = None,
) -> np.ndarray:
    """Draw a pulse test: voltage during the pulses at each state of charge, resistance, and power against that state.

    Parameters
    ----------
    curves, summary : pandas.DataFrame
        As `nasim.plot` says; the summary as `nasim.Pulse` gives it.
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
    left, middle, right = axes = axes_for(axes, (13.0, 3.8), 3)
    ends = []
    for colour, cycle, share in zip(
        cycle_colours(summary[col.NUMBER]), summary[col.NUMBER], summary["state_of_charge"], strict=True
    ):
        seconds, voltage = _pulses_only(curves[column(curves, CYCLE) == cycle])
        left.plot(seconds, voltage, color=colour, lw=0.9)
        ends.append((seconds[-1], voltage[-1], f"{share:.2g}", colour))
    label_ends(left, ends)
    share = column(summary, "state_of_charge")
    for way, (colour, marker) in WAYS.items():
        for fill, (name, word) in zip((colour, "white"), RESISTANCES.items(), strict=True):
            resistance = column(summary, f"{way}_{name}")
            middle.plot(share, resistance, f"-{marker}", ms=4, lw=0.8, color=colour, mfc=fill, label=f"{way}, {word}")
    right.plot(share, column(summary, "power_mW_cm2"), "-o", ms=4, lw=0.8, color=COLOURS[2])
    _scaled(middle)
    right.set_ylim(bottom=0)
    for ax in (middle, right):
        ax.invert_xaxis()
    finish(left, "Time from the first pulse (s)", voltage_label(curves, reference))
    left.set_title("state of charge at the curves", fontsize="small", loc="right")
    finish(middle, "State of charge", f"Resistance ({OHM_CM2})", columns=2)
    finish(right, "State of charge", "Power at the lower cut-off (mW cm$^{-2}$)")
    return axes


def _pulses_only(part):
    """Seconds from the first pulse, and voltage, from just before it to the end."""
    first = int(np.flatnonzero(column(part, STEP) == "pulse")[0])
    shown = slice(max(first - 1, 0), None)
    seconds = column(part, nm.TIME) - column(part, nm.TIME)[first]
    return seconds[shown], column(part, nm.VOLTAGE)[shown]
