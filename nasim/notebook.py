"""What a notebook shows of an object: a heading, a few numbers, a small picture, a few lines; text is escaped, never markup.

Pictures are SVG in the page itself, drawn without matplotlib, in the colour of the text around them.
"""

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

MOST_NUMBERS, MOST_LINES, MOST_LETTERS = 5, 3, 240
MOST_POINTS = 150
"""Points of a line of a small picture."""
WIDE, HIGH, LEFT, TOP, LETTER = 250, 120, 34, 14, 5.2
"""Size of a picture, what its labels take at the left, above and below, and the width of a letter [px]."""
BESIDE = "display:flex;flex-wrap:wrap;gap:1em;align-items:center"
"""Style of the numbers beside their picture."""
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")


def card(heading: Any, numbers: Mapping[Any, Any], lines: Iterable[Any] = (), picture: str = "") -> str:
    """Return HTML with a heading, the first five numbers, a picture of this file and the first three lines.

    >>> card("A <b>", {"V": 1.5})
    '<div><strong>A &lt;b&gt;</strong><table><tr><th scope="row">V</th><td>1.5</td></tr></table></div>'
    """
    rows = "".join(
        f'<tr><th scope="row">{_text(name)}</th><td>{_text(value)}</td></tr>'
        for name, value in list(numbers.items())[:MOST_NUMBERS]
    )
    told = "".join(f"<p>{_text(line)}</p>" for line in list(lines)[:MOST_LINES])
    table = f"<table>{rows}</table>"
    side = f'<div style="{BESIDE}">{table}{picture}</div>' if picture else table
    return f"<div><strong>{_text(heading)}</strong>{side}{told}</div>"


def chart(lines: Iterable[tuple[ArrayLike, ArrayLike]], across: str, up: str) -> str:
    """Return a small picture of lines, x and y of each, with the ends of the axes; nothing where no point is finite.

    >>> chart([([0, 1], [2.0, 3.0])], "h", "V").count("<polyline")
    1
    """
    drawn = [_few(np.asarray(x, dtype=float), np.asarray(y, dtype=float)) for x, y in lines]
    drawn = [line for line in drawn if len(line)]
    if not drawn:
        return ""
    every = np.concatenate(drawn)
    low, wide = every.min(axis=0), np.ptp(every, axis=0)
    scale = np.array([WIDE - LEFT - 4, -(HIGH - 2 * TOP)]) / np.where(wide > 0, wide, 1.0)
    corner = np.array([LEFT, HIGH - TOP])
    parts = [f'<path d="M{LEFT},{TOP}V{HIGH - TOP}H{WIDE - 4}" fill="none" stroke="currentColor" stroke-width="0.7"/>']
    for k, line in enumerate(drawn):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corner + (line - low) * scale)
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{COLOURS[k % len(COLOURS)]}" stroke-width="1.3"/>'
        )
    ends = [f"{value + 0.0:.4g}" for value in (*low, *(low + wide))]
    parts += [_label(LEFT, HIGH - 3, ends[0]), _label(WIDE - 4, HIGH - 3, ends[2], "end")]
    parts += [_label(LEFT - 3, HIGH - TOP, ends[1], "end"), _label(LEFT - 3, TOP + 7, ends[3], "end")]
    parts += [_label((LEFT + WIDE) / 2, HIGH - 3, across, "middle"), _label(LEFT, TOP - 4, up)]
    return _svg(parts, HIGH, f"{up} against {across}")


def intervals(rows: Iterable[tuple[Any, float, float, float]]) -> str:
    """Return a small picture of intervals: name, low end, value and high end of each, as shares of the range allowed.

    >>> intervals([("k", 0.2, 0.3, 0.4)]).count("<circle")
    1
    """
    parts, y = [], 0
    for name, low, value, high in list(rows)[:MOST_NUMBERS]:
        y += 24
        a, at, b = (4 + (WIDE - 8) * float(np.clip(share, 0.0, 1.0)) for share in (low, value, high))
        parts.append(_label(4, y - 12, name))
        parts.append(f'<path d="M4,{y - 5}H{WIDE - 4}" stroke="currentColor" stroke-width="0.7"/>')
        parts.append(f'<path d="M{a:.1f},{y - 5}H{b:.1f}" stroke="{COLOURS[0]}" stroke-width="4"/>')
        parts.append(f'<circle cx="{at:.1f}" cy="{y - 5}" r="3.5" fill="{COLOURS[1]}"/>')
    return _svg(parts, y + 2, "95 % intervals within the ranges allowed") if parts else ""


def layers(rows: Sequence[tuple[Any, Any]]) -> str:
    """Return a small picture of layers side by side, what stands in each above and below; as wide as their words are long.

    >>> layers([("anode", "Na"), ("separator", "0.4 mm")]).count("<rect")
    2
    """
    parts, x = [], 1.0
    for k, (above, below) in enumerate(rows):
        wide = LETTER * max(len(str(above)), len(str(below))) + 12
        box = f'x="{x:.1f}" y="1" width="{wide:.1f}" height="40" fill-opacity="0.25"'
        parts.append(f'<rect {box} fill="{COLOURS[k % len(COLOURS)]}" stroke="currentColor" stroke-width="0.7"/>')
        parts += [_label(x + wide / 2, y, text, "middle") for y, text in ((18, above), (32, below))]
        x += wide
    return _svg(parts, 43, "not to scale: " + ", ".join(f"{a} {b}" for a, b in rows), x + 1) if parts else ""


def quiet(plot: Callable) -> Callable:
    """Make a method that draws give axes of which a notebook writes no word at the end of a cell; the figure is shown."""

    @wraps(plot)
    def drawn(*args, **options):
        return unechoed(plot(*args, **options))

    return drawn


def unechoed(axes: Any) -> Any:
    """Return the same axes, or array of axes, with the method by which IPython leaves the showing to the object."""
    if isinstance(axes, np.ndarray):
        return axes.view(Panels)
    axes._ipython_display_ = nothing
    return axes


def nothing() -> None:
    """Show nothing."""


class Panels(np.ndarray):
    """An array of axes that a notebook does not write out: IPython shows the figure anyway, marimo is handed it."""

    def _ipython_display_(self):
        nothing()

    def _display_(self):
        return self.flat[0].figure


def _few(x, y):
    """Points of a line that are finite, evenly thinned out, shape (n, 2)."""
    points = np.column_stack([x, y])[np.isfinite(x) & np.isfinite(y)]
    return points[np.unique(np.linspace(0, len(points) - 1, min(len(points), MOST_POINTS)).astype(int))]


def _label(x, y, text, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_text(text)}</text>'


def _svg(parts, high, told, wide: float = WIDE):
    size = f'width="{wide:.0f}" height="{high}" viewBox="0 0 {wide:.0f} {high}"'
    look = 'font-family="sans-serif" font-size="9" fill="currentColor"'
    return f'<svg {size} {look} role="img" aria-label="{_text(told)}">{"".join(parts)}</svg>'


def _text(given):
    words = f"{given:.6g}" if isinstance(given, float) else " ".join(str(given).split())
    return html.escape(words if len(words) <= MOST_LETTERS else words[: MOST_LETTERS - 3] + "...")
