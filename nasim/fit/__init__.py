"""Fits of parameters to measured curves, with intervals.

``nasim.fit(curves, vary=[...])`` calls the function `nasim.fit.fit`, which is documented below.
"""

import sys

from ..callable_module import CallableModule

_WHERE = {
    "CVCurve": "responses",
    "Candidate": "candidates",
    "Conditions": "history",
    "DQDVCurve": "curves",
    "FadeCurve": "curves",
    "FitResult": "result",
    "GCDCurve": "curves",
    "ImpedanceCurve": "responses",
    "Leg": "history",
    "NyquistCurve": "nyquist",
    "PulseCurve": "pulses",
    "fade_from_result": "sources",
    "fit": "run",
    "from_arrays": "sources",
    "from_curve": "digitised",
    "from_measurement": "measured",
    "from_pulses": "pulses",
    "from_result": "sources",
    "from_spectrum": "spectra",
    "from_voltammogram": "spectra",
    "next_experiments": "next",
    "run_files": "files",
    "sample": "posterior",
}

__all__ = sorted(_WHERE)  # pyright: ignore[reportUnsupportedDunderAll]

sys.modules[__name__].__class__ = CallableModule
