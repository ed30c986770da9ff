"""`read_curve`: a text table without time into a checked `Curve`."""

import numpy as np
import pandas as pd

from nasim.checks import MOST_CYCLES
from nasim.errors import DataFileError
from nasim.instruments.checks import check_choice, check_positive
from nasim.instruments.curve import CYCLE, UNIT_OF, VOLTAGE, Curve
from nasim.instruments.delimited import CAPACITIES, PARTS, TIMES, is_record_header, read_table
from nasim.instruments.headers import meaning_of, meanings
from nasim.instruments.kinds import kind_of
from nasim.instruments.layout import delimiters_of, read_head, split_fields
from nasim.instruments.origin import existing, sha256_of

KINDS = ("voltage", "fade", "dqdv", "nyquist")
DIRECTIONS = ("discharge", "charge")
MOST_MAH = 1e9
"""Largest capacity of a curve [mAh, per gram or area or not]."""


def is_curve_header(fields, units=None):
    """Whether these fields head a curve without time.

    >>> is_curve_header(["Specific capacity (mAh/g)", "Voltage (V)"]), is_curve_header(["Time (s)", "Voltage (V)"])
    (True, False)
    """
    return _kind_of(set(meanings(fields, units))) is not None


def is_curve(path, columns=None, units=None, delimiter=None):
    """Whether a file is a text table of a curve without time, by its header or by the columns that the user names."""
    if columns:
        return _kind_of({meaning.quantity for meaning in map(meaning_of, columns) if meaning is not None}) is not None
    path = existing(path)
    if kind_of(path) != "text":
        return False
    for line in read_head(path):
        for mark in [delimiter] if delimiter else delimiters_of(line):
            fields = split_fields(line, mark)
            if is_record_header(fields, units):
                return False
            if is_curve_header(fields, units):
                return True
    return False


def _kind_of(found):
    capacity = found & set(CAPACITIES)
    if found & set(TIMES):
        return None
    if "voltage" in found and "dqdv" in found:
        return "dqdv"
    if "voltage" in found and capacity:
        return "voltage"
    if "cycle" in found and capacity:
        return "fade"
    return "nyquist" if any(parts <= found for parts in PARTS[:2]) else None


def read_curve(
    path,
    *,
    kind: str | None = None,
    direction: str | None = None,
    current_mA_cm2: float | None = None,
    active_mass_mg: float | None = None,
    area_cm2: float | None = None,
    backwards: bool = False,
    columns: dict | None = None,
    units: dict | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
) -> Curve:
    """Read a curve without time from a text table.

    Parameters
    ----------
    path : str or path-like
        A table whose header says what its columns are, as "Specific capacity (mAh/g), Voltage (V)", or any with `columns`.
    kind : str, optional
        "voltage", "fade", "dqdv" or "nyquist"; by default what the columns make it.
    direction : str, optional
        "discharge" or "charge". By default the voltage tells, falling or rising with the capacity; a curve that
        contradicts what is stated is refused.
    current_mA_cm2, active_mass_mg, area_cm2 : float, optional
        Of the test and the electrode; kept with the curve.
    backwards : bool
        The capacity axis runs backwards, as where a charge is drawn over the discharge before it.
    columns : dict, optional
        Label to header, as {"Capacity / mAh.g-1": "x", "Voltage / V": "y"}; a number is a column of a file without header.
    units, delimiter, decimal
        See `nasim.read`.

    Returns
    -------
    Curve

    Raises
    ------
    DataFileError
        The file is no such curve, or contradicts what was stated.
    UnknownNameError
        A word that `kind` or `direction` does not know.
    """
    check_choice("kind", kind, KINDS)
    check_choice("direction", direction, DIRECTIONS)
    for name, value in (("current_mA_cm2", current_mA_cm2), ("active_mass_mg", active_mass_mg), ("area_cm2", area_cm2)):
        check_positive(name, value)
    path = existing(path)
    raw, found, notes = read_table(path, columns, units, delimiter, decimal, is_curve_header)
    kind = kind or _kind_of(set(found))
    if kind is None:
        raise DataFileError(f"{path}: the columns {sorted(found)} make no curve of {', '.join(KINDS)}.")
    frame, per, told, said = _MAKERS[kind](str(path), raw.dropna(how="any"), found, direction, backwards)
    return Curve(
        data=frame,
        kind=kind,
        per=per,
        direction=told,
        current_mA_cm2=current_mA_cm2,
        active_mass_mg=active_mass_mg,
        area_cm2=area_cm2,
        path=str(path),
        sha256=sha256_of(path),
        notes=(*notes, *said),
    )


