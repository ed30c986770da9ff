"""A run on disk while it goes: state, table, curves and balances, replaced atomically.

The file is a NumPy archive (no pickles). A run that is killed at any moment and resumed goes on from the last whole
checkpoint and ends with the same numbers, since every step starts from the stored state alone.
"""

import json
import time
from pathlib import Path

import numpy as np

from ..errors import DataFileError, ProtocolError
from ..store import write_whole

VERSION = 1
EVERY_S = 2.0
"""Wall time between checkpoints [s]: what a kill can cost."""


class Storing:
    """Stores checkpoints of a run, at most one every `EVERY_S`; arguments as `save`."""

    def __init__(self, path, setup, description):
        self.arguments, self.last = (path, setup, description), time.perf_counter()

    def __call__(self, now=False):
        if now or time.perf_counter() - self.last > EVERY_S:
            save(*self.arguments)
            self.last = time.perf_counter()


def store_nothing(now=False):
    """What a run without a checkpoint calls instead of `Storing`."""


def save(path, setup, description):
    """Write the checkpoint of `setup` to `path`; `description` says what the run depends on."""
    import pandas

    recorder, stepper = setup.recorder, setup.stepper
    meta = {
        "version": VERSION,
        "description": description,
        "time": stepper.time,
        "residuals": recorder.residuals,
        "turnover": recorder.turnover,
        "first": recorder.first,
        "statistics": stepper.statistics,
        "events": setup.events,
    }
    arrays = {f"row {name}": column.to_numpy() for name, column in pandas.DataFrame(recorder.rows).items()}
    if recorder.curves:
        curves = pandas.concat(recorder.curves, ignore_index=True)
        arrays |= {
            f"curve {name}": column.to_numpy(str if name == "Step" else float) for name, column in curves.items()
        }
    meta = json.dumps(meta, default=float)

    def write(part):
        with open(part, "wb") as file:
            np.savez(file, meta=np.array(meta), y=stepper.y, **arrays)

    write_whole(path, write)


def restore(path, setup, description):
    """Put the checkpoint at `path` back into `setup`; returns the number of cycles that are done.

    Raises
    ------
    DataFileError
        The file is no checkpoint.
    ProtocolError
        It belongs to another run: the message says what differs.
    """
    import pandas

    try:
        with np.load(path, allow_pickle=False) as stored:
            data = {name: stored[name] for name in stored.files}
        meta = json.loads(str(data["meta"]))
    except (OSError, ValueError, KeyError) as error:
        raise DataFileError(f"'{path}' cannot be read as a checkpoint: {error}") from None
    _same_run(path, meta, json.loads(json.dumps(description, default=float)))
    recorder, stepper = setup.recorder, setup.stepper
    stepper.time, stepper.y, stepper.statistics = meta["time"], data["y"], meta["statistics"]
    recorder.residuals, recorder.turnover, recorder.first = meta["residuals"], meta["turnover"], meta["first"]
    setup.events[:] = meta["events"]
    rows, curves = (
        pandas.DataFrame({name.removeprefix(kind): data[name] for name in data if name.startswith(kind)})
        for kind in ("row ", "curve ")
    )
    recorder.rows = rows.to_dict("records")
    recorder.curves = [curves.astype({"Cycle": int})] if len(curves) else []
    return len(recorder.rows)


def _same_run(path, meta, description):
    """Raise ProtocolError unless the checkpoint was written by the same run (the number of cycles may differ)."""
    if meta.get("version") != VERSION:
        raise ProtocolError(f"The checkpoint '{path}' has version {meta.get('version')}; this nasim writes {VERSION}.")
    differ = list(_differences(meta["description"], description))
    if differ:
        shown = "; ".join(differ[:3]) + (f"; and {len(differ) - 3} more" if len(differ) > 3 else "")
        advice = "Resume with the same values, or start anew in another folder."
        raise ProtocolError(f"The checkpoint '{Path(path)}' belongs to another run: {shown}. {advice}")


def _differences(old, new, where=""):
    """Texts that tell where two descriptions differ."""
    for key in sorted(set(old) | set(new)):
        before, now, name = old.get(key), new.get(key), f"{where}{key}"
        if isinstance(before, dict) and isinstance(now, dict):
            yield from _differences(before, now, f"{name}: ")
        elif before != now:
            yield f"{name} was {before!r} and is {now!r}"
