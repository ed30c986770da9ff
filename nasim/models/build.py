"""The model that a parameter set describes."""

from .. import nomenclature as nm
from ..errors import ParameterSetError
from ..submodels.sb_s_redox import SbSRedox
from ..submodels.separator import Separator
from ..submodels.sulfur_conversion import SulfurConversion
from .full_cell import FullCell

CHAINS = {str(nm.SULFUR): SulfurConversion, str(nm.SB_S): SbSRedox}
LAYERS = {layer.name.lower(): layer for layer in (nm.SEPARATOR, nm.INTERLAYER)}


def cell_for(parameter_set):
    """The default model of a `ParameterSet`, from its ``[cell]`` table [CellModel].

    Raises
    ------
    ParameterSetError
        The set asks for a kind of cell that this does not build.
    """
    cell = parameter_set.cell
    if cell.model != "full":
        raise ParameterSetError(f"'{parameter_set.name}' describes a '{cell.model}' cell; this protocol needs a full cell.")
    chains = [CHAINS[name]() for name in cell.chains]
    separator = Separator([LAYERS[name] for name in cell.separator])
    return FullCell(chains=chains, separator=separator)
