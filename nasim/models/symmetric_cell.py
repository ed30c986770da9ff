"""The symmetric cell: alloy | interphase | electrolyte | interphase | alloy, the mechanisms of one side used twice."""

from functools import partial

from .. import nomenclature as nm
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.alloy_contact import PressureInterface
from ..submodels.alloy_diffusion import WellMixed
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.fixture import ConstantPressure
from ..submodels.interphase import Interphase
from ..submodels.separator import Separator
from ..submodels.soft_short import SoftShort
from ..submodels.thermal import Isothermal
from .compose import CellModel
from .parts import each_side, part, several

SIDES = (nm.NEGATIVE, nm.POSITIVE)


class SymmetricCell(CellModel):
    """Na15Sn4 | solid electrolyte | Na15Sn4; every part can be handed in.

    Parameters
    ----------
    alloy, diffusion, interphase, interface : callable (Side) -> Mechanism
        Made for either side; defaults `AlloyElectrode`, `WellMixed`, `Interphase`, `PressureInterface`. What is not
        to be the default of such a class goes through `functools.partial`.
    separator, short, thermal, fixture, control : Mechanism
    extra : sequence of Mechanism
        Mechanisms of your own.

    Raises
    ------
    CompositionError
        The parts do not fit together, or something given is no part.

    Examples
    --------
    >>> import nasim
    >>> nasim.SymmetricCell(interphase=nasim.NoInterphase).name
    'symmetric cell'
    """

    default_set = "Yuan2025_symmetric_NAS"

    def __init__(
        self,
        alloy=AlloyElectrode,
        diffusion=WellMixed,
        interphase=Interphase,
        interface=PressureInterface,
        separator=None,
        short=None,
        thermal=None,
        fixture=None,
        control=None,
        extra=(),
    ):
        one, both = partial(part, "SymmetricCell"), partial(each_side, "SymmetricCell", sides=SIDES)
        roles = nm.roles
        separator = one("separator", separator, Separator, roles.SEPARATOR)
        layers = getattr(separator, "layers", (nm.SEPARATOR,))
        mechanisms = [
            *both("alloy", alloy, default=AlloyElectrode, role=roles.electrode),
            *both("diffusion", diffusion, default=WellMixed, role=roles.alloy_diffusion),
            *both("interphase", interphase, default=Interphase, role=roles.interphase),
            *both("interface", interface, default=PressureInterface, role=roles.alloy_contact),
            separator,
            one("short", short, partial(SoftShort, SIDES, layers=layers), roles.SHORT),
            one("thermal", thermal, Isothermal, roles.THERMAL),
            one("fixture", fixture, ConstantPressure, roles.FIXTURE),
            one("control", control, CurrentControl, roles.CONTROL),
            Circuit(),
            *several("SymmetricCell", "extra", extra, "MyMechanism()"),
        ]
        thickness = [side.interphase_thickness for side in SIDES]
        super().__init__(mechanisms, "symmetric cell", [nm.CURRENT, nm.VOLTAGE, thickness])
