"""Cells of the virtual lab: run quickly, once, and with the script that gives the same numbers.

A cell is built once for each parameter set and started afresh for every run, and results are kept, so that going back to
a view costs nothing. The numbers are those of `nasim.Cycling` for the same arguments.
"""

import functools
import hashlib
import threading
import time
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..checks import check_window
from ..conditions import Conditions
from ..engine.built_cell import KeptCell
from ..errors import MOST_SHOWN, NasimError, ProtocolError
from ..experiments.block import Block
from ..experiments.cycling import Cycling, sensible_cycles
from ..experiments.eis import EIS
from ..files import reason
from ..parameters import ParameterSet, available, load, load_foreign, parse_override
from ..results.result import Result
from ..results.spectra import Spectra

WHO = "Virtual lab"
MOST_CYCLES = 200
MOST_OVERRIDES = 100
LONGEST_RUN_S = 120.0
"""Time after which a run is given up at the end of its cycle [s]: other pages wait for it."""
OWN_FILE = "own.toml"
KEPT_CELLS, KEPT_RUNS, KEPT_SETS = 8, 64, 32
MOST_LETTERS, LONGEST_LINE = 200_000, 500
"""Of an uploaded set; long keys take the reader of TOML a time that grows with their square."""
LOWEST_HZ = 1e2
"""Spectra end here: below, the capacity of the electrodes hides all arcs."""
_AT_WORK, _BESIDE = threading.Lock(), threading.Lock()
"""A built cell serves one run at a time, and every open page is a thread; long runs have cells of their own beside them."""
_STORED: set[tuple[str, tuple[str, ...]]] | None = None
"""Cells that this process has left on the shelf of built ones, None where it leaves none there."""
_RUNS: dict["Case", Result] = {}
_OWN: dict[str, tuple[ParameterSet, str]] = {}
"""Name of an uploaded set -> the set, and its text."""


@dataclass(frozen=True)
class Case:
    """A cell and its cycling, in lab units.

    Parameters
    ----------
    parameters : str
        Name of the parameter set.
    current_mA_cm2 : float
        Current density [mA cm-2].
    stack_pressure_MPa, temperature_C : float
        Conditions [MPa, degC].
    lower_V, upper_V : float
        Voltage window [V].
    cycles : int
    overrides : tuple of str
        Values that differ from those of the set [SI units], as "NAME=VALUE".
    """

    parameters: str = "Yuan2025_NAS"
    current_mA_cm2: float = 0.127
    stack_pressure_MPa: float = 250.0
    temperature_C: float = 25.0
    lower_V: float = 0.7
    upper_V: float = 2.6
    cycles: int = 2
    overrides: tuple[str, ...] = ()

    @property
    def protocol(self) -> Cycling:
        """The cycling of this case; few of its curves are kept."""
        window = (self.lower_V, self.upper_V)
        return Cycling(self.current_mA_cm2, int(self.cycles), window, keep=sensible_cycles(int(self.cycles)))

    @property
    def conditions(self) -> dict[str, Any]:
        """Pressure [MPa] and temperature [degC] as arguments of `run`."""
        return {"stack_pressure_MPa": self.stack_pressure_MPa, "temperature_C": self.temperature_C}

    def check(self) -> None:
        """Raise ProtocolError where a value makes no sense."""
        Block(self.cycles, self.current_mA_cm2).check(WHO)
        if self.cycles > MOST_CYCLES:
            raise ProtocolError(
                f"{WHO}: at most {MOST_CYCLES} cycles; {self.cycles} were given. Use nasim.Cycling for more."
            )
        if len(self.overrides) > MOST_OVERRIDES:
            raise ProtocolError(f"{WHO}: at most {MOST_OVERRIDES} other values; {len(self.overrides)} were given.")
        Conditions(**self.conditions).check(WHO)
        check_window(WHO, (self.lower_V, self.upper_V), 0.0, 0.0)


@functools.cache
def cells() -> dict[str, str]:
    """Return the parameter sets of full cells, words -> name."""
    sets = [load(name) for name in available()]
    return {known.title.split(",")[0]: known.name for known in sets if known.cell.model == "full"}


