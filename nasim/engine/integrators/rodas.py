"""RODAS4 in C around the CasADi graph of a built model: nasim's own integrator.

BDF keeps its order only while nothing turns, and a half cycle of a Na-S cell turns at every plateau: IDA takes some 900
steps a cycle, RODAS4 some 250 with a smaller true error (``c/rodas.c`` has the method). Tolerances are on PyBaMM's scaled
states, most of which are fractions.
"""

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...checks import require_positive, require_whole, require_within
from ...errors import SolveError
from ...nomenclature import STEP_SLOPE
from .compiled import compile_programs, pointer
from .functions import ModelFunctions, model_functions
from .interface import Advanced
from .library import library
from .plan import Plan
from .program import Program
from .structures import History, Pattern, Problem, address, reals, wholes
from .unrolled import unrolled

ROOM = 4096
"""Points for which there is room at first."""
MOST_STEPS = 200_000
LEAST_STEP = 1e-14
"""Length of a step [s] below which the integrator gives up."""
FAILURES = {
    -3: "the steps became too small to go on",
    -4: f"it took more than {MOST_STEPS} steps",
    -5: "the steps of another run did not serve here",
}
NO_ROOM = -2
MOST_COMPILED, MOST_UNROLLED = 20_000, 5_000
"""Instructions of a function up to which it is compiled, and entries of the factors up to which their substitution is: a
machine waits for code that is longer, and reads a list faster."""
SHORT_S, SHORT_FACTOR = 1000.0, 0.03
"""A step that an event ends within this time [s] is taken again, with tolerances times this factor. Cut off early it passes
little charge, against which an error of the voltage weighs more: a rate test has errors up to 1.3e-4 without."""


@dataclass(frozen=True)
class Rodas:
    """Choice of RODAS4 as the integrator, and of how exact it is.

    Parameters
    ----------
    rtol, atol : float
        Tolerances, relative and absolute, of PyBaMM's scaled states; a step that an event ends within 1000 s is taken again
        with 0.03 times both.
    compiled : bool
        Whether the model's own functions, but for those that are too long, are compiled by the C compiler of this machine,
        once, instead of evaluated from a list: faster cycles after a wait of seconds.
    first_step : float
        First step of the integrator after each change of what the cycler does [s].
    points : int
        Points that are kept of each step.

    Raises
    ------
    ProtocolError
        A number makes no sense.
    """

    rtol: float = 5e-5
    atol: float = 1e-6
    compiled: bool = False
    first_step: float = 1e-3
    points: int = 4

    def __post_init__(self):
        for name in ("rtol", "atol"):
            require_within("Rodas", name, getattr(self, name), "", (1e-15, 1.0))
        require_positive("Rodas", "first_step", self.first_step, "s")
        require_whole("Rodas", "points", self.points, 1)


