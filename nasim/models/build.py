"""The model that a parameter set describes, and what a model has of its own beside that."""

import inspect
import os

from .. import nomenclature as nm
from ..errors import CompositionError, ParameterSetError, nearest
from ..parameters import ParameterSet, load
from ..submodels.interphase import Interphase, NoInterphase
from ..submodels.redox_chain import RedoxChain
from ..submodels.sb_s_redox import SbSRedox
from ..submodels.separator import Separator
from ..submodels.sulfur_conversion import SulfurConversion
from .blocking_cell import BlockingCell
from .full_cell import FullCell
from .symmetric_cell import SymmetricCell

CHAINS = {str(nm.SULFUR): SulfurConversion, str(nm.SB_S): SbSRedox}
LAYERS = {layer.name.lower(): layer for layer in (nm.SEPARATOR, nm.INTERLAYER)}
INTERPHASES = {"NAS": Interphase, "NPS": NoInterphase}
"""What grows between the alloy and the electrolyte that touches it: on NPS the impedance stays as it was (Fig. 4f)."""


def cell_for(parameter_set, **parts):
    """The model that the ``[cell]`` table of a parameter set describes, with parts of your own [CellModel].

    Parameters
    ----------
    parameter_set : str, path or ParameterSet
        Name or file of a set, or the set itself.
    **parts
        Replace those of the set (chains, separator layers, interphase) and the defaults: the keywords of `FullCell`,
        `SymmetricCell` or `BlockingCell`, whichever the set describes.

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
    parameters = _loaded(parameter_set)
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
        if isinstance(each, Separator):
            pairs.append(("the separator layers", [layer.name.lower() for layer in each.layers], list(cell.separator)))
        if isinstance(each, Interphase | NoInterphase):
            pairs.append((f"on the {each.side} alloy", [type(each).__name__], [INTERPHASES[cell.electrolyte].__name__]))
    differing = [f"{what} {_listed(its)} instead of {_listed(theirs)}" for what, its, theirs in pairs if its != theirs]
    if not differing:
        return None
    return (
        f"The model '{model.name}' is not the cell that parameter set '{parameter_set.name}' describes: it has "
        f"{'; '.join(differing)}. The run is with the model as given; for the cell of the set with some parts of your own "
        f"there is nasim.cell_for(parameters, ...)."
    )


def _loaded(parameter_set):
    if isinstance(parameter_set, str | os.PathLike):
        return load(parameter_set)
    if not isinstance(parameter_set, ParameterSet):
        raise ParameterSetError(
            f"cell_for needs the name or file of a parameter set, or a ParameterSet; {parameter_set!r} was given."
        )
    return parameter_set


def _listed(names):
    return ", ".join(names) or "none"


def _full(parameter_set):
    cell = parameter_set.cell
    chains = [CHAINS[name]() for name in cell.chains]
    return {"chains": chains, "separator": _separator(parameter_set), "interphase": INTERPHASES[cell.electrolyte]()}


def _symmetric(parameter_set):
    return {"separator": _separator(parameter_set), "interphase": INTERPHASES[parameter_set.cell.electrolyte]}


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
