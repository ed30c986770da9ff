"""Voltage, dQ/dV, species and losses along one cycle: four panels of the lab with one axis and one cursor."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from .. import nomenclature as nm
from ..analysis import dqdv as differential
from ..errors import DataFileError
from ..nomenclature import columns as col
from ..plot.balances import LOSS
from ..plot.colours import SPECIES, colours_of
from ..plot.curve_table import along, column, half_cycle, has
from ..plot.style import COLOURS
from .traces import (
    DASHES,
    GREY,
    HEIGHT,
    SECOND_DASHES,
    UNITS,
    Figure,
    axis,
    common_unit,
    drawn,
    empty,
    in_unit,
    legend,
    line,
    upright,
)

if TYPE_CHECKING:
    from ..results.result import Result

LEAST_LOSS_V, LEAST_FRACTION, SETTLED = 2e-2, 0.02, 4e-3
"""Smaller losses are one line together, smaller fractions none; share of a half cycle in which the double layers still
carry the current."""
PANELS = (("Voltage (V)", 110), ("|dQ/dV|", 65), ("Species fraction", 110), ("Losses (mV)", 105))
"""Axis and least height [px] of the panels that have one cursor."""
ENTRY_PX, GAP_PX, MARGINS_PX = 19, 18, 56
"""Height of an entry of a legend, of what is between two panels, and of what is above and below them."""
OTHERS, HATCH = "others", "#333333"


def linked(results: Mapping[str, "Result"], last: bool = False) -> Figure:
    """Return voltage, dQ/dV, species and losses along one cycle, with one cursor for all.

    Parameters
    ----------
    results : mapping name -> Result
        The cells to lay over each other; the first in full lines.
    last : bool
        The last kept cycle instead of the first.

    Returns
    -------
    Figure
    """
    figure, unit = empty(HEIGHT["linked"]), common_unit(results)
    for (name, result), dash, second in zip(results.items(), DASHES, SECOND_DASHES, strict=False):
        told = f" {name[-1]}" if len(results) > 1 else ""
        cycle = (result.kept_cycles or [1])[-1 if last else 0]
        part, running, turns = along(in_unit(result.curves, unit), cycle)
        keep = drawn(running, column(part, nm.VOLTAGE), column(part, col.STEP))
        part, running = part.iloc[keep], running[keep]
        style = {"dash": dash, "width": 2}
        line(figure, running, column(part, nm.VOLTAGE), f"voltage{told}", "y", ".3f", " V", color=COLOURS[0], **style)
        line(
            figure, *_along_dqdv(result.curves, cycle, unit), f"dQ/dV{told}", "y2", ".3s", "", color=COLOURS[1], **style
        )
        for label, values, colour, host in _species(part, result.record.get("ion", "Na+")):
            look = {"color": colour, "dash": second if host else dash, "width": 1.8}
            line(figure, running, values, label + told, "y3", ".2f", "", {"legendgroup": label}, **look)
        if told:
            whole = sum(_by_cause(part).values(), np.zeros(len(part)))
            line(figure, running, 1e3 * whole, f"all losses{told}", "y4", ".0f", " mV", color=COLOURS[2], **style)
        for label, values, colour, hatch in () if told else _losses(part):
            pattern = {"fillpattern": {"shape": hatch, "size": 5, "fgcolor": HATCH, "bgcolor": colour}} if hatch else {}
            area = {"stackgroup": "losses", "fillcolor": colour} | pattern
            line(figure, running, 1e3 * values, label, "y4", ".0f", " mV", area, color=GREY, width=0.7)
        for turn in turns:
            upright(figure, float(turn), color=GREY, width=0.8, dash=dash)
    if len(results) > 1:
        _together(figure["data"], "legend3")
    domains, least = _places(figure["data"])
    axes = {"height": max(HEIGHT["linked"], least), "meta": {"least": least}}
    for number, ((title, _), (low, high)) in enumerate(zip(PANELS, domains, strict=True), 1):
        words = title + (f"<br>({UNITS[unit]} V<sup>-1</sup>)" if number == 2 else "")
        axes["yaxis" if number == 1 else f"yaxis{number}"] = axis(words) | {"domain": [low, high]}
        axes["legend" if number == 1 else f"legend{number}"] = legend(high)
    axes["yaxis3"] |= {"range": [-0.02, 1.05]}
    if len(results) > 1:
        axes["legend3"]["title"] = {"text": "A full or dotted, B dashed", "font": {"size": 11}}
    words = f"Capacity along cycle {'(last kept)' if last else '1'}: discharge, then charge ({UNITS[unit]})"
    spike = {"showspikes": True, "spikemode": "across", "spikesnap": "cursor", "spikethickness": 1, "spikecolor": GREY}
    across = {"anchor": "y4", "rangemode": "tozero"} | spike
    figure["layout"] |= {"xaxis": axis(words) | across, "hovermode": "x unified", "hoversubplots": "axis"} | axes
    return figure


def _together(traces, legend):
    """Give the lines of this legend one entry for each group, which switches those of all cells."""
    seen = set()
    for trace in [each for each in traces if each["legend"] == legend]:
        trace["showlegend"] = False
        if trace["legendgroup"] not in seen:
            seen.add(trace["legendgroup"])
            entry = {"name": trace["legendgroup"], "x": [None], "y": [None], "showlegend": True}
            traces.append(trace | entry | {"hoverinfo": "skip"})


def _places(traces):
    """Lower and upper end of each panel as shares of the figure, high enough for their legends, and the figure's least height [px]."""
    heights = []
    for number, (_, least) in enumerate(PANELS, 1):
        name = "legend" if number == 1 else f"legend{number}"
        entries = sum(trace["legend"] == name and trace.get("showlegend", True) for trace in traces)
        heights.append(max(least, ENTRY_PX * (entries + 1)))
    total = sum(heights) + GAP_PX * (len(heights) - 1)
    tops = [total - sum(heights[:k]) - GAP_PX * k for k in range(len(heights))]
    return [((top - high) / total, top / total) for top, high in zip(tops, heights, strict=True)], total + MARGINS_PX


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
        keep = drawn(capacity, volts, column(part, col.STEP))
        order = np.argsort(grid)
        places.append(start + capacity[keep])
        heights.append(np.interp(volts[keep], np.asarray(grid)[order], np.asarray(height)[order]))
        start += capacity[-1]
    return (np.concatenate(places), np.concatenate(heights)) if places else (np.array([]), np.array([]))


