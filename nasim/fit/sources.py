"""Curves to fit to, from measured files, from arrays, and from results of nasim (made-up data with known values)."""

import numpy as np

from ..errors import DataFileError, ProtocolError, UnknownNameError
from .curves import CAPACITY_SD, DIRECTIONS, ROOM, VOLTAGE_SD_MV, Conditions, FadeCurve, GCDCurve, Leg

STEADY = 0.02
"""Constant current may vary by this share."""
AT_CUT_OFF_V = 0.02
"""A half cycle that ends this close to the window ended at its cut-off."""
HELD_V = 0.01
SHORTEST_REST_H = 0.02
MA_CM2 = "Current Density / mA.cm-2"
MAH_CM2 = "Half Cycle Areal Capacity / mAh.cm-2"


def from_arrays(
    capacity_mAh_cm2,
    voltage_V,
    *,
    current_mA_cm2,
    direction="discharge",
    cycle=1,
    window_V=None,
    to_cut_off=True,
    legs=None,
    conditions=None,
    label="",
    voltage_sd_mV=VOLTAGE_SD_MV,
    capacity_sd=CAPACITY_SD,
    points=200,
    **where,
):
    """One half cycle as a `GCDCurve`.

    Parameters
    ----------
    capacity_mAh_cm2, voltage_V : array_like
    current_mA_cm2 : float
        Current density of every half cycle up to this one, unless `legs` says otherwise; its sign does not matter.
    direction : str
        "discharge" or "charge"; a cell begins with a discharge.
    cycle : int
        Number of the cycle, from 1.
    window_V : (float, float), optional
        Lower and upper cut-off; default the last voltage of the curve, which is only right for the first discharge.
    to_cut_off : bool
        Whether it ended at its cut-off; otherwise at its capacity.
    legs : sequence of Leg, optional
        What the cell went through before, if it was not equal cycles.
    conditions : Conditions, optional
        Or its parts by keyword: parameters, temperature_C, stack_pressure_MPa, overrides.
    voltage_sd_mV, capacity_sd, points, label
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError, UnknownNameError
        What was given makes no sense.
    """
    if direction not in DIRECTIONS:
        raise UnknownNameError(f"from_arrays: direction '{direction}'; expected 'discharge' or 'charge'.")
    try:
        current = abs(float(current_mA_cm2))
    except (TypeError, ValueError):
        current = 0.0
    if not (np.isfinite(current) and current > 0):
        raise ProtocolError(f"from_arrays: the current must be a number, in mA cm-2; {current_mA_cm2!r} was given.")
    if isinstance(cycle, bool) or cycle != int(cycle) or cycle < 1:
        raise ProtocolError(f"from_arrays: the cycle must be a whole number from 1; {cycle!r} was given.")
    voltage, capacity = np.asarray(voltage_V, dtype=float), np.asarray(capacity_mAh_cm2, dtype=float)
    alone = direction == "discharge" and cycle == 1
    if window_V is None and legs is None and not alone:
        raise ProtocolError("from_arrays: give window_V=(lower, upper): half cycles before this one ended there.")
    if voltage.size < 2 or capacity.size < 2:
        raise DataFileError("from_arrays: a curve needs at least two records.")
    before = _before(current, direction, int(cycle), window_V) if legs is None else tuple(legs)
    if window_V is None:
        end = float(voltage[-1])
    else:
        end = float(window_V[direction == "charge"])
    most = ROOM * capacity[-1] if to_cut_off else capacity[-1]
    own = Leg(current if direction == "discharge" else -current, end, float(most))
    return GCDCurve(
        capacity_mAh_cm2=capacity,
        voltage_V=voltage,
        legs=(*before, own),
        conditions=conditions or Conditions(**_frozen(where)),
        cycle=int(cycle),
        to_cut_off=to_cut_off,
        label=label or f"{direction} {cycle} at {current:g} mA cm-2",
        voltage_sd_mV=voltage_sd_mV,
        capacity_sd=capacity_sd,
        points=points,
    )


def _frozen(where):
    overrides = where.pop("overrides", ())
    pairs = overrides.items() if hasattr(overrides, "items") else overrides
    return where | {"overrides": tuple((str(name), float(value)) for name, value in pairs)}


def _before(current, direction, cycle, window):
    """Equal half cycles before the one of this cycle and direction."""
    lower, upper = window if window is not None else (None, None)
    pair = (Leg(current, lower), Leg(-current, upper))
    return pair * (cycle - 1) + (pair[:1] if direction == "charge" else ())


