"""What was computed for which values, in memory and, with a path, in a file: a line of JSON a job."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..errors import DataFileError
from ..files import write_text
from ..store import as_json, check_same
from .jobs import Job, Readings

HEAD = "readings"
"""Key of the first line, which says what the readings depend on."""


class ReadingsStore:
    """Readings by job and values; an existing file of the same description is gone on from.

    Parameters
    ----------
    path : path or None
    description : mapping
        What readings depend on beside the values.

    Raises
    ------
    ProtocolError, DataFileError
        The file belongs to other parameters or another version, or is none of this kind.
    """

    def __init__(self, path: str | os.PathLike | None, description: Mapping):
        self.path = None if path is None else Path(path)
        self.done: dict[str, Readings] = {}
        if self.path is not None and self.path.exists():
            self._restore(description)
        if self.path is not None:
            lines = [{HEAD: as_json(description)}, *({"key": key, "found": each} for key, each in self.done.items())]
            write_text(self.path, "".join(json.dumps(line) + "\n" for line in lines))

    @staticmethod
    def key(job: Job, values: Mapping[str, float]) -> str:
        """Return the text that the runs of a job, whatever rows are read off them, and its values are known by."""
        runs = [[value for name, value in vars(run).items() if name != "ids"] for run in job.runs]
        return json.dumps([runs, sorted(values.items())])

    def has(self, key: str, ids: Iterable[str]) -> bool:
        """Return whether these rows were read at these values."""
        return key in self.done and set(ids) <= set(self.done[key])

    def __getitem__(self, key: str) -> Readings:
        return self.done[key]

    def put(self, key: str, readings: Readings) -> None:
        """Keep the readings of a job."""
        self.done[key] = self.done.get(key, {}) | readings
        if self.path is not None:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps({"key": key, "found": readings}, default=_plain) + "\n")

    def _restore(self, description: Mapping) -> None:
        assert self.path is not None
        lines = self.path.read_text(encoding="utf-8").splitlines()
        try:
            stored = json.loads(lines[0])[HEAD]
        except (IndexError, KeyError, TypeError, ValueError):
            raise DataFileError(f"'{self.path}' does not hold what a calibration computed.") from None
        check_same(self.path, "calibration", stored, description)
        for line in lines[1:]:
            try:
                each = json.loads(line)
                found = {id: (tuple(v), why) for id, (v, why) in each["found"].items()}
                self.done[each["key"]] = self.done.get(each["key"], {}) | found
            except (ValueError, KeyError, TypeError):  # a line that was cut short counts as missing
                continue


def _plain(value):
    return value.item() if hasattr(value, "item") else float(value)
