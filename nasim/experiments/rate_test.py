"""The rate test: capacity at several currents."""

from dataclasses import dataclass
from typing import Any, ClassVar

from ..checks import check_keep, require_kind, require_several
from ..errors import ProtocolError
from ..results.cycling import RateTestResult
from ..units import CurrentDensity
from .block import Block
from .protocol import Protocol

RATE_TEST_MA_CM2 = (0.082, 0.164, 0.41, 0.82)
"""The paper's rate test, 0.1C to 1C of 0.82 mA cm-2."""


@dataclass(frozen=True)
class RateTest(Protocol):
    """A few cycles at each of several current densities, one after the other.

    Parameters
    ----------
    currents_mA_cm2 : sequence of float or str
        Current densities [mA cm-2], or C-rates ("0.1C"); default the paper's 0.1C to 1C.
    cycles_per_step : int
        Cycles at each current.
    return_to_first : bool
        End with as many cycles at the first current again.
    charge_current_mA_cm2 : float or str, optional
        Current density of every charge [mA cm-2], or C-rate; default that of the discharge before it.
    hold_until_mA_cm2 : float or str, optional
        After each charge, hold the upper cut-off until the current has fallen to this [mA cm-2], or C-rate (CC-CV).
    rest_h : float
        Rest after each half cycle [h].
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set (0.7, 2.6).
    keep : sequence of int, optional
        Cycles whose curves are kept; default the last at each current.

    Raises
    ------
    ProtocolError
        On `run`: a current, window, number of cycles or condition that makes no sense, or no current at all.
    """

    currents_mA_cm2: tuple[CurrentDensity, ...] = RATE_TEST_MA_CM2
    cycles_per_step: int = 5
    return_to_first: bool = False
    charge_current_mA_cm2: CurrentDensity | None = None
    hold_until_mA_cm2: CurrentDensity | None = None
    rest_h: float = 0.0
    window: tuple[float, float] | None = None
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "rate"
    example: ClassVar[str] = "--currents 0.1C 0.2C 0.5C 1C --return-to-first"
    result: ClassVar[type[RateTestResult]] = RateTestResult
    stores: ClassVar[bool] = True

    @classmethod
    def of(cls, current_mA_cm2=None, window=None, cycles=None, keep=None):
        """Return the paper's rate test: its rows differ in nothing else."""
        return cls()

    def check(self):
        require_kind("RateTest", "return_to_first", self.return_to_first, bool, "True or False")
        if not require_several("RateTest", "currents", self.currents_mA_cm2, "current densities"):
            raise ProtocolError("RateTest: at least one current density is needed.")
        charge: dict[str, Any] = {
            "charge_current_mA_cm2": self.charge_current_mA_cm2,
            "hold_until_mA_cm2": self.hold_until_mA_cm2,
        }
        blocks = [Block(self.cycles_per_step, current, rest_h=self.rest_h, **charge) for current in self._currents()]
        for block in blocks:
            block.check("RateTest")
        check_keep("RateTest", self.keep, self.total())
        return blocks

    def _currents(self):
        return (*self.currents_mA_cm2, *self.currents_mA_cm2[: int(self.return_to_first)])

    def total(self):
        return len(self._currents()) * self.cycles_per_step

    def plan(self, setup, checked):
        return [cycle for block in checked for cycle in block.plan(setup)]

    def kept(self, checked):
        step = int(self.cycles_per_step)
        return range(step, step * len(checked) + 1, step) if self.keep is None else self.keep
