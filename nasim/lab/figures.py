"""Figures of the virtual lab that one can touch: hover, zoom, hide a line by its name in the legend.

Every figure is a `plotly` figure on a transparent ground in greys that are read on white and on black, so that it follows
the page from light to dark. Cycles are an ordered scale, from dark to light; kinds are told apart by the colours of
`nasim.plot`, which colour-blind readers can. Cell A is drawn in full lines, further cells dashed. Texts are escaped.
"""

import html
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..analysis import dqdv as differential
from ..errors import DataFileError
from ..nomenclature import columns as col
from ..plot.balances import LOSS
from ..plot.colours import LEDGER, colours_of
from ..plot.curve_table import along, capacity_name, chosen, column, half_cycle, has
from ..plot.style import COLOURS, cycle_colours

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from ..results.result import Result
    from ..results.spectra import Spectra

GREY, GRID = "#7b7b7b", "rgba(128,128,128,0.28)"
DASHES = ("solid", "dash", "dot")
UNITS = {col.AREAL: "mAh cm<sup>-2</sup>", col.SPECIFIC: "mAh g<sub>S</sub><sup>-1</sup>"}
POINTS = 220
"""Points of a half cycle that are drawn: as many as a screen can tell apart."""
LEAST_LOSS_V, LEAST_FRACTION, SETTLED = 5e-3, 0.02, 4e-3
"""Smaller losses and fractions are no line; share of a half cycle in which the double layers still carry the current."""
PANELS = (("Voltage (V)", 0.70, 1.0), ("|dQ/dV|", 0.49, 0.66), ("Species", 0.245, 0.45), ("Losses (mV)", 0.0, 0.205))
"""Axis and place of the panels that have one cursor."""
HEIGHT = {"linked": 600, "one": 460}
CONFIG = {"displaylogo": False, "responsive": True, "modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def linked(results: Mapping[str, "Result"], last: bool = False) -> "Figure":
    """Return voltage, dQ/dV, species and losses along one cycle, with one cursor for all.

    Parameters
    ----------
    results : mapping name -> Result
        The cells to lay over each other; the first in full lines.
    last : bool
        The last kept cycle instead of the first.

    Returns
    -------
    plotly figure
    """
    figure, unit = _figure(HEIGHT["linked"]), common_unit(results)
    for (name, result), dash in zip(results.items(), DASHES, strict=False):
        told = f" {name[-1]}" if len(results) > 1 else ""
        cycle = (result.kept_cycles or [1])[-1 if last else 0]
        part, running, turns = along(_in_unit(result.curves, unit), cycle)
        keep = _drawn(running, column(part, nm.VOLTAGE), column(part, col.STEP))
        part, running = part.iloc[keep], running[keep]
        style = {"dash": dash, "width": 2}
        _line(figure, running, column(part, nm.VOLTAGE), f"voltage{told}", "y", ".3f", " V", color=COLOURS[0], **style)
        _line(
            figure, *_along_dqdv(result.curves, cycle, unit), f"dQ/dV{told}", "y2", ".3s", "", color=COLOURS[1], **style
        )
        for label, values, colour in _species(part, result.record.get("ion", "Na+")):
            _line(figure, running, values, label + told, "y3", ".2f", "", color=colour, dash=dash, width=1.8)
        for label, values, colour in _losses(part, whole=len(results) > 1):
            area = {} if len(results) > 1 else {"stackgroup": "losses", "fillcolor": colour}
            look = {"color": colour, "dash": dash, "width": 1.8 if told else 0.5}
            _line(figure, running, 1e3 * values, label + told, "y4", ".0f", " mV", area, **look)
        for turn in turns:
            figure.add_vline(turn, line={"color": GREY, "width": 0.8, "dash": dash})
    axes = {}
    for number, (title, low, high) in enumerate(PANELS, 1):
        axes["yaxis" if number == 1 else f"yaxis{number}"] = _axis(title) | {"domain": [low, high]}
        axes["legend" if number == 1 else f"legend{number}"] = _legend(high)
    axes["yaxis3"] |= {"range": [-0.02, 1.05]}
    words = f"Capacity along cycle {'(last kept)' if last else '1'}: discharge, then charge ({UNITS[unit]})"
    spike = {"showspikes": True, "spikemode": "across", "spikesnap": "cursor", "spikethickness": 1, "spikecolor": GREY}
    across = {"anchor": "y4", "rangemode": "tozero"} | spike
    figure.update_layout(xaxis=_axis(words) | across, hovermode="x unified", hoversubplots="axis", **axes)
    return figure


def voltage(results: Mapping[str, "Result"], marks: Mapping | None = None, measured: Any = ()) -> "Figure":
    """Return voltage against the capacity of each half cycle, cycles from dark to light.

    Parameters
    ----------
    results : mapping name -> Result
    marks : mapping, optional
        Published values for these conditions, as of `nasim.evidence.published.marks`.
    measured : sequence of (name, capacity, voltage), optional
        A user's own half cycles in the unit of the axis, laid over.

    Returns
    -------
    plotly figure
    """
    figure, unit = _figure(), common_unit(results)
    for _name, told, dash, curves, colour, cycle in _cycles(results, unit):
        for step in ("discharge", "charge"):
            part = half_cycle(curves, cycle, step)
            x, y = column(part, unit), column(part, nm.VOLTAGE)
            keep = _drawn(x, y, column(part, col.STEP))
            label, look = f"cycle {cycle:g}{told}", {"color": colour, "dash": dash, "width": 2}
            shown = {"showlegend": step == "discharge", "legendgroup": label}
            _line(figure, x[keep], y[keep], label, "y", ".3f", " V", shown, **look)
    for name, x, y in measured:
        look = {"color": GREY, "width": 1.6, "dash": "dot"}
        _line(figure, x, y, f"measured {html.escape(name)}", "y", ".3f", " V", **look)
    word = "mAh_g" if unit == col.SPECIFIC else "mAh_cm2"
    known = [(marks or {}).get(f"{step}_capacity_{word}") for step in ("discharge", "charge")]
    for value, foot in zip(known, (True, False), strict=True):
        if value is not None:
            levels = [part[nm.VOLTAGE] for part in (result.curves for result in results.values())]
            at = min(v.min() for v in levels) if foot else max(v.max() for v in levels)
            _mark(figure, [value], [at], "published discharge" if foot else "published charge")
    figure.update_layout(
        xaxis=_axis(f"Capacity ({UNITS[unit]})", 0), yaxis=_axis(_voltage_words(results)), hovermode="closest"
    )
    return figure


def dqdv(results: Mapping[str, "Result"], marks: Mapping | None = None) -> "Figure":
    """Return differential capacity against voltage, charge upwards; parameters and result as of `voltage`."""
    figure, unit = _figure(), common_unit(results)
    for _name, told, dash, curves, colour, cycle in _cycles(results, unit):
        for step, sign in (("discharge", -1), ("charge", 1)):
            part, label = half_cycle(curves, cycle, step), f"cycle {cycle:g}{told}"
            try:
                grid, height = differential(column(part, nm.VOLTAGE), column(part, unit), 0.005, 0.012)
            except DataFileError:
                continue
            shown = {"showlegend": step == "discharge", "legendgroup": label}
            look = {"color": colour, "dash": dash, "width": 2}
            _line(figure, grid, sign * height, label, "y", ".4s", "", shown, **look)
    for key, word in (
        ("reduction_peaks_V", "published reduction peaks"),
        ("oxidation_peaks_V", "published oxidation peaks"),
    ):
        volts = np.atleast_1d((marks or {}).get(key, []))
        if len(volts):
            _mark(figure, volts, np.zeros(len(volts)), word)
    figure.update_layout(
        xaxis=_axis(_voltage_words(results), None), yaxis=_axis(f"dQ/dV ({UNITS[unit]} V<sup>-1</sup>)"), hovermode="x"
    )
    return figure


def fade(results: Mapping[str, "Result"]) -> "Figure":
    """Return capacities and their ratio against cycle.

    Parameters
    ----------
    results : mapping name -> Result

    Returns
    -------
    plotly figure
    """
    figure = _figure()
    for (name, result), dash in zip(results.items(), DASHES, strict=False):
        told, table = (f" {name[-1]}" if len(results) > 1 else ""), result.summary
        for label, key, colour in (("discharge", col.DISCHARGE, 0), ("charge", col.CHARGE, 1)):
            look = {"color": COLOURS[colour], "dash": dash, "width": 2}
            area = {"mode": "lines+markers" if len(table) < 30 else "lines"}
            _line(figure, table[col.NUMBER], table[key], label + told, "y", ".3f", " mAh cm-2", area, **look)
        look = {"color": COLOURS[2], "dash": dash, "width": 1.5}
        ratio, words = table[col.CHARGE_OVER_DISCHARGE], f"charge / discharge{told}"
        _line(figure, table[col.NUMBER], ratio, words, "y2", ".3f", "", {"mode": "lines+markers"}, **look)
    figure.update_layout(
        xaxis=_axis("Cycle") | {"anchor": "y2", "rangemode": "nonnegative"},
        yaxis=_axis("Capacity (mAh cm<sup>-2</sup>)") | {"domain": [0.34, 1.0], "rangemode": "tozero"},
        yaxis2=_axis("Ratio") | {"domain": [0.0, 0.27]},
        legend2=_legend(0.27),
        hovermode="x unified",
        hoversubplots="axis",
    )
    return figure


def ledger(results: Mapping[str, "Result"]) -> "Figure":
    """Return bars of what the kept discharges gave and of what each cause withheld; parameters as of `fade`."""
    from plotly.graph_objects import Bar

    figure, bars = _figure(), {}
    for name, result in results.items():
        told = f"{name[-1]} " if len(results) > 1 else ""
        bars |= {f"{told}cycle {number}": result.ledger(number) for number in result.kept_cycles}
    for part, (colour, hatch) in LEDGER.items():
        values = [bar.get(part, 0.0) for bar in bars.values()]
        if max(values, default=0.0) > 0:
            look = {"color": colour, "line": {"width": 0}} | ({"pattern": {"shape": "/", "size": 6}} if hatch else {})
            tip = f"{part}: %{{y:.4g}}<extra></extra>"
            figure.add_trace(Bar(x=list(bars), y=values, name=part, marker=look, hovertemplate=tip))
    unit = UNITS[common_unit(results)]
    figure.update_layout(barmode="stack", yaxis=_axis(f"Theoretical capacity ({unit})"), xaxis=_axis(""))
    return figure


def impedance(spectra: Mapping[str, "Spectra"]) -> "Figure":
    """Return spectra in the complex plane.

    Parameters
    ----------
    spectra : mapping name -> Spectra

    Returns
    -------
    plotly figure
    """
    figure, top = _figure(), 0.0
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
            area = {"customdata": f, "hovertemplate": tip, "mode": "lines+markers", "marker": {"size": 4}}
            look = {"color": colour, "dash": dash, "width": 1.5}
            _line(figure, Z.real, -Z.imag, html.escape(str(state)) + told, "y", "", "", area, **look)
            top = max(top, float(Z.real.max()))
    words = " (\N{GREEK CAPITAL LETTER OMEGA} cm<sup>2</sup>)"
    figure.update_layout(
        xaxis=_axis("Z'" + words, 0) | {"range": [0, 1.05 * top]},
        yaxis=_axis("-Z''" + words) | {"scaleanchor": "x"},
        hovermode="closest",
    )
    return figure


def as_data(figure: "Figure", cells: list | None = None, cursor: bool = False) -> str:
    """Return what the stage shows as JSON.

    Parameters
    ----------
    figure : plotly figure
    cells : list, optional
        Drawings, as of `nasim.lab.drawing.places`.
    cursor : bool
        Whether the figure's axis is the drawings' place along the cycle.
    """
    import json

    return json.dumps(
        {"figure": json.loads(str(figure.to_json())), "config": CONFIG, "cells": cells or [], "cursor": cursor}
    )


# --- parts ---------------------------------------------------------------------------------------------------------------


def _figure(height=HEIGHT["one"]):
    from plotly.graph_objects import Figure

    figure = Figure(layout={"template": "none", "colorway": list(COLOURS)})
    figure.update_layout(
        height=height,
        autosize=True,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": GREY, "size": 13},
        showlegend=True,
        margin={"l": 62, "r": 172, "t": 8, "b": 48},
        legend=_legend(1.0),
        hoverlabel={"bgcolor": "#ffffff", "font": {"color": "#1a1a1a", "size": 12}, "namelength": -1},
        uirevision="kept",
    )
    return figure


def _legend(top):
    """A legend right of the panel whose upper end is here."""
    return {"x": 1.01, "xanchor": "left", "y": top, "yanchor": "top", "font": {"size": 11}, "tracegroupgap": 0}


def _axis(title, least=None):
    lines = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GREY, "tickcolor": GREY, "showline": True}
    return (
        lines
        | {"title": {"text": title, "standoff": 8}, "ticks": "outside", "automargin": True}
        | ({"rangemode": "tozero"} if least == 0 else {})
    )


