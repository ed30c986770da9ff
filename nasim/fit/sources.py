"""Curves to fit to, from arrays and from results of nasim (made-up data with known values)."""

import numpy as np

from ..errors import DataFileError, ProtocolError, UnknownNameError
from .curves import CAPACITY_SD, ROOM, VOLTAGE_SD_MV, FadeCurve, GCDCurve
from .history import DIRECTIONS, Conditions, Leg


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
    end = float(voltage[-1] if window_V is None else window_V[direction == "charge"])
    most = ROOM * capacity[-1] if to_cut_off else capacity[-1]
    own = Leg(current if direction == "discharge" else -current, end, float(most))
    return GCDCurve(
        capacity_mAh_cm2=capacity,
        voltage_V=voltage,
        legs=(*before, own),
        conditions=conditions or Conditions(**frozen(where)),
        cycle=int(cycle),
        to_cut_off=to_cut_off,
        label=label or f"{direction} {cycle} at {current:g} mA cm-2",
        voltage_sd_mV=voltage_sd_mV,
        capacity_sd=capacity_sd,
        points=points,
    )


def frozen(where):
    """`where` with its overrides as pairs."""
    overrides = where.pop("overrides", ())
    pairs = overrides.items() if hasattr(overrides, "items") else overrides
    return where | {"overrides": tuple((str(name), float(value)) for name, value in pairs)}


def _before(current, direction, cycle, window):
    """Equal half cycles before the one of this cycle and direction."""
    lower, upper = window if window is not None else (None, None)
    pair = (Leg(current, lower), Leg(-current, upper))
    return pair * (cycle - 1) + (pair[:1] if direction == "charge" else ())


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
        conditions=Conditions(**frozen(where)),
        label=f"{direction} capacity of {last} cycles",
    )
