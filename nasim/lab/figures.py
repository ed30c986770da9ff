"""Figures of the virtual lab that one can touch: hover, zoom, hide a line by its name in the legend.

Every figure is what plotly.js draws, as plain data (plotly's classes would check each number, which takes longer than the run),
on a transparent ground, with a table of the colours that stand for its own where the page is dark. Cycles are an ordered scale,
from dark to light; kinds are told apart by the colours of `nasim.plot`, which colour-blind readers can. Cell A is drawn in full
lines, further cells dashed. Texts are escaped.
"""

import html
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..analysis import dqdv as differential
from ..errors import DataFileError
from ..nomenclature import columns as col
from ..plot.balances import OTHERS, SMALL
from ..plot.colours import LEDGER
from ..plot.curve_table import column, half_cycle
from ..plot.style import COLOURS, cycle_colours, on_dark
from .linked import linked as linked
from .traces import (
    DASHES,
    GREY,
    UNITS,
    Figure,
    axis,
    common_unit,
    cycles,
    drawn,
    empty,
    legend,
    line,
    mark,
    short,
    voltage_words,
)

if TYPE_CHECKING:
    from ..results.result import Result
    from ..results.spectra import Spectra

CONFIG = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "sendChartToCloud"],
    "plotlyServerURL": "",
}
"""No button sends a figure anywhere."""
MOST_TICKS = 12
"""Cycles up to which each has a tick."""


def voltage(results: Mapping[str, "Result"], marks: Mapping | None = None, measured: Any = ()) -> Figure:
    """Return voltage against the capacity of each half cycle, cycles from dark to light.

    Parameters
    ----------
    results : mapping name -> Result
    marks : mapping, optional
        Published values for these conditions, as of `nasim.evidence.published.marks`.
    measured : sequence of (cycle, word, capacity, voltage), optional
        A user's own half cycles in the unit of the axis, laid over as dotted lines, cycles from dark to light, too.

    Returns
    -------
    Figure
    """
    figure, unit = empty(), common_unit(results)
    for _name, told, dash, curves, colour, cycle in cycles(results):
        for step in ("discharge", "charge"):
            part = half_cycle(curves, cycle, step)
            x, y = column(part, unit), column(part, nm.VOLTAGE)
            keep = drawn(x, y, column(part, col.STEP))
            label, look = f"cycle {cycle:g}{told}", {"color": colour, "dash": dash, "width": 2}
            shown = {"showlegend": step == "discharge", "legendgroup": label}
            line(figure, x[keep], y[keep], label, "y", ".3f", " V", shown, **look)
    numbers, told = list(dict.fromkeys(number for number, *_ in measured)), set()
    for number, word, x, y in measured:
        label, colour = f"measured cycle {number}", cycle_colours(numbers)[numbers.index(number)]
        shown = {"showlegend": number not in told, "legendgroup": label}
        line(figure, x, y, label, "y", ".3f", f" V, {word}", shown, color=colour, width=1.8, dash="dot")
        told.add(number)
    word = "mAh_g" if unit == col.SPECIFIC else "mAh_cm2"
    known = [(marks or {}).get(f"{step}_capacity_{word}") for step in ("discharge", "charge")]
    for value, foot in zip(known, (True, False), strict=True):
        if value is not None:
            levels = [part[nm.VOLTAGE] for part in (result.curves for result in results.values())]
            at = min(v.min() for v in levels) if foot else max(v.max() for v in levels)
            mark(figure, [value], [at], "published discharge" if foot else "published charge")
    figure["layout"] |= {
        "xaxis": axis(f"Capacity ({UNITS[unit]})", 0),
        "yaxis": axis(voltage_words(results)),
        "hovermode": "closest",
    }
    return figure


def dqdv(results: Mapping[str, "Result"], marks: Mapping | None = None) -> Figure:
    """Return differential capacity against voltage, charge upwards; parameters and result as of `voltage`."""
    figure, unit = empty(), common_unit(results)
    for _name, told, dash, curves, colour, cycle in cycles(results):
        for step, sign in (("discharge", -1), ("charge", 1)):
            part, label = half_cycle(curves, cycle, step), f"cycle {cycle:g}{told}"
            try:
                grid, height = differential(column(part, nm.VOLTAGE), column(part, unit), 0.005, 0.012)
            except DataFileError:
                continue
            shown = {"showlegend": step == "discharge", "legendgroup": label}
            look = {"color": colour, "dash": dash, "width": 2}
            line(figure, grid, sign * height, label, "y", ".4s", "", shown, **look)
    for key, word in (
        ("reduction_peaks_V", "published reduction peaks"),
        ("oxidation_peaks_V", "published oxidation peaks"),
    ):
        volts = np.atleast_1d((marks or {}).get(key, []))
        if len(volts):
            mark(figure, volts, np.zeros(len(volts)), word)
    figure["layout"] |= {
        "xaxis": axis(voltage_words(results), None),
        "yaxis": axis(f"dQ/dV ({UNITS[unit]} V<sup>-1</sup>)"),
        "hovermode": "x",
    }
    return figure


