r"""Contact between alloy and electrolyte under stack pressure."""

import pybamm

from .mechanism import Mechanism


class PerfectInterface(Mechanism):
    """Null contact of one alloy interface: whole area, no resistance."""

    def __init__(self, side):
        super().__init__(f"{side} interface")
        self.side = side
        self.gives = (side.contact_fraction, side.contact_resistance)

    def get_fundamental_variables(self):
        return {self.side.contact_fraction: pybamm.Scalar(1), self.side.contact_resistance: pybamm.Scalar(0)}
