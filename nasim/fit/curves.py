r"""What a model is fitted to: measured curves with their noise, and what the cell went through before.

A `Leg` is a half cycle as the cycler ran it, `Conditions` say which cell it was and how it was kept. A curve holds its
legs up to and including its own: the fit runs them from the fresh cell, so that a curve of cycle 5 is computed in cycle 5.
Curves of one cell whose legs agree share one run.

**Voltage against capacity** (`GCDCurve`). Let :math:`x_j = q_j/Q` be the share of its capacity Q at which a record was
taken. With c computed, m measured, the residuals are

.. math::
   r_j = \frac{V_c(x_j Q_c) - V_m(x_j Q_m)}{\sigma_V}, \qquad r_{end} = \frac{Q_c/Q_m - 1}{\sigma_Q}

This is the likelihood of a voltage with independent noise :math:`\sigma_V` over a capacity axis whose scale (loading,
area, current) is uncertain by the share :math:`\sigma_Q`. It is smooth: a computed curve that ends early is short, and
its last point still meets the last point measured. A half cycle that was ended by its capacity has no :math:`r_{end}`;
should the computed one meet the cut-off before, only the difference in capacity counts.
"""

from dataclasses import dataclass, field

import numpy as np

from ..analysis import dqdv, to_C_m2
from ..errors import DataFileError, ProtocolError, UnknownNameError

VOLTAGE_SD_MV = 5.0
CAPACITY_SD = 0.01
ROOM = 2.0
"""A computed half cycle may pass this many times the measured capacity before it is cut short."""
LONGEST_HOLD_H = 24.0
DIRECTIONS = ("discharge", "charge")
LEAST_POINTS = 5
NUDGE = 1e-4
"""Largest change, V or share of the capacity, in the differences through a trace."""


@dataclass(frozen=True)
class Leg:
    """One half cycle: rest, constant current to a cut-off or capacity, perhaps a hold of the cut-off.

    current_mA_cm2 is positive on discharge. The leg ends at `until_V` or at `most_mAh_cm2`, whichever comes first.
    """

    current_mA_cm2: float
    until_V: float | None = None
    most_mAh_cm2: float = 5.0
    rest_h: float = 0.0
    hold_until_mA_cm2: float | None = None

    @property
    def direction(self):
        return DIRECTIONS[self.current_mA_cm2 < 0]

    def steps(self):
        """The steps of a `Stepper`, the one at constant current, and its place among them."""
        from ..experiments.stepper import Step

        current = 10.0 * self.current_mA_cm2
        steps = [Step("rest", 3600 * self.rest_h)] if self.rest_h else []
        duration = to_C_m2(self.most_mAh_cm2) / abs(current)
        steps.append(Step(self.direction, duration, current=current, until_voltage=self.until_V, may_time_out=True))
        place = len(steps) - 1
        if self.hold_until_mA_cm2 is not None:
            until = 10.0 * self.hold_until_mA_cm2 * (1 if self.current_mA_cm2 > 0 else -1)
            steps.append(Step("hold", 3600 * LONGEST_HOLD_H, voltage=self.until_V, until_current=until))
        return steps, place


