"""Differential capacity of a half cycle, and its peaks, shoulders and rises at a cut-off.

Sign: dQ/dV is positive on discharge and on charge. It says how much capacity lies at a voltage, whichever way the
voltage moves; a figure may draw one direction downwards.

Noise makes the quotient of differences useless, so capacity is sorted into voltage bins instead: each piece of the
curve spreads its charge evenly between the voltages of its ends. A voltage that turns back for a moment, points that
repeat and uneven spacing need no special care, and the integral over voltage is the capacity exactly. The bins are
smoothed by a Gaussian that is mirrored at both ends of the voltage range, which loses no charge and neither bends a
rise towards the cut-off down nor invents one.
"""

from dataclasses import dataclass

import numpy as np

from ..errors import DataFileError
from .smoothing import gaussian, monotone_cubic, tops

_REFINED_POINTS = 4000


def dqdv(voltage_V, capacity, step_V=0.005, smooth_V=0.012):
    """Differentiate the capacity of one discharge or one charge by voltage.

    Some 200 points a half cycle resolve shoulders and edges.

    Parameters
    ----------
    voltage_V, capacity : array_like, shape (n,), n >= 3
        Voltage [V] and capacity (any unit, counted up or down) in the order of measurement; NaN points are left out.
    step_V : float
        Largest width of a voltage bin [V].
    smooth_V : float
        Standard deviation [V] of the Gaussian that smooths (0: none).

    Returns
    -------
    grid_V, dqdv : array, shape (m,)
        Evenly spaced, rising centres of the bins between the lowest and the highest voltage, and dQ/dV >= 0 in the unit of the
        capacity per volt; ``dqdv.sum() * (grid_V[1] - grid_V[0])`` is the capacity.

    Raises
    ------
    DataFileError
        Fewer than three points pass charge, or the curve spans less than three bins.

    Examples
    --------
    >>> voltage, height = dqdv([2.0, 1.5, 1.0], [0.0, 0.5, 1.0])
    >>> float(voltage[0]), len(voltage), round(float(height[100]), 6)
    (1.0025, 200, 1.0)
    """
    voltage, capacity = _half_cycle(voltage_V, capacity)
    low, high = voltage.min(), voltage.max()
    if not high - low >= 3 * step_V > 0:
        raise DataFileError(
            f"dQ/dV needs a curve that spans at least three bins of step_V = {step_V:g} V; "
            f"this one lies between {low:.4g} and {high:.4g} V."
        )
    edges = np.linspace(low, high, int(np.ceil((high - low) / step_V - 1e-6)) + 1)
    width = edges[1] - edges[0]
    density = np.diff(_capacity_below(edges, voltage, capacity)) / width
    if smooth_V > 1e-3 * width:
        density = gaussian(density, smooth_V / width, mirrored=True)
    return edges[:-1] + width / 2, density


def _half_cycle(voltage_V, capacity):
    """Voltage against strictly rising capacity, refined by a monotone cubic where the curve has few points."""
    voltage, capacity = np.asarray(voltage_V, float), np.asarray(capacity, float)
    if voltage.shape != capacity.shape or voltage.ndim != 1:
        raise DataFileError(f"dQ/dV needs two equally long rows, got shapes {voltage.shape} and {capacity.shape}.")
    known = np.isfinite(voltage) & np.isfinite(capacity)
    voltage, capacity = voltage[known], capacity[known]
    if len(capacity) and capacity[-1] < capacity[0]:
        voltage, capacity = voltage[::-1], capacity[::-1]
    rising = np.diff(np.maximum.accumulate(capacity), append=np.inf) > 0
    voltage, capacity = voltage[rising], np.maximum.accumulate(capacity)[rising]
    if len(capacity) < 3:
        raise DataFileError(f"dQ/dV needs at least three points that pass charge, got {len(capacity)}.")
    pieces = int(np.ceil(_REFINED_POINTS / len(capacity)))
    position = np.arange((len(capacity) - 1) * pieces + 1) / pieces
    fine = np.interp(position, np.arange(len(capacity)), capacity)
    return monotone_cubic(capacity, voltage, fine), fine


def _capacity_below(edges, voltage, capacity):
    """Capacity passed below each voltage of `edges`, shape (m,), of the line through the given points."""
    middle = 0.5 * (voltage[1:] + voltage[:-1])
    half = np.maximum(0.5 * np.abs(np.diff(voltage)), 0.005 * (edges[1] - edges[0]))
    slope = np.diff(capacity) / (2 * half)
    knots, change = np.concatenate([middle - half, middle + half]), np.concatenate([slope, -slope])
    order = np.argsort(knots)
    knots, slopes = knots[order], np.cumsum(change[order])
    below = np.interp(edges, knots, np.concatenate([[0.0], np.cumsum(slopes[:-1] * np.diff(knots))]))
    below[0], below[-1] = 0.0, capacity[-1] - capacity[0]
    return below


