"""Which mechanisms stand for what the table of materials says; whether an interphase grows, `nasim.parameters.interphases` tells."""

from __future__ import annotations

from collections.abc import Callable

from .. import nomenclature as nm
from ..parameters import ParameterSet
from ..parameters.interphases import at_the_anode
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.interphase import Interphase, NoInterphase
from ..submodels.mechanism import Mechanism
from ..submodels.redox_chain import RedoxChain
from ..submodels.sb_s_redox import SbSRedox
from ..submodels.sodium_metal import SodiumMetal
from ..submodels.sulfur_conversion import SulfurConversion

CHAINS: dict[str, Callable[[], RedoxChain]] = {nm.SULFUR.name: SulfurConversion, nm.SB_S.name: SbSRedox}
ELECTRODES: dict[str, Callable[[nm.Side], Mechanism]] = {"alloy": AlloyElectrode, "metal": SodiumMetal}
INTERPHASES: dict[str, Callable[[nm.Side], Mechanism]] = {"growing": Interphase, "none": NoInterphase}


def interphase_of(parameters: ParameterSet) -> Callable[[nm.Side], Mechanism]:
    """Return what makes the interphase between the electrolyte of a set and its anode, for a side."""
    return INTERPHASES[at_the_anode(parameters)]


def electrode_of(parameters: ParameterSet) -> Callable[[nm.Side], Mechanism]:
    """Return what makes the anode of a set, for a side."""
    anode = parameters.anode
    if anode.electrode != "alloy" or not anode.plateaus:
        return ELECTRODES[anode.electrode]
    names, ends = [nm.alloy_plateau(phases) for phases in anode.plateaus], tuple(anode.plateaus.values())
    word = "alloy" if anode.plateaus == nm.NA_SN_PHASES else f"{anode} alloy"
    return lambda side: AlloyElectrode(side, names, ends, word)


def chains_of_cell(parameters: ParameterSet) -> list[RedoxChain]:
    """Return the redox chains of the cathode of a set."""
    return [CHAINS[name]() for name in parameters.cell.chains]
