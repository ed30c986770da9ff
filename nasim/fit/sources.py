"""Curves to fit to, from arrays and from results of nasim (made-up data with known values)."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import require_kind, require_positive
from ..errors import DataFileError, ProtocolError, brief
from ..nomenclature import VOLTAGE
from ..nomenclature.columns import APPLIED_CURRENT, AREAL, CHARGE, DISCHARGE, NUMBER, STEP
from ..results.result import Result
from .curves import CAPACITY_SD, ROOM, VOLTAGE_SD_MV, FadeCurve, GCDCurve
from .data import check_direction
from .history import DIRECTIONS, Conditions, Leg


def from_arrays(
    capacity_mAh_cm2: ArrayLike,
    voltage_V: ArrayLike,
    *,
    current_mA_cm2: float,
    direction: str = "discharge",
    cycle: int = 1,
    window_V: tuple[float, float] | None = None,
    to_cut_off: bool = True,
    legs: Sequence[Leg] | None = None,
    conditions: Conditions | None = None,
    label: str = "",
    voltage_sd_mV: float = VOLTAGE_SD_MV,
    capacity_sd: float = CAPACITY_SD,
    points: int = 200,
    **where: Any,
) -> GCDCurve:
    """Return one half cycle as a `GCDCurve`.

    Parameters
    ----------
    capacity_mAh_cm2, voltage_V : array_like of shape (n,)
        Records [mAh cm-2, V] from the start of the half cycle.
    current_mA_cm2 : float
        Current density [mA cm-2] of every half cycle up to this one, unless `legs` says otherwise; its sign does not matter.
    direction : str
        "discharge" or "charge"; a cell begins with a discharge.
    cycle : int
        Number of the cycle, from 1.
    window_V : (float, float), optional
        Lower and upper cut-off [V]; default the last voltage of the curve, which is only right for the first discharge.
    to_cut_off : bool
        Whether it ended at its cut-off; otherwise at its capacity.
    legs : sequence of Leg, optional
        Half cycles before this one, if they were not equal cycles.
    conditions : Conditions, optional
    **where
        Its parts in its place: parameters, temperature_C, stack_pressure_MPa, overrides.
    voltage_sd_mV, capacity_sd, points, label
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError, UnknownNameError
        The columns are no half cycle, or an argument makes no sense.
    """
    check_direction("from_arrays", direction)
    magnitude = abs(current_mA_cm2) if isinstance(current_mA_cm2, Real) else current_mA_cm2
    current = require_positive("from_arrays", "current", magnitude, "mA cm-2")
    if isinstance(cycle, bool) or cycle != int(cycle) or cycle < 1:
        raise ProtocolError(f"from_arrays: the cycle must be a whole number from 1; {cycle!r} was given.")
    voltage, capacity = (row("from_arrays", each) for each in (voltage_V, capacity_mAh_cm2))
    alone = direction == "discharge" and cycle == 1
    if window_V is None and legs is None and not alone:
        raise ProtocolError("from_arrays: give window_V=(lower, upper): half cycles before this one ended there.")
    if voltage.size < 2 or capacity.size < 2:
        raise DataFileError("from_arrays: a curve needs at least two records.")
    before = earlier(current, direction, int(cycle), window_V) if legs is None else tuple(legs)
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


def row(who: str, values: Any) -> np.ndarray:
    """Return values as an array of shape (n,); DataFileError where they are none."""
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        found = np.zeros(())
    if found.ndim != 1:
        raise DataFileError(f"{who}: expected a row of numbers; {brief(values)} was given.")
    return found


def frozen(where: dict[str, Any]) -> dict[str, Any]:
    """Return keyword arguments of `Conditions` with the overrides as pairs."""
    overrides = where.pop("overrides", ())
    pairs = overrides.items() if hasattr(overrides, "items") else overrides
    return where | {"overrides": tuple((str(name), float(value)) for name, value in pairs)}


def earlier(current: float, direction: str, cycle: int, window: tuple[float, float] | None) -> tuple[Leg, ...]:
    """Return equal half cycles at `current` [mA cm-2] before the one of this cycle and direction."""
    lower, upper = window if window is not None else (None, None)
    pair = (Leg(current, lower), Leg(-current, upper))
    return pair * (cycle - 1) + (pair[:1] if direction == "charge" else ())


def from_result(
    result: Result,
    *,
    cycles: Sequence[int] | None = None,
    directions: Sequence[str] = DIRECTIONS,
    noise_mV: float = 0.0,
    capacity_noise: float = 0.0,
    seed: int | None = None,
    points: int = 200,
    **where: Any,
) -> list[GCDCurve]:
    """Return half cycles of a `nasim.Result` as curves whose true values are known.

    Parameters
    ----------
    result : Result
        Of a run at one current.
    cycles : sequence of int, optional
        Default all that were kept.
    directions : sequence of str
        "discharge", "charge" or both.
    noise_mV, capacity_noise : float
        Standard deviations of the noise that is added: to each voltage [mV], and to the capacity of each half cycle (a
        share).
    seed : int, optional
        Of the noise.
    points : int
        Records a half cycle.
    **where
        `voltage_sd_mV` and `capacity_sd` as for `GCDCurve`, default the noise; keywords of `Conditions`, default those of
        the run.

    Raises
    ------
    UnknownNameError
        The curve of a cycle was not kept.
    """
    stated = {"voltage_sd_mV": where.pop("voltage_sd_mV", noise_mV) or VOLTAGE_SD_MV}
    stated["capacity_sd"] = where.pop("capacity_sd", capacity_noise) or CAPACITY_SD
    random, curves = np.random.default_rng(seed), []
    window, current, where = _of_run(result, where)
    for cycle in cycles if cycles is not None else result.kept_cycles:
        curve = result.curve(cycle)
        for direction in directions:
            half = curve.loc[curve[STEP] == direction]
            q, V = half[AREAL].to_numpy(), half[VOLTAGE].to_numpy()
            shares = np.linspace(0.0, 1.0, points)
            voltage = np.interp(shares * q[-1], q, V) + 1e-3 * noise_mV * random.standard_normal(points)
            capacity = shares * q[-1] * (1 + capacity_noise * random.standard_normal())
            options = {"direction": direction, "cycle": cycle, "window_V": window, "points": points}
            curves.append(from_arrays(capacity, voltage, current_mA_cm2=current, **options, **stated, **where))
    return curves


def _of_run(result: Result, where: dict[str, Any]) -> tuple[tuple[float, float], float, dict[str, Any]]:
    """Return window [V], current density [mA cm-2] and keywords of `Conditions` of a run; those in `where` count."""
    require_kind("fit", "what curves are taken from", result, Result, "a nasim.Result")
    conditions = result.record["conditions"]
    kept = {name: conditions[name] for name in ("temperature_C", "stack_pressure_MPa")}
    return tuple(conditions["window_V"]), float(result.summary[APPLIED_CURRENT].iloc[0]), kept | where


def fade_from_result(
    result: Result,
    *,
    capacity_noise: float = 0.0,
    seed: int | None = None,
    capacity_sd: float | None = None,
    direction: str = "discharge",
    **where: Any,
) -> FadeCurve:
    """Return the capacities of all cycles of a `nasim.Result` as a `FadeCurve`.

    Parameters
    ----------
    result : Result
        Of a run at one current.
    capacity_noise : float
        Standard deviation of the noise that is added, a share.
    seed : int, optional
        Of the noise.
    capacity_sd : float, optional
        Noise that the fit assumes, a share; default `capacity_noise`.
    direction : str
        "discharge" or "charge".
    **where
        Keywords of `Conditions`; default those of the run.

    Raises
    ------
    UnknownNameError
        The direction is neither.
    """
    check_direction("fade_from_result", direction)
    random = np.random.default_rng(seed)
    window, current, where = _of_run(result, where)
    capacity = result.summary[DISCHARGE if direction == "discharge" else CHARGE].to_numpy()
    noise = 1 + capacity_noise * random.standard_normal(len(capacity))
    last = int(result.summary[NUMBER].iloc[-1])
    return FadeCurve(
        cycle_numbers=result.summary[NUMBER].to_numpy(),
        capacity_mAh_cm2=capacity * noise,
        capacity_sd=capacity_sd or capacity_noise or CAPACITY_SD,
        direction=direction,
        legs=earlier(current, "discharge", last + 1, window),
        conditions=Conditions(**frozen(where)),
        label=f"{direction} capacity of {last} cycles",
    )
