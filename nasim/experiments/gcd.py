"""Galvanostatic charge-discharge: constant current down to the lower cut-off, up to the upper, and again."""

from dataclasses import dataclass
from typing import ClassVar

from ..checks import check_keep
from ..units import CurrentDensity
from .block import Block
from .protocol import Protocol


@dataclass(frozen=True)
class GCD(Protocol):
    """Galvanostatic charge-discharge cycles; the first half cycle is a discharge.

    Parameters
    ----------
    current_mA_cm2 : float or str, optional
        Current density of both directions [mA cm-2], or C-rate ("0.1C"); default that of the parameter set, its "Current function [A]" over its
        "Electrode area [m2]" (0.127 for the paper's cell): a set of another area needs another current.
    cycles : int
        Number of cycles.
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set (0.7, 2.6).
    keep : sequence of int, optional
        Cycles whose curves are kept; default all.

    Raises
    ------
    ProtocolError
        On `run`: current, window, number of cycles or conditions that make no sense.
    """

    current_mA_cm2: CurrentDensity | None = None
    cycles: int = 2
    window: tuple[float, float] | None = None
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "gcd"
    example: ClassVar[str] = "--current 0.1C --cycles 2 --pressure 125 --out results/gcd"
    start_of: ClassVar[str] = "cycle"

    def check(self):
        block = Block(self.cycles, self.current_mA_cm2)
        block.check("GCD")
        check_keep("GCD", self.keep, block.cycles)
        return block

    def total(self):
        return self.cycles

    def plan(self, setup, checked):
        return checked.plan(setup)
