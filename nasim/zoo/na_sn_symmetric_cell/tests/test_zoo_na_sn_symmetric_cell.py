"""Two equal alloys at rest have no voltage."""

import numpy as np
import pybamm

import nasim


def test_there_is_no_voltage_at_rest():
    model = nasim.SymmetricCell()
    values = model.default_parameter_values
    values["Current function [A]"] = 0.0
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 3600])
    np.testing.assert_allclose(solution["Voltage [V]"].entries, 0.0, atol=1e-9)
