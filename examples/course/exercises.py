"""What the notebooks of the course share: a task, the check of an answer, and the solution that hides until asked for.

A task is a field of the page by itself: a cell makes it and shows it, and another shows `task.feedback()`.
"""

import math

import marimo as mo


def beside(axes):
    """Figures of one panel each, side by side where the page is wide, below each other on a telephone."""
    return mo.hstack([ax.figure for ax in axes], wrap=True, justify="start")


class Task:
    """A question with its solution; a field of marimo, `mo.ui.text` or `mo.ui.radio`, is its other base."""

    question: str
    solution: str

    def check(self, answer):
        """(right, message); right is None while there is no answer."""
        raise NotImplementedError

    def feedback(self, *answer):
        """What the page shows below the field, of the answer in it, or of one that is handed in."""
        right, message = self.check(*answer or (self.value,))
        shown = mo.callout(mo.md(message), kind={None: "neutral", True: "success", False: "warn"}[right])
        if right is None:
            return mo.vstack([shown, mo.md("*The solution opens after your first attempt.*")])
        return mo.vstack([shown, mo.accordion({"Show the solution": mo.md(self.solution)})])


class NumberTask(Task, mo.ui.text):
    """A question whose answer is a number.

    `share` is how far off an answer may be, as a share of the truth; `traps` maps a typical wrong answer to what went wrong in it.
    """

    def __init__(self, question, truth, unit, solution, share=0.03, traps=None):
        super().__init__(label=f"{question} ({unit})", placeholder="your number", full_width=True)
        self.question, self.truth, self.unit, self.solution = question, truth, unit, solution
        self.share, self.traps = share, traps or {}

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


class ChoiceTask(Task, mo.ui.radio):
    """A question with several answers.

    `answers` maps each to what is to be said of it, `truth` is the right one; `misconceptions` tells that the wrong ones are what
    people are known to believe.
    """

    def __init__(self, question, answers, truth, solution, misconceptions=False):
        super().__init__(options=list(answers), label=question)
        self.question, self.answers, self.truth, self.solution = question, answers, truth, solution
        self.misconceptions = misconceptions

    def check(self, answer):
        """(right, message); right is None while there is no answer."""
        if answer is None:
            return None, "Choose one."
        return answer == self.truth, ("Right. " if answer == self.truth else "Not yet. ") + self.answers[answer]
