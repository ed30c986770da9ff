"""A run in the background of the page, which tells how far it is and can be ended."""

import threading

from ..errors import NasimError, ProtocolError
from ..results.result import Result
from .cases import WHO, Case, run


class Job:
    """A case that is being run.

    Parameters
    ----------
    case : Case

    Attributes
    ----------
    cycle : int
        Cycles that are done.
    result : Result or None
        Once it is done.
    problem : NasimError or None
        Why there is no result.
    """

    def __init__(self, case: Case):
        self.case, self.cycle = case, 0
        self.result: Result | None = None
        self.problem: NasimError | None = None
        self._ended, self._unwanted = threading.Event(), threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    @property
    def busy(self) -> bool:
        """Whether it is still running."""
        return not self._ended.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether it was ended before it was done."""
        return self._unwanted.is_set() and self.result is None

    def cancel(self) -> None:
        """End it after the cycle in which it is."""
        self._unwanted.set()

    def wait(self, seconds: float) -> bool:
        """Wait for its end at most so long [s]; whether it has ended."""
        return self._ended.wait(seconds)

    def _watch(self, number):
        self.cycle = number
        if self._unwanted.is_set():
            raise ProtocolError(f"{WHO}: ended in cycle {number}.")

    def _work(self):
        try:
            if not self._unwanted.is_set():
                self.result = run(self.case, self._watch)
        except NasimError as error:
            self.problem = error
        finally:
            self._ended.set()
