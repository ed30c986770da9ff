"""Experiments that could be done next: what they would measure, computed by the model itself."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import nomenclature as nm
from ..checks import require_positive
from ..errors import ProtocolError, nearest
from ..parameters import ParameterSet
from ..units import SECONDS_PER_HOUR
from .curves import CAPACITY_SD, VOLTAGE_SD_MV, GCDCurve
from .data import Data
from .history import Conditions, Leg
from .pulses import PulseCurve
from .responses import IMPEDANCE_SD, ImpedanceCurve
from .simulated import Cells

KINDS = ("cycles", "spectrum", "pulses")
POINTS = 60
"""Records a half cycle."""
FREQUENCIES_HZ = np.logspace(6, -1, 36)
REST_S, PULSES = 3600.0, 8
"""Of a titration: duration of a rest [s], and how many pulses."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Run(Data):
    """Half cycles that are run to see what comes out, without anything measured."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An experiment on a fresh cell.

    Parameters
    ----------
    label : str
    kind : str
        "cycles" of constant current, a "spectrum", or "pulses" (intermittent titration of a discharge).
    current_mA_cm2 : float
        Current density [mA cm-2] of cycles and pulses, and of the discharge before a spectrum.
    cycles : int
        Number of cycles.
    discharged : float
        Share of the discharge that precedes a spectrum, 0 to 1.
    temperature_C, stack_pressure_MPa : float, optional
        Conditions; default those of the set.
    loading : float
        Mass of composite over that of the set.
    voltage_sd_mV, capacity_sd, impedance_sd : float
        Noise that the measurement would have.
    parameters : str, optional
        Name of the set of the cell; default that of the fit.

    Raises
    ------
    ProtocolError
        A value makes no sense.
    """

    label: str
    kind: str = "cycles"
    current_mA_cm2: float = 0.127
    cycles: int = 1
    discharged: float = 0.0
    temperature_C: float | None = None
    stack_pressure_MPa: float | None = None
    loading: float = 1.0
    voltage_sd_mV: float = VOLTAGE_SD_MV
    capacity_sd: float = CAPACITY_SD
    impedance_sd: float = IMPEDANCE_SD
    parameters: str | None = field(default=None, repr=False)

    def __post_init__(self):
        if self.kind not in KINDS:
            expected = f"expected one of {', '.join(KINDS)}. {nearest(self.kind, KINDS, n=1)}".strip()
            raise ProtocolError(f"{self.label}: kind '{self.kind}'; {expected}")
        for name, value, unit in (("current", self.current_mA_cm2, "mA cm-2"), ("loading", self.loading, "")):
            require_positive(self.label, name, value, unit)
        if not 0 <= self.discharged <= 1 or self.cycles < 1:
            raise ProtocolError(f"{self.label}: discharged lies between 0 and 1, and there is at least one cycle.")

    def conditions(self, parameters: ParameterSet) -> Conditions:
        """Return the conditions of the cell.

        Parameters
        ----------
        parameters : ParameterSet
            The set of the fit.
        """
        other = {} if self.loading == 1 else {nm.COMPOSITE_MASS: self.loading * parameters.value(nm.COMPOSITE_MASS)}
        return Conditions(
            temperature_C=self.temperature_C,
            stack_pressure_MPa=self.stack_pressure_MPa,
            overrides=tuple(other.items()),
            parameters=self.parameters,
        )

    def run(self, parameters: ParameterSet) -> Run:
        """Return the half cycles of the experiment, or those before its spectrum or pulses.

        Parameters
        ----------
        parameters : ParameterSet
            The set of the fit.
        """
        lower, upper = parameters.value(nm.LOWER_CUT_OFF), parameters.value(nm.UPPER_CUT_OFF)
        pair = (Leg(self.current_mA_cm2, lower), Leg(-self.current_mA_cm2, upper))
        legs = pair * self.cycles if self.kind == "cycles" else pair[:1]
        return Run(legs=legs, conditions=self.conditions(parameters), label=self.label)


@dataclass(frozen=True)
class Expected:
    """What a candidate would measure.

    Attributes
    ----------
    data : list of Data
        With the computed values in place of measured ones.
    hours : float
        Duration [h].
    """

    data: list[Data]
    hours: float


def expected(candidate: Candidate, cells: Cells, values) -> Expected:
    """Return what a candidate would measure, were the values of the parameters right.

    Parameters
    ----------
    candidate : Candidate
    cells : Cells
        That know the conditions of the candidate.
    values : mapping parameter -> value
    """
    parameters = cells.sets[candidate.parameters]
    run = candidate.run(parameters)
    traces = cells.outcomes([run], values)[0]
    if candidate.kind == "cycles":
        data: list[Data] = [_half_cycle(candidate, run, traces[: k + 1]) for k in range(len(traces))]
        return Expected(data, sum(float(trace.t[-1]) for trace in traces) / SECONDS_PER_HOUR)
    if candidate.kind == "spectrum":
        return _spectrum(candidate, run, traces[0], cells, values)
    return _titration(candidate, run, traces[0], cells, values)


