"""Rest at open circuit: voltage against time, self-discharge, growth of the interphase."""

from dataclasses import dataclass
from typing import ClassVar

from .. import nomenclature as nm
from ..checks import require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..nomenclature import columns as col
from ..results.in_time import RestResult
from ..units import SECONDS_PER_HOUR
from .protocol import Protocol


@dataclass(frozen=True)
class Rest(Protocol):
    """A cell of any kind stands at open circuit. `run` gives a `RestResult`; spectra on the way: `nasim.OpenCircuitEIS`.

    Parameters
    ----------
    hours : float
        Length of the rest [h].
    every_h : float, optional
        Length of a row of the summary [h]; default the whole rest.

    Raises
    ------
    ProtocolError
        On `run`: a time or condition that makes no sense.
    """

    hours: float = 24.0
    every_h: float | None = None
    name: ClassVar[str] = "rest"
    example: ClassVar[str] = "--hours 24"
    cell: ClassVar[None] = None
    result: ClassVar[type[RestResult]] = RestResult

    def check(self):
        """Return the lengths of the rests [s]."""
        hours = require_positive("Rest", "length of the rest", self.hours, "h")
        every = hours if self.every_h is None else require_positive("Rest", "length of a row", self.every_h, "h")
        whole = int(hours / every + 1e-9)
        lengths = [every] * whole + [hours - whole * every] * (hours - whole * every > 1e-9 * hours)
        return [SECONDS_PER_HOUR * length for length in lengths]

    def total(self):
        return len(self.check())

    def plan(self, setup, checked):
        return [Cycle([Step("rest", length)]) for length in checked]

    def perform(self, setup, checked, progress, first=1):
        """Rest; the summary gets the voltage at the end of each row."""
        setup.recorder.watch(col.END_VOLTAGE, nm.VOLTAGE)
        return super().perform(setup, checked, progress, first)
