"""What all kinds of measured data have in common, and the checks of the columns that a user hands in."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..errors import DataFileError, ProtocolError, UnknownNameError
from .history import DIRECTIONS, Conditions, Leg

if TYPE_CHECKING:
    from ..parameters import ParameterSet
    from .traces import TraceStepper

LEAST_POINTS = 5


class Shown(NamedTuple):
    """Measured values as a figure shows them; `sd` is their standard deviation, one or one for each."""

    axis: np.ndarray
    measured: np.ndarray
    sd: Any
    axis_name: str
    value_name: str


@dataclass(frozen=True, kw_only=True)
class Data:
    """Base of all kinds of data that a fit compares with.

    The residuals of data with `goes_on` False follow from the traces of their legs, so that data of one cell share runs.
    Data with `goes_on` True run something of their own after the legs, in `measure`.

    Parameters
    ----------
    legs : tuple of Leg
        Half cycles from the fresh cell that lead to the data.
    conditions : Conditions
    label, source, sha256 : str
        What a report calls it, where it is from, and the hash of that file.
    """

    goes_on: ClassVar[bool] = False
    legs: tuple[Leg, ...]
    conditions: Conditions = Conditions()
    label: str = ""
    source: str = ""
    sha256: str = ""

    def residuals(self, outcome: Any) -> np.ndarray:
        """Return the residuals in standard deviations, shape (n,).

        Parameters
        ----------
        outcome : list of Trace, or what `measure` returned
        """
        raise NotImplementedError

    def measure(self, stepper: "TraceStepper", parameters: "ParameterSet") -> np.ndarray:
        """Return what is computed from the state of `stepper` at the end of the legs; for data that go on."""
        raise NotImplementedError

    def shown(self) -> Shown:
        """Return the measured values with their axis, for tables and figures."""
        raise NotImplementedError

    def _set(self, **values):
        """Replace fields of the frozen object by their checked values."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


def evenly(number: int, most: int) -> np.ndarray:
    """Return at most `most` of `number` indices, evenly spread, the ends among them.

    >>> evenly(5, 3).tolist()
    [0, 2, 4]
    """
    return np.unique(np.linspace(0, number - 1, min(most, number)).astype(int))


def columns(who: str, first: ArrayLike, second: ArrayLike, least: int = LEAST_POINTS) -> tuple[np.ndarray, np.ndarray]:
    """Return two columns as arrays of floats, shape (n,).

    Raises
    ------
    DataFileError
        They are no columns of one length with at least `least` finite numbers.
    """
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


def check_capacity(who: str, capacity: np.ndarray) -> None:
    """Raise `DataFileError` unless the capacity [mAh cm-2] rises from zero."""
    if capacity[0] < 0 or capacity[-1] <= 0 or np.any(np.diff(capacity) < 0):
        place = int(np.argmin(np.diff(capacity)))
        raise DataFileError(
            f"{who}: the capacity of a half cycle starts at zero and rises; it goes from {capacity[place]:g} to "
            f"{capacity[place + 1]:g} mAh cm-2 at record {place + 1}. Give one half cycle a curve."
        )


def check_trend(who: str, direction: str, voltage: np.ndarray) -> None:
    """Raise `DataFileError` when the voltage [V] moves against the direction."""
    fifth = max(len(voltage) // 5, 1)
    change = np.mean(voltage[-fifth:]) - np.mean(voltage[:fifth])
    if change * (-1 if direction == "discharge" else 1) < 0:
        verb = "rises" if change > 0 else "falls"
        raise DataFileError(f"{who}: it is called a {direction} but its voltage {verb} by {abs(change):.3g} V.")


def check_positive(who: str, **values: float) -> None:
    """Raise `ProtocolError` unless all values are finite numbers above zero."""
    for name, value in values.items():
        if not (np.isfinite(value) and value > 0):
            raise ProtocolError(f"{who}: {name} must be a number above zero; {value!r} was given.")


def check_direction(who: str, direction: str) -> None:
    """Raise `UnknownNameError` unless it is "discharge" or "charge"."""
    if direction not in DIRECTIONS:
        raise UnknownNameError(f"{who}: direction '{direction}'; expected 'discharge' or 'charge'.")