def _half_cycle(candidate, run, traces):
    trace, x = traces[-1], np.linspace(0.0, 1.0, POINTS)
    return GCDCurve(
        capacity_mAh_cm2=x * trace.capacity,
        voltage_V=trace.voltage(x),
        legs=run.legs[: len(traces)],
        conditions=run.conditions,
        voltage_sd_mV=candidate.voltage_sd_mV,
        capacity_sd=candidate.capacity_sd,
        points=POINTS,
        label=candidate.label,
    )


def _spectrum(candidate, run, trace, cells, values):
    legs = ()
    if candidate.discharged:
        leg = run.legs[0]
        legs = (Leg(leg.current_mA_cm2, leg.until_V, candidate.discharged * trace.capacity),)
    given = {"frequency_Hz": FREQUENCIES_HZ, "impedance_sd": candidate.impedance_sd, "label": candidate.label}
    given |= {"legs": legs, "conditions": run.conditions, "rest_h": 1.0}
    blank = ImpedanceCurve(impedance_Ohm_cm2=np.ones(len(FREQUENCIES_HZ)), **given)
    Z = cells.outcomes([blank], values)[0]
    return Expected(
        [ImpedanceCurve(impedance_Ohm_cm2=Z, **given)],
        1.5 + candidate.discharged * float(trace.t[-1]) / SECONDS_PER_HOUR,
    )


def _titration(candidate, run, trace, cells, values):
    """Pulses that pass nine tenths of the discharge, spread over it."""
    length = 0.9 * float(trace.t[-1]) / PULSES
    t, i = pulse_times(length, REST_S, PULSES, candidate.current_mA_cm2)
    given = {"time_s": t, "current_mA_cm2": i, "voltage_sd_mV": candidate.voltage_sd_mV, "points": len(t)}
    given |= {"conditions": run.conditions, "label": candidate.label}
    blank = PulseCurve(voltage_V=np.zeros(len(t)), **given)
    V = cells.outcomes([blank], values)[0]
    return Expected([PulseCurve(voltage_V=V, **given)], float(t[-1]) / SECONDS_PER_HOUR)


def pulse_times(pulse_s: float, rest_s: float, number: int, current_mA_cm2: float) -> tuple[np.ndarray, np.ndarray]:
    """Return times [s] and current [mA cm-2] of so many equal pulses, each followed by a rest.

    >>> t, i = pulse_times(10.0, 20.0, 2, 0.1)
    >>> float(t[-1]), float(i[1]), float(i[-1])
    (60.0, 0.1, 0.0)
    """
    within = np.linspace(0.0, 1.0, 16)[1:] ** 2
    piece = np.concatenate([pulse_s * within, pulse_s + rest_s * within])
    t = np.concatenate([[0.0], *(k * (pulse_s + rest_s) + piece for k in range(number))])
    current = np.repeat([current_mA_cm2, 0.0], len(within))
    return t, np.concatenate([[current_mA_cm2], np.tile(current, number)])


def usual(parameters: ParameterSet, current_mA_cm2: float = 0.127) -> Sequence[Candidate]:
    """Return the experiments that a laboratory can do without another cell design.

    Parameters
    ----------
    parameters : ParameterSet
        The set of the fit: a full cell.
    current_mA_cm2 : float
        The usual current density [mA cm-2].
    """
    return [
        Candidate(label="the same cycle again", current_mA_cm2=current_mA_cm2),
        Candidate(label="two more cycles", current_mA_cm2=current_mA_cm2, cycles=3),
        Candidate(label="fresh cell, four times the current", current_mA_cm2=4 * current_mA_cm2),
        Candidate(label="fresh cell, a third of the current", current_mA_cm2=current_mA_cm2 / 3),
        Candidate(label="fresh cell at 60 degC", current_mA_cm2=current_mA_cm2, temperature_C=60.0),
        Candidate(label="half the loading", current_mA_cm2=current_mA_cm2, loading=0.5),
        Candidate(label="a fifth of the pressure", current_mA_cm2=current_mA_cm2, stack_pressure_MPa=50.0),
        Candidate(label="titration of a discharge (GITT)", kind="pulses", current_mA_cm2=current_mA_cm2),
        Candidate(label="spectrum of the fresh cell", kind="spectrum", current_mA_cm2=current_mA_cm2),
        Candidate(label="spectrum half discharged", kind="spectrum", current_mA_cm2=current_mA_cm2, discharged=0.5),
    ]
