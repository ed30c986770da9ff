"""Colours, labels, axes, legends and marks of published values for all figures."""

import functools
import re
from textwrap import fill
from typing import TYPE_CHECKING, overload

import numpy as np

from ..errors import printable
from ..nomenclature.columns import AREAL, ION, REFERENCE, SPECIFIC
from .colours import DARK
from .looks import size_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNITS = {AREAL: "mAh cm$^{-2}$", SPECIFIC: "mAh g$_\\mathrm{S}^{-1}$"}
OHM_CM2 = "\N{GREEK CAPITAL LETTER OMEGA} cm$^2$"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C8C8C")
"""The colours of Okabe and Ito, which people with colour-blindness can tell apart."""
APART = 0.055
"""Distance between direct labels, as a share of the height of the axes."""
SMALL_LETTERS = 22
"""Of the smallest size, so many in an inch."""
LIGHTEST, DARKEST = 0.59, 0.4
"""Shares of the scale of ordered colours up to which they stand out from a white ground, and from which on from a dark one."""
_FORMULA = re.compile(r"\b(?=\w*\d|\w+[A-Z])(?:[A-Z][a-z]??(?:\d+|[xy])?)+\b")
_INDEX = re.compile(r"([A-Z][a-z]??)(\d+|[xy])(?=[A-Z]|$)")


def as_it_is(text: str) -> str:
    r"""Return a user's text so that matplotlib shows it letter for letter, a dollar too; control characters as their codes.

    >>> as_it_is("$x$ <b>")
    '\\$x\\$ <b>'
    """
    return printable(text).replace("$", r"\$")


def formula(text: str) -> str:
    """Return the text with the indices of its chemical formulae lowered, for matplotlib.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> formula("Na2S"), formula("NaxSbS4"), formula("cycle 2 of Na15Sn4")
    ('Na$_2$S', 'Na$_x$SbS$_4$', 'cycle 2 of Na$_{15}$Sn$_4$')
    """
    return _FORMULA.sub(lambda word: _INDEX.sub(_lowered, word[0]), text)


def voltage_label(curves, reference: str | None = None) -> str:
    """Return the label of an axis of voltage.

    Parameters
    ----------
    curves : pandas.DataFrame
        Its `attrs` may say what the voltages are against.
    reference : str, optional
        What they are against instead, such as "Na/Na+".

    Examples
    --------
    >>> import pandas
    >>> voltage_label(pandas.DataFrame()), voltage_label(pandas.DataFrame(), "Na15Sn4")
    ('Voltage (V)', 'Voltage (V vs Na$_{15}$Sn$_4$)')
    """
    against = reference or curves.attrs.get(REFERENCE)
    return f"Voltage (V vs {formula(as_it_is(against)).replace('+', '$^+$')})" if against else "Voltage (V)"


def species_label(name: str, curves) -> str:
    """Return the name of a species for a legend, with the ion of the cell that the table of curves comes from.

    >>> import pandas
    >>> lithium = pandas.DataFrame()
    >>> lithium.attrs["mobile ion"] = "Li+"
    >>> species_label("Na2S", lithium), species_label("Na2S-Sb", pandas.DataFrame())
    ('Li$_2$S', 'Na$_2$S + Sb')
    """
    metal = curves.attrs.get(ION, "Na+").rstrip("+")
    return formula(name.replace("Na", metal)).replace("-", " + ")


def _lowered(match):
    index = match[2] if len(match[2]) == 1 else f"{{{match[2]}}}"
    return f"{match[1]}$_{index}$"


