"""The full cell: alloy anode | interphase | separator | composite cathode."""

import copy
from functools import partial

from .. import nomenclature as nm
from ..errors import CompositionError
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.alloy_contact import PressureInterface
from ..submodels.alloy_diffusion import WellMixed
from ..submodels.cathode_contact import PressureContact
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.fixture import ConstantPressure
from ..submodels.interphase import Interphase
from ..submodels.lumped_cathode import LumpedCathode
from ..submodels.sb_s_redox import SbSRedox
from ..submodels.separator import Separator
from ..submodels.soft_short import SoftShort
from ..submodels.sulfur_conversion import SulfurConversion
from ..submodels.thermal import Isothermal
from .compose import CellModel
from .parts import part, several

CATHODE, CHAIN = ("region",), ("names", "companions")
"""What tells a cathode and a redox chain from other mechanisms."""


class FullCell(CellModel):
    """Na15Sn4 | solid electrolyte | composite cathode, composed of mechanisms; every part can be handed in.

    Parameters
    ----------
    cathode : LumpedCathode (default) or PorousCathode
    chains : sequence of redox chains, default sulfur conversion and Sb-S self-redox; ``[SbSRedox()]`` is a cathode
        without sulfur
    separator, anode, diffusion, interphase, contact, interface, short, thermal, fixture, control : Mechanism
        Defaults are the main cell of Yuan et al. 2025; `cell_for` has those of a parameter set.
    extra : sequence of Mechanism
        Mechanisms of your own.

    Raises
    ------
    CompositionError
        The parts do not fit together, something given is no part, or nothing reacts in the cathode.

    Examples
    --------
    >>> import nasim
    >>> nasim.FullCell(chains=[nasim.SbSRedox()]).name
    'Na-S full cell'
    """

    def __init__(
        self,
        cathode=None,
        chains=None,
        separator=None,
        anode=None,
        diffusion=None,
        interphase=None,
        contact=None,
        interface=None,
        short=None,
        thermal=None,
        fixture=None,
        control=None,
        extra=(),
    ):
        one = partial(part, "FullCell")
        cathode = one("cathode", cathode, LumpedCathode, CATHODE)
        chains = [SulfurConversion(), SbSRedox()] if chains is None else chains
        chains = [copy.copy(each) for each in several("FullCell", "chains", chains, "SulfurConversion()", CHAIN)]
        extra = several("FullCell", "extra", extra, "MyMechanism()")
        if not any(nm.REACTION_CURRENT in each.adds for each in (*chains, *extra)):
            raise CompositionError(
                "FullCell: nothing reacts in the cathode: no redox chain was given; expected at least one, such as "
                "chains=[SulfurConversion()]."
            )
        for chain in chains:
            chain.region = cathode.region
        companions = [make(cathode.region) for each in (cathode, *chains) for make in each.companions]
        mechanisms = [
            cathode,
            *chains,
            *companions,
            one("separator", separator, Separator),
            one("anode", anode, AlloyElectrode),
            one("diffusion", diffusion, WellMixed),
            one("interphase", interphase, Interphase),
            one("contact", contact, PressureContact),
            one("interface", interface, PressureInterface),
            one("short", short, SoftShort),
            one("thermal", thermal, Isothermal),
            one("fixture", fixture, ConstantPressure),
            one("control", control, CurrentControl),
            Circuit(),
            *extra,
        ]
        species = [[chain.names.fraction(k) for k in range(len(chain.names.species))] for chain in chains]
        super().__init__(mechanisms, "Na-S full cell", [nm.CURRENT, nm.VOLTAGE, *species])
