"""Impedance against time at open circuit: how interfaces grow while a cell only stands there."""

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from .analyser import Analyser, element_name, frequency_grid
from .checks import require_positive
from .protocol import describe, prepare
from .stepper import Step

DEFAULT_SET = "Yuan2025_symmetric_NAS"
HOUR = 3600
ARCS = tuple(element_name(side.interphase_loss) for side in (nm.NEGATIVE, nm.POSITIVE))


@dataclass(frozen=True)
class OpenCircuitEIS:
    """Spectra at regular times while the cell rests at open circuit.

    Parameters
    ----------
    hours : float
        Length of the rest; the first spectrum is taken at its start.
    every_h : float
        Time between spectra [h].
    highest_Hz, lowest_Hz, per_decade : float
        Range and density of the frequencies.
    inductance_H, lead_resistance_Ohm : float
        Of the cables, in series with the cell.

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

    def run(
        self,
        model=None,
        parameters=None,
        *,
        stack_pressure_MPa=None,
        temperature_C=None,
        overrides=None,
        progress=None,
        solver=None,
    ):
        """Run it on a model (default: that of the set) with a parameter set; default the symmetric NAS cell [Spectra].

        The summary has, against time, the resistance of the new arc (of all interphases) and its frequency, NaN where
        there is none, and what the whole cell shows.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense.
        SolveError
            A solve failed.
        """
        began = time.perf_counter()
        times = self._times()
        parameters = parameters or DEFAULT_SET
        setup = prepare(
            "OpenCircuitEIS", model, parameters, stack_pressure_MPa, temperature_C, overrides, None, solver, kind=None
        )
        frequency = frequency_grid("OpenCircuitEIS", self.highest_Hz, self.lowest_Hz, self.per_decade)
        analyser = Analyser(setup, frequency, self.inductance_H, self.lead_resistance_Ohm)
        for number, hours in enumerate(times, start=1):
            wait = HOUR * hours - setup.stepper.time
            if wait > 0:
                setup.recorder.cycle(number - 1, [setup.stepper.run(Step("rest", wait))], False)
            row = analyser.take(state=f"{hours:g} h", time_h=hours)
            row |= new_arc(analyser.elements[-1])
            if progress:
                progress(number, row)
        record = describe(self, setup) | {"audit": dict(setup.recorder.residuals), "events": list(setup.events)}
        record |= {"stopped_because": "all spectra taken", "solver": dict(setup.stepper.statistics)}
        return analyser.result(record | {"wall_time_s": round(time.perf_counter() - began, 4)})

    def _times(self):
        """Times of the spectra [h]."""
        hours = require_positive("OpenCircuitEIS", "length of the rest", self.hours, "h")
        every = require_positive("OpenCircuitEIS", "time between spectra", self.every_h, "h")
        return [*np.arange(0.0, hours * (1 - 1e-9), every).tolist(), hours]


def new_arc(elements):
    """Resistance [Ohm cm2] of the arcs of all interphases together, and their frequency [Hz]; NaN without."""
    arcs = [row for row in elements if row["element"] in ARCS]
    resistance = sum(row["resistance_Ohm_cm2"] for row in arcs)
    slowness = sum(row["resistance_Ohm_cm2"] / row["arc_frequency_Hz"] for row in arcs)
    return {
        "interphase_Ohm_cm2": resistance if arcs else np.nan,
        "interphase_frequency_Hz": resistance / slowness if arcs else np.nan,
    }
