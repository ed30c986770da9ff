"""Impedance against time at open circuit: how interfaces grow while a cell only stands there."""

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from ..checks import require_positive, require_within
from ..engine.impedance_analyser import Analyser, element_name, frequency_grid
from ..engine.runner import closing_record
from ..engine.stepper import Step
from ..results.spectra import Spectra
from ..units import SECONDS_PER_HOUR
from .protocol import Protocol

ARCS = tuple(element_name(side.interphase_loss) for side in (nm.NEGATIVE, nm.POSITIVE))
MOST_SPECTRA = 100_000


@dataclass(frozen=True)
class OpenCircuitEIS(Protocol):
    """Spectra at regular times while a cell of any kind rests at open circuit. `run` gives `Spectra`.

    The summary has, against time, the resistance of the new arc (of all interphases) and its frequency, NaN where there
    is none, and what the whole cell shows.

    Parameters
    ----------
    hours : float
        Length of the rest [h]; the first spectrum is taken at its start.
    every_h : float
        Time between spectra [h].
    highest_Hz, lowest_Hz : float
        Highest and lowest frequency [Hz].
    per_decade : float
        Frequencies in a decade.
    inductance_H, lead_resistance_Ohm : float
        Of the cables, in series with the cell [H, Ohm].

    Raises
    ------
    ProtocolError
        On `run`: a number or condition that makes no sense.
    """

    hours: float = 24.0
    every_h: float = 1.0
    highest_Hz: float = 7e6
    lowest_Hz: float = 0.1
    per_decade: float = 10
    inductance_H: float = 0.0
    lead_resistance_Ohm: float = 0.0
    name: ClassVar[str] = "ocv-eis"
    example: ClassVar[str] = "--hours 24 --every 1"
    cell: ClassVar[None] = None
    parameter_set: ClassVar[str] = "Yuan2025_symmetric_NAS"
    result: ClassVar[type[Spectra]] = Spectra

    @classmethod
    def of(cls, current_mA_cm2=None, window=None, cycles=None, keep=None):
        """Return the published rest of 24 h: its rows differ in nothing else."""
        return cls()

    def check(self):
        """Return the times of the spectra [h]."""
        hours = require_positive("OpenCircuitEIS", "length of the rest", self.hours, "h")
        every = require_positive("OpenCircuitEIS", "time between spectra", self.every_h, "h")
        require_within("OpenCircuitEIS", "number of spectra", hours / every, "", (0.0, MOST_SPECTRA))
        return [*np.arange(0.0, hours * (1 - 1e-9), every).tolist(), hours]

    def perform(self, setup, checked, progress, first=1):
        """Take a spectrum at each time while the cell rests."""
        began = time.perf_counter()
        frequency = frequency_grid("OpenCircuitEIS", self.highest_Hz, self.lowest_Hz, self.per_decade)
        analyser = Analyser(setup.stepper, setup.parameters, frequency, self.inductance_H, self.lead_resistance_Ohm)
        for number, hours in enumerate(checked, start=1):
            wait = SECONDS_PER_HOUR * hours - setup.stepper.time
            if wait > 0:
                setup.recorder.cycle(number - 1, [setup.stepper.run(Step("rest", wait))], False)
            row = analyser.take(state=f"{hours:g} h", time_h=hours)
            row |= new_arc(analyser.elements[-1])
            progress(number, row)
        return analyser.result(closing_record(self, setup, "all spectra taken", began))


def new_arc(elements: list[dict]) -> dict[str, float]:
    """Return the resistance [Ohm cm2] of the arcs of all interphases together, and their frequency [Hz]; NaN without."""
    arcs = [row for row in elements if row["element"] in ARCS]
    resistance = sum(row["resistance_Ohm_cm2"] for row in arcs)
    slowness = sum(row["resistance_Ohm_cm2"] / row["arc_frequency_Hz"] for row in arcs)
    return {
        "interphase_Ohm_cm2": resistance if arcs else np.nan,
        "interphase_frequency_Hz": resistance / slowness if arcs else np.nan,
    }
