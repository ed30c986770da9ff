"""Names that a sweep may vary: a condition, a setting of the experiment, a parameter of the set.

Conditions and settings are called as in Python (``current_mA_cm2``) or in words with a unit ("current [mA.cm-2]"), both in
any case; parameters by their full names.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from ..errors import ProtocolError, UnknownNameError, nearest

if TYPE_CHECKING:
    from ..experiments.protocol import Protocol
    from ..parameters import ParameterSet

CONDITIONS = ("stack_pressure_MPa", "temperature_C")
"""Arguments of `run` that are conditions."""
NOT_VARIED = ("keep",)
"""Settings that do not change what is computed."""
UNITS = {
    "mg_cm2": "mg.cm-2",
    "g_cm3": "g.cm-3",
    "mA_cm2": "mA.cm-2",
    "mAh_cm2": "mAh.cm-2",
    "mWh_cm2": "mWh.cm-2",
    "Ohm_cm2": "Ohm.cm2",
    "mAh_g": "mAh.g-1",
    "S_m2": "S.m-2",
    "mV_s": "mV.s-1",
    "cm2": "cm2",
    "mm": "mm",
    "MPa": "MPa",
    "Ohm": "Ohm",
    "Hz": "Hz",
    "mV": "mV",
    "Wh_kg": "Wh.kg-1",
    "Wh_L": "Wh.L-1",
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
    """The thing that a name stands for.

    Attributes
    ----------
    kind : str
        "condition", "setting" or "parameter".
    key : str
        Argument of `run`, field of the experiment, or name of the parameter.
    """

    kind: str
    key: str


def without_unit(name: str) -> str:
    """Return a Python name without the unit at its end.

    >>> without_unit("charge_current_mA_cm2"), without_unit("cycles")
    ('charge_current', 'cycles')
    """
    return next((name.removesuffix(f"_{end}") for end in UNITS if name.endswith(f"_{end}")), name)


def words(name: str) -> str:
    """Return a Python name in words, with its unit.

    >>> words("charge_current_mA_cm2"), words("temperature_C"), words("cycles")
    ('charge current [mA.cm-2]', 'temperature [degC]', 'cycles')
    """
    for end, unit in UNITS.items():
        if name.endswith(f"_{end}"):
            return f"{name.removesuffix(f'_{end}').replace('_', ' ')} [{unit}]"
    return name.replace("_", " ")


def known(experiment: "Protocol", parameters: "ParameterSet") -> dict[str, Target]:
    """Return every name that a sweep of this experiment with this set may vary, in words -> `Target`."""
    names = {words(key): Target("condition", key) for key in CONDITIONS}
    settings = [field.name for field in fields(experiment) if field.init and field.name not in NOT_VARIED]
    names |= {words(key): Target("setting", key) for key in settings}
    return names | {name: Target("parameter", name) for name in parameters.entries}


def targets(names: Sequence[str], experiment: "Protocol", parameters: "ParameterSet") -> dict[str, Target]:
    """Return name as given -> `Target`, in the order given.

    Parameters
    ----------
    names : sequence of str
        As in Python or in words, in any case.
    experiment : Protocol
    parameters : ParameterSet

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
    chosen: dict[str, Target] = {}
    for name in names:
        target = either.get(str(name).lower())
        if target is None:
            where = f"a setting of {type(experiment).__name__}, nor a parameter of set '{parameters.name}'"
            raise UnknownNameError(f"sweep: '{name}' is neither a condition, nor {where}.", nearest(name, shown))
        for other, taken in chosen.items():
            if taken == target:
                raise ProtocolError(f"sweep: '{other}' and '{name}' are the same; give one of them.")
        chosen[name] = target
    return chosen
