"""Sulfur: potentials of calorimetry, volume, and a hysteresis that rest does not undo."""

import numpy as np
import pytest

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.kinetics import ATMOSPHERE
from nasim.submodels.sulfur_conversion import SulfurConversion

N = nm.SULFUR
OPEN = {nm.LAYER_CURRENT: 1e30, nm.APPLIED_PRESSURE: ATMOSPHERE}
"""Nothing limits by transport."""


def test_both_steps_together_have_the_potential_of_calorimetry():
    """Na2S against S and Na: 1.854 V, whatever the split (J. Chem. Thermodyn. 39 (2007) 44)."""
    values = load("Yuan2025_NAS")
    assert (values.value(N.U(1)) + values.value(N.U(2))) / 2 == pytest.approx(1.854, abs=0.005)
    assert values.value(N.U(1)) > values.value(N.U(2))


def test_sodiation_takes_the_volume_of_the_products():
    """15.5 cm3 of sulfur (2.07 g cm-3) become 42.1 cm3 of Na2S (1.856 g cm-3, CRC Handbook) with two electrons."""
    gained = (78.05 / 1.856 - 32.06 / 2.07) * 1e-6 / 2
    assert load("Yuan2025_NAS").value(nm.MOLAR_EXPANSION) == pytest.approx(gained, rel=0.01)


def test_a_full_discharge_takes_two_electrons(alone, surroundings, whole):
    values = OPEN | {nm.INITIAL_POTENTIAL: 2.6, nm.NUCLEATION_BARRIER: 1.0}
    stored, q, full = alone(whole(SulfurConversion()), surroundings(0.7), values).solve(
        [0, 3.6e6], N.stored_charge, N.capacity, N.fraction(2), rtol=1e-8
    )
    assert full[-1] == pytest.approx(1, abs=1e-6)
    assert stored[-1] - stored[0] == pytest.approx(2 * q[0], rel=1e-6)


def half_way(alone, surroundings, whole, potential, hours=100):
    """Amounts of Na2S2 and Na2S at the start and after long at a potential; both are there at the start."""
    values = OPEN | {nm.INITIAL_POTENTIAL: load("Yuan2025_NAS").value(N.U(2)), N.i0(N.steps[0]): 1e-30}
    cell = alone(whole(SulfurConversion()), surroundings(potential), values)
    return cell.solve(np.array([0.0, 3600 * hours]), N.fraction(1), N.fraction(2), rtol=1e-8)


def test_within_the_hysteresis_nothing_moves_and_beyond_it_all_does(alone, surroundings, whole):
    """Half Na2S2, half Na2S: a small drive to reduction nucleates nothing in 100 h, a small one to oxidation dissolves."""
    U = load("Yuan2025_NAS").value(N.U(2))
    _, kept = half_way(alone, surroundings, whole, U - 0.1)
    _, dissolved = half_way(alone, surroundings, whole, U + 0.1)
    _, grown = half_way(alone, surroundings, whole, 0.7)
    assert kept[0] == pytest.approx(0.5, abs=0.01)
    assert kept[-1] == pytest.approx(kept[0], abs=1e-9)
    assert dissolved[-1] < 0.01 < 0.5 < grown[-1]


def test_without_a_barrier_there_is_no_hysteresis_to_speak_of(alone, surroundings, whole):
    """The limit of B = 0: a drive of 100 mV is enough."""
    values = OPEN | {nm.INITIAL_POTENTIAL: load("Yuan2025_NAS").value(N.U(2)), N.i0(N.steps[0]): 1e-30}
    values |= {nm.NUCLEATION_BARRIER: 0.0}
    cell = alone(whole(SulfurConversion()), surroundings(values[nm.INITIAL_POTENTIAL] - 0.1), values)
    (grown,) = cell.solve(np.array([0.0, 3.6e5]), N.fraction(2), rtol=1e-8)
    assert grown[-1] > 0.98
