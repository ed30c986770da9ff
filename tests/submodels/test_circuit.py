"""Circuit: voltage and current are inverse, the leak, the counters, the losses over resistances, both controls."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.circuit import (
    Circuit,
    ProtocolControl,
    SeriesLosses,
    current_at_power,
    current_at_voltage,
    voltage,
)

volts = st.floats(0.1, 4.0)
resistances = st.floats(1e-5, 1.0)
leaks = st.floats(0.0, 100.0)
currents = st.floats(-100.0, 100.0)


def test_units(quantity):
    E, R, G = quantity(2.0, "V"), quantity(44.0, "ohm*cm**2"), quantity(0.1, "S/m**2")
    V = voltage(E, R, G, quantity(0.127, "mA/cm**2"))
    assert V.check("V")
    assert current_at_voltage(V, E, R, G).to("mA/cm**2").magnitude == pytest.approx(0.127, rel=1e-9)


@given(volts, resistances, leaks, currents)
def test_current_at_voltage_is_the_inverse_of_voltage(E, R, G, i):
    V = voltage(E, R, G, i)
    assert current_at_voltage(V, E, R, G) == pytest.approx(i, abs=1e-9 * (abs(i) + (E + abs(V) * (1 + R * G)) / R))


@given(volts, resistances, leaks, st.floats(-1.0, 0.99))
def test_the_current_at_a_power_gives_it(E, R, G, share):
    most = E**2 / (4 * R * (1 + R * G))
    i = current_at_power(share * most, E, R, G)
    assert i * voltage(E, R, G, i) == pytest.approx(share * most, rel=1e-9, abs=1e-12 * most)
    assert voltage(E, R, G, current_at_power(3 * most, E, R, G)) < E / (1 + R * G) / 2


@given(volts, resistances, leaks, currents, st.floats(0.01, 10))
def test_discharge_and_leak_lower_the_voltage(E, R, G, i, more):
    assert voltage(E, R, G, i + more) < voltage(E, R, G, i)
    assert voltage(E, R, G + more, 0.0) < voltage(E, R, G, 0.0) <= E
    assert voltage(E, R, 0.0, i) == E - R * i
    assert voltage(E, R, G, 0.0) == pytest.approx(E / (1 + R * G), rel=1e-12)


def around(E=2.0, R=5e-3, G=0.0, i=1.0, area=1e-4):
    """What the circuit needs: an open path of E, resistance R, leak G, external current density i."""
    given = {nm.POSITIVE.terminal: E + 0.1, nm.NEGATIVE.terminal: 0.08, nm.POLARISATION: 0.02, nm.SERIES_RESISTANCE: R}
    leak = G * (E - R * i) / (1 + R * G)
    given |= {nm.LEAK_CONDUCTANCE: G, nm.CURRENT_DENSITY: i, nm.CURRENT: i * area}
    return given | {nm.DRIVEN_CURRENT: 0.0, nm.INTERNAL_CURRENT: leak}


def test_kirchhoff(alone):
    """The cell current is the external current plus the leak, and drops E - V over the resistance."""
    cell = alone(Circuit(), around(G=3.0))
    V, i, leak, power = cell.at_start(nm.VOLTAGE, nm.CELL_CURRENT, nm.LEAK_CURRENT, nm.POWER)
    assert V == pytest.approx(2.0 - 5e-3 * i, rel=1e-12)
    assert i == pytest.approx(1.0 + leak, rel=1e-12)
    assert leak == pytest.approx(3.0 * V, rel=1e-12)
    assert power == pytest.approx(V * 1e-4, rel=1e-12)


def test_what_flows_inside_the_cell_besides_the_leak_counts_like_external_current(alone):
    """2 A m-2 of self-discharge at rest: the voltage of 2 A m-2 drawn, none of it through the leads."""
    inside = around(G=3.0, i=0.0) | {nm.DRIVEN_CURRENT: 2.0}
    V, i, leak, outside = alone(Circuit(), inside).at_start(nm.VOLTAGE, nm.CELL_CURRENT, nm.LEAK_CURRENT, nm.POWER)
    drawn = alone(Circuit(), around(G=3.0, i=2.0)).at_start(nm.VOLTAGE, nm.CELL_CURRENT)
    assert [V, i] == pytest.approx(drawn, rel=1e-12) and outside == 0.0
    assert i == pytest.approx(2.0 + leak, rel=1e-12)


def test_the_counters_are_the_integrals(alone):
    """A current of 2 sin(wt) A m-2: charge, energy and leak in closed form."""
    w, t, G = 2 * np.pi / 3600, np.linspace(0, 3600, 9), 0.5
    cell = alone(Circuit(), around(R=0.01, G=G, i=2.0 * pybamm.sin(w * pybamm.t)))
    charge, energy, leak = cell.solve(t, nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY, nm.LEAK_CHARGE)
    passed, squared = 2.0 * (1 - np.cos(w * t)) / w, 4.0 * (t / 2 - np.sin(2 * w * t) / (4 * w))
    np.testing.assert_allclose(charge, 1e-4 * passed / 3600, atol=1e-11)
    factor = 1 + 0.01 * G
    np.testing.assert_allclose(energy, 1e-4 * (2.0 * passed - 0.01 * squared) / factor / 3600, atol=1e-11)
    np.testing.assert_allclose(leak, G * (2.0 * t - 0.01 * passed) / factor, rtol=1e-8, atol=1e-8)


def test_without_leak_nothing_leaks(alone):
    assert alone(Circuit(), around(G=0.0)).at_start(nm.LEAK_CURRENT) == [0.0]


def test_the_losses_over_the_resistances_add_up(alone):
    given = {nm.CELL_CURRENT: 1.5, nm.SEPARATOR_RESISTANCE: 4e-3, nm.NEGATIVE.interphase_resistance: 1e-3}
    losses = alone(SeriesLosses([nm.SEPARATOR_RESISTANCE, nm.NEGATIVE.interphase_resistance]), given)
    assert sum(losses.at_start(*losses.mechanism.gives)) == pytest.approx(1.5 * 5e-3, rel=1e-12)


STEP = {nm.STEP_CURRENT: 1.3, nm.STEP_VOLTAGE: 1.7, nm.STEP_SLOPE: 1e-3, nm.STEP_POWER: -2.5}


@pytest.mark.parametrize("driven", [0.0, 0.6])
@pytest.mark.parametrize("held", ["current", "voltage", "power"])
def test_a_step_holds_a_current_a_voltage_or_a_power(alone, held, driven):
    given = around(G=0.4) | {nm.DRIVEN_CURRENT: driven}
    cell = alone(ProtocolControl(), {name: given[name] for name in ProtocolControl.needs})
    inputs = STEP | {nm.STEP_IS_VOLTAGE: float(held == "voltage"), nm.STEP_IS_POWER: float(held == "power")}
    found = cell.values.process_symbol(cell.symbols[nm.CURRENT_DENSITY]).evaluate(t=20.0, inputs=inputs)
    i = float(np.squeeze(found))
    V = voltage(2.0, given[nm.SERIES_RESISTANCE], 0.4, i + driven)
    measured = {"current": i, "voltage": V, "power": i * V}[held]
    assert measured == pytest.approx({"current": 1.3, "voltage": 1.72, "power": -2.5}[held], rel=1e-12)
