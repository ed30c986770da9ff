"""One parameter between the ends of its range, linear or logarithmic: what fits, sweeps and calibration count in."""

import math
from dataclasses import dataclass

LOG_FROM = 20.0
"""Ratio of the ends of a range from which on it is gone through in logarithm."""


@dataclass(frozen=True)
class Scale:
    """One parameter between the ends of its range.

    >>> round(Scale(1e-6, 1.0).value(0.5), 6), round(Scale(0.0, 2.0).unit(0.5), 3)
    (0.001, 0.25)
    """

    low: float
    high: float

    @property
    def is_log(self):
        return self.low > 0 and self.high > LOG_FROM * self.low

    def value(self, unit):
        """Value at 0 (low) to 1 (high)."""
        if self.is_log:
            return float(self.low * (self.high / self.low) ** unit)
        return float(self.low + (self.high - self.low) * unit)

    def unit(self, value):
        """Inverse of `value`."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def error(self, value, unit_error):
        """Standard error of the value from that of the unit."""
        return float(unit_error * (value * math.log(self.high / self.low) if self.is_log else self.high - self.low))
