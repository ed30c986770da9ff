"""Calendar ageing: storage at a state of charge, with the capacity before, right after, and recovered."""

from dataclasses import dataclass
from typing import ClassVar

from ..checks import check_cycles, require_positive, require_within
from ..conditions import Conditions, check_condition
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..nomenclature import columns as col
from ..results.in_time import CalendarResult
from ..units import SECONDS_PER_HOUR, CurrentDensity
from .block import Block
from .protocol import Protocol

NEW, FIRST, STORED, RETAINED, RECOVERED = "conditioning", "check-up", "storage", "retained", "recovered"


@dataclass(frozen=True)
class CalendarAgeing(Protocol):
    """A conditioning and a check-up cycle, then storages, each followed by a cycle for what is retained and one for what
    is recovered.

    `run` gives a `CalendarResult`; the summary says of each cycle which of these it is ("phase"), and its share of the
    capacity of the first check-up.

    Parameters
    ----------
    storage_h : float
        Length of each storage [h].
    periods : int
        Number of storages.
    state_of_charge : float
        Of the storage: the share of the capacity of the last check-up that is still to be discharged, 1 is charged.
    storage_temperature_C : float, optional
        Temperature of the storage [degC]; default that of the check-ups.
    current_mA_cm2 : float or str, optional
        Current density of the check-ups [mA cm-2] or C-rate; default that of the parameter set.
    window : (float, float), optional
        Lower and upper cut-off of the check-ups [V]; default those of the set.

    Raises
    ------
    ProtocolError
        On `run`: a time, number, current or condition that makes no sense.
    """

    storage_h: float = 168.0
    periods: int = 4
    state_of_charge: float = 1.0
    storage_temperature_C: float | None = None
    current_mA_cm2: CurrentDensity | None = None
    window: tuple[float, float] | None = None
    name: ClassVar[str] = "calendar"
    example: ClassVar[str] = "--storage 168 --periods 4 --state-of-charge 0.5 --storage-temperature 45"
    result: ClassVar[type[CalendarResult]] = CalendarResult

    def check(self):
        """Return the block of a check-up cycle."""
        require_positive("CalendarAgeing", "length of a storage", self.storage_h, "h")
        check_cycles("CalendarAgeing", self.periods, "periods")
        require_within("CalendarAgeing", "state of charge", self.state_of_charge, "", (0.01, 1.0))
        if self.storage_temperature_C is not None:
            check_condition("CalendarAgeing", "temperature_C", self.storage_temperature_C)
        block = Block(1, self.current_mA_cm2, window=self.window)
        block.check("CalendarAgeing")
        return block

    def total(self):
        return 2 + 3 * self.periods

    def plan(self, setup, checked):
        """Yield check-up, then storage, discharge of what is retained, and check-up again."""
        steps = checked.steps(setup)
        yield from (Cycle(steps), Cycle(steps))
        for _ in range(int(self.periods)):
            yield Cycle(self._storage(setup, steps[0]), Conditions(temperature_C=self.storage_temperature_C).inputs())
            yield Cycle(steps)
            yield Cycle(steps)

    def _storage(self, setup, discharge):
        rest = Step("rest", SECONDS_PER_HOUR * self.storage_h)
        if self.state_of_charge == 1.0:
            return [rest]
        hours = setup.recorder.rows[-1][col.DISCHARGE] / (0.1 * discharge.current)
        taken = (1 - self.state_of_charge) * SECONDS_PER_HOUR * hours
        limits = {"until_voltage": setup.lower, "may_time_out": True}
        return [Step("discharge", taken, current=discharge.current, **limits), rest]

    def perform(self, setup, checked, progress, first=1):
        """Run check-ups and storages; the summary gets the phase of each cycle, and capacities as shares of the first."""
        result = super().perform(setup, checked, progress, first)
        table, out = result.summary, result.summary[col.DISCHARGE]
        phases = [NEW, FIRST, *([STORED, RETAINED, RECOVERED] * int(self.periods))][: len(table)]
        table.insert(1, col.PHASE, phases)
        stored = (table[col.PHASE].shift() == STORED) * out.shift(fill_value=0.0)
        share = (out + stored) / out.iloc[min(1, len(out) - 1)]
        table.insert(2, "capacity_over_first", share.where(table[col.PHASE] != STORED))
        return result
