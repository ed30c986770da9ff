"""A fresh cell behind blocking electrodes is a resistance: twice the current, twice the voltage."""

import pybamm
import pytest

import nasim


def voltage(current_A):
    model = nasim.BlockingCell()
    values = model.default_parameter_values
    values["Current function [A]"] = current_A
    return pybamm.Simulation(model, parameter_values=values).solve([0, 1e-3])["Voltage [V]"](0.0)


def test_voltage_goes_with_the_current():
    assert voltage(2e-6) == pytest.approx(2 * voltage(1e-6), rel=1e-6)
    assert voltage(1e-6) != 0.0
