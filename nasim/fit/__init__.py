"""Fitting: measured curves in, parameters with intervals out.

The module can be called: ``nasim.fit(curves, vary=[...])`` is `nasim.fit.fit`, whose docstring says everything.
"""

import sys
from importlib import import_module
from types import ModuleType

_WHERE = {
    "CVCurve": "responses",
    "Conditions": "legs",
    "DQDVCurve": "curves",
    "FadeCurve": "curves",
    "FitResult": "result",
    "GCDCurve": "curves",
    "ImpedanceCurve": "responses",
    "Leg": "legs",
    "fade_from_result": "sources",
    "fit": "run",
    "from_arrays": "sources",
    "from_measurement": "measured",
    "from_result": "sources",
    "run_files": "files",
    "sample": "posterior",
}

__all__ = sorted(_WHERE)


def __getattr__(name):
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module 'nasim.fit' has no attribute '{name}'")


def __dir__():
    return __all__


class _Callable(ModuleType):
    """A module that is also its main function."""

    def __call__(self, *given, **options):
        from .run import fit

        return fit(*given, **options)


sys.modules[__name__].__class__ = _Callable
