"""Cycling over hundreds of cycles, and the rate test: blocks of equal cycles, with checkpoints."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ..errors import ProtocolError
from . import checkpoint
from .blocks import Block
from .checks import check_keep, require_positive, require_within
from .jumping import Jumper, filled
from .protocol import describe, finish, prepare, run_cycle, run_cycles

CHECKPOINT_EVERY_S = 2.0
"""Wall time between checkpoints [s]: what a kill can cost."""
MAY_DIFFER = ("cycles", "keep", "stop_below", "wall_time_s")
"""Options in which a resumed run may differ from the run that it goes on from."""
RATE_TEST_MA_CM2 = (0.082, 0.164, 0.41, 0.82)
"""The paper's rate test, 0.1C to 1C of 0.82 mA cm-2."""


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


class _Blocks:
    """Running blocks of cycles; the protocols below say which."""

    def _run(self, who, blocks, run, watch=None, keep=None, window=None):
        for block in blocks:
            block.check(who)
        total = sum(int(block.cycles) for block in blocks)
        kept = check_keep(who, keep) or (sensible_cycles(total) if keep is None else ())
        setup = prepare(
            who,
            run["model"],
            run["parameters"],
            run["stack_pressure_MPa"],
            run["temperature_C"],
            run["overrides"],
            window,
            run["solver"],
        )
        plan = [(block.steps(setup), block.conditions()) for block in blocks for _ in range(int(block.cycles))]
        done, store = _checkpointing(run["checkpoint"], run["resume"], self, setup)
        watch = watch(setup) if watch else None
        last = [time.perf_counter()]

        def after(number, row):
            if store and time.perf_counter() - last[0] > CHECKPOINT_EVERY_S:
                store()
                last[0] = time.perf_counter()
            if run["progress"]:
                run["progress"](number, row)

        result = run_cycles(self, setup, plan[done:], lambda k: k in kept, after, watch, first=done + 1)
        if store:
            store()
        return result


def _checkpointing(path, resume, protocol, setup):
    """Cycles already done, and the function that stores a checkpoint (None without a path)."""
    if path is None:
        if resume:
            raise ProtocolError(
                "To resume, say where the checkpoint is: checkpoint='FILE' (or --out on the command line)."
            )
        return 0, None
    description = describe(protocol, setup)
    description["protocol"] = {k: v for k, v in description["protocol"].items() if k not in MAY_DIFFER}
    done = 0
    if resume and Path(path).exists():
        done = checkpoint.restore(path, setup, description)
    return done, lambda: checkpoint.save(path, setup, description)


