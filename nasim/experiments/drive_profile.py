"""A drive profile: current or power against time from a file, again and again until a cut-off."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np

from ..checks import POSSIBLE, check_cycles, require_positive
from ..engine.runner import Cycle
from ..engine.stepper import Step
from ..errors import DataFileError, ProtocolError, nearest, printable
from ..files import DAMAGED, MEGABYTE, reason, regular
from ..results.in_time import ProfileResult
from ..units import to_A_m2
from .protocol import Protocol

TIMES = ("time_s", "Time [s]")
QUANTITIES = {
    "current_mA_cm2": "current",
    "Current density [mA.cm-2]": "current",
    "power_mW_cm2": "power",
    "Power density [mW.cm-2]": "power",
}
"""Column of a file -> what it is. Powers in mW cm-2 are W m-2 times ten, as currents in mA cm-2 are A m-2."""

MOST_BYTES = 100 * MEGABYTE


class Held(NamedTuple):
    """A part of a profile: for so long [s], a current [A m-2] or a power [W m-2], discharge positive."""

    seconds: float
    quantity: str
    value: float


@dataclass(frozen=True)
class DriveProfile(Protocol):
    """Current or power follows a table against time, pass after pass, until a cut-off or for a number of passes.

    `run` gives a `ProfileResult`: a cycle is a pass. Each value is held until the next time; the last time ends the pass.

    Parameters
    ----------
    file : str
        CSV with the columns ``time_s`` and ``current_mA_cm2`` or ``power_mW_cm2``, discharge positive.
    passes : int
        Number of passes at most.
    scale : float
        Factor on the values of the file.
    window : (float, float), optional
        Lower and upper cut-off [V], at which the test ends; default those of the set.

    Raises
    ------
    ProtocolError
        On `run`: a number or condition that makes no sense, or a profile that asks for nothing.
    DataFileError
        On `run`: the file cannot be read as a profile.
    """

    file: str = ""
    passes: int = 1
    scale: float = 1.0
    window: tuple[float, float] | None = None
    name: ClassVar[str] = "profile"
    example: ClassVar[str] = "--file drive.csv --passes 100"
    result: ClassVar[type[ProfileResult]] = ProfileResult

    def check(self):
        """Return the parts of a pass."""
        if not self.file:
            raise ProtocolError(
                "DriveProfile: no file was given; a CSV with time_s and current_mA_cm2 or power_mW_cm2."
            )
        check_cycles("DriveProfile", self.passes, "passes")
        scale = require_positive("DriveProfile", "scale", self.scale, "")
        parts = [part._replace(value=scale * part.value) for part in read_profile(self.file)]
        if not any(part.value for part in parts):
            raise ProtocolError(f"DriveProfile: the profile in '{self.file}' is zero throughout.")
        return parts

    def total(self):
        return self.passes

    def plan(self, setup, checked):
        return [Cycle([self._step(setup, part) for part in checked])] * int(self.passes)

    def _step(self, setup, part):
        if not part.value:
            return Step("rest", part.seconds)
        kind, cut_off = ("discharge", setup.lower) if part.value > 0 else ("charge", setup.upper)
        held = {part.quantity: part.value}
        return Step(kind, part.seconds, **held, until_voltage=cut_off, at_the_limit=True)


def read_profile(path: str | Path) -> list[Held]:
    """Return the parts of the profile in a CSV file; equal values that follow each other are one part.

    Raises
    ------
    DataFileError
        There is no such file, a column is missing, a value is no number, or time does not rise.
    """
    import pandas

    regular(path, "profile", MOST_BYTES)
    try:
        table = pandas.read_csv(path, comment="#", skipinitialspace=True)
        time, wanted = _column(path, table, TIMES), _column(path, table, QUANTITIES)
        seconds, values = (_numbers(table[name]) for name in (time, wanted))
    except DAMAGED as error:
        if isinstance(error, DataFileError):
            raise
        raise DataFileError(f"'{path}' cannot be read as a profile: {reason(error)}.") from None
    wrong = np.flatnonzero(~(np.isfinite(seconds) & np.isfinite(values)) | (np.diff(seconds, prepend=-np.inf) <= 0))
    if len(wrong) or len(table) < 2:
        where = f"row {wrong[0] + 1} is not" if len(wrong) else f"there are {len(table)} rows, not"
        raise DataFileError(
            f"'{path}' is no profile: {where} two numbers with a time after that before; at least two rows."
        )
    steps, (least, most), largest = np.diff(seconds), POSSIBLE["s"], POSSIBLE["mA cm-2"][1]
    if steps.min() < least or steps.max() > most or np.abs(values).max() > largest:
        raise DataFileError(
            f"'{path}' is no profile: a step has from {least:g} to {most:g} s and a value up to {largest:g}; there are steps of "
            f"{steps.min():.3g} to {steps.max():.3g} s and values up to {np.abs(values).max():.3g}."
        )
    starts = np.flatnonzero(np.diff(values[:-1], prepend=np.nan) != 0)
    ends = [*starts[1:], len(values) - 1]
    return [
        Held(float(seconds[end] - seconds[start]), QUANTITIES[wanted], float(to_A_m2(values[start])))
        for start, end in zip(starts, ends, strict=True)
    ]


def _column(path, table, names):
    """The one column of a file that is among `names`."""
    found = [name for name in names if name in table]
    if len(found) != 1:
        given, hint = printable(", ".join(map(str, table.columns)))[:200], nearest(table.columns[-1], names, n=1)
        raise DataFileError(
            f"'{path}' has the columns {given}; expected exactly one of {', '.join(names)}. {hint}".strip()
        )
    return found[0]


def _numbers(column) -> np.ndarray:
    """A column as floats, NaN where it holds none."""
    import pandas

    return np.asarray(pandas.to_numeric(column, errors="coerce"), dtype=float)
