"""A check, its outcome beside its bound, and the report of many."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

GROUPS = ("balances", "numerics", "symmetries", "answers")
VERIFIED: dict[str, "Verified"] = {}
"""Name of a check -> the check, in the order of the files. Filled by `verified`."""


@dataclass(frozen=True)
class Verified:
    """A check before it has run: `residual(*case)` of each of its cases, a number that must not exceed `bound`."""

    group: str
    name: str
    bound: float
    cases: tuple
    residual: Callable[..., float]
    meaning: str


@dataclass(frozen=True)
class Check:
    """Outcome of a check for one case.

    Attributes
    ----------
    group, name, case : str
    residual, bound : float
        Relative unless the meaning says otherwise.
    meaning : str
        What the residual is.
    """

    group: str
    name: str
    case: str
    residual: float
    bound: float
    meaning: str

    @property
    def holds(self) -> bool:
        """Whether the residual lies within its bound; one that is no number does not."""
        return abs(self.residual) <= self.bound


@dataclass(frozen=True)
class Report:
    """Outcomes of many checks."""

    checks: tuple[Check, ...]

    @property
    def broken(self) -> tuple[Check, ...]:
        """Those that do not hold."""
        return tuple(check for check in self.checks if not check.holds)

    def lines(self) -> list[str]:
        """Return what a terminal shows under the table."""
        broken = [f"broken: {each.name}, {each.case}" for each in self.broken]
        return [f"{len(self.checks) - len(broken)} of {len(self.checks)} checks hold", *broken]

    def as_object(self) -> dict[str, Any]:
        """Return the report as one JSON-able dict."""
        return {"checks": [asdict(each) | {"holds": each.holds} for each in self.checks], "broken": len(self.broken)}

    def as_markdown(self) -> str:
        """Return the page of the documentation."""
        lines = [HEAD]
        for group in GROUPS:
            mine = [each for each in self.checks if each.group == group]
            if mine:
                lines += [
                    f"## {group.capitalize()}",
                    "",
                    "| check | case | residual | bound | |",
                    "|---|---|---|---|---|",
                ]
                lines += [_row(each) for each in mine]
                lines.append("")
        return "\n".join(lines)


HEAD = """# Verification

Made by `nasim verify --page docs/verification.md`, which runs every check again and ends with exit code 1 if one is broken.
A residual is zero for exact arithmetic; its bound follows from the tolerance of the integrator or the order of the method.
"""


def _row(check):
    verdict = "holds" if check.holds else "**broken**"
    name = f"{check.name}: {check.meaning}"
    return f"| {name} | {check.case} | {check.residual:.1e} | {check.bound:.2g} | {verdict} |"


def verified(group: str, bound: float, cases: tuple = ((),)) -> Callable:
    """Enter a function as a check.

    Parameters
    ----------
    group : str
        One of `GROUPS`.
    bound : float
        Largest residual.
    cases : tuple of tuple
        Arguments of the function, one outcome each; the first is the name of the case.
    """

    def enter(function):
        name = function.__name__.replace("_", " ")
        meaning = " ".join((function.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
        VERIFIED[name] = Verified(group, name, bound, cases, function, meaning[:1].lower() + meaning[1:])
        return function

    return enter
