"""Evaluates variables of a built model along a segment: by the library where it can, else by CasADi."""

import ctypes
import functools
from collections.abc import Mapping, Sequence

import casadi
import numpy as np

from .expressions import Expressions
from .instructions import Unsupported
from .library import NoLibrary, library
from .program import Program
from .structures import address

FEW = 2
"""Points at a time for which the memory of a call is laid out once."""


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
        rows, expression = [], Expressions.of(built, inputs)
        for name in names:
            variable = built.get_processed_variable(name)
            values = expression(variable)
            rows.append(casadi.densify(casadi.mtimes(_weights(variable, values.shape[0], mesh), values)))
        self.function = expanded(casadi.Function("observe", expression.arguments, [casadi.vertcat(*rows)]))
        self.program = self._program()

    @classmethod
    def of_start(cls, built, inputs: Sequence[str]) -> "Observer":
        """Return the observer of the initial state of a built model, which depends on its inputs alone."""
        from ...models.solver import expanded

        expression, observer = Expressions.of(built, inputs), cls.__new__(cls)
        observer.inputs = list(inputs)
        value = casadi.densify(expression(built.concatenated_initial_conditions))
        observer.function = expanded(casadi.Function("start", expression.arguments, [value]))
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

    @functools.cached_property
    def _few(self):
        """Evaluates the program at few points."""
        assert self.program is not None
        return _Few(self.program)

    def __call__(self, t: np.ndarray, y: np.ndarray, inputs: Mapping[str, float]) -> np.ndarray:
        """Return the values, shape (names, n), at times (n,) and states (states, n), under inputs by name."""
        values = list(map(inputs.__getitem__, self.inputs))
        if self.program and len(t) <= FEW:
            return self._few(t, y, values)
        given = np.array(values, float)
        if self.program:
            return self.program(t, y.T, given).T
        stacked = np.repeat(given[:, None], len(t), axis=1)
        return np.asarray(self.function.map(len(t))(t.reshape(1, -1), y, stacked))


class _Few:
    """A program with memory for its arguments: at one point or two, finding their addresses took longer than the rest."""

    def __init__(self, program: Program):
        call, size = library(), program.structure
        self._given, self._t = np.zeros(size.inputs), np.zeros(FEW)
        self._y, self._out = np.zeros((FEW, size.states)), np.zeros((FEW, size.outputs))
        here, places = ctypes.byref(size), [address(array) for array in (self._t, self._y, self._out)]
        self._begin = functools.partial(call.begin, here, address(self._given))
        self._evaluate = [functools.partial(call.evaluate_many, here, n, *places) for n in range(FEW + 1)]
        self._program = program

    def __call__(self, t, y, given):
        count = len(t)
        self._given[:], self._t[:count], self._y[:count] = given, t, y.T
        self._begin()
        self._evaluate[count]()
        return self._out[:count].T.copy()


def _weights(variable, size, mesh):
    """Weights of the values of a variable in its mean, a row: equal, but for meshes that have weights of their own."""
    row = np.ones(1)
    for place in variable.domains.values():  # the first varies fastest
        for name in place:
            row = np.kron(getattr(mesh[name], "weights", np.full(mesh[name].npts, 1 / mesh[name].npts)), row)
    return casadi.DM(row[None]) if len(row) == size else casadi.DM.ones(1, size) / size
