"""Processes of this machine that compute side by side: started from a guarded script, ended with whoever started them."""

import ast
import os
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context, parent_process
from typing import Any

from .errors import ProtocolError, SolveError

GUARD = (
    'calculations with several processes stand below `if __name__ == "__main__":`, since each process reads the script when '
    "it starts"
)


def pool(
    who: str, number: int, begin: Callable | None = None, given: tuple = (), loads: Sequence[str] = ("pybamm",)
) -> ProcessPoolExecutor:
    """Return an executor of `number` new processes, which end when this one does, however it ends.

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

    Raises
    ------
    ProtocolError
        The script that runs has no guard, so that each process would start the calculation again.
    """
    if _reads_script_again() and not _guarded(sys.modules["__main__"].__file__):
        raise ProtocolError(f"{who}: this script would be started again by each process: {GUARD}.")
    return ProcessPoolExecutor(number, _context(loads), initializer=_started, initargs=(begin, given))


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
