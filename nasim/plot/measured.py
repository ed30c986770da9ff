"""The figure of a measured file: voltage in time and against capacity, dQ/dV, spectra; or the voltammogram; or a curve."""

from typing import TYPE_CHECKING

import numpy as np

from ..analysis import dqdv as differential
from ..errors import DataFileError, brief
from ..instruments import labels
from ..units import SECONDS_PER_HOUR
from .impedance import nyquist
from .style import COLOURS, axes_for, cycle_colours, finish

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..instruments import Curve, Measurement

OHM = "\N{GREEK CAPITAL LETTER OMEGA}"
MOST_POINTS = 5000
"""Records drawn in time."""
MOST_LABELS = 5
SIGN = {"charge": 1, "discharge": -1}


def measured(measurement: "Measurement") -> np.ndarray:
    """Draw what a measured file holds.

    Parameters
    ----------
    measurement : Measurement

    Returns
    -------
    array of matplotlib axes
        Voltage in time, voltage against capacity and dQ/dV of every half cycle, and the spectra if there are any; current
        against voltage for a voltammogram; the spectra alone for a file of spectra.

    Raises
    ------
    DataFileError
        It is no measurement.
    """
    if not hasattr(measurement, "spectra"):
        raise DataFileError(f"plot.measured: expected a nasim.Measurement; {brief(measurement)} was given.")
    spectra = measurement.spectra()
    if measurement.kind == "impedance":
        return np.array([_spectra(axes_for(None, (5.2, 4.0)), spectra)])
    if measurement.kind == "cv":
        return np.array([_voltammogram(axes_for(None), measurement.data)])
    columns = 4 if spectra else 3
    axes = axes_for(None, (4.4 * columns, 4.2), columns)
    _in_time(axes[0], measurement)
    _halves(axes[1], axes[2], measurement)
    if spectra:
        _spectra(axes[3], spectra)
    return axes


def curve(points: "Curve", ax: "Axes | None" = None) -> "Axes":
    """Draw a curve without time.

    Parameters
    ----------
    points : Curve
    ax : matplotlib axes, optional
        Default those of a new figure.

    Returns
    -------
    matplotlib axes
    """
    ax = axes_for(ax)
    names = list(points.data)
    if points.kind == "nyquist":
        real, imaginary = names[-2:]
        ax.plot(points.data[real], -points.data[imaginary], "-o", ms=3, lw=0.8)
        ax.set_aspect("equal", adjustable="box")
        return finish(ax, real, f"\N{MINUS SIGN}{imaginary}")
    style = "o" if points.kind == "fade" else "-"
    ax.plot(points.data[names[0]], points.data[names[1]], style, ms=3, color=COLOURS[0])
    return finish(ax, "Cycle" if points.kind == "fade" else names[0], names[1])


def _in_time(ax, measurement):
    data = measurement.data
    step = max(len(data) // MOST_POINTS, 1)
    ax.plot(
        data[labels.TIME].iloc[::step] / SECONDS_PER_HOUR, data[labels.VOLTAGE].iloc[::step], lw=0.8, color=COLOURS[6]
    )
    for each in measurement.spectra():
        if each.time_s is not None and each.voltage_V is not None:
            ax.plot(each.time_s / SECONDS_PER_HOUR, each.voltage_V, "v", ms=5, color=COLOURS[1])
    return finish(ax, "Time (h)", "Voltage (V)")


def _halves(left, right, measurement):
    """Voltage against capacity and dQ/dV of the half cycles, a colour for each pair."""
    voltage, halves = measurement.data[labels.VOLTAGE].to_numpy(), measurement.found_half_cycles()
    unit, scale = _per(measurement)
    colours = cycle_colours(range((len(halves) + 1) // 2))
    for k, half in enumerate(halves):
        colour, capacity = colours[k // 2], scale * half.charge
        label = (
            f"half cycles {k + 1}, {k + 2}"
            if k % 2 == 0 and (k // 2) % max(len(colours) // MOST_LABELS, 1) == 0
            else None
        )
        here = voltage[half.first : half.last + 1]
        left.plot(capacity, here, color=colour, label=label)
        try:
            grid, height = differential(here, capacity)
        except DataFileError:
            continue
        right.plot(grid, SIGN[half.direction] * height, color=colour)
    right.axhline(0, color="#404040", lw=0.6)
    finish(left, f"Capacity ({unit})", "Voltage (V)")
    finish(right, "Voltage (V)", f"dQ/dV ({unit} V$^{{-1}}$)")


def _per(measurement):
    """Unit of capacity and the factor to it from Ah: per gram where the mass is known, per area, or of the cell."""
    if measurement.active_mass_mg:
        return "mAh g$^{-1}$", 1e6 / measurement.active_mass_mg
    return ("mAh cm$^{-2}$", 1e3 / measurement.area_cm2) if measurement.area_cm2 else ("mAh", 1e3)


def _spectra(ax, spectra):
    every = max(len(spectra) // MOST_LABELS, 1)
    for k, each in enumerate(spectra):
        Z = each.data[labels.REAL].to_numpy() + 1j * each.data[labels.IMAGINARY].to_numpy()
        label = f"spectrum {each.number}" if k % every == 0 else None
        nyquist(each.data[labels.FREQUENCY].to_numpy(), Z, ax, label, OHM, decades=len(spectra) == 1)
    return ax


def _voltammogram(ax, data):
    ax.plot(data[labels.VOLTAGE], 1e3 * data[labels.CURRENT], lw=0.8, color=COLOURS[0])
    return finish(ax, "Voltage (V)", "Current (mA)")
