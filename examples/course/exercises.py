"""What the notebooks of the course share: a task, the check of an answer, and the solution that hides until asked for."""

import math
from dataclasses import dataclass, field

import marimo as mo


@dataclass(frozen=True)
class NumberTask:
    """A question whose answer is a number; `traps` maps a typical wrong answer to what went wrong in it."""

    question: str
    truth: float
    unit: str
    solution: str
    share: float = 0.03
    """How far off an answer may be, as a share of the truth."""
    traps: dict = field(default_factory=dict)

    def field(self):
        return mo.ui.text(label=f"{self.question} ({self.unit})", placeholder="your number", full_width=True)

    def check(self, answer):
        """(right, message); right is None while there is no answer."""
        if answer in (None, ""):
            return None, "Type a number and press Enter."
        try:
            given = float(str(answer).replace(",", "."))
        except ValueError:
            return False, f"'{answer}' is not a number; write it as 1.23 or 4.5e-6, without the unit."
        if self._near(given, self.truth):
            return True, f"Right: {self.truth:.4g} {self.unit}."
        for value, reason in self.traps.items():
            if self._near(given, value):
                return False, f"Not yet. {reason}"
        ratio = given / self.truth
        if ratio <= 0:
            return False, "Not yet: check the sign."
        if abs(math.log10(ratio)) > 0.7:
            return False, f"Not yet: {ratio:.2g} times the answer. Are the units right?"
        return False, f"Not yet: too {'large' if ratio > 1 else 'small'}, but the right order of magnitude."

    def _near(self, given, value):
        return math.isclose(given, value, rel_tol=self.share)

    def feedback(self, answer):
        return _feedback(self, answer)


@dataclass(frozen=True)
class ChoiceTask:
    """A question with several answers; `options` maps each to what is to be said of it, `truth` is the right one."""

    question: str
    options: dict
    truth: str
    solution: str
    misconceptions: bool = False
    """Whether the wrong options are what people are known to believe."""

    def field(self):
        return mo.ui.radio(options=list(self.options), label=self.question)

    def check(self, answer):
        """(right, message); right is None while there is no answer."""
        if answer is None:
            return None, "Choose one."
        return answer == self.truth, ("Right. " if answer == self.truth else "Not yet. ") + self.options[answer]

    def feedback(self, answer):
        return _feedback(self, answer)


def _feedback(task, answer):
    right, message = task.check(answer)
    kind = {None: "neutral", True: "success", False: "warn"}[right]
    shown = mo.callout(mo.md(message), kind=kind)
    if right is None:
        return mo.vstack([shown, mo.md("*The solution opens after your first attempt.*")])
    return mo.vstack([shown, mo.accordion({"Show the solution": mo.md(task.solution)})])
