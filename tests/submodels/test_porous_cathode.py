"""Porous cathode: closed forms, order of convergence, the lumped limit, conservation, PyBaMM's own experiments."""

import numpy as np
import pybamm
import pytest
from scipy.integrate import quad

import nasim
from nasim import nomenclature as nm
from nasim.engine.stepper import Step, Stepper
from nasim.errors import CompositionError
from nasim.models.compose import CellModel
from nasim.parameters import load
from nasim.submodels.circuit import Circuit, CurrentControl
from nasim.submodels.composite import electrolyte_fraction
from nasim.submodels.composite_conduction import ionic_conductivity, mixed, sodiated_share
from nasim.submodels.mechanism import Mechanism
from nasim.submodels.porous_cathode import bulk_resistance, ionic_share, linear_resistance

U, CURRENT = 2.0, 1.5
LINEAR = "Linear reaction current density [A.m-2]"
THRESHOLD = pybamm.Parameter(nm.ION_THRESHOLD)
MIXED_CONDUCTION = (2e-3, 5e-3)
"""Ionic and electronic conductivity [S m-1], both poor."""


class Given(Mechanism):
    """Values in place of the rest of a cell."""

    def __init__(self):
        super().__init__("given")
        self.values = {nm.NEGATIVE.terminal: 0.0, nm.TEMPERATURE: 298.15, nm.CONNECTED: 1.0, nm.LEAK_CONDUCTANCE: 0.0}
        self.gives = tuple(self.values)

    def get_fundamental_variables(self):
        return {name: pybamm.Scalar(value) for name, value in self.values.items()}


class LinearReaction(Mechanism):
    """j = -g (dphi - U) at every point."""

    needs, gives, adds = (nm.POSITIVE.potential,), (LINEAR,), {nm.REACTION_CURRENT: (LINEAR,)}

    def __init__(self, g):
        super().__init__("linear reaction")
        self.g = g

    def get_coupled_variables(self, variables):
        return {LINEAR: -self.g * (variables[nm.POSITIVE.potential] - U)}


class Graded:
    """A catholyte whose sodiated share is a given function of x."""

    needs = ()

    def __init__(self, share):
        self.share_at = share

    def share(self, variables):
        return self.share_at(nasim.PorousCathode.region.coordinate)


def linear_cell(points, g, catholyte=None):
    cathode = nasim.PorousCathode(points, catholyte or nasim.FixedCatholyte(), classes=1)
    return CellModel([cathode, Given(), LinearReaction(g), Circuit(), CurrentControl()], "linear cell")


@pytest.fixture
def values():
    return load("Yuan2025_NAS").to_pybamm()


def conducting(values, kappa, sigma, **more):
    """The values with these conductivities, at equilibrium with the linear reaction at the start."""
    values.update({nm.CATHODE_IONIC: kappa, nm.CATHODE_ELECTRONIC: sigma, nm.INITIAL_POTENTIAL: U} | more)
    return values


def steady(values, model):
    """State of a cell after long at constant current: symbols to numbers."""
    values[nm.CURRENT_FUNCTION] = CURRENT * values[nm.AREA]
    simulation = pybamm.Simulation(model, parameter_values=values, solver=pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-12))
    solution = simulation.solve([0, 100.0])
    return lambda name: np.squeeze(solution[name].data[..., -1])


def discharged(values, cathode, hours=4.0):
    """Voltage of the full cell after a discharge."""
    solver = pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-10)
    simulation = pybamm.Simulation(nasim.FullCell(cathode=cathode), parameter_values=values, solver=solver)
    return float(simulation.solve([0, 3600 * hours])[nm.VOLTAGE].data[-1])


# --- the law of conductivity ------------------------------------------------------------------------------------------


def test_the_share_counts_electrons_of_the_reversible_steps():
    assert sodiated_share([1, 0, 0, 0], 0.4, 0.6) == 0
    assert sodiated_share([0, 1, 0, 0], 0.4, 0.6) == pytest.approx(0.4)
    assert sodiated_share([0, 0, 1, 0], 0.4, 0.6) == 1
    assert sodiated_share([0, 0, 0, 1], 0.4, 0.6) == 0


def test_conductivity_runs_from_desodiated_to_sodiated(quantity):
    kappa = quantity(5e-3, "S/m")
    assert mixed(kappa, 0.05, 1.0) == kappa
    assert mixed(kappa, 0.05, 0.0).to("mS/cm").magnitude == pytest.approx(0.0025)
    assert np.all(np.diff(mixed(5e-3, 0.05, np.linspace(0, 1, 9))) > 0)


