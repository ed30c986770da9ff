r"""A cell as people build it: loading, composition, porosity, electrolyte, N/P; what follows of parameters.

Of a composite with the mass fractions w_S : w_C : w_E, the sulfur loading m_S and the porosity eps,

.. math::
   m = \frac{m_S}{w_S}, \qquad L = \frac{m}{(1 - \varepsilon)\,\rho}, \qquad
   \frac{1}{\rho} = \sum_k \frac{w_k}{\rho_k}, \qquad Q = m_S\,\frac{2F}{M_S}

with the mass per area m, the density of the dense solids rho and the areal capacity Q of sulfur to Na2S, which is that of 1C.
N/P is the sodium that the anode holds over Q.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from .. import nomenclature as nm
from ..checks import check_options, require_positive, require_within
from ..errors import ParameterSetError
from ..units import SECONDS_PER_HOUR, to_C_m2
from .parameter_set import ParameterSet

DESIGN = "design"
"""Note of an entry that a design sets."""
FARADAY = 96485.33212331001
MG_CM2 = 0.01
"""kg m-2 in a mg cm-2."""
G_CM3 = 1e3
"""kg m-3 in a g cm-3."""
ELECTRONS = 2
"""Of a sulfur atom that becomes Na2S."""
PARTS = (
    (nm.SULFUR_MASS_FRACTION, nm.SULFUR_DENSITY),
    (nm.CARBON_MASS_FRACTION, nm.CARBON_DENSITY),
    (nm.CATHOLYTE_MASS_FRACTION, nm.CATHOLYTE_DENSITY),
)
"""Mass fraction and density of sulfur, carbon and electrolyte in the composite, the order of a ratio."""
UNITS = {"_mg_cm2": "mg cm-2", "_mAh_cm2": "mAh cm-2", "_g_cm3": "g cm-3", "_um": "um", "_cm2": "cm2", "_mm": "mm"}
"""End of the name of a quantity -> unit; a longer end comes before one that it ends with."""
EXCLUSIVE = (
    ("sulfur_loading_mg_cm2", "cathode_loading_mg_cm2", "areal_capacity_mAh_cm2"),
    ("porosity", "pressed_density_g_cm3"),
    ("area_cm2", "diameter_mm"),
)
"""Quantities of which a design states one at most."""


@dataclass(frozen=True)
class Design:
    """Design quantities of a cell; those that are not given stay as they are in the set.

    Parameters
    ----------
    sulfur_loading_mg_cm2 : float, optional
        Sulfur per area [mg cm-2].
    cathode_loading_mg_cm2 : float, optional
        Composite per area [mg cm-2], instead of the sulfur.
    areal_capacity_mAh_cm2 : float, optional
        Capacity of the sulfur to Na2S per area [mAh cm-2], instead of its loading.
    ratio : (float, float, float), optional
        Masses of sulfur, carbon and electrolyte in the composite, such as (12, 8, 80).
    porosity : float, optional
        Share of pores in the composite.
    pressed_density_g_cm3 : float, optional
        Density of the pressed composite [g cm-3], instead of its porosity.
    separator_thickness_um : float, optional
        Thickness of the electrolyte [um].
    n_to_p : float, optional
        Sodium of the anode over what the sulfur takes up.
    area_cm2 : float, optional
        Electrode area [cm2].
    diameter_mm : float, optional
        Of a round electrode [mm], instead of its area.

    Examples
    --------
    >>> import nasim
    >>> thick = nasim.load("Yuan2025_NAS", design=nasim.Design(sulfur_loading_mg_cm2=1.0, separator_thickness_um=50))
    >>> round(1e6 * thick.value("Cathode thickness [m]"), 1)
    37.0
    """

    sulfur_loading_mg_cm2: float | None = None
    cathode_loading_mg_cm2: float | None = None
    areal_capacity_mAh_cm2: float | None = None
    ratio: tuple[float, float, float] | None = None
    porosity: float | None = None
    pressed_density_g_cm3: float | None = None
    separator_thickness_um: float | None = None
    n_to_p: float | None = None
    area_cm2: float | None = None
    diameter_mm: float | None = None

    def __new__(cls, *values: Any, **options: Any) -> Design:
        """Refuse a quantity that there is not, with the nearest name."""
        check_options("Design", options, [each.name for each in fields(cls)])
        return super().__new__(cls)

    def check(self) -> None:
        """Check each quantity by itself.

        Raises
        ------
        ProtocolError
            A number makes no sense.
        ParameterSetError
            Two quantities say the same.
        """
        for name in (each.name for each in fields(self)):
            if getattr(self, name) is not None and name not in ("ratio", "porosity"):
                word, unit = _in_words(name)
                require_positive("Design", word, getattr(self, name), unit)
        if self.porosity is not None:
            require_within("Design", "porosity", self.porosity, "", (0.0, 0.95))
        for names in EXCLUSIVE:
            given = [name for name in names if getattr(self, name) is not None]
            if len(given) > 1:
                raise ParameterSetError(f"Design: {' and '.join(given)} say the same; give one of them.")

    def of(self, parameters: ParameterSet) -> ParameterSet:
        """Return a set with what this design makes of it.

        Parameters
        ----------
        parameters : ParameterSet
            For all that the design does not state; `nasim.load(NAME, design=...)` does both.

        Returns
        -------
        ParameterSet
            The default current is the same share of 1C as before.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            A quantity makes no sense, or the cell cannot be built: denser than its solids, or without electrolyte.
        """
        return parameters.with_overrides(self.values(parameters), note=DESIGN)

    def values(self, base: ParameterSet) -> dict[str, float]:
        """Return the parameters that this design sets.

        Parameters
        ----------
        base : ParameterSet
            For all that the design does not state.

        Returns
        -------
        dict
            Name -> value [SI], those that differ from `base`.

        Raises
        ------
        ProtocolError, ParameterSetError
            As for `of`.
        """
        self.check()
        old, new = base.value, {}
        shares = self._shares(old)
        area = self._area(old)
        loading = self._loading(old, shares)
        new |= dict(zip((fraction for fraction, _ in PARTS), shares, strict=True))
        new |= {nm.AREA: area, nm.COMPOSITE_MASS: loading * area}
        new[nm.CATHODE_THICKNESS] = self._thickness(base, shares, loading)
        scale = self._scale(old, area, loading, shares)
        new[nm.NOMINAL_CAPACITY] = old(nm.NOMINAL_CAPACITY) * scale
        new[nm.CURRENT_FUNCTION] = old(nm.CURRENT_FUNCTION) * scale
        if self.separator_thickness_um is not None:
            new[nm.SEPARATOR.thickness] = 1e-6 * self.separator_thickness_um
        if self.n_to_p is not None:
            new[nm.ALLOY_CAPACITY] = self.n_to_p * SECONDS_PER_HOUR * new[nm.NOMINAL_CAPACITY] / area / filling(base)
        return {name: value for name, value in new.items() if not math.isclose(value, old(name), rel_tol=1e-9)}

    def _scale(self, old, area, loading, shares):
        """Capacity over that of the set: of the sulfur, or of the composite where one of the two has none."""
        before = old(nm.COMPOSITE_MASS) * old(nm.SULFUR_MASS_FRACTION)
        now = loading * area * shares[0]
        return now / before if now and before else loading * area / old(nm.COMPOSITE_MASS)

    def _shares(self, old):
        """Mass fractions of sulfur, carbon and electrolyte."""
        if self.ratio is None:
            return tuple(old(fraction) for fraction, _ in PARTS)
        try:
            parts = [require_within("Design", "part of a ratio", part, "", (0.0, 1e6)) for part in self.ratio]
        except TypeError:
            parts = []
        if len(parts) != len(PARTS) or sum(parts) <= 0:
            raise ParameterSetError(
                f"Design: ratio is sulfur, carbon, electrolyte, such as (12, 8, 80); {self.ratio!r} was given."
            )
        if parts[-1] == 0:
            raise ParameterSetError(
                f"Design: ratio {self.ratio!r} has no electrolyte in the cathode, 0 % of its mass: no ion reaches the sulfur."
            )
        return tuple(part / sum(parts) for part in parts)

    def _area(self, old):
        if self.area_cm2 is not None:
            return 1e-4 * self.area_cm2
        return old(nm.AREA) if self.diameter_mm is None else math.pi / 4 * (1e-3 * self.diameter_mm) ** 2

    def _loading(self, old, shares):
        """Composite per area [kg m-2]."""
        if self.cathode_loading_mg_cm2 is not None:
            return MG_CM2 * self.cathode_loading_mg_cm2
        if self.sulfur_loading_mg_cm2 is None and self.areal_capacity_mAh_cm2 is None:
            return old(nm.COMPOSITE_MASS) / old(nm.AREA)
        if shares[0] <= 0:
            raise ParameterSetError(
                "Design: a composite without sulfur has no sulfur loading; give cathode_loading_mg_cm2."
            )
        if self.sulfur_loading_mg_cm2 is not None:
            return MG_CM2 * self.sulfur_loading_mg_cm2 / shares[0]
        per_mass = ELECTRONS * FARADAY / old(nm.SULFUR_MOLAR_MASS)
        return to_C_m2(self.areal_capacity_mAh_cm2) / per_mass / shares[0]

    def _thickness(self, base, shares, loading):
        solid = solid_density(shares, base.value)
        if self.pressed_density_g_cm3 is None:
            porosity = self.porosity if self.porosity is not None else porosity_of(base)
            return loading / (solid * (1 - porosity))
        density = G_CM3 * self.pressed_density_g_cm3
        if density > solid:
            raise ParameterSetError(
                f"Design: a pressed density of {self.pressed_density_g_cm3:g} g cm-3 is above that of the dense solids, "
                f"{solid / G_CM3:.3g} g cm-3."
            )
        return loading / density


def solid_density(shares: Sequence[float], value: Any) -> float:
    """Return the density of the dense composite [kg m-3] of mass fractions of sulfur, carbon and electrolyte."""
    volume = sum(share / value(density) for share, (_, density) in zip(shares, PARTS, strict=True))
    return sum(shares) / volume


def porosity_of(parameters: ParameterSet) -> float:
    """Return the share of pores in the composite of a set."""
    value = parameters.value
    shares = [value(fraction) for fraction, _ in PARTS]
    pressed = value(nm.COMPOSITE_MASS) / (value(nm.AREA) * value(nm.CATHODE_THICKNESS))
    return 1 - pressed * sum(shares) / solid_density(shares, value)


def filling(parameters: ParameterSet) -> float:
    """Return the share of the capacity of its anode that a set has filled when the cell is built."""
    return parameters.value(nm.ALLOY_INITIAL_CONTENT) / parameters.anode.full_content


def sulfur_charge(loading: float, molar_mass: float) -> float:
    """Return the charge [C m-2] that sulfur takes up on its way to Na2S; its loading [kg m-2] and molar mass [kg mol-1].

    >>> round(sulfur_charge(0.01, 0.03206) / 36000, 3)
    1.672
    """
    return ELECTRONS * FARADAY * loading / molar_mass


def _in_words(name: str) -> tuple[str, str]:
    """Words and unit of a quantity."""
    for end, unit in UNITS.items():
        if name.endswith(end):
            return name.removesuffix(end).replace("_", " "), unit
    return name.replace("_", " "), ""
