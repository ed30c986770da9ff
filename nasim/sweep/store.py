"""Computed points of a sweep, on disk while it goes: a line of JSON a point, appended as it finishes.

A sweep that is stopped at any moment and resumed computes only the points that are missing, whatever their order; a line
that was cut short or changed, so that its checksum is another one, counts as missing. Points are known by their values, so a resumed sweep may have more of them.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..files import DAMAGED, write_text
from ..store import append_line, as_json, as_line, check_same, kept_or_told, of_line, read_lines, resume_from

if TYPE_CHECKING:
    from .job import Job

HEAD = "sweep"
"""Key of the first line, which describes the sweep."""


class Store:
    """Outcomes by point; without a `path`, nothing is kept.

    Parameters
    ----------
    path : path or None
    description : mapping
        What the numbers depend on.
    resume : bool
        Go on from an existing file; without it, an existing file is replaced.

    Raises
    ------
    ProtocolError, DataFileError
        There is no path to resume from; the file is no such file, or belongs to another sweep.
    """

    def __init__(self, path: str | os.PathLike | None, description: Mapping, resume: bool):
        stored = resume_from(HEAD, path, resume)
        self.path, self.told = None if path is None else Path(path), False
        self.done: dict[str, dict] = {}
        if stored is not None:
            self._restore(stored, description)
        if self.path is not None:
            lines = [{HEAD: as_json(description)}]
            lines += [{"values": json.loads(key), **outcome} for key, outcome in self.done.items()]
            write_text(self.path, "".join(as_line(line) for line in lines))

    def get(self, values: Sequence) -> dict | None:
        """Return the outcome of a point, None where it was not computed."""
        return self.done.get(_key(values))

    def put(self, values: Sequence, outcome: Mapping) -> None:
        """Keep the outcome of a point; where it cannot be written the sweep goes on, with a warning."""
        if self.path is not None:
            path, line = self.path, as_line({"values": json.loads(_key(values)), **outcome})
            line = line if not self.told else "\n" + line  # after a line that was cut short
            self.told = kept_or_told(lambda: append_line(path, line), self.told)

    def _restore(self, path: Path, description: Mapping) -> None:
        stored, lines = read_lines(path, "the points of a sweep", HEAD)
        check_same(path, HEAD, stored, description)
        for line in lines:
            with suppress(*DAMAGED):
                outcome = of_line(line)
                key = json.dumps(outcome.pop("values"))
                if isinstance(outcome["rows"], list) and isinstance(outcome["reason"], str):
                    self.done[key] = outcome


def _key(values: Sequence) -> str:
    return json.dumps(values, default=str)


def describe(job: "Job", names: Sequence[str]) -> dict[str, Any]:
    """Return all that the numbers of a sweep depend on, beside the values of its points."""
    from ..results.installed import computed_with

    known = repr(sorted(job.parameters.as_values().items()))
    return {
        "experiment": job.experiment.name,
        "settings": {name: value for name, value in asdict(job.experiment).items() if name != "keep"},
        "parameters": hashlib.sha256(known.encode()).hexdigest(),
        "model": None if job.model is None else [repr(part) for part in job.model.mechanisms],
        "conditions": job.conditions,
        "names": list(names),
        "read": None if job.read is None else getattr(job.read, "__qualname__", repr(job.read)),
        "versions": computed_with(),
    }
