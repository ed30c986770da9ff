"""What a cell goes through before and during a curve: half cycles as the cycler ran them, and how the cell was kept."""

from dataclasses import dataclass

from .. import conditions
from ..analysis import to_C_m2
from ..engine.stepper import Step
from ..units import SECONDS_PER_HOUR, to_A_m2

LONGEST_HOLD_H = 24.0
DIRECTIONS = ("discharge", "charge")


@dataclass(frozen=True)
class Leg:
    """One half cycle: rest, constant current to a cut-off or capacity, perhaps a hold of the cut-off.

    The half cycle ends at `until_V` or at `most_mAh_cm2`, whichever comes first.

    Parameters
    ----------
    current_mA_cm2 : float
        Current density [mA cm-2], positive on discharge.
    until_V : float, optional
        Cut-off [V].
    most_mAh_cm2 : float
        Capacity [mAh cm-2].
    rest_h : float
        Rest before the current [h].
    hold_until_mA_cm2 : float, optional
        Hold the cut-off until the current has fallen to this [mA cm-2].
    """

    current_mA_cm2: float
    until_V: float | None = None
    most_mAh_cm2: float = 5.0
    rest_h: float = 0.0
    hold_until_mA_cm2: float | None = None

    @property
    def direction(self) -> str:
        """ "discharge" or "charge"."""
        return DIRECTIONS[self.current_mA_cm2 < 0]

    def steps(self) -> tuple[list[Step], int]:
        """Return the steps of the half cycle, and the place of the one at constant current among them."""
        current = to_A_m2(self.current_mA_cm2)
        steps = [Step("rest", SECONDS_PER_HOUR * self.rest_h)] if self.rest_h else []
        duration = to_C_m2(self.most_mAh_cm2) / abs(current)
        steps.append(Step(self.direction, duration, current=current, until_voltage=self.until_V, may_time_out=True))
        place = len(steps) - 1
        if self.hold_until_mA_cm2 is not None:
            until = to_A_m2(self.hold_until_mA_cm2) * (1 if self.current_mA_cm2 > 0 else -1)
            hold = Step("hold", SECONDS_PER_HOUR * LONGEST_HOLD_H, voltage=self.until_V, until_current=until)
            steps.append(hold)
        return steps, place


@dataclass(frozen=True, kw_only=True)
class Conditions(conditions.Conditions):
    """Which cell a curve was measured on, and how it was kept; None is the value of the parameter set.

    Parameters
    ----------
    stack_pressure_MPa, temperature_C : float, optional
        Stack pressure [MPa] and ambient temperature [degC].
    overrides : tuple of (parameter, value)
        Values [SI units] that differ in this cell, such as its loading.
    parameters : str, optional
        Name or file of the parameter set; default the set that the fit starts from.
    """

    overrides: tuple[tuple[str, float], ...] = ()
    parameters: str | None = None

    def inputs(self) -> dict[str, float]:
        """Return parameter -> value [SI units] of all that is not left to the set.

        Raises
        ------
        ProtocolError
            Pressure or temperature is impossible.
        """
        self.check("fit")
        return dict(self.overrides) | super().inputs()
