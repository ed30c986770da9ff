"""The conditions of a run: stack pressure, temperature, and values that differ from those of the parameter set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import nomenclature as nm
from .checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, require_within
from .units import PA_PER_MPA, to_kelvin

LIMITS = {
    "stack_pressure_MPa": ("stack pressure", "MPa", PRESSURE_RANGE_MPA),
    "temperature_C": ("temperature", "degC", TEMPERATURE_RANGE_C),
}
"""Argument of `run` -> name, unit and possible range of a condition."""
Overrides = Mapping[str, float | str] | Sequence[str] | None
"""Parameter -> value in SI units, or texts "NAME=VALUE"."""


def check_condition(who: str, key: str, value: float) -> float:
    """Return the value of a condition as float.

    Parameters
    ----------
    who : str
        What a message begins with.
    key : str
        "stack_pressure_MPa" or "temperature_C".
    value : float
        MPa or degC.

    Raises
    ------
    ProtocolError
        It is no finite number within the range of `LIMITS`.

    Examples
    --------
    >>> check_condition("GCD", "stack_pressure_MPa", 20)
    20.0
    """
    name, unit, limits = LIMITS[key]
    return require_within(who, name, value, unit, limits)


@dataclass(frozen=True)
class Conditions:
    """Conditions in lab units; None is the value of the parameter set.

    Parameters
    ----------
    stack_pressure_MPa : float, optional
        Stack pressure [MPa].
    temperature_C : float, optional
        Ambient temperature [degC].
    overrides : mapping name -> value, or sequence of "NAME=VALUE", optional
        Values [SI units] that differ from those of the set.

    Examples
    --------
    >>> Conditions(stack_pressure_MPa=20, temperature_C=25).inputs()
    {'Applied stack pressure [Pa]': 20000000.0, 'Ambient temperature [K]': 298.15}
    """

    stack_pressure_MPa: float | None = None
    temperature_C: float | None = None
    overrides: Overrides = None

    def check(self, who: str) -> "Conditions":
        """Return the conditions themselves; ProtocolError where pressure or temperature is impossible."""
        for key in LIMITS:
            if getattr(self, key) is not None:
                check_condition(who, key, getattr(self, key))
        return self

    def inputs(self) -> dict[str, float]:
        """Return pressure [Pa] and temperature [K] by parameter name, those that are given."""
        given = {}
        if self.stack_pressure_MPa is not None:
            given[nm.APPLIED_PRESSURE] = float(self.stack_pressure_MPa) * PA_PER_MPA
        if self.temperature_C is not None:
            given[nm.AMBIENT_TEMPERATURE] = to_kelvin(float(self.temperature_C))
        return given
