"""One built model, advanced step by step: the engine under every protocol.

The model is discretised and handed to the integrator once. A step (hold a current or a voltage until a cut-off or for a
time) only changes its inputs, so a long protocol costs the integration and little more. States pass from step to step
untouched; nothing is interpolated. Each step has its own clock, which starts at zero.
"""

import math
from dataclasses import dataclass, field

import casadi
import numpy as np
import pybamm

from .. import nomenclature as nm
from ..errors import SolveError
from ..models.solver import default_solver, expanded
from ..submodels.circuit import ProtocolControl

NEVER = 1.0
"""Value of a cut-off event that is switched off."""


@dataclass(frozen=True)
class Step:
    """What the cycler does until it does something else.

    kind is a label ("discharge", "charge", "rest", "hold", "scan"). Give `current` [A m-2, discharge positive] or
    `voltage` [V] with an optional `slope` [V s-1]. The step ends at `until_voltage` [V], at `until_current` [A m-2],
    or after `duration` [s], whichever comes first.
    """

    kind: str
    duration: float
    current: float = 0.0
    voltage: float | None = None
    slope: float = 0.0
    until_voltage: float | None = None
    until_current: float | None = None
    may_time_out: bool = False
    """Whether reaching `duration` before the voltage is a regular end."""
    at_the_limit: bool = False
    """Whether `until_voltage` is a limit of the cycler, at which the test is over."""

    def inputs(self, voltage_now, current_now):
        """Inputs of the built model; the sides of the cut-offs follow from where the cell is now."""
        volt_side = 0.0 if self.until_voltage is None else math.copysign(1.0, voltage_now - self.until_voltage)
        if self.until_voltage is not None and self.current:
            volt_side = math.copysign(1.0, self.current)
        amp_side = 0.0 if self.until_current is None else math.copysign(1.0, current_now - self.until_current)
        return {
            nm.STEP_CURRENT: self.current,
            nm.STEP_IS_VOLTAGE: 0.0 if self.voltage is None else 1.0,
            nm.STEP_VOLTAGE: self.voltage or 0.0,
            nm.STEP_SLOPE: self.slope,
            nm.STEP_VOLTAGE_SIDE: volt_side,
            nm.STEP_VOLTAGE_CUT: self.until_voltage or 0.0,
            nm.STEP_CURRENT_SIDE: amp_side,
            nm.STEP_CURRENT_CUT: self.until_current or 0.0,
        }


@dataclass
class Segment:
    """What came of a step: times from its start [s], states (one column a time), why it ended."""

    step: Step
    start: float
    t: np.ndarray
    y: np.ndarray
    inputs: dict = field(repr=False)
    ended_by: str = "time"

    @property
    def duration(self):
        return float(self.t[-1])


