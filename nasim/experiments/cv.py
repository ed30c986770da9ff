"""Cyclic voltammetry: the voltage runs to and fro at a constant rate, and the current is recorded."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..checks import check_cycles, check_keep, require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step, open_circuit_voltage
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.voltammogram import Voltammogram
from .protocol import Protocol


@dataclass(frozen=True)
class CV(Protocol):
    """Cyclic voltammetry from the open-circuit voltage down to the lower end of the window, up to the upper, and again.

    `run` gives a `Voltammogram`.

    Parameters
    ----------
    scan_rate_mV_s : float or sequence of float
        Scan rate [mV s-1]. With several rates each starts from a new cell, so that curves differ by the rate alone.
    scans : int
        Scans at each rate.
    window : (float, float), optional
        Lower and upper voltage [V]; default those of the set (0.7, 2.6).
    keep : sequence of int, optional
        Scans whose curves are kept, counted through all rates; default all.

    Raises
    ------
    ProtocolError
        On `run`: a rate, window, number of scans or condition that makes no sense, or an open-circuit voltage below
        the window.
    """

    scan_rate_mV_s: float | tuple[float, ...] = 0.2
    scans: int = 3
    window: tuple[float, float] | None = None
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "cv"
    example: ClassVar[str] = "--scan-rate 0.1 0.2 0.5 --scans 3"
    result: ClassVar[type[Voltammogram]] = Voltammogram

    @classmethod
    def of(cls, current_mA_cm2=None, window=None, cycles=None, keep=None):
        """Return the voltammetry of a published measurement of so many scans, all of which are kept."""
        return cls(scans=cycles or cls.scans, window=window)

    def check(self):
        """Return the rates [mV s-1] and the number of scans."""
        rates = [require_positive("CV", "scan rate", rate, "mV s-1") for rate in np.atleast_1d(self.scan_rate_mV_s)]
        if not rates:
            raise ProtocolError("CV: scan_rate_mV_s is empty; at least one rate is needed.")
        scans = check_cycles("CV", self.scans, "scans")
        check_keep("CV", self.keep, scans * len(rates))
        return rates, scans

    def total(self):
        return self.scans * np.size(self.scan_rate_mV_s)

    def plan(self, setup, checked):
        """Yield each scan; the cell is new at the start of each rate."""
        (rates, scans), fresh, start = checked, setup.stepper.y, open_circuit_voltage(setup.stepper)
        if start <= setup.lower:
            raise ProtocolError(
                f"CV starts at open circuit, {start:.3f} V, and scans down first; "
                f"the window begins at {setup.lower:g} V. Choose a lower one."
            )
        for rate in rates:
            setup.stepper.y = fresh
            for scan in range(scans):
                top = setup.upper if scan else start
                down = _sweep("discharge", top, setup.lower, rate)
                yield Cycle([down, _sweep("charge", setup.lower, setup.upper, rate)])

    def perform(self, setup, checked, progress, first=1):
        """Run the scans; the summary gets the rate of each."""
        rates, scans = checked
        result = super().perform(setup, checked, progress, first)
        result.summary.insert(1, col.SCAN_RATE, [rates[k // scans] for k in range(len(result.summary))])
        return result


def _sweep(kind, first, last, rate_mV_s):
    slope = np.sign(last - first) * rate_mV_s * 1e-3
    return Step(kind, abs(last - first) / abs(slope), voltage=first, slope=float(slope))
