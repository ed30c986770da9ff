"""Potentiostatic holds: current against time at constant voltage, and what is left of it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from ..analysis.holding import hold_table
from ..checks import VOLTAGE_RANGE_V, check_current, require_positive, require_within
from ..engine.runner import Cycle
from ..engine.stepper import Step, open_circuit_voltage
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.in_time import HoldResult
from ..units import SECONDS_PER_HOUR, CurrentDensity
from .protocol import Protocol


@dataclass(frozen=True)
class Hold(Protocol):
    """The voltage is held, one value after the other; the current decays to what leak and side reactions take.

    `run` gives a `HoldResult`: a cycle is a voltage; the summary has first and residual current, charge and time of decay.

    Parameters
    ----------
    voltages_V : float or sequence of float
        Held voltages [V].
    hours : float
        Longest time at each [h].
    until_mA_cm2 : float or str, optional
        Go on when the current has fallen to this [mA cm-2] or C-rate.
    approach_mA_cm2 : float or str, optional
        Constant current density [mA cm-2], or C-rate, up or down to each voltage; default a step of the voltage.

    Raises
    ------
    ProtocolError
        On `run`: a voltage, time, current or condition that makes no sense.
    """

    voltages_V: float | tuple[float, ...] = 1.5
    hours: float = 10.0
    until_mA_cm2: CurrentDensity | None = None
    approach_mA_cm2: CurrentDensity | None = None
    name: ClassVar[str] = "hold"
    example: ClassVar[str] = "--voltages 1.8 1.5 1.2 --hours 10"
    cell: ClassVar[None] = None
    result: ClassVar[type[HoldResult]] = HoldResult

    def check(self):
        """Return the voltages [V]."""
        require_positive("Hold", "length of a hold", self.hours, "h")
        for name in ("until_mA_cm2", "approach_mA_cm2"):
            if getattr(self, name) is not None:
                check_current("Hold", f"{name.removesuffix('_mA_cm2')} current", getattr(self, name))
        limits = (-VOLTAGE_RANGE_V[1], VOLTAGE_RANGE_V[1])
        voltages = np.atleast_1d(self.voltages_V).tolist()
        if not voltages:
            raise ProtocolError("Hold: voltages_V is empty; at least one voltage is needed.")
        return [require_within("Hold", "voltage", voltage, "V", limits) for voltage in voltages]

    def total(self):
        return len(self.check())

    def plan(self, setup, checked):
        """Yield a hold, with its approach, for each voltage."""
        for voltage in checked:
            sense = 1.0 if open_circuit_voltage(setup.stepper) > voltage else -1.0
            steps = [
                Step("hold", SECONDS_PER_HOUR * self.hours, voltage=voltage, until_current=self._until(setup, sense))
            ]
            if self.approach_mA_cm2 is not None:
                steps = [*self._approach(setup, voltage, sense), *steps]
            yield Cycle(steps)

    def _approach(self, setup, voltage, sense):
        """The step up or down to a voltage; none where the cell is there as soon as that current flows."""
        stepper, current = setup.stepper, sense * setup.current_density(self.approach_mA_cm2)
        flowing = stepper.idle | {nm.STEP_CURRENT: current}
        V = float(stepper.observe([nm.VOLTAGE], np.zeros(1), stepper.y, flowing)[0, 0])
        if sense * (V - voltage) <= 0:
            return []
        kind = "discharge" if sense > 0 else "charge"
        return [Step(kind, 1e3 * SECONDS_PER_HOUR, current=current, until_voltage=voltage)]

    def _until(self, setup, sense):
        return None if self.until_mA_cm2 is None else sense * setup.current_density(self.until_mA_cm2)

    def perform(self, setup, checked, progress, first=1):
        """Hold the voltages; the summary gets what each hold says."""
        result = super().perform(setup, checked, progress, first)
        table = hold_table(result.curves).set_index("cycle").reindex(result.summary[col.NUMBER])
        for place, name in enumerate(table, start=1):
            result.summary.insert(place, name, table[name].to_numpy())
        return result