class Stepper:
    """A model with its parameters, ready to take steps.

    Parameters
    ----------
    model : CellModel
    parameter_values : pybamm.ParameterValues
    conditions : dict
        Parameters that may change between steps (temperature, pressure), by name, SI.
    solver : pybamm solver, optional
    """

    def __init__(self, model, parameter_values, conditions=None, solver=None):
        self.conditions = dict(conditions or {})
        values = parameter_values.copy()
        values.update(dict.fromkeys(self.conditions, "[input]"))
        self.model = _with_protocol(model)
        self.solver = solver or default_solver()
        simulation = pybamm.Simulation(self.model, parameter_values=values, solver=self.solver)
        simulation.build(inputs=self.idle)
        self.built = simulation.built_model
        self.y, self.time = self._initial_state(), 0.0
        self._observers = {}
        self.statistics = {"steps": 0, "integrator_steps": 0}

    @property
    def idle(self):
        """Inputs of the built model for a cell at rest under the present conditions."""
        return Step("rest", 1.0).inputs(0.0, 0.0) | self.conditions

    def restart(self, conditions):
        """Go back to the fresh cell, under `conditions` of the same names as those that it was built with."""
        self.conditions = dict(conditions)
        self.y, self.time = self._initial_state(), 0.0

    def _initial_state(self):
        return np.asarray(self.built.concatenated_initial_conditions.evaluate(0, inputs=self.idle)).reshape(-1, 1)

    def run(self, step):
        """Take one step; returns a `Segment` and moves the state on.

        Raises
        ------
        SolveError
            The integrator gave up; the message names step, time and voltage.
        """
        here = step.inputs(0.0, 0.0) | self.conditions
        voltage, current = self.observe([nm.VOLTAGE, nm.CURRENT_DENSITY], np.zeros(1), self.y, here)[:, 0]
        inputs = step.inputs(voltage, current) | self.conditions
        if _already_there(step, inputs, voltage, current):
            segment = Segment(step, self.time, np.zeros(1), self.y.copy(), inputs, "already past the cut-off")
        else:
            segment = self._integrate(step, inputs, voltage)
        if step.duration and segment.duration:
            self.y, self.time = segment.y[:, -1:], self.time + segment.duration
        return segment

    def _integrate(self, step, inputs, voltage):
        start = pybamm.Solution(np.zeros(1), self.y, self.built, inputs, termination="final time")
        span = np.array([0.0, step.duration])
        try:
            solution = self.solver.step(start, self.built, step.duration, t_eval=span, inputs=inputs, save=False)
        except pybamm.SolverError as error:
            where = f"{step.kind} step that starts at {self.time / 3600:.2f} h and {voltage:.3f} V"
            raise SolveError(f"The integrator gave up in the {where}: {error}.") from None
        self.statistics["steps"] += 1
        self.statistics["integrator_steps"] += len(solution.t)
        if not np.all(np.isfinite(solution.y[:, -1])):
            raise SolveError(
                f"A state became infinite in the {step.kind} step that starts at {self.time / 3600:.2f} h."
            )
        ended_by = "time" if solution.termination == "final time" else solution.termination.removeprefix("event: ")
        return Segment(step, self.time, np.asarray(solution.t), np.asarray(solution.y), inputs, ended_by)

    def observe(self, names, t, y, inputs):
        """Values of variables along a segment, array of shape (names, times); fields are averaged over the cathode."""
        key = tuple(names)
        if key not in self._observers:
            self._observers[key] = self._observer(key)
        function, order = self._observers[key]
        stacked = np.array([float(inputs[name]) for name in order]).reshape(-1, 1)
        if len(t) == 1:
            return np.asarray(function(t[0], y, stacked))
        return np.asarray(function.map(len(t))(t.reshape(1, -1), y, np.repeat(stacked, len(t), axis=1)))

    def _observer(self, names):
        order = list(self.idle)
        t, y = casadi.MX.sym("t"), casadi.MX.sym("y", self.y.shape[0])
        p = casadi.MX.sym("p", len(order))
        inputs = {name: p[k] for k, name in enumerate(order)}
        rows = []
        for name in names:
            symbol = self.built.get_processed_variable(name).to_casadi(t, y, inputs=inputs)
            rows.append(casadi.sum1(symbol) / symbol.shape[0])
        return expanded(casadi.Function("observe", [t, y, p], [casadi.vertcat(*rows)])), order


def _with_protocol(model):
    """The model under protocol control, with the cut-offs of a step as its only events."""
    model = model.with_mechanisms(ProtocolControl())
    step = pybamm.InputParameter
    V, i = model.variables[nm.VOLTAGE], model.variables[nm.CURRENT_DENSITY]
    volt_side, amp_side = step(nm.STEP_VOLTAGE_SIDE), step(nm.STEP_CURRENT_SIDE)
    cut_V = volt_side * (V - step(nm.STEP_VOLTAGE_CUT)) + (1 - volt_side**2) * NEVER
    cut_i = amp_side * (i - step(nm.STEP_CURRENT_CUT)) + (1 - amp_side**2) * NEVER
    model.events = [pybamm.Event("voltage cut-off", cut_V), pybamm.Event("current cut-off", cut_i)]
    return model


def _already_there(step, inputs, voltage, current):
    """True where a cut-off lies behind the cell at the start: the integrator would never meet it."""
    past_V = inputs[nm.STEP_VOLTAGE_SIDE] * (voltage - inputs[nm.STEP_VOLTAGE_CUT]) < 0
    past_i = step.until_current is not None and step.current == 0.0 and abs(current) <= abs(step.until_current)
    return past_V or past_i