def from_measurement(
    measurement,
    *,
    cycles=None,
    directions=DIRECTIONS,
    window_V=None,
    voltage_sd_mV=VOLTAGE_SD_MV,
    capacity_sd=CAPACITY_SD,
    points=200,
    **where,
):
    """The half cycles of a `nasim.Measurement` of kind "gcd" as a list of `GCDCurve`.

    Every half cycle of the file is run as it was measured (its current, its end, rests, a hold of the cut-off); those of
    `cycles` and `directions` are compared. Loading is taken from `active_mass_mg` (of sulfur) and `area_cm2` of the
    measurement where the set has sulfur.

    Parameters
    ----------
    cycles : sequence of int, optional
        Which cycles to fit to, from 1; default all.
    directions : sequence of str
    window_V : (float, float)
        Lower and upper cut-off of the test. A half cycle that ends elsewhere ended at its capacity.
    voltage_sd_mV, capacity_sd, points
        See `GCDCurve`.
    parameters, temperature_C, stack_pressure_MPa, overrides
        See `Conditions`.

    Raises
    ------
    DataFileError
        The area is not known, no current flows, or a half cycle is not of constant current.
    ProtocolError
        No window was given, or none of the cycles is there.
    """
    who = measurement.path or "measurement"
    if window_V is None or len(tuple(window_V)) != 2 or not window_V[0] < window_V[1]:
        raise ProtocolError(f"{who}: give window_V=(lower, upper), the cut-offs of the test; {window_V!r} was given.")
    for name in directions:
        if name not in DIRECTIONS:
            raise UnknownNameError(f"{who}: direction '{name}'; expected 'discharge' or 'charge'.")
    halves = measurement.half_cycles()
    if not halves:
        raise DataFileError(f"{who}: no current flows in any record.")
    conditions = Conditions(**_frozen(_with_loading(measurement, where)))
    options = {"voltage_sd_mV": voltage_sd_mV, "capacity_sd": capacity_sd, "points": points, "conditions": conditions}
    options |= {"source": measurement.path, "sha256": measurement.sha256}
    curves, legs, last, counts = [], (), float(measurement.data["Test Time / s"].iloc[0]), dict.fromkeys(DIRECTIONS, 0)
    for number, (direction, frame) in enumerate(halves, start=1):
        counts[direction] += 1
        frame = measurement.to_areal(frame)
        leg, steady, at_cut_off = _leg(f"{who}: half cycle {number}", frame, direction, window_V, last)
        last, legs = float(frame["Test Time / s"].iloc[-1]), (*legs, leg)
        if direction in directions and (cycles is None or counts[direction] in cycles):
            curves.append(_curve(who, frame[:steady], direction, counts[direction], legs, at_cut_off, options))
    if not curves:
        listed = ", ".join(f"{count} of {name}" for name, count in counts.items())
        raise ProtocolError(f"{who}: none of the cycles {list(cycles)} is in the file; it has {listed}.")
    return curves


def _with_loading(measurement, where):
    """`where` with the mass of composite that the measurement's sulfur and area mean, if it states them."""
    from .. import nomenclature as nm
    from ..parameters import load

    overrides = dict(where.get("overrides", ()))
    mass, parameters = measurement.active_mass_mg, load(where.get("parameters") or "Yuan2025_NAS")
    if mass is None or nm.COMPOSITE_MASS in overrides or "Sulfur" not in parameters.cell.chains:
        return where
    composite = 1e-6 * mass / parameters.value(nm.SULFUR_MASS_FRACTION)
    share = parameters.value(nm.AREA) / (1e-4 * measurement.area_cm2) if measurement.area_cm2 else 1.0
    return where | {"overrides": {**overrides, nm.COMPOSITE_MASS: composite * share}}