def test_conductivity_scales_with_contact_and_temperature(values):
    def at(connected, T, eaten=0.0):
        given = {nm.CONNECTED: connected, nm.TEMPERATURE: pybamm.Scalar(T), nm.ELECTROLYTE_LOSS: eaten}
        return float(values.process_symbol(ionic_conductivity(nasim.FixedCatholyte(), given)).evaluate())

    assert at(0.5, 298.15) == pytest.approx(values[nm.CATHODE_IONIC] / 2)
    Ea = values[nm.CATHODE_IONIC_EA]
    factor = 298.15 / 333.15 * np.exp(Ea / 8.314462618 * (1 / 298.15 - 1 / 333.15))
    assert at(1.0, 333.15) == pytest.approx(values[nm.CATHODE_IONIC] * factor)
    found = [at(1.0, 298.15, eaten) for eaten in (0.0, 0.1, 0.3, 1.0)]
    assert np.all(np.diff(found) < 0) and 0 < found[-1] < 0.01 * found[0]
    phi, threshold = (float(values.process_symbol(s).evaluate()) for s in (electrolyte_fraction(), THRESHOLD))
    assert found[1] / found[0] == pytest.approx(1 - 0.1 * phi / (phi - threshold), rel=1e-3)


def test_units(quantity):
    L, kappa, sigma = quantity(18.0, "um"), quantity(5e-3, "S/m"), quantity(1.0, "S/m")
    assert bulk_resistance(L, sigma, ionic_share(kappa, sigma)).to("ohm*m**2").magnitude == pytest.approx(18e-6 / 1.005)
    R = linear_resistance(L, kappa, sigma, quantity(300.0, "S/m**2"))
    assert R.check("[resistance]*[area]")


# --- closed forms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kappa, sigma", [(2e-3, 1.0), MIXED_CONDUCTION])
def test_impedance_is_that_of_a_transmission_line(values, kappa, sigma):
    g, frequencies = 300.0, np.array([1e-3, 0.1, 10.0])
    conducting(values, kappa, sigma)
    exact = linear_resistance(
        values[nm.CATHODE_THICKNESS], kappa, sigma, g + 2j * np.pi * frequencies * values[nm.DOUBLE_LAYER]
    )
    Z = pybamm.EISSimulation(linear_cell(20, g), parameter_values=values).solve(frequencies).impedance
    assert np.abs(Z * values[nm.AREA] / exact - 1).max() < 2e-4


def test_resistance_of_a_good_electronic_conductor_is_the_coth_law():
    L, kappa, g = 18e-6, 2e-3, 300.0
    nu = np.sqrt(g * L / kappa)
    assert linear_resistance(L, kappa, 1e6, g) == pytest.approx(np.sqrt(L / kappa / g) / np.tanh(nu), rel=1e-6)


def test_a_step_of_current_meets_the_bulk_resistance(values):
    conducting(values, *MIXED_CONDUCTION)
    Z = pybamm.EISSimulation(linear_cell(20, 300.0), parameter_values=values).solve([1e9]).impedance[0]
    assert Z.real * values[nm.AREA] == pytest.approx(values[nm.CATHODE_THICKNESS] / sum(MIXED_CONDUCTION), rel=1e-6)


def test_the_profile_converges_at_second_order(values, order):
    kappa, sigma = MIXED_CONDUCTION
    g, sizes, errors = 1000.0, (10, 20, 40, 80), []
    conducting(values, kappa, sigma)
    nu = np.sqrt(g * values[nm.CATHODE_THICKNESS] * (1 / kappa + 1 / sigma))
    for points in sizes:
        x = (np.arange(points) + 0.5) / points
        ends = np.cosh(nu * (1 - x)) / kappa + np.cosh(nu * x) / sigma
        exact = U - CURRENT * values[nm.CATHODE_THICKNESS] / (nu * np.sinh(nu)) * ends
        found = steady(values, linear_cell(points, g))(nm.POSITIVE.potential)
        errors.append(np.sqrt(np.mean((found - exact) ** 2)))
    assert order(sizes, errors) == pytest.approx(-2.0, abs=0.1)
    assert errors[1] < 1e-5


STEEP = {nm.CATHODE_IONIC_DESODIATED: 0.05}
"""A conductivity that follows the composition by a factor of twenty."""


# --- the terminal -----------------------------------------------------------------------------------------------------


