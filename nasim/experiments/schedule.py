"""Protocols that are a schedule of blocks, and that go on from a checkpoint after they were stopped."""

from pathlib import Path

from ..checks import check_keep
from ..engine import checkpoint as checkpoints
from ..engine.runner import describe, run_cycles
from ..errors import ProtocolError
from .protocol import Protocol

MAY_DIFFER = ("cycles", "keep", "stop_below", "wall_time_s")
"""Options in which a resumed run may differ from the run that it goes on from."""


def sensible_cycles(total):
    """Cycles whose curves are kept by default: 1, 2, 5, 10, 20, 50, ... and the last.

    >>> sensible_cycles(140)
    (1, 2, 5, 10, 20, 50, 100, 140)
    """
    kept, decade = [], 1
    while decade <= total:
        kept += [n * decade for n in (1, 2, 5) if n * decade <= total]
        decade *= 10
    return tuple(sorted({*kept, total}))


class Schedule(Protocol):
    """Blocks of cycles; a subclass says which in `_blocks`."""

    def run(
        self,
        model=None,
        parameters=None,
        *,
        stack_pressure_MPa=None,
        temperature_C=None,
        overrides=None,
        progress=None,
        solver=None,
        checkpoint=None,
        resume=False,
    ):
        """Run it [Result]; further arguments and errors as `GCD.run`.

        Parameters
        ----------
        checkpoint : path, optional
            File that is rewritten as the run goes.
        resume : bool
            Go on from the checkpoint if there is one.

        Raises
        ------
        ProtocolError
            Something given makes no sense, or the checkpoint belongs to another run.
        DataFileError
            The checkpoint cannot be read.
        """
        checked = self._checked()
        setup = self._prepare(model, parameters, stack_pressure_MPa, temperature_C, overrides, solver)
        return self._run(setup, checked, progress, checkpoint, resume)

    def _blocks(self):
        """The blocks, in turn."""
        raise NotImplementedError

    def _watch(self, setup):
        """What says after each cycle whether to stop, as `run_cycles` takes it."""
        return None

    def _checked(self):
        who, blocks = type(self).__name__, self._blocks()
        for block in blocks:
            block.check(who)
        check_keep(who, self.keep)
        return blocks

    def _kept(self, total):
        """Cycles whose curves are kept."""
        return sensible_cycles(total) if self.keep is None else self.keep

    def _run(self, setup, blocks, progress, checkpoint, resume):
        plan = [(block.steps(setup), block.conditions()) for block in blocks for _ in range(int(block.cycles))]
        done, store = self._checkpoint(setup, checkpoint, resume)

        def after(number, row):
            store()
            if progress:
                progress(number, row)

        kept, watch = self._kept(len(plan)), self._watch(setup)
        result = run_cycles(self, setup, plan[done:], kept, after, watch, first=done + 1)
        store(now=True)
        return result

    def _checkpoint(self, setup, path, resume):
        """Cycles already done, and what stores a checkpoint."""
        if path is None:
            if resume:
                raise ProtocolError(
                    "To resume, say where the checkpoint is: checkpoint='FILE' (or --out on the command line)."
                )
            return 0, checkpoints.store_nothing
        description = describe(self, setup)
        description["protocol"] = {k: v for k, v in description["protocol"].items() if k not in MAY_DIFFER}
        done = checkpoints.restore(path, setup, description) if resume and Path(path).exists() else 0
        return done, checkpoints.Storing(path, setup, description)
