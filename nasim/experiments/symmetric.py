"""Cycling of a symmetric cell: constant current to and fro, each way for a fixed charge, and the voltage that it
takes."""

from dataclasses import dataclass
from typing import ClassVar

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..checks import check_keep, require_positive
from ..engine.runner import run_cycles
from ..engine.stepper import Step
from ..errors import ProtocolError
from .protocol import Protocol

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class SymmetricCycling(Protocol):
    """Plating and stripping at constant current; in the first half of a cycle the positive electrode is plated.

    The summary of the result has the overpotential at the end of each cycle; "Time [s]" of the curves runs through all
    cycles.

    Parameters
    ----------
    current_mA_cm2 : float
    capacity_mAh_cm2 : float
        Charge of each half cycle.
    hours : float
        Length of the test; only whole cycles are run.
    voltage_limit_V : float
        Where the cycler ends the test, at either sign, with that as its reason.
    keep : sequence of int, optional
        Cycles whose curves are kept; default all.

    Raises
    ------
    ProtocolError
        On `run`: a number or condition that makes no sense, or a test shorter than one cycle.
    """

    current_mA_cm2: float = 0.51
    capacity_mAh_cm2: float = 0.51
    hours: float = 300.0
    voltage_limit_V: float = 5.0
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "symmetric"
    cell: ClassVar[str] = "symmetric"
    parameter_set: ClassVar[str] = "Yuan2025_symmetric_NAS"

    def _checked(self):
        """Duration of a half cycle [s], number of cycles, cycles whose curves are kept."""
        current = require_positive("SymmetricCycling", "current", self.current_mA_cm2, "mA cm-2")
        capacity = require_positive("SymmetricCycling", "capacity", self.capacity_mAh_cm2, "mAh cm-2")
        hours = require_positive("SymmetricCycling", "length of the test", self.hours, "h")
        require_positive("SymmetricCycling", "voltage limit", self.voltage_limit_V, "V")
        half = to_C_m2(capacity) / (10.0 * current)
        cycles = int(hours * SECONDS_PER_HOUR / (2 * half) + 1e-9)
        if cycles < 1:
            raise ProtocolError(
                f"SymmetricCycling: {hours:g} h were given, but one cycle takes {2 * half / SECONDS_PER_HOUR:g} h."
            )
        return half, cycles, check_keep("SymmetricCycling", self.keep)

    def _run(self, setup, checked, progress):
        half, cycles, kept = checked
        setup.recorder.watch("end_overpotential_mV", nm.VOLTAGE, 1e3)
        setup.recorder.watch("positive_interphase_resistance_Ohm_cm2", nm.POSITIVE.interphase_resistance, 1e4)
        current = 10.0 * float(self.current_mA_cm2)
        limit = float(self.voltage_limit_V)
        steps = [
            Step("discharge", half, current=current, until_voltage=-limit, at_the_limit=True),
            Step("charge", half, current=-current, until_voltage=limit, at_the_limit=True),
        ]
        result = run_cycles(self, setup, [(steps, {})] * cycles, kept, progress)
        if nm.TIME in result.curves:
            result.curves[nm.TIME] += (result.curves["Cycle"] - 1) * 2 * half
        return result
