"""Sensitivities of runs: against differences of separate, tightly solved runs and against IDAKLU's own."""

from types import SimpleNamespace

import numpy as np
import pybamm
import pytest
from numpy.testing import assert_allclose

import nasim
from nasim import nomenclature as nm
from nasim.engine.integrators.rodas import RodasIntegrator
from nasim.engine.integrators.tape import Taped, _steps, between
from nasim.engine.sensitivities import Sensitivities, _Repeated
from nasim.engine.stepper import Step, Stepper
from nasim.errors import ProtocolError, SolveError, UnknownNameError
from nasim.models.build import cell_for
from nasim.models.solver import default_solver
from nasim.parameters import load

POTENTIAL = "Initial cathode potential [V]"
NAMES = ("Sulfur step 1 transfer coefficient", "Interphase resistivity [Ohm.m]", "Contact loss per strain")
TIGHT = nasim.Rodas(rtol=1e-10, atol=1e-11)
CAPACITIES = ("discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2")
TESTS = {
    "cycles": (nasim.GCD(cycles=2, keep=()), (*CAPACITIES, "end_time_h", "mean_discharge_voltage_V"), NAMES),
    "holds": (
        nasim.Cycling(cycles=2, rest_h=0.5, hold_until_mA_cm2=0.05, keep=()),
        (*CAPACITIES, "end_time_h"),
        NAMES[1:],
    ),
    "short": (nasim.GCD(current_mA_cm2=6.0, cycles=1, keep=()), (*CAPACITIES, "end_time_h"), NAMES[:2]),
    "sweeps": (nasim.CV(scans=1, scan_rate_mV_s=1.0, keep=()), CAPACITIES, (*NAMES[:1], POTENTIAL)),
}
"""Half cycles to cut-offs, twice; with rests, and holds that end at a current; some that are cut short, and taken again more
exactly; sweeps that begin at a voltage, and take a time, that hang on parameters. What is compared, and by what."""


def values():
    parameters = load("Yuan2025_NAS")
    return {name: parameters.value(name) for name in (nm.AMBIENT_TEMPERATURE, nm.APPLIED_PRESSURE, POTENTIAL, *NAMES)}


def stepper_with(solver):
    parameters = load("Yuan2025_NAS")
    return Stepper(cell_for(parameters), parameters.to_pybamm(), values(), solver)


def difference(numbers, value):
    """Central difference of a function of a parameter, with what is left of order two taken out."""
    wide, narrow = (
        (numbers(value * (1 + size)) - numbers(value * (1 - size))) / (2 * size * value) for size in (1e-3, 5e-4)
    )
    return (4 * narrow - wide) / 3


def assert_same(found, expected, share, what):
    """Equal to a share of the largest."""
    assert_allclose(found, expected, rtol=0, atol=share * np.abs(expected).max(), err_msg=what)


@pytest.fixture(scope="module")
def stepper():
    return stepper_with(nasim.Rodas())


@pytest.fixture
def taped(stepper):
    """A fresh cell whose integrator is on a tape, which it is taken off again."""
    stepper.restart(values())
    integrator = stepper.integrator
    stepper.integrator = Taped(integrator)
    yield stepper
    stepper.integrator = integrator


@pytest.mark.slow
@pytest.mark.parametrize("word", TESTS)
def test_differences_of_separate_runs_say_the_same(word):
    """Of capacities, also of the second cycle, of mean voltages and of times at which cycles end."""
    test, columns, names = TESTS[word]
    cell = nasim.KeptCell(inputs=names)
    found = cell.sensitivities(test, time_s=[], solver=TIGHT).summary
    for name in names:
        for column, expected in zip(
            columns, difference(table_of(cell, test, columns, name), values()[name]).T, strict=True
        ):
            here = found.loc[found["parameter"] == name, column]
            assert_same(here, expected, 1e-5, f"{name}: {column}")


def table_of(cell, test, columns, name):
    def numbers(value):
        return test.run(cell, overrides={name: value}, solver=TIGHT).summary[list(columns)].to_numpy()

    return numbers


@pytest.mark.slow
def test_voltage_at_fixed_times():
    """Of a discharge that begins where a charge ended, which began where a discharge ended."""
    cell, grid = nasim.KeptCell(inputs=NAMES[1:]), np.linspace(55e3, 70e3, 100)
    found = cell.sensitivities(nasim.GCD(current_mA_cm2=0.127, cycles=2, keep=()), time_s=grid, solver=TIGHT)[
        nm.VOLTAGE
    ]
    assert_allclose(found.index, grid)
    stepper = stepper_with(TIGHT)
    steps = [
        Step("discharge" if i > 0 else "charge", 4e5, i, until_voltage=V) for i, V in 2 * [(1.27, 0.7), (-1.27, 2.6)]
    ]

    def volts(name):
        def numbers(value):
            stepper.restart(values() | {name: value})
            segment = [stepper.run(step) for step in steps[:3]][-1]
            t = grid - segment.start
            places = np.searchsorted(segment.t[::4], t) - 1
            y = between(segment, 4, places, t)  # pyright: ignore[reportArgumentType]
            return stepper.observe([nm.VOLTAGE], t, y, segment.inputs)[0]

        return numbers

    for name in NAMES[1:]:
        assert_same(found[name], difference(volts(name), values()[name]), 1e-5, name)


