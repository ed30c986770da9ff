"""One parameter between the ends of its range, linear or logarithmic: what fits, sweeps and calibration count in."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LOG_FROM = 20.0
"""Ratio of the ends of a range from which on it is gone through in logarithm."""


@dataclass(frozen=True)
class Scale:
    """Range of one parameter, from unit 0 at `low` to unit 1 at `high`.

    Parameters
    ----------
    low, high : float
        Ends of the range, in the unit of the parameter; logarithmic where `high` is more than `LOG_FROM` times `low`.

    Examples
    --------
    >>> round(Scale(1e-6, 1.0).value(0.5), 6), round(Scale(0.0, 2.0).unit(0.5), 3)
    (0.001, 0.25)
    """

    low: float
    high: float

    @property
    def is_log(self) -> bool:
        """Whether the range is gone through in logarithm."""
        return self.low > 0 and self.high > LOG_FROM * self.low

    def value(self, unit: float) -> float:
        """Return the value at `unit`, 0 (low) to 1 (high)."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** unit)
        return float(self.low + (self.high - self.low) * unit)

    def unit(self, value: float) -> float:
        """Return the unit of a value: the inverse of `value`."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def error(self, value: float, unit_error: float) -> float:
        """Return the standard error of a value from that of its unit."""
        return float(unit_error * (value * math.log(self.high / self.low) if self.is_log else self.high - self.low))


def values_at(scales: Mapping[str, Scale], units: Iterable[float]) -> dict[str, float]:
    """Return parameter -> value at `units`, one for each scale in their order; units outside 0 to 1 are moved to the end.

    >>> values_at({"k": Scale(1.0, 100.0), "L": Scale(0.0, 2.0)}, [0.5, 1.3])
    {'k': 10.0, 'L': 2.0}
    """
    return {name: scales[name].value(_inside(unit)) for name, unit in zip(scales, units, strict=True)}


def units_of(scales: Mapping[str, Scale], values: Mapping[str, float]) -> list[float]:
    """Return the unit of each parameter's value, in the order of `scales`, moved to 0 or 1 where it lies outside.

    >>> units_of({"L": Scale(0.0, 2.0), "k": Scale(1.0, 100.0)}, {"k": 10.0, "L": 3.0})
    [1.0, 0.5]
    """
    return [_inside(scale.unit(values[name])) for name, scale in scales.items()]


def _inside(unit: float) -> float:
    return min(max(float(unit), 0.0), 1.0)
