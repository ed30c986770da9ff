"""Files that appear whole or not at all, and what was installed when they were written."""

import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from .. import __version__


def write_whole(path: str | os.PathLike, write: Callable[[str], Any]) -> None:
    """Write a file through a temporary neighbour that is moved into place.

    Parameters
    ----------
    path : path
        Folders on the way are made.
    write : callable (path)
        Writes the content to the path that it is given.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=path.suffix)
    os.close(handle)
    try:
        write(part)
        os.chmod(part, 0o644)
        os.replace(part, path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def versions() -> dict[str, str]:
    """Return the versions of what computes a result."""
    return {"nasim": __version__} | {name: _version(name) for name in ("pybamm", "casadi", "numpy", "scipy")}


@cache
def _version(name):
    from importlib.metadata import version

    return version(name)
