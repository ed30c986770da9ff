"""Electronic path through the electrolyte, in parallel to the cell: i_F = i_ext + G_s V."""

import pybamm

from .. import nomenclature as nm
from .mechanism import Mechanism


class NoShort(Mechanism):
    """Null short: no leak."""

    gives = (nm.LEAK_CONDUCTANCE,)

    def __init__(self):
        super().__init__("no short")

    def get_fundamental_variables(self):
        return {nm.LEAK_CONDUCTANCE: pybamm.Scalar(0)}
