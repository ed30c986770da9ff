"""The symmetric cell: alloy | interphase | electrolyte | interphase | alloy, the mechanisms of one side used twice."""

from .. import nomenclature as nm
from ..submodels.alloy_anode import AlloyElectrode
from ..submodels.alloy_diffusion import WellMixed
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.fixture import ConstantPressure
from ..submodels.interface import PressureInterface
from ..submodels.interphase import Interphase
from ..submodels.separator import Separator
from ..submodels.soft_short import SoftShort
from ..submodels.thermal import Isothermal
from .compose import CellModel

SIDES = (nm.NEGATIVE, nm.POSITIVE)


class SymmetricCell(CellModel):
    """Na15Sn4 | solid electrolyte | Na15Sn4; every part can be handed in.

    Parameters
    ----------
    alloy, diffusion, interphase, interface : callable (Side) -> Mechanism
        Made for either side; defaults `AlloyElectrode`, `WellMixed`, `Interphase`, `PressureInterface`.
    separator, short, thermal, fixture, control : Mechanism
    extra : sequence of Mechanism
        Mechanisms of your own.

    Raises
    ------
    CompositionError
        The parts do not fit together.

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
        mechanisms = [make(side) for make in (alloy, diffusion, interphase, interface) for side in SIDES]
        mechanisms += [
            separator or Separator(),
            short or SoftShort(SIDES),
            thermal or Isothermal(),
            fixture or ConstantPressure(),
            control or CurrentControl(),
            Circuit(),
            *extra,
        ]
        thickness = [side.interphase_thickness for side in SIDES]
        super().__init__(mechanisms, "symmetric cell", [nm.CURRENT, nm.VOLTAGE, thickness])
