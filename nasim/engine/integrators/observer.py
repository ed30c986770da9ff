"""Evaluates variables of a built model along a segment: by the library where it can, else by CasADi."""

from collections.abc import Mapping, Sequence

import casadi
import numpy as np

from ...models.solver import expanded
from .library import NoLibrary, library
from .program import Program, Unsupported


class Observer:
    """Some variables of a built model as a function of time, state and inputs; fields are averaged over the cathode.

    Parameters
    ----------
    built : pybamm.BaseModel
        Discretised.
    names : sequence of str
        The variables.
    inputs : sequence of str
        Names of the inputs of the model.
    """

    def __init__(self, built, names: Sequence[str], inputs: Sequence[str]):
        self.inputs = list(inputs)
        t, y = casadi.MX.sym("t"), casadi.MX.sym("y", built.concatenated_initial_conditions.shape[0])
        p = casadi.MX.sym("p", len(self.inputs))
        given = {name: p[k] for k, name in enumerate(self.inputs)}
        rows = []
        for name in names:
            symbol = built.get_processed_variable(name).to_casadi(t, y, inputs=given)
            rows.append(casadi.densify(casadi.sum1(symbol) / symbol.shape[0]))
        self.function = expanded(casadi.Function("observe", [t, y, p], [casadi.vertcat(*rows)]))
        self.program = self._program()

    def _program(self):
        try:
            library()
            return Program(self.function) if self.function.is_a("SXFunction") else None
        except (NoLibrary, Unsupported):
            return None

    def __call__(self, t: np.ndarray, y: np.ndarray, inputs: Mapping[str, float]) -> np.ndarray:
        """Return the values, shape (names, n), at times (n,) and states (states, n), under inputs by name."""
        given = np.array([float(inputs[name]) for name in self.inputs])
        if self.program:
            return self.program(t, y.T, given).T
        stacked = np.repeat(given[:, None], len(t), axis=1)
        return np.asarray(self.function.map(len(t))(t.reshape(1, -1), y, stacked))
