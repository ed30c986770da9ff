"""The conductivity cell: electrolyte between ion-blocking electrodes."""

from functools import partial

from .. import nomenclature as nm
from ..submodels.blocking import BlockingElectrode, Leads
from ..submodels.circuit import Circuit, CurrentControl
from ..submodels.fixture import ConstantPressure
from ..submodels.separator import Separator
from ..submodels.soft_short import IntrinsicLeak
from ..submodels.thermal import Isothermal
from .compose import CellModel
from .parts import each_side, part, several
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
        The parts do not fit together, or something given is no part.

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
        one, sides, roles = partial(part, "BlockingCell"), (nm.NEGATIVE, nm.POSITIVE), nm.roles
        mechanisms = [
            *each_side("BlockingCell", "electrode", electrode, sides, BlockingElectrode, roles.electrode),
            one("electrolyte", electrolyte, Separator, roles.SEPARATOR),
            one("leads", leads, Leads, roles.LEADS),
            one("short", short, IntrinsicLeak, roles.SHORT),
            one("thermal", thermal, Isothermal, roles.THERMAL),
            one("fixture", fixture, ConstantPressure, roles.FIXTURE),
            one("control", control, CurrentControl, roles.CONTROL),
            Circuit(),
            *several("BlockingCell", "extra", extra, "MyMechanism()"),
        ]
        super().__init__(mechanisms, "blocking cell", [nm.CURRENT, nm.VOLTAGE])

    @property
    def default_solver(self):
        """Grains charge in nanoseconds, so the integrator has to find its first step by itself."""
        return default_solver(dt_init=0.0)