def _capacity(path, raw, found, direction):
    """Capacity [mAh per what], what it is per, and the direction that its header tells."""
    wanted = [direction] if direction in found else []
    name = next((name for name in [*wanted, *CAPACITIES] if name in found), None)
    if name is None:
        raise DataFileError(f"{path}: no column of the capacity was found; the columns are {sorted(found)}.")
    if not found[name].unit:
        raise DataFileError(
            f"{path}: the header {found[name].header!r} has no unit; give it in units= (mAh/g, mAh/cm2, mAh)."
        )
    return 1e3 * raw[name].abs(), found[name].per, name if name in DIRECTIONS else None


def _voltage_curve(path, raw, found, direction, backwards):
    capacity, per, told = _capacity(path, raw, found, direction)
    if (raw["voltage"].abs() > 20).any():
        raise DataFileError(f"{path}: a voltage of {raw['voltage'].abs().max():g} V; is the column in mV?")
    capacity = capacity.max() - capacity if backwards else capacity
    order = np.argsort(capacity.to_numpy(), kind="stable")
    frame = pd.DataFrame({f"Capacity / {UNIT_OF[per]}": capacity, VOLTAGE: raw["voltage"]}).iloc[order]
    if not (capacity < MOST_MAH).all():
        raise DataFileError(
            f"{path}: a capacity of {capacity.max():g} {UNIT_OF[per]} is impossible; is it in another unit?"
        )
    if len(frame) < 3 or not np.ptp(capacity) > 0:
        raise DataFileError(f"{path}: {len(frame)} points, expected a curve of at least 3 over a range of capacities.")
    trend = "charge" if np.polyfit(frame.iloc[:, 0], frame.iloc[:, 1], 1)[0] > 0 else "discharge"
    stated = direction or told
    if stated and stated != trend:
        raise DataFileError(
            f"{path}: stated as a {stated}, but the voltage {'rises' if trend == 'charge' else 'falls'} with the capacity, as in a"
            f" {trend}. If the axis runs backwards, say so with backwards=True."
        )
    notes = [] if stated else [f"direction not given: the voltage makes it a {trend}"]
    return frame.reset_index(drop=True), per, trend, notes


def _fade_curve(path, raw, found, direction, backwards):
    capacity, per, told = _capacity(path, raw, found, direction)
    number = raw["cycle"].round()
    if number.duplicated().any() or not number.between(1, MOST_CYCLES).all():
        raise DataFileError(f"{path}: cycle numbers must be whole, from 1, and each once.")
    frame = pd.DataFrame({CYCLE: number.astype(int), f"Capacity / {UNIT_OF[per]}": capacity})
    stated = direction or told
    return frame.sort_values(CYCLE, ignore_index=True), per, stated or "discharge", _assumed(stated, "discharge")


def _dqdv_curve(path, raw, found, direction, backwards):
    per, signed = found["dqdv"].per, 1e3 * raw["dqdv"]
    trend = "discharge" if signed.sum() < 0 else "charge"
    stated = direction or (trend if trend == "discharge" else None)
    frame = pd.DataFrame({VOLTAGE: raw["voltage"], f"dQ/dV / {UNIT_OF[per]}.V-1": signed.abs()})
    return frame.sort_values(VOLTAGE, ignore_index=True), per, stated or "charge", _assumed(stated, "charge")


def _assumed(stated, taken):
    return [] if stated else [f"direction not given: taken as {taken}"]


def _nyquist(path, raw, found, direction, backwards):
    per = found["real"].per
    unit = "ohm.cm2" if per == "area" else "ohm"
    imaginary = raw["imaginary"] if "imaginary" in raw else -raw["minus imaginary"]
    parts = {f"Real Impedance / {unit}": raw["real"], f"Imaginary Impedance / {unit}": imaginary}
    frequency = {"Frequency / Hz": raw["frequency"]} if "frequency" in raw else {}
    if imaginary.sum() > 0:
        raise DataFileError(
            f"{path}: most imaginary parts are positive; a column of -Im(Z) is to be named as such, '-Z\"'."
        )
    return pd.DataFrame(frequency | parts).reset_index(drop=True), per, None, []


_MAKERS = {"voltage": _voltage_curve, "fade": _fade_curve, "dqdv": _dqdv_curve, "nyquist": _nyquist}
