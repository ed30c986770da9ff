"""A run on disk while it goes: state, table, curves and balances, replaced atomically.

The file is a NumPy archive (no pickles). A run that is killed at any moment and resumed goes on from the last whole
checkpoint and ends with the same numbers, since every step starts from the stored state alone.
"""

import json
import os
import time

import numpy as np

from ..errors import DataFileError
from ..files import DAMAGED, reason
from ..nomenclature import columns as col
from ..store import check_same, kept_or_told, load_arrays, save_arrays
from .recorder import Snapshot
from .setup import Setup
from .stepper import State

VERSION = 3
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
        self.arguments, self.last, self.told = (path, setup, description), time.perf_counter(), False

    def __call__(self, now: bool = False) -> None:
        """Store if it is time, or `now`; where that fails the run goes on, with a warning."""
        if now or time.perf_counter() - self.last > EVERY_S:
            self.told = kept_or_told(lambda: save(*self.arguments), self.told)
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
    meta |= {name: getattr(taken, name) for name in ("residuals", "turnover", "first", "events", "aside")}
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
        The file is no checkpoint, is damaged, or was written by another version of nasim.
    ProtocolError
        It belongs to another run: the message says what differs.
    """
    stored, arrays = load_arrays(path, "a run")
    if stored.pop("version", None) != VERSION:
        raise DataFileError(f"The checkpoint '{path}' was written by another version of nasim; start anew.")
    check_same(path, "run", stored, description)
    try:
        state, statistics, taken = _taken(arrays)
        if state.y.shape != setup.stepper.state.y.shape or not np.isfinite(state.y).all():
            raise ValueError(f"it has a state of shape {state.y.shape}")
    except DAMAGED as error:
        raise DataFileError(f"The checkpoint '{path}' is damaged: {reason(error)}. Start anew.") from None
    setup.stepper.state, setup.stepper.statistics = state, statistics
    setup.recorder.restore(taken)
    return len(taken.rows)


def _taken(arrays):
    """State, statistics and `Snapshot` that the arrays of a checkpoint hold."""
    import pandas

    meta = json.loads(str(arrays["meta"]))
    rows, curves = (
        pandas.DataFrame({name.removeprefix(kind): arrays[name] for name in arrays if name.startswith(kind)})
        for kind in (ROW, CURVE)
    )
    if rows[col.NUMBER].tolist() != list(range(1, len(rows) + 1)):
        raise ValueError("its cycles are not numbered from 1 on")
    state, statistics = State(arrays["y"], float(meta.pop("time"))), dict(meta.pop("statistics"))
    curves = [curves.astype({col.CYCLE: int})] if len(curves) else []
    return state, statistics, Snapshot(rows.to_dict("records"), curves, **meta)
