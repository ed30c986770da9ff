"""A block of equal cycles: what to do in each of them, in lab units."""

import math
from dataclasses import dataclass

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..checks import (
    PRESSURE_RANGE_MPA,
    TEMPERATURE_RANGE_C,
    ZERO_CELSIUS,
    check_cycles,
    check_window,
    require_positive,
    require_within,
)
from ..engine.stepper import Step
from ..submodels.active_material import CATHOLYTE_MATERIAL, SULFUR_MATERIAL, charge_per_electron, loading

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
    current_mA_cm2 : float, optional
        Current density of the discharge, and of the charge unless given; default that of the parameter set.
    charge_current_mA_cm2 : float, optional
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set.
    hold_until_mA_cm2 : float, optional
        After the charge, hold the upper cut-off until the current has fallen to this (CC-CV).
    rest_h : float
        Rest after each half cycle [h].
    capacity_limit_mAh_cm2 : float, optional
        End each half cycle at this capacity if the cut-off has not come before.
    stack_pressure_MPa, temperature_C : float, optional
        Conditions of this block; default those of the run.
    """

    cycles: int = 1
    current_mA_cm2: float | None = None
    charge_current_mA_cm2: float | None = None
    window: tuple[float, float] | None = None
    hold_until_mA_cm2: float | None = None
    rest_h: float = 0.0
    capacity_limit_mAh_cm2: float | None = None
    stack_pressure_MPa: float | None = None
    temperature_C: float | None = None

    def check(self, who):
        """Raise ProtocolError where a value makes no sense."""
        check_cycles(who, self.cycles)
        for name in ("current_mA_cm2", "charge_current_mA_cm2", "hold_until_mA_cm2", "capacity_limit_mAh_cm2"):
            if getattr(self, name) is not None:
                words = name.replace("_mA_cm2", "").replace("_mAh_cm2", "").replace("_", " ")
                require_positive(who, words, getattr(self, name), "mAh cm-2" if "limit" in name else "mA cm-2")
        require_within(who, "rest", self.rest_h, "h", (0.0, 1e6))
        check_window(who, self.window, 0.0, math.inf)
        if self.stack_pressure_MPa is not None:
            require_within(who, "stack pressure", self.stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
        if self.temperature_C is not None:
            require_within(who, "temperature", self.temperature_C, "degC", TEMPERATURE_RANGE_C)

    def conditions(self):
        """Conditions of this block that differ from those of the run, by parameter name, SI."""
        found = {}
        if self.stack_pressure_MPa is not None:
            found[nm.APPLIED_PRESSURE] = 1e6 * self.stack_pressure_MPa
        if self.temperature_C is not None:
            found[nm.AMBIENT_TEMPERATURE] = self.temperature_C + ZERO_CELSIUS
        return found

    def steps(self, setup):
        """The steps of one cycle for a `Setup`, a list of `Step`."""
        lower, upper = (setup.lower, setup.upper) if self.window is None else self.window
        out = setup.current if self.current_mA_cm2 is None else 10.0 * self.current_mA_cm2
        back = out if self.charge_current_mA_cm2 is None else 10.0 * self.charge_current_mA_cm2
        most = ENDLESS * theoretical_charge(setup.parameters)
        limit = most if self.capacity_limit_mAh_cm2 is None else to_C_m2(self.capacity_limit_mAh_cm2)
        steps = [self._constant("discharge", out, lower, limit), *self._rest()]
        steps.append(self._constant("charge", -back, upper, limit))
        if self.hold_until_mA_cm2 is not None:
            until = -10.0 * self.hold_until_mA_cm2
            steps.append(Step("hold", 3600 * LONGEST_HOLD_H, voltage=upper, until_current=until))
        return [*steps, *self._rest()]

    def _constant(self, kind, current, cut_off, limit):
        limited = self.capacity_limit_mAh_cm2 is not None
        return Step(kind, limit / abs(current), current=current, until_voltage=cut_off, may_time_out=limited)

    def _rest(self):
        return [Step("rest", 3600 * self.rest_h)] if self.rest_h else []


def theoretical_charge(parameters):
    """What the cathode of a `ParameterSet` holds if every reaction runs to its end, deep reduction included [C m-2]."""
    value = parameters.value
    total = 0.0
    for chain, material in MATERIALS:
        mass = loading(value(nm.COMPOSITE_MASS), value(material.mass_fraction), value(nm.AREA))
        electrons = sum(value(chain.n(k)) for k in chain.links)
        total += electrons * charge_per_electron(mass, value(material.molar_mass))
    return total
