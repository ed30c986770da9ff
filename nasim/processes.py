"""Processes of this machine that compute side by side: started from a guarded script, ended with whoever started them."""

import ast
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing import get_context, parent_process
from typing import Any

from .checks import require_whole
from .errors import ProtocolError, SolveError

GUARD = (
    'calculations with several processes stand below `if __name__ == "__main__":`, since each process reads the script when '
    "it starts"
)


MOST = 256
"""Processes at most: with more, a slip of the pen would take a machine down."""


def checked_number(who: str, number: int | None) -> int:
    """Return a number of processes; None stands for one a processor.

    Raises
    ------
    ProtocolError
        It is no whole number from 1 to `MOST`.
    """
    return os.cpu_count() or 1 if number is None else require_whole(who, "the number of processes", number, 1, MOST)


class Pool(ProcessPoolExecutor):
    """An executor whose processes do not hear Ctrl-C: who uses them does, and then they end at once."""

    def submit(self, *given: Any, **options: Any) -> Any:
        """As `concurrent.futures.Executor.submit`."""
        with _deaf():
            return super().submit(*given, **options)

    def end(self) -> None:
        """End the processes, whatever they are at."""
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()

    def __exit__(self, kind, error, trace):
        """Wait for what is at work, unless something else than an error, such as Ctrl-C, ends the whole."""
        if kind is not None and not issubclass(kind, Exception):
            self.end()
        return super().__exit__(kind, error, trace)


@contextmanager
def _deaf() -> Iterator[None]:
    """What starts in here does not hear Ctrl-C; it is heard here afterwards."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def pool(
    who: str,
    number: int,
    begin: Callable | None = None,
    given: tuple = (),
    loads: Sequence[str] = ("pybamm",),
    script: bool = True,
) -> Pool:
    """Return an executor of `number` new processes, which start now and end when this one does, however it ends.

    Parameters
    ----------
    who : str
        What a message begins with.
    number : int
    begin : callable, optional
        Called in each process as it starts, with the arguments `given`.
    loads : sequence of str
        Modules that the processes will need. Where there is a fork server (Linux), the first pool of a script has it import
        them once, and processes branch off from there; elsewhere each imports what it needs.
    script : bool
        Whether the processes read the script that runs, for functions and classes that it defines; without it they start
        as fast whatever that imports.

    Raises
    ------
    ProtocolError
        The script that runs has no guard, so that each process would start the calculation again.
    """
    if script and _reads_script_again() and not _guarded(sys.modules["__main__"].__file__):
        raise ProtocolError(f"{who}: this script would be started again by each process: {GUARD}.")
    executor = Pool(checked_number(who, number), _context(loads), initializer=_started, initargs=(begin, given))
    with nullcontext() if script else _script_hidden():
        executor.submit(os.getpid)  # the first task starts all processes
    return executor


@contextmanager
def _script_hidden() -> Iterator[None]:
    """Hide the file of the script that runs, which processes that start would read."""
    main = sys.modules["__main__"]
    file = vars(main).pop("__file__", None)
    try:
        yield
    finally:
        if file is not None:
            main.__file__ = file


def _context(loads):
    """How processes start: macOS has a fork server, too, but its own libraries do not bear it."""
    if sys.platform != "linux":
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(list(loads))
    return context


def died(who: str, resumable: str) -> SolveError:
    """Return the error of a calculation that lost a process; `resumable` says how it goes on.

    >>> print(died("sweep", "run again with --resume"))
    sweep: a worker died (killed, or out of memory): run again with --resume.
    """
    return SolveError(f"{who}: a worker died (killed, or out of memory): {resumable}.")


def _started(begin: Callable | None, given: tuple) -> Any:
    """Prepare a process: it ends when its parent is gone, so that none is left behind."""
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
    if begin is not None:
        begin(*given)


def _reads_script_again():
    main = sys.modules["__main__"]
    return getattr(main, "__spec__", None) is None and bool(getattr(main, "__file__", None))


def _guarded(script):
    """Whether a script asks for its own name before it does things; unreadable counts as yes."""
    with suppress(OSError, ValueError, SyntaxError):
        with open(script, "rb") as file:
            tree = ast.parse(file.read())
        return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(tree))
    return True
