"""Cycling over hundreds of cycles."""

import time
from dataclasses import dataclass, field, fields
from typing import ClassVar

from ..checks import check_keep, require_kind, require_positive, require_several, require_within
from ..engine.jumping import Jumper, filled
from ..engine.runner import finish, run_cycle
from ..errors import ProtocolError
from ..nomenclature import columns as col
from ..results.cycling import CyclingResult
from ..results.spectra import SPECTRA
from ..units import CurrentDensity
from .block import Block
from .eis import EIS
from .protocol import Protocol

REPLACED_BY_BLOCKS = (
    "current_mA_cm2",
    "cycles",
    "charge_current_mA_cm2",
    "hold_until_mA_cm2",
    "rest_h",
    "capacity_limit_mAh_cm2",
    "formation",
)
"""Options of `Cycling` that say the same as blocks."""


def sensible_cycles(total: int) -> tuple[int, ...]:
    """Return the cycles whose curves are kept by default: 1, 2, 5, 10, 20, 50, ... and the last.

    >>> sensible_cycles(140)
    (1, 2, 5, 10, 20, 50, 100, 140)
    """
    chosen, decade = [], 1
    while decade <= total:
        chosen += [n * decade for n in (1, 2, 5) if n * decade <= total]
        decade *= 10
    return tuple(sorted({*chosen, total}))


