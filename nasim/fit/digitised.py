"""Curves without time, as they come out of a published figure, as data of a fit.

What the figure does not tell is taken from the parameter set: its loading where capacities are per gram of active material
and mass or area are not given, its area where values are of the whole cell, its cut-offs.
"""

from typing import Any

import numpy as np

from .. import nomenclature as nm
from ..errors import DataFileError, ProtocolError
from ..instruments import Curve
from ..instruments.curve import UNIT_OF
from ..parameters import ParameterSet
from ..units import CM2_PER_M2
from .curves import CAPACITY_SD, VOLTAGE_SD_MV, DQDVCurve, FadeCurve
from .data import Data
from .history import Conditions
from .nyquist import NyquistCurve
from .responses import IMPEDANCE_SD, ImpedanceCurve
from .sources import earlier, from_arrays, frozen

AT_CUT_OFF_V = 0.05
"""A digitised curve that ends this close to the window ended at its cut-off."""
DQDV_SHARE = 0.05
"""Noise of dQ/dV where none is stated, a share of its largest."""


def from_curve(
    curve: Curve,
    *,
    start: ParameterSet,
    current_mA_cm2: float | None = None,
    cycle: int = 1,
    window_V: tuple[float, float] | None = None,
    voltage_sd_mV: float = VOLTAGE_SD_MV,
    capacity_sd: float = CAPACITY_SD,
    dqdv_sd: float | None = None,
    impedance_sd: float = IMPEDANCE_SD,
    points: int = 200,
    **where: Any,
) -> Data:
    """Return a digitised curve as data of a fit.

    Parameters
    ----------
    curve : Curve
        From `nasim.read_curve`.
    start : ParameterSet
        Set of the cell.
    current_mA_cm2 : float, optional
        Current density of the test [mA cm-2]; default that of the curve. A spectrum needs none.
    cycle : int
        Number of the cycle, from 1.
    window_V : (float, float), optional
        Cut-offs [V]; default those of the set.
    voltage_sd_mV, capacity_sd, dqdv_sd, impedance_sd : float
        Noise: mV, a share, mAh cm-2 V-1 (default 5 % of the largest), a share.
    points : int
        At most so many points of a voltage curve are used.
    **where
        Keywords of `Conditions`: parameters, temperature_C, stack_pressure_MPa, overrides.

    Returns
    -------
    GCDCurve, FadeCurve, DQDVCurve, ImpedanceCurve or NyquistCurve

    Raises
    ------
    ProtocolError
        The current is not known.
    DataFileError
        The points are no such curve.
    """
    conditions = Conditions(**frozen(_with_loading(curve, start, where)))
    label = f"{curve.path.rsplit('/', 1)[-1]}, {curve.direction or 'spectrum'}"
    common: dict[str, Any] = {"conditions": conditions, "label": f"{label} {cycle}" if curve.direction else label}
    origin: dict[str, Any] = {"source": curve.path, "sha256": curve.sha256}
    if curve.kind == "nyquist":
        return _nyquist(curve, start, impedance_sd, common | origin)
    current = current_mA_cm2 or curve.current_mA_cm2
    if current is None:
        raise ProtocolError(f"{curve.path}: give the current density of the curve, current_mA_cm2 (--current).")
    window = window_V or (start.value(nm.LOWER_CUT_OFF), start.value(nm.UPPER_CUT_OFF))
    direction, factor = str(curve.direction), _to_areal(curve, start)
    if curve.kind == "voltage":
        capacity, voltage = _capacity(curve) * factor, curve.data["Voltage / V"].to_numpy()
        reached = abs(voltage[-1] - window[direction == "charge"]) <= AT_CUT_OFF_V
        noise = {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points}
        given = {"current_mA_cm2": current, "direction": direction, "cycle": cycle, "window_V": window}
        found = from_arrays(capacity, voltage, to_cut_off=bool(reached), **given, **noise, **common)
        return _with_origin(found, origin)
    if curve.kind == "fade":
        numbers = curve.data["Cycle Count / 1"].to_numpy()
        legs = earlier(current, "discharge", int(numbers.max()) + 1, window)
        values: dict[str, Any] = {
            "cycle_numbers": numbers,
            "capacity_mAh_cm2": _capacity(curve) * factor,
            "direction": direction,
        }
        return FadeCurve(**values, capacity_sd=capacity_sd, legs=legs, **common, **origin)
    height = curve.data[f"dQ/dV / {UNIT_OF[curve.per]}.V-1"].to_numpy() * factor
    sd = dqdv_sd or DQDV_SHARE * float(np.max(height))
    legs = earlier(current, "discharge", cycle + 1, window)[: 2 * cycle - (direction == "discharge")]
    V = curve.data["Voltage / V"].to_numpy()
    return DQDVCurve(voltage_V=V, dqdv=height, dqdv_sd=sd, cycle=cycle, legs=legs, **common, **origin)


def _with_origin(data, origin):
    for name, value in origin.items():
        object.__setattr__(data, name, value)
    return data


def _capacity(curve):
    return curve.data[f"Capacity / {UNIT_OF[curve.per]}"].to_numpy()


def _to_areal(curve: Curve, start: ParameterSet) -> float:
    """Return the factor from the curve's capacities to mAh cm-2."""
    area = curve.area_cm2 or start.value(nm.AREA) * CM2_PER_M2
    if curve.per == "area":
        return 1.0
    if curve.per == "":
        return 1.0 / area
    return (
        1e-3 * (curve.active_mass_mg or active_mass_mg(start)) / (area if curve.active_mass_mg else start_area(start))
    )


def start_area(start: ParameterSet) -> float:
    """Return the electrode area of a set [cm2]."""
    return float(start.value(nm.AREA) * CM2_PER_M2)


def active_mass_mg(start: ParameterSet) -> float:
    """Return the mass of active material in the cell of a set [mg]: sulfur, or the catholyte where there is none.

    Raises
    ------
    DataFileError
        The cell has no cathode.
    """
    if start.cell.model != "full":
        raise DataFileError(f"The cell of set '{start.name}' has no cathode, and capacities per gram mean nothing.")
    share = nm.SULFUR_MASS_FRACTION if "Sulfur" in start.cell.chains else nm.CATHOLYTE_MASS_FRACTION
    return 1e6 * start.value(nm.COMPOSITE_MASS) * start.value(share)


def _with_loading(curve, start, where):
    """Return `where` with the mass of composite on the set's area, where mass and area of the electrode are told."""
    overrides = dict(where.get("overrides", ()))
    if not (curve.active_mass_mg and curve.area_cm2) or nm.COMPOSITE_MASS in overrides or start.cell.model != "full":
        return where
    loading = curve.active_mass_mg / active_mass_mg(start) * start_area(start) / curve.area_cm2
    return where | {"overrides": {**overrides, nm.COMPOSITE_MASS: loading * start.value(nm.COMPOSITE_MASS)}}


def _nyquist(curve, start, impedance_sd, common):
    unit = "ohm.cm2" if curve.per == "area" else "ohm"
    Z = curve.data[f"Real Impedance / {unit}"].to_numpy() + 1j * curve.data[f"Imaginary Impedance / {unit}"].to_numpy()
    Z = Z if curve.per == "area" else Z * (curve.area_cm2 or start_area(start))
    given = {"impedance_Ohm_cm2": Z, "impedance_sd": impedance_sd} | common
    if "Frequency / Hz" in curve.data:
        return ImpedanceCurve(frequency_Hz=curve.data["Frequency / Hz"].to_numpy(), **given)
    return NyquistCurve(**given)
