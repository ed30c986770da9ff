"""The discretised model is PyBaMM's own, and the equations of a user's mechanism are still checked."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine.discretising import discretised
from nasim.engine.stepper import Stepper

CELLS = {"lumped": nasim.FullCell, "porous": lambda: nasim.FullCell(cathode=nasim.PorousCathode(5))}


def by_simulation(model, values):
    simulation = pybamm.Simulation(model, parameter_values=values)
    simulation.build()
    return simulation.built_model


@pytest.mark.parametrize("make", CELLS.values(), ids=CELLS)
def test_as_a_simulation_builds_it(make):
    model, values = make(), nasim.load("Yuan2025_NAS").to_pybamm()
    values["Current function [A]"] = 0.0
    expected = by_simulation(model, values)
    built, mesh = discretised(model, values)
    start = expected.concatenated_initial_conditions.evaluate(0)
    assert np.array_equal(built.concatenated_initial_conditions.evaluate(0), start)
    assert np.array_equal(built.concatenated_rhs.evaluate(0, start), expected.concatenated_rhs.evaluate(0, start))
    assert built.concatenated_rhs.shape == start.shape and built.len_rhs == len(start) and built.len_alg == 0
    assert all(mesh[name].npts for name in model.default_submesh_types)


class Wrong(nasim.Mechanism):
    """A mechanism whose rate is a row of three for a state of one."""

    def __init__(self):
        super().__init__("something of three")

    def get_fundamental_variables(self):
        return {"Odd state": pybamm.Variable("Odd state")}

    def set_rhs(self, variables):
        self.rhs = {variables["Odd state"]: pybamm.Vector([1.0, 2.0, 3.0])}

    def set_initial_conditions(self, variables):
        self.initial_conditions = {variables["Odd state"]: pybamm.Scalar(0.0)}


class Coupled(nasim.Mechanism):
    """A mechanism that names a variable of another before it is there, as PyBaMM has it."""

    gives = ("Twice the voltage [V]",)

    def __init__(self):
        super().__init__("twice the voltage")

    def get_coupled_variables(self, variables):
        return {"Twice the voltage [V]": 2 * pybamm.CoupledVariable(nm.VOLTAGE)}


def test_variables_of_a_users_mechanism_may_be_coupled():
    stepper = Stepper(nasim.FullCell(extra=[Coupled()]), nasim.load("Yuan2025_NAS").to_pybamm())
    names = [nm.VOLTAGE, "Twice the voltage [V]"]
    voltage, twice = stepper.observe(names, np.zeros(1), stepper.y, stepper.idle)[:, 0]
    assert twice == 2 * voltage > 0


def test_a_rate_of_another_length_than_its_state_is_refused():
    model = nasim.FullCell(extra=[Wrong()])
    assert model.foreign and not nasim.FullCell().foreign
    with pytest.raises(pybamm.ModelError, match="same shape"):
        discretised(model, nasim.load("Yuan2025_NAS").to_pybamm())
