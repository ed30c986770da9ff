"""A virtual cycler: what an instrument would have written of a computed test, with sampling, rests, noise and faults.

Each discharge, charge or hold is sampled evenly in time, its end included. Rests are put before and between the half cycles;
they are drawn, not computed: the voltage relaxes exponentially, with a fifth of the rest, to the open-path voltage at the end
of the step. Noise is Gaussian and independent. Counters hold the true charge. Faults are those that files of real tests have;
which records they hit is drawn from the seed.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..checks import require_positive, require_whole
from ..errors import UnknownNameError, nearest
from ..instruments import labels
from .records import records_of

if TYPE_CHECKING:
    import pandas

    from .result import Result

FAULTS = {
    "rest noise": "noise of the current at rest, 0.3 % of the largest",
    "residual": "one record of a tenth of the current at the start of each rest",
    "gap": "twenty minutes without records within the first half cycle; the test stood still, its clock went on",
    "unsigned": "the current as a magnitude",
    "coarse current": "the current read some ten per cent too large; the counters are right",
    "outlier": "one voltage that is off by half a volt",
    "cut": "the file ends within the last record",
}
OPEN_PATH = "Open-path voltage [V]"
REST = "rest"
GAP_S = 1200.0
WORDS = {"discharge": -1, "charge": 1}


@dataclass(frozen=True, kw_only=True)
class Cycler:
    """How the virtual cycler runs and errs.

    Parameters
    ----------
    sampling_s : float
        Interval between records [s].
    rest_s : float
        Rest before the first and after each half cycle [s]; 0 for none.
    voltage_noise_mV, current_noise : float
        Standard deviations: of the voltage [mV], of the current as a share of the largest.
    faults : sequence of str
        Of `FAULTS`.
    seed : int
        Of noise and faults.

    Raises
    ------
    UnknownNameError
        A fault that there is not.
    ProtocolError
        An interval that is not above zero.
    """

    sampling_s: float = 60.0
    rest_s: float = 600.0
    voltage_noise_mV: float = 0.0
    current_noise: float = 0.0
    faults: Sequence[str] = ()
    seed: int = 0

    def __post_init__(self):
        require_positive("to_cycler", "sampling_s", self.sampling_s, "s")
        require_whole("to_cycler", "seed", self.seed, 0, 2**63)
        for fault in self.faults:
            if fault not in FAULTS:
                raise UnknownNameError(
                    f"fault {fault!r}: expected some of {', '.join(FAULTS)}.", nearest(fault, FAULTS, n=1)
                )


def write(result: "Result", path: str | os.PathLike, instrument: str, cycler: Cycler) -> "pandas.DataFrame":
    """Write a result as an instrument would, and return what a reader should find: see `Result.to_cycler`."""
    from .cycler_files import WRITERS

    if instrument not in WRITERS:
        raise UnknownNameError(
            f"instrument {instrument!r}: expected one of {', '.join(WRITERS)}.", nearest(instrument, WRITERS, n=1)
        )
    records = sampled(result, cycler)
    truth = _truth(records)
    WRITERS[instrument](faulty(records, cycler), path, cut="cut" in cycler.faults)
    return truth


def sampled(result: "Result", cycler: Cycler) -> "pandas.DataFrame":
    """Return the records without faults, noise included: labelled columns, "Step Time / s" and both counters among them."""
    import pandas

    records, random = records_of(result), np.random.default_rng(cycler.seed)
    ends = result.curves[OPEN_PATH if OPEN_PATH in result.curves else "Voltage [V]"].to_numpy()
    parts, start, last = [], 0.0, None
    for _, step in records.groupby(labels.STEP_COUNT, sort=False):
        word, cycle = step[labels.STEP_TYPE].iloc[0], step[labels.CYCLE].iloc[0]
        if cycler.rest_s > 0 and word in WORDS:
            level = ends[step.index[0]] if last is None else last[1]
            parts.append(_rest(cycler, start, cycle, level if last is None else last[0], level))
            start += cycler.rest_s
        parts.append(_sampled_step(cycler, step, start))
        start = float(parts[-1][labels.TIME].iloc[-1])
        last = (float(step[labels.VOLTAGE].iloc[-1]), float(ends[step.index[-1]]))
    if cycler.rest_s > 0 and last is not None:
        parts.append(_rest(cycler, start, parts[-1][labels.CYCLE].iloc[-1], *last))
    for number, part in enumerate(parts, start=1):
        part[labels.STEP_COUNT] = number
    table = pandas.concat(parts, ignore_index=True)
    table[labels.VOLTAGE] += 1e-3 * cycler.voltage_noise_mV * random.standard_normal(len(table))
    largest = table[labels.CURRENT].abs().max()
    flows = (table[labels.STEP_TYPE] != REST).to_numpy()
    table.loc[flows, labels.CURRENT] += cycler.current_noise * largest * random.standard_normal(int(flows.sum()))
    return table


def faulty(table: "pandas.DataFrame", cycler: Cycler) -> "pandas.DataFrame":
    """Return the records with the faults that were asked for."""
    random, table = np.random.default_rng(cycler.seed + 1), table.copy()
    current, largest = table[labels.CURRENT].to_numpy(copy=True), table[labels.CURRENT].abs().max()
    rest = (table[labels.STEP_TYPE] == REST).to_numpy()
    if "rest noise" in cycler.faults:
        current[rest] += 0.003 * largest * random.standard_normal(int(rest.sum()))
    if "residual" in cycler.faults:
        first = np.flatnonzero(rest[1:] & ~rest[:-1]) + 1
        current[first] = 0.1 * current[first - 1]
    if "coarse current" in cycler.faults:
        current *= random.uniform(1.08, 1.14)
    if "outlier" in cycler.faults:
        table.loc[int(random.choice(np.flatnonzero(~rest))), labels.VOLTAGE] += 0.5
    if "gap" in cycler.faults:
        flowing = np.flatnonzero(~rest & (table[labels.STEP_COUNT] == table[labels.STEP_COUNT][np.argmax(~rest)]))
        at = int(random.choice(flowing[len(flowing) // 4 : 3 * len(flowing) // 4]))
        same = (table[labels.STEP_COUNT] == table[labels.STEP_COUNT][at]) & (table.index >= at)
        table.loc[at:, labels.TIME] += GAP_S
        table.loc[same, labels.STEP_TIME] += GAP_S
    table[labels.CURRENT] = np.abs(current) if "unsigned" in cycler.faults else current
    return table


def _sampled_step(cycler, step, start):
    import pandas

    time = step[labels.TIME].to_numpy() - step[labels.TIME].iloc[0]
    grid = np.append(np.arange(0.0, time[-1], cycler.sampling_s), time[-1])
    net = step[labels.NET_CAPACITY].to_numpy()
    net = net - net[0]
    columns = {labels.TIME: start + grid, labels.STEP_TIME: grid}
    columns |= {name: np.interp(grid, time, step[name]) for name in (labels.VOLTAGE, labels.CURRENT)}
    columns |= {labels.CYCLE: step[labels.CYCLE].iloc[0], labels.STEP_TYPE: step[labels.STEP_TYPE].iloc[0]}
    passed = np.interp(grid, time, net)
    columns |= {labels.CHARGING: np.maximum(passed, 0.0), labels.DISCHARGING: np.maximum(-passed, 0.0)}
    return pandas.DataFrame(columns)


def _rest(cycler, start, cycle, first, level):
    import pandas

    grid = np.append(np.arange(0.0, cycler.rest_s, cycler.sampling_s), cycler.rest_s)
    columns = {labels.TIME: start + grid, labels.STEP_TIME: grid}
    columns |= {labels.VOLTAGE: level + (first - level) * np.exp(-5 * grid / cycler.rest_s), labels.CURRENT: 0.0}
    columns |= {labels.CYCLE: cycle, labels.STEP_TYPE: REST, labels.CHARGING: 0.0, labels.DISCHARGING: 0.0}
    return pandas.DataFrame(columns)


def _truth(records):
    """Table of the half cycles: direction, capacity [mAh]."""
    import pandas

    rows = []
    for _, step in records.groupby(labels.STEP_COUNT, sort=False):
        charge = step[labels.CHARGING].iloc[-1] - step[labels.DISCHARGING].iloc[-1]
        if step[labels.STEP_TYPE].iloc[0] == REST or charge == 0:
            continue
        direction = "charge" if charge > 0 else "discharge"
        if rows and rows[-1]["direction"] == direction:
            rows[-1]["capacity_mAh"] += 1e3 * abs(charge)
        else:
            rows.append({"direction": direction, "capacity_mAh": 1e3 * abs(charge)})
    return pandas.DataFrame(rows, columns=["direction", "capacity_mAh"])
