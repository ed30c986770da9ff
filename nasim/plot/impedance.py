"""Figures of impedance: Nyquist and Bode plots, of one spectrum or of several."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .style import OHM_CM2, axes_for, cycle_colours, finish, inset

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DECADE = 10.0
"""Ratio of the largest to the smallest :math:`|Z|` from which its axis is logarithmic."""
FLAT = 0.7
"""Height of a Nyquist plot without its tail, relative to its width."""


def nyquist(
    frequency: np.ndarray,
    Z: NDArray[np.complexfloating],
    ax: "Axes | None" = None,
    label: str | None = None,
    unit: str = OHM_CM2,
    decades: bool = True,
    colour: str | None = None,
) -> "Axes":
    """Draw impedance in the complex plane with equal scales; call it again with the same axes for more spectra.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    Z : array, shape (n,)
        Complex impedance in `unit`.
    ax : matplotlib axes, optional
        Default those of a new figure.
    label : str, optional
        Legend entry.
    unit : str
    decades : bool
        Whether decades of frequency are filled points, with their value where they lie far enough apart.
    colour : str, optional
        Default the next of matplotlib's.

    Returns
    -------
    matplotlib axes
    """
    ax, frequency, Z = axes_for(ax, (5.2, 3.2)), np.asarray(frequency, float), np.asarray(Z)
    (line,) = ax.plot(Z.real, -Z.imag, "-o", ms=3, lw=0.8, mfc="white", color=colour, label=label)
    marks = _decades(frequency) if decades else []
    apart, named = 0.12 * np.hypot(np.ptp(Z.real), np.ptp(Z.imag)), []
    for decade, i in marks:
        ax.plot(Z[i].real, -Z[i].imag, "o", ms=4.5, color=line.get_color())
        if all(abs(Z[i] - Z[j]) > apart for j in named):
            named.append(i)
            style: dict[str, Any] = {"textcoords": "offset points", "fontsize": "small", "ha": "center", "va": "center"}
            style["bbox"] = {"boxstyle": "round,pad=0.1", "fc": "white", "ec": "none", "alpha": 0.8}
            ax.annotate(f"10$^{{{decade}}}$ Hz", (Z[i].real, -Z[i].imag), _inwards(frequency, Z, i), **style)
    ax.set_aspect("equal", adjustable="box")
    ax.margins(0.08, 0.15)
    return finish(ax, f"Re Z ({unit})", f"\N{MINUS SIGN}Im Z ({unit})")


def _decades(frequency):
    """Exponent and index of the points nearest to a power of ten, within a tenth of a decade, highest first."""
    exponent = np.log10(frequency)
    whole = range(int(np.ceil(exponent.max() - 0.1)), int(np.floor(exponent.min() + 0.1)) - 1, -1)
    nearest_point = ((decade, int(np.argmin(abs(exponent - decade)))) for decade in whole)
    return [(decade, i) for decade, i in nearest_point if abs(exponent[i] - decade) < 0.1]


def _inwards(frequency, Z, i):
    """Offset in points from point i of a spectrum towards the inside of its arc."""
    order = np.argsort(-frequency)
    at, path = int(np.flatnonzero(order == i)[0]), np.conj(Z[order])
    along = path[min(at + 1, len(path) - 1)] - path[max(at - 1, 0)]
    along = along / (abs(along) or 1.0)
    return 26 * along.imag, -11 * along.real


def bode(
    frequency: np.ndarray,
    Z: NDArray[np.complexfloating],
    ax: np.ndarray | None = None,
    label: str | None = None,
    unit: str = OHM_CM2,
    colour: str | None = None,
) -> np.ndarray:
    """Draw magnitude and phase of an impedance against frequency.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    Z : array, shape (n,)
        Complex impedance in `unit`.
    ax : array of matplotlib axes, shape (2,), optional
        Default those of a new figure.
    label : str, optional
        Legend entry.
    unit : str
    colour : str, optional
        Default the next of matplotlib's.

    Returns
    -------
    array of matplotlib axes, shape (2,)
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axes, Z = axes_for(ax, (8.4, 3.6), 2), np.asarray(Z)
    for panel, values in zip(axes, (np.abs(Z), -np.degrees(np.angle(Z))), strict=True):
        panel.plot(frequency, values, "-o", ms=3, lw=0.8, mfc="white", color=colour, label=label)
        panel.set_xscale("log")
    if axes[0].dataLim.ymax > DECADE * axes[0].dataLim.ymin:
        axes[0].set_yscale("log")
        axes[0].yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes[0].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes[0].yaxis.set_minor_formatter(NullFormatter())
    finish(axes[0], "Frequency (Hz)", f"|Z| ({unit})")
    finish(axes[1], "Frequency (Hz)", "\N{MINUS SIGN}Phase (\N{DEGREE SIGN})")
    return axes


