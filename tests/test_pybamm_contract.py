"""A nasim model is a PyBaMM model: everything that PyBaMM does with a model works on each of `MODELS`."""

import copy
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.solver import default_solver
from nasim.parameters import load

MODELS = {
    "full cell": (nasim.FullCell, "Yuan2025_NAS"),
    "without sulfur": (lambda: nasim.FullCell(chains=[nasim.SbSRedox()]), "Yuan2025_NASC"),
}
"""What to build and the parameter set it is solved with. To put a model to the test, add a line."""


class Case:
    def __init__(self, name):
        make, self.set_name = MODELS[name]
        self.model, self.values = make(), load(self.set_name).to_pybamm()
        self.current = self.values[nm.CURRENT_FUNCTION]

    def between(self, low, high):
        """One cycle at the default current between two voltages."""
        at = f"at {self.current!r} A for 60 hours"
        return f"Discharge {at} or until {low} V", f"Charge {at} or until {high} V"

    def experiment(self, *cycles, **options):
        simulation = pybamm.Simulation(
            self.model, parameter_values=self.values.copy(), experiment=pybamm.Experiment(list(cycles)), **options
        )
        solution = simulation.solve()
        assert len(solution.cycles) == len(cycles)
        return solution


@pytest.fixture(scope="module", params=MODELS)
def case(request):
    return Case(request.param)


@pytest.fixture(scope="module")
def discharge(case):
    """An hour at the default current, from a plain solve."""
    values = case.values.copy()
    return pybamm.Simulation(case.model, parameter_values=values).solve([0, 3600])


def ends(solution):
    return [[step.termination for step in cycle.steps] for cycle in solution.cycles]


# --- steps ------------------------------------------------------------------------------------------------------------


def test_rest(case):
    solution = case.experiment("Rest for 1 hour")
    assert ends(solution) == [["final time"]]
    assert np.all(solution[nm.CURRENT].entries == 0)


def test_constant_current_cycles(case):
    cycle = case.between(0.9, 2.5)
    solution = case.experiment(cycle, cycle)
    assert all("Voltage" in end for steps in ends(solution) for end in steps)
    voltage = solution[nm.VOLTAGE].entries
    assert voltage.min() == pytest.approx(0.9, abs=1e-3) and voltage.max() == pytest.approx(2.5, abs=1e-3)
    passed = [np.ptp(cycle.steps[0][nm.CHARGE_PASSED].entries) for cycle in solution.cycles]
    duration = [np.ptp(cycle.steps[0].t) for cycle in solution.cycles]
    np.testing.assert_allclose(passed, case.current * np.array(duration) / 3600, rtol=1e-6)


def test_a_voltage_hold_after_a_current(case):
    solution = case.experiment(
        (
            f"Discharge at {case.current} A for 1 hour or until 0.9 V",
            f"Charge at {case.current} A for 40 hours or until 2.5 V",
            "Hold at 2.5 V for 2 hours or until C/100",
        )
    )
    hold = solution.cycles[0].steps[2]
    np.testing.assert_allclose(hold[nm.VOLTAGE].entries, 2.5, atol=1e-6)
    current = hold[nm.CURRENT].entries
    assert current[0] == pytest.approx(-case.current, rel=1e-2)
    assert abs(current[-1]) < abs(current[0]) and "C-rate" in hold.termination


def test_a_hold_as_first_step(case):
    solution = case.experiment("Hold at 2.4 V for 10 minutes")
    np.testing.assert_allclose(solution[nm.VOLTAGE].entries, 2.4, atol=1e-6)


def test_a_voltage_ramp(case):
    start = float(case.experiment("Rest for 1 second")[nm.VOLTAGE].entries[0])
    corners = np.array([[0, start], [1000, start - 0.2], [2000, start]])
    solution = case.experiment(pybamm.step.voltage(corners, duration=2000))
    t = solution.t
    np.testing.assert_allclose(solution[nm.VOLTAGE].entries, np.interp(t, *corners.T), atol=1e-5)
    falling, rising = (solution[nm.CURRENT](at) for at in (500.0, 1500.0))
    assert falling > rising


def test_steps_of_all_kinds_in_one_experiment(case):
    solution = case.experiment(
        (f"Discharge at {case.current} A for 30 minutes", "Rest for 10 minutes", "Hold at 1.8 V for 10 minutes"),
        ("Discharge at C/20 for 10 minutes", "Discharge at 0.1 mW for 10 minutes", "Rest for 10 minutes"),
    )
    assert ends(solution) == [["final time"] * 3, ["final time"] * 3]
    power = solution.cycles[1].steps[1][nm.POWER].entries
    np.testing.assert_allclose(power, 1e-4, rtol=1e-3)