@functools.lru_cache(maxsize=KEPT_CELLS)
def _built(parameters: str, overrides: tuple[str, ...]) -> KeptCell:
    """Return the cell of a set with these overrides, which is built at its first run."""
    return KeptCell(stored=_STORED is not None and not overrides)


@functools.lru_cache(maxsize=KEPT_CELLS)
def _built_beside(parameters: str, overrides: tuple[str, ...]) -> KeptCell:
    """Return another such cell, which takes what was built for the first."""
    cell = KeptCell()
    with _AT_WORK:
        cell.receive(_built(parameters, overrides).packed())
    return cell


def store_built() -> None:
    """Take shipped cells from those that were built before (`nasim.engine.shelf`), and leave there those that were not."""
    global _STORED
    _STORED = set()


def _put_away(case, cell):
    key = case.parameters, case.overrides
    if _STORED is not None and key not in _STORED:
        _STORED.add(key)
        cell.put_away()


def bring(text: str) -> str:
    """Take in a parameter set of a user's own and return the name under which a case asks for it.

    Parameters
    ----------
    text : str
        A parameter set in TOML; one that extends a shipped set is enough.

    Raises
    ------
    NasimError
        It is no parameter set of a full cell.
    """
    name = f"own set {hashlib.sha256(text.encode()).hexdigest()[:6]}"
    _check_kind(text)
    try:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "own.toml"
            path.write_text(text, encoding="utf-8")
            try:
                own = load_foreign(path)
            except NasimError as error:
                raise ProtocolError(f"{WHO}: {str(error).replace(str(path), 'the file')}") from None
    except OSError as error:
        raise ProtocolError(f"{WHO}: the file cannot be taken in: {reason(error)}.") from None
    while len(_OWN) >= KEPT_SETS:
        _OWN.pop(next(iter(_OWN)))
    _OWN[name] = (own, text)
    return name


def _check_kind(text):
    """Refuse what is no set of a full cell, before anything else of it is read; what is no TOML is left to the reader."""
    if len(text) > MOST_LETTERS or max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise ProtocolError(
            f"{WHO}: a set has at most {MOST_LETTERS} letters, {LONGEST_LINE} in a line; use a larger one in a script."
        )
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError):
        return
    if not {"title", "extends"} & set(given):
        raise ProtocolError(f"{WHO}: this is no parameter set: it neither has a title nor extends a set.")
    base = load(given["extends"]).cell.model if given.get("extends") in available() else "full"
    cell = given.get("cell")
    kind = cell.get("model", base) if isinstance(cell, dict) else base
    if kind != "full":
        raise ProtocolError(
            f"{WHO}: a set of a full cell is wanted; this one is of a {str(kind)[:MOST_SHOWN]} cell, which nasim runs in Python and "
            "on the command line."
        )


def own_sets() -> dict[str, str]:
    """Return the uploaded sets, words -> name."""
    return {f"{own.title.split(',')[0]} ({name})": name for name, (own, _) in _OWN.items()}


def parameters_of(case: Case) -> ParameterSet:
    """Return the parameter set of a case, without its overrides.

    Raises
    ------
    NasimError
        There is no such set.
    """
    return _OWN[case.parameters][0] if case.parameters in _OWN else load(case.parameters)


def text_of(case: Case) -> str:
    """Return the parameter set of a case as a file: the uploaded text, or a set that extends a shipped one.

    Other values of the case are in it as settings; then an uploaded set is extended, under the name of the script.

    >>> print(text_of(Case(overrides=("Separator thickness [m]=4e-4",))))
    extends = "Yuan2025_NAS"
    <BLANKLINE>
    ["Separator thickness [m]"]
    value = 0.0004
    kind = "setting"
    <BLANKLINE>
    """
    own = case.parameters in _OWN
    if own and not case.overrides:
        return _OWN[case.parameters][1]
    lines = [f'extends = "{OWN_FILE if own else case.parameters}"']
    for name, value in dict(map(parse_override, case.overrides)).items():
        lines += ["", f'["{name}"]', f"value = {value!r}", 'kind = "setting"']
    return "\n".join(lines) + "\n"


