"""Checks of curves that are given to a fit, with the words of the refusals."""

import numpy as np

from ..errors import DataFileError, ProtocolError, UnknownNameError
from .history import DIRECTIONS

LEAST_POINTS = 5


def columns(who, first, second, least=LEAST_POINTS):
    """Two arrays of equal length, finite numbers only."""
    try:
        first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    except (TypeError, ValueError):
        raise DataFileError(f"{who}: the columns must be numbers.") from None
    if first.ndim != 1 or first.shape != second.shape or len(first) < least:
        shapes = f"shapes {first.shape} and {second.shape}"
        raise DataFileError(f"{who}: expected two columns of one length, at least {least}; {shapes} were given.")
    bad = np.flatnonzero(~(np.isfinite(first) & np.isfinite(second)))
    if bad.size:
        raise DataFileError(f"{who}: {bad.size} of {len(first)} records are not finite, the first is record {bad[0]}.")
    return first, second


def check_capacity(who, q):
    """Raise `DataFileError` unless the capacity rises from zero."""
    if q[0] < 0 or q[-1] <= 0 or np.any(np.diff(q) < 0):
        place = int(np.argmin(np.diff(q)))
        raise DataFileError(
            f"{who}: the capacity of a half cycle starts at zero and rises; it goes from {q[place]:g} to "
            f"{q[place + 1]:g} mAh cm-2 at record {place + 1}. Give one half cycle a curve."
        )


def check_trend(who, direction, V):
    """Raise `DataFileError` when the voltage moves against the direction."""
    change = np.mean(V[-max(len(V) // 5, 1) :]) - np.mean(V[: max(len(V) // 5, 1)])
    if change * (-1 if direction == "discharge" else 1) < 0:
        verb = "rises" if change > 0 else "falls"
        raise DataFileError(f"{who}: it is called a {direction} but its voltage {verb} by {abs(change):.3g} V.")


def check_positive(who, **values):
    """Raise `ProtocolError` unless all values are finite numbers above zero."""
    for name, value in values.items():
        if not (np.isfinite(value) and value > 0):
            raise ProtocolError(f"{who}: {name} must be a number above zero; {value!r} was given.")


def check_direction(who, direction):
    """Raise `UnknownNameError` unless it is "discharge" or "charge"."""
    if direction not in DIRECTIONS:
        raise UnknownNameError(f"{who}: direction '{direction}'; expected 'discharge' or 'charge'.")
