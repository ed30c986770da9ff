"""Temperature of the cell."""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism


class Isothermal(Mechanism):
    """The cell is at the temperature of its surroundings."""

    gives = (nm.TEMPERATURE,)

    def __init__(self):
        super().__init__("isothermal")

    def get_fundamental_variables(self):
        return {nm.TEMPERATURE: pybamm.Parameter(nm.AMBIENT_TEMPERATURE)}
