r"""Impedance and voltammetry as data of a fit.

Both are computed from the state that the legs lead to. Residuals: real and imaginary part of
:math:`(Z_c - Z_m)/(\sigma_Z |Z_m|)`, and :math:`(i_c - i_m)/\sigma_i` at equal times of the scans. Their derivatives
come from differences.
"""

from dataclasses import dataclass, field

import numpy as np

from .. import nomenclature as nm
from ..errors import DataFileError, ProtocolError
from .checks import check_positive, columns
from .curves import Data

IMPEDANCE_SD = 0.01
WIDTH_V = 5.0
NOISE_V = 0.02


@dataclass(frozen=True, kw_only=True)
class Response(Data):
    """Data that are no half cycle: `measure` runs what comes after the legs."""

    legs: tuple = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class ImpedanceCurve(Response):
    """A spectrum after the legs and a rest.

    Parameters
    ----------
    frequency_Hz, impedance_Ohm_cm2 : array_like
        Complex impedance, its imaginary part negative where the cell is capacitive.
    impedance_sd : float
        Noise, a share of \\|Z\\|.
    rest_h : float
    inductance_H, lead_resistance_Ohm : float
        Of the cables.
    """

    frequency_Hz: np.ndarray = field(repr=False)
    impedance_Ohm_cm2: np.ndarray = field(repr=False)
    impedance_sd: float = IMPEDANCE_SD
    rest_h: float = 0.0
    inductance_H: float = 0.0
    lead_resistance_Ohm: float = 0.0

    def __post_init__(self):
        who = self.label or self.source or "impedance"
        Z = np.asarray(self.impedance_Ohm_cm2, dtype=complex)
        frequency, _ = columns(who, self.frequency_Hz, Z.real)
        columns(who, self.frequency_Hz, Z.imag)
        check_positive(who, impedance_sd=self.impedance_sd)
        if frequency.min() <= 0 or np.any(Z == 0):
            raise DataFileError(f"{who}: frequencies must be above zero, and impedances not zero.")
        order = np.argsort(-frequency)
        object.__setattr__(self, "frequency_Hz", frequency[order])
        object.__setattr__(self, "impedance_Ohm_cm2", Z[order])

    def measure(self, stepper, parameters):
        """The computed spectrum [Ohm cm2] of a `TraceStepper` at the end of the legs."""
        from ..engine.impedance_analyser import Analyser
        from ..engine.stepper import Step

        if self.rest_h:
            stepper.run(Step("rest", 3600 * self.rest_h))
        key = (self.inductance_H, self.lead_resistance_Ohm)
        if key not in stepper.analysers:
            stepper.analysers[key] = Analyser(stepper, parameters, self.frequency_Hz, *key)
        analyser = stepper.analysers[key]
        analyser.frequency, analyser.stepper.conditions = self.frequency_Hz, dict(stepper.conditions)
        return analyser.measure().impedance

    def residuals(self, computed):
        """Residuals in standard deviations, real parts first."""
        off = (computed - self.impedance_Ohm_cm2) / (self.impedance_sd * np.abs(self.impedance_Ohm_cm2))
        return np.concatenate([off.real, off.imag])

    def shown(self):
        """What a figure shows: real part and imaginary part against the logarithm of the frequency."""
        Z, axis = self.impedance_Ohm_cm2, np.log10(self.frequency_Hz)
        sd = np.tile(self.impedance_sd * np.abs(Z), 2)
        names = ("log10 of frequency / Hz", "Re Z, Im Z [Ohm.cm2]")
        return np.tile(axis, 2), np.concatenate([Z.real, Z.imag]), sd, names


@dataclass(frozen=True, kw_only=True, eq=False)
class CVCurve(Response):
    """Current of a voltammogram that begins with a sweep down.

    Parameters
    ----------
    voltage_V, current_mA_cm2 : array_like
        In the order of measurement, all scans up to the last one of interest; discharge (reduction) positive.
    scan_rate_mV_s : float
    current_sd_mA_cm2 : float
    points : int
        At most so many records are used.
    """

    voltage_V: np.ndarray = field(repr=False)
    current_mA_cm2: np.ndarray = field(repr=False)
    scan_rate_mV_s: float
    current_sd_mA_cm2: float
    points: int = 400

    def __post_init__(self):
        who = self.label or self.source or "voltammogram"
        V, i = columns(who, self.voltage_V, self.current_mA_cm2)
        check_positive(who, scan_rate_mV_s=self.scan_rate_mV_s, current_sd_mA_cm2=self.current_sd_mA_cm2)
        if np.ptp(V) <= 0 or np.ptp(V) > WIDTH_V or V[-1] == V[0] == V.max():
            raise ProtocolError(f"{who}: the voltage does not sweep; it lies between {V.min():g} and {V.max():g} V.")
        corners = _corners(V)
        if V[corners[1]] > V[0]:
            raise ProtocolError(f"{who}: the first sweep goes up; a new cell is charged, its first sweep goes down.")
        object.__setattr__(self, "voltage_V", V)
        object.__setattr__(self, "current_mA_cm2", i)
        object.__setattr__(self, "corners", corners)
        object.__setattr__(self, "chosen", np.unique(np.linspace(0, len(V) - 1, min(self.points, len(V))).astype(int)))

    @property
    def passed(self):
        """Voltage swept up to each record that is compared [V], all sweeps together."""
        V, total, passed = self.voltage_V, 0.0, np.zeros(len(self.voltage_V))
        for first, last in zip(self.corners[:-1], self.corners[1:], strict=True):
            passed[first : last + 1] = total + np.abs(V[first : last + 1] - V[first])
            total += abs(V[last] - V[first])
        return passed[self.chosen]

    def measure(self, stepper, parameters):
        """The computed current [mA cm-2] at the records."""
        from ..engine.stepper import Step

        ends, slope = self.voltage_V[self.corners], 1e-3 * self.scan_rate_mV_s
        at, current, start = [], [], 0.0
        for first, last in zip(ends[:-1], ends[1:], strict=True):
            rate = float(np.copysign(slope, last - first))
            segment = stepper.run(Step("scan", abs(last - first) / slope, voltage=float(first), slope=rate))
            values = stepper.observe([nm.CURRENT_DENSITY], segment.t, segment.y, segment.inputs)[0]
            at.append(start + slope * segment.t)
            current.append(values / 10)
            start += abs(last - first)
        return np.interp(self.passed, np.concatenate(at), np.concatenate(current))

    def residuals(self, computed):
        """Residuals in standard deviations."""
        return (computed - self.current_mA_cm2[self.chosen]) / self.current_sd_mA_cm2

    def shown(self):
        """What a figure shows: current against the voltage swept."""
        names = ("Voltage swept [V]", "Current density [mA.cm-2]")
        return self.passed, self.current_mA_cm2[self.chosen], self.current_sd_mA_cm2, names


def _corners(V):
    """Records at which a sweep begins or ends; moves back by less than `NOISE_V` are noise.

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