@dataclass(frozen=True)
class Cycling(Protocol):
    """Charge-discharge cycling for capacity fade.

    Parameters
    ----------
    current_mA_cm2 : float or str, optional
        Current density of the discharge [mA cm-2] or C-rate ("0.1C"), and of the charge unless given; default that of the parameter set.
    cycles : int
        Number of cycles, without those of the formation.
    window : (float, float), optional
        Lower and upper cut-off [V]; default those of the set (0.7, 2.6).
    charge_current_mA_cm2 : float or str, optional
        Current density of the charge [mA cm-2].
    hold_until_mA_cm2 : float or str, optional
        After the charge, hold the upper cut-off until the current has fallen to this [mA cm-2].
    rest_h : float
        Rest after each half cycle [h].
    capacity_limit_mAh_cm2 : float, optional
        End each half cycle at this capacity [mAh cm-2] if the cut-off has not come before.
    formation : Block, optional
        Cycles that come first, under conditions of their own; on the command line "cycles=2 current=0.05 temperature=60".
    blocks : sequence of Block, optional
        The whole schedule, instead of currents, cycles, hold, rest, capacity limit and formation; on the command line as
        formation, an option a block.
    spectra_after : sequence of int
        Numbers of cycles after which spectra are taken, 0 for the fresh cell; the cell goes on as if they had not been:
        `result.spectra`.
    spectra_at : sequence of float
        States of charge, met in the next discharge, at which they are taken; default where the cycle ends.
    keep : sequence of int, optional
        Cycles whose curves are kept; default 1, 2, 5, 10, 20, 50, ... and the last.
    stop_below : float, optional
        Stop when the discharge capacity has fallen below this share of the first cycle's.
    wall_time_s : float, optional
        Stop after this time [s].
    jump_tolerance : float, optional
        Jump over cycles by extrapolation, with this relative error of the capacity (see `nasim.engine.jumping`); default:
        run all.

    Raises
    ------
    ProtocolError
        On `run`: an option or condition that makes no sense, blocks together with options that they replace, or jumps
        together with formation, blocks or a checkpoint.
    """

    current_mA_cm2: CurrentDensity | None = None
    cycles: int = 140
    window: tuple[float, float] | None = None
    charge_current_mA_cm2: CurrentDensity | None = None
    hold_until_mA_cm2: CurrentDensity | None = None
    rest_h: float = 0.0
    capacity_limit_mAh_cm2: float | None = None
    formation: Block | None = None
    blocks: tuple[Block, ...] | None = field(default=None, metadata={"option": "--block"})
    spectra_after: tuple[int, ...] = ()
    spectra_at: tuple[float, ...] = ()
    keep: tuple[int, ...] | None = None
    stop_below: float | None = None
    wall_time_s: float | None = None
    jump_tolerance: float | None = None
    name: ClassVar[str] = "cycle"
    example: ClassVar[str] = (
        '--cycles 100 --formation "cycles=2 current=0.05C" --spectra-after 1,10,100 --out results/fade'
    )
    result: ClassVar[type[CyclingResult]] = CyclingResult
    stores: ClassVar[bool] = True

    def check(self):
        self._check_blocks()
        blocks = self._blocks()
        if not blocks:
            raise ProtocolError("Cycling: blocks is empty; at least one nasim.Block is needed.")
        for block in blocks:
            require_kind("Cycling", "formation and each of blocks", block, Block, "a nasim.Block").check("Cycling")
        check_keep("Cycling", self.keep, sum(int(block.cycles) for block in blocks))
        if require_several("Cycling", "spectra_after", self.spectra_after, "cycle numbers"):
            self._spectra().check()
        if self.stop_below is not None:
            require_within("Cycling", "stop_below", self.stop_below, "(share of the first capacity)", (0.0, 1.0))
        if self.wall_time_s is not None:
            require_positive("Cycling", "wall time", self.wall_time_s, "s")
        if self.jump_tolerance is not None:
            require_within("Cycling", "jump_tolerance", self.jump_tolerance, "(relative)", (1e-6, 0.1))
            self._check_jumps(self.formation is None and self.blocks is None)
        return blocks

    def _check_blocks(self):
        if self.blocks is None:
            return
        usual = {field.name: field.default for field in fields(self)}
        both = [name for name in REPLACED_BY_BLOCKS if getattr(self, name) != usual[name]]
        if both:
            raise ProtocolError(
                f"Cycling: blocks are the whole schedule; {', '.join(both)} beside them would be ignored. "
                "Put it into the blocks, or leave out the blocks."
            )

    def _check_jumps(self, possible):
        if not possible:
            raise ProtocolError("Cycling: jumps need equal cycles, without formation, blocks or a checkpoint.")

    def _check_storing(self, checkpoint, resume):
        self._check_jumps(self.jump_tolerance is None or (checkpoint is None and not resume))
        super()._check_storing(checkpoint, resume)

    def _blocks(self):
        if self.blocks is not None:
            return require_several("Cycling", "blocks", self.blocks, "nasim.Block")
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

    def total(self):
        return sum(block.cycles for block in self._blocks())

    def plan(self, setup, checked):
        return [cycle for block in checked for cycle in block.plan(setup)]

    def kept(self, checked):
        return sensible_cycles(sum(int(block.cycles) for block in checked)) if self.keep is None else self.keep

    def _spectra(self):
        """What takes the spectra: the state of the cell, or points of the discharge that would come next."""
        return EIS(
            after_cycles=self.spectra_after,
            states_of_charge=self.spectra_at,
            current_mA_cm2=self.current_mA_cm2,
            window=self.window,
        )

    def watch(self, setup):
        began = time.perf_counter()

        def reason(number, row):
            first = setup.recorder.rows[0][col.DISCHARGE]
            if self.stop_below is not None and row[col.DISCHARGE] < self.stop_below * first:
                return f"the capacity of cycle {number} is below {self.stop_below:g} of the first cycle's"
            if self.wall_time_s is not None and time.perf_counter() - began > self.wall_time_s:
                return f"the wall time of {self.wall_time_s:g} s was used up after cycle {number}"
            return None

        return reason

    def perform(self, setup, checked, progress, first=1):
        """Run the cycles; spectra that are taken on the way go into the record."""
        if not self.spectra_after:
            return self._cycles(setup, checked, progress, first)
        taker = self._spectra()
        analyser = taker.analyser(setup)
        recorder = setup.recorder

        def take(number):
            taker.take_spectra(setup, analyser, number)
            recorder.aside[SPECTRA] = analyser.result({}).packed()

        if SPECTRA in recorder.aside:
            analyser.go_on(recorder.aside[SPECTRA])
        elif first == 1 and 0 in self.spectra_after:
            take(0)

        def after(number, row):
            if number in self.spectra_after:
                take(number)
            progress(number, row)

        result = self._cycles(setup, checked, after, first)
        if analyser.spectra:
            result.record[SPECTRA] = recorder.aside[SPECTRA]
        return result

    def _cycles(self, setup, checked, progress, first):
        if self.jump_tolerance is None:
            return super().perform(setup, checked, progress, first)
        return self._perform_with_jumps(setup, checked, progress, float(self.jump_tolerance))

    def _perform_with_jumps(self, setup, checked, progress, tolerance):
        """Run equal cycles and jump over some of them; nothing is stored on the way."""
        steps, kept, watch = checked[0].steps(setup), self.kept(checked), self.watch(setup)
        began = time.perf_counter()

        def run_one(number):
            row, reason = run_cycle(self, setup, steps, number, number in kept, began)
            progress(number, row)
            return row, reason or watch(number, row)

        jumper = Jumper(setup.stepper, setup.recorder, tolerance, run_one)
        reason = jumper.run(int(self.cycles))
        for jump in jumper.log:
            setup.recorder.note(f"{jump['skipped']} cycles jumped over after cycle {jump['after_cycle']}")
        setup.recorder.rows = filled(setup.recorder.rows).to_dict("records")
        return finish(self, setup, reason or "all cycles done", began)
