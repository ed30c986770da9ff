r"""Computed half cycles: voltage as a smooth function of the share of capacity passed, with its sensitivities.

The integrator's own derivatives of the states give dV/dt, so that the voltage between two of its times is a cubic with
the right slopes. Sensitivities S = dy/dp run along with the states. A step that ends at a cut-off g = 0 ends earlier or
later when p changes,

.. math::
   \frac{dt_e}{dp} = -\frac{g_y S + g_p}{g_y \dot y + g_t}, \qquad S \leftarrow S + \dot y\,\frac{dt_e}{dp}

which PyBaMM leaves out: the first tells how the capacity moves, the second is what the next step starts from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import casadi
import numpy as np
import pybamm

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..engine.impedance_analyser import Analyser
from ..engine.integrators.idaklu import IDAKLU
from ..engine.stepper import Segment, Stepper
from ..models.compose import CellModel
from ..parameters import ParameterSet
from ..units import to_A_m2
from .history import DIRECTIONS, Leg

OBSERVED = {"voltage cut-off": nm.VOLTAGE, "current cut-off": nm.CURRENT_DENSITY}
"""Event that ended a step -> the variable that it watches."""


@dataclass(frozen=True)
class Trace:
    """A computed half cycle at constant current.

    Attributes
    ----------
    t, V, V_t : array of shape (times,)
        Time from its start [s], voltage [V] and its time derivative [V s-1].
    current_mA_cm2 : float
        Positive on discharge.
    ended_by : str
        "voltage cut-off" or "time".
    V_p, end_p : array of shape (times, parameters) and (parameters,), or None
        Derivatives of the voltage and of the duration by the parameters, where sensitivities ran.
    bump, longer : array of shape (times,) or float, and float
        Small changes of voltage [V] and duration [s] (see `nudged`).
    """

    t: np.ndarray = field(repr=False)
    V: np.ndarray = field(repr=False)
    V_t: np.ndarray = field(repr=False)
    current_mA_cm2: float
    ended_by: str
    V_p: np.ndarray | None = field(default=None, repr=False)
    end_p: np.ndarray | None = field(default=None, repr=False)
    bump: np.ndarray | float = field(default=0.0, repr=False)
    longer: float = 0.0

    @property
    def direction(self) -> str:
        """ "discharge" or "charge"."""
        return DIRECTIONS[self.current_mA_cm2 < 0]

    @property
    def parameters(self) -> int:
        """Number of parameters with sensitivities."""
        return 0 if self.end_p is None else len(self.end_p)

    @property
    def capacity(self) -> float:
        """Capacity passed [mAh cm-2]."""
        return float(to_mAh_cm2(to_A_m2(abs(self.current_mA_cm2)) * (self.t[-1] + self.longer)))

    @property
    def shares(self) -> np.ndarray:
        """Shares of the capacity at the integrator's times."""
        return self.t / self.t[-1] if self.t[-1] else np.zeros_like(self.t)

    def voltage(self, fraction: np.ndarray) -> np.ndarray:
        """Return the voltage [V] at shares of the capacity passed, in the shape of `fraction`."""
        from scipy.interpolate import CubicHermiteSpline

        if self.t[-1] == 0:
            return np.full(np.shape(fraction), self.V[-1] + np.ravel(self.bump)[-1])
        at = np.asarray(fraction) * self.t[-1]
        curve = CubicHermiteSpline(self.t, self.V, self.V_t)(at)
        return curve + (np.interp(at, self.t, self.bump) if np.ndim(self.bump) else self.bump)

    def _change(self, k: int) -> np.ndarray:
        """Return the derivative of the voltage by parameter k at fixed shares of the capacity, at the times of the trace."""
        assert self.V_p is not None and self.end_p is not None
        return self.V_p[:, k] + self.V_t * self.shares * self.end_p[k]

    def reach(self, k: int) -> float:
        """Return the largest derivative by parameter k: of the voltage [V], or relative, of the capacity."""
        assert self.end_p is not None
        return float(max(np.abs(self._change(k)).max(), abs(self.end_p[k]) / max(self.t[-1], 1.0)))

    def nudged(self, k: int, step: float) -> "Trace":
        """Return the trace for parameter k changed by a small `step`."""
        assert self.end_p is not None
        return replace(self, bump=self.bump + step * self._change(k), longer=self.longer + step * self.end_p[k])


