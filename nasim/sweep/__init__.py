"""Sweeps: one experiment at many points, over conditions, settings of the experiment and parameters of the set.

``nasim.sweep(experiment, over={...})`` calls the function `nasim.sweep.sweep`, which is documented below.
"""

import sys

from ..callable_module import CallableModule

_WHERE = {"SweepResult": "result", "design": "designs", "sweep": "run"}

__all__ = sorted(_WHERE)  # pyright: ignore[reportUnsupportedDunderAll]

sys.modules[__name__].__class__ = CallableModule
