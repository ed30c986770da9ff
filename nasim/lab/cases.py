"""Cells of the virtual lab: run quickly, once, and with the script that gives the same numbers.

A cell is built once for each parameter set and started afresh for every run, and outcomes are kept, so that going back to
a view costs nothing. What comes out is what `nasim.Cycling` gives for the same arguments.
"""

import functools
import threading
from dataclasses import dataclass, replace

from .. import nomenclature as nm
from ..checks import PRESSURE_RANGE_MPA, TEMPERATURE_RANGE_C, ZERO_CELSIUS, check_window, require_within
from ..engine.recorder import Recorder
from ..engine.runner import run_cycles
from ..engine.setup import prepare
from ..errors import ProtocolError
from ..experiments.block import Block
from ..experiments.cycling import Cycling
from ..experiments.eis import EIS
from ..experiments.schedule import sensible_cycles
from ..parameters import available, load

WHO = "Virtual lab"
MOST_CYCLES = 200
KEPT_CELLS, KEPT_RUNS = 8, 64
LOWEST_HZ = 1e2
"""Spectra end here: below, the capacity of the electrodes hides all arcs."""
_AT_WORK = threading.Lock()
"""A built cell serves one run at a time; every open page is a thread."""


@dataclass(frozen=True)
class Case:
    """A cell and what is done to it, in lab units."""

    parameters: str = "Yuan2025_NAS"
    current_mA_cm2: float = 0.127
    stack_pressure_MPa: float = 250.0
    temperature_C: float = 25.0
    lower_V: float = 0.7
    upper_V: float = 2.6
    cycles: int = 2
    overrides: tuple[str, ...] = ()
    """Values that differ from those of the set, as "NAME=VALUE"."""

    @property
    def protocol(self):
        window = (self.lower_V, self.upper_V)
        return Cycling(self.current_mA_cm2, int(self.cycles), window, keep=sensible_cycles(int(self.cycles)))

    @property
    def conditions(self):
        return {"stack_pressure_MPa": self.stack_pressure_MPa, "temperature_C": self.temperature_C}

    def check(self):
        """Raise ProtocolError where a value makes no sense."""
        Block(self.cycles, self.current_mA_cm2).check(WHO)
        if self.cycles > MOST_CYCLES:
            raise ProtocolError(
                f"{WHO}: at most {MOST_CYCLES} cycles; {self.cycles} were given. Use nasim.Cycling for more."
            )
        require_within(WHO, "stack pressure", self.stack_pressure_MPa, "MPa", PRESSURE_RANGE_MPA)
        require_within(WHO, "temperature", self.temperature_C, "degC", TEMPERATURE_RANGE_C)
        check_window(WHO, (self.lower_V, self.upper_V), 0.0, 0.0)


@functools.cache
def cells():
    """Parameter sets of full cells, a dict words -> name."""
    sets = [load(name) for name in available()]
    return {each.title.split(",")[0]: each.name for each in sets if each.cell.model == "full"}


@functools.lru_cache(maxsize=KEPT_CELLS)
def _built(parameters, overrides):
    return prepare(WHO, parameters=parameters, overrides=list(overrides))


@functools.lru_cache(maxsize=KEPT_RUNS)
def run(case):
    """Run a `Case` [Result].

    Raises
    ------
    NasimError
        Something of the case makes no sense, or the solve failed.
    """
    case.check()
    with _AT_WORK:
        setup = _fresh(case)
        block = Block(int(case.cycles), case.current_mA_cm2)
        plan = ((block.steps(setup), {}) for _ in range(int(case.cycles)))
        return run_cycles(case.protocol, setup, plan, case.protocol.keep)


def _fresh(case):
    """The built cell of a case at its beginning, under its conditions."""
    base = _built(case.parameters, case.overrides)
    conditions = {
        nm.APPLIED_PRESSURE: 1e6 * case.stack_pressure_MPa,
        nm.AMBIENT_TEMPERATURE: case.temperature_C + ZERO_CELSIUS,
    }
    base.stepper.restart(conditions)
    base.stepper.statistics = dict.fromkeys(base.stepper.statistics, 0)
    recorder = Recorder(base.stepper, base.recorder.area, base.recorder.sulfur, base.recorder.accounts)
    limits = {"lower": case.lower_V, "upper": case.upper_V}
    return replace(base, conditions=conditions, recorder=recorder, events=[], **limits)


@functools.lru_cache(maxsize=KEPT_RUNS)
def spectra(case):
    """Impedance of the fresh cell and after the cycles of a `Case` [Spectra]; errors as `run`."""
    case.check()
    window, ages = (case.lower_V, case.upper_V), (0, int(case.cycles))
    protocol = EIS(lowest_Hz=LOWEST_HZ, after_cycles=ages, current_mA_cm2=case.current_mA_cm2, window=window)
    with _AT_WORK:
        return protocol.run(parameters=case.parameters, overrides=list(case.overrides) or None, **case.conditions)


def script(cases):
    """Python code that reproduces a view; `cases` maps a name, such as "cell_a", to a `Case`.

    >>> print(script({"cell_a": Case()}).splitlines()[2])
    cell_a = nasim.Cycling(current_mA_cm2=0.127, cycles=2, window=(0.7, 2.6), keep=(1, 2)).run(
    """
    lines = ["import nasim", ""]
    for name, case in cases.items():
        options = (
            f"current_mA_cm2={case.current_mA_cm2:g}, cycles={case.cycles}, window=({case.lower_V:g}, {case.upper_V:g})"
        )
        lines.append(f"{name} = nasim.Cycling({options}, keep={sensible_cycles(int(case.cycles))}).run(")
        lines.append(f'    parameters="{case.parameters}",')
        lines += [f"    {key}={value:g}," for key, value in case.conditions.items()]
        lines += [f"    overrides={list(case.overrides)!r},"] if case.overrides else []
        lines += [")", f"print({name}.summary.T)", f"nasim.plot.gcd({name}.curves)", ""]
    return "\n".join(["import nasim.plot" if line == "import nasim" else line for line in lines])