def test_idaklu_says_the_same_while_a_current_is_held():
    parameters, name = load("Yuan2025_NAS"), NAMES[0]
    taken = parameters.to_pybamm()
    taken["Current function [A]"] = 1.27 * parameters.value(nm.AREA)
    taken.update({name: "[input]"})
    simulation = pybamm.Simulation(
        cell_for(parameters), parameter_values=taken, solver=default_solver(rtol=1e-9, atol=1e-12)
    )
    t = np.linspace(0.0, 24e3, 60)
    given = {"inputs": {name: values()[name]}, "calculate_sensitivities": True}
    solution = simulation.solve([0.0, t[-1]], t_interp=t, **given)
    theirs = np.asarray(solution[nm.VOLTAGE].sensitivities[name]).ravel()
    ours = nasim.KeptCell(inputs=[name]).sensitivities(
        nasim.GCD(current_mA_cm2=0.127, cycles=1, keep=()), time_s=t, solver=TIGHT
    )
    assert_same(ours[nm.VOLTAGE][name].to_numpy()[1:], theirs[1:], 1e-5, name)


def test_the_same_steps_again_are_the_same_run(taped):
    """To rounding where a time ends them, or a voltage changes in time; up to the parts of the step in which an event lies."""
    stepper = taped
    steps = [
        Step("discharge", 3600.0, current=1.27),
        Step("scan", 600.0, voltage=2.0, slope=-1e-4),
        Step("discharge", 4e5, current=1.27, until_voltage=0.7),
    ]
    first = [stepper.run(step) for step in steps]
    stepper.restart(values())
    stepper.integrator.rewind()
    again = [stepper.run(step) for step in steps]
    assert [segment.ended_by for segment in again] == ["time", "time", "voltage cut-off"]
    for one, other in zip(again, first, strict=True):
        same = min(len(one.t), len(other.t)) - (100 if one.ended_by != "time" else 0)
        assert_allclose(one.t[:same], other.t[:same], rtol=1e-12)
        assert_allclose(one.y[:, :same], other.y[:, :same], rtol=1e-8, atol=1e-11)
    last = again[-1]
    assert last.duration == pytest.approx(first[-1].duration, rel=1e-4) and last.duration != first[-1].duration
    assert stepper.observe([nm.VOLTAGE], last.t[-1:], last.y[:, -1:], last.inputs)[0, 0] == pytest.approx(
        0.7, abs=1e-13
    )


def test_another_protocol_or_a_cut_off_out_of_reach_is_refused(taped):
    stepper = taped
    step = Step("discharge", 4e5, current=1.27, until_voltage=0.7)
    stepper.run(step)
    for other, message in (
        (Step("rest", 60.0), "not that of the run"),
        (Step("discharge", 4e5, 8.0, until_voltage=0.7), "serve"),
    ):
        stepper.restart(values())
        stepper.integrator.rewind()
        with pytest.raises(SolveError, match=message):
            stepper.run(other)


def test_the_cell_has_its_integrator_back_also_after_a_failure():
    cell, test = nasim.KeptCell(inputs=NAMES[:1]), nasim.GCD(cycles=1, keep=())
    before = test.run(cell).summary
    with pytest.raises(UnknownNameError):
        cell.sensitivities(test, variables=["Voltge [V]"])
    assert len(cell.sensitivities(test, variables=[]).variables) == 0
    assert test.run(cell).summary.equals(before)


def test_what_it_cannot_do_is_said(stepper):
    test, integrator = nasim.GCD(cycles=1), stepper.integrator
    coarse = RodasIntegrator(None, integrator.inputs, nasim.Rodas(points=1), integrator.functions)
    for inputs, options, error, message in (
        ((), {}, ProtocolError, r"inputs=\["),
        ([nm.APPLIED_PRESSURE], {"stack_pressure_MPa": 100}, ProtocolError, "not as stack_pressure_MPa"),
        (["Contact los per strain"], {}, UnknownNameError, NAMES[2]),
    ):
        with pytest.raises(error, match=message):
            nasim.KeptCell(inputs=inputs).sensitivities(test, **options)
    for other, message in (
        (SimpleNamespace(name="idaklu"), "expected 'rodas'"),
        (coarse, "expected at least 3 points"),
    ):
        with pytest.raises(ProtocolError, match=message):
            Taped(other)
    with pytest.raises(ProtocolError, match="'Cathode thickness .m.' shapes the mesh"):
        _Repeated(["Cathode thickness [m]"], (), None).prepare(stepper)
    with pytest.raises(UnknownNameError, match="none of the `variables`"):
        Sensitivities(None, None, {nm.VOLTAGE: None})["Temperature [K]"]  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("end", [1.0, 2.0 + 1e-9, 2.03, 2.5, 3.0])
def test_an_event_lies_well_within_the_last_of_the_steps_that_are_taken_again(end):
    """Also one that just misses the start of a step, or of a part of it: a little change may move it to the other side."""
    whole = np.array([0.0, 1.0, 2.0, 3.0])[: 2 + int(np.ceil(end) > 1) + int(np.ceil(end) > 2)]
    steps = _steps(10.0, whole, "voltage cut-off", end)
    assert 0.25 <= steps.share <= 1.0
    assert steps.ends[-2] + steps.share * (steps.ends[-1] - steps.ends[-2]) == pytest.approx(end, rel=1e-12)
    assert steps.ends[0] == 0.0 and np.all(np.diff(steps.ends) > 0) and steps.ends[-1] <= whole[-1]
