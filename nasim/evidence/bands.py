"""How far a computed row could lie from what the sets give: 90 % of draws from the covariance of the calibration.

Draws of the parameters are Gaussian in z, around the shipped values, with the covariance of the record of the calibration: what
the fitted rows say, with the priors, also of assumed values that no fit moves. A band holds the middle `SHARE` of what the
draws give; a statement has the share of draws that say yes. Bands tell what the parameters leave open, not what is wrong with
the equations: a published value outside its band is evidence against those.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..analysis.draws import SHARE, correlated, middle
from ..checks import require_whole
from ..errors import DataFileError, NasimError
from ..files import write_text
from ..parameters import ParameterSet, folders
from ..processes import checked_number
from .calibration import shipped_sets
from .published import Finding
from .row import FOLDER, PAPER, Row, rows
from .stages import fit_plan

if TYPE_CHECKING:
    from .bench import Bench
    from .estimate import Problem
    from .record import Record

FILE = f"{PAPER}_bands.json"
DRAWS, SEED = 60, 1
PRESENT = 0.5
"""Share of draws that must show a value (a peak) for it to have a band."""
CHUNK = 6
"""Draws that are computed between two words of progress."""


@dataclass(frozen=True)
class Band:
    """Band of a row.

    Attributes
    ----------
    low, high : tuple of float or None
        Ends for each published value; None where too few draws show it. Empty for a statement.
    yes : float or None
        Share of the draws that say what was published, for a statement.
    """

    low: tuple = ()
    high: tuple = ()
    yes: float | None = None

    def inside(self, row: Row) -> list[bool]:
        """Return, for each published number that has a band, whether it lies inside; of a range, whether they overlap."""
        if row.is_range and self.low and self.low[0] is not None:
            return [self.low[0] <= row.values[1] and self.high[0] >= row.values[0]]
        ends = zip(row.values, self.low, self.high, strict=False)
        return [low <= value <= high for value, low, high in ends if low is not None]


def draws(record: "Record", problem: "Problem", number: int, seed: int = SEED) -> list[dict[str, float]]:
    """Return values of the parameters by key, drawn from the covariance of a calibration.

    Parameters
    ----------
    record : Record
    problem : Problem
        With the parameters of the record, in their order.
    number, seed : int
    """
    centre = problem.point(record.values)
    normals = np.random.default_rng(seed).standard_normal((number, len(centre)))
    return [problem.values(centre + z) for z in correlated(normals, record.covariance)]


def bands(
    *ids: str,
    number: int = DRAWS,
    workers: int | None = None,
    store: str | os.PathLike | None = None,
    sets: Mapping[str, ParameterSet] | None = None,
    record: "Record | None" = None,
    bench: "Bench | None" = None,
    progress: Callable[[str], object] = lambda text: None,
) -> dict[str, Band]:
    """Return the bands of published rows, by id.

    Parameters
    ----------
    *ids : str
        Rows; default all.
    number : int
        Draws.
    workers : int, optional
        Processes; default as many as there are processors.
    store : path, optional
        File that remembers what was computed.
    sets : mapping name -> ParameterSet, optional
        That replace shipped ones.
    record : Record, optional
        Of the calibration; default the shipped one.
    bench : Bench, optional
    progress : callable (text), optional

    Raises
    ------
    NasimError
        There is no record of a calibration.
    """
    from .bench import Bench
    from .estimate import Problem
    from .record import load_record

    require_whole("bands", "the number of draws", number, 1)
    known = shipped_sets() | dict(sets or {})
    record = record or load_record()
    if record is None:
        raise NasimError("Bands need the record of a calibration; `nasim calibrate --write` leaves one.")
    parameters = fit_plan(known).parameters
    mine = [parameters[key] for key in record.values]
    used = bench or Bench(mine, known, checked_number("bands", workers), store)
    points = draws(record, Problem(used, (), mine), number)
    chosen, found = rows(*ids), []
    try:
        for start in range(0, number, CHUNK):
            found += used.several([row.id for row in chosen], points[start : start + CHUNK])
            progress(f"{len(found)} of {number} draws")
    finally:
        if bench is None:
            used.close()
    return {row.id: band_of(row, [each[row.id] for each in found]) for row in chosen}


def band_of(row: Row, found: Sequence[Finding]) -> Band:
    """Return the band of a row from its findings in the draws.

    Parameters
    ----------
    row : Row
    found : sequence of Finding
    """
    if row.is_statement:
        said = [each.values == row.values for each in found if each.values]
        return Band(yes=float(np.mean(said)) if said else None)
    ends: list[tuple[Any, Any]] = []
    for k in range(len(row.values)):
        values = [each.values[k] for each in found if each.values and each.values[k] is not None]
        enough = len(values) > PRESENT * len(found)
        ends.append(middle(values) if enough else (None, None))
    return Band(tuple(low for low, _ in ends), tuple(high for _, high in ends))


def fingerprint(sets: Mapping[str, ParameterSet]) -> str:
    """Return a text that changes with any value of any set: bands belong to the values that they were drawn around."""
    known = [(name, sorted(sets[name].as_values().items())) for name in sorted(sets)]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def save(found: Mapping[str, Band], number: int, sets: Mapping[str, ParameterSet], folder: Path | None = None) -> Path:
    """Write bands beside the published rows; returns the path."""
    path = (folder or folders()[0]) / FOLDER / FILE
    plain = {id: {"low": band.low, "high": band.high, "yes": band.yes} for id, band in found.items()}
    data = {"draws": number, "share": SHARE, "values": fingerprint(sets), "rows": plain}
    write_text(path, json.dumps(data, indent=1, default=float) + "\n")
    return path


def load_bands(sets: Mapping[str, ParameterSet], folder: Path | None = None) -> dict[str, Band]:
    """Return the stored bands by row; {} where there are none, or where they belong to other values than those of `sets`.

    Raises
    ------
    DataFileError
        The file cannot be read.
    """
    path = (folder or folders()[0]) / FOLDER / FILE
    if not path.is_file():
        return {}
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["values"] != fingerprint(sets):
            return {}
        return {id: Band(tuple(b["low"]), tuple(b["high"]), b["yes"]) for id, b in data["rows"].items()}
    except (ValueError, KeyError, TypeError) as error:
        raise DataFileError(f"'{path}' does not hold bands: {error}") from None
