"""Galvanostatic charge-discharge: constant current down to the lower cut-off, up to the upper, and again."""

from dataclasses import dataclass
from typing import ClassVar

from ..analysis import to_C_m2
from .protocol import ProtocolError, prepare, require_positive, run_cycles
from .stepper import Step

MOST_CAPACITY_MAH_CM2 = 5.0
"""A half cycle that passes more than this never ends: twice what the cathode of the paper could hold in all reactions."""


@dataclass(frozen=True)
class GCD:
    """Galvanostatic charge-discharge cycles; the first half cycle is a discharge.

    Parameters
    ----------
    current_mA_cm2 : float, optional
        Current density of both directions; default that of the parameter set (0.127 for the paper's cell).
    cycles : int
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set (0.7, 2.6).
    keep : sequence of int, optional
        Cycles whose curves are kept; default all.

    Raises
    ------
    ProtocolError
        Current, window, number of cycles or conditions that make no sense.
    """

    current_mA_cm2: float | None = None
    cycles: int = 2
    window: tuple[float, float] | None = None
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "gcd"

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

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense.
        SolveError
            A solve failed; its `result` holds the cycles before.
        """
        cycles = check_cycles("GCD", self.cycles)
        if self.current_mA_cm2 is not None:
            require_positive("GCD", "current", self.current_mA_cm2, "mA cm-2")
        conditions = (stack_pressure_MPa, temperature_C, overrides, self.window, solver)
        setup = prepare("GCD", model, parameters, *conditions)
        current = setup.current if self.current_mA_cm2 is None else 10.0 * float(self.current_mA_cm2)
        plan = ([*half_cycles(setup, current)] for _ in range(cycles))
        return run_cycles(self, setup, plan, lambda k: self.keep is None or k in self.keep, progress)


def half_cycles(setup, current):
    """Discharge and charge at `current` [A m-2] between the cut-offs, two `Step`."""
    longest = to_C_m2(MOST_CAPACITY_MAH_CM2) / current
    yield Step("discharge", longest, current=current, until_voltage=setup.lower)
    yield Step("charge", longest, current=-current, until_voltage=setup.upper)


def check_cycles(who, cycles):
    """The number of cycles as int; ProtocolError unless it is a whole number of at least one."""
    if isinstance(cycles, bool) or cycles != int(require_positive(who, "number of cycles", cycles, "-")):
        raise ProtocolError(f"{who}: the number of cycles must be a whole number of at least 1; {cycles!r} was given.")
    return int(cycles)
