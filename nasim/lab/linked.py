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
from ..plot.colours import colours_of
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
PANELS = (("Voltage (V)", 0.70, 1.0), ("|dQ/dV|", 0.49, 0.66), ("Species", 0.245, 0.45), ("Losses (mV)", 0.0, 0.205))
"""Axis and place of the panels that have one cursor."""
OTHERS = "others"


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
            group = {
                "legendgroup": label,
                "showlegend": dash == DASHES[0],
            }  # the second cell's lines have the same colours
            line(figure, running, values, label + told, "y3", ".2f", "", group, **look)
        for label, values, colour in _losses(part, whole=len(results) > 1):
            area = {} if len(results) > 1 else {"stackgroup": "losses", "fillcolor": colour}
            look = {"color": colour, "dash": dash, "width": 1.8 if told else 0.5}
            line(figure, running, 1e3 * values, label + told, "y4", ".0f", " mV", area, **look)
        for turn in turns:
            upright(figure, float(turn), color=GREY, width=0.8, dash=dash)
    axes = {}
    for number, (title, low, high) in enumerate(PANELS, 1):
        words = title + (f"<br>({UNITS[unit]} V<sup>-1</sup>)" if number == 2 else "")
        axes["yaxis" if number == 1 else f"yaxis{number}"] = axis(words) | {"domain": [low, high]}
        axes["legend" if number == 1 else f"legend{number}"] = legend(high)
    axes["yaxis3"] |= {"range": [-0.02, 1.05]}
    words = f"Capacity along cycle {'(last kept)' if last else '1'}: discharge, then charge ({UNITS[unit]})"
    spike = {"showspikes": True, "spikemode": "across", "spikesnap": "cursor", "spikethickness": 1, "spikecolor": GREY}
    across = {"anchor": "y4", "rangemode": "tozero"} | spike
    figure["layout"] |= {"xaxis": axis(words) | across, "hovermode": "x unified", "hoversubplots": "axis"} | axes
    return figure


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
    colours = iter(COLOURS)
    for chain in (nm.SULFUR, nm.SB_S):
        for k, name in enumerate(chain.species):
            colour = GREY if (colour := next(colours)) == "#000000" else colour
            if has(part, chain.fraction(k)) and np.nanmax(column(part, chain.fraction(k))) > LEAST_FRACTION:
                words = re.sub(r"(\d+|[xy](?=[A-Z]|$))", r"<sub>\1</sub>", name.replace("Na", ion.rstrip("+")))
                yield words.replace("-", " + "), column(part, chain.fraction(k)), colour, chain is nm.SB_S


def _losses(part, whole):
    """Label, values [V] and colour of each loss; with `whole` only their sum."""
    halves = part.groupby(col.STEP)[col.AREAL].transform("max").to_numpy()
    open_ = column(part, col.AREAL) < SETTLED * halves
    names = [name for name in part.columns if name.endswith(LOSS) and has(part, name)]
    stack = {name: np.where(open_, np.nan, np.nan_to_num(column(part, name))) for name in names}
    if whole:
        yield "all losses", sum(stack.values()), COLOURS[3]
        return
    small = np.zeros(len(part))
    for name, (colour, _) in colours_of(stack).items():
        values = np.nan_to_num(stack[name])
        if np.max(np.abs(values), initial=0.0) >= LEAST_LOSS_V:
            yield name.removesuffix(LOSS).strip(), values, colour
        else:
            small += values
    if small.any():
        yield OTHERS, small, GREY
