"""What a numpydoc docstring says of each parameter, for the help of the command line."""

import inspect
import re

_ENTRY = re.compile(r"^(?P<names>\w+(?:, \w+)*) : .+$")


def described_parameters(documented: object) -> dict[str, str]:
    """Return the descriptions in the section Parameters of a docstring, name -> text on one line.

    Parameters
    ----------
    documented : object
        Whose docstring is read.

    Examples
    --------
    >>> def wait(hours, every_h): '''Wait.
    ...
    ...     Parameters
    ...     ----------
    ...     hours, every_h : float
    ...         Length and interval
    ...         [h].
    ...     '''
    >>> described_parameters(wait)
    {'hours': 'Length and interval [h].', 'every_h': 'Length and interval [h].'}
    """
    texts, names = {}, ()
    for line in _section(inspect.getdoc(documented) or ""):
        entry = _ENTRY.match(line)
        if entry:
            names = entry["names"].split(", ")
        elif line.startswith(" "):
            texts |= {name: f"{texts.get(name, '')} {line.strip()}".strip() for name in names}
    return texts


def _section(text):
    """The lines of the section Parameters."""
    lines = text.splitlines()
    if "Parameters" not in lines:
        return []
    start = lines.index("Parameters") + 2
    ends = [k for k in range(start, len(lines)) if lines[k].startswith("---")]
    return lines[start : ends[0] - 1] if ends else lines[start:]
