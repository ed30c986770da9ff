"""Which runs the published rows need: rows that share cell and conditions share one run."""

from dataclasses import dataclass

CYCLING, RATE = "cycling", "rate"
KINDS = {"gcd": CYCLING, "cycle": CYCLING}
"""Experiments that are the same run: a first cycle is the start of cycling."""


@dataclass(frozen=True)
class Run:
    """One cell under one set of conditions, and the rows that are read off it; plain data.

    `keep` are the cycles whose curves are needed.
    """

    set: str
    kind: str
    temperature_C: float | None
    stack_pressure_MPa: float | None
    current_mA_cm2: float | None
    window_V: tuple[float, ...]
    cycles: int
    keep: tuple[int, ...]
    ids: tuple[str, ...]

    @property
    def label(self):
        """Cell and conditions in a few words."""
        parts = [self.set, self.kind]
        parts += [] if self.temperature_C is None else [f"{self.temperature_C:g} degC"]
        parts += [] if self.stack_pressure_MPa is None else [f"{self.stack_pressure_MPa:g} MPa"]
        window = f"{self.window_V[0]:g} to {self.window_V[1]:g} V" if self.window_V else ""
        return ", ".join([*parts, *filter(None, [window])])


def plan(rows):
    """The runs that `rows` need, in their order [list of Run].

    >>> from nasim.evidence.published import rows
    >>> [(run.cycles, len(run.ids)) for run in plan(rows("NAS-D1", "NAS-ICE", "P20-D1", "P20-R50"))]
    [(1, 2), (50, 2)]
    """
    groups = {}
    for row in rows:
        kind = KINDS.get(row.experiment, row.experiment)
        current = None if kind == RATE else row.current_mA_cm2
        key = (row.set, kind, row.temperature_C, row.stack_pressure_MPa, current, row.window_V)
        groups.setdefault(key, []).append(row)
    return [_run(key, group) for key, group in groups.items()]


def _run(key, group):
    cycles = max(row.cycles for row in group)
    keep = {1} | {row.cycles for row in group if row.cycles <= 2}
    return Run(*key, cycles, tuple(sorted(keep)), tuple(row.id for row in group))
