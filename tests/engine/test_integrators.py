"""Integrators: RODAS4 is of its order, events, choice and fallback; tests/test_on_record.py holds it against IDAKLU."""

import warnings

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.engine import integrators
from nasim.engine.integrators import NoLibrary, Rodas, integrator_for, rodas
from nasim.engine.integrators.idaklu import IDAKLU
from nasim.engine.stepper import Step, Stepper
from nasim.errors import ProtocolError, SolveError
from nasim.models.solver import default_solver
from nasim.parameters import load

TIGHT = {"rtol": 1e-8, "atol": 1e-11}


def test_both_integrators_agree_on_a_blocking_cell():
    """Layers that charge in nanoseconds to minutes, under a voltage."""
    values, passed = load("Yuan2025_blocking_NAS").to_pybamm(), []
    for solver in (None, default_solver(**TIGHT, dt_init=0.0)):
        stepper = Stepper(nasim.BlockingCell().charged(), values, solver=solver)
        segment = stepper.run(Step("hold", 100.0, voltage=0.01))
        passed.append(stepper.observe([nm.CHARGE_PASSED], segment.t, segment.y, segment.inputs)[0, -1])
    assert passed[0] == pytest.approx(passed[1], rel=1e-4)


# --- a model of one equation -------------------------------------------------------------------------------------------


def built(rate, start, event=None, algebraic=False):
    """A discretised model y' = rate(y, t) with an event, and its inputs."""
    model, y = pybamm.BaseModel("one equation"), pybamm.Variable("y")
    slope = pybamm.InputParameter(nm.STEP_SLOPE)
    model.rhs, model.initial_conditions = {y: rate(y, pybamm.t) + 0 * slope}, {y: pybamm.Scalar(start)}
    if algebraic:
        z = pybamm.Variable("z")
        model.algebraic, model.initial_conditions[z] = {z: z - y}, pybamm.Scalar(start)
    model.events = [pybamm.Event("end", event(y) if event else y + 10)]
    pybamm.Discretisation().process_model(model)
    return model


def advanced(model, start, duration, slope=0.0, **settings):
    integrator = integrator_for(model, [nm.STEP_SLOPE], Rodas(**settings))
    return integrator.advance(np.array([[start]]), {nm.STEP_SLOPE: slope}, duration)


def test_errors_fall_with_the_fourth_power_of_the_steps():
    """y' = -y^2 + sin(t) e^-t ..., with the solution 1/(1 + t) + sin(t): an equation that depends on time."""

    def rate(y, t):
        exact = 1 / (1 + t) + pybamm.sin(t)
        return -(y**2) + exact**2 - 1 / (1 + t) ** 2 + pybamm.cos(t)

    model, errors, steps = built(rate, 1.0), [], []
    for rtol in (1e-5, 1e-9):
        end = advanced(model, 1.0, 5.0, rtol=rtol, atol=rtol)
        errors.append(abs(end.y[0, -1] - (1 / 6 + np.sin(5.0))))
        steps.append(end.steps)
    assert np.log(errors[0] / errors[1]) / np.log(steps[1] / steps[0]) > 3.7


