"""Galvanostatic intermittent titration: pulses of constant current with rests between them."""

from dataclasses import dataclass
from typing import ClassVar

from ..analysis import to_mAh_cm2
from ..analysis.intermittent import diffusivity, pulse_table
from ..checks import check_current, check_cycles, require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..nomenclature import columns as col
from ..results.intermittent import Titration
from ..units import SECONDS_PER_HOUR, CurrentDensity
from .protocol import Protocol

WHOLE = 1 - 1e-6
"""Share of the charge of a pulse below which it ended at a cut-off."""


@dataclass(frozen=True)
class GITT(Protocol):
    """Pulses of constant current with rests between them, down to the lower cut-off and up to the upper.

    `run` gives a `Titration`: a cycle is a pulse and the rest after it; the summary has its voltages and resistances.

    Parameters
    ----------
    current_mA_cm2 : float or str, optional
        Current density of the pulses [mA cm-2] or C-rate ("0.1C"); default that of the parameter set.
    pulse_h : float
        Length of a pulse [h].
    rest_h : float
        Rest before the first pulse and after each [h].
    charge : bool
        Titrate the charge, too.
    most_pulses : int
        Pulses in each direction at most.
    diffusion_length_um : float, optional
        Radius or thickness into which sodium diffuses [um]: with it the summary has a diffusivity.
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set.

    Raises
    ------
    ProtocolError
        On `run`: a current, length, window or condition that makes no sense.
    """

    current_mA_cm2: CurrentDensity | None = None
    pulse_h: float = 0.5
    rest_h: float = 2.0
    charge: bool = True
    most_pulses: int = 200
    diffusion_length_um: float | None = None
    window: tuple[float, float] | None = None
    name: ClassVar[str] = "gitt"
    example: ClassVar[str] = "--current 0.1C --pulse 0.5 --rest 2 --out results/gitt"
    result: ClassVar[type[Titration]] = Titration

    def check(self):
        """Return length of a pulse and of a rest [s]."""
        if self.current_mA_cm2 is not None:
            check_current("GITT", "current", self.current_mA_cm2)
        if self.diffusion_length_um is not None:
            require_positive("GITT", "diffusion length", self.diffusion_length_um, "um")
        check_cycles("GITT", self.most_pulses, "pulses")
        pulse, rest = (
            require_positive("GITT", f"length of a {name}", hours, "h")
            for name, hours in (("pulse", self.pulse_h), ("rest", self.rest_h))
        )
        return SECONDS_PER_HOUR * pulse, SECONDS_PER_HOUR * rest

    def plan(self, setup, checked):
        """Yield pulses and rests until a pulse ends at its cut-off, in either direction."""
        (pulse, rest), current = checked, setup.current_density(self.current_mA_cm2)
        yield from self._pulses(setup, "discharge", current, setup.lower, pulse, [Step("rest", rest)])
        if self.charge:
            yield from self._pulses(setup, "charge", -current, setup.upper, pulse, [Step("rest", rest)])

    def _pulses(self, setup, kind, current, cut_off, length, rest):
        passed, whole = col.DISCHARGE if current > 0 else col.CHARGE, to_mAh_cm2(abs(current) * length)
        step = Step(kind, length, current=current, until_voltage=cut_off, may_time_out=True)
        for _ in range(int(self.most_pulses)):
            first = not setup.recorder.rows
            yield Cycle([*(rest if first else []), step, *rest])
            if setup.recorder.rows[-1][passed] < WHOLE * whole:
                return

    def perform(self, setup, checked, progress, first=1):
        """Run the pulses; the summary gets their voltages and resistances."""
        result = super().perform(setup, checked, progress, first)
        table = pulse_table(result.curves)
        if self.diffusion_length_um is not None and len(table):
            table["diffusivity_cm2_s"] = diffusivity(table, float(self.diffusion_length_um))
        found = table.set_index("cycle").drop(columns=col.APPLIED_CURRENT).reindex(result.summary[col.NUMBER])
        for name in found:
            result.summary[name] = found[name].to_numpy()
        return result
