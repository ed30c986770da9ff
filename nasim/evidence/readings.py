"""How each published quantity is read off a `nasim.Result`: one function a quantity, all of the same form.

A reader takes the row, the result and the result to compare with (or None) and returns as many values as the row has;
None stands for a value that the result does not show (a peak that is not there). `READERS` holds them by quantity;
a quantity that it does not hold is not available.
"""

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import VOLTAGE
from ..nomenclature import columns as col
from ..nomenclature.columns import AREAL, STEP
from ..units import to_mA_cm2
from .statements import READERS as OTHERS

MOST = 0.5
"""Share of a species above which the material counts as that species ("mostly kept", "re-formed")."""
PRESENT = 0.1
"""Share above which a species counts as present."""
SHORTED = 0.05
"""Share of a charge that must leak before a cell counts as shorted."""
FADES_FASTER = 2.0
"""How much faster than before the capacity must fall to count as quick fading."""
GROWS = 0.01
"""Rise [V] of the distance between mean charge and discharge voltage from which on an overpotential grows: it is seen."""


def _cycle_value(column):
    def read(row, result, beside):
        values = result.summary.loc[result.summary[col.NUMBER] == row.cycles, column]
        return (float(values.iloc[0]) if len(values) else None,)

    return read


def _retention(row, result, beside):
    """Return the discharge capacity of the last cycle of the row over that of the first."""
    capacity = result.summary.set_index(col.NUMBER)[col.DISCHARGE]
    return (float(capacity[row.cycles] / capacity[1]) if row.cycles in capacity else None,)


def nearest_feature(features, target, kinds=("peak", "shoulder")):
    """Return the voltage [V] of the feature of a `Peaks` nearest to `target` [V]; None where it has none of these kinds."""
    voltages = [] if features is None else features.of(*kinds).voltage_V
    return float(min(voltages, key=lambda v: abs(v - target))) if len(voltages) else None


def _features(direction, kinds):
    def read(row, result, beside):
        features = result.dqdv(row.cycles)[direction]
        return distinct([nearest_feature(features, target, kinds) for target in row.values], row.values)

    return read


def distinct(found, targets):
    """Return `found` with None wherever a feature is the nearest one of two targets and the other is nearer.

    >>> distinct([2.19, 2.19], [2.15, 2.30])
    (2.19, None)
    """

    def claimed(k):
        rivals = [abs(found[k] - target) for j, target in enumerate(targets) if j != k and found[j] == found[k]]
        return any(rival < abs(found[k] - targets[k]) for rival in rivals)

    return tuple(None if value is None or claimed(k) else value for k, value in enumerate(found))


def _peak_pair(row, result, beside):
    """Return the reduction and the oxidation peak [V]."""
    features = result.dqdv(row.cycles)
    both = zip(("reduction", "oxidation"), row.values, strict=True)
    return tuple(nearest_feature(features[direction], target) for direction, target in both)


def _lost_third_plateau(row, result, beside):
    """Return the voltage [V] of the third plateau of the first cycle, if half of its capacity is gone in the last cycle."""
    low, high = row.values
    plateau = nearest_feature(result.dqdv(1)["reduction"], (low + high) / 2)
    if plateau is None:
        return None, None
    was, remains = (_capacity_below(result, cycle, high) for cycle in (1, result.kept_cycles[-1]))
    return (plateau, plateau) if remains < was / 2 else (None, None)


def _capacity_below(result, cycle, voltage):
    """Return the discharge capacity [mAh cm-2] of a cycle below `voltage` [V]."""
    half = _half(result, cycle, "discharge")
    capacity = half[AREAL].to_numpy()
    return float(capacity[-1] - np.interp(-voltage, -half[VOLTAGE].to_numpy(), capacity))


def _half(result, cycle, step):
    curve = result.curve(cycle)
    return curve[curve[STEP] == step]


def _first_plateau_lower(row, result, beside):
    """Return whether the highest reduction peak lies lower in the last cycle than in the first."""
    tops = []
    for cycle in (1, row.cycles):
        features = result.dqdv(cycle)["reduction"]
        if features is None or not len(features.of("peak")):
            return (None,)
        tops.append(features.of("peak").voltage_V.max())
    return (bool(tops[1] < tops[0]),)


