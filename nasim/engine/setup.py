"""From arguments in lab units to a cell under given conditions, ready for a protocol."""

import os
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from .. import nomenclature as nm
from ..checks import check_window
from ..conditions import Conditions
from ..errors import ParameterSetError, ProtocolError, brief
from ..parameters import ParameterSet, load
from ..units import CurrentDensity, current_density
from .built_cell import KeptCell
from .integrators import Solver
from .ledger_rows import DischargeLedger
from .recorder import Recorder
from .stepper import Stepper

if TYPE_CHECKING:
    from ..models.compose import CellModel

DEFAULT_SET = "Yuan2025_NAS"
CELLS = {"full": "FullCell", "symmetric": "SymmetricCell", "blocking": "BlockingCell"}
"""Kind of cell, as the [cell] table of a set has it -> the models of that kind, in a module of that name."""


@dataclass(frozen=True)
class Setup:
    """A cell under given conditions, ready for a protocol.

    Attributes
    ----------
    stepper : Stepper
    recorder : Recorder
    parameters : ParameterSet
    conditions : dict
        Pressure and temperature [SI] by parameter name.
    lower, upper : float
        Voltage window [V].
    overrides : dict
        Values that differ from those of the set, by name.
    current : float
        Default current density [A m-2]: "Current function [A]" of the set over its electrode area.
    kind : str
        "full", "symmetric" or "blocking".
    """

    stepper: Stepper
    recorder: Recorder
    parameters: ParameterSet
    conditions: dict[str, float]
    lower: float
    upper: float
    overrides: dict[str, float]
    current: float
    kind: str

    def current_density(self, given: CurrentDensity | None) -> float:
        """Return a current density [A m-2] from one in mA cm-2 or a C-rate of the nominal capacity; None is the default."""
        if given is None:
            return self.current
        return current_density(given, self.parameters.value(nm.NOMINAL_CAPACITY) / self.parameters.value(nm.AREA))

    @property
    def voltage_reference(self) -> str | None:
        """What the voltage of the cell is against, as figures name it; None where the set does not say."""
        return getattr(self.parameters, "voltage_reference", None)


def prepare(
    who: str,
    model: "CellModel | KeptCell | None" = None,
    parameters: str | os.PathLike | ParameterSet | None = None,
    conditions: Conditions | None = None,
    solver: Solver = None,
    window: tuple[float, float] | None = None,
    kind: str | None = "full",
    default: str = DEFAULT_SET,
) -> Setup:
    """Load the set, check conditions and build the model.

    Parameters
    ----------
    who : str
        What a message begins with.
    model, parameters, solver
        As for `Protocol.run`.
    conditions : Conditions, optional
        Default those of the set.
    window : (float, float), optional
        Lower and upper voltage [V]; default those of the set.
    kind : str or None
        Cell that the protocol makes sense for ("full", "symmetric", "blocking"), None for any.
    default : str
        Set that is taken where none is given.

    Raises
    ------
    ProtocolError, ParameterSetError, UnknownNameError
        Something given makes no sense.
    """
    given = _loaded(who, parameters, default)
    alone = model.model if isinstance(model, KeptCell) else model
    if alone is not None and not is_cell(alone):
        raise ProtocolError(
            f"{who} needs a nasim cell as its model; {brief(alone)} was given. A parameter set comes second."
        )
    conditions = (conditions or Conditions()).check(who)
    parameters, changed = given, {}
    if conditions.overrides:
        parameters = given.with_overrides(conditions.overrides)
        pairs = ((name, entry, given.entries[name]) for name, entry in parameters.entries.items())
        changed = {
            name: parameters.value(name) for name, entry, before in pairs if entry is not before and entry != before
        }
    inputs = {name: parameters.value(name) for name in (nm.APPLIED_PRESSURE, nm.AMBIENT_TEMPERATURE)}
    inputs |= conditions.inputs()
    lower, upper = check_window(who, window, parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF))
    cell = model if isinstance(model, KeptCell) else KeptCell(model)
    kind = _checked_kind(who, cell.model, parameters, kind)
    stepper = cell.stepper(parameters, inputs, solver)
    current = abs(parameters.value(nm.CURRENT_FUNCTION)) / parameters.value(nm.AREA)
    recorder = _recorder(stepper, parameters)
    if cell.model is not None:
        from ..models.build import departure

        event = departure(cell.model, parameters)
        if event:
            recorder.note(event)
    return Setup(stepper, recorder, parameters, inputs, lower, upper, changed, current, kind)


def is_cell(model: object) -> bool:
    """Whether something is a model that nasim composed."""
    from ..models.compose import CellModel

    return isinstance(model, CellModel)


def _loaded(who, parameters, default):
    if isinstance(parameters, str | os.PathLike | None):
        return load(default if parameters is None else parameters)
    if not isinstance(parameters, ParameterSet):
        kind = type(parameters).__name__
        raise ParameterSetError(
            f"{who} needs the name or file of a parameter set, or a ParameterSet; a {kind} was given."
        )
    return parameters


def _checked_kind(who, model, parameters, wanted):
    """Kind of the cell; ProtocolError unless it and the set's are `wanted` (None: any), ParameterSetError for an
    impossible composite.

    A model composed freely, of no known kind, counts as what the set describes.
    """
    described = parameters.cell.model
    kind = described if model is None else next((name for name in CELLS if _is_kind(model, name)), described)
    if wanted not in (None, kind):
        what = f"parameter set '{parameters.name}' describes" if model is None else f"the model '{model.name}' is"
        raise ProtocolError(f"{who} needs a {wanted} cell, but {what} a {kind} cell.")
    if wanted not in (None, described):
        raise ProtocolError(
            f"{who} needs a {wanted} cell, but parameter set '{parameters.name}' describes a {described} cell; expected a "
            f"set for the model '{getattr(model, 'name', kind)}'."
        )
    if model is not None:
        parameters.check_mixture([chain.name for chain in (nm.SULFUR, nm.SB_S) if chain.amount in model.variables])
    return kind


def _is_kind(model, kind):
    module = import_module(f"..models.{kind}_cell", __package__)
    return isinstance(model, getattr(module, CELLS[kind]))


def _recorder(stepper, parameters):
    sulfur = None
    if nm.SULFUR.amount in stepper.model.variables:
        sulfur = parameters.value(nm.COMPOSITE_MASS) * parameters.value(nm.SULFUR_MASS_FRACTION)
    return Recorder(stepper, parameters.value(nm.AREA), sulfur, DischargeLedger(stepper, parameters))
