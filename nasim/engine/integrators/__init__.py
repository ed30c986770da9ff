"""Integrators behind one small interface: nasim's own RODAS4, and PyBaMM's IDAKLU wherever that cannot serve."""

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Union

from ...errors import ProtocolError, nearest
from .instructions import Unsupported
from .interface import Integrator
from .library import NoLibrary
from .rodas import Rodas, RodasIntegrator

if TYPE_CHECKING:
    import pybamm

Solver = Union[str, Rodas, "pybamm.BaseSolver", None]  # noqa: UP007 - PyBaMM is imported where it is needed
"""What `solver=` may be."""
WORDS = {"rodas": Rodas(), "rodas-compiled": Rodas(compiled=True), "idaklu": None}
HOW = "A C compiler, or `python -m pip install ziglang`, makes nasim faster."
_said: set[str] = set()


def check_solver(solver: Solver) -> None:
    """Raise `ProtocolError` where `solver` is no choice of an integrator."""
    if not (solver in WORDS if isinstance(solver, str) else solver is None or _is_solver(solver)):
        known = ", ".join(f"'{word}'" for word in WORDS)
        hint = nearest(solver, WORDS) if isinstance(solver, str) else ""
        message = f"solver: {solver!r} was given; expected {known}, a nasim.Rodas or a solver of PyBaMM. {hint}"
        raise ProtocolError(message.strip())


def _is_solver(solver) -> bool:
    if isinstance(solver, Rodas):
        return True
    import pybamm

    return isinstance(solver, pybamm.BaseSolver)


def integrator_for(built: "pybamm.BaseModel", inputs: Sequence[str], solver: Solver = None) -> Integrator:
    """Return the integrator of a built model.

    Parameters
    ----------
    built : pybamm.BaseModel
    inputs : sequence of str
        Names of its inputs.
    solver : str, Rodas or pybamm solver, optional
        "rodas", "rodas-compiled", "idaklu", or one with settings of its own. By default RODAS4 where it can be had, and
        else IDAKLU, which is said once.

    Raises
    ------
    ProtocolError
        RODAS4 was asked for by name and cannot be had.
    """
    check_solver(solver)
    if solver == "idaklu" or not isinstance(solver, str | Rodas | None):
        return _idaklu(built, None if isinstance(solver, str) else solver)
    settings = WORDS[solver] if isinstance(solver, str) else solver or Rodas()
    try:
        return RodasIntegrator(built, inputs, settings)  # pyright: ignore[reportReturnType]
    except (NoLibrary, Unsupported) as error:
        reason = f"RODAS4 cannot integrate '{built.name}': {error}"
        reason += f". {HOW}" if isinstance(error, NoLibrary) else "."
        if solver is not None:
            raise ProtocolError(f"solver: {reason}") from None
        say_once(f"{reason} IDAKLU does.")
        return _idaklu(built)


def _idaklu(built, solver=None) -> Integrator:
    from .idaklu import IDAKLU

    return IDAKLU(built, solver)


def say_once(line: str) -> None:
    """Give a warning, unless it was given before in this process."""
    if line not in _said:
        _said.add(line)
        warnings.warn(line, stacklevel=3)
