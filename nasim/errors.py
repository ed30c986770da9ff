"""Every exception that nasim raises for a user to read.

Each one is a `NasimError` and also the built-in class that fits, so both ``except nasim.NasimError`` and
``except ValueError`` work. Messages are one paragraph: who, what was given, what was expected, the nearest match.
"""

import inspect
import sys
from difflib import get_close_matches
from typing import Any

DISTRIBUTION = "nasim-cells"
"""Name under which pip knows this package; the distribution "nasim" is another project with the same import name."""

if getattr(sys.modules["nasim"], "__distribution__", None) != DISTRIBUTION:
    raise ImportError(
        f"The package 'nasim' at {sys.modules['nasim'].__file__} is not that of {DISTRIBUTION}: the distribution 'nasim', a simulator "
        f"of computer networks, has the same import name and was installed over it. For this environment to simulate cells: "
        f"python -m pip uninstall -y nasim {DISTRIBUTION}, then python -m pip install {DISTRIBUTION}."
    )

MOST_SHOWN = 80
"""Characters of something given that a message repeats."""
LONGEST = 2000
"""Characters of a whole message."""


class NasimError(Exception):
    """Base of all errors that a nasim user can cause or must know of."""

    def __str__(self):
        text = printable(" ".join(str(part) for part in self.args))
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]} ..."


class UnknownNameError(NasimError, KeyError):
    """A name (set, parameter, variable, submodel, option) that does not exist."""


class ParameterSetError(NasimError, ValueError):
    """A parameter-set file, or an override, that cannot be accepted."""


class CompositionError(NasimError, ValueError):
    """Submodels that do not fit together: a variable is missing, given twice, or needs itself."""


class ProtocolError(NasimError, ValueError):
    """A protocol that makes no sense: window upside down, zero current, impossible temperature or pressure."""


class SolveError(NasimError, RuntimeError):
    """The integration failed or a step ended where it should not; `result` holds what was finished before."""

    def __init__(self, message, result=None):
        super().__init__(message)
        self.result = result


class DataFileError(NasimError, ValueError):
    """A measured or saved file that cannot be read as what it claims to be."""


class OutputError(NasimError, OSError):
    """A file or folder that cannot be written: read-only, full, a file where a folder should be, or held by another run.

    `result` holds what was computed, where that is so.
    """

    result: Any = None


class KeptInMemoryWarning(UserWarning):
    """A checkpoint could not be written: the run goes on, and only a kill would cost what it has so far."""


class MissingExtraError(NasimError, ImportError):
    """An optional dependency is needed; the message names the extra that installs it."""


def install(extra):
    """The command that installs an extra of this package.

    >>> install("lab")
    'python -m pip install "nasim-cells[lab]"'
    """
    return f'python -m pip install "{DISTRIBUTION}[{extra}]"'


def nearest(name, known, n=3):
    """Sentence naming the closest of `known` to `name`, or an empty string when nothing is close.

    >>> nearest("Separator thicknes [m]", ["Separator thickness [m]", "Temperature [K]"], n=1)
    "The nearest match is 'Separator thickness [m]'."
    >>> nearest("Nonsense [m]", ["Separator thickness [m]", "Carbon density [kg.m-3]"])
    ''
    """
    lowered = {_compared(item): str(item) for item in known}
    matches = [lowered[m] for m in get_close_matches(_compared(name), lowered, n=n, cutoff=0.5)]
    if not matches:
        return ""
    quoted = " or ".join(f"'{printable(match)[:MOST_SHOWN]}'" for match in matches)
    return f"The nearest match is {quoted}."


def _compared(name):
    """A name without its unit, which many others share."""
    return str(name).lower().split(" [")[0]


def printable(text):
    """Text as it may go to a terminal: what would move the cursor or change colours stands there as its code.

    >>> printable("a\\x1b[31mb, µ")
    'a\\\\x1b[31mb, µ'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in str(text))


def brief(given):
    """What was given, as a message shows it, cut short where it is long.

    >>> brief("NAS"), len(brief("9" * 5000)), brief(10**5000)
    ("'NAS'", 80, 'a whole number of more than 300 digits')
    """
    if isinstance(given, int) and abs(given) >= 10**300:
        return "a whole number of more than 300 digits"
    words = " ".join(repr(given).split())
    return words if len(words) <= MOST_SHOWN else f"{words[: MOST_SHOWN - 4]} ..."


def shown(given):
    """What was given, as a message shows it.

    >>> shown(int), shown(shown), shown("NAS")
    ('the class int', 'the function shown', "'NAS'")
    """
    if inspect.isclass(given):
        return f"the class {given.__name__}"
    return f"the function {given.__name__}" if inspect.isfunction(given) else repr(given)
