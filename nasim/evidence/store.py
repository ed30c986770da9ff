"""What was computed for which values, in memory and, with a path, in a file: a line of JSON a job, with its checksum."""

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from ..files import DAMAGED, check_file, write_text
from ..store import append_line, as_json, as_line, check_same, kept_or_told, of_line, read_lines
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
    OutputError
        It cannot be written.
    """

    def __init__(self, path: str | os.PathLike | None, description: Mapping):
        self.path, self.told = None if path is None else Path(path), False
        self.done: dict[str, Readings] = {}
        if self.path is not None and self.path.exists():
            self._restore(description)
        if self.path is not None:
            check_file(self.path, "store")
            lines = [{HEAD: as_json(description)}, *({"key": key, "found": each} for key, each in self.done.items())]
            write_text(self.path, "".join(as_line(line) for line in lines))

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
        """Keep the readings of a job; where they cannot be written the calibration goes on, with a warning."""
        self.done[key] = self.done.get(key, {}) | readings
        if self.path is not None:
            path, line = self.path, as_line(as_json({"key": key, "found": readings}))
            line = line if not self.told else "\n" + line  # after a line that was cut short
            self.told = kept_or_told(lambda: append_line(path, line), self.told)

    def _restore(self, description: Mapping) -> None:
        assert self.path is not None
        stored, lines = read_lines(self.path, "what a calibration computed", HEAD)
        check_same(self.path, "calibration", stored, description)
        for line in lines:
            with suppress(*DAMAGED):  # a line that was cut short or changed counts as missing
                each = of_line(line)
                found = {id: (tuple(v), why) for id, (v, why) in each["found"].items()}
                self.done[each["key"]] = self.done.get(each["key"], {}) | found
