"""The runs that published rows need: rows that share cell and conditions share one run."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..errors import UnknownNameError
from ..parameters import folders
from ..protocols import PROTOCOLS, protocol_class
from ..results.result import Result
from .row import Row
from .studies import STUDIES, Study

APPLIES = "current_mA_cm2"
"""Option of a protocol; rows of one that does not have it share a run whatever their current."""


@dataclass(frozen=True)
class Run:
    """One cell under one set of conditions, and the rows that are read off it; plain data.

    Attributes
    ----------
    set : str
        Parameter set.
    experiment : str
        Word of a protocol in `nasim.protocols.PROTOCOLS`, or of a study.
    temperature_C, stack_pressure_MPa : float or None
        Conditions [degC, MPa]; None for those of the set.
    current_mA_cm2 : float or None
        Current density [mA cm-2]; None for the protocol's own.
    window_V : tuple of float
        Lower and upper cut-off [V]; empty for those of the set.
    cycles : int
    keep : tuple of int
        Cycles whose curves are needed.
    ids : tuple of str
        Rows that are read off the run.
    """

    set: str
    experiment: str
    temperature_C: float | None
    stack_pressure_MPa: float | None
    current_mA_cm2: float | None
    window_V: tuple[float, ...]
    cycles: int
    keep: tuple[int, ...]
    ids: tuple[str, ...]

    @property
    def label(self) -> str:
        """Cell and conditions in a few words."""
        parts = [Path(self.set).stem, self.experiment]
        parts += [] if self.temperature_C is None else [f"{self.temperature_C:g} degC"]
        parts += [] if self.stack_pressure_MPa is None else [f"{self.stack_pressure_MPa:g} MPa"]
        parts += [] if self.current_mA_cm2 is None else [f"{self.current_mA_cm2:g} mA cm-2"]
        window = f"{self.window_V[0]:g} to {self.window_V[1]:g} V" if self.window_V else ""
        return ", ".join([*parts, *filter(None, [window])])


def plan(rows: Iterable[Row]) -> list[Run]:
    """Return the runs that `rows` need, in their order.

    A protocol that is the start of a longer one shares its run: a first cycle is the start of cycling.

    >>> from nasim.evidence import rows
    >>> [(run.cycles, len(run.ids)) for run in plan(rows("NAS-D1", "NAS-ICE", "P20-D1", "P20-R50"))]
    [(1, 2), (50, 2)]
    """
    groups: dict[tuple, list[Row]] = {}
    for row in rows:
        experiment, current = row.experiment, row.current_mA_cm2
        if experiment in PROTOCOLS:
            protocol = protocol_class(experiment)
            experiment = protocol.start_of or experiment
            current = current if APPLIES in protocol.__dataclass_fields__ else None
        key = (row.set, experiment, row.temperature_C, row.stack_pressure_MPa, current, row.window_V)
        groups.setdefault(key, []).append(row)
    return [_run(key, group) for key, group in groups.items()]


def _run(key: tuple, group: list[Row]) -> Run:
    cycles = max(row.cycles for row in group)
    keep = {1} | {row.cycles for row in group if row.cycles <= 2}
    return Run(*key, cycles=cycles, keep=tuple(sorted(keep)), ids=tuple(row.id for row in group))


def set_file(name: str) -> str:
    """Return what a set named by a row is loaded by: a path beside the shipped sets where the name is one.

    >>> set_file("Yuan2025_NAS"), set_file("other_cells/mine.toml").endswith("parameter_sets/other_cells/mine.toml")
    ('Yuan2025_NAS', True)
    """
    return str(folders()[0] / name) if "/" in name else name


def execute(run: Run, parameters, model=None) -> Result | Study:
    """Run the experiment, or the study, of a `Run`.

    Parameters
    ----------
    run : Run
    parameters : str, path or ParameterSet
        What it is run with; usually the set that the run names.
    model : KeptCell or CellModel, optional
        Default the cell of the set.

    Raises
    ------
    UnknownNameError
        nasim has no such experiment, or no such set, yet.
    SolveError
        The run failed.
    """
    if run.experiment in STUDIES:
        return STUDIES[run.experiment](parameters)
    if run.experiment not in PROTOCOLS:
        raise UnknownNameError(f"no experiment '{run.experiment}' is compared yet")
    protocol = protocol_class(run.experiment).of(run.current_mA_cm2, run.window_V or None, run.cycles, run.keep)
    conditions = {"stack_pressure_MPa": run.stack_pressure_MPa, "temperature_C": run.temperature_C}
    return protocol.run(model, parameters, **conditions)
