"""Smoothing, a monotone cubic and the tops of a curve, in NumPy alone.

SciPy has all three, with the same numbers; importing the parts of it that hold them takes longer than a command that ends
with the peaks of a cycle otherwise needs.
"""

import numpy as np

REACH = 4.0
"""Standard deviations up to which a Gaussian is followed."""


def gaussian(values, deviation, bend=False, mirrored=False):
    """Smooth evenly spaced values by a Gaussian.

    Parameters
    ----------
    values : array, shape (n,)
    deviation : float
        Standard deviation, in steps of the grid.
    bend : bool
        Give the second derivative, by the step, of the smoothed values instead.
    mirrored : bool
        Whether the values go on mirrored beyond both ends; otherwise the last ones go on.

    Returns
    -------
    array, shape (n,)
    """
    reach = int(REACH * deviation + 0.5)
    steps = np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * (steps / deviation) ** 2)
    weights /= weights.sum()
    if bend:
        weights *= (steps**2 / deviation**2 - 1) / deviation**2
    return np.convolve(np.pad(values, reach, mode="symmetric" if mirrored else "edge"), weights, "valid")


def monotone_cubic(x, y, at):
    """Interpolate by cubics that neither overshoot nor turn between two points (Fritsch and Butland, PCHIP).

    Parameters
    ----------
    x : array, shape (n,), n >= 3
        Rising.
    y : array, shape (n,)
    at : array, shape (m,)
        Places within `x`.

    Returns
    -------
    array, shape (m,)

    >>> monotone_cubic(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 1.0]), np.array([0.5, 1.5]))
    array([0.6875, 1.    ])
    """
    h = np.diff(x)
    slope = np.diff(y) / h
    before, after = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    rising = slope[:-1] * slope[1:] > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = np.where(rising, (before + after) / (before / slope[:-1] + after / slope[1:]), 0.0)
    d = np.concatenate([[_end(h[0], h[1], slope[0], slope[1])], middle, [_end(h[-1], h[-2], slope[-1], slope[-2])]])
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(h) - 1)
    s = at - x[k]
    second = (3 * slope[k] - 2 * d[k] - d[k + 1]) / h[k]
    third = (d[k] + d[k + 1] - 2 * slope[k]) / h[k] ** 2
    return y[k] + s * (d[k] + s * (second + s * third))


def _end(h, beside, slope, next_slope):
    """Slope at an end, of a parabola through three points, kept monotone."""
    found = ((2 * h + beside) * slope - h * next_slope) / (h + beside)
    if found * slope <= 0:
        return 0.0
    return 3 * slope if slope * next_slope <= 0 and abs(found) > 3 * abs(slope) else found


def tops(values):
    """Find the places that are higher than what is on both sides of them.

    Parameters
    ----------
    values : array, shape (n,)

    Returns
    -------
    first, last : array of int, shape (k,)
        Where each begins and ends; the same, but for a plateau.
    prominence : array, shape (k,)
        Height over the higher of its two saddles.

    >>> tops(np.array([0.0, 2.0, 1.0, 3.0, 3.0, 0.0]))
    (array([1, 3]), array([1, 4]), array([1., 3.]))
    """
    first = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    last, level = np.append(first[1:], len(values)) - 1, values[first]
    found = 1 + np.flatnonzero((level[1:-1] > level[:-2]) & (level[1:-1] > level[2:]))
    saddles = [max(_lowest(level[:k][::-1], level[k]), _lowest(level[k + 1 :], level[k])) for k in found]
    return first[found], last[found], level[found] - np.array(saddles, dtype=float)


def _lowest(way, height):
    """Lowest level on the way to one that is higher, or to the end."""
    higher = np.flatnonzero(way > height)
    return way[: higher[0]].min() if len(higher) else way.min()
