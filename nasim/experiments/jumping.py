"""Cycle jumping: thousands of cycles from a few, by extrapolating what changes slowly.

At the end of every charge the cell is in nearly the same state; what differs from cycle to cycle is ageing. After three
consecutive cycles with end states s_1, s_2, s_3 the state is moved m cycles on along the last difference,

    s -> s_3 + m (s_3 - s_2)

and three more cycles are run from there. Balances of charge and matter are linear in the state, so they hold across the
jump. The jump is judged by what it was made for: the capacity that the first cycles after it really have, against the
straight line through those before. Where the two differ by more than the tolerance, the jump is taken back and made half
as long. The length of the next jump follows from the curvature of the capacity. Rows of cycles that were jumped over are
interpolated between those that were run and say so (column "computed").
"""

import math

FIRST_CYCLES = 10
"""Cycles at the start that are always run: activation and the first growth are no slow ageing."""
PROBE = 3
"""Cycles run between two jumps."""
LONGEST = 200
"""Most cycles of one jump."""
CAPACITY = "discharge_capacity_mAh_cm2"


def jump_length(capacities, tolerance, most):
    """Cycles that a jump may skip so that the curvature of the last three `capacities` stays within `tolerance`.

    The error of a straight line over m cycles is m^2/2 times the second difference, per capacity.

    >>> jump_length([1.0, 0.999, 0.9979], 0.002, 100)
    6
    >>> jump_length([1.0, 0.999, 0.998], 0.002, 100)
    100
    """
    first, second, third = capacities
    bend = abs(third - 2 * second + first)
    if bend <= 1e-12 * third:
        return most
    return max(0, min(most, int(math.sqrt(2 * tolerance * third / bend))))


def straight_line_error(before, after, skipped):
    """Relative difference of the capacity `after` a jump from the line through the two capacities `before` it.

    >>> round(straight_line_error((1.0, 0.999), 0.988, 9), 4)
    0.001
    """
    slope = before[1] - before[0]
    return abs(after - (before[1] + (skipped + 1) * slope)) / after


class Jumper:
    """Runs cycles with jumps; `run_one(number)` runs a cycle and returns (row, reason to stop or None).

    Parameters
    ----------
    stepper : Stepper
        Whose state and time are moved.
    recorder : Recorder
        Whose rows are taken back with a rejected jump.
    tolerance : float
        Largest relative error of the capacity that a jump may make.
    """

    def __init__(self, stepper, recorder, tolerance, run_one):
        self.stepper, self.recorder, self.tolerance, self.run_one = stepper, recorder, tolerance, run_one
        self.log, self.most = [], LONGEST

    def run(self, cycles):
        """Run up to cycle number `cycles`; returns the reason to stop or None."""
        number, reason = self._stretch(1, min(FIRST_CYCLES, cycles))
        while number < cycles and not reason:
            number, reason = self._stretch(number + 1, min(number + PROBE, cycles))
            if number < cycles and not reason:
                number, reason = self._jump(number, cycles)
        return reason

    def _stretch(self, first, last):
        """Run cycles `first` to `last`; returns the last one that was run and a reason to stop or None."""
        for number in range(first, last + 1):
            self.earlier = self.stepper.y, self.stepper.time
            _, reason = self.run_one(number)
            if reason:
                return number, reason
        return last, None

    def _jump(self, number, cycles):
        """Try a jump from cycle `number`; returns the cycle reached and a reason to stop or None."""
        stepper, rows = self.stepper, self.recorder.rows
        (y_before, time_before), (y, time) = self.earlier, (stepper.y, stepper.time)
        capacities = [row[CAPACITY] for row in rows[-PROBE:]]
        skip = min(jump_length(capacities, self.tolerance, self.most), cycles - number - PROBE)
        kept = self._snapshot()
        while skip >= 1:
            stepper.y, stepper.time = y + skip * (y - y_before), time + skip * (time - time_before)
            row, reason = self.run_one(number + skip + 1)
            if reason or straight_line_error(capacities[1:], row[CAPACITY], skip) <= self.tolerance:
                self.log.append({"after_cycle": number, "skipped": skip})
                self.most = min(LONGEST, 2 * max(skip, 1))
                return number + skip + 1, reason
            self._restore(kept)
            stepper.y, stepper.time = y, time
            skip //= 2
        self.most = max(4, self.most // 2)
        return number, None

    def _snapshot(self):
        recorder = self.recorder
        return len(recorder.rows), len(recorder.curves), recorder.turnover, dict(recorder.residuals)

    def _restore(self, kept):
        recorder = self.recorder
        rows, curves, recorder.turnover, recorder.residuals = kept[0], kept[1], kept[2], dict(kept[3])
        del recorder.rows[rows:], recorder.curves[curves:]


def filled(rows):
    """The table with a row for each cycle: rows that were jumped over are interpolated and have computed = False."""
    import pandas

    table = pandas.DataFrame(rows).set_index("cycle").assign(computed=True)
    every = table.reindex(range(int(table.index[0]), int(table.index[-1]) + 1))
    flags = every.pop("computed").notna()
    return every.interpolate("index").assign(computed=flags).rename_axis("cycle").reset_index()
