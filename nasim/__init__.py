"""nasim: solid-state sodium-sulfur cells from their physics, on PyBaMM.

Public names are imported on first use, so that ``import nasim`` stays cheap.
"""

__version__ = "0.1.0"
__distribution__ = "nasim-cells"

import os
from importlib import import_module
from typing import Any

if not os.path.isdir(os.path.dirname(__file__)):
    raise ImportError(
        f"nasim cannot run out of an archive ({os.path.dirname(__file__)}): parameter sets and the sources of the integrator are "
        "read as files. Install it: python -m pip install FILE.whl"
    )

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
from .protocols import PROTOCOLS

_WHERE = {
    "FullCell": "models.full_cell",
    "SymmetricCell": "models.symmetric_cell",
    "BlockingCell": "models.blocking_cell",
    "cell_for": "models.build",
    "LumpedCathode": "submodels.lumped_cathode",
    "PorousCathode": "submodels.porous_cathode",
    "SbSCatholyte": "submodels.composite_conduction",
    "FixedCatholyte": "submodels.composite_conduction",
    "SulfurConversion": "submodels.sulfur_conversion",
    "SbSRedox": "submodels.sb_s_redox",
    "Separator": "submodels.separator",
    "AlloyElectrode": "submodels.alloy_anode",
    "SodiumMetal": "submodels.sodium_metal",
    "AlloyDiffusion": "submodels.alloy_diffusion",
    "WellMixed": "submodels.alloy_diffusion",
    "Interphase": "submodels.interphase",
    "NoInterphase": "submodels.interphase",
    "self_limiting": "submodels.growth_laws",
    "avrami": "submodels.growth_laws",
    "parabolic": "submodels.growth_laws",
    "mixed": "submodels.growth_laws",
    "tunnelling": "submodels.growth_laws",
    "FullContact": "submodels.cathode_contact",
    "PerfectInterface": "submodels.alloy_contact",
    "PressureInterface": "submodels.alloy_contact",
    "PressureContact": "submodels.cathode_contact",
    "NoShort": "submodels.soft_short",
    "IntrinsicLeak": "submodels.soft_short",
    "SoftShort": "submodels.soft_short",
    "RandomBridges": "submodels.soft_short",
    "GrainedElectrolyte": "submodels.separator",
    "BlockingElectrode": "submodels.blocking",
    "Isothermal": "submodels.thermal",
    "Mechanism": "submodels.mechanism",
    "LumpedThermal": "submodels.thermal",
    "ConstantPressure": "submodels.fixture",
    "FixedGap": "submodels.fixture",
    "CapacityCounter": "submodels.capacity_counter",
    "Circuit": "analysis",
    "fit_circuit": "analysis",
    "kramers_kronig": "analysis",
    "relaxation_times": "analysis",
    "Block": "experiments.block",
    "Protocol": "experiments.protocol",
    "Cycle": "engine.runner",
    "Step": "engine.stepper",
    "Rodas": "engine.integrators",
    "Design": "parameters.design",
    "predict": "evidence.prediction",
    "validity": "evidence.validity",
    "cell_sheet": "parameters.sheet",
    "KeptCell": "engine.built_cell",
    "read": "instruments",
    "read_curve": "instruments",
    "Curve": "instruments",
    "Spectrum": "instruments",
    "Measurement": "instruments",
    "explain": "fit.explain",
    "next_experiments": "fit.next",
    "load": "parameters",
    "Result": "results.result",
    "load_result": "results.loading",
    "versions": "results.installed",
}
_WHERE |= {name: module.removeprefix("nasim.") for module, name in (line.split(":") for line in PROTOCOLS.values())}
_CALLED = ("fit", "sweep")
"""Modules that can be called."""

__all__ = [
    *sorted(_WHERE),
    *_CALLED,
    "CompositionError",
    "DataFileError",
    "MissingExtraError",
    "NasimError",
    "ParameterSetError",
    "ProtocolError",
    "SolveError",
    "UnknownNameError",
]


def __getattr__(name: str) -> Any:
    if name in _CALLED:
        return import_module(f".{name}", __name__)
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module 'nasim' has no attribute '{name}'")


def __dir__():
    return __all__
