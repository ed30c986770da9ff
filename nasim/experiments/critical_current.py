"""Critical current density: a symmetric cell is cycled at rising currents until it shorts."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..checks import check_cycles, require_positive, require_within
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.ramps import CriticalCurrentRamp
from ..units import SECONDS_PER_HOUR, to_A_m2, to_mA_cm2
from .protocol import Protocol


@dataclass(frozen=True)
class CriticalCurrent(Protocol):
    """Plating and stripping at stepwise rising current until so much of it passes as electrons: a soft or a hard short.

    `run` gives a `CriticalCurrentRamp`; the summary has, at the end of each cycle, the overpotential, the apparent
    resistance and the share of the current that leaks through the electrolyte.

    Parameters
    ----------
    first_mA_cm2 : float
        First current density [mA cm-2].
    step_mA_cm2 : float
        Rise of the current density from step to step [mA cm-2].
    highest_mA_cm2 : float
        Last current density that is tried [mA cm-2].
    cycles_per_step : int
        Cycles at each current.
    half_cycle_h : float
        Length of each half cycle [h], so that the charge rises with the current.
    capacity_mAh_cm2 : float, optional
        Charge of each half cycle [mAh cm-2], so that its length falls with the current, instead.
    short_share : float
        The cell counts as shorted where at least this share of the current leaks.
    voltage_limit_V : float
        Voltage of either sign at which the cycler ends the test [V].

    Raises
    ------
    ProtocolError
        On `run`: a number or condition that makes no sense.
    """

    first_mA_cm2: float = 0.1
    step_mA_cm2: float = 0.1
    highest_mA_cm2: float = 3.0
    cycles_per_step: int = 1
    half_cycle_h: float = 1.0
    capacity_mAh_cm2: float | None = None
    short_share: float = 0.1
    voltage_limit_V: float = 5.0
    name: ClassVar[str] = "ccd"
    example: ClassVar[str] = "--first 0.1 --step 0.1 --highest 3 --pressure 62.5"
    cell: ClassVar[str] = "symmetric"
    parameter_set: ClassVar[str] = "Yuan2025_symmetric_NAS"
    result: ClassVar[type[CriticalCurrentRamp]] = CriticalCurrentRamp

    def check(self):
        """Return the currents [A m-2]."""
        who, unit = "CriticalCurrent", "mA cm-2"
        first = require_positive(who, "first current", self.first_mA_cm2, unit)
        step = require_positive(who, "step of the current", self.step_mA_cm2, unit)
        highest = require_positive(who, "highest current", self.highest_mA_cm2, unit)
        if highest < first:
            raise ProtocolError(
                f"{who}: the highest current, {highest:g} mA cm-2, is below the first, {first:g} mA cm-2."
            )
        check_cycles(who, self.cycles_per_step)
        require_positive(who, "length of a half cycle", self.half_cycle_h, "h")
        if self.capacity_mAh_cm2 is not None:
            require_positive(who, "capacity", self.capacity_mAh_cm2, "mAh cm-2")
        require_within(who, "share that counts as a short", self.short_share, "", (1e-6, 1.0))
        require_positive(who, "voltage limit", self.voltage_limit_V, "V")
        return to_A_m2(first + step * np.arange(int((highest - first) / step + 1e-9) + 1))

    def total(self):
        return len(self.check()) * self.cycles_per_step

    def plan(self, setup, checked):
        """Yield the cycles, current by current."""
        for current in checked.tolist():
            half = SECONDS_PER_HOUR * self.half_cycle_h
            if self.capacity_mAh_cm2 is not None:
                half = to_C_m2(self.capacity_mAh_cm2) / current
            limits: dict[str, Any] = {"until_voltage": self.voltage_limit_V, "at_the_limit": True}
            down: dict[str, Any] = limits | {"until_voltage": -self.voltage_limit_V}
            steps = [Step("discharge", half, current=current, **down), Step("charge", half, current=-current, **limits)]
            for _ in range(int(self.cycles_per_step)):
                yield Cycle(steps)

    def watch(self, setup):
        def reason(number, row):
            _judge(row)
            if row[col.LEAK_SHARE] >= self.short_share:
                current = row[col.APPLIED_CURRENT]
                return f"short at {current:.4g} mA cm-2: {100 * row[col.LEAK_SHARE]:.3g} % of the current leaks"
            return None

        return reason

    def perform(self, setup, checked, progress, first=1):
        """Run the ramp; the time of the curves runs through all cycles."""
        setup.recorder.watch(col.END_OVERPOTENTIAL, nm.VOLTAGE, 1e3)
        setup.recorder.watch(col.LEAK_SHARE, nm.LEAK_CURRENT, to_mA_cm2(1.0))
        result = super().perform(setup, checked, progress, first)
        starts = np.concatenate([[0.0], result.summary[col.END_TIME].to_numpy()[:-1]]) * SECONDS_PER_HOUR
        result.curves[nm.TIME] += starts[result.curves[col.CYCLE].to_numpy(int) - 1]
        return result


def _judge(row):
    """Turn the leak at the end of a cycle into a share of the current, and add the apparent resistance [Ohm cm2]."""
    row[col.LEAK_SHARE] = abs(row[col.LEAK_SHARE]) / row[col.APPLIED_CURRENT]
    row[col.APPARENT_RESISTANCE] = abs(row[col.END_OVERPOTENTIAL]) / row[col.APPLIED_CURRENT]
