"""Looks of figures: as on a screen, for a paper in one or two columns, for slides."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from ..errors import UnknownNameError, nearest

SCREEN = "screen"
INCH_MM = 25.4


class Look(NamedTuple):
    """Settings of a look: widths of a figure [mm], size of text [pt], width of lines and size of markers [pt]."""

    single_mm: float
    double_mm: float
    text: float
    line: float
    marker: float


LOOKS = {"paper": Look(88.0, 180.0, 7.0, 1.0, 3.0), "slides": Look(150.0, 320.0, 13.0, 2.0, 5.0)}
"""Name -> look; the screen's has the sizes of each figure."""
WIDTHS = ("single", "double")
_CHOSEN: ContextVar[tuple[Look, str] | None] = ContextVar("look", default=None)


@contextmanager
def look(style: str = SCREEN, width: str = "double") -> Iterator[None]:
    """Draw all figures within this context in a look.

    Parameters
    ----------
    style : str
        "screen", "paper" or "slides".
    width : str
        "single" or "double" column; panels that stand side by side stand below each other in a single column.

    Raises
    ------
    UnknownNameError
        There is no such style or width.

    Examples
    --------
    >>> with look("paper", "single"):
    ...     print(size_of((10.0, 4.0), 2))
    (2, 1, (3.46..., 5.54...))
    """
    for given, known, what in ((style, (SCREEN, *LOOKS), "style"), (width, WIDTHS, "width")):
        if given not in known:
            expected = f"There is no {what} '{given}' of figures; expected {' or '.join(known)}."
            raise UnknownNameError(expected, nearest(given, known))
    if style == SCREEN:
        yield
        return
    import matplotlib as mpl

    chosen = LOOKS[style]
    settings: dict[Any, Any] = {
        "font.size": chosen.text,
        "lines.linewidth": chosen.line,
        "lines.markersize": chosen.marker,
    }
    settings |= {"axes.linewidth": 0.6 * chosen.line, "savefig.dpi": 600, "pdf.fonttype": 42, "svg.fonttype": "none"}
    token = _CHOSEN.set((chosen, width))
    try:
        with mpl.rc_context(settings):
            yield
    finally:
        _CHOSEN.reset(token)


def size_of(size: tuple[float, float], columns: int = 1) -> tuple[int, int, tuple[float, float]]:
    """Return rows, columns and size [inches] of a figure of so many panels in a row that is `size` on a screen."""
    look_now = _CHOSEN.get()
    if look_now is None:
        return 1, columns, size
    chosen, width = look_now
    inches = (chosen.single_mm if width == "single" else chosen.double_mm) / INCH_MM
    shape = size[1] / (size[0] / columns)
    if width == "single":
        return columns, 1, (inches, inches * shape * columns)
    panels = max(columns, 2)  # one panel alone keeps to half of the width, so that its text stays in proportion
    return 1, columns, (inches * columns / panels, inches / panels * max(shape, 0.9))