def _species(part, ion):
    """Words, values and colour of each species that there is, and whether it is one of the Sb-S phase."""
    for chain in (nm.SULFUR, nm.SB_S):
        for k, name in enumerate(chain.species):
            if has(part, chain.fraction(k)) and np.nanmax(column(part, chain.fraction(k))) > LEAST_FRACTION:
                words = re.sub(r"(\d+|[xy](?=[A-Z]|$))", r"<sub>\1</sub>", name.replace("Na", ion.rstrip("+")))
                yield words.replace("-", " + "), column(part, chain.fraction(k)), SPECIES[name], chain is nm.SB_S


def _by_cause(part):
    """Name -> values [V] of each loss, without the moments in which the double layers carry the current."""
    halves = part.groupby(col.STEP)[col.AREAL].transform("max").to_numpy()
    open_ = column(part, col.AREAL) < SETTLED * halves
    names = [name for name in part.columns if name.endswith(LOSS) and has(part, name)]
    return {name: np.where(open_, np.nan, np.nan_to_num(column(part, name))) for name in names}


def _losses(part):
    """Label, values [V], colour and hatch of each loss, the small ones as one."""
    stack, small = _by_cause(part), np.zeros(len(part))
    for name, (colour, hatch) in colours_of(stack).items():
        values = np.nan_to_num(stack[name])
        if np.max(np.abs(values), initial=0.0) >= LEAST_LOSS_V:
            yield name.removesuffix(LOSS).strip(), values, colour, hatch[:1]
        else:
            small += values
    if small.any():
        yield OTHERS, small, GREY, "."
