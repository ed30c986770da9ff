"""What a cell goes through before and during a curve: half cycles as the cycler ran them, and how the cell was kept."""

from dataclasses import dataclass

from ..analysis import to_C_m2

LONGEST_HOLD_H = 24.0
DIRECTIONS = ("discharge", "charge")


@dataclass(frozen=True)
class Leg:
    """One half cycle: rest, constant current to a cut-off or capacity, perhaps a hold of the cut-off.

    current_mA_cm2 is positive on discharge. The leg ends at `until_V` or at `most_mAh_cm2`, whichever comes first.
    """

    current_mA_cm2: float
    until_V: float | None = None
    most_mAh_cm2: float = 5.0
    rest_h: float = 0.0
    hold_until_mA_cm2: float | None = None

    @property
    def direction(self):
        return DIRECTIONS[self.current_mA_cm2 < 0]

    def steps(self):
        """The steps of a `Stepper`, the one at constant current, and its place among them."""
        from ..engine.stepper import Step

        current = 10.0 * self.current_mA_cm2
        steps = [Step("rest", 3600 * self.rest_h)] if self.rest_h else []
        duration = to_C_m2(self.most_mAh_cm2) / abs(current)
        steps.append(Step(self.direction, duration, current=current, until_voltage=self.until_V, may_time_out=True))
        place = len(steps) - 1
        if self.hold_until_mA_cm2 is not None:
            until = 10.0 * self.hold_until_mA_cm2 * (1 if self.current_mA_cm2 > 0 else -1)
            steps.append(Step("hold", 3600 * LONGEST_HOLD_H, voltage=self.until_V, until_current=until))
        return steps, place


@dataclass(frozen=True)
class Conditions:
    """Which cell, and how it was kept; None is the value of the parameter set, `parameters` None the set of the start.

    `overrides` are pairs (parameter, value) of what differs in this cell, such as its loading.
    """

    parameters: str | None = None
    temperature_C: float | None = None
    stack_pressure_MPa: float | None = None
    overrides: tuple[tuple[str, float], ...] = ()

    def inputs(self):
        """Parameter -> value, SI, of what is not left to the set."""
        from .. import nomenclature as nm
        from ..checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, require_within

        found = dict(self.overrides)
        if self.temperature_C is not None:
            celsius = require_within("fit", "temperature", self.temperature_C, "degC", TEMPERATURE_RANGE_C)
            found[nm.AMBIENT_TEMPERATURE] = celsius + ZERO_CELSIUS
        if self.stack_pressure_MPa is not None:
            pressure = require_within("fit", "stack pressure", self.stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
            found[nm.APPLIED_PRESSURE] = 1e6 * pressure
        return found
