"""Three experiments that would tell explanations apart, with what either predicts.

In each, one explanation is that of the shipped set. The other switches its mechanism off and tunes one parameter until a published
measurement comes out the same, so that this measurement cannot decide between them; the experiment then can.
"""

from dataclasses import dataclass

from scipy.optimize import brentq

import nasim
from nasim.nomenclature import columns as col

CURRENTS = (0.03, 0.06, 0.127, 0.25)
"""Current densities [mA cm-2] of the test of charge rates."""
VOIDS, WEAR = "Void growth per charge [m2.C-1]", "Contact loss per strain"
CLOSING, GAP = "Gap closing time [s]", "Isolating gap strain"
SPREAD, LAYER = "Grain size spread", "Product layer current density [A.m-2]"


@dataclass(frozen=True)
class Experiment:
    """Question, what is done, and the numbers [unit in the heading] that either explanation gives, by heading."""

    question: str
    done: str
    explanations: tuple[str, str]
    numbers: dict[str, tuple[float, float]]


def tuned(measure, name, switched, cell):
    """Overrides in which `switched` holds and the parameter `name` makes `measure` what the shipped set gives.

    Raises ValueError where no value within the range of the parameter does.
    """
    entry = nasim.load("Yuan2025_NAS").entries[name]
    target = measure(cell, {name: entry.value})
    low, high = entry.range
    value = brentq(
        lambda x: measure(cell, switched | {name: x}) - target, low, high, xtol=1e-3 * entry.value, maxiter=25
    )
    return switched | {name: value}


def lowest(name, highest=False):
    """The end of the range of a parameter, by name."""
    return {name: nasim.load("Yuan2025_NAS").entries[name].range[1 if highest else 0]}


def fade_at_20_MPa():
    """Voids at the alloy against wear in the cathode: what 250 MPa brings back after 80 cycles at 20 MPa."""
    cell = nasim.KeptCell(inputs=(VOIDS, WEAR))
    blocks = (nasim.Block(80, stack_pressure_MPa=20), nasim.Block(10, stack_pressure_MPa=250))

    def retention(cell, overrides):
        capacity = nasim.Cycling(cycles=80, keep=()).run(cell, stack_pressure_MPa=20, overrides=overrides).summary
        return float(capacity[col.DISCHARGE].iloc[-1] / capacity[col.DISCHARGE].iloc[0])

    def numbers(overrides):
        table = nasim.Cycling(blocks=blocks, keep=()).run(cell, overrides=overrides).summary.set_index(col.NUMBER)
        gap = table[col.CHARGE_VOLTAGE] - table[col.DISCHARGE_VOLTAGE]
        return {
            "cycle 90, at 250 MPa, mAh g-1": float(table[col.DISCHARGE_PER_GRAM][90]),
            "growth of the mean overpotential from cycle 10 to 80, mV": 1e3 * float(gap[80] - gap[10]),
        }

    either = [numbers({VOIDS: nasim.load("Yuan2025_NAS").value(VOIDS)})]
    either.append(numbers(tuned(retention, WEAR, lowest(VOIDS), cell)))
    return Experiment(
        "Why does the cell without added pressure fade ever faster?",
        "80 cycles at 20 MPa, 0.127 mA cm-2, then ten at 250 MPa",
        ("voids at the alloy", "wear in the cathode"),
        paired(either),
    )


def loss_at_62_MPa():
    """A gap that flows shut against one that stays: the first charge at several currents at 62.5 MPa."""
    cell = nasim.KeptCell(inputs=(CLOSING, GAP))

    def efficiency(cell, overrides, charge=None):
        test = nasim.Cycling(cycles=1, charge_current_mA_cm2=charge, keep=())
        return float(test.run(cell, stack_pressure_MPa=62.5, overrides=overrides).summary[col.CHARGE_OVER_DISCHARGE][0])

    def numbers(overrides):
        return {f"first charge / discharge at {i:g} mA cm-2": efficiency(cell, overrides, i) for i in CURRENTS}

    shipped = {CLOSING: nasim.load("Yuan2025_NAS").value(CLOSING)}
    either = [numbers(shipped), numbers(tuned(efficiency, GAP, lowest(CLOSING, highest=True), cell))]
    return Experiment(
        "Why does so little come back of the first discharge at 62.5 MPa?",
        "fresh cells at 62.5 MPa, discharged at 0.127 mA cm-2, charged at four currents",
        ("a gap that flows shut in minutes to hours", "a gap that stays"),
        paired(either),
    )


def grains():
    """Grains of several sizes against equal ones: first discharges of fresh cells at currents between those that were published."""
    cell = nasim.KeptCell(inputs=(SPREAD, LAYER))

    def capacity(cell, overrides, current=0.127):
        return float(nasim.GCD(current, cycles=1).run(cell, overrides=overrides).summary[col.DISCHARGE_PER_GRAM][0])

    def numbers(overrides):
        return {f"first discharge at {i:g} mA cm-2, mAh g-1": capacity(cell, overrides, i) for i in (0.164, 0.2, 0.26)}

    def fast(cell, overrides):
        return capacity(cell, overrides, 0.41)

    shipped = {SPREAD: nasim.load("Yuan2025_NAS").value(SPREAD)}
    either = [numbers(shipped), numbers(tuned(fast, LAYER, lowest(SPREAD), cell))]
    return Experiment(
        "Why does the capacity fall so gently with current?",
        "fresh cells at 250 MPa; either explanation gives the same at 0.41 mA cm-2",
        ("grains of several sizes", "equal grains"),
        paired(either),
    )


def paired(either):
    """Heading -> what the shipped explanation gives, what the other gives."""
    return {heading: (either[0][heading], either[1][heading]) for heading in either[0]}


EXPERIMENTS = (fade_at_20_MPa, loss_at_62_MPa, grains)


def table(experiment):
    """An experiment as Markdown."""
    lines = [f"**{experiment.question}** {experiment.done[0].upper()}{experiment.done[1:]}.", ""]
    lines += [f"| | {experiment.explanations[0]} (shipped) | {experiment.explanations[1]} |", "|---|---|---|"]
    for heading, numbers in experiment.numbers.items():
        shown = [f"{x:.0f}" if abs(x) >= 10 else f"{x:.3g}" for x in numbers]
        lines.append(f"| {heading} | {shown[0]} | {shown[1]} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    for each in EXPERIMENTS:
        print(table(each()))
