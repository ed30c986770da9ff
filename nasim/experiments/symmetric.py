"""Cycling of a symmetric cell: constant current to and fro, each way for a fixed charge; its voltage is recorded."""

from dataclasses import dataclass
from typing import ClassVar

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..checks import check_cycles, check_keep, require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.overpotential import OverpotentialCurve
from ..units import CM2_PER_M2, SECONDS_PER_HOUR, to_A_m2
from .protocol import Protocol


@dataclass(frozen=True)
class SymmetricCycling(Protocol):
    """Plating and stripping at constant current; in the first half of a cycle the positive electrode is plated.

    The summary of the result has the overpotential at the end of each cycle; "Time [s]" of the curves runs through all
    cycles.

    Parameters
    ----------
    current_mA_cm2 : float
        Current density [mA cm-2].
    capacity_mAh_cm2 : float
        Charge of each half cycle [mAh cm-2].
    hours : float
        Length of the test [h]; only whole cycles are run.
    voltage_limit_V : float
        Voltage of either sign at which the cycler ends the test, with that as its reason [V].
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
    example: ClassVar[str] = "--current 0.51 --capacity 0.51 --hours 300"
    cell: ClassVar[str] = "symmetric"
    parameter_set: ClassVar[str] = "Yuan2025_symmetric_NAS"
    result: ClassVar[type[OverpotentialCurve]] = OverpotentialCurve

    def check(self):
        """Return the duration of a half cycle [s] and the number of cycles."""
        current = require_positive("SymmetricCycling", "current", self.current_mA_cm2, "mA cm-2")
        capacity = require_positive("SymmetricCycling", "capacity", self.capacity_mAh_cm2, "mAh cm-2")
        hours = require_positive("SymmetricCycling", "length of the test", self.hours, "h")
        require_positive("SymmetricCycling", "voltage limit", self.voltage_limit_V, "V")
        half = to_C_m2(capacity) / to_A_m2(current)
        cycles = int(hours * SECONDS_PER_HOUR / (2 * half) + 1e-9)
        if cycles < 1:
            raise ProtocolError(
                f"SymmetricCycling: {hours:g} h were given, but one cycle takes {2 * half / SECONDS_PER_HOUR:g} h."
            )
        check_cycles("SymmetricCycling", cycles)
        check_keep("SymmetricCycling", self.keep, cycles)
        return half, cycles

    def total(self):
        return self.check()[1]

    def plan(self, setup, checked):
        half, cycles = checked
        current = to_A_m2(float(self.current_mA_cm2))
        limit = float(self.voltage_limit_V)
        steps = [
            Step("discharge", half, current=current, until_voltage=-limit, at_the_limit=True),
            Step("charge", half, current=-current, until_voltage=limit, at_the_limit=True),
        ]
        return [Cycle(steps)] * cycles

    def perform(self, setup, checked, progress, first=1):
        """Run the cycles and take down the overpotential; the time of the curves runs through all cycles."""
        setup.recorder.watch(col.END_OVERPOTENTIAL, nm.VOLTAGE, 1e3)
        resistance = nm.POSITIVE.interphase_resistance
        setup.recorder.watch(col.POSITIVE_INTERPHASE_RESISTANCE, resistance, CM2_PER_M2)
        result = super().perform(setup, checked, progress, first)
        if nm.TIME in result.curves:
            result.curves[nm.TIME] += (result.curves[col.CYCLE] - 1) * 2 * checked[0]
        return result
