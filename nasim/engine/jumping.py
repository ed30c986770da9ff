r"""Cycle jumping: thousands of cycles from a few, by extrapolating what changes slowly.

At the end of every charge the cell is in nearly the same state; what differs from cycle to cycle is ageing. A cycle is a
map of the state s, and the slope :math:`g_n = s_n - s_{n-1}`, that at cycle n - 1/2, changes slowly itself. From the slope of
the last cycle and that of an earlier one, p, the state is moved m cycles on along a parabola,

.. math:: s_{n+m} = s_n + m\,g_n + \tfrac12 m (m+1)\,\frac{g_n - g_p}{n - p}

(the second-order formula of Adams and Bashforth, the step being cycles), and a few cycles are run from there: the first
lets everything quick settle, the last gives the next slope. Balances of charge and matter are linear in the state, so they
hold across the jump. A jump is judged by what it was made for: the capacity of the first cycle after it, against the
parabola through those before. Where the two differ by more than the tolerance, the jump is taken back and made half as
long; else the error sets the length of the next one, as it grows with the third power of the length. Rows of cycles that
were jumped over are interpolated between those that were run and say so (column "computed").

A thousand cycles need no jumps: run in full they take some four seconds, and with jumps at a tolerance of 0.5 % a third of that, the
row that is furthest off being 3 % off (``python benchmarks/long_run.py --tolerance 0.005``): the tolerance is one of the
first cycle after a jump, not of the rows between. Run in full what you can wait for; jumping stays for tens of thousands of
cycles.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import SolveError
from ..nomenclature import columns as col
from .recorder import Recorder
from .stepper import State, Stepper

if TYPE_CHECKING:
    import pandas

FIRST_CYCLES = 10
"""Cycles at the start that are always run: activation and the first growth are no slow ageing."""
PROBE = 5
"""Cycles run between two jumps."""
FIRST_JUMP, LONGEST = 5, 200
"""Cycles of the first jump, and most of any."""
SHARES, SLACK = (col.CONNECTED_FRACTION, col.LOST_CONTACT, col.DEEP_REDUCED), 1e-5
"""Columns of a cycle that lie within 0 and 1, and by how much they may be off: ten tolerances of a state."""
SAFETY, MOST_GROWTH = 0.8, 3.0
"""Caution in the length of the next jump, and how much longer than the last it may be."""


@dataclass(frozen=True)
class Slope:
    """Change over the cycle `number`: of the state, of the time [s] and of the capacity, and that capacity [mAh cm-2]."""

    number: int
    state: np.ndarray
    time: float
    capacity_change: float
    capacity: float


def parabola(slope, earlier, distance: int, skip: int):
    """Return the change over `skip` cycles if the slope of the last one follows its trend since an earlier one.

    `slope` and `earlier` are changes over a cycle, floats or arrays of any shape, `distance` the cycles between them.

    >>> parabola(slope=-3.0, earlier=-1.0, distance=1, skip=2)
    -12.0
    """
    return skip * slope + skip * (skip + 1) / 2 * (slope - earlier) / distance


def next_length(skipped: int, error: float, tolerance: float) -> int:
    """Return the number of cycles that the next jump may skip after one of `skipped` with this relative `error`.

    >>> next_length(10, 1e-4, 8e-4), next_length(10, 8e-4, 1e-4)
    (16, 4)
    """
    factor = SAFETY * (tolerance / max(error, 1e-12)) ** (1 / 3)
    return int(min(skipped * min(factor, MOST_GROWTH), LONGEST))


class Jumper:
    """Runs cycles with jumps.

    Parameters
    ----------
    stepper : Stepper
        Whose state and time are moved.
    recorder : Recorder
        Whose rows are taken back with a rejected jump.
    tolerance : float
        Largest relative error of the capacity that a jump may make.
    run_one : callable (cycle number) -> (row, str or None)
        Runs a cycle; gives its row of the summary and a reason to stop.
    """

    def __init__(
        self,
        stepper: Stepper,
        recorder: Recorder,
        tolerance: float,
        run_one: Callable[[int], tuple[dict, str | None]],
    ):
        self.stepper, self.recorder, self.tolerance, self.run_one = stepper, recorder, tolerance, run_one
        self.log: list[dict] = []
        self.length = FIRST_JUMP

    def run(self, cycles: int) -> str | None:
        """Run up to cycle number `cycles`; returns the reason to stop or None."""
        number, reason = self._stretch(1, min(FIRST_CYCLES // 2, cycles))
        earlier = self.slope
        number, reason = (number, reason) if reason else self._stretch(number + 1, min(FIRST_CYCLES, cycles))
        while number < cycles and not reason:
            last = self.slope
            number, reason = self._jump(number, cycles, earlier)
            earlier = last
            if number < cycles and not reason:
                number, reason = self._stretch(number + 1, min(number + PROBE - 1, cycles))
        return reason

    def _stretch(self, first, last):
        """Run cycles `first` to `last`; returns the last one that was run and a reason to stop or None."""
        number, reason = first - 1, None
        for number in range(first, last + 1):
            y, time = self.stepper.state
            row, reason = self.run_one(number)
            capacity, rows = row[col.DISCHARGE], self.recorder.rows
            change = capacity - rows[-2][col.DISCHARGE] if len(rows) > 1 else 0.0
            self.slope = Slope(number, self.stepper.y - y, self.stepper.time - time, change, capacity)
            if reason:
                break
        return number, reason

    def _jump(self, number, cycles, earlier):
        """Try a jump from cycle `number`; returns the cycle reached and a reason to stop or None."""
        stepper, slope = self.stepper, self.slope
        before, taken, distance = stepper.state, self.recorder.snapshot(), number - earlier.number
        skip = min(self.length, cycles - number - PROBE)
        while skip >= 1:
            stepper.state = State(
                before.y + parabola(slope.state, earlier.state, distance, skip),
                before.time + parabola(slope.time, earlier.time, distance, skip),
            )
            expected = slope.capacity + parabola(slope.capacity_change, earlier.capacity_change, distance, skip + 1)
            reason, error = self._trial(number + skip + 1, expected)
            if error <= self.tolerance:
                self.log.append({"after_cycle": number, "skipped": skip})
                self.length = max(next_length(skip, error, self.tolerance), 1)
                return number + skip + 1, reason
            self.recorder.restore(taken)
            stepper.state = before
            skip //= 2
        self.length = FIRST_JUMP
        return number, None

    def _trial(self, number, expected):
        """Run a cycle after a jump: reason to stop or None, and the relative error of the capacity expected there."""
        try:
            row, reason = self.run_one(number)
        except SolveError:  # the parabola has left what a cell can be: the jump was too long
            return None, math.inf
        if any(not -SLACK <= row.get(name, 0.0) <= 1 + SLACK for name in SHARES):
            return None, math.inf  # the parabola has left what a share can be
        return reason, abs(expected / row[col.DISCHARGE] - 1)


def filled(rows: Sequence[dict]) -> "pandas.DataFrame":
    """Return the table with a row for each cycle; rows that were jumped over are interpolated, with computed = False."""
    import pandas

    table = pandas.DataFrame(rows).set_index(col.NUMBER).assign(**{col.COMPUTED: True})
    whole = table.reindex(range(int(table.index[0]), int(table.index[-1]) + 1))
    flags = whole.pop(col.COMPUTED).notna()
    return whole.interpolate("index").assign(**{col.COMPUTED: flags}).rename_axis(col.NUMBER).reset_index()
