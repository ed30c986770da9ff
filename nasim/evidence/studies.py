"""Published numbers that a study gives rather than a run of a cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .. import nomenclature as nm
from ..parameters import ParameterSet, load

ELECTROLYTES = {"NAS": "Na3SbS4", "NPS": "Na3PS4"}
"""Name of an electrolyte in the [cell] table of a set -> its formula."""
NPS_SEPARATOR = "Yuan2025_NPS_separator"
"""The set whose electrolyte a pore is compared with."""


@dataclass(frozen=True)
class Study:
    """Numbers that a study computed; stands where a `Result` stands for runs of a cell."""

    values: tuple[float, ...]


def _set(parameters: Any) -> ParameterSet:
    return parameters if isinstance(parameters, ParameterSet) else load(parameters)


def _pore(parameters: Any) -> Study:
    """Return how uneven the current beside a pore is with the electrolyte of this set, and with NPS."""
    from ..studies.pore import pore_inhomogeneity

    conductivities = (known.value(nm.SEPARATOR.conductivity) for known in (_set(parameters), load(NPS_SEPARATOR)))
    return Study(tuple(pore_inhomogeneity(sigma) for sigma in conductivities))


def _window(parameters: Any) -> Study:
    """Return lower and upper end of the stability window of the catholyte of this set [V]."""
    from ..studies.window import stability_window

    return Study(tuple(stability_window(ELECTROLYTES[_set(parameters).cell.catholyte])))


STUDIES: dict[str, Callable[[Any], Study]] = {"pore": _pore, "window": _window}
"""Experiment of a published row -> the study of a parameter set (a name, path or the set) that gives its numbers."""
