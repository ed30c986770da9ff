"""What an open page has on its desk: its cells' values, what could be run of them last, and long runs in the background."""

import dataclasses
from collections.abc import Mapping

from ..errors import NasimError
from ..results.result import Result
from . import cases, choices
from .jobs import Job
from .measured import Overlay

QUICK = 8
"""Cycles up to which a run is waited for."""
COARSE = 2
"""Cycles that are shown of a longer one until it is done."""
PATIENCE_S = 0.1
"""A longer run that is done within this time is shown at once [s]."""


class Desk:
    """Values, results and runs of a page.

    Parameters
    ----------
    values : mapping letter -> Values
        What the controls of each cell stand at.
    refused : mapping name -> {field: message}
        What an address asked for that the controls could not take; said until a value of the cell changes.

    Attributes
    ----------
    shown : dict name -> (Case, Result)
        What could be run last.
    coarse : dict name -> Job
        Runs of which the first cycles are shown so far.
    wrong : dict name -> {field: message}
        Why the newest values could not be run.
    overlay : Overlay or None
        A user's own curve.
    """

    def __init__(self, values: Mapping[str, choices.Values], refused: Mapping[str, dict[str, str]] | None = None):
        self.values: dict[str, choices.Values] = dict(values)
        self._refused, self._first = dict(refused or {}), {}
        self.shown: dict[str, tuple[cases.Case, Result]] = {}
        self.coarse: dict[str, Job] = {}
        self.wrong: dict[str, dict[str, str]] = {}
        self.overlay: Overlay | None = None
        self._jobs: dict[str, Job] = {}

    def answer(self, values: Mapping[str, choices.Values]) -> None:
        """Run what the values mean, or begin to; where they make no sense, what was shown stays.

        Parameters
        ----------
        values : mapping letter -> Values
            Of the cells that are on the page.
        """
        self.values = dict(values)
        self._first = dict(values) | self._first
        names = {f"Cell {letter}": chosen for letter, chosen in values.items()}
        for gone in {*self._jobs} - {*names}:
            self._stop(gone)
        self.shown = {name: found for name, found in self.shown.items() if name in names}
        self.coarse, self.wrong = {}, {}
        for name, chosen in names.items():
            case = choices.case_of(chosen)
            try:
                self.shown[name] = case, self._result(name, case)
            except NasimError as error:
                self.wrong[name] = {choices.at_field(case, error): choices.words_of(error)}

    @property
    def said(self) -> dict[str, dict[str, str]]:
        """What there is to say at fields, name -> {field: message}: what is wrong, and what an address could not set."""
        still = {
            name: found
            for name, found in self._refused.items()
            if self.values.get(name[-1]) == self._first.get(name[-1], self.values.get(name[-1]))
        }
        return {name: still.get(name, {}) | self.wrong.get(name, {}) for name in {**still, **self.wrong}}

    def _result(self, name, case):
        """What to show now; a long run goes on in the background."""
        if cases.kept(case) or case.cycles <= QUICK:
            self._stop(name)
            return cases.run(case)
        job = self._jobs.get(name)
        if job is None or job.case != case:
            self._stop(name)
            cases.run(_first_of(case))
            job = self._jobs[name] = Job(case)
            job.wait(PATIENCE_S)
        if job.problem and not job.cancelled:
            raise job.problem
        if job.result:
            return job.result
        self.coarse[name] = job
        return cases.run(_first_of(case))

    def _stop(self, name):
        if old := self._jobs.pop(name, None):
            old.cancel()


def _first_of(case):
    return dataclasses.replace(case, cycles=COARSE)
