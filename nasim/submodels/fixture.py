"""What holds the stack: the pressure that it feels."""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism


class ConstantPressure(Mechanism):
    """A spring or hydraulic fixture: the stack pressure is what was applied [Pa]."""

    gives = (nm.STACK_PRESSURE,)

    def __init__(self):
        super().__init__("constant pressure")

    def get_fundamental_variables(self):
        return {nm.STACK_PRESSURE: pybamm.Parameter(nm.APPLIED_PRESSURE)}