def _line(figure, x, y, name, axis, form, unit, more=None, **look):
    """Add a line; `form` and `unit` tell how its values read under the cursor."""
    from plotly.graph_objects import Scatter

    told = {"hovertemplate": f"%{{y:{form}}}{unit}"} if form else {}
    options = (
        {"mode": "lines", "yaxis": axis, "xaxis": "x", "legend": axis.replace("y", "legend")} | told | (more or {})
    )
    figure.add_trace(Scatter(x=_short(x), y=_short(y), name=name, line=look, **options))


def _mark(figure, x, y, name):
    from plotly.graph_objects import Scatter

    look = {"symbol": "triangle-up-open", "size": 11, "color": GREY, "line": {"width": 2}}
    figure.add_trace(Scatter(x=x, y=y, name=name, mode="markers", marker=look, hovertemplate="%{x:.4g}"))


def _short(values):
    """Five digits of each number, so that a figure is a small message."""
    return [None if not np.isfinite(value) else float(f"{value:.5g}") for value in np.asarray(values, dtype=float)]


def _drawn(x, y, step):
    """Places of the points to draw: even along each half cycle, as it looks on the screen."""
    kept, cuts = [], [0, *(np.flatnonzero(step[1:] != step[:-1]) + 1), len(step)]
    for first, last in zip(cuts[:-1], cuts[1:], strict=True):
        if last - first <= POINTS:
            kept += range(first, last)
            continue
        scale = [max(float(np.ptp(v[first:last])), 1e-12) for v in (x, y)]
        length = sum(np.abs(np.diff(v[first:last])) / s for v, s in zip((x, y), scale, strict=True))
        gone = np.concatenate([[0.0], np.cumsum(length)])
        kept += (
            first + np.unique(np.searchsorted(gone, np.linspace(0, gone[-1], POINTS)).clip(0, last - first - 1))
        ).tolist()
    return np.array(kept, dtype=int)


