"""Currents, charges and impedances of a table into those of the whole cell, where the table has them per area or mass."""

from nasim.errors import DataFileError

CHARGES = ("charge", "discharge", "capacity", "net capacity")
PARTS = ("real", "imaginary", "minus imaginary", "modulus")


def in_total(path, raw, found, amounts):
    """Table in A, Ah and ohm, the mass and area that hold for it, and notes.

    A table per area without an area is taken as that of a cell of 1 cm2, so that all its amounts per area stay right.

    Raises `DataFileError` for a current per mass without the mass.
    """
    scaled = {name: meaning for name, meaning in found.items() if meaning.per and name in (*CHARGES, *PARTS, "current")}
    if not scaled:
        return raw, amounts, []
    area, mass = amounts["area_cm2"], amounts["active_mass_mg"]
    notes = []
    if area is None and any(meaning.per == "area" for meaning in scaled.values()):
        area = 1.0
        notes.append("amounts are per area and no area was given: taken as a cell of 1 cm2")
    raw = raw.copy(deep=False)
    for name, meaning in scaled.items():
        if meaning.per == "mass" and mass is None:
            if name != "current":
                raw = raw.drop(columns=name)
                continue
            raise DataFileError(f"{path}: the current is per mass ({meaning.header!r}); give active_mass_mg=.")
        factor = (area if meaning.per == "area" else 1e-3 * (mass or 0.0)) or 1.0
        raw[name] = raw[name] / factor if name in PARTS else raw[name] * factor
    return raw, {**amounts, "area_cm2": area}, notes
