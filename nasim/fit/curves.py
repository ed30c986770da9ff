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

from ..analysis import dqdv
from ..errors import DataFileError
from .checks import check_capacity, check_direction, check_positive, check_trend, columns
from .history import Conditions, Leg

VOLTAGE_SD_MV = 5.0
CAPACITY_SD = 0.01
ROOM = 2.0
"""A computed half cycle may pass this many times the measured capacity before it is cut short."""
NUDGE = 1e-4
"""Largest change, V or share of the capacity, in the differences through a trace."""


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
        q, V = columns(who, self.capacity_mAh_cm2, self.voltage_V)
        check_capacity(who, q)
        check_positive(who, voltage_sd_mV=self.voltage_sd_mV, capacity_sd=self.capacity_sd)
        check_trend(who, self.legs[-1].direction, V)
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
        V, height = columns(who, self.voltage_V, self.dqdv)
        check_positive(who, dqdv_sd=self.dqdv_sd)
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
        beyond = np.maximum(grid[0] - self.voltage_V, self.voltage_V - grid[-1])
        return np.where(beyond > grid[1] - grid[0], 0.0, np.interp(self.voltage_V, grid, height))


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
        numbers, capacity = columns(who, self.cycle_numbers, self.capacity_mAh_cm2, least=1)
        check_direction(who, self.direction)
        check_positive(who, capacity_sd=self.capacity_sd)
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
