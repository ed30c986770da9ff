"""Contact of the alloy under pressure: published exponent, limits, and the null contact that it tends to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.alloy_contact import PerfectInterface, PressureInterface, contact_fraction, contact_resistance

SIDE = nm.NEGATIVE
pressures = st.floats(1e5, 1e9)


def test_units(quantity):
    R = contact_resistance(quantity(62.5, "MPa"), quantity(250.0, "MPa"), quantity(5.0, "ohm*cm**2"), 0.5)
    assert R.to("ohm*cm**2").magnitude == pytest.approx(10.0)
    assert contact_fraction(quantity(1.0, "MPa"), quantity(1e6, "Pa")).check("")


@given(pressures, st.floats(1.01, 10))
def test_pressure_improves_contact(P, more):
    assert contact_resistance(more * P, 250e6, 5e-4, 0.5) < contact_resistance(P, 250e6, 5e-4, 0.5)
    assert 0 < contact_fraction(P, 35e6) <= contact_fraction(more * P, 35e6) <= 1


def test_the_resistance_is_a_power_of_the_pressure(alone):
    """Slope of log R against log P over two decades: the published -0.5; and the reference value at 250 MPa."""
    pressures = np.geomspace(5e6, 5e8, 5)
    cells = [alone(PressureInterface(SIDE), {nm.STACK_PRESSURE: float(P)}) for P in [*pressures, 250e6]]
    *R, reference = (cell.at_start(SIDE.contact_resistance)[0] for cell in cells)
    assert np.polyfit(np.log(pressures), np.log(R), 1)[0] == pytest.approx(-0.5, abs=1e-9)
    assert reference == pytest.approx(5e-4)


def test_a_resistance_of_none_and_high_pressure_make_it_perfect(alone):
    names = (SIDE.contact_fraction, SIDE.contact_resistance)
    limit = alone(
        PressureInterface(SIDE), {nm.STACK_PRESSURE: 250e6}, {nm.INTERFACE_RESISTANCE: 0.0, nm.INTERFACE_P0: 1e6}
    )
    assert limit.at_start(*names) == alone(PerfectInterface(SIDE), {}).at_start(*names) == [1.0, 0.0]


def test_it_is_in_series_and_the_perfect_one_is_not():
    assert PressureInterface(nm.POSITIVE).adds == {nm.SERIES_RESISTANCE: (nm.POSITIVE.contact_resistance,)}
    assert PerfectInterface(nm.POSITIVE).adds == {}
