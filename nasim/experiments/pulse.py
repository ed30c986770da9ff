"""Pulse test (HPPC): resistance and power at several states of charge, on discharge and on charge."""

from dataclasses import dataclass
from typing import ClassVar

from ..analysis.intermittent import pulse_table
from ..checks import check_current, check_cycles, require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..nomenclature import columns as col
from ..results.intermittent import PulseTest
from ..units import SECONDS_PER_HOUR, CurrentDensity, to_mA_cm2
from .block import Block
from .protocol import Protocol

OUT, BACK = "discharge", "charge"


@dataclass(frozen=True)
class Pulse(Protocol):
    """Hybrid pulse power characterisation: a discharge and a charge pulse after a rest, at evenly spread states of charge.

    `run` gives a `PulseTest`: a cycle is a state of charge; the summary has resistances of both pulses and the power that
    the cell gives at its lower cut-off.

    Parameters
    ----------
    pulse_current_mA_cm2 : float or str
        Current density of the pulses [mA cm-2] or C-rate.
    pulse_s : float
        Length of a pulse [s].
    between_s : float
        Rest between the discharge and the charge pulse [s].
    points : int
        States of charge: 1, 1 - 1/points, ... of the capacity of a discharge.
    current_mA_cm2 : float or str, optional
        Current density from one state to the next [mA cm-2] or C-rate; default that of the parameter set.
    rest_h : float
        Rest before the pulses at each state [h].
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set.

    Raises
    ------
    ProtocolError
        On `run`: a current, length, window or condition that makes no sense.
    """

    pulse_current_mA_cm2: CurrentDensity = "1C"
    pulse_s: float = 10.0
    between_s: float = 40.0
    points: int = 10
    current_mA_cm2: CurrentDensity | None = None
    rest_h: float = 1.0
    window: tuple[float, float] | None = None
    name: ClassVar[str] = "pulse"
    example: ClassVar[str] = "--pulse-current 1C --points 10"
    result: ClassVar[type[PulseTest]] = PulseTest

    def check(self):
        """Return the block of the discharge from state to state."""
        check_current("Pulse", "current of the pulses", self.pulse_current_mA_cm2)
        require_positive("Pulse", "length of a pulse", self.pulse_s, "s")
        require_positive("Pulse", "rest between the pulses", self.between_s, "s")
        require_positive("Pulse", "rest", self.rest_h, "h")
        check_cycles("Pulse", self.points, "points")
        block = Block(1, self.current_mA_cm2, window=self.window)
        block.check("Pulse")
        return block

    def total(self):
        return self.points

    def plan(self, setup, checked):
        """Yield the pulses at each state of charge; a discharge that is taken back says how large a state is."""
        discharge, fresh = checked.steps(setup)[0], setup.stepper.state
        whole = setup.stepper.run(discharge).duration
        setup.stepper.state = fresh
        away = Step(OUT, whole / self.points, current=discharge.current, until_voltage=setup.lower, may_time_out=True)
        for point in range(int(self.points)):
            yield Cycle([*([away] if point else []), *self._pulses(setup)])

    def _pulses(self, setup):
        current, rest = setup.current_density(self.pulse_current_mA_cm2), Step("rest", SECONDS_PER_HOUR * self.rest_h)
        limits = {"may_time_out": True}
        return [
            rest,
            Step("pulse", self.pulse_s, current=current, until_voltage=setup.lower, **limits),
            Step("rest", self.between_s),
            Step("pulse", self.pulse_s, current=-current, until_voltage=setup.upper, **limits),
            Step("rest", self.between_s),
        ]

    def perform(self, setup, checked, progress, first=1):
        """Run the pulses; the summary gets state of charge, resistances and power."""
        result = super().perform(setup, checked, progress, first)
        table, summary = pulse_table(result.curves, ("pulse",)), result.summary
        summary[col.APPLIED_CURRENT] = to_mA_cm2(setup.current_density(self.pulse_current_mA_cm2))
        summary["state_of_charge"] = 1 - (summary[col.NUMBER] - 1) / self.points
        for word, chosen in ((OUT, table["current_mA_cm2"] > 0), (BACK, table["current_mA_cm2"] < 0)):
            part = table[chosen].set_index("cycle").reindex(summary[col.NUMBER])
            for name in ("rested_V", "instant_resistance_Ohm_cm2", "pulse_resistance_Ohm_cm2", "pulse_s"):
                summary[f"{word}_{name}"] = part[name].to_numpy()
        span = summary[f"{OUT}_rested_V"] - setup.lower
        summary["power_mW_cm2"] = 1e3 * setup.lower * span / summary[f"{OUT}_pulse_resistance_Ohm_cm2"]
        return result
