"""What the stepper asks of an integrator, whichever it is."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

import numpy as np


class Advanced(NamedTuple):
    """How a state was advanced.

    Attributes
    ----------
    t : array, shape (n,)
        Times from the start [s].
    y : array, shape (states, n)
    ended_by : str
        "time", or the name of the event of the built model that ended it.
    steps : int
        Steps that the integrator took.
    """

    t: np.ndarray
    y: np.ndarray
    ended_by: str
    steps: int


class Integrator(Protocol):
    """Advances the state of one built model.

    Attributes
    ----------
    name : str
        "rodas", "rodas-compiled" or "idaklu", as `solver=` has it.
    rtol : float
    """

    name: str
    rtol: float

    def advance(self, y: np.ndarray, inputs: Mapping[str, float], duration: float) -> Advanced:
        """Advance a state under inputs for a time or until an event.

        Parameters
        ----------
        y : array, shape (states, 1)
        inputs : mapping
            Inputs of the built model by name.
        duration : float
            Longest time [s].

        Raises
        ------
        SolveError
            The integrator gave up; the message says why.
        """
        ...

    def tighter(self, factor: float) -> "Integrator":
        """Return an integrator of the same model with both tolerances times `factor`."""
        ...
