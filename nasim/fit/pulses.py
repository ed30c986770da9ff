r"""Voltage under pulses and rests as data of a fit: galvanostatic intermittent titration (GITT) and the like.

The current is taken as constant between its changes, and the model runs the same pulses. Residuals:
:math:`(V_c - V_m)/\sigma_V` at the times of the records.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from .. import nomenclature as nm
from ..checks import require_kind
from ..engine.stepper import Step
from ..errors import DataFileError
from ..instruments import Measurement, labels
from ..parameters import ParameterSet
from ..units import SECONDS_PER_HOUR, to_A_m2
from .curves import VOLTAGE_SD_MV
from .data import Data, Shown, check_positive, columns, evenly
from .history import Conditions, Leg
from .sources import frozen
from .traces import TraceStepper

SAME_CURRENT = 0.02
"""Records whose currents differ by less than this share of the largest belong to one pulse."""
JUMP = 1e-9
"""Share of a piece in which the voltage jumps at its start: a record at that time is still of the piece before."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PulseCurve(Data):
    """Voltage under a current that is constant piece by piece, from the end of the legs on.

    Parameters
    ----------
    time_s, current_mA_cm2, voltage_V : array_like of shape (n,)
        Records; time rises from zero [s], current [mA cm-2] is positive on discharge and holds from the record before.
    voltage_sd_mV : float
        Noise of the voltage [mV].
    points : int
        At most so many records are compared, evenly spread.
    legs : tuple of Leg
        Half cycles from the fresh cell on; default none.
    conditions, label, source, sha256
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError
        The columns are no such records, or the noise is not above zero.
    """

    goes_on: ClassVar[bool] = True
    legs: tuple[Leg, ...] = ()
    time_s: np.ndarray = field(repr=False)
    current_mA_cm2: np.ndarray = field(repr=False)
    voltage_V: np.ndarray = field(repr=False)
    voltage_sd_mV: float = VOLTAGE_SD_MV
    points: int = 400
    chosen: np.ndarray = field(init=False, repr=False)
    """Indices of the records that are compared."""

    def __post_init__(self):
        who = self.label or self.source or "pulses"
        t, V = columns(who, self.time_s, self.voltage_V)
        _, i = columns(who, self.time_s, self.current_mA_cm2)
        check_positive(who, voltage_sd_mV=self.voltage_sd_mV)
        if t[0] < 0 or np.any(np.diff(t) < 0) or t[-1] <= 0:
            raise DataFileError(f"{who}: the time of pulses starts at zero and rises.")
        if not np.any(i):
            raise DataFileError(f"{who}: no current flows in any record.")
        self._set(time_s=t, current_mA_cm2=i, voltage_V=V, chosen=evenly(len(t), self.points))

    def pieces(self) -> list[tuple[float, float]]:
        """Return (duration [s], current [mA cm-2]) of each piece of constant current."""
        i = self.current_mA_cm2
        level = SAME_CURRENT * float(np.abs(i).max())
        starts = np.flatnonzero(np.abs(np.diff(i)) > level) + 1
        first = np.concatenate([[0], starts])
        ends = np.concatenate([self.time_s[starts - 1], self.time_s[-1:]]) if len(starts) else self.time_s[-1:]
        begins = np.concatenate([[0.0], ends[:-1]])
        last = np.concatenate([starts, [len(i)]])
        mean = [float(np.mean(i[a:b])) for a, b in zip(first, last, strict=True)]
        mean = [0.0 if abs(each) < level else each for each in mean]
        return [(float(end - begin), m) for begin, end, m in zip(begins, ends, mean, strict=True) if end > begin]

    def measure(self, stepper: TraceStepper, parameters: ParameterSet) -> np.ndarray:
        """Return the computed voltage [V] at the records that are compared."""
        times, volts, start = [], [], 0.0
        for duration, current in self.pieces():
            kind = "rest" if current == 0 else "discharge" if current > 0 else "charge"
            segment = stepper.run(Step(kind, duration, current=to_A_m2(current)))
            times.append(start + np.maximum(segment.t, JUMP * duration))
            volts.append(stepper.observe([nm.VOLTAGE], segment.t, segment.y, segment.inputs)[0])
            start += duration
        return np.interp(self.time_s[self.chosen], np.concatenate(times), np.concatenate(volts))

    def residuals(self, outcome: np.ndarray) -> np.ndarray:
        """Return the residuals in standard deviations."""
        return (outcome - self.voltage_V[self.chosen]) / (1e-3 * self.voltage_sd_mV)

    def shown(self) -> Shown:
        """Return the voltage [V] against the time [h]."""
        return Shown(
            self.time_s[self.chosen] / SECONDS_PER_HOUR,
            self.voltage_V[self.chosen],
            1e-3 * self.voltage_sd_mV,
            "Time [h]",
            "Voltage [V]",
        )


def from_pulses(
    measurement: Measurement, *, voltage_sd_mV: float = VOLTAGE_SD_MV, points: int = 400, **where: Any
) -> PulseCurve:
    """Return all records of a measurement of a fresh cell, under pulses and rests, as a `PulseCurve`.

    Parameters
    ----------
    measurement : Measurement
        Of kind "gcd", its area known.
    voltage_sd_mV, points
        See `PulseCurve`.
    **where
        Keywords of `Conditions`: parameters, temperature_C, stack_pressure_MPa, overrides.

    Raises
    ------
    DataFileError
        The measurement is of another kind, or its area is not known.
    """
    require_kind("from_pulses", "measurement", measurement, Measurement, "a nasim.Measurement, as nasim.read gives it")
    who = measurement.path or "measurement"
    if measurement.kind != "gcd":
        raise DataFileError(f"{who}: holds no pulses; it is of kind '{measurement.kind}'.")
    frame = measurement.to_areal()
    time = frame[labels.TIME].to_numpy()
    return PulseCurve(
        time_s=time - time[0],
        current_mA_cm2=-frame["Current Density / mA.cm-2"].to_numpy(),
        voltage_V=frame[labels.VOLTAGE].to_numpy(),
        voltage_sd_mV=voltage_sd_mV,
        points=points,
        conditions=Conditions(**frozen(where)),
        label=f"{who.rsplit('/', 1)[-1]}, pulses",
        source=measurement.path,
        sha256=measurement.sha256,
    )
