"""Conductivity cell: impedance in closed form, no direct current, and the conductivity that comes out."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.parameters import load
from nasim.submodels.arrhenius import conductivity
from nasim.submodels.separator import geometric_capacitance

SETS = ("Yuan2025_blocking_NAS", "Yuan2025_blocking_NPS")
FREQUENCIES = np.geomspace(7e6, 1.0, 15)


def closed_form(values, f, T=298.15):
    """Lead, two arcs in series with the double layers, all beside the electronic leak [Ohm m2]."""
    w, L = 2j * np.pi * f, values[nm.SEPARATOR.thickness]
    R = L / conductivity(T, values[nm.SEPARATOR.conductivity], values[nm.SEPARATOR.Ea])
    share, C_gb = values[nm.GRAIN_BOUNDARY_SHARE], values[nm.GRAIN_BOUNDARY_CAPACITANCE]
    C_b = geometric_capacitance(values[nm.PERMITTIVITY], L)
    ions = values[nm.LEAD_RESISTANCE] + 2 / (w * values[nm.BLOCKING_DOUBLE_LAYER])
    ions = ions + sum(part * R / (1 + w * part * R * C) for part, C in ((1 - share, C_b), (share, C_gb)))
    electronic = conductivity(T, values[nm.SEPARATOR.electronic], values[nm.SEPARATOR.electronic_Ea])
    return 1 / (1 / ions + electronic / L)


def impedance(values, f):
    eis = pybamm.EISSimulation(nasim.BlockingCell().charged(), parameter_values=values, skip_surface_form_check=True)
    return np.asarray(eis.solve(f).impedance) * values[nm.AREA]


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("T", [298.15, 333.15])
def test_the_impedance_is_that_of_the_circuit(name, T):
    values = load(name).to_pybamm()
    values.update({nm.AMBIENT_TEMPERATURE: T})
    np.testing.assert_allclose(impedance(values, FREQUENCIES), closed_form(values, FREQUENCIES, T), rtol=1e-8)


@pytest.mark.parametrize(("name", "published"), list(zip(SETS, (0.9, 0.1), strict=True)))
def test_the_conductivity_comes_out_as_published(name, published):
    """Thickness over the resistance where the spike begins, mS cm-1, within 3 %."""
    values = load(name).to_pybamm()
    (Z,) = impedance(values, np.array([1e4]))
    assert 10 * values[nm.SEPARATOR.thickness] / Z.real == pytest.approx(published, rel=0.03)


def direct_current(model, hours=200.0, voltage=0.1):
    """Current density [A m-2] that is left after waiting at 0.1 V, and the values of the set."""
    values = load(SETS[0]).to_pybamm()
    stepper = Stepper(model, values, solver=model.default_solver)
    end = stepper.run(Step("hold", hours * 3600, voltage=voltage))
    return stepper.observe([nm.CURRENT_DENSITY], end.t[-1:], end.y[:, -1:], end.inputs)[0, 0], values


def test_a_direct_current_is_electronic():
    """The ions are blocked: the current that stays is that of the electrons, -sigma_e V/L (discharge positive)."""
    i, values = direct_current(nasim.BlockingCell())
    assert i == pytest.approx(-0.1 * values[nm.SEPARATOR.electronic] / values[nm.SEPARATOR.thickness], rel=1e-3)


def test_without_a_leak_no_direct_current_passes():
    i, _ = direct_current(nasim.BlockingCell(short=nasim.NoShort()))
    assert i == pytest.approx(0.0, abs=1e-9)


def test_rest_stays_at_rest():
    values = load(SETS[0]).to_pybamm()
    solution = pybamm.Simulation(nasim.BlockingCell(), parameter_values=values).solve([0, 3600.0])
    np.testing.assert_allclose(solution[nm.VOLTAGE].entries, 0.0, atol=1e-12)