def _state(result, step, voltage, name):
    """Return a fraction at the first time in a half cycle of cycle 1 that the voltage has passed `voltage`."""
    half = _half(result, 1, step)
    V = half[VOLTAGE].to_numpy()
    passed = (V - voltage) * (-1 if step == "discharge" else 1) >= 0
    return float(half[name].to_numpy()[np.argmax(passed)])


def _starts_desodiated(row, result, beside):
    return (bool(_half(result, 1, "discharge")[nm.SB_S.fraction(0)].iloc[0] > MOST),)


def _electrolyte_back(row, result, beside):
    return (_state(result, "discharge", 1.0, nm.SB_S.fraction(2)) > MOST,)


def _discharged(row, result, beside):
    end = _half(result, 1, "discharge").iloc[-1]
    return (bool(end[nm.SULFUR.fraction(2)] > PRESENT and end[nm.SB_S.fraction(2)] > MOST),)


def _charged(row, result, beside):
    end = _half(result, 1, "charge").iloc[-1]
    return (bool(end[nm.SB_S.fraction(0)] > MOST and end[nm.SULFUR.fraction(0)] > MOST),)


def _soft_short(row, result, beside):
    return (_shorted(result, row.cycles),)


def _shorted(result, cycles):
    """Return whether, within `cycles`, a charge is endless or loses more than `SHORTED` of itself through the leak."""
    table = result.summary[result.summary[col.NUMBER] <= cycles]
    leaks = (table[col.LEAK] > SHORTED * table[col.CHARGE]).any()
    endless = "self-charging" in result.record["stopped_because"] and len(result.summary) <= cycles
    return bool(leaks or endless)


def _shorts_unlike_beside(row, result, beside):
    """Return whether this cell shorts softly and the one beside it does not within as many cycles."""
    return (_shorted(result, row.cycles) and not _shorted(beside, row.cycles),)


def _overpotential_grows(row, result, beside):
    """Return whether the mean voltages of charge and discharge lie further apart at the end than in cycle 2, by `GROWS`."""
    table = result.summary.set_index(col.NUMBER)
    if row.cycles not in table.index:
        return (None,)
    gap = (table[col.CHARGE_VOLTAGE] - table[col.DISCHARGE_VOLTAGE]).loc[[2, row.cycles]]
    return (bool(gap.iloc[1] > gap.iloc[0] + GROWS),)


def _fades_quickly(row, result, beside):
    """Return whether from some cycle after 50 on the usable capacity falls, or the leak grows, faster than before."""
    capacity = result.summary.set_index(col.NUMBER)[col.DISCHARGE]
    if "self-charging" in result.record["stopped_because"]:
        return (len(capacity) > 50,)
    if len(capacity) < row.cycles:
        return (None,)
    before = max(capacity[20] - capacity[50], 0.0) / 30
    quickest = -np.diff(capacity.loc[50 : row.cycles]).min()
    return (bool(quickest > FADES_FASTER * before),)


def _loses_more(row, result, beside):
    """Return whether the first cycle gives a smaller share back than that of the run beside it."""
    lost, reference = (1 - run.summary[col.CHARGE_OVER_DISCHARGE].iloc[0] for run in (result, beside))
    return (bool(lost > reference),)


def _one_c(row, result, beside):
    values = result.record["parameters"]["values"]
    return (to_mA_cm2(values[nm.NOMINAL_CAPACITY] / values[nm.AREA]),)


READERS = {
    **OTHERS,
    **{column: _cycle_value(column) for column in (col.DISCHARGE_PER_GRAM, col.DISCHARGE, col.CHARGE_OVER_DISCHARGE)},
    "discharge_retention": _retention,
    "reduction_peak_V": _features("reduction", ("peak", "shoulder")),
    "oxidation_peak_V": _features("oxidation", ("peak", "shoulder")),
    "reduction_edge_V": _features("reduction", ("edge", "peak")),
    "peak_pair_V": _peak_pair,
    "lost_third_plateau_V": _lost_third_plateau,
    "first_plateau_lower_later": _first_plateau_lower,
    "starts_desodiated": _starts_desodiated,
    "electrolyte_back_at_1V": _electrolyte_back,
    "sulfide_and_electrolyte_discharged": _discharged,
    "desodiated_and_sulfur_charged": _charged,
    "soft_short": _soft_short,
    "shorts_unlike_beside": _shorts_unlike_beside,
    "overpotential_grows": _overpotential_grows,
    "fades_quickly_after_50": _fades_quickly,
    "loses_more_than_beside": _loses_more,
    "one_C_mA_cm2": _one_c,
}
