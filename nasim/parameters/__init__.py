"""Parameter sets: TOML file -> checked entries, each with its provenance -> ``pybamm.ParameterValues``.

`load` reads a shipped set by name, or a user's file by path, follows its ``extends`` and checks everything; the result
is a frozen `ParameterSet`. ``parameter_sets/README.md`` describes the format. Values are in SI units. For PyBaMM's
entry points every shipped set is also a function of this module: ``nasim.parameters:Yuan2025_NAS``.

pydantic and pybamm are imported when first needed, so that importing this module stays cheap.
"""

from .curves import Curve
from .entries import CellDescription, Entry, Source
from .entry_points import SetFunction
from .loading import load
from .overrides import parse_override
from .parameter_set import ParameterSet, Row
from .places import available, folders, locate

__all__ = [
    "CellDescription",
    "Curve",
    "Entry",
    "ParameterSet",
    "Row",
    "Source",
    "available",
    "folders",
    "load",
    "locate",
    "parse_override",
]


def __getattr__(name):
    if name in available():
        return SetFunction(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
