"""What a table of measured data must satisfy before it may be called a measurement.

Each check raises `DataFileError` with the path, what was found, where (line or record) and what was expected.
"""

import numpy as np

from nasim.errors import DataFileError, UnknownNameError, brief, nearest
from nasim.instruments import labels
from nasim.instruments.half_cycles import find_half_cycles
from nasim.instruments.labels import place
from nasim.instruments.signs import check_reverses, check_stated, doubt_direction, doubt_impedance, doubt_sweep
from nasim.instruments.steps import interval_charge

OTHER_SIGN = (
    "Expected current positive on charge, negative on discharge; if the file has it otherwise, pass"
    " sign='discharge positive' (or leave that out, if it was passed)."
)
OTHER_IMAGINARY = (
    f"Expected '{labels.IMAGINARY}' negative where the cell is capacitive; a column of -Im(Z) takes the factor -1 in"
    " columns=."
)
LARGEST_VOLTAGE_V = 20.0  # a single cell, with room for a symmetric cell driven hard


def check_choice(what, value, choices):
    """Raise `UnknownNameError` unless `value` is None or one of `choices`."""
    if value is not None and value not in choices:
        raise UnknownNameError(f"{what}={value!r}: expected one of {', '.join(choices)}.", nearest(value, choices, n=1))


def check_positive(what, value, or_zero=False):
    """Raise `DataFileError` unless `value` is None or a positive finite number, `or_zero`."""
    if value is None or (isinstance(value, int | float | np.number) and 0 < value < np.inf) or (or_zero and value == 0):
        return
    raise DataFileError(f"{what}={brief(value)}: expected a positive number{' or zero' if or_zero else ''}.")


def check_table(frame, kind, path, first_step=None, trusted=False, zero_current_A=None):
    """Check a table (n records, index named after what it counts) of one kind.

    Physics that speaks against a sign refuses the table, unless it is `trusted`: written by an instrument whose
    convention is fixed, with nothing said by the user; then it is a note.

    Returns
    -------
    notes : list of str
    halves : list of HalfCycle
        Of cycling data; empty for the other kinds.
    """
    _check_columns(frame, kind, path)
    _check_numbers(frame, kind, path)
    if kind == "impedance":
        return check_spectra(frame, path, trusted), []
    _check_time(frame, path)
    _check_voltage(frame, path)
    if kind == "cv":
        return _judge(doubt_sweep(frame), path, OTHER_SIGN, trusted), []
    halves, notes = find_half_cycles(frame, zero_current_A)
    check_reverses(frame, path, zero_current_A)
    check_stated(frame, path, halves, first_step)
    doubts = _judge(doubt_direction(frame, halves), path, OTHER_SIGN, trusted)
    _check_charge(frame, path)
    return doubts + notes + [note for half in halves for note in half.notes], halves


def _judge(doubt, path, remedy, trusted):
    if doubt is None:
        return []
    if not trusted:
        raise DataFileError(f"{path}: the sign looks reversed: {doubt}. {remedy}")
    return [f"the sign may be reversed: {doubt}"]


def _check_columns(frame, kind, path):
    known = list(frame.columns)
    for label in labels.REQUIRED[kind]:
        if label not in known:
            raise DataFileError(
                f"{path}: no column '{label}', which a measurement of kind {kind!r} needs; it has {known}.",
                nearest(label, known, n=1),
            )
    enough = 1 if kind == "impedance" else 2
    if len(frame) < enough:
        raise DataFileError(f"{path}: {len(frame)} records, expected at least {enough}.")


def _check_numbers(frame, kind, path):
    for label in frame.columns:
        if label not in labels.REQUIRED[kind] and label not in labels.COUNTERS:
            continue
        values = frame[label].to_numpy()
        bad = ~np.isfinite(values)
        if label in labels.COUNTERS:
            bad |= values != np.round(values)
        if bad.any():
            row = int(np.argmax(bad))
            wanted = "a whole number" if label in labels.COUNTERS else "a finite number"
            raise DataFileError(
                f"{path}: '{label}' at {place(frame, row)} is {values[row]}, expected {wanted}"
                f" ({int(bad.sum())} of {len(frame)} records are bad)."
            )


def _check_time(frame, path):
    time = frame[labels.TIME].to_numpy()
    back = np.flatnonzero(np.diff(time) < 0)
    if back.size:
        row = int(back[0]) + 1
        raise DataFileError(
            f"{path}: '{labels.TIME}' goes back from {time[row - 1]:g} to {time[row]:g} s at {place(frame, row)},"
            " expected a time that never falls. If the column is the time in the step, it is not the test time."
        )
    if time[-1] == time[0]:
        raise DataFileError(f"{path}: all {len(time)} records have the time {time[0]:g} s, expected a time that grows.")


def _check_voltage(frame, path):
    voltage = frame[labels.VOLTAGE].to_numpy()
    row = int(np.argmax(np.abs(voltage)))
    if abs(voltage[row]) > LARGEST_VOLTAGE_V:
        raise DataFileError(
            f"{path}: voltage {voltage[row]:g} V at {place(frame, row)}, expected one cell within"
            f" {LARGEST_VOLTAGE_V:g} V. Is the column in mV?"
        )


def _check_charge(frame, path):
    """The instrument's own charge counter and the integrated current must tell of the same charge."""
    if labels.NET_CAPACITY not in frame or frame[labels.NET_CAPACITY].isna().any():
        return
    counted = np.diff(frame[labels.NET_CAPACITY].to_numpy())
    passed = interval_charge(frame[labels.TIME], frame[labels.CURRENT])[1:]
    counted_sum, passed_sum = np.abs(counted).sum(), np.abs(passed).sum()
    if max(counted_sum, passed_sum) < 1e-12:
        return
    # sparse records of pulses may integrate to a multiple; a wrong unit is a factor of 1000
    if not 0.1 * counted_sum <= passed_sum <= 10 * counted_sum or np.dot(counted, passed) <= 0:
        raise DataFileError(
            f"{path}: the current integrates to {passed_sum:.4g} Ah of charge moved, the instrument's counter says"
            f" {counted_sum:.4g} Ah (or the signs differ); expected agreement. The unit or sign of one is wrong, or"
            " records are damaged."
        )


def check_spectra(frame, path, trusted):
    """Notes on a table of spectra; raises `DataFileError` for a frequency that is not positive."""
    frequency, real = frame[labels.FREQUENCY].to_numpy(), frame[labels.REAL].to_numpy()
    if (frequency <= 0).any():
        row = int(np.argmax(frequency <= 0))
        raise DataFileError(
            f"{path}: '{labels.FREQUENCY}' at {place(frame, row)} is {frequency[row]:g}, expected a positive number."
        )
    negative = int((real < 0).sum())
    notes = [f"{negative} of {len(frame)} records have a negative real part"] if negative else []
    spectra = [frame] if labels.SPECTRUM not in frame else [part for _, part in frame.groupby(labels.SPECTRUM)]
    for spectrum in spectra:
        notes += _judge(doubt_impedance(spectrum), path, OTHER_IMAGINARY, trusted)
    return list(dict.fromkeys(notes))
