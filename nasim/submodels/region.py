"""Where a mechanism of the cathode lives: in a well-mixed (lumped) cathode or at every point across it (porous).

The same reaction code serves both. In a porous cathode a variable is a field over x and a reaction current density is
the local rate times the cathode thickness, so that its mean over x is the current density of the electrode.
"""

from dataclasses import dataclass

import pybamm

from ..nomenclature import CATHODE_THICKNESS, POSITIVE


@dataclass(frozen=True)
class Region:
    """A place for cathode states; `domain` is PyBaMM's domain name, or "" for a lumped cathode."""

    domain: str = ""

    def variable(self, name, scale=1):
        """A state of this region, with the given absolute scale."""
        return pybamm.Variable(name, domain=self.domain or None, scale=scale)

    def mean(self, symbol):
        """Average over the region [unit of symbol]."""
        if not self.domain or not symbol.domain:
            return symbol
        return pybamm.Integral(symbol, self.coordinate) / pybamm.Parameter(CATHODE_THICKNESS)

    @property
    def coordinate(self):
        """Distance from the separator [m]; defined for a porous region only."""
        return pybamm.SpatialVariable("x_p", domain=self.domain, coord_sys="cartesian")


LUMPED = Region()
POROUS = Region(POSITIVE.domain)
