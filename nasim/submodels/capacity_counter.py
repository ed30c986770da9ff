r"""Capacity of the last discharge, as PyBaMM wants it: a variable that can be read at any time.

A cycler reports the capacity of a discharge when it is over. In a model that needs two states, a running count r that a charge
clears, and the count M that is kept meanwhile:

.. math::
   \dot r = \frac{[I]_+}{3600} - \theta(-I)\frac{r}{\tau}, \qquad \dot M = \theta(I)\frac{r - M}{\tau}

(I the current, discharge positive, A; r, M in A h; :math:`\tau` short against a half cycle). M falls behind by
:math:`I\tau/3600`, which is the same in each cycle at one current. While a discharge runs, M shows what it has given so far.
With this mechanism ``pybamm.Experiment(..., termination="80% capacity")`` ends a run, and ``"Capacity [A.h]"`` is among the
summary variables; nasim's own protocols need none of it.
"""

import pybamm

from .. import nomenclature as nm
from ..units import SECONDS_PER_HOUR
from .mechanism import Mechanism

RESPONSE_S = 5.0
"""tau [s]."""


class CapacityCounter(Mechanism):
    """Counts the capacity of the last discharge under PyBaMM's name for it, for ``nasim.FullCell(extra=[...])``."""

    gives, rate_needs = (nm.CAPACITY, nm.RUNNING_CAPACITY), (nm.CURRENT,)

    def __init__(self):
        super().__init__("capacity counter")

    def get_fundamental_variables(self):
        Q = pybamm.Parameter(nm.NOMINAL_CAPACITY)
        return {name: pybamm.Variable(name, scale=Q) for name in (nm.RUNNING_CAPACITY, nm.CAPACITY)}  # pyright: ignore[reportArgumentType]

    def set_rhs(self, variables):
        current, running, kept = (variables[name] for name in (nm.CURRENT, nm.RUNNING_CAPACITY, nm.CAPACITY))
        discharging, charging = current > 0, current < 0
        self.rhs[running] = discharging * current / SECONDS_PER_HOUR - charging * running / RESPONSE_S
        self.rhs[kept] = discharging * (running - kept) / RESPONSE_S

    def set_initial_conditions(self, variables):
        for name in (nm.RUNNING_CAPACITY, nm.CAPACITY):
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)
