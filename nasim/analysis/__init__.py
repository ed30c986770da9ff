"""Pure functions on arrays: capacities, differential capacity, voltammograms and impedance spectra."""

from .capacity import (
    areal_capacity,
    charge_over_discharge,
    cut_at_zeros,
    discharge_over_charge,
    energy,
    mean_voltage,
    retention,
    running_charge,
    specific_capacity,
    to_C_m2,
    to_mAh_cm2,
    to_mAh_g,
)
from .circuit_fit import CircuitFit, fit_circuit
from .circuits import Circuit
from .dqdv import Peaks, dqdv, peaks
from .impedance import blocked_resistance, kramers_kronig
from .relaxation import relaxation_times
from .voltammetry import sweep_peaks

__all__ = [
    "Circuit",
    "CircuitFit",
    "Peaks",
    "areal_capacity",
    "blocked_resistance",
    "charge_over_discharge",
    "cut_at_zeros",
    "discharge_over_charge",
    "dqdv",
    "energy",
    "fit_circuit",
    "kramers_kronig",
    "mean_voltage",
    "peaks",
    "relaxation_times",
    "retention",
    "running_charge",
    "specific_capacity",
    "sweep_peaks",
    "to_C_m2",
    "to_mAh_cm2",
    "to_mAh_g",
]