def graded_terminal(values, points):
    """E - R i on a mesh for given profiles, and the same by integrating the electronic current through the matrix."""
    L, i = values[nm.CATHODE_THICKNESS], CURRENT
    kappa, sigma, ratio = values[nm.CATHODE_IONIC], values[nm.CATHODE_ELECTRONIC], values[nm.CATHODE_IONIC_DESODIATED]
    cathode = nasim.PorousCathode(points, Graded(lambda x: 0.5 + 0.5 * np.sin(3 * x / L)))
    x = cathode.region.coordinate
    given = {nm.TEMPERATURE: pybamm.Scalar(298.15), nm.CONNECTED: pybamm.Scalar(1)}
    given |= dict.fromkeys((nm.CHARGE_PASSED, nm.LEAK_CHARGE, nm.ELECTROLYTE_LOSS), pybamm.Scalar(0))
    found = cathode.get_coupled_variables(given | {nm.POSITIVE.potential: U + 0.1 * np.cos(2 * x / L)})
    symbol = found[nm.POSITIVE.terminal] - found[nm.COMPOSITE_RESISTANCE] * i
    parts = cathode.discretisation()
    geometry = pybamm.Geometry(parts["geometry"])
    values.process_geometry(geometry)
    mesh = pybamm.Mesh(geometry, parts["submesh_types"], parts["var_pts"])
    numbers = pybamm.Discretisation(mesh, parts["spatial_methods"]).process_symbol(values.process_symbol(symbol))

    def electronic(z):
        k = kappa * ratio ** (0.5 - 0.5 * np.sin(3 * z / L))
        return i - k * (i - sigma * 0.2 / L * np.sin(2 * z / L)) / (k + sigma)

    return float(np.squeeze(numbers.evaluate())), U + 0.1 - quad(electronic, 0, L, epsrel=1e-11)[0] / sigma


def test_terminal_and_resistance_are_the_path_through_the_matrix(values, order):
    conducting(values, 5e-3, 5e-3, **STEEP)
    sizes, errors = (20, 40, 80, 160), []
    for points in sizes:
        found, exact = graded_terminal(values, points)
        errors.append(abs(found - exact))
    assert order(sizes, errors) == pytest.approx(-2.0, abs=0.2)
    assert errors[0] < 1e-4


def test_a_uniform_potential_is_the_terminal_potential(values):
    model = linear_cell(20, 0.0, Graded(lambda x: 1e4 * x))
    conducting(values, *MIXED_CONDUCTION, **STEEP, **{nm.CURRENT_FUNCTION: 0.0})
    simulation = pybamm.Simulation(model, parameter_values=values)
    assert simulation.solve([0, 1.0])[nm.VOLTAGE].data == pytest.approx(U, abs=1e-13)


def test_losses_and_voltage_add_up_to_the_mean_over_the_reactions(values):
    conducting(values, *MIXED_CONDUCTION)
    at = steady(values, linear_cell(20, 300.0))
    dphi, j = at(nm.POSITIVE.potential), at(LINEAR)
    assert np.mean(j) == pytest.approx(CURRENT, rel=1e-9)
    assert at(nm.VOLTAGE) + at(nm.VOLTAGE_LOSS) == pytest.approx(np.mean(j * dphi) / CURRENT, abs=1e-8)
    dissipated = CURRENT * at(nm.VOLTAGE_LOSS)
    exact = CURRENT * np.mean(j * (dphi - at(nm.VOLTAGE))) / CURRENT
    assert 0 < dissipated == pytest.approx(exact, rel=1e-6)


# --- the full cell ----------------------------------------------------------------------------------------------------


def porous(points=10):
    return nasim.PorousCathode(points, classes=1)


def test_the_lumped_cell_is_the_limit_of_good_conduction(values, order):
    """Of both cathodes: a lumped one whose path costs nothing is what a porous one tends to as it conducts better."""
    base, factors, gaps = load("Yuan2025_NAS").value(nm.CATHODE_IONIC), (10.0, 100.0, 1000.0), []
    values[nm.CATHODE_IONIC] = 1e9 * base
    lumped = discharged(values, nasim.LumpedCathode(classes=1))
    for factor in factors:
        values.update({nm.CATHODE_IONIC: factor * base, nm.CATHODE_ELECTRONIC: factor})
        gaps.append(abs(discharged(values, porous()) - lumped))
    assert order(factors, gaps) == pytest.approx(-1.0, abs=0.1)
    assert gaps[-1] < 1e-4


def test_the_series_resistance_of_a_lumped_cathode_is_the_path_through_a_thin_one(values, order):
    """L/3 kappa, for reactions that are uniform: what is left of the gap falls with the square of the conductivity."""
    base, factors, gaps = load("Yuan2025_NAS").value(nm.CATHODE_IONIC), (2.0, 8.0, 32.0), []
    values[nm.CATHODE_ELECTRONIC] = 1e6
    for factor in factors:
        values[nm.CATHODE_IONIC] = factor * base
        lumped, resolved = (discharged(values, cathode) for cathode in (nasim.LumpedCathode(classes=1), porous()))
        gaps.append(abs(lumped - resolved))
    path = values[nm.CATHODE_THICKNESS] / 3 / (factors[0] * base)
    assert gaps[0] < 0.25 * path * values[nm.CURRENT_FUNCTION] / values[nm.AREA]


