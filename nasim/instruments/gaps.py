"""Intervals without records inside a half cycle that the instrument's sampling does not explain."""

from dataclasses import dataclass

import numpy as np

FEWEST = 5
"""Intervals that a sampling is judged by."""
REGULAR = 0.8
"""Share of intervals within a tenth of the usual one in a sampling by time alone."""
LONGER, LONGEST = 5.0, 10.0


@dataclass(frozen=True)
class Gap:
    """A gap that ends at a record (`row`), its length and the usual interval [s]."""

    row: int
    length: float
    usual: float


def gaps_in(time, voltage, first, last):
    """The gaps between the records first and last of a half cycle.

    Sampled by time, the usual interval is the median, and five of them are a gap. Sampled by voltage too, a long interval
    is a plateau as long as the voltage changes little; ten times longer than nearly all others, with a jump of the voltage,
    it is a gap.

    >>> t = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 25.0, 26.0]
    >>> gaps_in(np.array(t), np.zeros(8), 0, 7)
    [Gap(row=6, length=20.0, usual=1.0)]
    """
    interval = np.diff(time[first : last + 1])
    if len(interval) <= FEWEST:
        return []
    usual = float(np.median(interval))
    regular = np.mean(np.abs(interval - usual) <= 0.1 * usual) >= REGULAR
    if regular:
        long = interval > LONGER * usual
    else:
        jump = np.abs(np.diff(voltage[first : last + 1]))
        usual = float(np.percentile(interval, 95))
        long = (interval > LONGEST * usual) & (jump > LONGER * np.median(jump))
    if usual <= 0:
        return []
    return [Gap(first + 1 + int(k), float(interval[k]), usual) for k in np.flatnonzero(long)]
