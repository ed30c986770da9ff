"""Cycling over hundreds of cycles, and the rate test."""

import time
from dataclasses import dataclass
from typing import ClassVar

from ..checks import require_positive, require_within
from ..engine.jumping import Jumper, filled
from ..engine.runner import finish, run_cycle
from ..errors import ProtocolError
from .block import Block
from .schedule import Schedule

RATE_TEST_MA_CM2 = (0.082, 0.164, 0.41, 0.82)
"""The paper's rate test, 0.1C to 1C of 0.82 mA cm-2."""


@dataclass(frozen=True)
class Cycling(Schedule):
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

    def _checked(self):
        blocks = super()._checked()
        if self.stop_below is not None:
            require_within("Cycling", "stop_below", self.stop_below, "(share of the first capacity)", (0.0, 1.0))
        if self.wall_time_s is not None:
            require_positive("Cycling", "wall time", self.wall_time_s, "s")
        if self.jump_tolerance is not None:
            require_within("Cycling", "jump_tolerance", self.jump_tolerance, "(relative)", (1e-6, 0.1))
        return blocks

    def _run(self, setup, blocks, progress, checkpoint, resume):
        if self.jump_tolerance is None:
            return super()._run(setup, blocks, progress, checkpoint, resume)
        if self.formation is not None or self.blocks is not None or checkpoint or resume:
            raise ProtocolError("Cycling: jumps need equal cycles, without formation, blocks or a checkpoint.")
        return self._run_jumping(setup, blocks[0].steps(setup), progress)

    def _run_jumping(self, setup, steps, progress):
        """Cycling with jumps: equal cycles only, nothing to resume since it is short."""
        kept, watch, began = self._kept(self.cycles), self._watch(setup), time.perf_counter()

        def run_one(number):
            row, reason = run_cycle(self, setup, steps, number, number in kept, began)
            if progress:
                progress(number, row)
            return row, reason or watch(number, row)

        jumper = Jumper(setup.stepper, setup.recorder, float(self.jump_tolerance), run_one)
        reason = jumper.run(int(self.cycles))
        setup.events.extend(
            f"{jump['skipped']} cycles jumped over after cycle {jump['after_cycle']}" for jump in jumper.log
        )
        setup.recorder.rows = filled(setup.recorder.rows).to_dict("records")
        return finish(self, setup, reason or "all cycles done", began)

    def _blocks(self):
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
class RateTest(Schedule):
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

    def _blocks(self):
        blocks = [Block(self.cycles_per_step, current) for current in self.currents_mA_cm2]
        if not blocks:
            raise ProtocolError("RateTest: at least one current density is needed.")
        return blocks

    def _kept(self, total):
        step = int(self.cycles_per_step)
        return range(step, total + 1, step) if self.keep is None else self.keep
