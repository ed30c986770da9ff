r"""Curves of half cycles and of fade, with their noise and the half cycles that led to them.

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

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..analysis import dqdv
from ..errors import DataFileError
from .data import Data, Shown, check_capacity, check_direction, check_positive, check_trend, columns, evenly
from .traces import Trace

VOLTAGE_SD_MV = 5.0
CAPACITY_SD = 0.01
ROOM = 2.0
"""A computed half cycle may pass this many times the measured capacity before it is cut short."""


@dataclass(frozen=True, kw_only=True, eq=False)
class GCDCurve(Data):
    """Voltage against capacity of one half cycle at constant current; see the equations of this module.

    Parameters
    ----------
    capacity_mAh_cm2, voltage_V : array_like of shape (n,)
        Records [mAh cm-2, V] from the start of the half cycle; the capacity rises from zero.
    legs : tuple of Leg
        Half cycles from the fresh cell on, this one last.
    conditions, label, source, sha256
        Cell and its conditions, name in reports, origin; see `Conditions`.
    cycle : int
        Number of the cycle, from 1, for reports.
    to_cut_off : bool
        Whether the half cycle ended at its cut-off, so that its capacity is a result.
    voltage_sd_mV : float
        Noise of the voltage [mV]; for a model that cannot be exact, what you would call a good fit.
    capacity_sd : float
        Uncertainty of the capacity axis, a share: loading, area, current.
    points : int
        At most so many records are used, evenly spread.

    Raises
    ------
    DataFileError
        The records are no half cycle; the message has the reason.
    ProtocolError
        A noise is not above zero.
    """

    capacity_mAh_cm2: np.ndarray = field(repr=False)
    voltage_V: np.ndarray = field(repr=False)
    cycle: int = 1
    to_cut_off: bool = True
    voltage_sd_mV: float = VOLTAGE_SD_MV
    capacity_sd: float = CAPACITY_SD
    points: int = 200
    chosen: np.ndarray = field(init=False, repr=False)
    """Indices of the records that are compared."""

    def __post_init__(self):
        who = self.label or self.source or "GCD curve"
        q, V = columns(who, self.capacity_mAh_cm2, self.voltage_V)
        check_capacity(who, q)
        check_positive(who, voltage_sd_mV=self.voltage_sd_mV, capacity_sd=self.capacity_sd)
        check_trend(who, self.legs[-1].direction, V)
        self._set(capacity_mAh_cm2=q, voltage_V=V, chosen=evenly(len(q), self.points))

    @property
    def capacity(self) -> float:
        """Capacity of the half cycle [mAh cm-2]."""
        return float(self.capacity_mAh_cm2[-1])

    @property
    def fraction(self) -> np.ndarray:
        """Shares of the capacity at the records that are compared."""
        return self.capacity_mAh_cm2[self.chosen] / self.capacity

    def residuals(self, outcome: Sequence[Trace]) -> np.ndarray:
        """Return the residuals in standard deviations, the end point last."""
        trace = outcome[-1]
        computed = trace.voltage(self.fraction if self.to_cut_off else self._capped(trace))
        end = (trace.capacity / self.capacity - 1) / self.capacity_sd
        voltage = (computed - self.voltage_V[self.chosen]) / (1e-3 * self.voltage_sd_mV)
        return np.append(voltage, end)

    def shown(self) -> Shown:
        """Return the voltage [V] against the capacity [mAh cm-2]."""
        axis, measured = self.capacity_mAh_cm2[self.chosen], self.voltage_V[self.chosen]
        return Shown(axis, measured, 1e-3 * self.voltage_sd_mV, "Capacity [mAh.cm-2]", "Voltage [V]")

    def _capped(self, trace: Trace) -> np.ndarray:
        """Return the shares of the computed capacity at the measured capacities, at most its end."""
        return np.minimum(self.fraction * self.capacity / max(trace.capacity, 1e-9), 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class DQDVCurve(Data):
    """Differential capacity of one half cycle on a grid of voltages [mAh cm-2 V-1], smoothed as `nasim.analysis.dqdv`.

    Parameters
    ----------
    voltage_V, dqdv : array_like of shape (n,)
        Grid [V] and differential capacity [mAh cm-2 V-1], a positive number.
    dqdv_sd : float
        Its noise [mAh cm-2 V-1].
    legs, conditions, label, source, sha256, cycle
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError
        The columns are no numbers, differ in length, or the noise is not above zero.
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
        self._set(voltage_V=V[order], dqdv=height[order])

    def residuals(self, outcome: Sequence[Trace]) -> np.ndarray:
        """Return the residuals in standard deviations."""
        return (self.computed(outcome[-1]) - self.dqdv) / self.dqdv_sd

    def shown(self) -> Shown:
        """Return dQ/dV [mAh cm-2 V-1] against the voltage [V]."""
        return Shown(self.voltage_V, self.dqdv, self.dqdv_sd, "Voltage [V]", "dQ/dV [mAh.cm-2.V-1]")

    def computed(self, trace: Trace) -> np.ndarray:
        """Return dQ/dV of a trace on the grid [mAh cm-2 V-1]; zero where the trace has no such voltage.

        Parameters
        ----------
        trace : Trace
            The computed half cycle.
        """
        fraction = np.unique(np.concatenate([np.linspace(0.0, 1.0, 200), trace.shares]))
        try:
            grid, height = dqdv(trace.voltage(fraction), fraction * trace.capacity)
        except DataFileError:
            return np.zeros_like(self.voltage_V)
        beyond = np.maximum(grid[0] - self.voltage_V, self.voltage_V - grid[-1])
        return np.where(beyond > grid[1] - grid[0], 0.0, np.interp(self.voltage_V, grid, height))


@dataclass(frozen=True, kw_only=True, eq=False)
class FadeCurve(Data):
    """Capacity against cycle number.

    Parameters
    ----------
    cycle_numbers : array_like of int, shape (n,)
        Counted from 1 in the direction given.
    capacity_mAh_cm2 : array_like of shape (n,)
        Capacity of each of these cycles [mAh cm-2].
    legs : tuple of Leg
        All half cycles from the fresh cell up to the last cycle given.
    capacity_sd : float
        Noise of each capacity, a share.
    direction : str
        "discharge" or "charge".
    conditions, label, source, sha256
        See `GCDCurve`.

    Raises
    ------
    DataFileError
        Numbers or capacities are not above zero, or the legs do not reach the last cycle.
    UnknownNameError, ProtocolError
        The direction or the noise makes no sense.
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
        self._set(cycle_numbers=numbers.astype(int), capacity_mAh_cm2=capacity)

    def residuals(self, outcome: Sequence[Trace]) -> np.ndarray:
        """Return the residuals in standard deviations."""
        computed = np.array([trace.capacity for trace in outcome if trace.direction == self.direction])
        return (computed[self.cycle_numbers - 1] / self.capacity_mAh_cm2 - 1) / self.capacity_sd

    def shown(self) -> Shown:
        """Return the capacity [mAh cm-2] against the cycle."""
        sd = self.capacity_sd * self.capacity_mAh_cm2
        return Shown(self.cycle_numbers, self.capacity_mAh_cm2, sd, "Cycle", "Capacity [mAh.cm-2]")
