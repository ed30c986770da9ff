"""Where a mechanism of the cathode lives: in a well-mixed (lumped) cathode or at every point across it (porous).

The same reaction code serves both. In a porous cathode a variable is a field over x and a reaction current density is
the local rate times the cathode thickness, so that its mean over x is the current density of the electrode.

Everywhere the active grains come in classes of equal mass, points of a domain of their own between which nothing flows; the
place p of a class, 0 to 1, is its rank by size. A graded variable has a value for each class, in a porous cathode for each
class at each x. What is given for all of them together is the mean over the classes.
"""

from __future__ import annotations

from dataclasses import dataclass

import pybamm

from ..nomenclature import CATHODE_THICKNESS, POSITIVE

GRAINS = "positive particle size"
"""Domain of the classes of grains (one of the names that PyBaMM lets lie within an electrode)."""

ISOLATED_FLOOR = 1e-9
"""Smallest isolated share that a composition is formed with: keeps it finite when nothing is isolated."""


@dataclass(frozen=True)
class Region:
    """A place for cathode states; `domain` is PyBaMM's domain name, or "" for a lumped cathode."""

    domain: str = ""

    def variable(self, name, scale=1):
        """Return a state of this region, with the given absolute scale."""
        return pybamm.Variable(name, domain=self.domain or None, scale=scale)

    def graded_variable(self, name):
        """Return a state of this region with a value for each class of grains."""
        across = {"secondary": self.domain} if self.domain else None
        return pybamm.Variable(name, domain=GRAINS, auxiliary_domains=across)

    def mean(self, symbol):
        """Return the average over the region [unit of symbol]."""
        if not self.domain or not symbol.domain:
            return symbol
        return pybamm.Integral(symbol, self.coordinate) / pybamm.Parameter(CATHODE_THICKNESS)

    def class_mean(self, symbol):
        """Return the average over the classes of grains, a variable of the region [unit of symbol]."""
        return pybamm.Integral(symbol, self.rank) if symbol.domain == [GRAINS] else symbol

    def spread(self, symbol):
        """Return a variable of the region as a graded one, the same for each class."""
        return pybamm.PrimaryBroadcast(symbol, GRAINS) if symbol.domain else symbol

    @property
    def coordinate(self):
        """Distance from the separator [m]; defined for a porous region only."""
        return pybamm.SpatialVariable("x_p", domain=self.domain, coord_sys="cartesian")

    @property
    def rank(self):
        """Place p of a class by size, 0 to 1."""
        across = {"secondary": self.domain} if self.domain else None
        return pybamm.SpatialVariable("p_g", domain=GRAINS, auxiliary_domains=across, coord_sys="cartesian")

    def grains(self, classes: int) -> dict:
        """Return the discretisation of the classes, as `Mechanism.discretisation` does."""
        return {
            "geometry": {GRAINS: {self.rank: {"min": pybamm.Scalar(0), "max": pybamm.Scalar(1)}}},
            "var_pts": {self.rank: classes},
            "submesh_types": {GRAINS: pybamm.Uniform1DSubMesh},
            "spatial_methods": {GRAINS: pybamm.FiniteVolume()},
        }


LUMPED = Region()
POROUS = Region(POSITIVE.domain)
