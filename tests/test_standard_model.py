"""What PyBaMM asks of each of its own models, of each of ours: well posed, processed, discretised, solved, differentiated, saved."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.parameters import load

CURRENT_A = 5e-5
"""Current of the solves [A]: the blocking cell has none by default."""
EXAMPLES = Path(__file__).parent.parent / "examples"
SETS = {
    "lithium": EXAMPLES / "lithium_analogue.toml",
    "lithium symmetric": EXAMPLES / "lithium_symmetric.toml",
    "no sulfur": "Yuan2025_NASC",
}
"""Cells that a set describes."""
MODELS = {
    "full": nasim.FullCell,
    "porous": lambda: nasim.FullCell(cathode=nasim.PorousCathode(points=6)),
    "with heat": lambda: nasim.FullCell(thermal=nasim.LumpedThermal()),
    "diffusion in the alloy": lambda: nasim.FullCell(diffusion=nasim.AlloyDiffusion()),
    "sulfur alone": lambda: nasim.FullCell(chains=[nasim.SulfurConversion()]),
    "symmetric": nasim.SymmetricCell,
    "blocking": nasim.BlockingCell,
    "blocking with its arcs": lambda: nasim.BlockingCell().charged(),
} | {name: (lambda given=given: nasim.cell_for(given)) for name, given in SETS.items()}


class Case:
    def __init__(self, name):
        self.model, self.name = MODELS[name](), name
        self.values = load(SETS[name]).to_pybamm() if name in SETS else self.model.default_parameter_values
        self.seconds = 1e-3 if "blocking" in name else 600.0
        self.values[nm.CURRENT_FUNCTION] = CURRENT_A

    def simulation(self, **options):
        return pybamm.Simulation(self.model, parameter_values=self.values.copy(), **options)

    def voltage(self, simulation, **options):
        return simulation.solve([0, self.seconds], **options)[nm.VOLTAGE]


@pytest.fixture(scope="module", params=MODELS)
def case(request):
    return Case(request.param)


@pytest.fixture(scope="module")
def built(case):
    simulation = case.simulation()
    simulation.build()
    return simulation


def test_it_is_well_posed(case):
    case.model.check_well_posedness()
    assert case.model.name and set(case.model.summary_variables) <= set(case.model.variables)


def test_all_its_parameters_are_known(case):
    needed = {symbol.name for symbol in case.model.parameters if isinstance(symbol, pybamm.Parameter)}
    assert needed <= set(case.values.keys())


def test_it_is_processed_and_discretised(case, built):
    assert not case.model.is_discretised  # the model that was handed in stays as it was
    states = built.built_model.len_rhs_and_alg
    assert states == built.built_model.concatenated_initial_conditions.size
    assert built.built_model.mass_matrix.shape == (states, states)


def test_it_solves(case, built):
    voltage = case.voltage(built)
    assert np.all(np.isfinite(voltage.entries)) and voltage.t_pts[-1] == pytest.approx(case.seconds)


def test_every_variable_can_be_read(case, built):
    solution = built.solve([0, case.seconds])
    for name in case.model.variables:
        assert np.all(np.isfinite(solution[name].entries)), name


def test_a_finer_tolerance_changes_little(case, built):
    fine = case.simulation(solver=pybamm.IDAKLUSolver(rtol=1e-8, atol=1e-12))
    ends = [case.voltage(simulation)(case.seconds) for simulation in (built, fine)]
    assert ends[0] == pytest.approx(ends[1], rel=1e-3, abs=1e-5)


def test_a_parameter_may_be_an_input_and_has_a_derivative(case):
    values, name = case.values.copy(), nm.CURRENT_FUNCTION
    values[name] = "[input]"
    simulation = pybamm.Simulation(case.model, parameter_values=values)
    at = {name: CURRENT_A}
    solution = simulation.solve([0, case.seconds], inputs=at, calculate_sensitivities=True)
    slope = solution[nm.VOLTAGE].sensitivities[name]
    step = 1e-3 * CURRENT_A
    ends = [case.voltage(simulation, inputs={name: CURRENT_A + sign * step})(case.seconds) for sign in (1, -1)]
    assert float(np.asarray(slope).ravel()[-1]) == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=0.05)


def saved_and_loaded(case, simulation, folder):
    expected = case.voltage(simulation)(case.seconds)
    simulation.save_model(str(folder / "saved"), variables=True, mesh=True)
    loaded = pybamm.load_model(folder / "saved.json")
    assert type(loaded) is type(case.model)
    solution = case.model.default_solver.solve(loaded, [0, case.seconds])
    assert solution[nm.VOLTAGE].entries[-1] == pytest.approx(expected, abs=1e-6)
    return solution


def test_it_is_saved_and_loaded(case, tmp_path):
    saved_and_loaded(case, case.simulation(), tmp_path)


@pytest.mark.slow
def test_it_is_saved_and_loaded_with_every_variable(case, tmp_path):
    simulation = case.simulation()
    solution = simulation.solve([0, case.seconds])
    for name in case.model.variables:
        assert solution[name].entries.size
    again = saved_and_loaded(case, simulation, tmp_path)
    for name in case.model.variables:
        assert np.all(np.isfinite(again[name].entries)), name


# --- what PyBaMM knows of lithium-ion cells only: it works, or says what to do instead ---------------------------------


def test_a_state_of_charge_is_answered(case):
    for ask in (lambda: case.simulation().solve([0, 1], initial_soc=0.5), lambda: case.values.set_initial_state(0.5)):
        with pytest.raises(nasim.NasimError, match="Initial cathode potential"):
            ask()


def test_voltage_components_are_answered(built):
    solution = built.solve([0, 1e-3])
    with pytest.raises(nasim.UnknownNameError, match="voltage loss"):
        pybamm.plot_voltage_components(solution, show_plot=False)


def test_what_pybamm_says_by_itself_is_in_the_troubleshooting():
    values = pybamm.ParameterValues("Yuan2025_NAS")
    experiment = pybamm.Experiment(["Discharge at 0.1 mA for 1 minutes"], termination="80% capacity")
    simulation = pybamm.Simulation(nasim.FullCell(), parameter_values=values, experiment=experiment)
    text = (EXAMPLES.parent / "docs" / "guide" / "troubleshooting.md").read_text()
    for ask in (lambda: values.set_initial_state(0.5), simulation.solve):
        with pytest.raises(KeyError) as caught:
            ask()
        assert f'**"{caught.value.args[0].split(". ")[0].removesuffix(".")}", from PyBaMM.**' in text
    with pytest.raises(nasim.NasimError, match="Initial cathode potential"):
        simulation.solve(initial_soc=0.5)


CYCLE = ("Discharge at 0.1 mA for 60 hours or until 0.7 V", "Charge at 0.1 mA for 60 hours or until 2.6 V")


def test_a_run_may_end_at_a_share_of_the_capacity():
    model, values = nasim.FullCell(extra=[nasim.CapacityCounter()]), load("Yuan2025_NAS").to_pybamm()
    experiment = pybamm.Experiment([CYCLE] * 4, termination="99% capacity")
    solution = pybamm.Simulation(model, parameter_values=values, experiment=experiment).solve()
    passed = [np.ptp(cycle.steps[0][nm.CHARGE_PASSED].entries) for cycle in solution.cycles]
    capacity = np.array(solution.summary_variables[nm.CAPACITY])
    np.testing.assert_allclose(capacity, passed, rtol=1e-3)
    assert 1 < len(capacity) < 4 and capacity[-1] <= 0.99 * capacity[0] < capacity[-2]
    axes = pybamm.plot_summary_variables(solution, output_variables=[nm.CAPACITY, nm.CHARGE_PASSED], show_plot=False)
    assert len(np.ravel(axes)) == 2
    plt.close("all")


def test_counting_changes_nothing():
    counted = nasim.GCD(cycles=1).run(nasim.FullCell(extra=[nasim.CapacityCounter()])).summary
    column = "discharge_capacity_mAh_g"
    assert counted[column].iloc[0] == pytest.approx(nasim.GCD(cycles=1).run().summary[column].iloc[0], rel=1e-4)