def common_unit(results):
    """Per gram of sulfur where all cells know it."""
    names = {capacity_name(result.curves) for result in results.values()}
    return names.pop() if len(names) == 1 else col.AREAL


def _in_unit(curves, unit):
    """Curves whose running capacity is in this unit."""
    return curves if unit == capacity_name(curves) else curves.drop(columns=[col.SPECIFIC])


def _cycles(results, unit):
    for (name, result), dash in zip(results.items(), DASHES, strict=False):
        told = f" {name[-1]}" if len(results) > 1 else ""
        numbers = chosen(result.curves, None)
        for colour, cycle in zip(cycle_colours(numbers), numbers, strict=True):
            yield name, told, dash, result.curves, colour, cycle


def _along_dqdv(curves, cycle, unit):
    """Running capacity and |dQ/dV| there."""
    places, heights, start = [], [], 0.0
    for step in ("discharge", "charge"):
        part = half_cycle(curves, cycle, step)
        if not len(part):
            continue
        volts, capacity = column(part, nm.VOLTAGE), column(part, unit)
        try:
            grid, height = differential(volts, capacity, 0.005, 0.012)
        except DataFileError:
            start += capacity[-1]
            continue
        keep = _drawn(capacity, volts, column(part, col.STEP))
        order = np.argsort(grid)
        places.append(start + capacity[keep])
        heights.append(np.interp(volts[keep], np.asarray(grid)[order], np.asarray(height)[order]))
        start += capacity[-1]
    return (np.concatenate(places), np.concatenate(heights)) if places else (np.array([]), np.array([]))


