"""One built model, advanced step by step: the engine under every protocol.

The model is discretised and handed to the integrator once. A step (hold a current or a voltage until a cut-off or for a
time) only changes its inputs, so a long protocol costs the integration and little more. States pass from step to step
untouched; nothing is interpolated. Each step has its own clock, which starts at zero.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .. import nomenclature as nm
from ..collector import paused
from ..errors import ProtocolError, SolveError, brief
from ..units import SECONDS_PER_HOUR
from .integrators import Integrator, Solver, check_solver, integrator_for
from .integrators.observer import Observer

if TYPE_CHECKING:
    import pybamm

    from ..models.compose import CellModel

NEVER = 1.0
"""Value of a cut-off event that is switched off."""
AT_START = (nm.VOLTAGE, nm.CURRENT_DENSITY)
"""What the sides of the cut-offs follow from."""


@dataclass(frozen=True)
class Step:
    """A current, a voltage or a power that the cycler holds until a cut-off or for a time.

    It ends at `until_voltage`, at `until_current` or after `duration`, whichever comes first.

    Parameters
    ----------
    kind : str
        A label: "discharge", "charge", "rest", "hold", "scan", "pulse".
    duration : float
        Longest time [s].
    current : float
        Held current density [A m-2], discharge positive, unless there is a `voltage` or a `power`.
    voltage : float, optional
        Held voltage [V].
    slope : float
        Change of the held voltage [V s-1].
    power : float, optional
        Held power density [W m-2], discharge positive.
    until_voltage : float, optional
        Cut-off [V].
    until_current : float, optional
        Cut-off [A m-2].
    may_time_out : bool
        Whether reaching `duration` before the voltage is a regular end.
    at_the_limit : bool
        Whether `until_voltage` is a limit of the cycler, at which the test is over.

    Raises
    ------
    ProtocolError
        A value is no finite number.
    """

    kind: str
    duration: float
    current: float = 0.0
    voltage: float | None = None
    slope: float = 0.0
    power: float | None = None
    until_voltage: float | None = None
    until_current: float | None = None
    may_time_out: bool = False
    at_the_limit: bool = False

    def __post_init__(self):
        for name in ("duration", "current", "voltage", "slope", "power", "until_voltage", "until_current"):
            value = getattr(self, name)
            if value is not None and not (isinstance(value, Real) and math.isfinite(value)):
                raise ProtocolError(f"Step: {name} must be a finite number; {brief(value)} was given.")

    def inputs(self, voltage_now: float, current_now: float) -> dict[str, float]:
        """Return the inputs of the built model by name.

        Parameters
        ----------
        voltage_now, current_now : float
            Of the cell at the start of the step [V, A m-2]: the sides of the cut-offs follow from them.
        """
        return self._held | self._sides(voltage_now, current_now)

    @functools.cached_property
    def _held(self):
        """The inputs, the cut-offs being off."""
        return {
            nm.STEP_CURRENT: self.current,
            nm.STEP_IS_VOLTAGE: 0.0 if self.voltage is None else 1.0,
            nm.STEP_VOLTAGE: self.voltage or 0.0,
            nm.STEP_SLOPE: self.slope,
            nm.STEP_IS_POWER: 0.0 if self.power is None else 1.0,
            nm.STEP_POWER: self.power or 0.0,
            nm.STEP_VOLTAGE_SIDE: 0.0,
            nm.STEP_VOLTAGE_CUT: self.until_voltage or 0.0,
            nm.STEP_CURRENT_SIDE: 0.0,
            nm.STEP_CURRENT_CUT: self.until_current or 0.0,
        }

    def _sides(self, voltage_now, current_now):
        """The inputs that tell from which side a cut-off is met."""
        sides = {}
        if self.until_voltage is not None:
            drive = self.current or self.power or voltage_now - self.until_voltage
            sides[nm.STEP_VOLTAGE_SIDE] = math.copysign(1.0, drive)
        if self.until_current is not None:
            sides[nm.STEP_CURRENT_SIDE] = math.copysign(1.0, current_now - self.until_current)
        return sides


@dataclass
class Segment:
    """A step that was taken.

    Attributes
    ----------
    step : Step
    start : float
        Time at which it began, from the start of the run [s].
    t : array, shape (n,)
        Times from its start [s].
    y : array, shape (states, n)
    inputs : dict
        Inputs of the built model by name.
    ended_by : str
        "time", "voltage cut-off", "current cut-off" or "already past the cut-off".
    """

    step: Step
    start: float
    t: np.ndarray
    y: np.ndarray
    inputs: dict = field(repr=False)
    ended_by: str = "time"

    @property
    def duration(self) -> float:
        """Length of the step [s]."""
        return float(self.t[-1])


class State(NamedTuple):
    """State of a cell in the middle of a run: y, shape (states, 1), and the time [s] since its start."""

    y: np.ndarray
    time: float


class Stepper:
    """A model with its parameters, ready to take steps.

    Parameters
    ----------
    model : CellModel
    parameter_values : pybamm.ParameterValues
    conditions : mapping, optional
        Parameters that may change between steps (temperature, pressure), by name, SI.
    solver : str, Rodas or pybamm solver, optional
        As for `integrator_for`.
    """

    charged: Any = None
    """What takes spectra of this cell (`impedance_analyser`), once they were taken."""

    @paused()
    def __init__(
        self,
        model: "CellModel",
        parameter_values: "pybamm.ParameterValues",
        conditions: Mapping[str, float] | None = None,
        solver: Solver = None,
    ):
        from .discretising import discretised

        self.conditions = dict(conditions or {})
        values = parameter_values.copy()
        values.update(dict.fromkeys(self.conditions, "[input]"))
        self.model = _with_protocol(model)
        check_solver(solver)
        self.solver = solver
        self.built: Any
        self.built, self._mesh = discretised(self.model, values)
        self.y, self.time = self._initial_state(), 0.0
        self._observers = {}
        self.statistics = {"steps": 0, "integrator_steps": 0}

    @functools.cached_property
    @paused()
    def integrator(self) -> Integrator:
        """What advances the state, made when it is first needed; another of the same model may be put in its place."""
        return integrator_for(self.built, list(self.idle), self.solver)

    @functools.cached_property
    @paused()
    def fresh_state(self) -> Observer:
        """The state of the fresh cell as a function of the inputs."""
        return Observer.of_start(self.built, list(self.idle))

    @property
    def solver_name(self) -> str:
        """Which integrator runs: "rodas", "rodas-compiled", "idaklu", or "none" where nothing was integrated."""
        return self.integrator.name if "integrator" in vars(self) else "none"

    @property
    def state(self) -> State:
        """Where the cell is; set it to put the cell there."""
        return State(self.y, self.time)

    @state.setter
    def state(self, state: State) -> None:
        self.y, self.time = state

    @property
    def idle(self) -> dict[str, float]:
        """Inputs of the built model for a cell at rest under the present conditions."""
        return Step("rest", 1.0).inputs(0.0, 0.0) | self.conditions

    def restart(self, conditions: Mapping[str, float]) -> None:
        """Go back to the fresh cell, under `conditions` [SI] of the same names as those that it was built with."""
        self.conditions = dict(conditions)
        self.y, self.time = self.fresh_state(np.zeros(1), np.zeros_like(self.y), self.idle), 0.0

    def _initial_state(self):
        return np.asarray(self.built.concatenated_initial_conditions.evaluate(0, inputs=self.idle)).reshape(-1, 1)

    def run(self, step: Step) -> Segment:
        """Take one step and move the state on.

        Raises
        ------
        SolveError
            The integrator gave up; the message names step, time and voltage.
        """
        inputs = step.inputs(0.0, 0.0) | self.conditions
        voltage, current = self.observe(AT_START, np.zeros(1), self.y, inputs)[:, 0].tolist()
        inputs |= step.inputs(voltage, current)
        if _already_there(step, inputs, voltage, current):
            segment = Segment(step, self.time, np.zeros(1), self.y.copy(), inputs, "already past the cut-off")
        else:
            segment = self._integrate(step, inputs, voltage)
        if step.duration and segment.duration:
            self.y, self.time = segment.y[:, -1:], self.time + segment.duration
        return segment

    def _integrate(self, step, inputs, voltage):
        try:
            advanced = self.integrator.advance(self.y, inputs, step.duration)
        except SolveError as error:
            raise SolveError(f"The integrator gave up in the {self._where(step, voltage)}: {error}.") from None
        return self._taken(step, inputs, voltage, advanced)

    def _taken(self, step, inputs, voltage, advanced):
        """The segment of a step that the integrator has taken."""
        self.statistics["steps"] += 1
        self.statistics["integrator_steps"] += advanced.steps
        if not math.isfinite(np.add.reduce(advanced.y[:, -1])):
            raise SolveError(f"A state became infinite in the {self._where(step, voltage)}.")
        return Segment(step, self.time, advanced.t, advanced.y, inputs, advanced.ended_by)

    def _where(self, step, voltage):
        return f"{step.kind} step that starts at {self.time / SECONDS_PER_HOUR:.2f} h and {voltage:.3f} V"

    def observe(self, names: Sequence[str], t: np.ndarray, y: np.ndarray, inputs: Mapping[str, float]) -> np.ndarray:
        """Evaluate variables along a segment; fields are averaged over the cathode.

        Parameters
        ----------
        names : sequence of str
            Variables of the model.
        t : array, shape (n,)
            Times from the start of the segment [s].
        y : array, shape (states, n)
        inputs : mapping
            Inputs of the built model by name.

        Returns
        -------
        array, shape (names, n)
            In the units of the names.
        """
        return self.observer(names)(t, y, inputs)

    def observer(self, names: Sequence[str]) -> Observer:
        """Return what evaluates variables by name, made when it is first needed."""
        key = tuple(names)
        if key not in self._observers:
            with paused():
                self._observers[key] = Observer(self.built, key, list(self.idle), self._mesh)
        return self._observers[key]


def open_circuit_voltage(stepper: Stepper) -> float:
    """Return the voltage [V] of the cell as it is, without a current."""
    return float(stepper.observe([nm.VOLTAGE], np.zeros(1), stepper.y, stepper.idle)[0, 0])


def _with_protocol(model):
    """The model under protocol control, with the cut-offs of a step as its only events."""
    import pybamm

    from ..submodels.circuit import ProtocolControl

    if not any(isinstance(part, ProtocolControl) for part in model.mechanisms):
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
