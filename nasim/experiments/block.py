"""A block of equal cycles, in lab units."""

import math
from dataclasses import dataclass, fields
from typing import Any

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..checks import (
    check_current,
    check_cycles,
    check_options,
    check_rest,
    check_window,
    require_positive,
)
from ..conditions import Conditions
from ..engine.runner import Cycle
from ..engine.setup import Setup
from ..engine.stepper import Step
from ..parameters import ParameterSet
from ..submodels.active_material import CATHOLYTE_MATERIAL, SULFUR_MATERIAL, charge_per_electron, loading
from ..units import SECONDS_PER_HOUR, CurrentDensity

MATERIALS = ((nm.SULFUR, SULFUR_MATERIAL), (nm.SB_S, CATHOLYTE_MATERIAL))
ENDLESS = 2.0
"""A half cycle that passes more than this share of what the cathode could hold in all reactions never ends."""
LONGEST_HOLD_H = 24.0


@dataclass(frozen=True)
class Block:
    """Equal cycles, each a discharge, then a charge.

    Parameters
    ----------
    cycles : int
        Number of cycles.
    current_mA_cm2 : float or str, optional
        Current density of the discharge [mA cm-2], or as C-rate ("0.1C"), and of the charge unless given; default that of the parameter set.
    charge_current_mA_cm2 : float or str, optional
        Current density of the charge [mA cm-2], or as C-rate.
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set.
    hold_until_mA_cm2 : float or str, optional
        After the charge, hold the upper cut-off until the current has fallen to this [mA cm-2], or C-rate (CC-CV).
    rest_h : float
        Rest after each half cycle [h].
    capacity_limit_mAh_cm2 : float, optional
        End each half cycle at this capacity [mAh cm-2] if the cut-off has not come before.
    stack_pressure_MPa, temperature_C : float, optional
        Conditions of this block [MPa, degC]; default those of the run.
    """

    cycles: int = 1
    current_mA_cm2: CurrentDensity | None = None
    charge_current_mA_cm2: CurrentDensity | None = None
    window: tuple[float, float] | None = None
    hold_until_mA_cm2: CurrentDensity | None = None
    rest_h: float = 0.0
    capacity_limit_mAh_cm2: float | None = None
    stack_pressure_MPa: float | None = None
    temperature_C: float | None = None

    def __new__(cls, *values: Any, **options: Any) -> "Block":
        """Refuse an option that there is not, with the nearest name."""
        check_options("Block", options, [each.name for each in fields(cls)])
        return super().__new__(cls)

    def check(self, who: str) -> None:
        """Check the values.

        Parameters
        ----------
        who : str
            What the message begins with.

        Raises
        ------
        ProtocolError
            A value makes no sense.
        """
        check_cycles(who, self.cycles)
        for name in ("current_mA_cm2", "charge_current_mA_cm2", "hold_until_mA_cm2"):
            if getattr(self, name) is not None:
                check_current(who, name.removesuffix("_mA_cm2").replace("_", " "), getattr(self, name))
        if self.capacity_limit_mAh_cm2 is not None:
            require_positive(who, "capacity limit", self.capacity_limit_mAh_cm2, "mAh cm-2")
        check_rest(who, self.rest_h)
        check_window(who, self.window, 0.0, math.inf)
        self.conditions.check(who)

    @property
    def conditions(self) -> Conditions:
        """Conditions of this block that differ from those of the run."""
        return Conditions(self.stack_pressure_MPa, self.temperature_C)

    def plan(self, setup: Setup) -> list[Cycle]:
        """Return all cycles of the block.

        Parameters
        ----------
        setup : Setup
            The cell: its set has the defaults.
        """
        return [Cycle(self.steps(setup), self.conditions.inputs())] * int(self.cycles)

    def steps(self, setup: Setup) -> list[Step]:
        """Return the steps of one cycle.

        Parameters
        ----------
        setup : Setup
            The cell: its set has the defaults.
        """
        lower, upper = (setup.lower, setup.upper) if self.window is None else self.window
        out = setup.current_density(self.current_mA_cm2)
        back = out if self.charge_current_mA_cm2 is None else setup.current_density(self.charge_current_mA_cm2)
        most = ENDLESS * theoretical_charge(setup.parameters)
        limit = most if self.capacity_limit_mAh_cm2 is None else to_C_m2(self.capacity_limit_mAh_cm2)
        steps = [self._constant("discharge", out, lower, limit), *self._rest()]
        steps.append(self._constant("charge", -back, upper, limit))
        if self.hold_until_mA_cm2 is not None:
            until = -setup.current_density(self.hold_until_mA_cm2)
            steps.append(Step("hold", SECONDS_PER_HOUR * LONGEST_HOLD_H, voltage=upper, until_current=until))
        return [*steps, *self._rest()]

    def _constant(self, kind, current, cut_off, limit):
        limited = self.capacity_limit_mAh_cm2 is not None
        return Step(kind, limit / abs(current), current=current, until_voltage=cut_off, may_time_out=limited)

    def _rest(self):
        return [Step("rest", SECONDS_PER_HOUR * self.rest_h)] if self.rest_h else []


def theoretical_charge(parameters: ParameterSet) -> float:
    """Return the charge [C m-2] that the cathode takes up if every reaction runs to its end, deep reduction included."""
    value = parameters.value
    total = 0.0
    for chain, material in MATERIALS:
        mass = loading(value(nm.COMPOSITE_MASS), value(material.mass_fraction), value(nm.AREA))
        electrons = sum(value(chain.n(k)) for k in chain.links)
        total += electrons * charge_per_electron(mass, value(material.molar_mass))
    return total
