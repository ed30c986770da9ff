"""The sheet of a cell: thicknesses, masses, volume fractions and ratios that follow from a parameter set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .. import nomenclature as nm
from ..units import CM2_PER_M2, SECONDS_PER_HOUR, to_mA_cm2, to_mAh_cm2
from .design import FARADAY, MG_CM2, PARTS, filling, porosity_of, sulfur_charge
from .interphases import at_the_anode
from .parameter_set import ParameterSet

UNKNOWN = float("nan")
"""What follows of a density that no source gives."""
PRESSED = 0.9
"""Density of a pressed electrolyte over that of the dense solid."""
J_PER_WH = 3600.0
MICRO = 1e-6
RUNS_LOW = 0.8
"""Share of the sodium in the anode from which on it is told what takes it."""
NAMES = ("sulfur", "carbon", "electrolyte")
"""Parts of the composite, in the order of `PARTS`."""


@dataclass(frozen=True)
class CellSheet:
    """What a full cell consists of, collectors left out.

    Attributes
    ----------
    name : str
        Of the parameter set.
    quantities : dict
        Python name with its unit -> number, NaN where the density of a material is not known.
    remarks : tuple of str
        What a builder should know: a composite that does not percolate, a value far from the set's.
    """

    name: str
    quantities: dict[str, float]
    remarks: tuple[str, ...]

    def energy(self, areal_mWh_cm2: float) -> dict[str, float]:
        """Return energy per mass [Wh kg-1] and per volume [Wh L-1] of cathode, electrolyte and anode, from one per area."""
        joules = float(areal_mWh_cm2) * 1e-3 * J_PER_WH * CM2_PER_M2
        mass, thickness = MG_CM2 * self.quantities["stack_mass_mg_cm2"], MICRO * self.quantities["stack_thickness_um"]
        return {"energy_Wh_kg": joules / J_PER_WH / mass, "energy_Wh_L": joules / J_PER_WH / thickness / 1e3}


def cell_sheet(parameters: Any) -> CellSheet:
    """Work out the sheet of a full cell.

    Parameters
    ----------
    parameters : str, path or ParameterSet
        Name or file of a set, or the set itself.

    Returns
    -------
    CellSheet

    Raises
    ------
    ParameterSetError, UnknownNameError
        There is no such set, or it lacks a value.

    Examples
    --------
    >>> import nasim
    >>> round(nasim.cell_sheet("Yuan2025_NAS").quantities["sulfur_loading_mg_cm2"], 3)
    0.489
    """
    from .loading import as_set

    base = as_set(parameters, who="cell_sheet")
    value, area = base.value, base.value(nm.AREA)
    composite, thickness = value(nm.COMPOSITE_MASS) / area, value(nm.CATHODE_THICKNESS)
    sheet = {
        f"{part}_loading_mg_cm2": composite * value(share) / MG_CM2
        for part, (share, _) in zip(NAMES, PARTS, strict=True)
    }
    sheet |= {
        f"{part}_volume_fraction": composite * value(share) / value(density) / thickness
        for part, (share, density) in zip(NAMES, PARTS, strict=True)
    }
    sheet["pore_volume_fraction"] = porosity_of(base)
    sheet["pressed_density_g_cm3"] = composite / thickness / 1e3
    capacity = sulfur_charge(composite * value(nm.SULFUR_MASS_FRACTION), value(nm.SULFUR_MOLAR_MASS))
    one_C = SECONDS_PER_HOUR * value(nm.NOMINAL_CAPACITY) / area
    sheet |= {"sulfur_capacity_mAh_cm2": to_mAh_cm2(capacity), "one_C_mA_cm2": to_mA_cm2(one_C / SECONDS_PER_HOUR)}
    sheet["n_to_p"] = value(nm.ALLOY_CAPACITY) * filling(base) / one_C
    sheet |= _layers(base, composite, thickness)
    return CellSheet(base.name, sheet, tuple(_remarks(base, sheet)))


def _layers(base, composite, thickness):
    """Thickness [um] and mass [mg cm-2] of each layer and of all."""
    value, electrolyte, anode = base.value, base.electrolyte, base.anode
    layers = [value(f"{name.capitalize()} thickness [m]") for name in base.cell.separator]
    moles = value(nm.ALLOY_CAPACITY) * filling(base) / FARADAY / ions(anode.formula, anode.ion)
    masses = {
        "cathode": composite,
        "separator": sum(layers) * PRESSED * (electrolyte.density or UNKNOWN),
        "anode": moles * anode.molar_mass,
    }
    lengths = {"cathode": thickness, "separator": sum(layers)}
    lengths["anode"] = masses["anode"] / (anode.density or UNKNOWN)
    out = {f"{name}_thickness_um": length / MICRO for name, length in lengths.items()}
    out |= {f"{name}_mass_mg_cm2": mass / MG_CM2 for name, mass in masses.items()}
    return out | {
        "stack_thickness_um": sum(lengths.values()) / MICRO,
        "stack_mass_mg_cm2": sum(masses.values()) / MG_CM2,
    }


def ions(formula: str, ion: str) -> float:
    """Return how many of its mobile ions a formula unit holds.

    >>> ions("Na15Sn4", "Na+"), ions("Na", "Na+"), ions("Na2.88Sb0.88W0.12S4", "Na+")
    (15.0, 1.0, 2.88)
    """
    found = re.findall(rf"{ion.rstrip('+')}(?![a-z])(\d+(?:\.\d+)?)?", formula)
    return sum(float(number or 1) for number in found)


def _remarks(base: ParameterSet, sheet):
    value = base.value
    for material, missing in ((base.electrolyte, "Wh kg-1"), (base.anode, "Wh L-1")):
        if not material.density:
            yield f"no density of {material} is known, and so no {missing}; `density` of the material states one"
    for part, threshold, what in (
        ("electrolyte", nm.ION_THRESHOLD, "ions"),
        ("carbon", nm.ELECTRON_THRESHOLD, "electrons"),
    ):
        share, least = sheet[f"{part}_volume_fraction"], value(threshold)
        if share < least:
            yield (
                f"{part} is {100 * share:.3g} % of the volume of the cathode, below the {100 * least:.3g} % at which it hangs "
                f"together: {what} reach next to nothing"
            )
        elif share < 1.25 * least:
            yield (
                f"{part} is {100 * share:.3g} % of the volume of the cathode, close to the {100 * least:.3g} % below which it "
                f"does not hang together"
            )
    if sheet["n_to_p"] < 1.1:
        yield f"N/P is {sheet['n_to_p']:.3g}: the anode holds less sodium than sulfur and electrolyte can take up"
    yield from _sodium(base, sheet)
    if sheet["cathode_thickness_um"] > 50:
        yield (
            f"the cathode is {sheet['cathode_thickness_um']:.3g} um thick: conduction across it counts, which "
            f"nasim.PorousCathode() resolves and the default cathode does not"
        )
    yield from base.outside_ranges()


def _sodium(base: ParameterSet, sheet):
    """What cathode and interphase take of the sodium in the anode, where that is most of it."""
    value, chains = base.value, base.cell.chains
    held = to_mAh_cm2(value(nm.ALLOY_CAPACITY) * filling(base))
    taken = sheet["sulfur_capacity_mAh_cm2"]
    if nm.SB_S.name in chains:
        moles = MG_CM2 * sheet["electrolyte_loading_mg_cm2"] / base.catholyte.molar_mass
        taken += to_mAh_cm2(FARADAY * moles * (value(nm.SB_S.n(1)) + value(nm.SB_S.n(2))))
    grows = at_the_anode(base) == "growing"
    thickest = value(nm.INTERPHASE_FINAL) + value(nm.CYCLED_FINAL)
    bound = to_mAh_cm2(value(nm.INTERPHASE_CHARGE_DENSITY) * thickest) if grows else 0.0
    if taken + bound > RUNS_LOW * held:
        yield (
            f"of the {held:.3g} mAh cm-2 of sodium in the anode the cathode can take up {taken:.3g} and the interphase bind {bound:.3g}: "
            f"the anode runs low"
        )