@dataclass(frozen=True)
class Cycling(_Blocks):
    """Charge-discharge cycling for capacity fade.

    Parameters
    ----------
    current_mA_cm2, charge_current_mA_cm2, window, hold_until_mA_cm2, rest_h, capacity_limit_mAh_cm2
        As for `Block`.
    cycles : int
    formation : Block, optional
        Cycles that come first, under conditions of their own.
    blocks : sequence of Block, optional
        The whole schedule, instead of the options above.
    keep : sequence of int, optional
        Cycles whose curves are kept; default 1, 2, 5, 10, 20, 50, ... and the last.
    stop_below : float, optional
        Stop when the discharge capacity has fallen below this share of the first cycle's.
    wall_time_s : float, optional
        Stop after this time.
    jump_tolerance : float, optional
        Jump over cycles by extrapolation, with this relative error of the capacity (see `jumping`); default: run all.
    """

    current_mA_cm2: float | None = None
    cycles: int = 140
    window: tuple[float, float] | None = None
    charge_current_mA_cm2: float | None = None
    hold_until_mA_cm2: float | None = None
    rest_h: float = 0.0
    capacity_limit_mAh_cm2: float | None = None
    formation: Block | None = None
    blocks: tuple[Block, ...] | None = None
    keep: tuple[int, ...] | None = None
    stop_below: float | None = None
    wall_time_s: float | None = None
    jump_tolerance: float | None = None
    name: ClassVar[str] = "cycle"

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
        """Run it [Result]; arguments as `GCD.run`, and

        checkpoint : path, optional
            File that is rewritten as the run goes.
        resume : bool
            Go on from the checkpoint if there is one.

        Raises
        ------
        ProtocolError, ParameterSetError, UnknownNameError
            Something given makes no sense, or the checkpoint belongs to another run.
        SolveError
            A solve failed twice; its `result` holds the cycles before.
        """
        run = {name: value for name, value in locals().items() if name != "self"}
        if self.jump_tolerance is not None:
            return self._run_jumping(run)
        return self._run("Cycling", self._schedule(), run, self._watch, self.keep, self.window)

    def _run_jumping(self, run):
        """Cycling with jumps: equal cycles only, nothing to resume since it is short."""
        tolerance = require_within("Cycling", "jump_tolerance", self.jump_tolerance, "(relative)", (1e-6, 0.1))
        (block, *others) = self._schedule()
        if others or run["checkpoint"] or run["resume"]:
            raise ProtocolError("Cycling: jumps need equal cycles, without formation, blocks or a checkpoint.")
        block.check("Cycling")
        conditions = (run[name] for name in ("stack_pressure_MPa", "temperature_C", "overrides"))
        setup = prepare("Cycling", run["model"], run["parameters"], *conditions, self.window, run["solver"])
        kept = check_keep("Cycling", self.keep) or (sensible_cycles(self.cycles) if self.keep is None else ())
        steps, watch, began = block.steps(setup), self._watch(setup), time.perf_counter()

        def run_one(number):
            row, reason = run_cycle(self, setup, steps, number, number in kept, began)
            if run["progress"]:
                run["progress"](number, row)
            return row, reason or watch(number, row)

        jumper = Jumper(setup.stepper, setup.recorder, tolerance, run_one)
        reason = jumper.run(int(self.cycles))
        setup.events.extend(
            f"{jump['skipped']} cycles jumped over after cycle {jump['after_cycle']}" for jump in jumper.log
        )
        setup.recorder.rows = filled(setup.recorder.rows).to_dict("records")
        return finish(self, setup, reason or "all cycles done", began)

    def _schedule(self):
        if self.blocks is not None:
            return tuple(self.blocks)
        main = Block(
            self.cycles,
            self.current_mA_cm2,
            self.charge_current_mA_cm2,
            None,
            self.hold_until_mA_cm2,
            self.rest_h,
            self.capacity_limit_mAh_cm2,
        )
        return (main,) if self.formation is None else (self.formation, main)

    def _watch(self, setup):
        if self.stop_below is not None:
            require_within("Cycling", "stop_below", self.stop_below, "(share of the first capacity)", (0.0, 1.0))
        if self.wall_time_s is not None:
            require_positive("Cycling", "wall time", self.wall_time_s, "s")
        began = time.perf_counter()

        def watch(number, row):
            first = setup.recorder.rows[0]["discharge_capacity_mAh_cm2"]
            if self.stop_below is not None and row["discharge_capacity_mAh_cm2"] < self.stop_below * first:
                return f"the capacity of cycle {number} is below {self.stop_below:g} of the first cycle's"
            if self.wall_time_s is not None and time.perf_counter() - began > self.wall_time_s:
                return f"the wall time of {self.wall_time_s:g} s was used up after cycle {number}"
            return None

        return watch


@dataclass(frozen=True)
class RateTest(_Blocks):
    """A few cycles at each of several current densities, one after the other.

    Parameters
    ----------
    currents_mA_cm2 : sequence of float
        Default: the paper's 0.1C to 1C.
    cycles_per_step : int
    window : (float, float), optional
    keep : sequence of int, optional
        Cycles whose curves are kept; default the last at each current.
    """

    currents_mA_cm2: tuple[float, ...] = RATE_TEST_MA_CM2
    cycles_per_step: int = 5
    window: tuple[float, float] | None = None
    keep: tuple[int, ...] | None = None
    name: ClassVar[str] = "rate"

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
        """Run it [Result]; arguments and errors as `Cycling.run`."""
        run = {name: value for name, value in locals().items() if name != "self"}
        blocks = [Block(self.cycles_per_step, current) for current in self.currents_mA_cm2]
        if not blocks:
            raise ProtocolError("RateTest: at least one current density is needed.")
        ends = tuple(self.cycles_per_step * k for k in range(1, len(blocks) + 1))
        return self._run("RateTest", blocks, run, None, ends if self.keep is None else self.keep, self.window)