def kept(case: Case) -> Result | None:
    """Return the result of a case if it has been run."""
    return _RUNS.get(case)


def run(case: Case, watch: Callable[[int], None] | None = None) -> Result:
    """Run a case, or return the result that is kept.

    Parameters
    ----------
    case : Case
    watch : callable, optional
        Called with the number of each cycle that is done; what it raises ends the run. Such a run lets others pass by.

    Raises
    ------
    NasimError
        A value of the case makes no sense, or the solve failed.
    """
    if case in _RUNS:
        return _RUNS[case]
    case.check()
    lock, built = (_AT_WORK, _built) if watch is None else (_BESIDE, _built_beside)
    with lock:
        if case not in _RUNS:
            cell = built(case.parameters, case.overrides)
            result = case.protocol.run(cell, _given(case), **_options(case, watch))
            while len(_RUNS) >= KEPT_RUNS:
                _RUNS.pop(next(iter(_RUNS)))
            _RUNS[case] = result
            if watch is None:
                _put_away(case, cell)
        return _RUNS[case]


def _given(case):
    return _OWN[case.parameters][0] if case.parameters in _OWN else case.parameters


def _options(case, watch=None):
    return {"overrides": list(case.overrides) or None, "progress": Patience(watch)} | case.conditions


class Patience:
    """Progress of a run that is given up after `LONGEST_RUN_S`."""

    def __init__(self, watch: Callable[[int], None] | None = None):
        self.began, self.watch = time.monotonic(), watch

    def __call__(self, number: int, row: Mapping) -> None:
        if self.watch:
            self.watch(number)
        if time.monotonic() - self.began > LONGEST_RUN_S:
            raise ProtocolError(
                f"{WHO}: given up after {LONGEST_RUN_S:g} s, in cycle {number}. Take fewer cycles, or run it in a script."
            )


@functools.lru_cache(maxsize=KEPT_RUNS)
def spectra(case: Case) -> Spectra:
    """Return the impedance of the fresh cell and after the cycles of a case.

    Raises
    ------
    NasimError
        A value of the case makes no sense, or the solve failed.
    """
    case.check()
    window, ages = (case.lower_V, case.upper_V), (0, int(case.cycles))
    protocol = EIS(lowest_Hz=LOWEST_HZ, after_cycles=ages, current_mA_cm2=case.current_mA_cm2, window=window)
    with _AT_WORK:
        return protocol.run(parameters=_given(case), **_options(case))


def script(cases: Mapping[str, Case]) -> str:
    """Return Python code that reproduces a view.

    Parameters
    ----------
    cases : mapping name -> Case
        Names such as "cell_a".

    >>> print(script({"cell_a": Case()}).splitlines()[4])
    cell_a = nasim.Cycling(current_mA_cm2=0.127, cycles=2, window=(0.7, 2.6), keep=(1, 2)).run(
    """
    lines = ["import matplotlib.pyplot as plt", "", "import nasim.plot", ""]
    for name, case in cases.items():
        options = (
            f"current_mA_cm2={case.current_mA_cm2:g}, cycles={case.cycles}, window=({case.lower_V:g}, {case.upper_V:g})"
        )
        lines.append(f"{name} = nasim.Cycling({options}, keep={sensible_cycles(int(case.cycles))}).run(")
        known = case.parameters not in _OWN
        lines.append(
            f'    parameters="{case.parameters}",' if known else f'    parameters="{OWN_FILE}",  # the set as uploaded'
        )
        lines += [f"    {key}={value:g}," for key, value in case.conditions.items()]
        lines += [f"    overrides={list(case.overrides)!r},"] if case.overrides else []
        lines += [")", f"print({name}.summary.T)", f"nasim.plot.gcd({name}.curves)", ""]
    lines += ["plt.show()", ""]
    return "\n".join(lines)
