r"""Capacity ledger of a discharge: what every reaction gave, and why the rest of the theoretical capacity was not there.

A chain :math:`X_0 \to \dots \to X_m` has taken up :math:`z_k` electrons per formula unit in species k; :math:`c_k` is the
amount of connected, :math:`b_k` that of isolated material (together one), q the charge of one electron per formula unit
(mAh cm-2). With s and e the start and the end of the discharge,

.. math::
   \underbrace{q\, z_m}_\text{theoretical} =
   \underbrace{q \sum_k z_k\,[(c_k+b_k)_e - (c_k+b_k)_s]}_\text{converted in this discharge} +
   \underbrace{q \sum_k z_k\, b_{k,s}}_\text{isolated on charge} + \underbrace{q \sum_k z_k\, c_{k,s}}_\text{not recharged} +
   \underbrace{q \sum_k (z_m - z_k)\, b_{k,e}}_\text{isolated} + \underbrace{q \sum_k (z_m - z_k)\, c_{k,e}}_\text{not reached}

- *isolated on charge*: lost its contact while reduced, as in the gap that opens on charge, and could not be recharged;
- *not recharged*: connected, but still reduced when the discharge began, since the charge met its cut-off (or the cell
  stood before); in a new cell what its initial potential leaves reduced;
- *isolated*: without contact at the end, while it could still take up electrons;
- *not reached*: connected and not converted. Of sulfur, the share :math:`1 - 1/D` that transport through the layer of products
  takes from its rate counts as *passivated*, the rest as *cut off* (slow kinetics).

**Sb-S.** The theoretical capacity is that of the reversible steps, :math:`z_2`. Material that earlier discharges reduced
beyond Na3SbS4 holds :math:`z_2` for good, *lost*; the electrons beyond, :math:`q (z_3 - z_2)(c_3+b_3)|_s^e`, are the *deep*
reduction of this discharge and come on top of the theoretical capacity.

**Charge.** With what double layers take up, that is all charge that passes the cathode,

.. math:: \text{sulfur converted} + \text{Sb-S used} + \text{deep} + \text{double layer} = \text{discharged} + \text{leak}

where *leak* is the charge that passes the electrolyte beside the external circuit during the discharge. All entries
are linear in the states, so both sums hold to rounding. In voltammetry the discharge is the sweep down.
"""

from operator import mul

DELIVERED = {
    "ledger_sulfur_converted_mAh_cm2": "sulfur converted",
    "ledger_sb_s_used_mAh_cm2": "Sb-S self-redox",
    "ledger_sb_s_deep_mAh_cm2": "Sb-S reduced for good",
    "ledger_double_layer_mAh_cm2": "double layer",
}
"""Column -> words of what the cathode took up in the discharge."""
MISSING = {
    "ledger_sulfur_isolated_on_charge_mAh_cm2": "sulfide isolated on charge",
    "ledger_sb_s_isolated_on_charge_mAh_cm2": "Sb-S isolated on charge",
    "ledger_sulfur_not_recharged_mAh_cm2": "sulfide not recharged",
    "ledger_sb_s_not_recharged_mAh_cm2": "Sb-S not recharged",
    "ledger_sb_s_lost_mAh_cm2": "Sb-S lost by deep reduction",
    "ledger_sulfur_isolated_mAh_cm2": "sulfur isolated",
    "ledger_sb_s_isolated_mAh_cm2": "Sb-S isolated",
    "ledger_sulfur_passivated_mAh_cm2": "sulfur behind its film",
    "ledger_sulfur_cut_off_mAh_cm2": "sulfur not reached",
    "ledger_sb_s_cut_off_mAh_cm2": "Sb-S not reached",
}
"""Column -> words of what the cathode could have taken up and did not, cause by cause."""
LEAK = {"ledger_leak_mAh_cm2": "leak"}
WORDS = DELIVERED | MISSING | LEAK
"""Column of the summary -> words, in the order in which the parts are stacked."""
SULFUR = tuple(name for name in WORDS if "_sulfur_" in name)
SB_S = tuple(name for name in WORDS if "_sb_s_" in name)
"""Columns of a chain, in the order of `sulfur_ledger` and `sb_s_ledger`."""


def taken_up(electrons, amounts):
    """Electrons per formula unit that `amounts` of the species have taken up; `electrons` each.

    >>> round(taken_up([0.0, 1.0, 2.0], [0.1, 0.2, 0.7]), 12)
    1.6
    """
    return sum(map(mul, electrons, amounts))


def account(electrons, start, end):
    """Converted, isolated on charge, not recharged, isolated, not reached; electrons per formula unit.

    `start` and `end` are each a pair of the amounts of connected and of isolated species. The five add up to the electrons
    of the last species.

    >>> start, end = ([0.7, 0.0, 0.1], [0.1, 0.0, 0.1]), ([0.0, 0.2, 0.6], [0.1, 0.0, 0.1])
    >>> [round(x, 3) for x in account([0.0, 1.0, 2.0], start, end)]
    [1.2, 0.2, 0.2, 0.2, 0.2]
    """
    left = [electrons[-1] - taken for taken in electrons]
    connected, isolated = taken_up(electrons, start[0]), taken_up(electrons, start[1])
    converted = taken_up(electrons, end[0]) + taken_up(electrons, end[1]) - (connected + isolated)
    return converted, isolated, connected, taken_up(left, end[1]), taken_up(left, end[0])


def sulfur_ledger(capacity, electrons, start, end, limitation):
    """Entries of sulfur, a dict in the unit of `capacity` (q); `limitation` is 1 - 1/D at the end of the discharge.

    >>> start, end = ([0.7, 0.0, 0.1], [0.1, 0.0, 0.1]), ([0.0, 0.2, 0.6], [0.1, 0.0, 0.1])
    >>> found = sulfur_ledger(0.4, [0.0, 1.0, 2.0], start, end, 0.75)
    >>> [round(x, 3) for x in found.values()], round(sum(found.values()), 3)
    ([0.48, 0.08, 0.08, 0.08, 0.06, 0.02], 0.8)
    """
    *others, within = account(electrons, start, end)
    parts = (*others, within * limitation, within * (1 - limitation))
    return {name: capacity * part for name, part in zip(SULFUR, parts, strict=True)}


def sb_s_ledger(capacity, electrons, start, end):
    """Entries of the Sb-S phase, a dict in the unit of `capacity` (q).

    >>> start, end = ([0.8, 0.06, 0.03, 0.01], [0.0, 0.0, 0.1, 0.0]), ([0.0, 0.0, 0.95, 0.03], [0.01, 0.0, 0.01, 0.0])
    >>> found = sb_s_ledger(0.27, [0.0, 0.5, 1.0, 6.0], start, end)
    >>> [round(x, 4) for x in found.values()]
    [0.2214, 0.027, 0.027, 0.0162, 0.0027, 0.0027, 0.0]
    >>> round(sum(found.values()) - found["ledger_sb_s_deep_mAh_cm2"], 4)
    0.27
    """
    reversible = [min(taken, electrons[2]) for taken in electrons]
    used, isolated_before, reduced, isolated, within = account(reversible, start, end)
    (*_, connected_3), (*_, isolated_3) = start
    connected_lost, isolated_lost = electrons[2] * connected_3, electrons[2] * isolated_3
    gained = end[0][3] + end[1][3] - (connected_3 + isolated_3)
    parts = (used, (electrons[3] - electrons[2]) * gained)
    parts += (isolated_before - isolated_lost, reduced - connected_lost, connected_lost + isolated_lost)
    return {name: capacity * part for name, part in zip(SB_S, (*parts, isolated, within), strict=True)}