class RodasIntegrator:
    """RODAS4 for one built model, an `Integrator`.

    Parameters
    ----------
    built : pybamm.BaseModel
        Discretised.
    inputs : sequence of str
        Names of its inputs.
    settings : Rodas
    functions : ModelFunctions, optional
        Where they are made already.

    Raises
    ------
    Unsupported
        The model cannot be expanded, or has algebraic equations.
    NoLibrary
        The library in C is missing and cannot be made here.
    """

    def __init__(self, built, inputs: Sequence[str], settings: Rodas, functions: ModelFunctions | None = None):
        self._library = library()
        self.settings, self.inputs = settings, list(inputs)
        self.functions = functions or model_functions(built, self.inputs, STEP_SLOPE)
        self._back = np.argsort(self.functions.order)
        self.problem = _Problem(self.functions, settings)
        self.problem.allocate(self._library)
        self._history = _Room(ROOM, len(self.functions.order))
        self._given, self._start = np.zeros(len(self.inputs)), np.zeros(len(self.functions.order))
        self._at = address(self._given), address(self._start)

    @property
    def programs(self) -> list[Program]:
        """The functions of the model as the library evaluates them: rate, local, events, drift."""
        return self.problem.programs

    @property
    def name(self) -> str:
        """As `solver=` has it."""
        return "rodas-compiled" if self.settings.compiled else "rodas"

    @property
    def rtol(self) -> float:
        """Relative tolerance."""
        return self.settings.rtol

    def tighter(self, factor: float) -> "RodasIntegrator":
        """Return the integrator with both tolerances times `factor`."""
        settings = replace(self.settings, rtol=factor * self.settings.rtol, atol=factor * self.settings.atol)
        return RodasIntegrator(None, self.inputs, settings, self.functions)

    def advance(self, y: np.ndarray, inputs: Mapping[str, float], duration: float) -> Advanced:
        """As `Integrator.advance`."""
        self._take(y, inputs)
        driven = self._driven(inputs)
        found = self._returned(self._ended(duration, driven))
        if found.ended_by == "time" or found.t[-1] > SHORT_S:
            return found
        self.problem.tolerate(SHORT_FACTOR * self.settings.rtol, SHORT_FACTOR * self.settings.atol)
        try:
            return self._returned(self._ended(duration, driven))
        finally:
            self.problem.tolerate(self.settings.rtol, self.settings.atol)

    def steps_taken(self) -> np.ndarray:
        """Return the times [s] between which the last call of `advance` stepped; the last lies beyond an event that ended it."""
        ends = self._history.time[: self._history.structure.points : self.settings.points].copy()
        ends[1:][-1:] = ends[:-1][-1:] + self._history.structure.last
        return ends

    def repeat(
        self, y: np.ndarray, inputs: Mapping[str, float], ends: np.ndarray, event: str, share: float
    ) -> Advanced:
        """Take steps of an earlier call of `advance` again, without control of their error.

        Parameters
        ----------
        y, inputs
            As those of `advance`.
        ends : array, shape (steps + 1,)
            Times between which it stepped, as `steps_taken` gives them [s].
        event : str
            What ended it; an event is looked for on the last step, also a little beyond, and ends the step there.
        share : float
            Share of the last step at which the event lay.

        Raises
        ------
        SolveError
            A step cannot be taken from here, or the event is not near its end.
        """
        self._take(y, inputs)
        number = -1 if event == "time" else self.functions.event_names.index(event)
        self._history = _Room.at_least(1 + self.settings.points * (len(ends) - 1), self._history)
        ended = self._library.replay(
            *(ctypes.byref(self.problem.structure), *self._at, address(ends), len(ends) - 1),
            *(number, share, self._driven(inputs), self.settings.points, ctypes.byref(self._history.structure)),
        )
        if ended in FAILURES:
            raise SolveError(FAILURES[ended])
        return self._returned(ended)

    def _take(self, y, inputs):
        """Take inputs and state in, as the library wants them."""
        self._given[:] = list(map(inputs.__getitem__, self.inputs))
        self._start[:] = y[self.functions.order, 0]

    def _driven(self, inputs):
        """Whether the rates depend on time."""
        return bool(inputs[STEP_SLOPE]) or self.functions.drifts

    def _ended(self, duration, driven) -> int:
        """Number of the event that ended a step, or -1 for its time; room is made as it is needed."""
        ended = self._call(duration, driven)
        while ended == NO_ROOM:
            self._history = _Room.at_least(4 * self._history.room, self._history)
            ended = self._call(duration, driven)
        if ended in FAILURES:
            raise SolveError(FAILURES[ended])
        return ended

    def _returned(self, ended) -> Advanced:
        """What the history holds, once a step has ended."""
        t, states = self._history.points()
        event = "time" if ended < 0 else self.functions.event_names[ended]
        return Advanced(t, states[:, self._back].T, event, self._history.structure.accepted)

    def _call(self, duration, driven):
        problem, history = ctypes.byref(self.problem.structure), ctypes.byref(self._history.structure)
        first, each = min(self.settings.first_step, duration), self.settings.points
        return self._library.advance(problem, *self._at, duration, first, driven, each, MOST_STEPS, history)


class _Problem:
    """The structure of a model, and the arrays that it points into."""

    def __init__(self, functions: ModelFunctions, settings: Rodas):
        parts = (functions.rate, functions.local, functions.events, functions.drift)
        self.programs = [part if isinstance(part, Program) else Program(part, functions.alike) for part in parts]
        self.atol = np.full(len(functions.order), settings.atol)
        self.plan = functions.jacobian
        self.structure = Problem(
            *(program.structure for program in self.programs),
            _pattern(functions.jacobian),
            len(functions.event_names),
            settings.rtol,
            LEAST_STEP,
            reals(self.atol),
        )
        if settings.compiled:
            self._compile(parts)

    def _compile(self, functions):
        chosen = [k for k, program in enumerate(self.programs) if program.steps <= MOST_COMPILED]
        short = self.plan.by_rows and self.plan.stored <= MOST_UNROLLED
        more = unrolled(self.plan) if short else ""
        made = compile_programs([self.programs[k] for k in chosen], [functions[k] for k in chosen], more)
        for name, program in zip(("rate", "local", "events", "drift"), self.programs, strict=True):
            setattr(self.structure, name, program.structure)
        self.structure.jacobian.solve = pointer(made, "solve") if more else None

    def allocate(self, library) -> None:
        """Give the structure its working memory."""
        self.memory = np.zeros(library.memory_needed(ctypes.byref(self.structure)))
        self.structure.memory = reals(self.memory)

    def tolerate(self, rtol: float, atol: float) -> None:
        """Set both tolerances."""
        self.structure.rtol, self.atol[:] = rtol, atol


class _Room:
    """Where the points of a step go."""

    def __init__(self, room: int, size: int):
        self.room, self.time, self.states = room, np.zeros(room), np.zeros((room, size))
        self.structure = History(reals(self.time), reals(self.states), room)

    @classmethod
    def at_least(cls, room: int, present: "_Room") -> "_Room":
        """Return the present room where it suffices, else another."""
        return present if room <= present.room else cls(room, present.states.shape[1])

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Times, shape (n,), and states (n, states) of the points that were kept."""
        count = self.structure.points
        return self.time[:count].copy(), self.states[:count]


def _pattern(plan: Plan) -> Pattern:
    """The structure of a plan."""
    return Pattern(*plan[:4], *(wholes(array) for array in plan[5:]), None)
