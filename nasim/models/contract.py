"""What PyBaMM reads of a model and does not say: its options and its parameters."""

import pybamm

from .. import nomenclature as nm
from ..errors import UnknownNameError
from ..parameters.initial_state import INSTEAD

LOSSES = (
    "pybamm.plot_voltage_components knows the overpotentials of a lithium-ion cell, which a nasim cell has not. The losses of this "
    "cell are variables that end with 'voltage loss [V]': pybamm.QuickPlot draws them, and so does the plot_limits of a nasim result."
)
"""What to do instead of `pybamm.plot_voltage_components`."""
ANSWERS = {"particle phases": LOSSES, "open-circuit potential": INSTEAD}
"""Option of a lithium-ion model that PyBaMM looks up -> what is said."""


class CellOptions(pybamm.FuzzyDict):
    """Options of a cell; one that only a lithium-ion model has is refused with what to do instead."""

    def __getitem__(self, key):
        if key not in self and key in ANSWERS:
            raise UnknownNameError(ANSWERS[key])
        return super().__getitem__(key)


class PyBaMMParameters:
    """What PyBaMM's control steps read from ``model.param``."""

    def __init__(self):
        self.Q = pybamm.Parameter(nm.NOMINAL_CAPACITY)
        self.A_cc = pybamm.Parameter(nm.AREA)
        self.current_with_time = pybamm.FunctionParameter(nm.CURRENT_FUNCTION, {nm.TIME: pybamm.t})
        self.current_density_with_time = self.current_with_time / self.A_cc
