"""What the lab's figures are made of: an empty figure, axes, legends, lines, marks, and the points of a curve that are drawn."""

import html
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..nomenclature import columns as col
from ..plot.curve_table import capacity_name, chosen
from ..plot.style import COLOURS, cycle_colours

if TYPE_CHECKING:
    from ..results.result import Result

Figure = dict[str, Any]
"""What plotly.js draws: traces as "data", and "layout"."""
GREY, GRID = "#7b7b7b", "rgba(128,128,128,0.28)"
DASHES = ("solid", "dash", "longdash")
SECOND_DASHES = ("dot", "dashdot", "longdashdot")
"""Of the lines of a cell, and of a second kind of line in the same panel."""
UNITS = {col.AREAL: "mAh cm<sup>-2</sup>", col.SPECIFIC: "mAh g<sub>S</sub><sup>-1</sup>"}
POINTS = 220
"""Points of a half cycle that are drawn: as many as a screen can tell apart."""
HEIGHT = {"linked": 600, "one": 460}


def empty(height: int = HEIGHT["one"]) -> Figure:
    """Return a figure without lines, on a ground that shows the page's own."""
    layout = {
        "height": height,
        "autosize": True,
        "colorway": list(COLOURS),
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": GREY, "size": 13},
        "showlegend": True,
        "margin": {"l": 62, "r": 172, "t": 8, "b": 48},
        "legend": legend(1.0),
        "hoverlabel": {"bgcolor": "#ffffff", "font": {"color": "#1a1a1a", "size": 12}, "namelength": -1},
        "uirevision": "kept",
        "shapes": [],
    }
    return {"data": [], "layout": layout}


def legend(top: float) -> dict[str, Any]:
    """Return a legend right of the panel whose upper end is here."""
    return {"x": 1.01, "xanchor": "left", "y": top, "yanchor": "top", "font": {"size": 11}, "tracegroupgap": 0}


def axis(title: str, least: float | None = None) -> dict[str, Any]:
    """Return an axis of this title, which begins at zero where that is the least."""
    lines = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GREY, "tickcolor": GREY, "showline": True}
    return (
        lines
        | {"title": {"text": title, "standoff": 8, "font": {"size": 12}}, "ticks": "outside", "automargin": True}
        | ({"rangemode": "tozero"} if least == 0 else {})
    )


def line(figure: Figure, x, y, name: str, axis: str, form: str, unit: str, more: dict | None = None, **look) -> None:
    """Add a line; `form` and `unit` tell how its values read under the cursor."""
    place = {"yaxis": axis, "xaxis": "x", "legend": axis.replace("y", "legend")}
    told = {"hovertemplate": f"%{{y:{form}}}{unit}"} if form else {}
    trace = {"type": "scatter", "mode": "lines", "x": short(x), "y": short(y), "name": name, "line": look}
    figure["data"].append(trace | place | told | (more or {}))


def mark(figure: Figure, x, y, name: str) -> None:
    """Add open triangles, as published values have them."""
    look = {"symbol": "triangle-up-open", "size": 11, "color": GREY, "line": {"width": 2}}
    trace = {"type": "scatter", "mode": "markers", "x": short(x), "y": short(y), "name": name, "marker": look}
    figure["data"].append(trace | {"hovertemplate": "%{x:.4g}"})


def upright(figure: Figure, x: float, **look) -> None:
    """Add a vertical line through all panels."""
    place = {"xref": "x", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1}
    figure["layout"]["shapes"].append({"type": "line", "line": look} | place)


def short(values) -> list[float | None]:
    """Return numbers with five digits, so that a figure is a small message."""
    return [None if not np.isfinite(value) else float(f"{value:.5g}") for value in np.asarray(values, dtype=float)]


def drawn(x: np.ndarray, y: np.ndarray, step: np.ndarray) -> np.ndarray:
    """Return places of the points to draw: even along each half cycle, as it looks on the screen."""
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


def common_unit(results: Mapping[str, "Result"]) -> str:
    """Return the column of capacity that all cells have: per gram of sulfur where all cells know it."""
    names = {capacity_name(result.curves) for result in results.values()}
    return names.pop() if len(names) == 1 else col.AREAL


def in_unit(curves, unit: str):
    """Return curves whose running capacity is in this unit."""
    return curves if unit == capacity_name(curves) else curves.drop(columns=[col.SPECIFIC])


def cycles(results: Mapping[str, "Result"]) -> Iterator[tuple]:
    """Yield (name, its letter, dash, curves, colour, cycle) of each kept cycle of each cell."""
    for (name, result), dash in zip(results.items(), DASHES, strict=False):
        told = f" {name[-1]}" if len(results) > 1 else ""
        numbers = chosen(result.curves, None)
        for colour, cycle in zip(cycle_colours(numbers), numbers, strict=True):
            yield name, told, dash, result.curves, colour, cycle


def voltage_words(results: Mapping[str, "Result"]) -> str:
    """Return the title of an axis of voltages, with what they are against where all cells agree."""
    against = {result.record.get("voltage_reference") for result in results.values()}
    told = f" vs {html.escape(str(against.pop()))}" if len(against) == 1 and None not in against else ""
    return f"Voltage (V{told})"
