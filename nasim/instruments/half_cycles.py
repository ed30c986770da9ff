"""Half cycles of a test: direction, first and last record, and charge.

Charge is the instrument's counter where the file has one, else the integral of the current, in which a gap without
records counts as one usual interval. Where a half cycle begins and ends, `runs` says.
"""

from dataclasses import dataclass, field

import numpy as np

from nasim.instruments import labels
from nasim.instruments.gaps import gaps_in
from nasim.instruments.runs import bounds_of

EVEN = 0.005
"""Share by which an interval of an even grid may differ from the usual one."""
COUNTER_DIFFERS = 0.02
"""Share by which counter and integral of a half cycle may differ, beyond the charge of one interval."""


@dataclass(frozen=True, eq=False)
class HalfCycle:
    """One half cycle: direction, first and last record (inclusive), charge [Ah] (n,) since the record before it, notes."""

    direction: str
    first: int
    last: int
    charge: np.ndarray = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def capacity_Ah(self) -> float:
        """Charge of the whole half cycle [Ah]."""
        return float(self.charge[-1])


def has_half_cycle(frame) -> bool:
    """Whether a current flows in any record of a table in time, checked or not."""
    current = np.nan_to_num(frame[labels.CURRENT].to_numpy())
    return len(frame) > 1 and bool(bounds_of(frame.assign(**{labels.CURRENT: current}), None)[0])


def find_half_cycles(frame, zero_current_A=None):
    """Find the half cycles of a checked table of cycling.

    Parameters
    ----------
    frame : pandas.DataFrame
        Labelled columns of n records.
    zero_current_A : float, optional
        Currents up to this bound [A] are rest; by default `REST_SHARE` of the mean level.

    Returns
    -------
    halves : list of HalfCycle
    notes : list of str
        What was left out.
    """
    bounds, charge, notes = bounds_of(frame, zero_current_A)
    counter = frame[labels.NET_CAPACITY].to_numpy() if labels.NET_CAPACITY in frame else None
    if counter is not None and not np.isfinite(counter).all():
        counter = None
    time, voltage = frame[labels.TIME].to_numpy(), frame[labels.VOLTAGE].to_numpy()
    halves = []
    for number, (sign, first, last) in enumerate(bounds, start=1):
        gaps = gaps_in(time, voltage, first, last)
        passed, said = _passed(frame, charge, counter, sign, first, last, gaps)
        direction = "charge" if sign > 0 else "discharge"
        head = f"half cycle {number} ({direction})"
        halves.append(HalfCycle(direction, first, last, passed, tuple(f"{head}: {text}" for text in said)))
    return halves, notes


def _first_interval(frame, first, last):
    """Charge [Ah] of the interval before the first record, positive.

    A cycler writes a record as a step begins, so that nothing flowed in the interval before; records on an even grid in
    time, which go on across the switch, stand for the interval before them.
    """
    time, current = frame[labels.TIME].to_numpy()[max(first - 1, 0) : last + 1], frame[labels.CURRENT].iloc[first]
    usual = float(np.median(np.diff(time[1:]))) if len(time) > 2 else 0.0
    even = first > 0 and abs(time[1] - time[0] - usual) <= EVEN * usual
    return abs(current) * usual / 3600 if even else 0.0


def _passed(frame, charge, counter, sign, first, last, gaps):
    """Charge [Ah] of each record of a half cycle since the one before it, positive, and what is to be said of it."""
    part, said = sign * charge[first : last + 1], []
    part[0] = _first_interval(frame, first, last)
    filled = float(part.sum())
    for gap in gaps:
        part[gap.row - first] *= gap.usual / gap.length
        at = frame[labels.TIME].iloc[gap.row]
        said.append(f"no records for {gap.length:.4g} s before {labels.place(frame, gap.row)} (at {at:.6g} s)")
    integral = np.cumsum(part)
    if counter is None:
        if said:
            said[-1] += (
                f"; not integrated over: {1e3 * integral[-1]:.4g} mAh, or {1e3 * filled:.4g} if the current flowed"
            )
        return integral, said
    counted = sign * (counter[first : last + 1] - counter[max(first - 1, 0)])
    if abs(counted[-1] - integral[-1]) > COUNTER_DIFFERS * abs(counted[-1]) + part.max():
        said.append(
            f"{1e3 * counted[-1]:.4g} mAh by the instrument's counter, which is used; the current of the records integrates to"
            f" {1e3 * integral[-1]:.4g} mAh"
        )
    return counted, said
