"""Capacity of the last discharge: its closed form while a current flows, kept and cleared when it turns round."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.submodels.capacity_counter import RESPONSE_S

TURNS_AT = 600.0


def test_it_counts_a_discharge_keeps_it_through_a_charge_and_begins_again(alone):
    """M = I (t - tau (1 - e^(-t/tau))) / 3600 from zero, and r falls with tau once the current has turned."""
    current = 2.0 - 3.0 * (pybamm.t > TURNS_AT)
    t = np.array([0.0, 5.0, 20.0, 300.0, 599.0, 610.0, 700.0, 1200.0])
    kept, running = alone(nasim.CapacityCounter(), {nm.CURRENT: current}).solve(t, nm.CAPACITY, nm.RUNNING_CAPACITY)
    passed = np.minimum(t, TURNS_AT)
    counted = 2.0 / 3600 * (passed - RESPONSE_S * (1 - np.exp(-passed / RESPONSE_S)))
    np.testing.assert_allclose(kept, counted, rtol=1e-3, atol=1e-9)
    np.testing.assert_allclose(running[:5], 2.0 * t[:5] / 3600, rtol=1e-6, atol=1e-12)
    assert running[5] == pytest.approx(2.0 * TURNS_AT / 3600 * np.exp(-10.0 / RESPONSE_S), rel=0.05)
    assert abs(running[-1]) < 1e-9


def test_a_charge_alone_counts_nothing(alone):
    found = alone(nasim.CapacityCounter(), {nm.CURRENT: -1.0}).solve([0.0, 100.0], nm.CAPACITY, nm.RUNNING_CAPACITY)
    np.testing.assert_array_equal(found, 0.0)
