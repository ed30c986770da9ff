"""Pure functions on arrays: capacities and their ratios, differential capacity and its peaks."""

from .capacity import (
    areal_capacity,
    charge_over_discharge,
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
from .dqdv import Peaks, dqdv, peaks

__all__ = [
    "Peaks",
    "areal_capacity",
    "charge_over_discharge",
    "discharge_over_charge",
    "dqdv",
    "energy",
    "mean_voltage",
    "peaks",
    "retention",
    "running_charge",
    "specific_capacity",
    "to_C_m2",
    "to_mAh_cm2",
    "to_mAh_g",
]
