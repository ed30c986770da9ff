"""The shipped fit as data: which parameters, with what prior, to which rows, in which stages; see `parameter_sets/published`.

``Yuan2025_fit.toml`` beside the published rows says it; its head tells how to edit it. A prior is Gaussian, of the logarithm
where the parameter spans decades. A parameter of which the file gives none has the middle of its range in the set and a
quarter of it as the standard deviation: the range counts as two standard deviations to either side.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import DataFileError, UnknownNameError, nearest
from ..scale import Scale
from .row import FOLDER, PAPER, rows

START = "Yuan2025_NAS"
"""The set that the fit starts from; the others extend it."""


@dataclass(frozen=True)
class Prior:
    """What is known of a parameter without the rows; a Gaussian in z, which is 0 at `centre`.

    Attributes
    ----------
    centre : float
        Most likely value [SI].
    spread : float
        One standard deviation: a factor where `is_log`, else in the unit of the parameter.
    is_log : bool
        Whether it is the logarithm that is Gaussian.
    why : str
        Source, or reasoning.

    Examples
    --------
    >>> prior = Prior(0.1, 10.0, True, "a decade either way")
    >>> prior.z(1.0), round(prior.value(-2.0), 6)
    (1.0, 0.001)
    """

    centre: float
    spread: float
    is_log: bool
    why: str

    def z(self, value: float) -> float:
        """Return how many standard deviations a value lies above the centre."""
        if self.is_log:
            return math.log(max(value, 1e-300) / self.centre) / math.log(self.spread)
        return (value - self.centre) / self.spread

    def value(self, z: float) -> float:
        """Return the value `z` standard deviations above the centre."""
        return float(self.centre * self.spread**z if self.is_log else self.centre + self.spread * z)

    def error(self, value: float, deviation: float) -> float:
        """Return the standard error of a value whose z has the standard deviation `deviation`."""
        return float(deviation * (value * math.log(self.spread) if self.is_log else self.spread))


@dataclass(frozen=True)
class Fitted:
    """A parameter that varies.

    Attributes
    ----------
    name : str
    set : str
        Set whose value it is; sets that inherit this value share it, sets with a value of their own do not.
    also : tuple of str
        Parameters that have the same value.
    prior : Prior or None
    bounds : (float, float)
        Range in the set [SI].
    held : bool
        Whether it is not fitted: it keeps the value of the set, and its prior counts in covariance and bands.
    """

    name: str
    set: str = START
    also: tuple[str, ...] = ()
    prior: Prior | None = None
    bounds: tuple[float, float] = (-math.inf, math.inf)
    held: bool = False

    @property
    def key(self) -> str:
        """Name that is unique among the fitted parameters: with the set, unless that is the first one."""
        return self.name if self.set == START else f"{self.set}: {self.name}"


@dataclass(frozen=True)
class Stage:
    """Parameters, by key, that vary together, and the rows that they are fitted to; `explore` points of a global search."""

    name: str
    parameters: tuple[str, ...]
    rows: tuple[str, ...]
    explore: int = 0
    starts: int = 1

    @property
    def numbers(self) -> int:
        """Count of the residuals of its rows."""
        return sum(len(row.values) if not row.is_range else 1 for row in rows(*self.rows))


@dataclass(frozen=True)
class FitPlan:
    """The whole fit: parameters by key, stages in their order, groups of rows that can be left out, rows kept aside."""

    parameters: Mapping[str, Fitted]
    stages: tuple[Stage, ...]
    groups: Mapping[str, tuple[str, ...]]
    aside: tuple[str, ...]

    @property
    def rows(self) -> tuple[str, ...]:
        """All rows that some stage is fitted to."""
        return tuple(dict.fromkeys(id for stage in self.stages for id in stage.rows))

    @property
    def held(self) -> tuple[str, ...]:
        """Keys of the parameters that are not fitted but uncertain."""
        return tuple(key for key, each in self.parameters.items() if each.held)

    def without(self, ids: Iterable[str]) -> "FitPlan":
        """Return the plan in which no stage sees these rows."""
        left_out = set(ids)
        stages = [replace(s, rows=tuple(id for id in s.rows if id not in left_out)) for s in self.stages]
        return replace(self, stages=tuple(stage for stage in stages if stage.rows))

    def with_nothing_held(self) -> "FitPlan":
        """Return the plan without the parameters that are not fitted."""
        return replace(self, parameters={key: each for key, each in self.parameters.items() if not each.held})

    def named(self, names: Iterable[str] | None = None) -> tuple[Stage, ...]:
        """Return the stages of these names; default all.

        Raises
        ------
        UnknownNameError
            There is no stage of that name.
        """
        known = {stage.name: stage for stage in self.stages}
        for name in (name for name in names or () if name not in known):
            raise UnknownNameError(f"Calibration: there is no stage '{name}'. {nearest(name, known)}".strip())
        return tuple(known[name] for name in names or known)


def plan_path() -> Path:
    """Return the file of the shipped fit."""
    from ..parameters import folders

    return folders()[0] / FOLDER / f"{PAPER}_fit.toml"


def fit_plan(sets: Mapping[str, Any], path: Path | None = None) -> FitPlan:
    """Return the fit that a file describes, the shipped one by default.

    Parameters
    ----------
    sets : mapping name -> ParameterSet
        Sets that its parameters belong to; they give ranges.
    path : path, optional

    Raises
    ------
    DataFileError
        The file cannot be read, or names a set, parameter, row or stage that is not there.
    """
    path = path or plan_path()
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        parameters = [_fitted(each, sets) for each in data["parameter"]]
        known = {each.key: each for each in parameters}
        stages = tuple(_stage(each, data["rows"], known) for each in data["stage"])
        groups = {name: tuple(ids) for name, ids in data["groups"].items()}
        rows(*{id for ids in groups.values() for id in ids}, *data["aside"])
    except (OSError, KeyError, TypeError, ValueError, UnknownNameError) as error:
        raise DataFileError(f"'{path}' does not describe a fit: {error}") from None
    return FitPlan(known, stages, groups, tuple(data["aside"]))


def _fitted(table: Mapping[str, Any], sets: Mapping[str, Any]) -> Fitted:
    name, of = table["name"], table.get("set", START)
    if of not in sets:
        raise ValueError(f"there is no set '{of}'")
    entry = sets[of].entries.get(name)
    if entry is None or entry.range is None:
        raise ValueError(f"set '{of}' has no parameter '{name}' with a range. {nearest(name, sets[of].entries)}")
    also, held = tuple(table.get("also", ())), bool(table.get("held", False))
    return Fitted(name, of, also, _prior(table, entry), entry.range, held)


def _prior(table: Mapping[str, Any], entry: Any) -> Prior:
    """Return the prior that a table of the file states, or that of the range."""
    if "centre" in table:
        is_log = "factor" in table
        return Prior(float(table["centre"]), float(table["factor" if is_log else "sd"]), is_log, table["why"])
    scale = Scale(*entry.range)
    middle, quarter = scale.value(0.5), scale.value(0.75)
    told = "; ".join(text for text in (entry.source, entry.where, entry.note) if text)
    why = f"two standard deviations either way are the range of the set, {entry.range[0]:g} to {entry.range[1]:g} ({told})"
    return Prior(middle, quarter / middle if scale.is_log else quarter - middle, scale.is_log, why)


def _stage(table: Mapping[str, Any], all_rows: list[str], known: Mapping[str, Fitted]) -> Stage:
    """Return a stage; without lists of its own it has all parameters, all rows."""
    free = [key for key, each in known.items() if not each.held]
    names, ids = table.get("parameters", free), table.get("rows", all_rows)
    for name in (name for name in names if name not in known):
        raise ValueError(f"stage '{table['name']}' names '{name}', no parameter of the fit. {nearest(name, known)}")
    rows(*ids)
    return Stage(table["name"], tuple(names), tuple(ids), int(table.get("explore", 0)), int(table.get("starts", 1)))
