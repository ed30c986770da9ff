"""Spectra of a file apart from each other, each with the time and the state that it was taken at."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nasim.instruments import labels

SAME_SWEEP = 1.5
"""A step back by more than so many usual steps of log frequency begins another spectrum."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """One spectrum of a measurement.

    Parameters
    ----------
    number : int
        From 1, in the order of the file.
    data : pandas.DataFrame
        A row a frequency, labelled as in the Battery Data Format: Hz, ohm; the imaginary part negative where capacitive.
    time_s : float or None
        Test time of its first record.
    voltage_V : float or None
        Of the cell: the mean over the spectrum, or that of the record before it.
    cycle, half_cycle : int or None
        The instrument's cycle; the half cycle (from 1, as `Measurement.half_cycles` counts) that was the last to begin.
    direction : str or None
        "charge" or "discharge" of that half cycle.
    capacity_Ah : float or None
        Charge that this half cycle had passed.
    """

    number: int
    data: pd.DataFrame = field(repr=False)
    time_s: float | None = None
    voltage_V: float | None = None
    cycle: int | None = None
    half_cycle: int | None = None
    direction: str | None = None
    capacity_Ah: float | None = None


def number_spectra(frequency, counters, row=None):
    """Number of the spectrum of each record, (n,), from 1.

    A spectrum ends where a counter changes, where records of another kind lie between (`row` is the place of each
    record in the file, (n,)), or where the sweep of frequencies starts again.

    >>> number_spectra([100.0, 10.0, 1.0, 100.0, 10.0], []).tolist()
    [1, 1, 1, 2, 2]
    """
    frequency = np.asarray(frequency, dtype=float)
    step = np.diff(np.log(frequency))
    usual = np.median(step) if len(step) else 0.0
    new = step * np.sign(usual) < -SAME_SWEEP * abs(usual)
    for counter in counters:
        counter = np.asarray(counter)
        new |= counter[1:] != counter[:-1]
    if row is not None:
        new |= np.diff(row) != 1
    return np.concatenate([[1], 1 + np.cumsum(new)]).astype(int) if len(frequency) else np.zeros(0, dtype=int)


def spectra_of(table, data=None, halves=()):
    """The spectra in a table of impedance, in order.

    Parameters
    ----------
    table : pandas.DataFrame
        With the column `labels.SPECTRUM` where there is more than one.
    data : pandas.DataFrame, optional
        The records in time of the same file.
    halves : sequence of HalfCycle
        Its half cycles.
    """
    groups = table.groupby(labels.SPECTRUM) if labels.SPECTRUM in table else [(1, table)]
    return [_spectrum(int(number), part, data, halves) for number, part in groups]


def _spectrum(number, part, data, halves):
    time = _first(part, labels.TIME)
    voltage = float(part[labels.VOLTAGE].mean()) if labels.VOLTAGE in part else None
    cycle = _first(part, labels.CYCLE)
    state = {}
    if data is not None and time is not None:
        before = int(np.searchsorted(data[labels.TIME].to_numpy(), time, side="right")) - 1
        voltage = voltage if voltage is not None else float(data[labels.VOLTAGE].iloc[max(before, 0)])
        begun = [(k, half) for k, half in enumerate(halves, start=1) if half.first <= before]
        if begun:
            k, half = begun[-1]
            passed = half.charge[min(before, half.last) - half.first]
            state = {"half_cycle": k, "direction": half.direction, "capacity_Ah": float(passed)}
    return Spectrum(number, part, time, voltage, None if cycle is None else int(cycle), **state)


def _first(part, label):
    return float(part[label].iloc[0]) if label in part and np.isfinite(part[label].iloc[0]) else None
