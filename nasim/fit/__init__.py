"""Fitting: measured curves in, parameters with intervals out.

The module can be called: ``nasim.fit(curves, vary=[...])`` is `nasim.fit.fit`, whose docstring says everything.
"""

import sys

from ..callable_module import CallableModule

_WHERE = {
    "CVCurve": "responses",
    "Conditions": "history",
    "DQDVCurve": "curves",
    "FadeCurve": "curves",
    "FitResult": "result",
    "GCDCurve": "curves",
    "ImpedanceCurve": "responses",
    "Leg": "history",
    "fade_from_result": "sources",
    "fit": "run",
    "from_arrays": "sources",
    "from_measurement": "measured",
    "from_result": "sources",
    "run_files": "files",
    "sample": "posterior",
}

__all__ = sorted(_WHERE)

sys.modules[__name__].__class__ = CallableModule
