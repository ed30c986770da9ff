"""Files that continue one test of one cell as one measurement."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..errors import DataFileError
from ..instruments import Measurement, labels

MISSING = "the time between the files is not known, the second follows at once"


def joined(measurements: Sequence[Measurement]) -> Measurement:
    """Return the measurements of one cell, one after the other, as one.

    Time goes on where the file before ended, with the pause that the clocks of both tell, if they have one. Counters of
    charge and steps go on, too.

    Parameters
    ----------
    measurements : sequence of Measurement
        Of kind "gcd", in the order of the test.

    Raises
    ------
    DataFileError
        They are of different kinds, area or mass.
    """
    import pandas

    first, *others = measurements
    for key in ("kind", "area_cm2", "active_mass_mg"):
        for other in others:
            if getattr(other, key) != getattr(first, key):
                raise DataFileError(
                    f"{other.path}: {key} is {getattr(other, key)!r}, but {getattr(first, key)!r} in {first.path}, which it "
                    "is said to continue."
                )
    shared = [name for name in first.data if all(name in other.data for other in others)]
    frames, notes = [first.data[shared]], list(first.notes)
    for other in others:
        frame, known = _moved(other.data[shared], frames[-1])
        frames.append(frame)
        notes += [*other.notes, *([] if known else [f"{other.path}: {MISSING}"])]
    data = pandas.concat(frames, ignore_index=True)
    data.index.name = "record"
    paths = " + ".join(measurement.path for measurement in measurements)
    hashes = " + ".join(measurement.sha256 for measurement in measurements)
    return replace(first, data=data, path=paths, sha256=hashes, notes=tuple(dict.fromkeys(notes)))


def _moved(frame, before):
    """Return a table with time and counters that go on from the end of the one before, and whether the pause is known."""
    frame, last = frame.copy(), before.iloc[-1]
    known = labels.UNIX_TIME in frame and bool(
        np.isfinite([last[labels.UNIX_TIME], frame[labels.UNIX_TIME].iloc[0]]).all()
    )
    pause = frame[labels.UNIX_TIME].iloc[0] - last[labels.UNIX_TIME] if known else 0.0
    goes_on = known and frame[labels.TIME].iloc[0] >= last[labels.TIME]
    if not goes_on:
        frame[labels.TIME] += last[labels.TIME] + max(pause, 1e-3) - frame[labels.TIME].iloc[0]
    if labels.NET_CAPACITY in frame:
        frame[labels.NET_CAPACITY] += last[labels.NET_CAPACITY]
    for counter in (labels.STEP_COUNT, labels.CYCLE):
        if counter in frame and frame[counter].iloc[0] < last[counter]:
            frame[counter] += last[counter]
    return frame, known