def test_the_points_between_lie_on_the_solution():
    end = advanced(built(lambda y, t: -y, 1.0), 1.0, 3.0, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(end.y[0], np.exp(-end.t), atol=3e-7)
    assert len(end.t) == 4 * end.steps + 1 and np.all(np.diff(end.t) > 0)


@pytest.mark.parametrize("level", [1 - 1e-5, 0.5, 0.05])
def test_an_event_is_found_in_the_first_step_and_later(level):
    model = built(lambda y, t: -y, 1.0, event=lambda y: y - level)
    end = advanced(model, 1.0, 1e3, rtol=1e-9, atol=1e-12)
    assert end.ended_by == "end"
    assert end.t[-1] == pytest.approx(-np.log(level), rel=1e-6)
    assert end.y[0, -1] == pytest.approx(level, abs=1e-13)


@pytest.mark.parametrize("rtol", [1e-3, 1e-4, 1e-5, 1e-6])
def test_an_event_is_as_exact_as_the_steps(rtol, monkeypatch):
    """By dense output alone its time would be off by 0.3 to 1.6 times the tolerance; the last step is taken again up to it."""
    monkeypatch.setattr(rodas, "SHORT_S", 0.0)
    end = advanced(built(lambda y, t: -(y**2), 1.0, event=lambda y: y - 0.3), 1.0, 1e3, rtol=rtol, atol=rtol / 10)
    assert end.t[-1] == pytest.approx(1 / 0.3 - 1, abs=0.25 * rtol)
    assert end.y[0, -1] == pytest.approx(0.3, abs=1e-13)


def test_a_step_that_an_event_cuts_short_is_taken_again_more_exactly():
    """And the next step has the tolerances of before."""
    steps = {}
    for slowness in (1.0, 1e4):
        model = built(lambda y, t, k=slowness: -y / k, 1.0, event=lambda y: y - 0.05)
        integrator = integrator_for(model, [nm.STEP_SLOPE], Rodas(rtol=1e-4, atol=1e-4, first_step=slowness / 1e3))
        first, again = (integrator.advance(np.array([[1.0]]), {nm.STEP_SLOPE: 0.0}, 1e6) for _ in range(2))
        np.testing.assert_array_equal(first.y, again.y)
        steps[slowness] = first.steps
    assert steps[1.0] > 1.3 * steps[1e4]  # the same equation, but for its time


def test_an_event_that_begins_at_zero_fires_if_it_falls_and_not_if_it_rises():
    falling = advanced(built(lambda y, t: 0 * y - 1, 0.0, event=lambda y: y), 0.0, 10.0)
    assert falling.ended_by == "end" and falling.t[-1] < 1e-6
    rising = advanced(built(lambda y, t: 0 * y + 1, 0.0, event=lambda y: y), 0.0, 10.0)
    assert rising.ended_by == "time" and rising.t[-1] == 10.0


def test_a_crossing_and_a_return_within_a_step_are_seen():
    model = built(lambda y, t: 0 * y + 2 * (t - 0.5), 0.2, event=lambda y: y)
    end = advanced(model, 0.2, 1.0, first_step=1.0, rtol=1.0, atol=1.0)
    assert end.ended_by == "end" and end.t[-1] == pytest.approx(0.5 - np.sqrt(0.05), rel=1e-9)


def test_more_points_than_there_is_room_for():
    model = built(lambda y, t: pybamm.cos(t), 0.0)
    end = advanced(model, 0.0, 300.0, points=100)
    assert len(end.t) > 5000 and end.y[0, -1] == pytest.approx(np.sin(300.0), abs=1e-3)


def test_a_solution_that_ends_is_told():
    with pytest.raises(SolveError, match="too small"):
        advanced(built(lambda y, t: y**2, 1.0), 1.0, 2.0)


# --- choice and fallback -----------------------------------------------------------------------------------------------


def test_what_cannot_be_expanded_falls_back_said_once():
    integrators._said.clear()
    model = built(lambda y, t: -y, 1.0, algebraic=True)
    with pytest.warns(UserWarning, match="RODAS4 cannot integrate 'one equation': it has algebraic equations. IDAKLU"):
        assert isinstance(integrator_for(model, [nm.STEP_SLOPE]), IDAKLU)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert isinstance(integrator_for(model, [nm.STEP_SLOPE]), IDAKLU)
    with pytest.raises(ProtocolError, match="algebraic"):
        integrator_for(model, [nm.STEP_SLOPE], "rodas")


def test_a_table_without_scalar_operations_falls_back_said_once():
    integrators._said.clear()
    places = np.linspace(0.0, 2.0, 9)
    model = built(lambda y, t: pybamm.Interpolant(places, -(places**2), y, interpolator="cubic"), 1.0)
    with pytest.warns(UserWarning, match="cannot be expanded into scalar operations"):
        assert isinstance(integrator_for(model, [nm.STEP_SLOPE]), IDAKLU)


def test_without_a_compiler_idaklu_serves_and_says_how_to_get_more(monkeypatch):
    def none():
        raise NoLibrary("no C compiler was found")

    integrators._said.clear()
    monkeypatch.setattr(integrators.rodas, "library", none)
    with pytest.warns(UserWarning, match="ziglang"):
        result = nasim.GCD(cycles=1).run()
    assert result.record["solver"]["name"] == "idaklu"


def test_solver_chooses():
    compiled, listed = (nasim.GCD(cycles=1).run(solver=word) for word in ("rodas-compiled", "rodas"))
    assert [each.record["solver"]["name"] for each in (compiled, listed)] == ["rodas-compiled", "rodas"]
    np.testing.assert_allclose(compiled.summary["end_time_h"], listed.summary["end_time_h"], rtol=1e-9)
    assert nasim.GCD(cycles=1).run(solver="idaklu").record["solver"]["name"] == "idaklu"
    with pytest.raises(ProtocolError, match="'rodes' was given.*nearest match is 'rodas'"):
        nasim.GCD(cycles=1).run(solver="rodes")
    with pytest.raises(ProtocolError, match="solver"):
        nasim.GCD(cycles=1).run(solver=1e-6)


@pytest.mark.parametrize("limits", [{}, {"MOST_COMPILED": 5}, {"MOST_UNROLLED": 0}], ids=["all", "short ones", "lists"])
def test_what_is_compiled_gives_the_same(limits, monkeypatch):
    for name, value in limits.items():
        monkeypatch.setattr(rodas, name, value)
    model = built(lambda y, t: -(y**2) + pybamm.exp(-y) * pybamm.sin(t) / (1 + y) / (2 + y), 1.0)
    listed, compiled = (integrator_for(model, [nm.STEP_SLOPE], Rodas(compiled=each)) for each in (False, True))
    made = [program.structure.code is not None for program in compiled.programs]
    assert made == [True, True, True, True] if not limits.get("MOST_COMPILED") else made == [False, False, True, False]
    assert (compiled.problem.structure.jacobian.solve is None) == ("MOST_UNROLLED" in limits)
    ends = [each.advance(np.array([[1.0]]), {nm.STEP_SLOPE: 0.0}, 5.0) for each in (listed, compiled)]
    np.testing.assert_array_equal(ends[0].y, ends[1].y)