@overload
def axes_for(ax: "Axes | None", size: tuple[float, float] = (5.0, 3.8)) -> "Axes": ...
@overload
def axes_for(ax: np.ndarray | None, size: tuple[float, float], columns: int) -> np.ndarray: ...
def axes_for(ax, size=(5.0, 3.8), columns=1):
    """Return the given axes, or those of a new figure of this size [inches]: one, or an array of `columns` in a row."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    across = columns
    rows, columns, figure = size_of(size, columns)
    axes = plt.subplots(rows, columns, figsize=figure, layout="constrained", squeeze=False)[1].ravel()
    return axes[0] if across == 1 else axes


def finish(ax, x, y, legend="above", columns=3):
    """Labels, ticks and a legend outside the axes, "above" or "right" of them; returns the axes."""
    ax.set(xlabel=x, ylabel=y)
    ax.tick_params(direction="in", which="both")
    if x == "Cycle":
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    handles, labels = ax.get_legend_handles_labels()
    if not labels:
        return ax
    style = {"frameon": False, "fontsize": "small", "borderaxespad": 0.0, "handlelength": 1.4, "columnspacing": 1.2}
    if legend == "above":
        place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.03), "ncols": min(columns, len(labels))}
    else:
        place = {"loc": "upper left", "bbox_to_anchor": (1.03, 1.0)}
    ax.legend(handles, labels, **place, **style)
    return ax


def cycle_colours(cycles, dark=False):
    """A colour a cycle, ordered from dark to light as the numbers rise, for a white or a `dark` ground; one alone is the first of `COLOURS`.

    >>> cycle_colours([1])
    ['#0072B2']
    """
    if len(cycles) < 2:
        return [on_dark(COLOURS[0]) if dark else COLOURS[0]] * len(cycles)
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    ends = (DARKEST, 1.0) if dark else (0.0, LIGHTEST)
    return [to_hex(colormaps["viridis"](share)) for share in np.linspace(*ends, len(cycles))]


def on_dark(colour: str) -> str:
    """The colour that a line of this one has on a dark ground.

    >>> on_dark("#0072B2"), on_dark(cycle_colours([1, 2])[1])
    ('#56B4E9', '#fde725')
    """
    return DARK.get(colour) or _ordered_on_dark().get(colour, colour)


@functools.cache
def _ordered_on_dark() -> dict[str, str]:
    steps = range(256)
    return dict(zip(cycle_colours(steps), cycle_colours(steps, dark=True), strict=True))


def label_ends(ax, ends):
    """Direct labels right of the axes at the height of the ends of curves, far enough apart to be read.

    `ends` has x and y of the last point, text and colour of each.
    """
    place = ax.transData.transform([(x, y) for x, y, _, _ in ends])
    heights = ax.transAxes.inverted().transform(place)[:, 1]
    for k, height in enumerate(inside(spread(np.clip(heights, 0.0, 1.0), APART))):
        _, _, text, colour = ends[k]
        style = {"transform": ax.transAxes, "va": "center", "fontsize": "small", "color": colour}
        ax.text(1.01, height, text, **style)


def inset(ax, place, title):
    """Small axes inside others, with a title; `place` is left, bottom, width and height as shares of those."""
    small = ax.inset_axes(place)
    small.tick_params(direction="in", which="both", labelsize="small")
    small.set_title(title, fontsize="small", pad=2)
    return small


def label_feet(ax, feet, what):
    """Direct labels over the lower rim of the axes at the feet of curves: x of each, text and colour; `what` they number."""
    places = [ax.transAxes.inverted().transform(ax.transData.transform((x, 0.0)))[0] for x, _, _ in feet]
    for (_, text, colour), place in zip(feet, spread(np.clip(places, 0.0, 0.98), 1.5 * APART), strict=True):
        ax.text(place, 0.01, text, transform=ax.transAxes, ha="center", va="bottom", fontsize="small", color=colour)
    ax.text(1.0, 1.02, what, transform=ax.transAxes, ha="right", fontsize="small", color="#404040")


def spread(places, apart):
    """The places, moved up and down as little as a pass takes until neighbours are `apart`.

    >>> spread(np.array([0.5, 0.1, 0.5]), 0.1).round(3).tolist()
    [0.45, 0.1, 0.55]
    """
    order, moved = np.argsort(places, kind="stable"), np.asarray(places, float).copy()
    for _ in range(100):
        gaps = np.diff(moved[order])
        close = gaps < apart - 1e-9
        if not close.any():
            break
        for k in np.flatnonzero(close):
            short = (apart - (moved[order[k + 1]] - moved[order[k]])) / 2
            if short > 0:
                moved[order[k]] -= short
                moved[order[k + 1]] += short
    return moved


def inside(places):
    """The places, moved together between 0 and 1, and pressed together where they take more than that.

    >>> inside(np.array([0.9, 1.0, 1.1])).round(3).tolist(), inside(np.array([0.0, 2.0])).tolist()
    ([0.8, 0.9, 1.0], [0.0, 1.0])
    """
    low, high = np.min(places), np.max(places)
    moved = places - max(high - 1.0, 0.0) if high - low <= 1.0 else (places - low) / (high - low)
    return moved - min(np.min(moved), 0.0)


def mark(ax, values, side, label):
    """Small open triangles inside the lower or upper rim of the axes, pointing at the curve."""
    values = np.atleast_1d(np.asarray(values, dtype=float))
    level, marker = {"bottom": (0.03, "^"), "top": (0.97, "v")}[side]
    ax.plot(
        values,
        np.full(len(values), level),
        marker,
        transform=ax.get_xaxis_transform(),
        mfc="white",
        mec="#404040",
        ms=6,
        zorder=5,
        label=label,
    )


def publish(ax, published, keys):
    """Marks the values of `published` under each key of `keys` (key -> side), with one legend entry."""
    label = "published"
    for key, side in keys.items():
        if published and key in published:
            mark(ax, published[key], side, label)
            label = "_"


def stamp(figure, words):
    """Write in small letters below a figure where it stands."""
    text = fill(as_it_is(words), int(SMALL_LETTERS * figure.get_size_inches()[0]))
    figure.supxlabel(text, x=0.995, ha="right", fontsize="xx-small", color="#606060")


def mark_turns(ax, turns):
    """Thin lines where the direction of the current turns."""
    for turn in turns:
        ax.axvline(turn, color="#404040", lw=0.6, ls=":")
