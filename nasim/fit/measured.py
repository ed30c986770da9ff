"""Curves to fit to from a measured file: every half cycle is run as it was measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import nomenclature as nm
from ..errors import DataFileError, ProtocolError
from ..instruments import Measurement
from ..instruments.checks import check_choice
from ..parameters import ParameterSet, load
from ..units import CM2_PER_M2, SECONDS_PER_HOUR
from .curves import CAPACITY_SD, ROOM, VOLTAGE_SD_MV, GCDCurve
from .data import LEAST_POINTS, check_direction
from .history import DIRECTIONS, Conditions, Leg
from .sources import frozen
from .suitability import ENDS, check_amount, check_cell, check_ends, check_first, check_holds_half_cycles

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
    ends: str | None = None,
    start: ParameterSet | None = None,
    zero_current_A: float | None = None,
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
        Lower and upper cut-off of the test [V].
    ends : str, optional
        How half cycles that end away from the window ended: "capacity", where time or capacity ended them. Default: so
        taken where another of that direction ended at the window, or where they agree in capacity; else refused.
    start : ParameterSet, optional
        Set of the cell, where `parameters` is not given; default "Yuan2025_NAS".
    zero_current_A : float, optional
        Currents up to this count as rest [A]; default as `Measurement.half_cycles`.
    voltage_sd_mV, capacity_sd, points
        See `GCDCurve`.
    **where
        Keywords of `Conditions`: parameters, temperature_C, stack_pressure_MPa, overrides.

    Raises
    ------
    DataFileError
        The area is not known, no current flows, a half cycle is not of constant current, or the file does not belong to
        the cell of the set: its kind, window, amount of active material.
    ProtocolError
        No window was given, or none of the cycles is there.
    UnknownNameError
        A direction is neither "discharge" nor "charge", or `ends` something else.
    """
    check_holds_half_cycles(measurement)
    check_choice("ends", ends, ENDS)
    who = measurement.path or "measurement"
    if window_V is None or len(tuple(window_V)) != 2 or not window_V[0] < window_V[1]:
        raise ProtocolError(f"{who}: give window_V=(lower, upper), the cut-offs of the test; {window_V!r} was given.")
    for name in directions:
        check_direction(who, name)
    halves = measurement.half_cycles(zero_current_A)
    if not halves:
        raise DataFileError(f"{who}: no current flows in any record.")
    cell = load(where["parameters"]) if where.get("parameters") else start or load("Yuan2025_NAS")
    where = frozen(_with_loading(measurement, where, cell))
    _check_belongs(measurement, halves, cell, where)
    conditions = Conditions(**where)
    options = {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points, "conditions": conditions}
    options |= {"source": measurement.path, "sha256": measurement.sha256}
    curves: list[GCDCurve] = []
    legs: tuple[Leg, ...] = ()
    last = float(measurement.data[TIME].iloc[0])
    counts: dict[str, int] = dict.fromkeys(DIRECTIONS, 0)
    ended: dict[str, list] = {name: [] for name in DIRECTIONS}
    for number, (direction, frame) in enumerate(halves, start=1):
        counts[direction] += 1
        frame = measurement.to_areal(frame)
        leg, steady, at_cut_off = _leg(f"{who}: half cycle {number}", frame, direction, window_V, last)
        last, legs = float(frame[TIME].iloc[-1]), (*legs, leg)
        ended[direction].append((at_cut_off, float(frame[VOLTAGE].iloc[-1]), float(frame[MAH_CM2].iloc[-1])))
        if direction in directions and (cycles is None or counts[direction] in cycles):
            curves.append(_curve(who, frame[steady], direction, counts[direction], legs, at_cut_off, options))
    for name in {curve.legs[-1].direction for curve in curves} if ends is None else ():
        check_ends(who, name, window_V, *zip(*ended[name], strict=True))
    if not curves:
        listed = ", ".join(f"{count} of {name}" for name, count in counts.items())
        raise ProtocolError(f"{who}: none of the cycles {list(cycles or ())} is in the file; it has {listed}.")
    return curves


def _with_loading(measurement: Measurement, where: dict[str, Any], cell: ParameterSet) -> dict[str, Any]:
    """Return `where` with the mass of composite that follows from the measurement's sulfur and area, if it has them."""
    overrides, mass = dict(where.get("overrides", ())), measurement.active_mass_mg
    if mass is None or nm.COMPOSITE_MASS in overrides or "Sulfur" not in cell.cell.chains:
        return where
    composite = 1e-6 * mass / cell.value(nm.SULFUR_MASS_FRACTION)
    share = CM2_PER_M2 * cell.value(nm.AREA) / measurement.area_cm2 if measurement.area_cm2 else 1.0
    return where | {"overrides": {**overrides, nm.COMPOSITE_MASS: composite * share}}


def _check_belongs(measurement, halves, cell, where):
    """Refuse a file of another kind of cell, of another amount of active material, or that begins in the middle."""
    who = measurement.path or "measurement"
    check_cell(who, cell, np.concatenate([frame[VOLTAGE].to_numpy() for _, frame in halves]))
    check_first(who, cell, halves[0][0])
    largest = max(float(measurement.to_areal(frame)[MAH_CM2].iloc[-1]) for _, frame in halves)
    stated = f"area {measurement.area_cm2:g} cm2"
    stated += f", {measurement.active_mass_mg:g} mg of active material" if measurement.active_mass_mg else ""
    check_amount(who, cell, largest, dict(where["overrides"]).get(nm.COMPOSITE_MASS), stated)


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
    """Return the level of the constant current and the records that have it, without the moment before it is steady.

    A record at which nothing has passed yet was written as the current was switched: the voltage changes within milliseconds
    then, so that it tells when the instrument looked rather than what the cell does.
    """
    level = float(np.median(current[capacity <= 0.5 * capacity[-1]]))
    off = np.abs(current - level) > STEADY * level
    first = max(int(np.argmin(off)), int(np.argmax(capacity > 0)))
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
