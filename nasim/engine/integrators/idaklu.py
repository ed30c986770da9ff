"""SUNDIALS IDA through PyBaMM: takes every model, and sensitivities."""

import copy
from collections.abc import Mapping

import numpy as np
import pybamm

from ...errors import SolveError
from ...models.solver import default_solver
from .interface import Advanced


class IDAKLU:
    """Any solver of PyBaMM that steps, by default IDAKLU, as an `Integrator`.

    Parameters
    ----------
    built : pybamm.BaseModel
        Discretised.
    solver : pybamm solver, optional
    """

    def __init__(self, built: pybamm.BaseModel, solver: pybamm.BaseSolver | None = None):
        self.built, self.solver = built, solver or default_solver()
        self.rtol = self.solver.rtol
        self.name = "idaklu" if isinstance(self.solver, pybamm.IDAKLUSolver) else type(self.solver).__name__

    def tighter(self, factor: float) -> "IDAKLU":
        """Return IDAKLU with both tolerances times `factor`."""
        other = copy.copy(self)
        other.solver = default_solver(rtol=factor * self.solver.rtol, atol=factor * self.solver.atol)
        other.rtol = other.solver.rtol
        return other

    def advance(self, y: np.ndarray, inputs: Mapping[str, float], duration: float) -> Advanced:
        """As `Integrator.advance`."""
        solution = self.solution(y, inputs, duration)
        return Advanced(np.asarray(solution.t), np.asarray(solution.y), ended_by(solution), len(solution.t))

    def solution(self, y, inputs, duration, seed=None, **options) -> pybamm.Solution:
        """Return PyBaMM's own solution; `seed` are the sensitivities of `y`, options those of the solver's `step`."""
        start = pybamm.Solution(np.zeros(1), y, self.built, inputs, termination="final time", all_sensitivities=seed)
        options = {"t_eval": np.array([0.0, duration]), "inputs": inputs, "save": False} | options
        try:
            return self.solver.step(start, self.built, duration, **options)
        except pybamm.SolverError as error:
            raise SolveError(str(error)) from None


def ended_by(solution: pybamm.Solution) -> str:
    """Return "time", or the name of the event that ended a solution."""
    return "time" if solution.termination == "final time" else solution.termination.removeprefix("event: ")
