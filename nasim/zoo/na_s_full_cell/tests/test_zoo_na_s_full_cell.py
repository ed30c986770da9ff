"""The charge that passes, with the leak, is the charge that the cathode stores."""

import numpy as np
import pybamm

import nasim
from nasim import nomenclature as nm
from nasim.units import SECONDS_PER_HOUR


def test_charge_is_conserved():
    model = nasim.FullCell()
    values = model.default_parameter_values
    solution = pybamm.Simulation(model, parameter_values=values).solve([0, 3600])

    def change(name):
        return np.ptp(solution[name].entries)

    passed = SECONDS_PER_HOUR * change(nm.CHARGE_PASSED) / values[nm.AREA] + change(nm.LEAK_CHARGE)
    stored = solution[nm.STORED_CHARGE].entries + solution[nm.POSITIVE.double_layer_sodium].entries
    np.testing.assert_allclose(stored[-1] - stored[0], passed, rtol=1e-6)