@dataclass
class _Solved(Segment):
    """A segment with the derivatives of its states, and sensitivities (times, states, parameters)."""

    y_t: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)), repr=False)
    S: np.ndarray | None = field(default=None, repr=False)


class _Remembering(IDAKLU):
    """IDAKLU that integrates sensitivities to some inputs from a `seed` on, and keeps its `last` solution."""

    def __init__(self, built, solver, sensitive_to):
        super().__init__(built, solver)
        self.sensitive_to, self.seed, self.last = sensitive_to, None, None

    def solution(self, y, inputs, duration):
        """As `IDAKLU.solution`."""
        self.last = super().solution(y, inputs, duration, self.seed, calculate_sensitivities=self.sensitive_to)
        return self.last


class TraceStepper(Stepper):
    """A `Stepper` that starts afresh for each run and keeps what a `Trace` needs.

    Parameters
    ----------
    model, parameter_values, conditions, solver
        As for `Stepper`.
    sensitive_to : sequence of str
        Inputs to run sensitivities for, all of them in `conditions`.
    """

    built: Any

    def __init__(
        self,
        model: CellModel,
        parameter_values: pybamm.ParameterValues,
        conditions: Mapping[str, float],
        solver: pybamm.BaseSolver | None = None,
        sensitive_to: Sequence[str] = (),
    ):
        super().__init__(model, parameter_values, conditions, solver)
        used = {symbol.name for symbol in self.built.input_parameters}
        self.wanted = tuple(sensitive_to)
        self.sensitive_to = sorted(name for name in self.wanted if name in used)
        self.integrator = _Remembering(self.built, solver, self.sensitive_to)
        self.order = list(self.idle)
        self.S: np.ndarray | None = None
        self._functions: dict[tuple[str, str], casadi.Function] = {}
        self._analysers: dict[tuple[float, float], Analyser] = {}

    def traces(self, legs: Sequence[Leg], conditions: Mapping[str, float]) -> list[Trace]:
        """Run the legs from the fresh cell under `conditions` [SI]; returns a trace for each.

        Raises
        ------
        SolveError
            The integrator gave up.
        """
        self.restart(conditions)
        return [self._leg(leg) for leg in legs]

    def analyser(self, parameters: ParameterSet, inductance_H: float, lead_resistance_Ohm: float) -> Analyser:
        """Return an impedance analyser of this cell under its present conditions, built once for each pair of cables.

        Parameters
        ----------
        parameters : ParameterSet
            The set of the cell.
        inductance_H, lead_resistance_Ohm : float
            Of the cables [H, Ohm].
        """
        key = (inductance_H, lead_resistance_Ohm)
        if key not in self._analysers:
            self._analysers[key] = Analyser(self, parameters, np.array([]), *key)
        self._analysers[key].stepper.conditions = dict(self.conditions)
        return self._analysers[key]

    def _leg(self, leg: Leg) -> Trace:
        steps, place = leg.steps()
        segments = [self.run(step) for step in steps]
        return self._trace(leg, segments[place])

    def restart(self, conditions: Mapping[str, float]) -> None:
        """Go back to the fresh cell and its sensitivities, under `conditions` [SI]."""
        self.conditions = dict(conditions)
        self.y, S = (np.asarray(part) for part in self._function("start")(self._stacked(self.idle)))
        self.S, self.time = (S if self.sensitive_to else None), 0.0

    def _integrate(self, step, inputs, voltage):
        self.integrator.seed = {"all": self.S} if self.sensitive_to else None  # pyright: ignore[reportAttributeAccessIssue]
        plain = super()._integrate(step, inputs, voltage)
        solution = self.integrator.last  # pyright: ignore[reportAttributeAccessIssue]
        segment = _Solved(**vars(plain), y_t=np.asarray(solution.all_yps[0]))
        if self.sensitive_to:
            flat = np.asarray(solution._all_sensitivities["all"][0])
            segment.S = flat.reshape(len(segment.t), segment.y.shape[0], -1)
            self.S = segment.S[-1] + segment.y_t[:, -1:] * self._end_shift(segment)
        return segment

    def _end_shift(self, segment: _Solved) -> np.ndarray:
        """Return how the end of a step moves with the parameters [s], shape (parameters,)."""
        if segment.ended_by not in OBSERVED:
            return np.zeros(len(self.sensitive_to))
        watched = OBSERVED[segment.ended_by]
        _, slope = self._values(watched, segment, [-1])
        change = self._sensitivity(watched, segment, [-1])[0]
        return -change / slope[0]

    def _trace(self, leg: Leg, segment: Segment) -> Trace:
        if not isinstance(segment, _Solved):
            segment = _Solved(**vars(segment), y_t=np.zeros_like(segment.y), S=None if self.S is None else self.S[None])
        everywhere = slice(None)
        V, V_t = self._values(nm.VOLTAGE, segment, everywhere)
        V_p = end_p = None
        if self.sensitive_to:
            V_p = self._spread(self._sensitivity(nm.VOLTAGE, segment, everywhere))
            end_p = self._spread(self._end_shift(segment)[None])[0]
        elif self.wanted:
            V_p, end_p = np.zeros((len(V), len(self.wanted))), np.zeros(len(self.wanted))
        return Trace(segment.t, V, V_t, leg.current_mA_cm2, segment.ended_by, V_p, end_p)

    def _spread(self, columns):
        """Return the columns of `sensitive_to` at the places of `wanted`, zero for parameters that this cell does not have."""
        out = np.zeros((len(columns), len(self.wanted)))
        for k, name in enumerate(self.sensitive_to):
            out[:, self.wanted.index(name)] = columns[:, k]
        return out

    def _stacked(self, inputs):
        return np.array([float(inputs[name]) for name in self.order]).reshape(-1, 1)

    def _values(self, name, segment, at):
        """Return values and time derivatives of a variable at times of a segment."""
        t, y, y_t = segment.t[at], segment.y[:, at], segment.y_t[:, at]
        p = np.repeat(self._stacked(segment.inputs), len(t), axis=1)
        return np.asarray(self._function("value", name).map(len(t))(t.reshape(1, -1), y, y_t, p))

    def _sensitivity(self, name, segment, at):
        """Return the derivatives of a variable by the parameters at fixed time, (times, parameters)."""
        t, y, S = segment.t[at], segment.y[:, at], segment.S[at]
        p = np.repeat(self._stacked(segment.inputs), len(t), axis=1)
        function = self._function("gradient", name).map(len(t))
        stacked = np.asarray(function(t.reshape(1, -1), y, S.transpose(1, 0, 2).reshape(y.shape[0], -1), p))
        return stacked.reshape(len(t), -1)

    def _function(self, kind: str, name: str = "") -> casadi.Function:
        """Return a function of the built model, made once: "start", or "value" or "gradient" of variable `name`."""
        if (kind, name) not in self._functions:
            self._functions[kind, name] = self._start_function() if kind == "start" else self._variable(kind, name)
        return self._functions[kind, name]

    def _start_function(self) -> casadi.Function:
        """Return the initial state and its derivatives by the parameters as a function of the inputs."""
        p, inputs, chosen = self._symbols()
        y = casadi.MX.sym("y", self.built.len_rhs_and_alg)
        start = self.built.concatenated_initial_conditions.to_casadi(0, y, inputs=inputs)
        return casadi.Function("start", [p], [start, casadi.jacobian(start, p)[:, chosen]])

    def _variable(self, kind: str, name: str) -> casadi.Function:
        """Return a variable and its time derivative ("value"), or its derivatives by the parameters ("gradient")."""
        p, inputs, chosen = self._symbols()
        t, y = casadi.MX.sym("t"), casadi.MX.sym("y", self.built.len_rhs_and_alg)
        value = self.built.get_processed_variable(name).to_casadi(t, y, inputs=inputs)
        if kind == "value":
            other = casadi.MX.sym("y_t", y.shape[0])
            out = casadi.vertcat(value, casadi.jtimes(value, y, other) + casadi.jacobian(value, t))
        else:
            other = casadi.MX.sym("S", y.shape[0], len(chosen))
            out = casadi.mtimes(casadi.jacobian(value, y), other) + casadi.jacobian(value, p)[:, chosen]
        return casadi.Function(kind, [t, y, other, p], [out])

    def _symbols(self) -> tuple[casadi.MX, dict[str, casadi.MX], list[int]]:
        """Return the vector of inputs, its entries by name, and the places of the parameters with sensitivities."""
        p = casadi.MX.sym("p", len(self.order))
        inputs = {name: p[k] for k, name in enumerate(self.order)}
        return p, inputs, [self.order.index(name) for name in self.sensitive_to]
