"""What a fit takes from each file: stated for all files at once, or file by file in a small plan (TOML).

A plan has the arguments of the fit at its top (`vary`, `set`, `bounds`, `priors`, ...), beside what holds for all files,
and a table ``[[file]]`` for each file, with its path (from the folder of the plan) and what holds for it alone::

    vary = ["Sulfur step 1 transfer coefficient"]
    area_cm2 = 0.785

    [[file]]
    path = "cell_7.csv"
    temperature_C = 25
    cycles = [1, 2]

    [[file]]
    path = "cell_8_spectrum.mpt"
    use = "spectrum"
    temperature_C = 60
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from ..errors import DataFileError, ProtocolError, UnknownNameError, brief, nearest
from ..files import DAMAGED, MEGABYTE, reason, regular
from .curves import CAPACITY_SD, VOLTAGE_SD_MV
from .history import DIRECTIONS
from .responses import IMPEDANCE_SD

USES = ("half-cycles", "pulses", "spectrum", "voltammogram", "points")
OF_THE_FIT = (
    "vary",
    "set",
    "overrides",
    "bounds",
    "priors",
    "explore",
    "starts",
    "seed",
    "iterations",
    "jacobian",
    "workers",
)
"""Keys at the top of a plan that go to the fit."""
WORDS = {float: "a number", int: "a whole number", str: "a text", Path: "a text", bool: "true or false"}
OF_EACH_FILE = ("path", "continues")
"""Keys that stand with a file only."""


@dataclass(frozen=True, kw_only=True)
class FileUse:
    """One measured file, the cell it is of, and what of it is fitted to; None leaves a value to the file or the set.

    Parameters
    ----------
    path : Path
    use : str
        "half-cycles" (of constant current), "pulses" (every record, as in a titration), "spectrum", "voltammogram", or "points" (a digitised curve).
    set : str, optional
        Parameter set of this cell; default the one that the fit starts from.
    temperature_C, stack_pressure_MPa : float, optional
        How the cell was kept [degC, MPa].
    overrides : mapping parameter -> value
        Values [SI units] that differ in this cell.
    area_cm2, active_mass_mg : float, optional
        Of the electrode [cm2, mg].
    sign, first_step, columns, units
        See `nasim.read`.
    quantity : str, optional
        What digitised points are: "voltage", "fade", "dqdv" or "nyquist"; default what their columns say.
    window_V : (float, float), optional
        Cut-offs [V]; default those of the set.
    cycles : sequence of int, optional
        Cycles to fit to, from 1; default all.
    directions : sequence of str
        "discharge", "charge" or both.
    ends : str, optional
        See `nasim.fit.from_measurement`.
    zero_current_A : float, optional
        Currents up to this count as rest [A].
    continues : bool, optional
        Whether the file continues the one before, on the same cell; False: it is of another, fresh cell.
    number : int, optional
        Which spectrum of the file, from 1.
    rest_h : float
        Rest of the fresh cell before a spectrum [h].
    scan_rate_mV_s : float, optional
        Of a voltammogram [mV s-1]; default that of its records.
    current_mA_cm2, cycle : float, int
        Of a digitised curve: current density [mA cm-2] and cycle, from 1.
    voltage_sd_mV, capacity_sd, impedance_sd, current_sd_mA_cm2, dqdv_sd : float
        Noise of each kind of value: mV, a share, a share, mA cm-2, mAh cm-2 V-1.
    points : int
        At most so many records a curve are used.
    """

    path: Path
    use: str = "half-cycles"
    set: str | None = None
    temperature_C: float | None = None
    stack_pressure_MPa: float | None = None
    overrides: Mapping[str, float] = field(default_factory=dict)
    area_cm2: float | None = None
    active_mass_mg: float | None = None
    sign: str | None = None
    first_step: str | None = None
    columns: Mapping[str, Any] | None = None
    units: Mapping[str, str] | None = None
    quantity: str | None = None
    window_V: tuple[float, float] | None = None
    cycles: Sequence[int] | None = None
    directions: Sequence[str] = DIRECTIONS
    ends: str | None = None
    zero_current_A: float | None = None
    continues: bool | None = None
    number: int | None = None
    rest_h: float = 0.0
    scan_rate_mV_s: float | None = None
    current_mA_cm2: float | None = None
    cycle: int = 1
    voltage_sd_mV: float = VOLTAGE_SD_MV
    capacity_sd: float = CAPACITY_SD
    impedance_sd: float = IMPEDANCE_SD
    current_sd_mA_cm2: float | None = None
    dqdv_sd: float | None = None
    points: int = 200

    def __post_init__(self):
        if self.use not in USES:
            hint = nearest(self.use, USES, n=1)
            raise UnknownNameError(f"{self.path}: use='{self.use}'; expected one of {', '.join(USES)}. {hint}".strip())
        object.__setattr__(self, "path", Path(self.path))

    @property
    def where(self) -> dict[str, Any]:
        """Keywords of `nasim.fit.Conditions` of the cell."""
        conditions = {"temperature_C": self.temperature_C, "stack_pressure_MPa": self.stack_pressure_MPa}
        return conditions | {"parameters": self.set, "overrides": dict(self.overrides)}


def stated(files: Sequence[str | os.PathLike], **shared: Any) -> list[FileUse]:
    """Return the use of several files under the same conditions.

    Parameters
    ----------
    files : sequence of path
    **shared
        Fields of `FileUse`.

    Raises
    ------
    ProtocolError
        There are several files, and it is not said whether they continue each other or are of a fresh cell each.
    """
    uses = [FileUse(path=Path(path), **shared) for path in files]
    cycled = [each for each in uses if each.use == "half-cycles"]
    if len(cycled) > 1 and any(each.continues is None for each in cycled):
        raise ProtocolError(
            f"fit: {len(cycled)} files are given ({cycled[0].path.name}, {cycled[1].path.name}, ...): if they continue one test "
            "of one cell, give continues=True (--continues); if each is of a fresh cell, continues=False (--fresh)."
        )
    return [replace(each, continues=None) if k == 0 else each for k, each in enumerate(uses)]


def load_plan(path: str | os.PathLike) -> tuple[list[FileUse], dict[str, Any]]:
    """Return what a plan says of the files, and of the fit (keys of `OF_THE_FIT`).

    Parameters
    ----------
    path : path
        A TOML file; see this module.

    Raises
    ------
    DataFileError
        It is no TOML file, or names no file.
    UnknownNameError
        A key is unknown.
    """
    path = regular(path, "plan of a fit", MEGABYTE)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except DAMAGED as error:
        raise DataFileError(f"{path}: cannot be read as a plan of a fit (TOML): {reason(error)}") from None
    entries = table.pop("file", None)
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise DataFileError(f"{path}: a plan needs a table [[file]] with a path for each measured file.")
    of_the_fit = {key: table.pop(key) for key in OF_THE_FIT if key in table}
    known = [each.name for each in fields(FileUse)]
    _check_keys(path, table, [key for key in [*known, *OF_THE_FIT] if key not in OF_EACH_FILE], "at the top")
    uses = []
    for number, entry in enumerate(entries, start=1):
        _check_keys(path, entry, known, f"in file {number}")
        if not isinstance(entry.get("path"), str):
            raise DataFileError(f"{path}: file {number} has no path, which is a text.")
        _check_types(path, table | entry, f"file {number}")
        uses.append(FileUse(**(table | entry | {"path": path.parent / entry["path"]})))
    return uses, of_the_fit


def _check_types(path, entry, where):
    kinds = get_type_hints(FileUse)
    for key, value in entry.items():
        if not _fits(value, kinds[key]):
            raise DataFileError(f"{path}: {key} of {where} is {brief(value)}; expected {_in_words(kinds[key])}.")


def _fits(value, kind):
    """Whether what TOML gave is of a type.

    >>> _fits([1, 2], Sequence[int] | None), _fits("1", float), _fits(1, float), _fits({"a": "b"}, Mapping[str, float])
    (True, False, True, False)
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is Mapping:
        return isinstance(value, dict) and all(_fits(each, parts[1]) for each in value.values())
    if origin in (Sequence, tuple):
        several = isinstance(value, list) and all(_fits(each, parts[0]) for each in value)
        return several and (origin is Sequence or len(value) == len(parts))
    if kind in (float, int):
        return isinstance(value, int | kind) and not isinstance(value, bool)
    return kind is Any or isinstance(value, str if kind is Path else kind)


def _in_words(kind):
    """What is expected, in words.

    >>> _in_words(float | None), _in_words(tuple[float, float]), _in_words(Mapping[str, str])
    ('a number', 'a list of 2, each a number', 'a table')
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _in_words(parts[0])
    if origin in (Sequence, tuple):
        return f"a list{f' of {len(parts)}' if origin is tuple else ''}, each {_in_words(parts[0])}"
    return WORDS.get(kind, "a table")


def _check_keys(path, table, known, where):
    for key in table:
        if key not in known:
            raise UnknownNameError(f"{path}: unknown key '{key}' {where}. {nearest(key, known)}".strip())
