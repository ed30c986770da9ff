"""Measured files of cyclers and potentiostats as one checked, frozen type.

>>> from nasim.instruments import read
>>> measurement = read("cell.mpt", active_mass_mg=2.1, first_step="discharge")  # doctest: +SKIP
>>> for direction, curve in measurement.half_cycles(): ...  # doctest: +SKIP
"""

from nasim.instruments.curve import Curve
from nasim.instruments.curve_reading import read_curve
from nasim.instruments.measurement import Measurement
from nasim.instruments.reading import read
from nasim.instruments.spectra import Spectrum

__all__ = ["Curve", "Measurement", "Spectrum", "read", "read_curve"]
