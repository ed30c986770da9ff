"""Cyclic voltammetry: the voltage runs to and fro at a constant rate, and the current is what is looked at."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from ..analysis.dqdv import Peaks
from ..analysis.voltammetry import sweep_peaks
from ..checks import check_cycles, check_keep, require_positive
from ..engine.runner import run_cycles
from ..engine.stepper import Step
from ..errors import ProtocolError
from ..results.result import STEP, VOLTAGE, Result
from .protocol import Protocol

CURRENT = "Current density [mA.cm-2]"
SWEEPS = {"reduction": "discharge", "oxidation": "charge"}
"""Name of the step in which each kind of peak shows."""


class Voltammogram(Result):
    """Outcome of cyclic voltammetry: a cycle is a scan, down and up again; its first begins at open circuit."""

    def peaks(self, cycle=1):
        """Peaks of the current of one scan: dict with "reduction" and "oxidation" `Peaks`, heights in mA cm-2."""
        curve = self.curve(cycle)
        sweeps = {kind: curve[curve[STEP] == step] for kind, step in SWEEPS.items()}
        return {kind: sweep_peaks(part[VOLTAGE].to_numpy(), part[CURRENT].to_numpy()) for kind, part in sweeps.items()}

    def peak_table(self):
        """All peaks of the kept scans, a table with a row a peak."""
        import pandas

        rates = dict(zip(self.summary["cycle"], self.summary["scan_rate_mV_s"], strict=True))
        rows = [
            {"scan_rate_mV_s": rates[cycle], "cycle": cycle, "reaction": reaction, "voltage_V": V, "current_mA_cm2": i}
            | {"prominence_mA_cm2": rise, "kind": kind}
            for cycle in self.kept_cycles
            for reaction, found in self.peaks(cycle).items()
            for V, i, rise, kind in zip(*(vars(found)[name] for name in Peaks.__dataclass_fields__), strict=True)
        ]
        return pandas.DataFrame(rows)

    def plot(self, ax=None, cycles=None, published=None):
        """Current against voltage, one curve a scan; returns the axes."""
        from .. import plot

        rates = dict(zip(self.summary["cycle"], self.summary["scan_rate_mV_s"], strict=True))
        several = len(set(rates.values())) > 1
        labels = {scan: f"scan {scan}" + f", {rate:g} mV s$^{{-1}}$" * several for scan, rate in rates.items()}
        return plot.cv(self.curves, ax, cycles, labels)


@dataclass(frozen=True)
class CV(Protocol):
    """Cyclic voltammetry from the open-circuit voltage down to the lower end of the window, up to the upper, and again.

    `run` gives a `Voltammogram`.

    Parameters
    ----------
    scan_rate_mV_s : float or sequence of float
        With several rates each starts from a new cell, so that curves differ by the rate alone.
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

    def _checked(self):
        rates = [require_positive("CV", "scan rate", rate, "mV s-1") for rate in np.atleast_1d(self.scan_rate_mV_s)]
        check_keep("CV", self.keep)
        return rates, check_cycles("CV", self.scans)

    def _run(self, setup, checked, progress):
        rates, scans = checked
        outcome = run_cycles(self, setup, self._plan(setup, rates, scans), self.keep, progress)
        outcome.summary.insert(1, "scan_rate_mV_s", [rates[k // scans] for k in range(len(outcome.summary))])
        return Voltammogram(outcome.summary, outcome.curves, outcome.record)

    def _plan(self, setup, rates, scans):
        """Steps and conditions of each scan; the cell is new at the start of each rate."""
        fresh, start = setup.stepper.y, _open_circuit_voltage(setup)
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
                yield [down, _sweep("charge", setup.lower, setup.upper, rate)], {}


def _open_circuit_voltage(setup):
    stepper = setup.stepper
    return float(stepper.observe([nm.VOLTAGE], np.zeros(1), stepper.y, stepper.idle)[0, 0])


def _sweep(kind, first, last, rate_mV_s):
    slope = np.sign(last - first) * rate_mV_s * 1e-3
    return Step(kind, abs(last - first) / abs(slope), voltage=first, slope=float(slope))
