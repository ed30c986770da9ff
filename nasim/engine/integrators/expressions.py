"""A built model in CasADi's expressions: what several functions of it share is turned into them once."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import casadi

_made: "WeakKeyDictionary[object, Expressions]" = WeakKeyDictionary()


class Expressions:
    """Expressions (MX) of a discretised model.

    Parameters
    ----------
    built : pybamm.BaseModel
    inputs : sequence of str
        Names of its inputs.

    Attributes
    ----------
    arguments : list of casadi.MX
        Symbols of time, state and inputs.
    """

    def __init__(self, built, inputs: Sequence[str]):
        size = built.concatenated_initial_conditions.shape[0]
        self.inputs = list(inputs)
        self.arguments = [casadi.MX.sym("t"), casadi.MX.sym("y", size), casadi.MX.sym("p", len(self.inputs))]
        self._given = {name: self.arguments[2][k] for k, name in enumerate(self.inputs)}
        self._known: dict = {}

    @classmethod
    def of(cls, built, inputs: Sequence[str]) -> "Expressions":
        """Return those of a model, made when they are first needed."""
        found = _made.get(built)
        if found is None or found.inputs != list(inputs):
            found = _made[built] = cls(built, inputs)
        return found

    def __call__(self, symbol) -> casadi.MX:
        """Return an expression of PyBaMM's in these symbols."""
        t, y, _ = self.arguments
        return symbol.to_casadi(t, y, inputs=self._given, casadi_symbols=self._known)
