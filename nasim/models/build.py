"""The model that a parameter set describes, and what a model has of its own beside that."""

import inspect

from .. import nomenclature as nm
from ..errors import CompositionError, ParameterSetError, nearest
from ..parameters import as_set
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.redox_chain import RedoxChain
from ..submodels.separator import GrainedElectrolyte, Separator
from .blocking_cell import BlockingCell
from .full_cell import FullCell
from .materials import chains_of_cell, electrode_of, interphase_of
from .symmetric_cell import SymmetricCell

LAYERS = {layer.name.lower(): layer for layer in (nm.SEPARATOR, nm.INTERLAYER)}
SIDES = (nm.NEGATIVE, nm.POSITIVE)


def cell_for(parameter_set, **parts):
    """Compose the cell that the ``[cell]`` table of a parameter set describes, with parts of your own.

    Parameters
    ----------
    parameter_set : str, path or ParameterSet
        Name or file of a set, or the set itself.
    **parts
        Replace those of the set (chains, separator layers, interphase) and the defaults: the keywords of `FullCell`,
        `SymmetricCell` or `BlockingCell`, whichever the set describes.

    Returns
    -------
    CellModel

    Raises
    ------
    ParameterSetError, UnknownNameError
        There is no such set, or it names a layer that no mechanism knows.
    CompositionError
        The cell has no part of that name, or the parts do not fit together.

    Examples
    --------
    >>> import nasim
    >>> cell = nasim.cell_for("Yuan2025_NPS_interlayer", cathode=nasim.PorousCathode(), thermal=nasim.LumpedThermal())
    >>> [layer.name for part in cell.mechanisms if part.name == "separator" for layer in part.layers]
    ['Interlayer', 'Separator']
    """
    parameters = as_set(parameter_set, who="cell_for")
    cls, describe = BUILDERS[parameters.cell.model]
    known = list(inspect.signature(cls).parameters)
    for name in parts:
        if name not in known:
            hint = nearest(name, known)
            message = f"cell_for: {cls.__name__} has no part '{name}'; expected any of {', '.join(known)}. {hint}"
            raise CompositionError(message.strip())
    given = {name: value for name, value in parts.items() if value is not None}
    return cls(**describe(parameters) | given)


def departure(model, parameter_set):
    """What a model has instead of what the ``[cell]`` table says, one sentence for the events of a run, or None."""
    cell, found = parameter_set.cell, model.mechanisms
    chains = [each.names.name for each in found if isinstance(each, RedoxChain)]
    pairs = [("the redox chains", sorted(chains), sorted(cell.chains))]
    for each in found:
        if isinstance(each, Separator | GrainedElectrolyte):
            pairs.append(
                (
                    "the separator layers",
                    [str(getattr(layer, "name", layer)).lower() for layer in each.layers],
                    list(cell.separator),
                )
            )
    parts = {each.role: each for each in found}
    for side in SIDES:
        grown, electrode = parts.get(nm.roles.interphase(side)), parts.get(nm.roles.electrode(side))
        if grown is not None:
            theirs = interphase_of(parameter_set)(side)
            pairs.append((f"on the {side} alloy", [type(grown).__name__], [type(theirs).__name__]))
        if isinstance(electrode, AlloyElectrode):
            pairs.append(("as electrode", [electrode.name], [electrode_of(parameter_set)(side).name]))
    differing = [f"{what} {_listed(its)} instead of {_listed(theirs)}" for what, its, theirs in pairs if its != theirs]
    if not differing:
        return None
    return (
        f"The model '{model.name}' is not the cell that parameter set '{parameter_set.name}' describes: it has "
        f"{'; '.join(differing)}. The run is with the model as given; for the cell of the set with some parts of your own "
        f"there is nasim.cell_for(parameters, ...)."
    )


def _listed(names):
    return ", ".join(names) or "none"


def _full(parameter_set):
    side, parts = nm.NEGATIVE, {"chains": chains_of_cell(parameter_set), "separator": _separator(parameter_set)}
    return parts | {"anode": electrode_of(parameter_set)(side), "interphase": interphase_of(parameter_set)(side)}


def _symmetric(parameter_set):
    parts = {"separator": _separator(parameter_set), "alloy": electrode_of(parameter_set)}
    return parts | {"interphase": interphase_of(parameter_set)}


def _blocking(parameter_set):
    return {}


def _separator(parameter_set):
    for name in parameter_set.cell.separator:
        if name not in LAYERS:
            hint = nearest(name, LAYERS)
            listed = ", ".join(f"'{known}'" for known in LAYERS)
            message = f"'{parameter_set.name}' has a separator layer '{name}'; known are {listed}. {hint}"
            raise ParameterSetError(message.strip())
    return Separator([LAYERS[name] for name in parameter_set.cell.separator])


BUILDERS = {
    "full": (FullCell, _full),
    "symmetric": (SymmetricCell, _symmetric),
    "blocking": (BlockingCell, _blocking),
}
"""Kind of cell -> its model, and the parts that a set says something about, by keyword."""
