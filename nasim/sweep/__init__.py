"""Sweeps: one experiment at many points, over conditions, settings of the experiment and parameters of the set.

The module can be called: ``nasim.sweep(experiment, over={...})`` is `nasim.sweep.sweep`, whose docstring says everything.
"""

import sys
from importlib import import_module
from types import ModuleType

_WHERE = {"SweepResult": "result", "design": "designs", "sweep": "run"}

__all__ = sorted(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module 'nasim.sweep' has no attribute '{name}'")


def __dir__():
    return __all__


class _Callable(ModuleType):
    """A module that is also its main function."""

    def __call__(self, *given, **options):
        from .run import sweep

        return sweep(*given, **options)


sys.modules[__name__].__class__ = _Callable
