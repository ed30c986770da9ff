"""Checkpoints that a computation leaves: only the same computation goes on from one, and only if it is whole.

A checkpoint holds a *description*, a dict of all that its numbers depend on. Runs (`nasim.engine.checkpoint`), fits
(`nasim.fit.store`) and sweeps (`nasim.sweep.store`) compare it with their own before they resume.
"""

import hashlib
import json
import os
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from .checks import require_kind
from .errors import DataFileError, KeptInMemoryWarning, OutputError, ProtocolError, brief
from .files import DAMAGED, MEGABYTE, as_path, reason, regular, write_whole

DESCRIPTION = "description"
"""Name of the array that holds the description, as JSON."""
CHECKSUM = "checksum"
"""Name of the array, or key of a line, that holds the hash of everything else."""
MOST_BYTES = 4000 * MEGABYTE
"""Largest checkpoint that is read."""
MOST_SHOWN = 3
"""Differences that a message lists."""


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
        There is no path to resume from, or it is none, or a folder.
    """
    if resume and path is None:
        raise ProtocolError(
            f"{who}: to resume, say where the checkpoint is: checkpoint='FILE' (or --out on the command line)."
        )
    require_kind(who, "resume", resume, bool, "True or False")
    if path is None:
        return None
    path = as_path(path, f"{who}: checkpoint", ProtocolError)
    if path.is_dir():
        raise ProtocolError(f"{who}: checkpoint '{path}' is a folder, expected a file.")
    return path if resume and path.exists() else None


def save_arrays(path: str | os.PathLike, description: Mapping, arrays: Mapping[str, Any]) -> None:
    """Write a checkpoint as a NumPy archive without pickles.

    Parameters
    ----------
    path : path
    description : mapping
        What the arrays depend on; takes what JSON takes.
    arrays : mapping name -> array
    """

    text = json.dumps(as_json(description))
    held = {name: np.asarray(array) for name, array in arrays.items()}
    extra: dict[str, Any] = {DESCRIPTION: np.array(text), CHECKSUM: np.array(checksum(text, held))}

    def write(part):
        with open(part, "wb") as file:
            np.savez(file, allow_pickle=False, **extra, **held)

    write_whole(path, write)


def checksum(text: str, arrays: Mapping[str, np.ndarray]) -> str:
    """Return a hash of a description and of the name, type, shape and values of each array."""
    digest = hashlib.sha256(text.encode())
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype.str} {array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def as_line(content: Mapping) -> str:
    """Return a line of JSON with its checksum, for a file to which a line is appended as something finishes.

    >>> of_line(as_line({"values": [1.0]}))
    {'values': [1.0]}
    """
    text = json.dumps(content, default=float)
    return json.dumps(json.loads(text) | {CHECKSUM: _hash_of_line(text)}) + "\n"


def of_line(line: str) -> dict:
    """Return what `as_line` wrote; raises ValueError, or what JSON raises, where it is not as it was written."""
    content = json.loads(line)
    if content.pop(CHECKSUM, None) != _hash_of_line(json.dumps(content)):
        raise ValueError("a line was changed after it was written")
    return content


def _hash_of_line(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def append_line(path: str | os.PathLike, line: str) -> None:
    """Append a line to a file; OutputError where it cannot be written."""
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written: {reason(error)}.") from None


def read_lines(path: str | os.PathLike, what: str, head: str) -> tuple[dict, list[str]]:
    """Return the description in the first line of a file of such lines, and the other lines as they are.

    Parameters
    ----------
    path : path
    what : str
        What the file should hold, for messages: "the points of a sweep".
    head : str
        Key of the description.

    Raises
    ------
    DataFileError
        It is no such file, is empty, or its first line is not as it was written.
    """
    text = regular(path, what, MOST_BYTES).read_text(encoding="utf-8", errors="replace")
    if not text.strip():
        raise DataFileError(f"'{path}' does not hold {what}: the file is empty. Start anew, without resuming.")
    first, *lines = text.splitlines()
    with suppress(*DAMAGED):
        description = of_line(first)[head]
        if isinstance(description, dict):
            return description, lines
    raise DataFileError(f"'{path}' does not hold {what}: its first line is not as it was written.")


def kept_or_told(write: Callable[[], object], told: bool) -> bool:
    """Write a checkpoint; where that fails the computation goes on, and a warning says so.

    Parameters
    ----------
    write : callable
        Writes it.
    told : bool
        Whether an earlier failure was told; it is told once.

    Returns
    -------
    bool
        Whether a failure was told.
    """
    try:
        write()
    except OutputError as error:
        if not told:
            warnings.warn(f"{error} The run goes on without a checkpoint.", KeptInMemoryWarning, stacklevel=2)
        return True
    return told


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
    regular(path, f"checkpoint of {what}", MOST_BYTES)
    try:
        with zipfile.ZipFile(path) as archive:
            if any(each.compress_type != zipfile.ZIP_STORED for each in archive.infolist()):
                raise ValueError("it is compressed, which nasim does not do")
        with np.load(path, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        text, found = str(arrays.pop(DESCRIPTION)), str(arrays.pop(CHECKSUM))
        whole, description = found == checksum(text, arrays), json.loads(text)
    except DAMAGED as error:
        raise DataFileError(f"'{path}' cannot be read as a checkpoint of {what}: {reason(error)}.") from None
    if not whole or not isinstance(description, dict):
        raise DataFileError(f"'{path}' cannot be read as a checkpoint of {what}: it was changed after it was written.")
    return description, arrays


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
            yield f"{name} was {brief(before)} and is {brief(now)}"
