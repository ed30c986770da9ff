"""Cycling of a symmetric cell: constant current to and fro, each way for a fixed charge, and the voltage that it
takes."""

from dataclasses import dataclass
from typing import ClassVar

from .. import nomenclature as nm
from ..analysis import to_C_m2
from ..errors import ProtocolError
from .checks import require_positive
from .protocol import prepare, run_cycles
from .stepper import Step

DEFAULT_SET = "Yuan2025_symmetric_NAS"
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class SymmetricCycling:
    """Plating and stripping at constant current; in the first half of a cycle the positive electrode is plated.

    Parameters
    ----------
    current_mA_cm2 : float
    capacity_mAh_cm2 : float
        Charge of each half cycle.
    hours : float
        Length of the test; only whole cycles are run.
    keep : sequence of int, optional
        Cycles whose curves are kept; default all.

    Raises
    ------
    ProtocolError
        On `run`: a number or condition that makes no sense, or a test shorter than one cycle.
    """

    current_mA_cm2: float = 0.51
    capacity_mAh_cm2: float = 0.51
    hours: float = 300.0
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "symmetric"

    def run(
        self,
        model=None,
        parameters=None,
        *,
        stack_pressure_MPa=None,
        temperature_C=None,
        overrides=None,
        progress=None,
        solver=None,
    ):
        """Run it on a model (default: that of the set) with a parameter set (name, path or object) [Result].

        The summary has the overpotential at the end of each cycle; "Time [s]" of the curves runs through all cycles.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense.
        SolveError
            A solve failed twice, for instance since an electrode ran out of sodium; `result` holds the cycles before.
        """
        half, cycles = self._half_cycle()
        setup = prepare(
            "SymmetricCycling",
            model,
            parameters or DEFAULT_SET,
            stack_pressure_MPa,
            temperature_C,
            overrides,
            None,
            solver,
            kind="symmetric",
        )
        setup.recorder.watch("end_overpotential_mV", nm.VOLTAGE, 1e3)
        setup.recorder.watch("positive_interphase_resistance_Ohm_cm2", nm.POSITIVE.interphase_resistance, 1e4)
        current = 10.0 * float(self.current_mA_cm2)
        steps = [Step("discharge", half, current=current), Step("charge", half, current=-current)]
        plan = ((steps, {}) for _ in range(cycles))
        result = run_cycles(self, setup, plan, lambda k: self.keep is None or k in self.keep, progress)
        if nm.TIME in result.curves:
            result.curves[nm.TIME] += (result.curves["Cycle"] - 1) * 2 * half
        return result

    def _half_cycle(self):
        """Duration of a half cycle [s] and number of cycles."""
        current = require_positive("SymmetricCycling", "current", self.current_mA_cm2, "mA cm-2")
        capacity = require_positive("SymmetricCycling", "capacity", self.capacity_mAh_cm2, "mAh cm-2")
        hours = require_positive("SymmetricCycling", "length of the test", self.hours, "h")
        half = to_C_m2(capacity) / (10.0 * current)
        cycles = int(hours * SECONDS_PER_HOUR / (2 * half) + 1e-9)
        if cycles < 1:
            raise ProtocolError(
                f"SymmetricCycling: {hours:g} h were given, but one cycle takes {2 * half / SECONDS_PER_HOUR:g} h."
            )
        return half, cycles
