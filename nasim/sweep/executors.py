"""Executors of the points of a sweep: this process, processes of this machine, or any object with `submit`."""

from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, InvalidStateError
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import Any

from ..errors import MissingExtraError, ProtocolError, install
from ..files import reason
from ..processes import checked_number, died, pool
from .job import Job, compute

RESUMABLE = "run again with --resume, or resume=True and a checkpoint, and only the missing points are computed"


def outcomes(job: Job, points: Mapping[int, Sequence], executor: Any = None) -> Generator[tuple[int, dict]]:
    """Return an iterator of (number, outcome) of each point, as they finish.

    Parameters
    ----------
    job : Job
    points : mapping number -> values
    executor : None, int, str or executor
        As `nasim.sweep`.

    Raises
    ------
    ProtocolError, MissingExtraError
        The executor is none, or the job cannot be sent to it.
    SolveError
        A process came to an end.
    """
    if isinstance(executor, int):
        checked_number("sweep", executor)
    if executor is None or executor == 1 or not points:
        return ((number, job.run(values)) for number, values in points.items())
    if isinstance(executor, int):
        return _processes(job, points, min(executor, len(points)))
    if isinstance(executor, str):
        return _cluster(job, points, executor)
    if hasattr(executor, "get_executor"):
        executor = executor.get_executor()
    if not hasattr(executor, "submit"):
        raise ProtocolError(
            f"sweep: executor must be None, a number of processes, the address of a dask scheduler, or have the method "
            f"'submit'; {executor!r} was given."
        )
    return _submitted(job, points, executor)


def _processes(job, points, number):
    """This process and `number` - 1 others, which it does not wait for while they start."""
    loads = ("nasim.sweep.job", "nasim.experiments.gcd", "pandas")
    with TemporaryDirectory() as folder, pool("sweep", number - 1, loads=loads, script=job.of_the_script()) as others:
        job.build(next(iter(points.values())))  # while they start
        yield from _submitted(job, points, others, lends_a_hand=True, folder=Path(folder))


def _cluster(job, points, address):
    try:
        from distributed import Client
    except ImportError:
        raise MissingExtraError(f"A sweep on a dask cluster needs distributed: {install('cluster')}") from None
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise ProtocolError(f"sweep: no dask scheduler answers at '{address}': {reason(error)}") from None
    with client:
        yield from _submitted(job, points, client.get_executor())


def _may_fail_after_cancelling(future):
    """Let a pool whose process died tell so to a cancelled future, over which its thread would end with its queue unread."""
    tell = future.set_exception

    def told(error):
        with suppress(InvalidStateError):
            tell(error)

    future.set_exception = told


def _submitted(job, points, executor, lends_a_hand=False, folder=None):
    """Points handed to an executor; with `lends_a_hand` this process takes them from the end meanwhile.

    The job, with a cell of some hundred kilobytes, goes along with each point, or once by a file in a `folder` of this machine.
    """
    packed, arrived = job.packed(), SimpleQueue()
    if folder is not None:
        (folder / "job").write_bytes(packed)
        packed = str(folder / "job")
    futures = {place: executor.submit(compute, packed, values) for place, values in points.items()}
    for place, future in futures.items():
        future.add_done_callback(lambda done, place=place: arrived.put(place))
        _may_fail_after_cancelling(future)
    waiting, untouched = set(futures), list(futures) if lends_a_hand else []
    try:
        while waiting:
            if untouched and arrived.empty():
                place = untouched.pop()
                if futures[place].cancel():
                    waiting.discard(place)
                    yield place, job.run(points[place])
                continue
            place = arrived.get()
            if place in waiting:
                waiting.discard(place)
                yield place, futures[place].result()
    except BrokenExecutor:
        raise died("sweep", RESUMABLE) from None
    finally:
        for place in waiting:
            futures[place].cancel()
