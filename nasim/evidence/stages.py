"""Stages of the calibration, each a few parameters of one mechanism and the rows that determine them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .. import nomenclature as nm
from .row import rows

_S, _SB = nm.SULFUR, nm.SB_S


@dataclass(frozen=True)
class Stage:
    """Parameters that vary together, and the ids of the published rows that they are fitted to."""

    name: str
    parameters: tuple[str, ...]
    rows: tuple[str, ...]

    @property
    def numbers(self) -> int:
        """Count of the numbers in its rows; statements and ranges count as none."""
        return sum(len(row.values) for row in rows(*self.rows) if not (row.is_statement or row.is_range))


FIRST_CYCLE = Stage(
    "first_cycle",
    (
        _S.i0(_S.steps[0]),
        _S.alpha(_S.steps[0]),
        _S.i0(_S.steps[1]),
        _S.i0(_S.steps[2]),
        _SB.i0(_SB.steps[0]),
        _SB.i0(_SB.steps[1]),
        _SB.n(1),
    ),
    ("NAS-D1", "DQ-R1", "DQ-R2", "DQ-R3", "DQ-O1", "DQ-O2", "NASC-Q", "NASC-R1", "NASC-R2", "NASC-ACT"),
)
RATE = Stage("rate", (nm.SULFUR_LAYER_CURRENT, nm.SULFUR_LAYER_DECAY), ("NAS-D1", "RATE-0.41"))
DEEP = Stage(
    "deep_reduction",
    (_SB.i0(_SB.steps[2]), nm.DEEP_LAYER_CURRENT, _SB.Ea(_SB.steps[2])),
    ("NAS-D1", "NAS-ICE", "DQ-R4", "T60-D1", "T60-P3"),
)
PRESSURE = Stage(
    "pressure",
    (nm.CONTACT_P0, nm.CONTACT_EXPONENT, nm.CONTACT_FLEXIBILITY, nm.GAP_SCALE),
    ("NAS-D1", "P125-D1", "P62-D1", "P20-D1", "NAS-ICE", "P125-ICE", "P20-ICE"),
)
FADE = Stage("fade", (nm.BREATHING_LOSS, nm.CREEP_GAIN), ("NAS-D140", "P20-R50"))

NPS = Stage("nps", (nm.CONTACT_P0, nm.BREATHING_LOSS), ("NPS-D1", "NPS-D140"))
"""Parameters that NPS has of its own: how much of its brittle composite is connected, how fast breathing wears it."""

STAGES = (FIRST_CYCLE, RATE, DEEP, PRESSURE, FADE)
OWN = {"Yuan2025_NPS": (NPS,)}
"""Stages of sets that differ from the first in a few values; only these are fitted, and to its own rows."""
TIED = {_S.alpha(_S.steps[1]): _S.alpha(_S.steps[0]), _SB.n(2): _SB.n(1)}
"""Parameters that follow another one: parameter -> the one it equals."""


def with_tied(values: Mapping[str, float]) -> dict[str, float]:
    """Return `values` by parameter, and those of the parameters that follow one of them."""
    return dict(values) | {tied: values[leader] for tied, leader in TIED.items() if leader in values}


def joint(stages: Sequence[Stage] = STAGES[:4], name: str = "joint") -> Stage:
    """Return one stage of all parameters and rows of several, since mechanisms share rows."""
    parameters = dict.fromkeys(parameter for stage in stages for parameter in stage.parameters)
    ids = dict.fromkeys(id for stage in stages for id in stage.rows)
    return Stage(name, tuple(parameters), tuple(ids))
