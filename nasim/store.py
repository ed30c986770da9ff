"""Files that a computation leaves: each appears whole or not at all, and only the same computation goes on from it.

A checkpoint holds a *description*, a dict of all that its numbers depend on. Runs (`nasim.engine.checkpoint`), fits
(`nasim.fit.store`) and sweeps (`nasim.sweep.store`) compare it with their own before they resume.
"""

import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .errors import DataFileError, ProtocolError

DESCRIPTION = "description"
"""Name of the array that holds the description, as JSON."""
MOST_SHOWN = 3
"""Differences that a message lists."""


def write_whole(path: str | os.PathLike, write: Callable[[str], Any]) -> None:
    """Write to a temporary neighbour of `path`, then move it into place.

    Parameters
    ----------
    path : path
        Its folder is made if need be.
    write : callable (path)
        Writes the file at the path that it is given; what it raises leaves `path` as it was.
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


def write_text(path: str | os.PathLike, text: str) -> None:
    """Write `text` to `path` in UTF-8, whole or not at all."""
    write_whole(path, lambda part: Path(part).write_text(text, encoding="utf-8"))


def as_json(description: Mapping) -> dict:
    """Return a description as it reads after it was written as JSON, which is how descriptions are compared.

    >>> as_json({"window": (0.7, 2.6), "path": Path("a")})
    {'window': [0.7, 2.6], 'path': 'a'}
    """
    return json.loads(json.dumps(description, default=_plain))


def _plain(value):
    return value.item() if hasattr(value, "item") else str(value)


def resume_from(who: str, path: str | os.PathLike | None, resume: bool) -> Path | None:
    """Return the path of the checkpoint to go on from, None where the computation begins anew.

    Parameters
    ----------
    who : str
        What a message begins with.
    path : path, optional
        Where the checkpoint is or will be.
    resume : bool
        Whether to go on from it if there is one.

    Raises
    ------
    ProtocolError
        There is no path to resume from.
    """
    if resume and path is None:
        raise ProtocolError(
            f"{who}: to resume, say where the checkpoint is: checkpoint='FILE' (or --out on the command line)."
        )
    return Path(path) if resume and path is not None and Path(path).exists() else None


def save_arrays(path: str | os.PathLike, description: Mapping, arrays: Mapping[str, Any]) -> None:
    """Write a checkpoint as a NumPy archive without pickles.

    Parameters
    ----------
    path : path
    description : mapping
        What the arrays depend on; takes what JSON takes.
    arrays : mapping name -> array
    """

    text: Any = np.array(json.dumps(as_json(description)))

    def write(part):
        with open(part, "wb") as file:
            np.savez(file, allow_pickle=False, **{DESCRIPTION: text, **arrays})

    write_whole(path, write)


def load_arrays(path: str | os.PathLike, what: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Return description and arrays, by name, of a checkpoint that `save_arrays` wrote.

    Parameters
    ----------
    path : path
    what : str
        What the file should be a checkpoint of, for messages: "a fit".

    Raises
    ------
    DataFileError
        The file is no such archive.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        return json.loads(str(arrays.pop(DESCRIPTION))), arrays
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataFileError(f"'{path}' cannot be read as a checkpoint of {what}: {error}") from None


def check_same(path: str | os.PathLike, what: str, stored: Mapping, description: Mapping) -> None:
    """Check that a checkpoint was written by the same computation.

    Parameters
    ----------
    path : path
        For the message.
    what : str
        What the computation is called: "run", "fit", "sweep".
    stored, description : mapping
        Description in the file, and of the computation that would go on from it.

    Raises
    ------
    ProtocolError
        They differ; the message says where.
    """
    differ = list(_differences(stored, as_json(description)))
    if differ:
        more = f"; and {len(differ) - MOST_SHOWN} more" if len(differ) > MOST_SHOWN else ""
        raise ProtocolError(
            f"The checkpoint '{path}' belongs to another {what}: {'; '.join(differ[:MOST_SHOWN])}{more}. "
            "Resume with the same values, or start anew with another file."
        )


def _differences(old: Mapping, new: Mapping, where: str = "") -> Iterator[str]:
    """Yield a text for each place where two descriptions differ."""
    for key in sorted(set(old) | set(new)):
        before, now, name = old.get(key), new.get(key), f"{where}{key}"
        if isinstance(before, dict) and isinstance(now, dict):
            yield from _differences(before, now, f"{name}: ")
        elif before != now:
            yield f"{name} was {before!r} and is {now!r}"
