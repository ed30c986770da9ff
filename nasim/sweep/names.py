"""What a sweep may vary, by the name that a user writes: a condition, a setting of the experiment, a parameter.

Conditions and settings are called as in Python (``current_mA_cm2``) or in words with a unit ("current [mA.cm-2]"), both in
any case; parameters by their full names.
"""

from dataclasses import dataclass, fields

from ..errors import ProtocolError, UnknownNameError, nearest

CONDITIONS = ("stack_pressure_MPa", "temperature_C")
"""Arguments of `run` that are conditions."""
NOT_VARIED = ("keep",)
"""Settings that do not change what is computed."""
UNITS = {
    "mA_cm2": "mA.cm-2",
    "mAh_cm2": "mAh.cm-2",
    "mWh_cm2": "mWh.cm-2",
    "Ohm_cm2": "Ohm.cm2",
    "mAh_g": "mAh.g-1",
    "S_m2": "S.m-2",
    "mV_s": "mV.s-1",
    "MPa": "MPa",
    "Ohm": "Ohm",
    "Hz": "Hz",
    "mV": "mV",
    "um": "um",
    "C": "degC",
    "H": "H",
    "V": "V",
    "h": "h",
    "s": "s",
}
"""End of a Python name -> unit; a longer end comes before one that it ends with."""


@dataclass(frozen=True)
class Target:
    """What a name stands for: "condition", "setting" or "parameter", and what it is called there."""

    kind: str
    key: str


def without_unit(name):
    """Return a Python name without the unit at its end.

    >>> without_unit("charge_current_mA_cm2"), without_unit("cycles")
    ('charge_current', 'cycles')
    """
    return next((name.removesuffix(f"_{end}") for end in UNITS if name.endswith(f"_{end}")), name)


def words(name):
    """A Python name in words, with its unit.

    >>> words("charge_current_mA_cm2"), words("temperature_C"), words("cycles")
    ('charge current [mA.cm-2]', 'temperature [degC]', 'cycles')
    """
    for end, unit in UNITS.items():
        if name.endswith(f"_{end}"):
            return f"{name.removesuffix(f'_{end}').replace('_', ' ')} [{unit}]"
    return name.replace("_", " ")


def known(experiment, parameters):
    """Every name that a sweep of this experiment with this set may vary, as shown -> `Target`."""
    found = {words(key): Target("condition", key) for key in CONDITIONS}
    settings = [field.name for field in fields(experiment) if field.init and field.name not in NOT_VARIED]
    found |= {words(key): Target("setting", key) for key in settings}
    return found | {name: Target("parameter", name) for name in parameters.entries}


def targets(names, experiment, parameters):
    """Name as given -> `Target`, in the order given.

    Raises
    ------
    UnknownNameError
        There is no such condition, setting or parameter.
    ProtocolError
        Two names stand for the same.
    """
    shown = known(experiment, parameters)
    either = {name.lower(): target for name, target in shown.items()}
    either |= {target.key.lower(): target for target in shown.values()}
    found = {}
    for name in names:
        target = either.get(str(name).lower())
        if target is None:
            where = f"a setting of {type(experiment).__name__}, nor a parameter of set '{parameters.name}'"
            raise UnknownNameError(f"sweep: '{name}' is neither a condition, nor {where}.", nearest(name, shown))
        for other, taken in found.items():
            if taken == target:
                raise ProtocolError(f"sweep: '{other}' and '{name}' are the same; give one of them.")
        found[name] = target
    return found
