"""What the drawing of a cell on the page is made from: numbers of the curve, place by place along one cycle."""

from typing import TYPE_CHECKING, Any

import numpy as np

from .. import nomenclature as nm
from ..nomenclature import columns as col
from ..plot.colours import LAYERS, SPECIES
from ..plot.curve_table import along, column, has
from ..units import to_A_m2

if TYPE_CHECKING:
    from ..results.result import Result

PLACES, CM2_PER_M2 = 240, 1e4
THICKEST_OHM_CM2 = 100.0
"""Resistance at which the drawn interphase is as thick as the drawing has room for, where the run stays below."""


def places(name: str, result: "Result", cycle: int, unit: str) -> dict[str, Any]:
    """Return the numbers of a drawing, JSON-able.

    Parameters
    ----------
    name : str
        What the cell is called.
    result : Result
    cycle : int
        A kept cycle.
    unit : str
        Column of capacity, of those in `nasim.nomenclature.columns`.

    Returns
    -------
    dict
        "x" running capacity, "V", "step", "sodium" share of the anode's, "interphase" [Ohm cm2], "leak" share of the
        current, "connected" share, "sulfur" and "sb_s" fractions by species; names and colours.
    """
    curves = result.curves if unit == col.SPECIFIC else result.curves.drop(columns=[col.SPECIFIC], errors="ignore")
    part, running, _ = along(curves, cycle)
    kept = np.unique(np.searchsorted(running, np.linspace(0, running[-1], PLACES)).clip(0, len(running) - 1))
    part, running = part.iloc[kept], running[kept]

    def of(key, usual=0.0):
        return column(part, key).astype(float) if has(part, key) else np.full(len(part), usual)

    sodium = of(nm.NEGATIVE.sodium_content, 1.0)
    interphase = CM2_PER_M2 * of(nm.NEGATIVE.interphase_resistance)
    current = np.maximum(np.abs(to_A_m2(of(col.CURRENT))), 1e-9)
    chains = {key: _fractions(part, chain) for key, chain in (("sulfur", nm.SULFUR), ("sb_s", nm.SB_S))}
    sulfur, sb_s = chains["sulfur"], chains["sb_s"]
    ion = result.record.get("ion", "Na+").rstrip("+")
    names = [*nm.SULFUR.species] * bool(sulfur) + [*nm.SB_S.species] * bool(sb_s)
    return {
        "name": name,
        "cycle": int(cycle),
        "unit": "mAh per gram of sulfur" if unit == col.SPECIFIC else "mAh per square centimetre",
        "x": _short(running),
        "V": _short(of(nm.VOLTAGE)),
        "step": column(part, col.STEP).tolist(),
        "sodium": _short(sodium / max(float(sodium.max()), 1e-9)),
        "interphase": _short(interphase),
        "thickest": max(THICKEST_OHM_CM2, float(interphase.max())),
        "leak": _short(np.abs(of(nm.LEAK_CURRENT)) / current),
        "connected": _short(of(nm.CONNECTED, 1.0)),
        "species": [each.replace("Na", ion).replace("-", " + ") for each in names],
        "colours": [SPECIES[each] for each in nm.SULFUR.species],
        "matrix": [SPECIES[each] for each in nm.SB_S.species],
        "layers": LAYERS,
    } | {key: [_short(values) for values in found] for key, found in chains.items()}


def _fractions(part, chain):
    names = [chain.fraction(k) for k in range(len(chain.species))]
    return [column(part, name) for name in names] if all(has(part, name) for name in names) else []


def _short(values):
    return [float(f"{value:.5g}") for value in np.nan_to_num(np.asarray(values, dtype=float))]