def _species(part, ion):
    colours = iter(COLOURS)
    for chain in (nm.SULFUR, nm.SB_S):
        for k, name in enumerate(chain.species):
            colour = GREY if (colour := next(colours)) == "#000000" else colour
            if has(part, chain.fraction(k)) and np.nanmax(column(part, chain.fraction(k))) > LEAST_FRACTION:
                words = re.sub(r"(\d+)", r"<sub>\1</sub>", name.replace("Na", ion.rstrip("+"))).replace("-", " + ")
                yield words, column(part, chain.fraction(k)), colour


def _losses(part, whole):
    """Label, values [V] and colour of each loss; with `whole` only their sum."""
    halves = part.groupby(col.STEP)[col.AREAL].transform("max").to_numpy()
    open_ = column(part, col.AREAL) < SETTLED * halves
    names = [name for name in part.columns if name.endswith(LOSS) and has(part, name)]
    stack = {name: np.where(open_, np.nan, np.nan_to_num(column(part, name))) for name in names}
    if whole:
        yield "all losses", sum(stack.values()), COLOURS[3]
        return
    for name, (colour, _) in colours_of(stack).items():
        if np.nanmax(np.abs(stack[name]), initial=0.0) >= LEAST_LOSS_V:
            yield name.removesuffix(LOSS).strip(), np.nan_to_num(stack[name]), colour


def _voltage_words(results):
    against = {result.record.get("voltage_reference") for result in results.values()}
    told = f" vs {html.escape(against.pop())}" if len(against) == 1 and None not in against else ""
    return f"Voltage (V{told})"
