"""What `campaign.py` asks of every result: numbers, closed balances, bounds, capacity that only rises, a second opinion."""

from itertools import pairwise

import numpy as np

from nasim import CV
from nasim import nomenclature as nm
from nasim.nomenclature import columns as col

BALANCE = 1e-9
"""Largest residual of the audit, as in `nasim verify`."""
SLACK = 1e-4
"""By how much a share may leave 0 to 1, and a voltage [V] its window: a hundred times the tolerance of a state."""
AGREED = 2e-3
"""Largest difference of two integrators, relative to the largest value of the column."""
SHARES = (col.CONNECTED_FRACTION, col.LOST_CONTACT, col.DEEP_REDUCED)
COMPARED = (col.DISCHARGE, col.CHARGE, col.CONNECTED_FRACTION, "total_Ohm_cm2")
ENDS = {
    "all ": "done",
    "did not reach": "ended by time",
    "nothing to do": "already past its cut-off",
    "reached the limit": "ended at a limit",
    "short at": "ended by a short",
    "is below": "ended below a capacity",
}
"""Words of the reason for which a run stopped -> outcome."""


def judged(result):
    """Outcome of a result, and what is wrong with it."""
    for name, check in CHECKS.items():
        wrong = check(result)
        if wrong:
            return name, wrong
    reason = result.record["stopped_because"]
    return next((end for words, end in ENDS.items() if words in reason), f"unknown end: {reason[:40]}"), ""


def _no_number(result):
    """Columns that hold something else than numbers; without sulfur there is no capacity per gram of it."""
    always = [name for name in result.summary if name.startswith(("cycle", "discharge_capacity_mAh_cm2", "total_Ohm"))]
    curves = result.curves.select_dtypes("number")
    if col.SPECIFIC in curves and curves[col.SPECIFIC].isna().all():
        curves = curves.drop(columns=col.SPECIFIC)
    tables = (result.summary[always], curves)
    return ", ".join(name for table in tables for name in table if not np.isfinite(table[name].to_numpy(float)).all())


def _open_balance(result):
    audit = result.record.get("audit", {})
    return ", ".join(f"{name} {residual:.1e}" for name, residual in audit.items() if not residual < BALANCE)


def _out_of_bounds(result):
    """Shares outside 0 to 1, and what cannot be below zero."""
    shares = [(name, result.curves[name]) for name in result.curves if " fraction" in name or name == nm.MILLED_SHARE]
    shares += [(name, result.summary[name]) for name in SHARES if name in result.summary]
    for name, column in shares:
        low, high = column.min(), column.max()
        if low < -SLACK or high > 1 + SLACK:
            return f"{name}: {low:.6g} to {high:.6g}"
    for name in (nm.TEMPERATURE, nm.STACK_PRESSURE):
        if name in result.curves and not result.curves[name].min() > 0:
            return f"{name}: {result.curves[name].min():.6g}"
    return ""


def _outside_the_window(result):
    """Voltages beyond the cut-off that a half cycle runs to, where the whole run has one window."""
    protocol = result.record["protocol"]
    if "window" not in protocol or protocol.get("blocks") or protocol.get("formation"):
        return ""
    lower, upper = result.record["conditions"]["window_V"]
    for kind, cycle, _, volts, _ in _segments(result.curves):
        beyond = {"discharge": lower - volts.min(), "charge": volts.max() - upper}.get(kind, 0.0)
        if len(volts) > 1 and beyond > SLACK:
            return f"{kind} of cycle {cycle}: {beyond:.2g} V beyond {lower:g} to {upper:g} V"
    return ""


def _falling(result):
    """Time, or the capacity of a half cycle that falls; where the voltage is scanned, the current may turn round."""
    scanned = result.record["experiment"] == CV.name
    for kind, cycle, time, _, passed in _segments(result.curves):
        if (np.diff(time) < 0).any():
            return f"time in the {kind} of cycle {cycle}"
        constant = kind in ("discharge", "charge") and not scanned
        if constant and (np.diff(passed) < -1e-9 * abs(passed).max()).any():
            return f"capacity in the {kind} of cycle {cycle}"
    return ""


def _segments(curves):
    """Kind, cycle, times, voltages and charges of each step in a table of curves; a step begins where its charge is zero."""
    if col.STEP not in curves or curves.empty:
        return
    names = (col.CYCLE, nm.TIME, nm.VOLTAGE, col.AREAL)
    cycle, time, volts, passed = (curves[name].to_numpy() for name in names)
    kind = curves[col.STEP].to_numpy(object)
    new = (cycle[1:] != cycle[:-1]) | (kind[1:] != kind[:-1]) | ((passed[1:] == 0.0) & (passed[:-1] != 0.0))
    edges = [0, *(np.flatnonzero(new) + 1).tolist(), len(curves)]
    for first, last in pairwise(edges):
        yield kind[first], cycle[first], time[first:last], volts[first:last], passed[first:last]


CHECKS = {
    "not a number": _no_number,
    "balance broken": _open_balance,
    "out of bounds": _out_of_bounds,
    "outside the window": _outside_the_window,
    "falling": _falling,
}
"""Outcome -> what finds it, in words; none where all is well."""


def differing(result, other):
    """Where two results of the same run differ, in words."""
    if len(result.summary) != len(other.summary):
        return f"{len(result.summary)} and {len(other.summary)} rows; {other.record['stopped_because']}"
    for name in COMPARED:
        if name in result.summary and name in other.summary:
            ours, theirs = (each.summary[name].to_numpy(float) for each in (result, other))
            largest, off = np.abs(theirs).max(initial=0.0), np.abs(ours - theirs).max(initial=0.0)
            if off > AGREED * largest:
                return f"{name} by {off / largest:.1e} of {largest:.4g}"
    return ""
