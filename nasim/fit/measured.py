"""Curves to fit to from a measured file: every half cycle is run as it was measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import nomenclature as nm
from ..errors import DataFileError, ProtocolError
from ..instruments import Measurement
from ..parameters import load
from ..units import CM2_PER_M2, SECONDS_PER_HOUR
from .curves import CAPACITY_SD, ROOM, VOLTAGE_SD_MV, GCDCurve
from .data import LEAST_POINTS, check_direction
from .history import DIRECTIONS, Conditions, Leg
from .sources import frozen

STEADY = 0.02
"""Constant current may vary by this share."""
AT_CUT_OFF_V = 0.02
"""A half cycle that ends this close to the window ended at its cut-off."""
HELD_V = 0.01
SETTLING = 0.02
"""Share of the charge that may pass before the current is constant."""
SHORTEST_REST_H = 0.02
TIME, VOLTAGE = "Test Time / s", "Voltage / V"
MA_CM2 = "Current Density / mA.cm-2"
MAH_CM2 = "Half Cycle Areal Capacity / mAh.cm-2"


def from_measurement(
    measurement: Measurement,
    *,
    cycles: Sequence[int] | None = None,
    directions: Sequence[str] = DIRECTIONS,
    window_V: tuple[float, float] | None = None,
    voltage_sd_mV: float = VOLTAGE_SD_MV,
    capacity_sd: float = CAPACITY_SD,
    points: int = 200,
    **where: Any,
) -> list[GCDCurve]:
    """Return half cycles of a measurement as curves to fit to.

    Every half cycle of the file is run as it was measured (its current, its end, rests, a hold of the cut-off); those of
    `cycles` and `directions` are compared. Loading is taken from `active_mass_mg` (of sulfur) and `area_cm2` of the
    measurement where the set has sulfur.

    Parameters
    ----------
    measurement : Measurement
        Of kind "gcd", its area known.
    cycles : sequence of int, optional
        Which cycles to fit to, from 1; default all.
    directions : sequence of str
        "discharge", "charge" or both.
    window_V : (float, float)
        Lower and upper cut-off of the test [V]. A half cycle that ends elsewhere ended at its capacity.
    voltage_sd_mV, capacity_sd, points
        See `GCDCurve`.
    **where
        Keywords of `Conditions`: parameters, temperature_C, stack_pressure_MPa, overrides.

    Raises
    ------
    DataFileError
        The area is not known, no current flows, or a half cycle is not of constant current.
    ProtocolError
        No window was given, or none of the cycles is there.
    UnknownNameError
        A direction is neither "discharge" nor "charge".
    """
    who = measurement.path or "measurement"
    if window_V is None or len(tuple(window_V)) != 2 or not window_V[0] < window_V[1]:
        raise ProtocolError(f"{who}: give window_V=(lower, upper), the cut-offs of the test; {window_V!r} was given.")
    for name in directions:
        check_direction(who, name)
    halves = measurement.half_cycles()
    if not halves:
        raise DataFileError(f"{who}: no current flows in any record.")
    conditions = Conditions(**frozen(_with_loading(measurement, where)))
    options = {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points, "conditions": conditions}
    options |= {"source": measurement.path, "sha256": measurement.sha256}
    curves: list[GCDCurve] = []
    legs: tuple[Leg, ...] = ()
    last, counts = float(measurement.data[TIME].iloc[0]), dict.fromkeys(DIRECTIONS, 0)
    for number, (direction, frame) in enumerate(halves, start=1):
        counts[direction] += 1
        frame = measurement.to_areal(frame)
        leg, steady, at_cut_off = _leg(f"{who}: half cycle {number}", frame, direction, window_V, last)
        last, legs = float(frame[TIME].iloc[-1]), (*legs, leg)
        if direction in directions and (cycles is None or counts[direction] in cycles):
            curves.append(_curve(who, frame[steady], direction, counts[direction], legs, at_cut_off, options))
    if not curves:
        listed = ", ".join(f"{count} of {name}" for name, count in counts.items())
        raise ProtocolError(f"{who}: none of the cycles {list(cycles or ())} is in the file; it has {listed}.")
    return curves


def _with_loading(measurement: Measurement, where: dict[str, Any]) -> dict[str, Any]:
    """Return `where` with the mass of composite that follows from the measurement's sulfur and area, if it has them."""
    overrides = dict(where.get("overrides", ()))
    mass, parameters = measurement.active_mass_mg, load(where.get("parameters") or "Yuan2025_NAS")
    if mass is None or nm.COMPOSITE_MASS in overrides or "Sulfur" not in parameters.cell.chains:
        return where
    composite = 1e-6 * mass / parameters.value(nm.SULFUR_MASS_FRACTION)
    share = CM2_PER_M2 * parameters.value(nm.AREA) / measurement.area_cm2 if measurement.area_cm2 else 1.0
    return where | {"overrides": {**overrides, nm.COMPOSITE_MASS: composite * share}}


def _leg(who, frame, direction, window, last):
    """Return the leg of one half cycle, its records of constant current, and whether it ended at the cut-off."""
    current, capacity = np.abs(frame[MA_CM2].to_numpy()), frame[MAH_CM2].to_numpy()
    voltage, end = frame[VOLTAGE].to_numpy(), window[direction == "charge"]
    level, steady = _steady(who, current, capacity)
    held = steady.stop < len(current)
    tail = slice(min(steady.stop + 1, len(current) - 1), None)
    if held and (np.abs(voltage[tail] - end) > HELD_V).any():
        raise DataFileError(
            f"{who}: the current changes from {level:.3g} to {current[steady.stop]:.3g} mA cm-2 away from the cut-off of "
            f"{end:g} V; a fit needs half cycles of constant current, perhaps with a hold at the end."
        )
    at_cut_off = held or abs(voltage[-1] - end) <= AT_CUT_OFF_V
    passed = float(capacity[steady.stop - 1])
    rest = (float(frame[TIME].iloc[0]) - last) / SECONDS_PER_HOUR
    leg = Leg(
        level if direction == "discharge" else -level,
        float(end),
        ROOM * passed if at_cut_off else passed,
        rest if rest > SHORTEST_REST_H else 0.0,
        float(current[-1]) if held else None,
    )
    return leg, steady, at_cut_off


def _steady(who, current, capacity):
    """Return the level of the constant current and the records that have it, without the moment before it is steady."""
    level = float(np.median(current[capacity <= 0.5 * capacity[-1]]))
    off = np.abs(current - level) > STEADY * level
    first = int(np.argmin(off))
    stop = first + int(np.argmax(np.append(off[first:], True)))
    if first and capacity[first - 1] > SETTLING * capacity[-1]:
        stop = first
    if stop - first < LEAST_POINTS:
        raise DataFileError(f"{who}: only {stop - first} records are of constant current; a fit needs {LEAST_POINTS}.")
    return level, slice(first, stop)


def _curve(who, frame, direction, cycle, legs, at_cut_off, options):
    capacity = np.maximum.accumulate(np.maximum(frame[MAH_CM2].to_numpy(), 0.0))
    label = f"{who.rsplit('/', 1)[-1]}, {direction} {cycle}"
    return GCDCurve(
        capacity_mAh_cm2=capacity,
        voltage_V=frame[VOLTAGE].to_numpy(),
        legs=legs,
        cycle=cycle,
        to_cut_off=bool(at_cut_off),
        label=label,
        **options,
    )