def test_a_poor_conductor_delivers_in_a_lumped_cathode_what_it_does_in_a_porous_one(values):
    """A kappa of 5e-4 S m-1, a tenth of the usual: the capacity to the cut-off, at 1.27 A m-2, within one per cent, of grains
    in three classes. (Of equal grains, whose layers limit all at once, it is 1.3 per cent.)"""
    values[nm.CATHODE_IONIC] = 5e-4
    capacity = []
    for cathode in (nasim.LumpedCathode(classes=3), nasim.PorousCathode(12, classes=3)):
        solver = pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-9)
        simulation = pybamm.Simulation(nasim.FullCell(cathode=cathode), parameter_values=values, solver=solver)
        solution = simulation.solve([0, 3600 * 12.0])
        assert solution.termination == "event: Minimum voltage [V]"
        capacity.append(solution[nm.CHARGE_PASSED].data[-1])
    assert capacity[0] == pytest.approx(capacity[1], rel=0.01)


def test_twenty_points_resolve_a_poorly_conducting_cathode(values):
    values.update({nm.CATHODE_IONIC: 4e-4, nm.CATHODE_IONIC_DESODIATED: 0.2})
    coarse, fine, finest = (discharged(values, porous(points)) for points in (10, 20, 80))
    assert abs(fine - finest) < 1e-4
    assert abs(fine - finest) < 0.5 * abs(coarse - finest)


def test_cycles_close_their_balances():
    cell = nasim.FullCell(cathode=nasim.PorousCathode(points=6, classes=2))
    result = nasim.GCD(cycles=1).run(cell, overrides={nm.CATHODE_IONIC: 1e-3})
    assert result.record["stopped_because"] == "all cycles done"
    assert max(result.audit().values()) < 1e-9
    curve = result.curve(1)
    losses = curve.filter(like="voltage loss [V]").sum(axis=1)
    assert np.allclose(losses, curve[nm.VOLTAGE_LOSS], atol=1e-10)
    assert curve[nm.TRANSPORT_LOSS].max() > 0.01


def test_curves_hold_the_mean_over_the_cathode(values):
    conditions = {nm.APPLIED_PRESSURE: 250e6, nm.AMBIENT_TEMPERATURE: 298.15}
    stepper = Stepper(nasim.FullCell(cathode=nasim.PorousCathode(points=6, classes=2)), values, conditions)
    segment = stepper.run(Step("discharge", 2e3, current=3.0))
    names = [nm.SULFUR.stored_charge, nm.SULFUR.capacity, nm.SULFUR.fraction(1), nm.SULFUR.fraction(2)]
    stored, capacity, half, full = stepper.observe(names, segment.t, segment.y, segment.inputs)
    assert stored == pytest.approx(capacity * (half + 2 * full), rel=1e-9)


def test_pybamm_runs_its_own_protocols(values):
    model = nasim.FullCell(cathode=nasim.PorousCathode(points=6, classes=1))
    ramp = pybamm.step.voltage(np.array([[0.0, 2.0], [2000.0, 1.7], [4000.0, 2.0]]), duration=4000)
    steps = ["Rest for 1 hour", "Discharge at 0.1 mA for 2 hours", "Charge at 0.1 mA until 2.2 V"]
    experiment = pybamm.Experiment([*steps, "Hold at 2.2 V for 1 hour", ramp])
    solver = pybamm.IDAKLUSolver(options={"dt_init": 1e-6})
    solution = pybamm.Simulation(model, parameter_values=values, experiment=experiment, solver=solver).solve()
    assert len(solution.cycles) == 5
    assert solution[nm.VOLTAGE].data[-1] == pytest.approx(2.0, abs=1e-6)
    assert solution[nm.POSITIVE.potential].data.shape[0] == 6
    pybamm.QuickPlot(solution, [nm.VOLTAGE, nm.POSITIVE.potential, nm.COMPOSITE_CONDUCTIVITY]).plot(0)


def test_without_the_sb_s_chain_the_composition_must_be_given(values):
    chains = [nasim.SulfurConversion()]
    with pytest.raises(CompositionError, match=r"porous cathode.*SbxSy"):
        nasim.FullCell(cathode=nasim.PorousCathode(), chains=chains)
    cathode = nasim.PorousCathode(points=6, catholyte=nasim.FixedCatholyte(), classes=1)
    simulation = pybamm.Simulation(nasim.FullCell(cathode=cathode, chains=chains), parameter_values=values)
    assert 1.0 < simulation.solve([0, 3600])[nm.VOLTAGE].data[-1] < 2.0
