"""Guided missions of the virtual lab: a question, a prediction, and then what the cell itself says."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..analysis.ledger import MISSING
from ..nomenclature import columns as col
from ..results.result import Result
from .choices import START, Values

SHORTED = 0.05
"""Share of the charge of a cycle that flows inside the cell, from which on we call it a short here."""


@dataclass(frozen=True)
class Mission:
    """A question that is answered by looking.

    Parameters
    ----------
    question : str
    options : mapping words -> Values
        What one may predict, and what the controls are then set to beside `setup`.
    right : str
        The option that is.
    view : str
        The view in which one sees it.
    told : callable
        Result -> what it says about the question, in a sentence with its numbers.
    setup : Values
        What the controls are set to.
    """

    question: str
    options: dict[str, Values]
    right: str
    view: str
    told: Callable[[Result], str]
    setup: Values = field(default_factory=dict)

    def values(self, guess: str | None) -> Values:
        """Return what the controls are set to for a prediction."""
        return START | self.setup | self.options.get(guess or "", {})

    def verdict(self, guess: str | None, result: Result) -> str:
        """Return what there is to say after the look: whether the prediction holds, and the numbers of the cell shown."""
        if guess is None:
            return f"Predict first. {self.told(result)}"
        word = "As you predicted" if guess == self.right else f"You predicted: {guess}. It is: {self.right}"
        return f"{word}. {self.told(result)}"


def _beyond(result):
    parts = result.ledger(1)
    sulfur, sb_s = parts["sulfur converted"], parts["Sb-S self-redox"]
    return (
        f"In the first discharge sulfur takes up {sulfur:.0f} mAh per gram of sulfur, less than its 1675; the Sb-S phase of the "
        f"electrolyte in the cathode adds {sb_s:.0f}, the leak {parts['leak']:.1f}. Raise the lower cut-off to 1.2 V and look again."
    )


def _short(result):
    table = result.summary
    passed = table[[col.DISCHARGE, col.CHARGE]].max(axis=1)
    share = (table[col.LEAK] / passed).max()
    pressure = table[col.STACK_PRESSURE].iloc[-1]
    said = f"At {pressure:g} MPa at most {100 * share:.2g} % of the charge of a cycle flows inside the cell in {len(table)} cycles: "
    return said + ("a short." if share > SHORTED else "no short. Move the pressure and look again.")


def _hurry(result):
    parts = result.ledger(1)
    largest = sorted(((parts[name], name) for name in MISSING.values() if name in parts), reverse=True)[:3]
    current = result.summary[col.APPLIED_CURRENT].iloc[0]
    return (
        f"At {current:g} mA cm-2 there is missing, in mAh per gram of sulfur: "
        + ", ".join(f"{name} {value:.0f}" for value, name in largest)
        + "."
    )


MISSIONS = {
    "Why more than 1675?": Mission(
        "Sulfur can take up 1675 mAh per gram. This cell gives 1976 in its first discharge, as published. Where is the rest from?",
        {
            "Sulfur takes up more than two electrons": {},
            "The electrolyte in the cathode takes part": {},
            "Current leaks through the separator": {},
            "Carbon stores charge": {},
        },
        "The electrolyte in the cathode takes part",
        "Ledger",
        _beyond,
    ),
    "Find the pressure that shorts": Mission(
        "Four cells are cycled 100 times at 0.127 mA cm-2. At which stack pressure does a short grow?",
        {f"{pressure:g} MPa": {"stack_pressure_MPa": pressure} for pressure in (20.0, 62.5, 125.0, 250.0)},
        "62.5 MPa",
        "Fade",
        _short,
        {"cycles": 100},
    ),
    "In a hurry: what is left behind?": Mission(
        "At 0.82 mA cm-2, six times the usual current, the cell gives a quarter. What withholds most of the rest?",
        {
            "sulfur behind its film of product": {},
            "sulfur that lost contact": {},
            "sodium that the anode lacks": {},
            "the leak": {},
        },
        "sulfur behind its film of product",
        "Ledger",
        _hurry,
        {"current_mA_cm2": 0.82},
    ),
}
"""Title -> mission."""