def fade(results: Mapping[str, "Result"]) -> Figure:
    """Return capacities and their ratio against cycle.

    Parameters
    ----------
    results : mapping name -> Result

    Returns
    -------
    Figure
    """
    figure, longest = empty(), max(len(result.summary) for result in results.values())
    for (name, result), dash in zip(results.items(), DASHES, strict=False):
        told, table = (f" {name[-1]}" if len(results) > 1 else ""), result.summary
        for label, key, colour in (("discharge", col.DISCHARGE, 0), ("charge", col.CHARGE, 1)):
            look = {"color": COLOURS[colour], "dash": dash, "width": 2}
            dot = {"symbol": "circle-open", "size": 11} if colour else {"symbol": "circle", "size": 6}
            area = {"mode": "lines+markers" if len(table) < 30 else "lines", "marker": dot}
            line(figure, table[col.NUMBER], table[key], label + told, "y", ".3f", " mAh cm-2", area, **look)
        look = {"color": COLOURS[2], "dash": dash, "width": 1.5}
        ratio, words = table[col.CHARGE_OVER_DISCHARGE], f"charge / discharge{told}"
        line(figure, table[col.NUMBER], ratio, words, "y2", ".3f", "", {"mode": "lines+markers"}, **look)
    figure["layout"] |= {
        "xaxis": axis("Cycle")
        | {"anchor": "y2", "rangemode": "nonnegative"}
        | ({"dtick": 1} if longest <= MOST_TICKS else {}),
        "yaxis": axis("Capacity (mAh cm<sup>-2</sup>)") | {"domain": [0.34, 1.0], "rangemode": "tozero"},
        "yaxis2": axis("Ratio") | {"domain": [0.0, 0.27]},
        "legend2": legend(0.27),
        "hovermode": "x unified",
        "hoversubplots": "axis",
    }
    return figure


def ledger(results: Mapping[str, "Result"]) -> Figure:
    """Return bars of what the kept discharges gave and of what each cause withheld; parameters as of `fade`."""
    figure, bars = empty(), {}
    for name, result in results.items():
        told = f"{name[-1]} " if len(results) > 1 else ""
        bars |= {f"{told}cycle {number}": result.ledger(number) for number in result.kept_cycles}
    seen = {part: [bar.get(part, 0.0) for bar in bars.values()] for part in LEDGER}
    least = SMALL * max((sum(bar.values()) for bar in bars.values()), default=0.0)
    small = [values for values in seen.values() if max(values, default=0.0) < least]
    seen = {part: values for part, values in seen.items() if max(values, default=0.0) >= least}
    seen[OTHERS] = [sum(each) for each in zip(*small, strict=True)]
    for part, values in seen.items():
        colour, hatch = LEDGER.get(part, (GREY, "."))
        if max(values, default=0.0) > 0:
            look = {"color": colour, "line": {"width": 0}} | (
                {"pattern": {"shape": hatch[0], "size": 6}} if hatch else {}
            )
            tip = f"{part}: %{{y:.4g}}<extra></extra>"
            trace = {
                "type": "bar",
                "x": list(bars),
                "y": short(values),
                "name": part,
                "marker": look,
                "hovertemplate": tip,
            }
            figure["data"].append(trace)
    unit = UNITS[common_unit(results)]
    figure["layout"] |= {"barmode": "stack", "yaxis": axis(f"Theoretical capacity ({unit})"), "xaxis": axis("")}
    return figure


def impedance(spectra: Mapping[str, "Spectra"]) -> Figure:
    """Return spectra in the complex plane.

    Parameters
    ----------
    spectra : mapping name -> Spectra

    Returns
    -------
    Figure
    """
    figure, top = empty(), 0.0
    for (name, measured), dash in zip(spectra.items(), DASHES, strict=False):
        told = f" {name[-1]}" if len(spectra) > 1 else ""
        states = list(zip(measured.summary[col.NUMBER_OF_SPECTRUM], measured.summary["state"], strict=True))
        for colour, (number, state) in zip(cycle_colours(states), states, strict=True):
            f, Z = measured.frequency, measured.impedance(number)
            tip = (
                "Z' %{x:.1f}, -Z'' %{y:.1f} Ohm cm2<br>%{customdata:.3s}Hz<extra>"
                + html.escape(str(state))
                + "</extra>"
            )
            area = {"customdata": short(f), "hovertemplate": tip, "mode": "lines+markers", "marker": {"size": 4}}
            look = {"color": colour, "dash": dash, "width": 1.5}
            line(figure, Z.real, -Z.imag, html.escape(str(state)) + told, "y", "", "", area, **look)
            top = max(top, float(Z.real.max()))
    words = " (\N{GREEK CAPITAL LETTER OMEGA} cm<sup>2</sup>)"
    figure["layout"] |= {
        "xaxis": axis("Z'" + words, 0) | {"range": [0, 1.05 * top]},
        "yaxis": axis("-Z''" + words) | {"scaleanchor": "x", "constrain": "domain", "rangemode": "tozero"},
        "hovermode": "closest",
    }
    return figure


def as_data(figure: Figure, cells: list | None = None, cursor: bool = False) -> str:
    """Return what the stage shows as JSON.

    Parameters
    ----------
    figure : Figure
    cells : list, optional
        Drawings, as of `nasim.lab.drawing.places`.
    cursor : bool
        Whether the figure's axis is the drawings' place along the cycle.
    """
    shown = {"figure": figure, "config": CONFIG, "cells": cells or [], "cursor": cursor}
    used = set(re.findall(r"#[0-9A-Fa-f]{6}", json.dumps(shown)))
    return json.dumps(
        shown | {"dark": {colour: on_dark(colour) for colour in sorted(used) if on_dark(colour) != colour}}
    )