def _leg(who, frame, direction, window, last):
    """The leg of one half cycle, how many of its records are of constant current, and whether it ended at the cut-off."""
    current = np.abs(frame[MA_CM2].to_numpy())
    level = float(np.median(current[: max(3, len(current) // 10)]))
    steady = int(np.argmax(np.append(np.abs(current - level) > STEADY * level, True)))
    voltage, end = frame["Voltage / V"].to_numpy(), window[direction == "charge"]
    if steady < 5:
        raise DataFileError(f"{who}: only {steady} records are of constant current; a fit needs at least 5.")
    held = steady < len(current)
    tail = slice(min(steady + 1, len(current) - 1), None)
    if held and (np.abs(voltage[tail] - end) > HELD_V).any():
        raise DataFileError(
            f"{who}: the current changes from {level:.3g} to {current[steady]:.3g} mA cm-2 away from the cut-off of "
            f"{end:g} V; a fit needs half cycles of constant current, perhaps with a hold at the end."
        )
    at_cut_off = held or abs(voltage[-1] - end) <= AT_CUT_OFF_V
    capacity = float(frame[MAH_CM2].to_numpy()[steady - 1])
    rest = (float(frame["Test Time / s"].iloc[0]) - last) / 3600
    return (
        Leg(
            level if direction == "discharge" else -level,
            float(end),
            ROOM * capacity if at_cut_off else capacity,
            rest if rest > SHORTEST_REST_H else 0.0,
            float(current[-1]) if held else None,
        ),
        steady,
        at_cut_off,
    )


def _curve(who, frame, direction, cycle, legs, at_cut_off, options):
    capacity = np.maximum.accumulate(np.maximum(frame[MAH_CM2].to_numpy(), 0.0))
    label = f"{who.rsplit('/', 1)[-1]}, {direction} {cycle}"
    return GCDCurve(
        capacity_mAh_cm2=capacity,
        voltage_V=frame["Voltage / V"].to_numpy(),
        legs=legs,
        cycle=cycle,
        to_cut_off=bool(at_cut_off),
        label=label,
        **options,
    )


def from_result(
    result, *, cycles=None, directions=DIRECTIONS, noise_mV=0.0, capacity_noise=0.0, seed=None, points=200, **where
):
    """Half cycles of a `nasim.Result` as a list of `GCDCurve`: data whose true values are known.

    Parameters
    ----------
    cycles : sequence of int, optional
        Default all that were kept.
    noise_mV, capacity_noise : float
        Standard deviations of the noise that is added: to each voltage, and to the capacity of each half cycle (a share).
    seed : int, optional
        Of the noise.
    points : int
        Records a half cycle.
    voltage_sd_mV, capacity_sd : float, optional
        What the fit is told; default the noise.
    """
    told = {"voltage_sd_mV": where.pop("voltage_sd_mV", noise_mV) or VOLTAGE_SD_MV}
    told["capacity_sd"] = where.pop("capacity_sd", capacity_noise) or CAPACITY_SD
    record, random, curves = result.record, np.random.default_rng(seed), []
    kept = record["conditions"]
    where = {"temperature_C": kept["temperature_C"], "stack_pressure_MPa": kept["stack_pressure_MPa"]} | where
    current = float(result.summary["current_mA_cm2"].iloc[0])
    for cycle in cycles if cycles is not None else result.kept_cycles:
        curve = result.curve(cycle)
        for direction in directions:
            half = curve[curve["Step"] == direction]
            q, V = half["Capacity [mAh.cm-2]"].to_numpy(), half["Voltage [V]"].to_numpy()
            shares = np.linspace(0.0, 1.0, points)
            voltage = np.interp(shares * q[-1], q, V) + 1e-3 * noise_mV * random.standard_normal(points)
            capacity = shares * q[-1] * (1 + capacity_noise * random.standard_normal())
            options = {"direction": direction, "cycle": cycle, "window_V": tuple(kept["window_V"]), "points": points}
            curves.append(from_arrays(capacity, voltage, current_mA_cm2=current, **options, **told, **where))
    return curves


def fade_from_result(result, *, capacity_noise=0.0, seed=None, capacity_sd=None, direction="discharge", **where):
    """The capacities of all cycles of a `nasim.Result` as a `FadeCurve`."""
    kept, random = result.record["conditions"], np.random.default_rng(seed)
    current = float(result.summary["current_mA_cm2"].iloc[0])
    where = {"temperature_C": kept["temperature_C"], "stack_pressure_MPa": kept["stack_pressure_MPa"]} | where
    capacity = result.summary[f"{direction}_capacity_mAh_cm2"].to_numpy()
    noise = 1 + capacity_noise * random.standard_normal(len(capacity))
    last = int(result.summary["cycle"].iloc[-1])
    return FadeCurve(
        cycle_numbers=result.summary["cycle"].to_numpy(),
        capacity_mAh_cm2=capacity * noise,
        capacity_sd=capacity_sd or capacity_noise or CAPACITY_SD,
        direction=direction,
        legs=_before(current, "discharge", last + 1, tuple(kept["window_V"])),
        conditions=Conditions(**_frozen(where)),
        label=f"{direction} capacity of {last} cycles",
    )