@dataclass(frozen=True)
class Peaks:
    """Features of a dQ/dV curve, sorted by rising voltage.

    Attributes
    ----------
    voltage_V : array, shape (n,)
        Positions [V].
    height : array, shape (n,)
        dQ/dV there.
    prominence : array, shape (n,)
        In the unit of `height`: of a peak or an edge the height over the higher of its two saddles, of a shoulder the height over
        the chord below its bend.
    kind : array of str, shape (n,)
        "peak" (a maximum), "shoulder" (a bend on a flank that does not become a maximum) or "edge" (a rise up to the end of the
        voltage range).
    """

    voltage_V: np.ndarray
    height: np.ndarray
    prominence: np.ndarray
    kind: np.ndarray

    def __len__(self):
        return len(self.voltage_V)

    def __getitem__(self, index):
        """The features at `index`: a slice, a list of positions or a mask."""
        return Peaks(*(np.atleast_1d(part[index]) for part in vars(self).values()))

    def of(self, *kinds):
        """Select the features of some kinds.

        Parameters
        ----------
        *kinds : str
            "peak", "shoulder", "edge".

        Returns
        -------
        Peaks
        """
        return self[np.isin(self.kind, kinds)]

    def by_height(self):
        """Return the same features, the highest first."""
        return self[np.argsort(-self.height, kind="stable")]


def peaks(grid_V, dqdv, prominence=0.03, shoulder_prominence=0.01, smooth_V=0.012):
    """Find peaks, shoulders and rising edges of a dQ/dV curve.

    A maximum within `smooth_V` of the end of the grid is an edge and stands at that end; the positions of peaks and shoulders
    are refined by a parabola. A shoulder is a stretch that bends downwards, has no maximum in it and does not touch the end of
    the range.

    Parameters
    ----------
    grid_V, dqdv : array_like, shape (m,)
        Voltage [V], evenly spaced and rising, and dQ/dV >= 0 in any unit, as `dqdv` returns them.
    prominence, shoulder_prominence : float
        Share of the greatest height from which a peak or edge, or a shoulder, counts.
    smooth_V : float
        Standard deviation [V] of a further Gaussian, for the curvature only: it does not move the peaks.

    Returns
    -------
    Peaks

    Raises
    ------
    DataFileError
        The grid is uneven or shorter than five points.

    Examples
    --------
    >>> V = np.arange(0.7, 2.6, 0.005)
    >>> found = peaks(V, 3 * np.exp(-(((V - 1.052) / 0.08) ** 2)) + np.exp(-(((V - 1.748) / 0.06) ** 2)))
    >>> found.voltage_V.round(3), found.kind.tolist()
    (array([1.052, 1.748]), ['peak', 'peak'])
    """
    grid, height = np.asarray(grid_V, float), np.asarray(dqdv, float)
    if grid.ndim != 1 or grid.shape != height.shape or len(grid) < 5 or np.ptp(np.diff(grid)) > 1e-6 * np.ptp(grid):
        raise DataFileError("peaks() needs an evenly spaced grid of at least five points, as dqdv() returns it.")
    found = _maxima(grid, height, prominence * height.max(), smooth_V)
    taken = [int(np.argmin(abs(grid - voltage))) for voltage, *_ in found]
    found += _shoulders(grid, height, shoulder_prominence * height.max(), smooth_V, taken)
    columns = list(zip(*sorted(found), strict=True)) or [()] * 4
    voltage, heights, prominences = (np.array(column, dtype=float) for column in columns[:3])
    return Peaks(voltage, heights, prominences, np.array(columns[3], dtype="U8"))


def _maxima(grid, height, least, margin_V):
    """(voltage, height, prominence, kind) of all maxima, edges within `margin_V`; off the grid the curve is zero."""
    rows = []
    for left, right, rise in zip(*tops(np.pad(height, 1)), strict=True):
        if rise < least:
            continue
        left, right = left - 1, right - 1
        if grid[left] - grid[0] < margin_V or grid[-1] - grid[right] < margin_V:
            end = 0 if grid[left] - grid[0] < margin_V else len(grid) - 1
            rows.append((grid[end], height[end], rise, "edge"))
        else:
            rows.append((*_vertex(grid, height, (left + right) // 2), rise, "peak"))
    return rows


def _shoulders(grid, height, least, smooth_V, taken):
    """(voltage, height, prominence, kind) of the bends without a maximum; `taken` are the indices of the maxima."""
    bend = -gaussian(height, smooth_V / (grid[1] - grid[0]), bend=True)
    starts, stops = np.flatnonzero(np.diff(bend > 0, prepend=False)), len(grid)
    starts = np.append(starts, stops) if len(starts) % 2 else starts
    rows = []
    for start, stop in starts.reshape(-1, 2):
        if start == 0 or stop == len(grid) or any(start - 1 <= i <= stop for i in taken):
            continue
        inside = slice(start - 1, stop + 1)
        chord = np.interp(grid[inside], grid[[start - 1, stop]], height[[start - 1, stop]])
        rise = (height[inside] - chord).max()
        if rise > least:
            voltage, _ = _vertex(grid, bend, start + int(np.argmax(bend[start:stop])))
            rows.append((voltage, float(np.interp(voltage, grid, height)), rise, "shoulder"))
    return rows


def _vertex(grid, height, i):
    """Position and height of the parabola through points i-1, i, i+1 at its top."""
    before, at, after = height[i - 1 : i + 2]
    curve = before - 2 * at + after
    shift = 0.5 * (before - after) / curve if curve else 0.0
    return grid[i] + shift * (grid[1] - grid[0]), at - 0.25 * (before - after) * shift
