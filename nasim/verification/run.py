"""All checks, one after the other."""

from collections.abc import Callable, Sequence
from importlib import import_module

import pybamm

from ..errors import NasimError, UnknownNameError, nearest
from .check import GROUPS, VERIFIED, Check, Report


def verify(groups: Sequence[str] = (), progress: Callable[[str], object] | None = None) -> Report:
    """Run the checks.

    Parameters
    ----------
    groups : sequence of str
        "balances", "numerics", "symmetries", "answers"; default all.
    progress : callable (name), optional
        Called before each check.

    Returns
    -------
    Report
        A check that cannot run is broken: its residual is NaN.

    Raises
    ------
    UnknownNameError
        There is no such group.
    """
    for group in groups:
        if group not in GROUPS:
            raise UnknownNameError(
                f"verify: there is no group '{group}'; expected {', '.join(GROUPS)}.", nearest(group, GROUPS)
            )
    for group in GROUPS:
        import_module(f".{group}", __package__)
    chosen = [each for each in VERIFIED.values() if not groups or each.group in groups]
    chosen.sort(key=lambda each: GROUPS.index(each.group))
    return Report(tuple(_outcome(each, case, progress) for each in chosen for case in each.cases))


def _outcome(each, case, progress):
    words = case[0] if case else ""
    if progress:
        progress(f"{each.name} {words}".strip())
    try:
        residual = float(each.residual(*case))
    except (NasimError, pybamm.SolverError, ArithmeticError):
        residual = float("nan")
    return Check(each.group, each.name, words, residual, each.bound, each.meaning)
