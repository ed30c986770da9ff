"""How a command ends: with what it printed, or with one paragraph on standard error and an exit code that is not zero."""

import errno
import io
import os
import shutil
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress

from ..errors import KeptInMemoryWarning, NasimError, SolveError, printable
from ..files import reason

MISTAKE, FAILED, DEFECT = 2, 1, 3
"""Exit codes: something given makes no sense or cannot be written; a solve failed; nasim itself is at fault."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
STOPPED = "stopped by Ctrl-C. What was asked for with --out is there as far as it went; --resume goes on from it where a command has it."
TRACEBACK = "NASIM_TRACEBACK"
"""Environment variable with which a defect of nasim shows where it is."""


def ended(command: Callable[[], object]) -> int:
    """Run a command and return its exit code; whatever goes wrong is told in one paragraph.

    Parameters
    ----------
    command : callable
        May end with `SystemExit`, as those of typer do.
    """
    closed = _opened()
    warnings.showwarning, output = _warn, sys.stdout
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code = _code_of(command)
    try:
        if sys.stdout is not output:  # typer puts something in the place of a closed pipe, and says nothing
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
        output.flush()
        if closed and code == 0:
            raise OSError(errno.EBADF, "standard output is closed")
    except (OSError, ValueError) as error:
        return _unprinted(error)
    return code


def _opened():
    """Put something in the place of streams that whoever started the command has closed; whether that is standard output."""
    closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    return closed


def _code_of(command):
    try:
        command()
    except SystemExit as stop:
        if _interrupted(stop):  # typer makes an exit of Ctrl-C
            return _told(STOPPED, INTERRUPTED)
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else MISTAKE
    except SolveError as error:
        return _told(error, FAILED)
    except NasimError as error:
        return _told(error, MISTAKE)
    except BrokenPipeError as error:
        return _unprinted(error)
    except OSError as error:
        where = f"'{error.filename}': " if error.filename else ""
        return _told(f"{where}{reason(error)}.", MISTAKE)
    except KeyboardInterrupt:
        return _told(STOPPED, INTERRUPTED)
    except MemoryError:
        return _told("the memory of this machine does not suffice for that.", MISTAKE)
    except RecursionError:
        return _told("something given is nested too deeply.", MISTAKE)
    except Exception as error:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        text = f"this should not have happened ({type(error).__name__}: {reason(error)}). With {TRACEBACK}=1 it says where."
        return _told(text, DEFECT)
    return 0


def _interrupted(error):
    """Whether an error came of Ctrl-C."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None


def _told(message, code):
    with suppress(OSError, ValueError):
        text = f"nasim: {' '.join(printable(message).split())}"
        if sys.stderr.isatty():  # a terminal would break words at its edge
            text = textwrap.fill(
                text, shutil.get_terminal_size().columns, break_long_words=False, break_on_hyphens=False
            )
        print(text, file=sys.stderr, flush=True)
    return code


def _warn(message, category, filename, lineno, file=None, line=None):
    if issubclass(category, KeptInMemoryWarning):
        _told(f"warning: {message}", 0)
    else:
        with suppress(OSError, ValueError):
            sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))


def _unprinted(error):
    """Tell that standard output took not everything; what is left goes nowhere, lest the interpreter complain at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)
    return _told(f"not everything could be printed: {reason(error)}. Files that were asked for are written.", MISTAKE)
