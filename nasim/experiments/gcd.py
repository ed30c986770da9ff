"""Galvanostatic charge-discharge: constant current down to the lower cut-off, up to the upper, and again."""

from dataclasses import dataclass
from typing import ClassVar

from .blocks import Block
from .checks import check_keep
from .protocol import prepare, run_cycles


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
        On `run`: current, window, number of cycles or conditions that make no sense.
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
        block = Block(self.cycles, self.current_mA_cm2)
        block.check("GCD")
        kept = check_keep("GCD", self.keep)
        setup = prepare("GCD", model, parameters, stack_pressure_MPa, temperature_C, overrides, self.window, solver)
        plan = ((block.steps(setup), {}) for _ in range(int(self.cycles)))
        return run_cycles(self, setup, plan, lambda k: kept is None or k in kept, progress)
