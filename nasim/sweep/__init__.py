"""Sweeps: one experiment at many points, over conditions, settings of the experiment and parameters of the set.

The module can be called: ``nasim.sweep(experiment, over={...})`` is `nasim.sweep.sweep`, whose docstring says everything.
"""

import sys

from ..callable_module import CallableModule

_WHERE = {"SweepResult": "result", "design": "designs", "sweep": "run"}

__all__ = sorted(_WHERE)

sys.modules[__name__].__class__ = CallableModule
