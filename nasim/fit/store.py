"""What a fit has computed, kept on disk while it goes: a fit that is killed and resumed asks for the same points again.

The file is a NumPy archive (no pickles), replaced as a whole. The search is deterministic, so a resumed fit retraces its
steps from the file without computing them, goes on where it was stopped and ends with the same numbers.
"""

import json
import time
import zipfile

import numpy as np

from ..errors import DataFileError, ProtocolError

EVERY_S = 2.0
KINDS = ("residuals", "jacobian")


class Store:
    """Points and what came of them; with a `path` also on disk.

    Parameters
    ----------
    path : path or None
    description : dict
        What the numbers depend on.
    resume : bool
        Whether to go on from an existing file; without it, an existing file is replaced.

    Raises
    ------
    DataFileError, ProtocolError
        The file is no checkpoint, or belongs to another fit.
    """

    def __init__(self, path=None, description=None, resume=False):
        self.path, self.description = path, json.loads(json.dumps(description or {}, default=str))
        self.kept = {kind: {} for kind in KINDS}
        self.written = time.monotonic()
        if resume:
            self._restore()

    def get(self, kind, units):
        """What was computed at a point, or None."""
        return self.kept[kind].get(np.asarray(units, dtype=float).tobytes())

    def put(self, kind, units, found):
        """Keep what was computed at a point."""
        self.kept[kind][np.asarray(units, dtype=float).tobytes()] = found
        if self.path is not None and time.monotonic() - self.written > EVERY_S:
            self.write()

    def write(self):
        """Write the file, if there is one."""
        if self.path is None:
            return
        from ..results.result import write_whole

        arrays = {"description": np.array(json.dumps(self.description))}
        for kind, kept in self.kept.items():
            if kept:
                arrays[f"{kind} at"] = np.array([np.frombuffer(key) for key in kept])
                arrays[kind] = np.array(list(kept.values()))

        def write(part):
            with open(part, "wb") as file:
                np.savez(file, **arrays)

        write_whole(self.path, write)
        self.written = time.monotonic()

    def _restore(self):
        from pathlib import Path

        if self.path is None:
            raise ProtocolError("fit: to resume, say where the checkpoint is: checkpoint='FILE'.")
        if not Path(self.path).exists():
            return
        try:
            with np.load(self.path, allow_pickle=False) as stored:
                data = {name: stored[name] for name in stored.files}
            description = json.loads(str(data["description"]))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise DataFileError(f"'{self.path}' cannot be read as a checkpoint of a fit: {error}") from None
        if description != self.description:
            keys = sorted(set(description) | set(self.description))
            differ = [key for key in keys if description.get(key) != self.description.get(key)]
            raise ProtocolError(
                f"The checkpoint '{self.path}' belongs to another fit: {', '.join(differ)} differ. "
                "Resume with the same arguments, or start anew."
            )
        for kind in KINDS:
            if kind in data:
                points = zip(data[f"{kind} at"], data[kind], strict=True)
                self.kept[kind] = {np.ascontiguousarray(at).tobytes(): found for at, found in points}
