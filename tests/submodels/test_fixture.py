"""Fixture: the pressure between fixed plates, its limits, and the cell that feels it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nasim
from nasim import nomenclature as nm
from nasim.parameters import load
from nasim.submodels.fixture import LEAST_PRESSURE, held_pressure, length_change

FULL_CHARGE = 0.966 * 36.0
"""0.966 mAh cm-2 in C m-2, per thousand."""


def fixed_gap(alone, charge, **values):
    """Pressure [Pa] and growth [m] after a charge [C m-2]."""
    area = load("Yuan2025_NAS").value(nm.AREA)
    passed = {nm.CHARGE_PASSED: charge * area / 3600, nm.LEAK_CHARGE: 0.0, nm.EXPANSION: 1.33e-5 - 1.85e-5}
    return alone(nasim.FixedGap(), passed, values).at_start(nm.STACK_PRESSURE, nm.GROWTH)


def test_dimensions(quantity):
    growth = length_change(1.0, quantity(13.3, "cm**3/mol") - quantity(18.5, "cm**3/mol"))
    assert growth.check("[volume]/[substance]")
    assert held_pressure(75e6, 2e12, -1e-6) == pytest.approx(73e6)


def test_a_discharge_shortens_the_stack(alone):
    pressure, growth = fixed_gap(alone, 1e3 * FULL_CHARGE, **{nm.FIXTURE_STIFFNESS: 1e12})
    assert growth == pytest.approx(4.79e-6 - 6.67e-6, abs=2e-8)
    assert pressure == pytest.approx(250e6 + 1e12 * growth)


def test_leaked_charge_counts(alone):
    area = load("Yuan2025_NAS").value(nm.AREA)
    mixed = {nm.CHARGE_PASSED: 600.0 * area / 3600, nm.LEAK_CHARGE: 400.0, nm.EXPANSION: 1.33e-5 - 1.85e-5}
    assert alone(nasim.FixedGap(), mixed).at_start(nm.GROWTH)[0] == pytest.approx(fixed_gap(alone, 1000.0)[1])


def test_it_starts_at_the_applied_pressure(alone):
    assert fixed_gap(alone, 0.0) == [250e6, 0.0]


@given(st.floats(1e5, 1e9), st.floats(0, 2e12), st.floats(-1e-4, 1e-4))
def test_plates_push_and_never_pull(applied, stiffness, growth):
    pressure = held_pressure(applied, stiffness, growth)
    assert pressure >= LEAST_PRESSURE
    assert pressure >= applied + stiffness * growth
    assert held_pressure(applied, stiffness, growth + 1e-6) >= pressure


def test_soft_plates_are_constant_pressure():
    run = nasim.GCD(current_mA_cm2=0.4, cycles=1).run
    constant = run(nasim.FullCell(), stack_pressure_MPa=20.0).curve(1)
    soft = run(nasim.FullCell(fixture=nasim.FixedGap()), stack_pressure_MPa=20.0, overrides={nm.FIXTURE_STIFFNESS: 0.0})
    assert np.ptp(soft.curve(1)[nm.STACK_PRESSURE]) < 1e-6
    assert soft.curve(1)["Capacity [mAh.cm-2]"].max() == pytest.approx(constant["Capacity [mAh.cm-2]"].max(), rel=1e-4)


def test_pressure_follows_the_state_of_charge():
    overrides = {nm.FIXTURE_STIFFNESS: 2e12}
    result = nasim.GCD(cycles=1).run(nasim.FullCell(fixture=nasim.FixedGap()), overrides=overrides)
    assert max(result.audit().values()) < 1e-9
    curve = result.curve(1)
    pressure, step = curve[nm.STACK_PRESSURE].to_numpy(), curve["Step"].to_numpy()
    assert np.all(np.diff(pressure[step == "discharge"]) <= 0)
    assert np.all(np.diff(pressure[step == "charge"]) >= 0)
    passed = curve.loc[step == "discharge", "Capacity [mAh.cm-2]"].max()
    assert pressure.max() - pressure.min() == pytest.approx(2e12 * 1.87e-6 * passed / 0.966, rel=0.01)


def test_between_two_alloys_a_fixed_gap_keeps_its_pressure():
    """What one side shrinks the other grows; the two halves of a cycle stay mirror images."""
    stiff = {nm.FIXTURE_STIFFNESS: 2e12}
    protocol = nasim.SymmetricCycling(hours=4)
    curve = protocol.run(nasim.SymmetricCell(fixture=nasim.FixedGap()), stack_pressure_MPa=20.0, overrides=stiff).curves
    np.testing.assert_allclose(curve[nm.STACK_PRESSURE], 20e6, rtol=1e-3)
    plain = protocol.run(nasim.SymmetricCell(), stack_pressure_MPa=20.0).curves
    np.testing.assert_allclose(curve[nm.VOLTAGE].iloc[-1], plain[nm.VOLTAGE].iloc[-1], rtol=1e-3)


@pytest.mark.parametrize("cathode", [nasim.LumpedCathode, lambda: nasim.PorousCathode(points=4)])
def test_a_full_discharge_lowers_the_pressure_between_plates(cathode):
    stiff = {nm.FIXTURE_STIFFNESS: 2e12}
    curve = nasim.GCD().run(nasim.FullCell(cathode=cathode(), fixture=nasim.FixedGap()), overrides=stiff).curve(1)
    discharge = curve[curve["Step"] == "discharge"]
    passed = 36.0 * discharge["Capacity [mAh.cm-2]"].iloc[-1] * 1e3 / 96485
    fall = discharge[nm.STACK_PRESSURE].iloc[0] - discharge[nm.STACK_PRESSURE].iloc[-1]
    assert fall == pytest.approx(2e12 * (1.85e-5 - 1.33e-5) * passed, rel=1e-3)
