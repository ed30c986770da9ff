"""What a sweep has computed, kept on disk while it goes: a line of JSON a point, appended as it finishes.

A sweep that is stopped at any moment and resumed computes only the points that are missing, whatever their order; a line
that was cut short counts as missing. Points are known by their values, so a resumed sweep may have more of them.
"""

import hashlib
import json
from pathlib import Path

from ..errors import DataFileError, ProtocolError


class Store:
    """Outcomes by point; without a `path`, nothing is kept.

    Parameters
    ----------
    path : path or None
    description : dict
        What the numbers depend on.
    resume : bool
        Go on from an existing file; without it, an existing file is replaced.

    Raises
    ------
    ProtocolError, DataFileError
        There is no path to resume from; the file is no such file, or belongs to another sweep.
    """

    def __init__(self, path, description, resume):
        self.path, self.done = None if path is None else Path(path), {}
        self.description = json.loads(json.dumps(description, default=str))
        if resume and path is None:
            raise ProtocolError("sweep: to resume, say where the finished points are: checkpoint='FILE'.")
        if path is None:
            return
        if resume and self.path.exists():
            self._restore()
        lines = [{"sweep": self.description}, *({"values": json.loads(k), **v} for k, v in self.done.items())]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        from ..store import write_whole

        text = "".join(json.dumps(line) + "\n" for line in lines)
        write_whole(self.path, lambda part: Path(part).write_text(text))

    def get(self, values):
        """The outcome of a point, or None."""
        return self.done.get(_key(values))

    def put(self, values, outcome):
        """Keep the outcome of a point."""
        if self.path is not None:
            line = json.dumps({"values": json.loads(_key(values)), **outcome}, default=float)
            with open(self.path, "a") as file:
                file.write(line + "\n")

    def _restore(self):
        lines = self.path.read_text().splitlines()
        try:
            description = json.loads(lines[0])["sweep"]
        except (IndexError, KeyError, TypeError, ValueError):
            raise DataFileError(f"'{self.path}' does not hold the points of a sweep.") from None
        differ = [key for key in self.description if description.get(key) != self.description[key]]
        if differ:
            raise ProtocolError(
                f"The file '{self.path}' belongs to another sweep: {', '.join(differ)} differ. "
                "Resume with the same arguments (there may be more values), or start anew."
            )
        for line in lines[1:]:
            try:
                outcome = json.loads(line)
                self.done[json.dumps(outcome.pop("values"))] = outcome
            except ValueError:
                continue


def _key(values):
    return json.dumps(values, default=str)


def describe(job, names):
    """What the numbers of a sweep depend on, beside the values of its points."""
    from dataclasses import asdict

    from ..results.installed import versions

    known = repr(sorted(job.parameters.as_values().items()))
    return {
        "experiment": job.experiment.name,
        "settings": {name: value for name, value in asdict(job.experiment).items() if name != "keep"},
        "parameters": hashlib.sha256(known.encode()).hexdigest(),
        "model": None if job.model is None else [repr(part) for part in job.model.mechanisms],
        "conditions": job.conditions,
        "names": list(names),
        "read": None if job.read is None else getattr(job.read, "__qualname__", repr(job.read)),
        "versions": versions(),
    }
