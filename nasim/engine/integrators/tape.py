r"""Derivatives of what was computed: the steps of a run are kept on a tape, and taken again with a parameter changed a little.

Two runs that choose their own steps differ by their tolerances, also where a parameter has changed by next to nothing, so
that their difference is noise. On the same steps the computed state is a smooth function of parameters and initial state,
and so is the time at which an event ends a step of the protocol; differences of a small change are then the derivatives of
the computed numbers themselves, through all steps and events (H. G. Bock's internal numerical differentiation, Springer
Series in Chemical Physics 18 (1981) 102). ``c/replay.c`` takes the steps.

How the end of a step moves hangs on how steep the cut-off quantity is there. The slope of the dense output within one step is
far less exact than the state, so that the step in which an event lies is taken again in smaller ones: with rtol 1e-6 the
derivatives of capacities over two cycles are then off by 3e-4 of their value, and by 1e-2 without.
"""

from collections.abc import Callable, Mapping
from math import isclose
from typing import NamedTuple

import numpy as np

from ...errors import ProtocolError, SolveError
from .interface import Advanced
from .rodas import RodasIntegrator

LEAST_POINTS = 3
"""Points of a step that are needed, beside its start, to have back its dense output, a cubic."""
FINER = 16
"""Parts in which a step is taken again in which an event lies."""
WITHIN = 0.25
"""Least share of such a part at which an event lies."""
NEAR = 1e-2
"""Share by which the duration of a step of the protocol may differ when it is taken again."""
Watch = Callable[[int, Mapping[str, float], Advanced], None]
"""Called with the number of each step of the protocol, its inputs and how it went."""


class Steps(NamedTuple):
    """Steps of the integrator within one step of a protocol.

    Attributes
    ----------
    duration : float
        Longest time that the protocol gave [s].
    ends : array, shape (steps + 1,)
        Times between which they lie, the last one perhaps beyond an event [s].
    ended_by : str
    share : float
        Share of the last one at which the event lay.
    """

    duration: float
    ends: np.ndarray
    ended_by: str
    share: float


class Taped:
    """RODAS4 that keeps its steps on a tape, and takes them again when it is told to: an `Integrator`.

    Parameters
    ----------
    integrator : RodasIntegrator
    tape : list of Steps, optional
        Goes on with this one.

    Raises
    ------
    ProtocolError
        Another integrator, or one that keeps too few points of a step.
    """

    def __init__(self, integrator, tape: list[Steps] | None = None):
        if not isinstance(integrator, RodasIntegrator):
            raise ProtocolError(f"sensitivities: the cell runs with '{integrator.name}'; expected 'rodas'.")
        if integrator.settings.points < LEAST_POINTS:
            given = f"Rodas(points={integrator.settings.points}) was given"
            raise ProtocolError(f"sensitivities: {given}; expected at least {LEAST_POINTS} points.")
        self.integrator, self.name, self.rtol = integrator, integrator.name, integrator.rtol
        self.tape = [] if tape is None else tape
        self.watch: Watch | None = None
        self._place: int | None = None

    @property
    def points(self) -> int:
        """Points that are kept of each step, beside its start."""
        return self.integrator.settings.points

    def record(self) -> None:
        """Begin a new tape."""
        self.tape.clear()
        self._place = None

    def rewind(self) -> None:
        """From now on take the steps of the tape, from its beginning."""
        self._place = 0

    def tighter(self, factor: float) -> "Taped":
        """Return the integrator with both tolerances times `factor`, on the same tape; a tape has the tolerances of its run."""
        if self._place is not None:
            return self
        other = Taped(self.integrator.tighter(factor), self.tape)
        other.watch = self.watch
        return other

    def advance(self, y: np.ndarray, inputs: Mapping[str, float], duration: float) -> Advanced:
        """As `Integrator.advance`."""
        number = len(self.tape) if self._place is None else self._place
        if self._place is None:
            found = self._recorded(y, inputs, duration)
        else:
            found = self._again(self._place, y, inputs, duration)
            self._place += 1
        if self.watch:
            self.watch(number, inputs, found)
        return found

    def _recorded(self, y, inputs, duration):
        found, ends = self.integrator.advance(y, inputs, duration), self.integrator.steps_taken()
        self.tape.append(_steps(duration, ends, found.ended_by, float(found.t[-1])))
        return found

    def _again(self, place, y, inputs, duration):
        if place == len(self.tape) or not isclose(self.tape[place].duration, duration, rel_tol=NEAR):
            raise SolveError("the protocol is not that of the run whose steps are taken again")
        _, ends, event, share = self.tape[place]
        if event == "time" and len(ends) > 1:  # of a protocol whose times hang on what the cell does
            ends = np.append(ends[:-1], duration)
        return self.integrator.repeat(y, inputs, ends, event, share)


def _steps(duration, ends, ended_by, end):
    """Steps to take again: as they were, but for that in which an event lies, of which only the parts up to it.

    The event lies well within the last of them, which joins the one before it where it would not: it will move.
    """
    if ended_by == "time":
        return Steps(duration, ends, ended_by, 1.0)
    parts = np.linspace(ends[-2], ends[-1], FINER + 1)
    ends = np.append(ends[:-2], parts[: 1 + max(int(np.searchsorted(parts, end)), 1)])
    if end - ends[-2] < WITHIN * (ends[-1] - ends[-2]) and len(ends) > 2:
        ends = np.delete(ends, -2)
    return Steps(duration, ends, ended_by, float((end - ends[-2]) / (ends[-1] - ends[-2])))


def between(found: Advanced, points: int, steps: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Return states on the dense output, shape (states, n).

    Parameters
    ----------
    found : Advanced
        With `points` points of each step of RODAS4, beside its start.
    points : int
    steps : array of int, shape (n,)
        Numbers of the steps whose output it is.
    t : array, shape (n,)
        Times from the start, which may lie a little outside of them [s].
    """
    if len(found.t) == 1:
        return np.repeat(found.y, len(t), axis=1)
    nodes = np.arange(points + 1)
    start, end = found.t[steps * points], found.t[(steps + 1) * points]
    away = (points * (t - start) / (end - start))[:, None] - nodes
    weights = np.ones((len(t), points + 1))
    for node in nodes:
        others = np.delete(nodes, node)
        weights[:, node] = np.prod(away[:, others], axis=1) / np.prod(node - others)
    return np.einsum("snm,nm->sn", found.y[:, steps[:, None] * points + nodes], weights)
