"""A run on disk while it goes: state, table, curves and balances, replaced atomically.

The file is a NumPy archive (no pickles). A run that is killed at any moment and resumed goes on from the last whole
checkpoint and ends with the same numbers, since every step starts from the stored state alone.
"""

import json
import os
import time

import numpy as np

from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..store import check_same, load_arrays, save_arrays
from .recorder import Snapshot
from .setup import Setup
from .stepper import State

VERSION = 2
EVERY_S = 2.0
"""Wall time between checkpoints [s]: what a kill can cost."""
ROW, CURVE = "row ", "curve "
"""What the names of arrays with columns of the table and of the curves begin with."""


class Storing:
    """Stores checkpoints of a run, at most one every `EVERY_S`.

    Parameters
    ----------
    path, setup, description
        As for `save`.
    """

    def __init__(self, path: str | os.PathLike, setup: Setup, description: dict):
        self.arguments, self.last = (path, setup, description), time.perf_counter()

    def __call__(self, now: bool = False) -> None:
        """Store if it is time, or `now`."""
        if now or time.perf_counter() - self.last > EVERY_S:
            save(*self.arguments)
            self.last = time.perf_counter()


def store_nothing(now: bool = False) -> None:
    """Do nothing: stands for `Storing` in a run without a checkpoint."""


def save(path: str | os.PathLike, setup: Setup, description: dict) -> None:
    """Write a checkpoint.

    Parameters
    ----------
    path : path
    setup : Setup
        The cell in the middle of its run.
    description : dict
        What the run depends on, JSON-able.
    """
    import pandas

    taken, stepper = setup.recorder.snapshot(), setup.stepper
    meta = {"time": stepper.state.time, "statistics": stepper.statistics}
    meta |= {name: getattr(taken, name) for name in ("residuals", "turnover", "first", "events")}
    arrays = {"y": stepper.state.y, "meta": np.array(json.dumps(meta, default=float))}
    arrays |= {f"{ROW}{name}": column.to_numpy() for name, column in pandas.DataFrame(taken.rows).items()}
    if taken.curves:
        curves = pandas.concat(taken.curves, ignore_index=True)
        arrays |= {
            f"{CURVE}{name}": column.to_numpy(str if name == col.STEP else float) for name, column in curves.items()
        }
    save_arrays(path, description | {"version": VERSION}, arrays)


def restore(path: str | os.PathLike, setup: Setup, description: dict) -> int:
    """Put the checkpoint at `path` back into `setup`; returns the number of cycles that are done.

    Raises
    ------
    DataFileError
        The file is no checkpoint.
    ProtocolError
        It belongs to another run: the message says what differs.
    """
    import pandas

    stored, arrays = load_arrays(path, "a run")
    if stored.pop("version", None) != VERSION:
        raise ProtocolError(f"The checkpoint '{path}' was written by another version of nasim; start anew.")
    check_same(path, "run", stored, description)
    meta = json.loads(str(arrays["meta"]))
    rows, curves = (
        pandas.DataFrame({name.removeprefix(kind): arrays[name] for name in arrays if name.startswith(kind)})
        for kind in (ROW, CURVE)
    )
    setup.stepper.state = State(arrays["y"], meta.pop("time"))
    setup.stepper.statistics = meta.pop("statistics")
    curves = [curves.astype({col.CYCLE: int})] if len(curves) else []
    setup.recorder.restore(Snapshot(rows.to_dict("records"), curves, **meta))
    return len(rows)
