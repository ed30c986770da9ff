"""The cell in section."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .colours import LAYERS as LAYER_COLOURS
from .style import COLOURS, axes_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LAYERS = (
    (
        r"Na$_{15}$Sn$_4$ alloy",
        r"210 $\mu$m",
        LAYER_COLOURS["anode"],
        2.4,
        (
            r"Na$_{15}$Sn$_4$ $\rightarrow$",
            r"Na$_9$Sn$_4$ + 6 Na$^+$ + 6 e$^-$",
            "kinetics under pressure",
            "shrinks on discharge",
            "plates when overfilled",
        ),
    ),
    (
        "interphase",
        r"up to 10 $\mu$m",
        LAYER_COLOURS["interphase"],
        1.5,
        ("Na$_2$S, Na$_3$Sb", "grows, then", "limits itself"),
    ),
    (
        "Na$_3$SbS$_4$ separator",
        "0.4 mm",
        LAYER_COLOURS["separator"],
        2.2,
        ("only Na$^+$ moves", "ohmic loss", "soft short:", "electronic leak"),
    ),
    (
        "S@C + Na$_3$SbS$_4$ cathode",
        r"18 $\mu$m",
        "#B7D3C6",
        2.6,
        (
            r"S $\rightarrow$ Na$_2$S$_2$ $\rightarrow$ Na$_2$S",
            r"Sb$_x$S$_y$ $\leftrightarrow$ Na$_3$SbS$_4$",
            "product layers block",
            "swells by up to 26 %",
            "contact is lost and heals",
        ),
    ),
    ("collector", "", LAYER_COLOURS["collector"], 1.1, ("e$^-$",)),
)
"""Layers of the cell of Yuan et al. 2025: name, thickness, colour, relative width and events of each."""


def cell_sketch(ax: "Axes | None" = None, layers: Sequence[tuple] = LAYERS) -> "Axes":
    """Draw a cell in section, not to scale, with the events in each layer.

    Parameters
    ----------
    ax : matplotlib axes, optional
        Default those of a new figure.
    layers : sequence of (str, str, str, float, sequence of str)
        Name, thickness, colour, relative width and events of each layer, negative side first.

    Returns
    -------
    matplotlib axes
    """
    ax = axes_for(ax, (10.0, 3.6))
    total, left = sum(layer[3] for layer in layers), 0.0
    for name, thickness, colour, width, events in layers:
        middle = left + width / 2
        ax.add_patch(_rectangle(left, width, colour))
        ax.text(middle, 1.04, name, ha="center", va="bottom", fontsize="medium", weight="bold")
        ax.text(middle, 0.93, thickness, ha="center", va="top", fontsize="small")
        ax.text(middle, 0.42, "\n".join(events), ha="center", va="center", fontsize="small", linespacing=1.6)
        left += width
    first, last = layers[0][3] / 2, total - layers[-1][3] - layers[-2][3] / 2
    ax.annotate("", (last, -0.10), (first, -0.10), arrowprops={"arrowstyle": "->", "color": COLOURS[1], "lw": 1.6})
    ax.text((first + last) / 2, -0.14, "Na$^+$ on discharge", ha="center", va="top", color=COLOURS[1])
    ax.set(xlim=(-0.05, total + 0.05), ylim=(-0.30, 1.25))
    ax.set_axis_off()
    return ax


def _rectangle(left, width, colour):
    from matplotlib.patches import Rectangle

    return Rectangle((left, 0.0), width, 1.0, facecolor=colour, edgecolor="#404040", lw=0.8)
