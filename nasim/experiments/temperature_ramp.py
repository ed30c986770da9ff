"""Temperature ramp: a spectrum, and cycles of a full cell, at each of several temperatures."""

import time
from dataclasses import dataclass
from typing import ClassVar

from ..checks import check_cycles, require_several, require_within
from ..conditions import Conditions, check_condition
from ..engine.impedance_analyser import Analyser, frequency_grid
from ..engine.runner import finish, run_cycle
from ..engine.stepper import Step
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.ramps import TemperatureSeries
from ..results.spectra import SPECTRA
from ..units import SECONDS_PER_HOUR, CurrentDensity
from .block import Block
from .protocol import Protocol

TAKEN = (col.DISCHARGE_PER_GRAM, col.CHARGE_PER_GRAM, col.DISCHARGE, col.CHARGE, col.CHARGE_OVER_DISCHARGE)
"""Columns of a cycle that go into the row of its temperature."""


@dataclass(frozen=True)
class TemperatureRamp(Protocol):
    """One temperature after the other: the cell adapts, a spectrum is taken, and a full cell is cycled.

    `run` gives a `TemperatureSeries` with a row for each temperature, activation energies, and the spectra.

    Parameters
    ----------
    temperatures_C : sequence of float
        Temperatures in their order [degC].
    rest_h : float
        Rest at each temperature before the spectrum [h].
    cycles_per_step : int
        Cycles at each temperature; a row has the last. Cells other than full ones are not cycled.
    current_mA_cm2 : float or str, optional
        Current density of the cycles [mA cm-2] or C-rate; default that of the parameter set.
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set.
    highest_Hz, lowest_Hz : float
        Highest and lowest frequency of the spectra [Hz].
    per_decade : float
        Frequencies in a decade.

    Raises
    ------
    ProtocolError
        On `run`: a temperature, current, number or condition that makes no sense.
    """

    temperatures_C: tuple[float, ...] = (60.0, 40.0, 25.0, 10.0, 0.0)
    rest_h: float = 2.0
    cycles_per_step: int = 1
    current_mA_cm2: CurrentDensity | None = None
    window: tuple[float, float] | None = None
    highest_Hz: float = 7e6
    lowest_Hz: float = 0.1
    per_decade: float = 10
    name: ClassVar[str] = "temperature"
    example: ClassVar[str] = "--temperatures 60 40 25 10 0"
    cell: ClassVar[None] = None
    result: ClassVar[type[TemperatureSeries]] = TemperatureSeries

    def check(self):
        """Return the temperatures [degC] and the block of the cycles."""
        who = "TemperatureRamp"
        given = require_several(who, "temperatures_C", self.temperatures_C, "temperatures")
        temperatures = [check_condition(who, "temperature_C", T) for T in given]
        if not temperatures:
            raise ProtocolError(f"{who}: at least one temperature is needed.")
        require_within(who, "rest", self.rest_h, "h", (0.0, 1e6))
        check_cycles(who, self.cycles_per_step)
        block = Block(self.cycles_per_step, self.current_mA_cm2, window=self.window)
        block.check(who)
        return temperatures, block

    def total(self):
        return len(self.temperatures_C)

    def perform(self, setup, checked, progress, first=1):
        """Go from temperature to temperature; the rows of the cycles become the columns of theirs."""
        import pandas

        (temperatures, block), began = checked, time.perf_counter()
        frequency = frequency_grid("TemperatureRamp", self.highest_Hz, self.lowest_Hz, self.per_decade)
        analyser, rows, reason = Analyser(setup.stepper, setup.parameters, frequency), [], None
        steps = block.steps(setup) if setup.kind == "full" else []
        for number, T in enumerate(temperatures, start=1):
            row = self._spectrum(setup, analyser, T)
            for _ in range(int(self.cycles_per_step) if steps else 0):
                cycle, reason = run_cycle(self, setup, steps, number, True, began)
                row |= {name: cycle[name] for name in TAKEN}
            rows.append(row)
            progress(number, row)
            if reason:
                break
        outcome = finish(self, setup, reason or "all temperatures done", began)
        table = pandas.DataFrame(rows).rename(columns={col.NUMBER_OF_SPECTRUM: col.NUMBER})
        return self.result(table, outcome.curves, outcome.record | {SPECTRA: analyser.result({}).packed()})

    def _spectrum(self, setup, analyser, celsius):
        """Let the cell adapt to a temperature and take its spectrum."""
        setup.stepper.conditions.update(setup.conditions | Conditions(temperature_C=celsius).inputs())
        if self.rest_h:
            setup.stepper.run(Step("rest", SECONDS_PER_HOUR * self.rest_h))
        return dict(analyser.take(state=f"{celsius:g} \N{DEGREE SIGN}C", temperature_C=celsius))
