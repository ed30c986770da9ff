"""From arguments in lab units to a cell under given conditions, ready for a protocol."""

import os
from dataclasses import dataclass, field

from .. import nomenclature as nm
from ..errors import ParameterSetError, ProtocolError
from ..models.compose import CellModel
from ..parameters import ParameterSet, load
from .accounts import Accounts
from .checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, check_window, require_within
from .kept import KeptCell
from .recorder import Recorder
from .stepper import Stepper

DEFAULT_SET = "Yuan2025_NAS"


@dataclass(frozen=True)
class Setup:
    """A cell under given conditions, ready for a protocol."""

    stepper: Stepper
    recorder: Recorder
    parameters: object
    conditions: dict
    lower: float
    upper: float
    overrides: dict
    """Values that differ from those of the set, by name."""
    current: float
    """Default current density of the set [A m-2]."""
    events: list = field(default_factory=list)
    """What happened on the way that a user should know, as text."""


def prepare(
    who,
    model=None,
    parameters=None,
    stack_pressure_MPa=None,
    temperature_C=None,
    overrides=None,
    solver=None,
    window=None,
    kind="full",
    default=DEFAULT_SET,
):
    """Load the set, check conditions and build the model: a `Setup`.

    `kind` is the cell that the protocol makes sense for ("full", "symmetric", "blocking"), None for any; `default` the
    set that is taken where none is given.
    """
    given = _loaded(who, parameters, default)
    if not isinstance(model, CellModel | KeptCell | None):
        raise ProtocolError(
            f"{who} needs a nasim cell as its model; {model!r} was given. A parameter set comes second."
        )
    parameters = given.with_overrides(overrides) if overrides else given
    changed = {
        name: parameters.value(name) for name in parameters.entries if parameters.entries[name] != given.entries[name]
    }
    conditions = _conditions(who, parameters, stack_pressure_MPa, temperature_C)
    lower, upper = check_window(who, window, parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    cell = model if isinstance(model, KeptCell) else KeptCell(model)
    if cell.model is None:
        _check_kind(who, parameters, kind)
    stepper = cell.stepper(parameters, conditions, solver)
    current = abs(parameters.value(nm.CURRENT_FUNCTION)) / parameters.value(nm.AREA)
    return Setup(stepper, _recorder(stepper, parameters), parameters, conditions, lower, upper, changed, current)


def _loaded(who, parameters, default):
    if isinstance(parameters, str | os.PathLike | None):
        return load(parameters or default)
    if not isinstance(parameters, ParameterSet):
        kind = type(parameters).__name__
        raise ParameterSetError(
            f"{who} needs the name or file of a parameter set, or a ParameterSet; a {kind} was given."
        )
    return parameters


def _conditions(who, parameters, stack_pressure_MPa, temperature_C):
    """Pressure and temperature by parameter name, SI: those given, else those of the set."""
    conditions = {name: parameters.value(name) for name in (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE)}
    if stack_pressure_MPa is not None:
        pressure = require_within(who, "stack pressure", stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
        conditions[nm.APPLIED_PRESSURE] = pressure * 1e6
    if temperature_C is not None:
        celsius = require_within(who, "temperature", temperature_C, "degC", TEMPERATURE_RANGE_C)
        conditions[nm.AMBIENT_TEMPERATURE] = celsius + ZERO_CELSIUS
    return conditions


def _check_kind(who, parameters, kind):
    """Raise ProtocolError unless the set describes a cell of this kind."""
    if kind not in (None, parameters.cell.model):
        raise ProtocolError(
            f"{who} needs a {kind} cell, but parameter set '{parameters.name}' describes a {parameters.cell.model} cell."
        )


def _recorder(stepper, parameters):
    sulfur = None
    if nm.SULFUR.amount in stepper.model.variables:
        sulfur = parameters.value(nm.COMPOSITE_MASS) * parameters.value(nm.SULFUR_MASS_FRACTION)
    return Recorder(stepper, parameters.value(nm.AREA), sulfur, Accounts(stepper, parameters))
