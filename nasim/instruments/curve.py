"""Curves without time, as they come out of a published figure or an analysis: the type `Curve`.

A published curve gives voltage against capacity, capacity against cycle, dQ/dV against voltage, or the two parts of an
impedance. It has no time and often no current, so it is no `Measurement`; what a fit needs besides it, the user tells.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nasim.errors import DataFileError

UNIT_OF = {"area": "mAh.cm-2", "mass": "mAh.g-1", "": "mAh"}
VOLTAGE, CYCLE = "Voltage / V", "Cycle Count / 1"


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve without time, checked: points in order, capacities positive, the direction as stated.

    For a fit: ``curve.capacity_mAh_cm2`` with ``curve.data["Voltage / V"]`` (kind "voltage") are what
    `nasim.fit.GCDCurve` takes beside a leg made of ``curve.current_mA_cm2`` and ``curve.direction``; for kind "fade"
    ``curve.data["Cycle Count / 1"]`` with ``curve.capacity_mAh_cm2``; for "dqdv" ``curve.data["Voltage / V"]`` with
    ``curve.dqdv_mAh_cm2_V``; for "nyquist" ``curve.impedance_ohm_cm2``. All are arrays of shape (n,).

    Parameters
    ----------
    data : pandas.DataFrame
        A row a point. Columns by kind: "Capacity / mAh.g-1" (or mAh.cm-2, or mAh) and "Voltage / V"; "Cycle Count / 1" and
        capacity; "Voltage / V" and "dQ/dV / mAh.g-1.V-1" (likewise); "Real Impedance / ohm" (or ohm.cm2) and the
        imaginary part, negative where capacitive, with "Frequency / Hz" where the file has it.
    kind : str
        "voltage", "fade", "dqdv" or "nyquist".
    per : str
        What capacities, or impedances, refer to: "area" (1 cm2), "mass" (1 g of active material) or "" (the cell).
    direction : str or None
        "discharge" or "charge"; None for a spectrum.
    current_mA_cm2 : float, optional
        Current density, positive, as told by the user.
    active_mass_mg, area_cm2 : float, optional
        Of the electrode, as told by the user.
    path, sha256, notes
        As in `Measurement`.
    """

    data: pd.DataFrame = field(repr=False)
    kind: str
    per: str
    direction: str | None = None
    current_mA_cm2: float | None = None
    active_mass_mg: float | None = None
    area_cm2: float | None = None
    path: str = ""
    sha256: str = ""
    notes: tuple[str, ...] = ()

    @property
    def capacity_mAh_cm2(self) -> np.ndarray:
        """Capacity of each point [mAh cm-2], shape (n,); DataFileError where mass or area is missing for it."""
        return self.data[f"Capacity / {UNIT_OF[self.per]}"].to_numpy() * self._to_areal()

    @property
    def dqdv_mAh_cm2_V(self) -> np.ndarray:
        """Differential capacity of each point [mAh cm-2 V-1], shape (n,), positive."""
        return self.data[f"dQ/dV / {UNIT_OF[self.per]}.V-1"].to_numpy() * self._to_areal()

    @property
    def impedance_ohm_cm2(self) -> np.ndarray:
        """Complex impedance of each point [ohm cm2], shape (n,)."""
        unit = "ohm.cm2" if self.per == "area" else "ohm"
        z = (
            self.data[f"Real Impedance / {unit}"].to_numpy()
            + 1j * self.data[f"Imaginary Impedance / {unit}"].to_numpy()
        )
        return z if self.per == "area" else z * self._given("area_cm2")

    def _to_areal(self):
        if self.per == "area":
            return 1.0
        if self.per == "mass":
            return 1e-3 * self._given("active_mass_mg") / self._given("area_cm2")
        return 1.0 / self._given("area_cm2")

    def _given(self, name):
        value = getattr(self, name)
        if value is None:
            given = {"mass": "gram", "": "cell"}[self.per]
            raise DataFileError(f"{self.path}: the curve is per {given}; to have it per cm2, give {name}=.")
        return value
