"""Readings of experiments other than charge and discharge: voltammograms, symmetric cells, rests, studies.

Each takes the row, the result and the result to compare with, as those of `readings` do.
"""

import numpy as np

from ..nomenclature import VOLTAGE
from ..nomenclature.columns import CHARGE_OVER_DISCHARGE, CURRENT, END_OVERPOTENTIAL, END_TIME, STEP

REVERSIBLE = 0.9
"""Share of the charge of a sweep that comes back in the next, from which on it counts as reversible."""
GRID = 0.005
"""Step of the grid of voltages on which peaks of a scan are sought [V]."""
PROMINENT = 0.03
"""Share of the greatest current by which a peak must stand out."""
SEEN = 0.1
"""Share of the total resistance from which on an arc is seen in a spectrum."""
SAME = 0.01
"""Relative change of a resistance within which a spectrum counts as unchanged."""
LAST_PART = 0.05
"""Share of a rise, or of a value, within which an overpotential counts as stable."""


def _stages(row, result, beside):
    """Return the numbers of reduction and oxidation peaks in the first scan of a voltammogram."""
    features = result.peaks(1)
    return tuple(float(len(features[direction].of("peak"))) for direction in ("reduction", "oxidation"))


def _broader(row, result, beside):
    """Return whether the peaks of the last scan are on average broader than beside it, and it gives back what it took."""
    broader = np.mean(peak_widths(result)) > np.mean(peak_widths(beside))
    return (bool(broader and result.summary[CHARGE_OVER_DISCHARGE].iloc[-1] > REVERSIBLE),)


def peak_widths(result):
    """Return the full widths at half prominence [V] of all peaks of the last kept scan of a voltammogram."""
    from scipy import signal

    widths = []
    for step in ("discharge", "charge"):
        curve = result.curve(result.kept_cycles[-1])
        half = curve[curve[STEP] == step].sort_values(VOLTAGE)
        grid = np.arange(half[VOLTAGE].iloc[0], half[VOLTAGE].iloc[-1], GRID)
        current = np.interp(grid, half[VOLTAGE], half[CURRENT].abs())
        at, _ = signal.find_peaks(current, prominence=PROMINENT * current.max())
        widths += [GRID * width for width in signal.peak_widths(current, at)[0]]
    return widths


def _stable_after(row, result, beside):
    """Return the time [h] after which the overpotential has all but `LAST_PART` of its rise behind it."""
    table = result.summary
    overpotential = table[END_OVERPOTENTIAL].to_numpy()
    left = (overpotential[-1] - overpotential) / (overpotential[-1] - overpotential[0])
    return (float(table[END_TIME].to_numpy()[np.argmax(left <= LAST_PART)]),)


def _steady(row, result, beside):
    """Return whether the overpotential neither rises nor, in the second half of the test, moves by more than `LAST_PART`."""
    overpotential = result.summary[END_OVERPOTENTIAL].to_numpy()
    later = overpotential[len(overpotential) // 2 :]
    rises = overpotential[-1] > (1 + LAST_PART) * overpotential[0]
    return (bool(not rises and np.ptp(later) < LAST_PART * later.mean()),)


def _ends(row, result, beside):
    """Return lower and upper end [V] of a stability window, as the study gives them."""
    return tuple(float(value) for value in result.values)


def _less_even(row, result, beside):
    """Return whether the current along the interface is less even with NPS than with NAS."""
    nas, nps = result.values
    return (bool(nps > nas),)


def _arc_times(row, result, beside):
    """Return the times [h] at which the interphase's arc begins to be seen and is complete (see `SEEN` and `LAST_PART`)."""
    table = result.summary
    hours, arc = table["time_h"].to_numpy(), table["interphase_Ohm_cm2"].to_numpy()
    share = arc / table["total_Ohm_cm2"].to_numpy()
    complete = np.interp(1 - LAST_PART, arc / arc[-1], hours)
    return (float(np.interp(SEEN, share, hours)) if share.max() > SEEN else None, float(complete))


def _unchanged(row, result, beside):
    """Return whether the total resistance of a resting cell stays as it was within `SAME`."""
    total = result.summary["total_Ohm_cm2"].to_numpy()
    return (bool(np.ptp(total) < SAME * total[0]),)


READERS = {
    "arc_begins_and_ends_h": _arc_times,
    "impedance_unchanged": _unchanged,
    "stability_window_V": _ends,
    "interlayer_less_homogeneous": _less_even,
    "overpotential_stable_after_h": _stable_after,
    "overpotential_steady": _steady,
    "reduction_and_oxidation_stages": _stages,
    "broader_than_beside": _broader,
}