# --- impedance, pictures, copies --------------------------------------------------------------------------------------


def test_impedance_fresh_and_after_a_discharge(case, discharge):
    frequencies = np.logspace(-2, 5, 15)
    fresh = pybamm.EISSimulation(case.model, parameter_values=case.values.copy())
    aged = case.model.set_initial_conditions_from(discharge, inplace=False)
    aged = pybamm.EISSimulation(aged, parameter_values=case.values.copy())
    for simulation in (fresh, aged):
        impedance = simulation.solve(frequencies).impedance
        assert np.all(np.isfinite(impedance)) and np.all(impedance.real > 0)


def test_quick_plot(discharge):
    picture = pybamm.QuickPlot(discharge)
    picture.plot(0.5)
    assert len(picture.fig.axes) >= 2
    plt.close("all")


def test_parameter_values_can_be_copied_and_pickled(case):
    for twin in (copy.deepcopy(case.values), pickle.loads(pickle.dumps(case.values)), case.values.copy()):
        assert dict(twin.items()) == dict(case.values.items())
        twin[nm.SEPARATOR.thickness] = 1.0
        assert case.values[nm.SEPARATOR.thickness] != 1.0


def test_a_model_can_be_copied_and_still_solved(case, discharge):
    for twin in (case.model.new_copy(), copy.deepcopy(case.model)):
        solution = pybamm.Simulation(twin, parameter_values=case.values.copy()).solve([0, 3600])
        assert solution[nm.VOLTAGE](3600.0) == pytest.approx(discharge[nm.VOLTAGE](3600.0), abs=1e-8)


def test_defaults_are_new_at_each_call(case):
    for name in ("geometry", "var_pts", "submesh_types", "spatial_methods"):
        first, second = (getattr(case.model, f"default_{name}") for _ in range(2))
        assert first is not second and set(map(str, first)) == set(map(str, second))
    first, second = case.model.default_parameter_values, case.model.default_parameter_values
    first[nm.SEPARATOR.thickness] = 1.0
    assert second[nm.SEPARATOR.thickness] != 1.0
    assert case.model.default_solver is not case.model.default_solver
    assert set(case.model.summary_variables) <= set(case.model.variables)


def test_the_model_solves_with_its_own_defaults(case):
    solution = pybamm.Simulation(case.model).solve([0, 600])
    assert solution.t[-1] == 600


def test_options_may_be_set_to_a_plain_dictionary(case):
    """What PyBaMM does when it reads a model from a file: it would refuse options of a plain dictionary that it has not."""
    twin = case.model.new_copy()
    twin.options = {**twin.options, "made-up option": "yes"}
    simulation = pybamm.Simulation(
        twin, parameter_values=case.values.copy(), experiment=pybamm.Experiment(["Hold at 2.4 V for 1 minute"])
    )
    assert simulation.solve().t[-1] == 60


def test_the_cut_offs_end_a_plain_solve(case):
    """The events that PyBaMM's experiments move out of the way."""
    solution = pybamm.Simulation(case.model, parameter_values=case.values.copy()).solve([0, 3.6e5])
    assert "Minimum voltage" in solution.termination
    assert solution[nm.VOLTAGE].entries[-1] == pytest.approx(case.values[nm.LOWER_CUT_OFF], abs=1e-3)


# --- two roads --------------------------------------------------------------------------------------------------------


def test_nasims_protocol_and_pybamms_experiment_agree(case):
    tolerances = {"rtol": 1e-6, "atol": 1e-10}
    cycle = case.between(case.values[nm.LOWER_CUT_OFF], case.values[nm.UPPER_CUT_OFF])
    solution = case.experiment(cycle, cycle, solver=default_solver(**tolerances))
    found = [[np.ptp(step[nm.CHARGE_PASSED].entries) for step in cycle.steps] for cycle in solution.cycles]
    table = nasim.GCD(cycles=2, keep=()).run(case.model, case.set_name, solver=default_solver(**tolerances)).summary
    columns = ["discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2"]
    np.testing.assert_allclose(table[columns].to_numpy() * 10 * case.values[nm.AREA], found, rtol=1e-5)
