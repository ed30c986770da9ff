"""Soft short: when it grows and heals, the published order of pressures, bridges by seed, and no short at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.alloy_contact import contact_fraction
from nasim.submodels.arrhenius import arrhenius, conductivity
from nasim.submodels.soft_short import (
    PLATING_CURRENT_FLOOR,
    IntrinsicLeak,
    NoShort,
    RandomBridges,
    SoftShort,
    growth_rate,
    plating_current,
    pressure_drive,
    steady,
)

P0 = 35e6
WORST = 2 * P0
G0 = 2.5e-4
currents = st.floats(-20, 20)


def drive_at(P):
    return pressure_drive(contact_fraction(P, P0), P, P0)


def around(i, P=WORST, a=None, T=298.15):
    a = contact_fraction(P, P0) if a is None else a
    contact = {side.contact_fraction: a for side in (nm.NEGATIVE, nm.POSITIVE)}
    return contact | {nm.CELL_CURRENT: i, nm.STACK_PRESSURE: P, nm.INTRINSIC_LEAK: G0, nm.TEMPERATURE: T}


def test_units(quantity):
    assert pressure_drive(0.5, quantity(62.5, "MPa"), quantity(35e6, "Pa")).check("")
    rate = growth_rate(0.1, 2.0, quantity(1.0, "mS/cm**2"), quantity(10.0, "S/m**2"), quantity(20.0, "hour"))
    assert rate.check("1/s")


@given(currents)
def test_only_a_current_into_the_alloy_plates(i):
    assert 0 <= plating_current(i) <= max(0.0, -i) + PLATING_CURRENT_FLOOR
    assert plating_current(-i) - plating_current(i) == pytest.approx(i, abs=1e-12)


@given(st.floats(1e5, 1e9))
def test_the_worst_pressure_is_twice_the_scale(P):
    assert 0 <= drive_at(P) <= drive_at(WORST) * (1 + 1e-12)
    assert drive_at(WORST) == pytest.approx(1.0)


def test_pressures_are_ordered_as_published():
    """Shorts within 100 cycles at 62.5 MPa, later at 125 MPa, none at 20 and 250 MPa."""
    at = {P: drive_at(1e6 * P) for P in (20, 62.5, 125, 250)}
    assert at[62.5] > at[125] > at[20] > at[250]


@given(st.floats(0, 10), st.floats(0, 5), st.floats(0, 1))
def test_a_leak_heals_back_to_the_intact_electrolyte_and_has_a_largest_value(g, drive, G):
    assert growth_rate(g, 0.0, G, 1.0, 1e5) <= 0
    assert growth_rate(0.0, 0.0, G, 1.0, 1e5) == 0
    assert growth_rate(g, drive, 1.0, 1.0, 1e5) <= 0
    assert growth_rate(g, drive, G, 1.0, 1e5) >= growth_rate(g, drive, 1.0, 1.0, 1e5)


def healing(alone, rtol=1e-10, atol=1e-14):
    """g while sodium is stripped, from 3: e^g - 1 decays as exp(-t/tau)."""
    short = SoftShort()
    cell = alone(short, around(1e6), {nm.SHORT_HEALING: 1e4, nm.SHORT_CURRENT: 1e6})
    cell.mechanism.initial_conditions[cell.symbols[nm.BRIDGE_GROWTH]] = 3.0
    t = np.linspace(0, 3e4, 7)
    (g,) = cell.solve(t, nm.BRIDGE_GROWTH, rtol=rtol, atol=atol)
    return g, np.log(1 + (np.e**3 - 1) * np.exp(-t / 1e4))


def test_healing_in_closed_form(alone):
    found, expected = healing(alone)
    np.testing.assert_allclose(found, expected, rtol=1e-7)


def test_the_error_of_the_integrator_falls_with_its_tolerance(alone, order):
    tolerances = [1e-4, 1e-6, 1e-8]
    errors = [abs(np.subtract(*healing(alone, tolerance, 1e-2 * tolerance))).max() for tolerance in tolerances]
    assert 0.7 < order(tolerances, errors) < 1.2


def test_at_the_critical_current_growth_meets_healing(alone):
    """Far below the limit dg/dt = (i/i_crit - 1 + e^-g)/tau: below i_crit g ends where e^-g = 1 - i/i_crit."""
    values = {nm.SHORT_CURRENT: 1.0, nm.SHORT_LIMIT: 1e9, nm.SHORT_HEALING: 1e4}
    (below,) = alone(SoftShort(), around(-0.75), values).solve([0, 1e6], nm.BRIDGE_GROWTH)
    (above,) = alone(SoftShort(), around(-1.25), values).solve([0, 1e6], nm.BRIDGE_GROWTH)
    assert below[-1] == pytest.approx(-np.log(0.25), rel=1e-3)
    assert above[-1] == pytest.approx(25, rel=0.1)


def test_filaments_may_start_at_either_side(alone):
    both = SoftShort((nm.NEGATIVE, nm.POSITIVE))
    found = [alone(both, around(i)).solve([0, 1e4], nm.LEAK_CONDUCTANCE)[0][-1] for i in (5.0, -5.0)]
    one_sided = [alone(SoftShort(), around(i)).solve([0, 1e4], nm.LEAK_CONDUCTANCE)[0][-1] for i in (5.0, -5.0)]
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert one_sided[0] < one_sided[1]


def test_plated_charge_is_the_integral(alone):
    (charge,) = alone(SoftShort(), around(-2.0)).solve([0, 1e3], nm.PLATED_CHARGE)
    assert charge[-1] == pytest.approx(1e3 * plating_current(-2.0), rel=1e-9)


def test_a_perfect_contact_leaves_the_intrinsic_leak_and_a_vanishing_one_none(alone):
    (G,) = alone(SoftShort(), around(-5.0, a=1.0)).solve([0, 1e6], nm.LEAK_CONDUCTANCE)
    intact = alone(IntrinsicLeak(), {nm.INTRINSIC_LEAK: G0}).at_start(nm.LEAK_CONDUCTANCE)[0]
    np.testing.assert_allclose(G, intact, rtol=1e-9)
    assert alone(NoShort(), {}).at_start(nm.LEAK_CONDUCTANCE) == [0.0]
    assert alone(SoftShort(), around(-5.0) | {nm.INTRINSIC_LEAK: 0.0}).at_start(nm.LEAK_CONDUCTANCE) == [0.0]


def test_bridges_come_and_go_by_their_seed():
    charge = np.linspace(0, 3e5, 3000)
    first, again, other = RandomBridges(1)(charge), RandomBridges(1)(charge), RandomBridges(2)(charge)
    np.testing.assert_array_equal(first, again)
    assert abs(first - other).max() > 0.1
    spreads = [np.std(RandomBridges(seed, spread=0.4)(charge)) for seed in range(20)]
    assert np.sqrt(np.mean(np.square(spreads))) == pytest.approx(0.4, rel=0.05)
    assert np.all(RandomBridges(1, spread=0.0)(charge) == steady(charge))


def test_the_voltage_of_random_bridges_does_not_depend_on_the_steps_of_the_integrator(alone):
    t = np.linspace(0, 2e4, 50)
    loose, tight = (
        alone(SoftShort(bridges=RandomBridges(4)), around(-1.3)).solve(t, nm.LEAK_CONDUCTANCE, rtol=r, atol=1e-2 * r)[0]
        for r in (1e-5, 1e-9)
    )
    np.testing.assert_allclose(loose, tight, rtol=1e-2)
    assert np.sum(np.diff(np.sign(np.diff(tight))) != 0) > 10


def test_the_record_tells_the_seed():
    assert "seed=4" in repr(SoftShort(bridges=RandomBridges(4))) and "steady" in repr(SoftShort())


def test_warmth_heals_faster_and_raises_the_critical_current(alone):
    """The rate of healing follows its activation energy, the least current that shorts the conductivity."""
    values = {nm.SHORT_HEALING: 1e4, nm.SHORT_CURRENT: 1.0, nm.SHORT_EA: 50e3, nm.SEPARATOR.Ea: 20e3}
    warm = 333.15
    (grown,) = alone(SoftShort(), around(-2.0, T=warm), values).solve([0, 1.0], nm.BRIDGE_GROWTH)
    factor = conductivity(warm, 1.0, 20e3)
    assert grown[-1] == pytest.approx(2.0 / factor / 1e4 * arrhenius(warm, 50e3), rel=5e-3)
    (below,) = alone(SoftShort(), around(-0.9 * factor, T=warm), values).solve([0, 1e6], nm.BRIDGE_GROWTH)
    (above,) = alone(SoftShort(), around(-1.2 * factor, T=warm), values).solve([0, 1e6], nm.BRIDGE_GROWTH)
    assert below[-1] < 5 < above[-1]
