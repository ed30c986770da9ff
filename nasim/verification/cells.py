"""The cells that are verified, and their runs, each run once."""

from functools import cache
from typing import Any

from ..engine.setup import Setup, prepare
from ..experiments.gcd import GCD
from ..experiments.protocol import Protocol
from ..experiments.symmetric import SymmetricCycling
from ..models.build import cell_for
from ..results.result import Result
from ..submodels.porous_cathode import PorousCathode

NAS, SYMMETRIC = "Yuan2025_NAS", "Yuan2025_symmetric_NAS"
CELLS: dict[str, tuple[Protocol, str, Any, dict]] = {
    "lumped": (GCD(cycles=2), NAS, None, {}),
    "porous": (GCD(cycles=1), NAS, lambda: PorousCathode(8), {}),
    "NPS": (GCD(cycles=2), "Yuan2025_NPS", None, {}),
    "no sulfur": (GCD(cycles=2), "Yuan2025_NASC", None, {}),
    "62.5 MPa, 60 degC": (GCD(cycles=2), NAS, None, {"stack_pressure_MPa": 62.5, "temperature_C": 60.0}),
    "symmetric": (SymmetricCycling(hours=8), SYMMETRIC, None, {}),
}
"""Case -> protocol, parameter set, cathode, conditions."""
CASES = tuple((name,) for name in CELLS)


@cache
def ran(case: str) -> Result:
    """Return the result of a case."""
    protocol, parameters, cathode, conditions = CELLS[case]
    cell = None if cathode is None else cell_for(parameters, cathode=cathode())
    return protocol.run(cell, parameters, **conditions)


def fresh(solver: Any = None, parameters: str = NAS, **parts: Any) -> Setup:
    """Return a fresh cell of a set, with parts of its own, ready for steps."""
    return prepare("verify", cell_for(parameters, **parts), parameters, solver=solver, kind=None)
