"""Charge and energy of a step whose current or voltage changes sign: counted both ways, not as the net sum.

The model integrates charge, energy and leak with their signs. Of a step at constant current the ends say all. A sweep that
turns at its lower end still reduces for a while, and the leak of a symmetric cell turns with its voltage: there the
counters are cut where the current passes zero (`nasim.analysis.cut_at_zeros`).
"""

from collections.abc import Mapping

import numpy as np

from .. import nomenclature as nm
from ..analysis import cut_at_zeros
from ..units import SECONDS_PER_HOUR
from .stepper import Segment, Stepper


def charge_and_energy(stepper: Stepper, segment: Segment, start: Mapping, end: Mapping) -> list[tuple[float, float]]:
    """Return charge [A h] and energy [W h] of each part of a segment between two zeros of its current.

    Parameters
    ----------
    stepper : Stepper
    segment : Segment
    start, end : mapping
        Values of the counters and of the internal current at its ends, by name.
    """
    counters = (nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY)
    if segment.step.voltage is None:
        charge, energy = counters
        return [(end[charge] - start[charge], end[energy] - start[energy])]
    return list(np.diff(_cut(stepper, segment, nm.CURRENT, counters, (nm.CURRENT, nm.POWER), SECONDS_PER_HOUR)).T)


def leaked(stepper: Stepper, segment: Segment, start: Mapping, end: Mapping) -> float:
    """Return the charge [C m-2] that flowed inside the cell in a segment, leak and self-discharge, whatever its direction; arguments as `charge_and_energy`.

    The leak goes with the voltage, which at constant current passes zero once if at all: then it has another sign at the
    end of the segment than at its start.
    """
    if segment.step.voltage is None and start[nm.INTERNAL_CURRENT] * end[nm.INTERNAL_CURRENT] >= 0:
        return abs(end[nm.LEAK_CHARGE] - start[nm.LEAK_CHARGE])
    return np.abs(
        np.diff(_cut(stepper, segment, nm.INTERNAL_CURRENT, (nm.LEAK_CHARGE,), (nm.INTERNAL_CURRENT,), 1))
    ).sum()


def _cut(stepper, segment, rate, counters, slopes, seconds):
    """The counters at the ends of a segment and wherever `rate` passes zero in it; slopes per `seconds`."""
    names = (rate, *counters, *slopes)
    values = stepper.observe(names, segment.t, segment.y, segment.inputs)
    count = len(counters)
    return cut_at_zeros(segment.t, values[0], values[1 : 1 + count], values[1 + count :] / seconds)
