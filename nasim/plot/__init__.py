"""Figures of a cell, one function each: it takes axes (or makes them), returns axes and never shows them.

`curves` is a pandas table with a row a point and the columns "Cycle", "Step" (discharge, charge, rest, hold),
"Time [s]", "Voltage [V]", "Current density [mA.cm-2]" (discharge positive), "Capacity [mAh.cm-2]" (from 0 in every
step) and where there is sulfur "Specific capacity [mAh.g-1]"; species fractions and voltage losses carry their names of
`nasim.nomenclature`.
`summary` has a row a cycle. Columns that a figure can do without may be missing or NaN: without sulfur, capacities are
per area.

Voltages are against what the cell's own anode is; the `attrs` of the table of a `Result` say what that is
("voltage reference"), and the argument `reference` says it for tables of your own.

`published` is a mapping such as `{"reduction_peaks_V": [1.75, 1.05], "discharge_capacity_mAh_g": 1976}`: values to
mark at the rim of the figure. matplotlib is imported only when a figure is drawn.
"""

from .balances import LOSS, ledger, limits, losses
from .curve_table import AREAL, CURRENT, CYCLE, SPECIFIC, STEP
from .cycles import PANELS, cycling, fade, fade_explained, rate
from .half_cycles import cv, dqdv, gcd, species, symmetric, voltage_capacity
from .impedance import DECADE, FLAT, arcs_end, bode, nyquist, spectra
from .in_time import calendar, hold, profile, rest
from .intermittent import pulse_test, titration
from .looks import look
from .measured import curve as measured_curve
from .measured import measured
from .ramps import critical_current, temperatures
from .sketch import LAYERS, cell_sketch
from .style import COLOURS, OHM_CM2, UNITS, formula, voltage_label

__all__ = [
    "AREAL",
    "COLOURS",
    "CURRENT",
    "CYCLE",
    "DECADE",
    "FLAT",
    "LAYERS",
    "LOSS",
    "OHM_CM2",
    "PANELS",
    "SPECIFIC",
    "STEP",
    "UNITS",
    "arcs_end",
    "bode",
    "calendar",
    "cell_sketch",
    "critical_current",
    "cv",
    "cycling",
    "dqdv",
    "fade",
    "fade_explained",
    "formula",
    "gcd",
    "hold",
    "ledger",
    "limits",
    "look",
    "losses",
    "measured",
    "measured_curve",
    "nyquist",
    "profile",
    "pulse_test",
    "rate",
    "rest",
    "species",
    "spectra",
    "symmetric",
    "temperatures",
    "titration",
    "voltage_capacity",
    "voltage_label",
]
