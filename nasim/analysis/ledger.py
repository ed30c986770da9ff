"""Where the capacity of a discharge went: the ledger of sulfur and of the Sb-S phase.

All entries are areal charges [mAh cm-2] at the end of a discharge. Sulfur adds up to its theoretical capacity:

    converted + isolated + passivated + cut off = 2 electrons per S

*Isolated* sulfur is not connected; of the connected sulfur that is not converted, the share that transport through the
product film takes from its rate counts as *passivated*, the rest as not reached by the *cut-off* (slow kinetics).
"""

KEYS = (
    "ledger_sulfur_converted_mAh_cm2",
    "ledger_sulfur_isolated_mAh_cm2",
    "ledger_sulfur_passivated_mAh_cm2",
    "ledger_sulfur_cut_off_mAh_cm2",
    "ledger_sb_s_used_mAh_cm2",
    "ledger_sb_s_deep_mAh_cm2",
)


def remaining(electrons, amounts):
    """Electrons per formula unit that `amounts` of the species could still take up; `electrons` each has taken up.

    >>> remaining([0.0, 1.0, 2.0], [0.1, 0.2, 0.7])
    0.4
    """
    return sum((electrons[-1] - taken) * amount for taken, amount in zip(electrons, amounts, strict=True))


def sulfur_ledger(capacity, electrons, connected, isolated, limitation):
    """The four sulfur entries, in the unit of `capacity` (the charge of one electron per formula unit).

    >>> [round(x, 3) for x in sulfur_ledger(0.4, [0.0, 1.0, 2.0], [0.0, 0.2, 0.6], [0.1, 0.0, 0.1], 0.75)]
    [0.64, 0.08, 0.06, 0.02]
    """
    apart, within = remaining(electrons, isolated), remaining(electrons, connected)
    whole = electrons[-1] * (sum(connected) + sum(isolated))
    parts = (whole - apart - within, apart, within * limitation, within * (1 - limitation))
    return [capacity * part for part in parts]


def sb_s_ledger(capacity, electrons, amounts):
    """Charge in the reversible and in the deep-reduced Sb-S phase, in the unit of `capacity`.

    The deep-reduced phase counts with the electrons beyond Na3SbS4.

    >>> [round(x, 3) for x in sb_s_ledger(0.27, [0.0, 0.5, 0.95, 5.95], [0.0, 0.1, 0.88, 0.02])]
    [0.244, 0.027]
    """
    reversible = [min(taken, electrons[2]) for taken in electrons]
    used = sum(taken * amount for taken, amount in zip(reversible, amounts, strict=True))
    return [capacity * used, capacity * (electrons[3] - electrons[2]) * amounts[3]]
