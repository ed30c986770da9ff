"""Standard output and error of a command: what cannot be printed stops nothing, and is told at the end."""

import errno
import io
import os
from contextlib import suppress
from typing import Any


class Stream:
    """A stream that prints what it can: from the first failure on, a full disk or a closed pipe, everything goes nowhere.

    Parameters
    ----------
    stream : text stream or None
        None where whoever started the command has closed it.

    Attributes
    ----------
    failure : Exception or None
        Why not everything was printed.
    """

    def __init__(self, stream: Any):
        self.failure: Exception | None = None
        if stream is None:
            self.failure = OSError(errno.EBADF, "standard output is closed")
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
        self.stream = stream

    def write(self, text: str) -> int:
        """Print a text."""
        self._try(self.stream.write, text)
        return len(text)

    def flush(self) -> None:
        """Pass on what was printed so far."""
        self._try(self.stream.flush)

    def _try(self, act, *given):
        if self.failure is not None:
            return
        try:
            act(*given)
        except (OSError, ValueError) as error:
            self.failure = error
            self._let_go()

    def _let_go(self):
        """Send what the stream still holds nowhere, lest the interpreter complain at its end."""
        with suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), self.stream.fileno())

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
