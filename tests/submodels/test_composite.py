"""Composition of the cathode: volume fractions, percolation, and that no electrolyte or no carbon leaves nothing connected."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.composite import (
    CAP_WIDTH,
    THRESHOLD_WIDTH,
    capped,
    carbon_fraction,
    cluster,
    electrolyte_fraction,
    reached_share,
    relative_contact_area,
    volume_fraction,
)

fractions = st.floats(0.0, 1.0)
thresholds = st.floats(0.05, 0.5)


def value(symbol, values=()):
    found = load("Yuan2025_NAS").to_pybamm()
    found.update(dict(values))
    return float(found.process_symbol(pybamm.convert_to_symbol(symbol)).evaluate())


def reached(loss=0.0, **values):
    return value(reached_share(loss), {getattr(nm, name): number for name, number in values.items()})


def test_units(quantity):
    phi = volume_fraction(
        quantity(3.2, "mg"),
        0.8,
        quantity(2.87, "g/cm**3"),
        quantity(0.7854, "cm**2"),
        quantity(18.1, "um"),
    )
    assert phi.to("").magnitude == pytest.approx(0.627, abs=1e-3)


@given(fractions, st.floats(0, 0.3), thresholds, st.floats(0.2, 2.0))
def test_more_of_a_phase_hangs_together_more(phi, more, threshold, exponent):
    assert 0 <= cluster(phi, threshold, exponent) <= cluster(phi + more, threshold, exponent) * (1 + 1e-12)


@given(thresholds, st.floats(0.2, 2.0))
def test_a_phase_that_is_all_there_is_one_cluster(threshold, exponent):
    assert cluster(1.0, threshold, exponent) == pytest.approx(1.0, rel=1e-9)
    assert cluster(0.0, threshold, exponent) < (2 * THRESHOLD_WIDTH) ** exponent


def test_the_strength_of_the_cluster_has_its_exponent_above_the_threshold(order):
    """beta = 0.41 in three dimensions (Stauffer and Aharony), far enough above for the smoothing not to count."""
    phi = 0.16 + np.geomspace(0.05, 0.5, 5)
    assert order(phi - 0.16, cluster(phi, 0.16, 0.41)) == pytest.approx(0.41, abs=1e-3)


@given(st.floats(-1, 3), st.floats(0, 1))
def test_a_share_is_at_most_one(share, more):
    assert capped(share) <= min(share, 1.0) + 1e-12
    assert capped(share) >= min(share, 1.0) - CAP_WIDTH
    assert capped(share + more) >= capped(share) - 1e-12


# --- of a cell --------------------------------------------------------------------------------------------------------


def test_all_is_reached_in_the_reference_composite():
    assert reached() == pytest.approx(1.0, abs=2 * CAP_WIDTH)
    assert value(relative_contact_area()) == pytest.approx(1.0, rel=0.01)


def test_volume_fractions_are_those_of_what_was_weighed():
    """Electrolyte, carbon and sulfur fill the pellet but for its pores: no more than all, and most of it."""
    electrolyte, carbon = value(electrolyte_fraction()), value(carbon_fraction())
    assert electrolyte > 0.4 and 0 < carbon < 0.2
    assert electrolyte + carbon < 1
    twice = {nm.COMPOSITE_MASS: 2 * load("Yuan2025_NAS").value(nm.COMPOSITE_MASS)}
    assert value(electrolyte_fraction(), twice) == pytest.approx(2 * electrolyte, rel=1e-12)


@pytest.mark.parametrize("name", ["CATHOLYTE_MASS_FRACTION", "CARBON_MASS_FRACTION"])
def test_less_of_a_conductor_never_reaches_more(name):
    full = load("Yuan2025_NAS").value(getattr(nm, name))
    shares = [reached(**{name: part * full}) for part in (1.0, 0.6, 0.4, 0.25, 0.1, 0.0)]
    assert np.all(np.diff(shares) <= 0)


def test_without_carbon_or_electrolyte_little_is_connected():
    assert reached(CARBON_MASS_FRACTION=0.0) < 0.05
    assert reached(CATHOLYTE_MASS_FRACTION=0.0) < 0.05


def test_broken_contacts_cost_more_near_the_threshold():
    """The same loss in a composite with half its electrolyte takes a larger share of what is reached."""
    half = load("Yuan2025_NAS").value(nm.CATHOLYTE_MASS_FRACTION) / 2
    dear = reached(0.2, CATHOLYTE_MASS_FRACTION=half) / reached(CATHOLYTE_MASS_FRACTION=half)
    cheap = reached(0.2) / reached()
    assert dear < cheap < 1
    shares = [reached(loss) for loss in np.linspace(0, 1, 11)]
    assert np.all(np.diff(shares) < 0) and shares[-1] < 0.1