@dataclass(frozen=True)
class Conditions:
    """Which cell, and how it was kept; None is the value of the parameter set, `parameters` None the set of the start.

    `overrides` are pairs (parameter, value) of what differs in this cell, such as its loading.
    """

    parameters: str | None = None
    temperature_C: float | None = None
    stack_pressure_MPa: float | None = None
    overrides: tuple[tuple[str, float], ...] = ()

    def inputs(self):
        """Parameter -> value, SI, of what is not left to the set."""
        from .. import nomenclature as nm
        from ..experiments.checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, require_within

        found = dict(self.overrides)
        if self.temperature_C is not None:
            celsius = require_within("fit", "temperature", self.temperature_C, "degC", TEMPERATURE_RANGE_C)
            found[nm.AMBIENT_TEMPERATURE] = celsius + ZERO_CELSIUS
        if self.stack_pressure_MPa is not None:
            pressure = require_within("fit", "stack pressure", self.stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
            found[nm.APPLIED_PRESSURE] = 1e6 * pressure
        return found


@dataclass(frozen=True, kw_only=True)
class Data:
    """What all kinds of data have: the legs that lead to them, conditions, a label, where they come from."""

    legs: tuple[Leg, ...]
    conditions: Conditions = Conditions()
    label: str = ""
    source: str = ""
    sha256: str = ""

    def gradient(self, traces):
        """Derivatives (residuals, parameters) through the sensitivities of the traces, by small nudges of them."""
        here = self.residuals(traces)
        columns = []
        for k in range(traces[-1].parameters):
            size = max((trace.reach(k) for trace in traces), default=0.0)
            step = NUDGE / size if size else 1.0
            nudged = self.residuals([trace.nudged(k, step) for trace in traces])
            columns.append((nudged - here) / step)
        return np.array(columns).reshape(-1, len(here)).T


@dataclass(frozen=True, kw_only=True, eq=False)
class GCDCurve(Data):
    """Voltage against capacity of one half cycle at constant current; see the equations of this module.

    Parameters
    ----------
    capacity_mAh_cm2, voltage_V : array_like
        Records from the start of the half cycle; capacity rises from zero.
    legs : tuple of Leg
        What the cell went through, this half cycle last.
    to_cut_off : bool
        Whether the half cycle ended at its cut-off, so that its capacity is a result.
    voltage_sd_mV : float
        Noise of the voltage; for a model that cannot be exact, what you would call a good fit.
    capacity_sd : float
        Uncertainty of the capacity axis, a share: loading, area, current.
    points : int
        At most so many records are used, evenly spread.

    Raises
    ------
    DataFileError
        Records that are no half cycle, with the reason.
    """

    capacity_mAh_cm2: np.ndarray = field(repr=False)
    voltage_V: np.ndarray = field(repr=False)
    cycle: int = 1
    to_cut_off: bool = True
    voltage_sd_mV: float = VOLTAGE_SD_MV
    capacity_sd: float = CAPACITY_SD
    points: int = 200

    def __post_init__(self):
        who = self.label or self.source or "GCD curve"
        q, V = _columns(who, self.capacity_mAh_cm2, self.voltage_V)
        _check_capacity(who, q)
        _positive(who, voltage_sd_mV=self.voltage_sd_mV, capacity_sd=self.capacity_sd)
        _check_trend(who, self.legs[-1].direction, V)
        object.__setattr__(self, "capacity_mAh_cm2", q)
        object.__setattr__(self, "voltage_V", V)
        chosen = np.unique(np.linspace(0, len(q) - 1, min(self.points, len(q))).astype(int))
        object.__setattr__(self, "chosen", chosen)

    @property
    def capacity(self):
        """Capacity of the half cycle [mAh cm-2]."""
        return float(self.capacity_mAh_cm2[-1])

    @property
    def fraction(self):
        """Shares of the capacity at the records that are compared."""
        return self.capacity_mAh_cm2[self.chosen] / self.capacity

    def residuals(self, traces):
        """Residuals in standard deviations, the end point last."""
        trace = traces[-1]
        computed = trace.voltage(self.fraction if self.to_cut_off else self._capped(trace))
        end = (trace.capacity / self.capacity - 1) / self.capacity_sd
        voltage = (computed - self.voltage_V[self.chosen]) / (1e-3 * self.voltage_sd_mV)
        return np.append(voltage, end)

    def _capped(self, trace):
        """Shares of the computed capacity at the measured capacities, at most its end."""
        return np.minimum(self.fraction * self.capacity / max(trace.capacity, 1e-9), 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class DQDVCurve(Data):
    """Differential capacity of one half cycle on a grid of voltages [mAh cm-2 V-1], smoothed as `nasim.analysis.dqdv`.

    Parameters
    ----------
    voltage_V, dqdv : array_like
    dqdv_sd : float
        Its noise [mAh cm-2 V-1].
    """

    voltage_V: np.ndarray = field(repr=False)
    dqdv: np.ndarray = field(repr=False)
    dqdv_sd: float
    cycle: int = 1

    def __post_init__(self):
        who = self.label or self.source or "dQ/dV curve"
        V, height = _columns(who, self.voltage_V, self.dqdv)
        _positive(who, dqdv_sd=self.dqdv_sd)
        order = np.argsort(V)
        object.__setattr__(self, "voltage_V", V[order])
        object.__setattr__(self, "dqdv", height[order])

    def residuals(self, traces):
        """Residuals in standard deviations."""
        return (self.computed(traces[-1]) - self.dqdv) / self.dqdv_sd

    def computed(self, trace):
        """dQ/dV of a trace on the grid; zero where the trace has no such voltage."""
        fraction = np.unique(np.concatenate([np.linspace(0.0, 1.0, 200), trace.shares]))
        try:
            grid, height = dqdv(trace.voltage(fraction), fraction * trace.capacity)
        except DataFileError:
            return np.zeros_like(self.voltage_V)
        return np.interp(self.voltage_V, grid, height, left=0.0, right=0.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class FadeCurve(Data):
    """Capacity against cycle number; `legs` are all half cycles up to the last cycle given.

    Parameters
    ----------
    cycle_numbers : array_like of int
        Counted from 1 in the direction given.
    capacity_mAh_cm2 : array_like
    capacity_sd : float
        Noise of each capacity, a share.
    direction : str
        "discharge" or "charge".
    """

    cycle_numbers: np.ndarray = field(repr=False)
    capacity_mAh_cm2: np.ndarray = field(repr=False)
    capacity_sd: float = CAPACITY_SD
    direction: str = "discharge"

    def __post_init__(self):
        who = self.label or self.source or "capacity against cycle"
        numbers, capacity = _columns(who, self.cycle_numbers, self.capacity_mAh_cm2, least=1)
        _direction(who, self.direction)
        _positive(who, capacity_sd=self.capacity_sd)
        if capacity.min() <= 0:
            raise DataFileError(f"{who}: capacities must be above zero; the smallest is {capacity.min():g}.")
        there = sum(leg.direction == self.direction for leg in self.legs)
        if numbers.min() < 1 or numbers.max() > there or np.any(numbers != np.round(numbers)):
            raise DataFileError(f"{who}: cycle numbers must be whole, from 1 to {there} (the legs given).")
        object.__setattr__(self, "cycle_numbers", numbers.astype(int))
        object.__setattr__(self, "capacity_mAh_cm2", capacity)

    def residuals(self, traces):
        """Residuals in standard deviations."""
        found = np.array([trace.capacity for trace in traces if trace.direction == self.direction])
        return (found[self.cycle_numbers - 1] / self.capacity_mAh_cm2 - 1) / self.capacity_sd


def _columns(who, first, second, least=LEAST_POINTS):
    """Two arrays of equal length, finite numbers only."""
    try:
        first, second = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    except (TypeError, ValueError):
        raise DataFileError(f"{who}: the columns must be numbers.") from None
    if first.ndim != 1 or first.shape != second.shape or len(first) < least:
        shapes = f"shapes {first.shape} and {second.shape}"
        raise DataFileError(f"{who}: expected two columns of one length, at least {least}; {shapes} were given.")
    bad = np.flatnonzero(~(np.isfinite(first) & np.isfinite(second)))
    if bad.size:
        raise DataFileError(f"{who}: {bad.size} of {len(first)} records are not finite, the first is record {bad[0]}.")
    return first, second


def _check_capacity(who, q):
    if q[0] < 0 or q[-1] <= 0 or np.any(np.diff(q) < 0):
        place = int(np.argmin(np.diff(q)))
        raise DataFileError(
            f"{who}: the capacity of a half cycle starts at zero and rises; it goes from {q[place]:g} to "
            f"{q[place + 1]:g} mAh cm-2 at record {place + 1}. Give one half cycle a curve."
        )


def _check_trend(who, direction, V):
    change = np.mean(V[-max(len(V) // 5, 1) :]) - np.mean(V[: max(len(V) // 5, 1)])
    if change * (-1 if direction == "discharge" else 1) < 0:
        verb = "rises" if change > 0 else "falls"
        raise DataFileError(f"{who}: it is called a {direction} but its voltage {verb} by {abs(change):.3g} V.")


def _positive(who, **values):
    for name, value in values.items():
        if not (np.isfinite(value) and value > 0):
            raise ProtocolError(f"{who}: {name} must be a number above zero; {value!r} was given.")


def _direction(who, direction):
    if direction not in DIRECTIONS:
        raise UnknownNameError(f"{who}: direction '{direction}'; expected 'discharge' or 'charge'.")
