"""How a command ends: with what it printed, or with one paragraph on standard error and an exit code that is not zero."""

import os
import shutil
import sys
import textwrap
import traceback
import warnings
from collections.abc import Callable

from ..errors import NasimError, SolveError, printable
from ..files import reason
from .streams import Stream

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
    before, output = (sys.stdout, sys.stderr), Stream(sys.stdout)
    sys.stdout, sys.stderr = output, Stream(sys.stderr)
    warnings.showwarning = _warn
    try:
        code, said = _outcome(command)
        output.flush()
        if output.failure is not None:
            written = "" if code else " Files that were asked for are written."
            said = f"{said} Not everything could be printed: {reason(output.failure)}.{written}"
            code = code or MISTAKE
        if said:
            _tell(said)
        return code
    finally:
        sys.stdout, sys.stderr = before


def _outcome(command):
    """Exit code of a command and what is to be told of its end."""
    try:
        command()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else MISTAKE, ""
    except SolveError as error:
        return FAILED, str(error)
    except NasimError as error:
        return MISTAKE, str(error)
    except OSError as error:
        where = f"'{error.filename}': " if error.filename else ""
        return MISTAKE, f"{where}{reason(error)}."
    except KeyboardInterrupt:
        return INTERRUPTED, STOPPED
    except MemoryError:
        return MISTAKE, "the memory of this machine does not suffice for that."
    except RecursionError:
        return MISTAKE, "something given is nested too deeply."
    except Exception as error:
        if os.environ.get(TRACEBACK):
            traceback.print_exc()
        text = f"this should not have happened ({type(error).__name__}: {reason(error)}). With {TRACEBACK}=1 it says where."
        return DEFECT, text
    return 0, ""


def _tell(message):
    text = f"nasim: {' '.join(printable(message).split())}"
    if sys.stderr.isatty():  # a terminal would break words at its edge
        text = textwrap.fill(text, shutil.get_terminal_size().columns, break_long_words=False, break_on_hyphens=False)
    print(text, file=sys.stderr, flush=True)


def _warn(message, category, filename, lineno, file=None, line=None):
    if issubclass(category, UserWarning):
        _tell(f"warning: {message}")
    else:
        sys.stderr.write(warnings.formatwarning(message, category, filename, lineno, line))
