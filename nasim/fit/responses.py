r"""Spectra and voltammograms as data of a fit.

Both are computed from the state at the end of the legs. Residuals: real and imaginary part of
:math:`(Z_c - Z_m)/(\sigma_Z |Z_m|)`, and :math:`(i_c - i_m)/\sigma_i` at equal times of the scans.
"""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from .. import nomenclature as nm
from ..engine.stepper import Step
from ..errors import DataFileError, ProtocolError
from ..nomenclature.columns import CURRENT
from ..parameters import ParameterSet
from ..units import SECONDS_PER_HOUR, to_mA_cm2
from .data import Data, Shown, check_positive, columns, evenly
from .history import Leg
from .traces import TraceStepper

IMPEDANCE_SD = 0.01
WIDEST_SWEEP_V = 5.0
NOISE_V = 0.02
"""A sweep that moves back by less than this has not turned [V]."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ImpedanceCurve(Data):
    """A spectrum after the legs and a rest.

    Parameters
    ----------
    frequency_Hz, impedance_Ohm_cm2 : array_like of shape (n,)
        Frequency [Hz] and complex impedance [Ohm cm2], its imaginary part negative where the cell is capacitive.
    impedance_sd : float
        Noise, a share of \\|Z\\|.
    legs : tuple of Leg
        Half cycles from the fresh cell on; default none.
    rest_h : float
        Rest before the spectrum [h].
    inductance_H, lead_resistance_Ohm : float
        Of the cables [H, Ohm].
    conditions, label, source, sha256
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError
        The columns are no spectrum, or the noise is not above zero.
    """

    goes_on: ClassVar[bool] = True
    legs: tuple[Leg, ...] = ()
    frequency_Hz: np.ndarray = field(repr=False)
    impedance_Ohm_cm2: np.ndarray = field(repr=False)
    impedance_sd: float = IMPEDANCE_SD
    rest_h: float = 0.0
    inductance_H: float = 0.0
    lead_resistance_Ohm: float = 0.0

    def __post_init__(self):
        who = self.label or self.source or "impedance"
        Z = np.asarray(self.impedance_Ohm_cm2, dtype=complex)
        frequency, _ = columns(who, self.frequency_Hz, np.real(Z))
        columns(who, self.frequency_Hz, np.imag(Z))
        check_positive(who, impedance_sd=self.impedance_sd)
        if frequency.min() <= 0 or np.any(Z == 0):
            raise DataFileError(f"{who}: frequencies must be above zero, and impedances not zero.")
        order = np.argsort(-frequency)
        self._set(frequency_Hz=frequency[order], impedance_Ohm_cm2=Z[order])

    def measure(self, stepper: TraceStepper, parameters: ParameterSet) -> np.ndarray:
        """Return the computed spectrum [Ohm cm2] at the end of the legs and the rest."""
        if self.rest_h:
            stepper.run(Step("rest", SECONDS_PER_HOUR * self.rest_h))
        analyser = stepper.analyser(parameters, self.inductance_H, self.lead_resistance_Ohm)
        analyser.frequency = self.frequency_Hz
        return analyser.measure().impedance

    def residuals(self, outcome: np.ndarray) -> np.ndarray:
        """Return the residuals in standard deviations, real parts first."""
        off = (outcome - self.impedance_Ohm_cm2) / (self.impedance_sd * np.abs(self.impedance_Ohm_cm2))
        return np.concatenate([off.real, off.imag])

    def shown(self) -> Shown:
        """Return real and imaginary part [Ohm cm2], one after the other, against the logarithm of the frequency."""
        Z, axis = self.impedance_Ohm_cm2, np.log10(self.frequency_Hz)
        sd = np.tile(self.impedance_sd * np.abs(Z), 2)
        values = np.concatenate([np.real(Z), np.imag(Z)])
        return Shown(np.tile(axis, 2), values, sd, "log10 of frequency / Hz", "Re Z, Im Z [Ohm.cm2]")


@dataclass(frozen=True, kw_only=True, eq=False)
class CVCurve(Data):
    """Current of a voltammogram that begins with a sweep down.

    Parameters
    ----------
    voltage_V, current_mA_cm2 : array_like of shape (n,)
        Records [V, mA cm-2] in the order of measurement, all scans up to the last one of interest; discharge
        (reduction) positive.
    scan_rate_mV_s : float
        Scan rate [mV s-1].
    current_sd_mA_cm2 : float
        Noise of the current [mA cm-2].
    points : int
        At most so many records are used.
    legs : tuple of Leg
        Half cycles from the fresh cell on; default none.
    conditions, label, source, sha256
        See `GCDCurve`.

    Raises
    ------
    DataFileError, ProtocolError
        The columns are no voltammogram that begins with a sweep down, or a number is not above zero.
    """

    goes_on: ClassVar[bool] = True
    legs: tuple[Leg, ...] = ()

    voltage_V: np.ndarray = field(repr=False)
    current_mA_cm2: np.ndarray = field(repr=False)
    scan_rate_mV_s: float
    current_sd_mA_cm2: float
    points: int = 400
    corners: np.ndarray = field(init=False, repr=False)
    """Indices of the records at which a sweep begins or ends."""
    chosen: np.ndarray = field(init=False, repr=False)
    """Indices of the records that are compared."""

    def __post_init__(self):
        who = self.label or self.source or "voltammogram"
        V, i = columns(who, self.voltage_V, self.current_mA_cm2)
        check_positive(who, scan_rate_mV_s=self.scan_rate_mV_s, current_sd_mA_cm2=self.current_sd_mA_cm2)
        if np.ptp(V) <= 0 or np.ptp(V) > WIDEST_SWEEP_V or V[-1] == V[0] == V.max():
            raise ProtocolError(f"{who}: the voltage does not sweep; it lies between {V.min():g} and {V.max():g} V.")
        corners = _corners(V)
        if V[corners[1]] > V[0]:
            raise ProtocolError(f"{who}: the first sweep goes up; a new cell is charged, its first sweep goes down.")
        self._set(voltage_V=V, current_mA_cm2=i, corners=corners, chosen=evenly(len(V), self.points))

    @property
    def passed(self) -> np.ndarray:
        """Voltage swept up to each record that is compared [V], all sweeps together."""
        V, total, passed = self.voltage_V, 0.0, np.zeros(len(self.voltage_V))
        for first, last in zip(self.corners[:-1], self.corners[1:], strict=True):
            passed[first : last + 1] = total + np.abs(V[first : last + 1] - V[first])
            total += abs(V[last] - V[first])
        return passed[self.chosen]

    def measure(self, stepper: TraceStepper, parameters: ParameterSet) -> np.ndarray:
        """Return the computed current [mA cm-2] at the records that are compared."""
        ends, slope = self.voltage_V[self.corners], 1e-3 * self.scan_rate_mV_s
        swept, current, start = [], [], 0.0
        for first, last in zip(ends[:-1], ends[1:], strict=True):
            rate = float(np.copysign(slope, last - first))
            segment = stepper.run(Step("scan", abs(last - first) / slope, voltage=float(first), slope=rate))
            values = stepper.observe([nm.CURRENT_DENSITY], segment.t, segment.y, segment.inputs)[0]
            swept.append(start + slope * segment.t)
            current.append(to_mA_cm2(values))
            start += abs(last - first)
        return np.interp(self.passed, np.concatenate(swept), np.concatenate(current))

    def residuals(self, outcome: np.ndarray) -> np.ndarray:
        """Return the residuals in standard deviations."""
        return (outcome - self.current_mA_cm2[self.chosen]) / self.current_sd_mA_cm2

    def shown(self) -> Shown:
        """Return the current [mA cm-2] against the voltage swept [V]."""
        measured = self.current_mA_cm2[self.chosen]
        return Shown(self.passed, measured, self.current_sd_mA_cm2, "Voltage swept [V]", CURRENT)


def _corners(V: np.ndarray) -> np.ndarray:
    """Return the records at which a sweep begins or ends; moves back by less than `NOISE_V` are noise.

    >>> _corners(np.array([2.0, 1.0, 1.001, 0.7, 1.5, 2.6, 1.0])).tolist()
    [0, 3, 5, 6]
    """
    corners, extreme, sense = [0], 0, 0.0
    for k in range(1, len(V)):
        move = V[k] - V[extreme]
        if move * sense > 0 or (sense == 0 and abs(move) > NOISE_V):
            extreme, sense = k, np.sign(move)
        elif sense and abs(move) > NOISE_V:
            corners.append(extreme)
            extreme, sense = k, np.sign(move)
    return np.array([*corners, len(V) - 1])
