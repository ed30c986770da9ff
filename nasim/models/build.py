"""The model that a parameter set describes."""

from .. import nomenclature as nm
from ..errors import ParameterSetError, nearest
from ..submodels.interphase import Interphase, NoInterphase
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


def cell_for(parameter_set):
    """The default model of a `ParameterSet`, from its ``[cell]`` table [CellModel].

    Raises
    ------
    ParameterSetError
        The set names a layer that no mechanism knows.
    """
    return BUILDERS[parameter_set.cell.model](parameter_set)


def _full(parameter_set):
    cell = parameter_set.cell
    chains = [CHAINS[name]() for name in cell.chains]
    interphase = INTERPHASES[cell.electrolyte](nm.NEGATIVE)
    return FullCell(chains=chains, separator=_separator(parameter_set), interphase=interphase)


def _symmetric(parameter_set):
    interphase = INTERPHASES[parameter_set.cell.electrolyte]
    return SymmetricCell(separator=_separator(parameter_set), interphase=interphase)


def _blocking(parameter_set):
    return BlockingCell()


def _separator(parameter_set):
    for name in parameter_set.cell.separator:
        if name not in LAYERS:
            hint = nearest(name, LAYERS)
            listed = ", ".join(f"'{known}'" for known in LAYERS)
            message = f"'{parameter_set.name}' has a separator layer '{name}'; known are {listed}. {hint}"
            raise ParameterSetError(message.strip())
    return Separator([LAYERS[name] for name in parameter_set.cell.separator])


BUILDERS = {"full": _full, "symmetric": _symmetric, "blocking": _blocking}
