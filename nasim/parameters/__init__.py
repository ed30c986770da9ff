"""Parameter sets: TOML file -> checked entries, each with its provenance -> ``pybamm.ParameterValues``.

`load` reads a shipped set by name, or a user's file by path, follows its ``extends`` and checks everything; the result
is a frozen `ParameterSet`. ``parameter_sets/README.md`` describes the format. Values are in SI units. For PyBaMM's
entry points every shipped set is also a function of this module: ``nasim.parameters:Yuan2025_NAS``.

pydantic and pybamm are imported when first needed, so that importing this module stays cheap.
"""

from .curves import Curve
from .entries import CellDescription, Entry, Source
from .loading import SetFunction, as_set, available, folders, load, load_foreign, locate
from .materials import Active, Anode, Electrolyte, Materials
from .parameter_set import Overrides, ParameterSet, Row, parse_override

__all__ = [
    "Active",
    "Anode",
    "CellDescription",
    "Curve",
    "Electrolyte",
    "Entry",
    "Materials",
    "Overrides",
    "ParameterSet",
    "Row",
    "Source",
    "as_set",
    "available",
    "folders",
    "load",
    "load_foreign",
    "locate",
    "parse_override",
]


def __getattr__(name):
    if name in available():
        return SetFunction(name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
