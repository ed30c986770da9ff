"""From what an instrument wrote down to the table of a measurement: one time, one sign, one charge counter.

Columns come in by the names of `vocabulary.QUANTITIES`, in SI units and Ah; labels of the Battery Data Format go out.
Time may be that of the test, that of the step (built up from the executed steps) or a date. Capacity counters start
again in each step or half cycle and are unwrapped into one net counter, positive on charge.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.clocks import compare_clocks
from nasim.instruments.labels import place
from nasim.instruments.spectra import number_spectra
from nasim.instruments.states import sign_by_counter, sign_by_state
from nasim.instruments.steps import net_counter, step_count, time_in_test, unwrap_counter

MOST_FALLS = 100
"""Places where a counter falls back that are looked at."""
STEPS = ("cycle", "step", "step type")
KEPT = {"cycle": labels.CYCLE, "step": labels.STEP_ID, "step type": labels.STEP_TYPE, "unix time": labels.UNIX_TIME}
KEPT |= {"temperature": labels.TEMPERATURE}


@dataclass
class Records:
    """What a reader found: records in time, spectra or both, labelled; notes; the kind, if the file tells."""

    frame: pd.DataFrame | None
    notes: list
    spectra: pd.DataFrame | None = None
    kind: str | None = None


def assemble(path, raw, clock_name="the clock", by_steps=False, turned=False):
    """Make the tables of a file.

    Parameters
    ----------
    path : path-like
        For messages.
    raw : pandas.DataFrame
        Columns named by quantity; see above.
    clock_name : str
        What the instrument's own clock is called in a note, where it differs from the time built from steps.
    by_steps : bool
        The time in the step goes before the test time, which is compared with it (Neware).
    turned : bool
        The current in the file is positive on discharge.

    Returns
    -------
    Records

    Raises
    ------
    DataFileError
        No time, voltage or current can be told, or records stand there twice.
    """
    _check_not_again(path, raw)
    raw = _words_apart(raw)
    if turned:
        raw = raw.assign(**{name: -raw[name] for name in ("current", "net capacity") if name in raw})
    if "frequency" not in raw:
        return Records(*_in_time(path, raw, clock_name, by_steps))
    spectral = (raw["frequency"] > 0).to_numpy()
    spectra = _spectra_table(path, raw[spectral], np.flatnonzero(spectral))
    frame, notes, others = None, [], raw[~spectral]
    if len(others) > 1 and {"voltage", "current"} <= set(raw) and {"test time", "time", "clock"} & set(raw):
        frame, notes = _in_time(path, others, clock_name, by_steps)
    elif len(others):
        notes.append(left_out(len(others)))
    return Records(frame, notes, spectra)


def _check_not_again(path, raw):
    """Raise `DataFileError` where a counter or clock falls back and records from there on are those that stood there."""
    for name in ("record", "clock", "test time"):
        values = raw[name].to_numpy() if name in raw else np.zeros(0)
        for at in np.flatnonzero(np.diff(values) < 0)[:MOST_FALLS] + 1:
            first = np.flatnonzero(values[:at] == values[at])
            many = min(len(raw) - at, at - first[0]) if first.size else 0
            if many > 1 and _same(raw.iloc[at : at + many], raw.iloc[first[0] : first[0] + many]):
                raise DataFileError(
                    f"{path}: {many} records from {place(raw, at)} on are those from {place(raw, first[0])} on; expected each"
                    " once. Were they appended twice?"
                )


def _same(one, other):
    return one.reset_index(drop=True).equals(other.reset_index(drop=True))


def left_out(count):
    """The note on records of a file of spectra that are none."""
    return f"{count} records without a frequency were left out"


def _in_time(path, raw, clock_name, by_steps):
    """Table and notes of records in time."""
    for needed in ("voltage", "current"):
        if needed not in raw:
            raise DataFileError(f"{path}: no column of the {needed} was found.")
    counters = ["step count"] if "step count" in raw else [name for name in STEPS if name in raw]
    step = step_count(*(_codes(raw[name]) for name in counters)) if counters != ["cycle"] and counters else None
    time, notes = _time(path, raw, step, by_steps)
    if "clock" in raw and (by_steps or "test time" in raw):
        notes += compare_clocks(time, raw["clock"], clock_name)
    current, told = sign_by_state(raw["current"].to_numpy(), raw.get("step type"))
    counter = _two_way_counter(raw)
    if counter is not None and not told:
        current, told = sign_by_counter(current, counter)
    columns = {labels.TIME: time, labels.VOLTAGE: raw["voltage"], labels.CURRENT: current}
    columns |= {label: raw[name] for name, label in KEPT.items() if name in raw}
    if step is not None:
        columns[labels.STEP_COUNT] = step
    if counter is None and "capacity" in raw:
        counter = net_counter(raw["capacity"].to_numpy(), current)
    if counter is not None:
        columns[labels.NET_CAPACITY] = counter
    return pd.DataFrame(columns, index=raw.index, copy=False), notes + told + _missing_records(raw)


def _spectra_table(path, raw, row):
    """Table of spectra, numbered; modulus and phase become real and imaginary part."""
    if "imaginary" not in raw and "minus imaginary" in raw:
        raw = raw.assign(imaginary=-raw["minus imaginary"])
    if not {"real", "imaginary"} <= set(raw) and {"modulus", "phase"} <= set(raw):
        angle = np.radians(raw["phase"])
        raw = raw.assign(real=raw["modulus"] * np.cos(angle), imaginary=raw["modulus"] * np.sin(angle))
    if not {"real", "imaginary"} <= set(raw):
        raise DataFileError(f"{path}: there are frequencies, but neither both parts of Z nor its modulus and phase.")
    names = {
        "frequency": labels.FREQUENCY,
        "real": labels.REAL,
        "imaginary": labels.IMAGINARY,
        "voltage": labels.VOLTAGE,
    }
    names |= {"current": labels.CURRENT, "time": labels.TIME, "test time": labels.TIME} | KEPT
    counters = [_codes(raw[name]) for name in ("z cycle", "cycle", "step") if name in raw]
    found = {label: raw[name] for name, label in names.items() if name in raw}
    found[labels.SPECTRUM] = number_spectra(raw["frequency"], counters, row)
    return pd.DataFrame(found, index=raw.index, copy=False)


def _words_apart(raw):
    """Numbers for kinds of step only tell steps apart; words for a step are its kind."""
    if "step" in raw and raw["step"].dtype == "category":
        raw = raw.rename(columns={"step": "step type" if "step type" not in raw else "step name"})
    if "step type" in raw and raw["step type"].dtype != "category":
        raw = raw.rename(columns={"step type": "step type code"})
    return raw


def _codes(column):
    return column.cat.codes.to_numpy() if column.dtype == "category" else column.to_numpy()


def _time(path, raw, step, by_steps):
    """Test time [s] and notes."""
    if by_steps:
        return _time_by_steps(raw, step), []
    if "test time" in raw:
        return raw["test time"].to_numpy(), []
    for name in ("time", "step time"):
        if name in raw:
            return _time_that_restarts(raw[name].to_numpy(), step, name == "step time")
    if "clock" not in raw:
        raise DataFileError(f"{path}: no column of the time was found.")
    clock = raw["clock"].to_numpy()
    return clock - clock[0], ["the time is that of the clock"]


def _time_by_steps(raw, step):
    """Test time [s] from the time in steps; BTS 9 files have the test time there, as their clock then shows."""
    given = raw["step time"].to_numpy()
    built = time_in_test(given, step)
    if (np.diff(given) < 0).any():
        return built
    if "clock" not in raw:  # a time in the step falls where the next begins
        return given
    clock = raw["clock"].to_numpy() - raw["clock"].iloc[0]
    running = np.median(np.abs(given - given[0] - clock)) < np.median(np.abs(built - built[0] - clock))
    return given if running else built


def _time_that_restarts(time, step, named):
    """Test time [s] of a time that may start again with each step, and a note when it does."""
    with np.errstate(invalid="ignore"):  # a time that is infinite is refused later
        falls = np.diff(time, prepend=time[0]) < 0
    if step is None:
        step = np.cumsum(falls) + 1
    change = np.diff(step, prepend=step[0]) != 0
    again = falls & (change | (time <= 0.1 * np.roll(time, 1)))
    if not (named or falls.any()) or (falls & ~again).any():
        return time, []
    return time_in_test(time, np.cumsum(again | (change if named else again))), [
        "the time starts again with each step; the test time was built up from it"
    ]


def _two_way_counter(raw):
    """Net charge [Ah] from a net counter, or from one for each direction, which are taken out of the table; or None."""
    if "net capacity" in raw:
        return raw["net capacity"].to_numpy()
    if not {"charge", "discharge"} <= set(raw):
        return None
    net = unwrap_counter(raw.pop("charge").abs())  # BTS 9 counts discharge negative in places
    net -= unwrap_counter(raw.pop("discharge").abs())
    return net


def _missing_records(raw):
    if "record" not in raw:
        return []
    numbers = raw["record"].to_numpy()
    missing = int(numbers[-1] - numbers[0]) + 1 - len(numbers) if np.isfinite(numbers).all() else 0
    return [f"{missing} record numbers are missing from the file"] if missing > 0 else []
