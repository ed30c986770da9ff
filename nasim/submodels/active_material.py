r"""Active material of the cathode: how much of it there is on a square metre of electrode.

.. math::
   L = \frac{m\,w}{A}, \qquad q = \frac{F L}{M}, \qquad \text{current density of a reaction} = \frac{L}{L_{ref}}\,i

m is the mass of the composite (kg), w the mass fraction of the material in it, A the area of the electrode (m2), M the
molar mass of the formula unit (kg mol-1), q the charge of one electron per formula unit (C m-2). Kinetic values i, A m-2 of
electrode area, are those of a cathode of the loading L_ref (kg m-2); twice the material has twice the surface that reacts.
"""

from dataclasses import dataclass

from .. import nomenclature as nm
from .arrhenius import FARADAY


def loading(mass, fraction, area):
    """Mass of active material per area [kg m-2]; mass of composite [kg], mass fraction in it, area [m2].

    >>> round(loading(3.2e-6, 0.12, 7.854e-5), 6)
    0.004889
    """
    return mass * fraction / area


def charge_per_electron(loading, molar_mass):
    """Charge per area [C m-2] of one electron per formula unit; loading [kg m-2], molar mass [kg mol-1].

    >>> round(charge_per_electron(0.0048892, 32.06e-3))
    14714
    """
    return FARADAY * loading / molar_mass


@dataclass(frozen=True)
class ActiveMaterial:
    """Names of the parameters that say how much there is of a material, and what its kinetic values refer to."""

    mass_fraction: str
    molar_mass: str
    reference_loading: str

    def _loading(self):
        import pybamm

        P = pybamm.Parameter
        return loading(P(nm.COMPOSITE_MASS), P(self.mass_fraction), P(nm.AREA))

    def charge_per_electron(self):
        """q of the module's equations, a symbol [C m-2]."""
        import pybamm

        return charge_per_electron(self._loading(), pybamm.Parameter(self.molar_mass))

    def relative_loading(self):
        """L/L_ref, a symbol."""
        import pybamm

        return self._loading() / pybamm.Parameter(self.reference_loading)


SULFUR_MATERIAL = ActiveMaterial(nm.SULFUR_MASS_FRACTION, nm.SULFUR_MOLAR_MASS, nm.SULFUR_REFERENCE_LOADING)
CATHOLYTE_MATERIAL = ActiveMaterial(nm.CATHOLYTE_MASS_FRACTION, nm.CATHOLYTE_MOLAR_MASS, nm.CATHOLYTE_REFERENCE_LOADING)
