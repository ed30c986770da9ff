"""The conductivity cell: electrolyte between ion-blocking electrodes."""

from .. import nomenclature as nm
from ..submodels.blocking import BlockingElectrode, Leads
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.fixture import ConstantPressure
from ..submodels.separator import Separator
from ..submodels.soft_short import IntrinsicLeak
from ..submodels.thermal import Isothermal
from .compose import CellModel
from .solver import default_solver


class BlockingCell(CellModel):
    """Piston | solid electrolyte | piston; every part can be handed in.

    As it is the electrolyte is a plain resistance; `charged()` has its arcs, as `nasim.EIS` takes them.

    Parameters
    ----------
    electrode : callable (Side) -> Mechanism
    electrolyte, leads, short, thermal, fixture, control : Mechanism
    extra : sequence of Mechanism
        Mechanisms of your own.

    Raises
    ------
    CompositionError
        The parts do not fit together.

    Examples
    --------
    >>> import nasim
    >>> nasim.BlockingCell(short=nasim.NoShort()).name
    'blocking cell'
    """

    default_set = "Yuan2025_blocking_NAS"

    def __init__(
        self,
        electrode=BlockingElectrode,
        electrolyte=None,
        leads=None,
        short=None,
        thermal=None,
        fixture=None,
        control=None,
        extra=(),
    ):
        mechanisms = [electrode(side) for side in (nm.NEGATIVE, nm.POSITIVE)]
        mechanisms += [
            electrolyte or Separator(),
            leads or Leads(),
            short or IntrinsicLeak(),
            thermal or Isothermal(),
            fixture or ConstantPressure(),
            control or CurrentControl(),
            Circuit(),
            *extra,
        ]
        super().__init__(mechanisms, "blocking cell", [nm.CURRENT, nm.VOLTAGE])

    @property
    def default_solver(self):
        """Grains charge in nanoseconds, so the integrator has to find its first step by itself."""
        return default_solver(dt_init=0.0)
