"""Measured files of cyclers and potentiostats as one checked, frozen type, and curves without time as another.

Public names are imported on first use, so that labels come without pandas.

>>> from nasim.instruments import read
>>> measurement = read("cell.mpt", active_mass_mg=2.1, first_step="discharge")  # doctest: +SKIP
>>> for direction, curve in measurement.half_cycles(): ...  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nasim.instruments.curve import Curve
    from nasim.instruments.curve_reading import read_curve
    from nasim.instruments.measurement import Measurement
    from nasim.instruments.reading import read
    from nasim.instruments.spectra import Spectrum

__all__ = ["Curve", "Measurement", "Spectrum", "read", "read_curve"]
_WHERE = {
    "Curve": "curve",
    "Measurement": "measurement",
    "Spectrum": "spectra",
    "read": "reading",
    "read_curve": "curve_reading",
}


def __getattr__(name):
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
