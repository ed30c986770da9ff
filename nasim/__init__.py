"""nasim: solid-state sodium-sulfur cells from their physics, on PyBaMM.

Public names are imported on first use, so that ``import nasim`` stays cheap.
"""

from importlib import import_module

from .errors import (
    CompositionError,
    DataFileError,
    MissingExtraError,
    NasimError,
    ParameterSetError,
    ProtocolError,
    SolveError,
    UnknownNameError,
)


__version__ = "0.1.0"

_WHERE = {
    "FullCell": "models.full_cell",
    "LumpedCathode": "submodels.composite_transport",
    "SulfurConversion": "submodels.sulfur_conversion",
    "SbSRedox": "submodels.sb_s_redox",
    "Separator": "submodels.separator",
    "AlloyElectrode": "submodels.alloy_anode",
    "Interphase": "submodels.interphase",
    "NoInterphase": "submodels.interphase",
    "FullContact": "submodels.contact",
    "PerfectInterface": "submodels.interface",
    "PressureContact": "submodels.contact",
    "NoShort": "submodels.soft_short",
    "Isothermal": "submodels.thermal",
    "ConstantPressure": "submodels.fixture",
    "GCD": "experiments.gcd",
    "Block": "experiments.blocks",
    "Cycling": "experiments.cycling",
    "RateTest": "experiments.cycling",
    "read": "instruments",
    "Measurement": "instruments",
    "load": "parameters",
    "Result": "experiments.result",
    "load_result": "experiments.result",
}

__all__ = [
    *sorted(_WHERE),
    "CompositionError",
    "DataFileError",
    "MissingExtraError",
    "NasimError",
    "ParameterSetError",
    "ProtocolError",
    "SolveError",
    "UnknownNameError",
]


def __getattr__(name):
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module 'nasim' has no attribute '{name}'")


def __dir__():
    return __all__
