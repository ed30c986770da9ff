"""What a set consists of: its sources, the cell it describes, its values with where each is from."""

import math
import re
from dataclasses import dataclass
from typing import Literal

from .. import nomenclature as nm
from ..errors import nearest
from ..nomenclature import PARAMETERS, unit_of
from .curves import Curve
from .rules import EXPECTED, STRICT, UNSURE, ValueKind


def _between(number, low, high):
    """Whether a number lies between two limits or, but for rounding, on one of them."""
    return low <= number <= high or math.isclose(number, low) or math.isclose(number, high)


@dataclass(frozen=True)
class Source:
    """A publication or page that values come from.

    Attributes
    ----------
    citation : str
        Authors, journal, year.
    doi, url : str or None
        One of the two at least.
    """

    __pydantic_config__ = STRICT
    citation: str
    doi: str | None = None
    url: str | None = None

    def faults(self):
        if not (self.doi or self.url):
            yield "citation", "has neither doi nor url; expected one of the two"


@dataclass(frozen=True)
class CellDescription:
    """Which cell the numbers describe: what the models are composed from. Materials are names of the table of materials.

    Attributes
    ----------
    model : str
        "full", "symmetric" or "blocking".
    chains : tuple of str
        Redox chains of the cathode.
    separator : tuple of str
        Layers, anode side first.
    electrolyte, anode, catholyte, active : str
        Names of the table of materials.
    """

    __pydantic_config__ = STRICT
    model: Literal["full", "symmetric", "blocking"] = "full"
    chains: tuple[str, ...] = ("Sulfur", "Sb-S")
    separator: tuple[str, ...] = ("separator",)
    electrolyte: str = "NAS"
    anode: str = "Na15Sn4"
    catholyte: str = "NAS"
    active: str = "S"

    def faults(self):
        known = nm.chain_names()
        for chain in self.chains:
            if chain not in known:
                yield "chains", f"unknown redox chain '{chain}'; expected {EXPECTED['chains']}. {nearest(chain, known)}"
        if len(set(self.chains)) < len(self.chains):
            yield "chains", f"{list(self.chains)} names a redox chain twice; expected each once"
        if self.model == "full" and not self.chains:
            yield "chains", "is empty; a full cell needs at least one redox chain"
        if not self.separator:
            yield "separator", "is empty; expected at least one layer name"


@dataclass(frozen=True)
class Entry:
    """One parameter: its value, how it is known, and from where.

    Attributes
    ----------
    value : float or Curve
        SI.
    kind : str
        "measured", "literature", "derived", "fitted", "assumed" or "setting".
    source, where : str or None
        Key of a source, and the place in it.
    range : (float, float) or None
        Where the true value may lie, SI: for fits and uncertainty.
    admissible : (float, float) or None
        What the physics can take, SI: for overrides, sweeps and design; see `limits`.
    standard_error : float or None
        Of a fitted value, SI.
    fitted_to : tuple of str
        Published rows that it was fitted to.
    note : str or None
    """

    __pydantic_config__ = STRICT
    value: float | Curve
    kind: ValueKind
    source: str | None = None
    where: str | None = None
    range: tuple[float, float] | None = None
    admissible: tuple[float, float] | None = None
    standard_error: float | None = None
    fitted_to: tuple[str, ...] = ()
    note: str | None = None

    def outside(self, value):
        """Say whether a value is outside the range.

        Parameters
        ----------
        value : float or Curve
            SI.

        Returns
        -------
        str
            Words that say so; empty where it is inside or there is no range.
        """
        values = value.y if isinstance(value, Curve) else (value,)
        if self.range is None or all(_between(number, *self.range) for number in values):
            return ""
        return f"{value} is outside the range [{self.range[0]:g}, {self.range[1]:g}]"

    def limits(self, name):
        """Return what the physics can take of a parameter.

        That is `admissible`, where the entry states it, and the range of a setting, which is a choice, not a guess. Otherwise a
        value keeps the sign of its range, and a share stays below one.

        Parameters
        ----------
        name : str
            Of the parameter.

        Returns
        -------
        (float, float)
            SI.
        """
        if self.admissible is not None:
            return self.admissible
        if self.range is None or self.kind == "setting":
            return self.range or (-math.inf, math.inf)
        low, high = self.range
        share = unit_of(name) == "-" and low >= 0 and high <= 1
        return (-math.inf if low < 0 else 0.0), (1.0 if share else 0.0 if high <= 0 else math.inf)

    def refused(self, name, value):
        """Say whether the physics cannot take a value.

        Parameters
        ----------
        name : str
            Of the parameter.
        value : float
            SI.

        Returns
        -------
        str
            Words that say so; empty where it can.
        """
        low, high = self.limits(name)
        positive = self.kind != "setting" and self.admissible is None and self.range is not None and self.range[0] > 0
        if _between(value, low, high) and not (positive and value <= 0):
            return ""
        ends = f"from {low:g} to {high:g}" if high < math.inf else f"at least {low:g}"
        if positive and low == 0:
            ends = "above 0" + (f", at most {high:g}" if high < math.inf else "")
        return f"{value} is not admissible; expected {ends}"

    def faults(self):
        if self.range is None and self.kind in UNSURE:
            yield "range", f"is missing; a value of kind '{self.kind}' needs range = {EXPECTED['range']}"
        if self.range is not None and self.range[0] >= self.range[1]:
            yield "range", f"{list(self.range)} is upside down or empty; expected {EXPECTED['range']}"
        if self.outside(self.value):
            yield "value", f"{self.outside(self.value)} that the same entry states"
        if self.kind == "fitted" and not self.fitted_to:
            yield "fitted_to", f"is missing; a fitted value needs {EXPECTED['fitted_to']}"
        if self.admissible is not None and self.admissible[0] >= self.admissible[1]:
            yield "admissible", f"{list(self.admissible)} is upside down or empty; expected {EXPECTED['admissible']}"
        elif self.admissible and self.range and not all(_between(end, *self.admissible) for end in self.range):
            yield "admissible", f"{list(self.admissible)} does not hold the range; expected {EXPECTED['admissible']}"
        if self.standard_error is not None and self.standard_error < 0:
            yield "standard_error", f"is {self.standard_error}; expected {EXPECTED['standard_error']}"


def unknown(name, known):
    """Why `name` is no parameter and what is meant: another unit of a known one, or a similar name."""
    for candidate in PARAMETERS:
        if unit_of(name) != unit_of(candidate) and _without_unit(name) == _without_unit(candidate):
            units = f"has the unit [{unit_of(name)}], expected [{unit_of(candidate)}]"
            return f"{units}: write '{candidate}' and give the value in that unit."
    strange = unit_of(name) not in map(unit_of, PARAMETERS)
    unit = f", and [{unit_of(name)}] is the unit of none" if strange else ""
    return f"is not a parameter of nasim{unit}. {nearest(name, known)}".strip()


def _without_unit(name):
    return re.sub(r"\s*\[[^\[\]]*\]\s*$", "", name).lower()
