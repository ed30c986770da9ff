"""From arguments in lab units to a cell under given conditions, ready for a protocol."""

import os
from dataclasses import dataclass, field

from .. import nomenclature as nm
from ..checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, check_window, require_within
from ..errors import ParameterSetError, ProtocolError
from ..models.blocking_cell import BlockingCell
from ..models.build import departure
from ..models.compose import CellModel
from ..models.full_cell import FullCell
from ..models.symmetric_cell import SymmetricCell
from ..parameters import ParameterSet, load
from .built_cell import KeptCell
from .ledger_rows import Accounts
from .recorder import Recorder
from .stepper import Stepper

DEFAULT_SET = "Yuan2025_NAS"
KINDS = {"full": FullCell, "symmetric": SymmetricCell, "blocking": BlockingCell}
"""Kind of cell, as the [cell] table of a set has it -> the models of that kind."""


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
    """Default current density [A m-2]: "Current function [A]" of the set over its electrode area."""
    kind: str
    """Kind of cell: "full", "symmetric" or "blocking"."""
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
    found = _checked_kind(who, cell.model, parameters, kind)
    stepper = cell.stepper(parameters, conditions, solver)
    current = abs(parameters.value(nm.CURRENT_FUNCTION)) / parameters.value(nm.AREA)
    recorder = _recorder(stepper, parameters)
    told = [departure(cell.model, parameters)] if cell.model is not None else []
    events = [each for each in told if each]
    return Setup(stepper, recorder, parameters, conditions, lower, upper, changed, current, found, events)


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


def _checked_kind(who, model, parameters, kind):
    """Kind of the cell; ProtocolError unless it and the set's are `kind` (None: any), ParameterSetError for an
    impossible composite.

    A model composed freely, of no known kind, counts as what the set describes.
    """
    described = parameters.cell.model
    found = next((name for name, cls in KINDS.items() if isinstance(model, cls)), described)
    if kind not in (None, found):
        what = f"parameter set '{parameters.name}' describes" if model is None else f"the model '{model.name}' is"
        raise ProtocolError(f"{who} needs a {kind} cell, but {what} a {found} cell.")
    if kind not in (None, described):
        raise ProtocolError(
            f"{who} needs a {kind} cell, but parameter set '{parameters.name}' describes a {described} cell; expected a "
            f"set for the model '{model.name}'."
        )
    if model is not None:
        parameters.check_mixture([chain.name for chain in (nm.SULFUR, nm.SB_S) if chain.amount in model.variables])
    return found


def _recorder(stepper, parameters):
    sulfur = None
    if nm.SULFUR.amount in stepper.model.variables:
        sulfur = parameters.value(nm.COMPOSITE_MASS) * parameters.value(nm.SULFUR_MASS_FRACTION)
    return Recorder(stepper, parameters.value(nm.AREA), sulfur, Accounts(stepper, parameters))
