"""The full cell: alloy anode | interphase | separator | composite cathode."""

from functools import partial

from .. import nomenclature as nm
from ..errors import CompositionError
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.alloy_contact import PressureInterface
from ..submodels.alloy_diffusion import WellMixed
from ..submodels.cathode_contact import PressureContact
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.composite_conduction import FixedCatholyte
from ..submodels.fixture import ConstantPressure
from ..submodels.interphase import Interphase
from ..submodels.lumped_cathode import LumpedCathode
from ..submodels.product_layer import ProductLayer
from ..submodels.redox_chain import RedoxChain
from ..submodels.sb_s_redox import SbSRedox
from ..submodels.separator import Separator
from ..submodels.soft_short import SoftShort
from ..submodels.sulfur_conversion import SulfurConversion
from ..submodels.thermal import Isothermal
from .compose import CellModel
from .parts import chains_of, part, several


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
        one, side, roles = partial(part, "FullCell"), nm.NEGATIVE, nm.roles
        chains = chains_of("FullCell", [SulfurConversion(), SbSRedox()] if chains is None else chains)
        extra = several("FullCell", "extra", extra, "MyMechanism()")
        if not any(nm.REACTION_CURRENT in each.adds for each in (*chains, *extra)):
            raise CompositionError(
                "FullCell: nothing reacts in the cathode: no redox chain was given; expected at least one, such as "
                "chains=[SulfurConversion()]."
            )
        separator = one("separator", separator, Separator, roles.SEPARATOR)
        layers = getattr(separator, "layers", (nm.SEPARATOR,))
        mechanisms = [
            one("cathode", cathode, _lumped(chains), roles.CATHODE),
            *chains,
            *_product_layer([*chains, *extra]),
            separator,
            one("anode", anode, AlloyElectrode, roles.electrode(side)),
            one("diffusion", diffusion, WellMixed, roles.alloy_diffusion(side)),
            one("interphase", interphase, Interphase, roles.interphase(side)),
            one("contact", contact, PressureContact, roles.CATHODE_CONTACT),
            one("interface", interface, PressureInterface, roles.alloy_contact(side)),
            one("short", short, partial(SoftShort, layers=layers), roles.SHORT),
            one("thermal", thermal, Isothermal, roles.THERMAL),
            one("fixture", fixture, ConstantPressure, roles.FIXTURE),
            one("control", control, CurrentControl, roles.CONTROL),
            Circuit(),
            *extra,
        ]
        names = [chain.names for chain in chains if isinstance(chain, RedoxChain)]
        species = [[chain.fraction(k) for k in range(len(chain.species))] for chain in names]
        super().__init__(mechanisms, "Na-S full cell", [nm.CURRENT, nm.VOLTAGE, *species])


def _lumped(chains):
    """What makes the default cathode, whose catholyte keeps its composition where its chain is left out."""
    follows = any(chain.role == nm.roles.chain(nm.SB_S) for chain in chains)
    return LumpedCathode if follows else partial(LumpedCathode, catholyte=FixedCatholyte())


def _product_layer(mechanisms):
    """The layer that the chains share, if any has a part in it and nobody handed one in."""
    if any(each.role == nm.roles.PRODUCT_LAYER for each in mechanisms):
        return []
    parts = [each.layered for each in mechanisms if isinstance(each, RedoxChain) and each.layered]
    return [ProductLayer(parts)] if parts else []
