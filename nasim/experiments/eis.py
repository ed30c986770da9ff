"""Impedance of a cell at a state: fresh, after cycles, at a voltage or a state of charge."""

import time
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from ..checks import VOLTAGE_RANGE_V, check_rest, require_positive, require_whole, require_within
from ..engine.impedance_analyser import Analyser, frequency_grid
from ..engine.runner import closing_record, run_cycles
from ..engine.setup import Setup
from ..engine.stepper import Step, open_circuit_voltage
from ..errors import ProtocolError, SolveError
from ..results.spectra import Spectra
from ..units import SECONDS_PER_HOUR, CurrentDensity, to_mA_cm2
from .block import Block
from .protocol import Protocol

DIRECTIONS = ("discharge", "charge")


@dataclass(frozen=True)
class EIS(Protocol):
    """Impedance spectra of one cell of any kind; the cell goes on as if they had not been taken. `run` gives `Spectra`.

    Parameters
    ----------
    highest_Hz, lowest_Hz : float
        Highest and lowest frequency [Hz].
    per_decade : float
        Frequencies in a decade.
    after_cycles : int or sequence of int
        Numbers of cycles before the spectra; 0 is the fresh cell.
    voltages : float or sequence of float
        Take spectra where the voltage passes these values [V] in the next half cycle, instead of at its start.
    states_of_charge : float or sequence of float
        The same at these shares of the capacity of that half cycle: 1 is charged, 0 discharged.
    direction : "discharge" or "charge"
        Whether voltages and states of charge are met on the way down, or on the charge that follows it.
    rest_h : float
        Rest before a spectrum at a voltage or state of charge, and after cycles [h].
    current_mA_cm2 : float or str, optional
        Current density of the cycles [mA cm-2], as for `GCD`.
    window : (float, float), optional
        Lower and upper cut-off of the cycles [V].
    bias_V : float, optional
        Hold this voltage [V] for `hold_h` before each spectrum, and take it while the current flows that then flows;
        default at open circuit.
    hold_h : float
        Length of that hold [h].
    inductance_H, lead_resistance_Ohm : float
        Of the cables, in series with the cell [H, Ohm].

    Raises
    ------
    ProtocolError
        On `run`: something that makes no sense, a voltage that is not met, or cycles that stop before the first spectrum.
    """

    highest_Hz: float = 7e6
    lowest_Hz: float = 0.1
    per_decade: float = 10
    after_cycles: int | tuple[int, ...] = 0
    voltages: float | tuple[float, ...] = field(default=(), metadata={"option": "--voltage"})
    states_of_charge: float | tuple[float, ...] = field(default=(), metadata={"option": "--charged"})
    direction: str = "discharge"
    rest_h: float = 1.0
    current_mA_cm2: CurrentDensity | None = None
    window: tuple[float, float] | None = None
    bias_V: float | None = None
    hold_h: float = 1.0
    inductance_H: float = 0.0
    lead_resistance_Ohm: float = 0.0
    name: ClassVar[str] = "eis"
    example: ClassVar[str] = "--after-cycles 0 1 10 --charged 1 0.5"
    cell: ClassVar[None] = None
    result: ClassVar[type[Spectra]] = Spectra

    def check(self):
        """Return the numbers of cycles before spectra, rising."""
        counts = sorted({require_whole("EIS", "after_cycles", n, 0) for n in _each(self.after_cycles)})
        for voltage in _each(self.voltages):
            require_within("EIS", "voltage", voltage, "V", VOLTAGE_RANGE_V)
        for share in _each(self.states_of_charge):
            require_within("EIS", "state of charge", share, "", (0.0, 1.0))
        check_rest("EIS", self.rest_h)
        require_positive("EIS", "length of the hold", self.hold_h, "h")
        if self.bias_V is not None:
            require_within("EIS", "bias", self.bias_V, "V", (-VOLTAGE_RANGE_V[1], VOLTAGE_RANGE_V[1]))
        require_within("EIS", "inductance", self.inductance_H, "H", (0.0, 1.0))
        require_within("EIS", "lead resistance", self.lead_resistance_Ohm, "Ohm", (0.0, 1e9))
        if self.direction not in DIRECTIONS:
            raise ProtocolError(f"EIS: direction must be 'discharge' or 'charge'; {self.direction!r} was given.")
        if not counts:
            raise ProtocolError("EIS: after_cycles is empty; 0 is the fresh cell.")
        Block(1, self.current_mA_cm2, window=self.window).check("EIS")
        return counts

    def perform(self, setup, checked, progress, first=1):
        """Run the cycles, taking spectra on the way."""
        began, cell, counts = time.perf_counter(), setup.kind, checked
        points = len(_row(self.voltages)) + len(_row(self.states_of_charge))
        if (max(counts) or points) and cell != "full":
            raise ProtocolError(
                f"EIS can cycle full cells only; this is a {cell} cell, with '{setup.parameters.name}'. Leave out cycles, "
                "voltages and states of charge; for spectra while it rests there is OpenCircuitEIS."
            )
        analyser = self.analyser(setup)
        outcome = self._cycle(setup, analyser, counts, progress)
        if not analyser.spectra:
            raise ProtocolError(f"EIS: no spectrum was taken, for the run stopped before: {outcome}.")
        return analyser.result(closing_record(self, setup, outcome, began))

    def analyser(self, setup: Setup) -> Analyser:
        """Return what takes the spectra of a cell.

        Parameters
        ----------
        setup : Setup
            The cell.

        Returns
        -------
        Analyser
        """
        frequency = frequency_grid("EIS", self.highest_Hz, self.lowest_Hz, self.per_decade)
        return Analyser(setup.stepper, setup.parameters, frequency, self.inductance_H, self.lead_resistance_Ohm)

    def _cycle(self, setup, analyser, counts, progress):
        """Run the cycles, taking spectra on the way; returns why it stopped."""
        block = Block(max(counts), self.current_mA_cm2, window=self.window)
        if counts[0] == 0:
            self.take_spectra(setup, analyser, 0)
        if not max(counts):
            return "all spectra taken"

        def after(number, row):
            if number in counts:
                self.take_spectra(setup, analyser, number)
            progress(number, row)

        try:
            return run_cycles(self, setup, block.plan(setup), (), after).record["stopped_because"]
        except SolveError as error:
            failed = error.result
            error.result = analyser.result(failed.record) if failed and analyser.spectra else None
            raise

    def take_spectra(self, setup: Setup, analyser: Analyser, cycles: int) -> None:
        """Take spectra from the present state on; the cell is put back afterwards.

        Parameters
        ----------
        setup : Setup
            The cell.
        analyser : Analyser
            What takes them.
        cycles : int
            After how many cycles.
        """
        stepper = setup.stepper
        before = stepper.state
        age = f"after {cycles} cycle{'s' * (cycles != 1)}" if cycles else "fresh"
        if not (len(_row(self.voltages)) or len(_row(self.states_of_charge))):
            self._take(stepper, analyser, age, cycles, cycles > 0)
        else:
            down, up = Block(1, self.current_mA_cm2, window=self.window).steps(setup)
            if self.direction == "charge":
                stepper.run(down)
            start = stepper.state
            for words, step in self._ways(stepper, up if self.direction == "charge" else down):
                stepper.state = start
                _reach(stepper, step, words)
                self._take(stepper, analyser, f"{age}, {words} on {self.direction}", cycles, True)
        stepper.state = before

    def _ways(self, stepper, half):
        """Yield (words, step) from the start of the half cycle to each point."""
        for voltage in _row(self.voltages):
            yield f"{voltage:g} V", Step(half.kind, half.duration, current=half.current, until_voltage=float(voltage))
        if len(_row(self.states_of_charge)):
            whole = stepper.run(half).duration
            for share in _row(self.states_of_charge):
                passed = whole * (share if half.current < 0 else 1 - share)
                yield f"state of charge {share:g}", Step(half.kind, passed, current=half.current)

    def _take(self, stepper, analyser, state, cycles, rested):
        """Rest, or hold the bias, then take the spectrum; its row says where it was taken."""
        if self.bias_V is not None:
            held = stepper.run(Step("hold", SECONDS_PER_HOUR * self.hold_h, voltage=float(self.bias_V)))
            current = float(stepper.observe([nm.CURRENT_DENSITY], held.t[[-1]], held.y[:, [-1]], held.inputs)[0, 0])
            words = f"held at {self.bias_V:g} V"
            analyser.take(current, state=f"{state}, {words}", cycles=cycles, bias_mA_cm2=to_mA_cm2(current))
            return
        if rested and self.rest_h:
            stepper.run(Step("rest", SECONDS_PER_HOUR * self.rest_h))
            state += f", {open_circuit_voltage(stepper):.3f} V after {self.rest_h:g} h"
        analyser.take(state=state, cycles=cycles)


def _each(values):
    return np.ravel(np.array(values, dtype=object))


def _row(values):
    return np.atleast_1d(np.asarray(values, float))


def _reach(stepper, step, words):
    """Take the cell to a point of its half cycle."""
    if step.duration <= 0:
        return
    segment = stepper.run(step)
    if step.until_voltage is not None and segment.ended_by != "voltage cut-off":
        why = "it was already past it" if segment.ended_by.startswith("already") else "it never came there"
        raise ProtocolError(f"EIS: the cell does not meet {words} on {step.kind}: {why}.")
