"""What curves of half cycles show without any model: signs of a soft short, and the scatter of replicates."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from .curves import GCDCurve

OVER = 1.02
"""Charge over the discharge before it, from which on a charge takes more than the cell had given."""
DROPS = 6.0
"""A voltage that falls on charge by so many standard deviations of its noise has collapsed."""


def soft_short_signs(curves: Sequence[GCDCurve]) -> list[str]:
    """Return sentences that say in which cycle a soft short shows, the earliest of each sign.

    A charge that takes more than the discharge before it gave feeds a leak; a voltage that falls on charge, by more than
    noise does, is a bridge that forms.

    Parameters
    ----------
    curves : sequence of GCDCurve
    """
    capacity: dict[tuple, float] = {
        (each.source, each.cycle, each.legs[-1].direction): each.capacity for each in curves
    }
    over = [
        (cycle, value / capacity[source, cycle, "discharge"])
        for (source, cycle, direction), value in capacity.items()
        if direction == "charge" and (source, cycle, "discharge") in capacity
    ]
    out = [
        f"Soft short: the charge of cycle {cycle} takes {ratio:.2f} times what the discharge before it gave."
        for cycle, ratio in sorted(over)
        if ratio > OVER
    ][:1]
    falls = [each.cycle for each in curves if each.legs[-1].direction == "charge" and _falls(each)]
    return out + (
        [f"Soft short: the voltage falls in the middle of the charge of cycle {min(falls)}."] if falls else []
    )


def _falls(curve: GCDCurve) -> bool:
    """Return whether the voltage falls in the middle of a charge, by more than its noise."""
    V = curve.voltage_V[len(curve.voltage_V) // 10 :]
    noise = max(1e-3 * curve.voltage_sd_mV, float(np.median(np.abs(np.diff(V)))))
    return bool(np.max(np.maximum.accumulate(V) - V, initial=0.0) > DROPS * noise)


def scatter(curves: Sequence[GCDCurve]) -> tuple[dict[str, float], list[str]]:
    """Return the noise that replicates show (keywords of `GCDCurve`), and a note; nothing without replicates.

    Half cycles of one number and direction from different files are replicates. The voltage is compared at equal shares
    of the capacity.

    Parameters
    ----------
    curves : sequence of GCDCurve
    """
    groups = defaultdict(dict)
    for each in curves:
        groups[each.cycle, each.legs[-1].direction].setdefault(each.source, each)
    alike = [list(group.values()) for group in groups.values() if len(group) > 1]
    if not alike:
        return {}, []
    x = np.linspace(0.05, 0.95, 50)
    capacity, voltage = [], []
    for group in alike:
        totals = np.array([each.capacity for each in group])
        capacity.append(totals.std(ddof=1) / totals.mean())
        at = [np.interp(x * each.capacity, each.capacity_mAh_cm2, each.voltage_V) for each in group]
        voltage.append(np.std(at, axis=0, ddof=1))
    noise = {
        "capacity_sd": max(float(np.sqrt(np.mean(np.square(capacity)))), 1e-3),
        "voltage_sd_mV": max(1e3 * float(np.sqrt(np.mean(np.square(voltage)))), 1.0),
    }
    files = max(len(group) for group in alike)
    note = f"{files} replicates scatter by {noise['voltage_sd_mV']:.2g} mV and {100 * noise['capacity_sd']:.2g} % of the capacity"
    return noise, [f"{note}; that is the noise taken."]
