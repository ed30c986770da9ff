"""Evaluates variables of a built model along a segment: by the library where it can, else by CasADi."""

from collections.abc import Mapping, Sequence

import casadi
import numpy as np

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
    mesh : pybamm.Mesh
        Of the model.
    """

    def __init__(self, built, names: Sequence[str], inputs: Sequence[str], mesh):
        from ...models.solver import expanded

        self.inputs = list(inputs)
        t, y = casadi.MX.sym("t"), casadi.MX.sym("y", built.concatenated_initial_conditions.shape[0])
        p = casadi.MX.sym("p", len(self.inputs))
        given = {name: p[k] for k, name in enumerate(self.inputs)}
        rows, shared = [], {}
        for name in names:
            variable = built.get_processed_variable(name)
            values = variable.to_casadi(t, y, inputs=given, casadi_symbols=shared)
            rows.append(casadi.densify(casadi.mtimes(_weights(variable, values.shape[0], mesh), values)))
        self.function = expanded(casadi.Function("observe", [t, y, p], [casadi.vertcat(*rows)]))
        self.program = self._program()

    @classmethod
    def of_start(cls, built, inputs: Sequence[str]) -> "Observer":
        """Return the observer of the initial state of a built model, which depends on its inputs alone."""
        from ...models.solver import expanded

        start, observer = built.concatenated_initial_conditions, cls.__new__(cls)
        observer.inputs = list(inputs)
        t, y, p = casadi.MX.sym("t"), casadi.MX.sym("y", start.shape[0]), casadi.MX.sym("p", len(inputs))
        value = casadi.densify(start.to_casadi(t, y, inputs={name: p[k] for k, name in enumerate(inputs)}))
        observer.function = expanded(casadi.Function("start", [t, y, p], [value]))
        observer.program = observer._program()
        return observer

    @classmethod
    def of(cls, program: Program, inputs: Sequence[str]) -> "Observer":
        """Return the observer that evaluates a program of the model whose inputs have these names."""
        observer = cls.__new__(cls)
        observer.inputs, observer.program = list(inputs), program
        return observer

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


def _weights(variable, size, mesh):
    """Weights of the values of a variable in its mean, a row: equal, but for meshes that have weights of their own."""
    row = np.ones(1)
    for place in variable.domains.values():  # the first varies fastest
        for name in place:
            row = np.kron(getattr(mesh[name], "weights", np.full(mesh[name].npts, 1 / mesh[name].npts)), row)
    return casadi.DM(row[None]) if len(row) == size else casadi.DM.ones(1, size) / size