def spectra(spectra: Sequence[tuple[np.ndarray, NDArray[np.complexfloating], str]], unit: str = OHM_CM2) -> np.ndarray:
    """Draw Nyquist and Bode plots of several spectra, side by side.

    A steep capacitive tail towards the lowest frequencies is cut off from the Nyquist plot, where it would hide the arcs; an
    inset has the whole. Frequencies are written at the last of the spectra.

    Parameters
    ----------
    spectra : sequence of (array, array, str)
        Frequency [Hz] and complex impedance, shape (n,), and label of each.
    unit : str
        Of the impedances.

    Returns
    -------
    array of matplotlib axes, shape (3,)
    """
    axes = axes_for(None, (13.0, 3.8), 3)
    colours = cycle_colours(spectra)
    right = arcs_end(spectra)
    for k, (frequency, Z, _) in enumerate(spectra, start=1):
        seen = np.ones(len(Z), bool) if right is None else (Z.real < right) & (-Z.imag < FLAT * right)
        seen = seen if seen.any() else np.ones(len(Z), bool)
        nyquist(frequency[seen], Z[seen], axes[0], None, unit, k == len(spectra), colours[k - 1])
        bode(frequency, Z, axes[1:], None, unit, colours[k - 1])
    if right is not None:
        left = min(np.min(Z.real) for _, Z, _ in spectra)
        left = left - 0.4 * (right - left) if left > 0.4 * right else 0.0
        axes[0].set(xlim=(left, right), ylim=(-0.05 * (right - left), FLAT * (right - left)))
        _whole(axes[0], spectra, colours)
    style = {"frameon": False, "fontsize": "small", "loc": "upper left", "bbox_to_anchor": (1.03, 1.0)}
    axes[2].legend(axes[2].get_lines(), [label for _, _, label in spectra], **style)
    return axes


def _whole(ax, spectra, colours):
    """An inset with the spectra down to the lowest frequency, its axes those of the large ones."""
    small = inset(ax, (0.2, 0.58, 0.28, 0.34), "all frequencies")
    for (_, Z, _), colour in zip(spectra, colours, strict=True):
        small.plot(Z.real, -Z.imag, color=colour, lw=0.8)
    largest = max(max(Z.real.max(), (-Z.imag).max()) for _, Z, _ in spectra)
    small.set(xlim=(-0.1 * largest, 1.1 * largest), ylim=(0.0, 1.1 * largest), aspect="equal")
    small.xaxis.get_major_locator().set_params(nbins=2)
    small.yaxis.get_major_locator().set_params(nbins=2)


def arcs_end(spectra: Sequence[tuple[np.ndarray, NDArray[np.complexfloating], str]]) -> float | None:
    """Return Re Z up to which a Nyquist plot shows the arcs, None where no spectrum has a steep low-frequency tail.

    Parameters
    ----------
    spectra : sequence of (array, array, str)
        Frequency [Hz] and complex impedance, shape (n,), and label of each.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> arc = 10 + 20 / (1 + 2j * np.pi * f * 1e-3)
    >>> round(arcs_end([(f, arc + 100 / (2j * np.pi * f), "with a tail")]), 1)
    38.8
    >>> arcs_end([(f, arc, "without")])
    """
    tails = [_before_tail(np.asarray(frequency, float), np.asarray(Z)) for frequency, Z, _ in spectra]
    if all(tail is None for tail in tails):
        return None
    return 1.3 * max(Z.real.max() if tail is None else tail for tail, (_, Z, _) in zip(tails, spectra, strict=True))


def _before_tail(frequency, Z):
    """Re Z where a steep low-frequency tail begins, or None where there is no such tail."""
    rising = Z[np.argsort(frequency)]
    climbs = np.diff(-rising.imag) > 0
    valley = rising[np.argmax(climbs) if climbs.any() else -1]
    return float(valley.real) if -rising[0].imag > 2 * abs(valley) else None
