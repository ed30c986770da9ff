"""How each kind of published experiment is run."""

from dataclasses import dataclass

from .. import nomenclature as nm
from ..errors import UnknownNameError
from .runs import CYCLING, RATE


def execute(run, parameter_set):
    """Run the experiment of a `nasim.evidence.runs.Run` with a parameter set [Result].

    Raises
    ------
    UnknownNameError
        nasim has no such experiment, or no such set, yet.
    """
    if run.kind not in PROTOCOLS:
        raise UnknownNameError(f"no experiment '{run.kind}' is compared yet")
    conditions = {"stack_pressure_MPa": run.stack_pressure_MPa, "temperature_C": run.temperature_C}
    return PROTOCOLS[run.kind](run).run(parameters=parameter_set, **conditions)


def _cycling(run):
    from ..experiments.cycling import Cycling

    return Cycling(run.current_mA_cm2, run.cycles, run.window_V or None, keep=run.keep)


def _rate(run):
    from ..experiments.cycling import RateTest

    return RateTest()


def _symmetric(run):
    from ..experiments.symmetric import SymmetricCycling

    return SymmetricCycling(run.current_mA_cm2)


def _voltammetry(run):
    from ..experiments.cv import CV

    return CV(scans=run.cycles, window=run.window_V or None)


def _rest(run):
    from ..experiments.ocv_eis import OpenCircuitEIS

    return OpenCircuitEIS()


@dataclass(frozen=True)
class Study:
    """What a study without a protocol computes, as a named number or pair; stands where a `Result` stands for others."""

    values: tuple

    def run(self, parameters, **conditions):
        """The study itself: it has been made, the cell and its conditions have no say in it."""
        return self


def _pore(run):
    from ..parameters import load
    from ..studies.pore import pore_inhomogeneity

    name = nm.SEPARATOR.conductivity
    sets = (run.set, "Yuan2025_NPS_separator")
    return Study(tuple(pore_inhomogeneity(load(known).value(name)) for known in sets))


def _window(run):
    from ..parameters import load
    from ..studies.window import stability_window

    return Study(stability_window(load(run.set).catholyte.formula))


PROTOCOLS = {CYCLING: _cycling, RATE: _rate, "cv": _voltammetry, "symmetric": _symmetric}
PROTOCOLS |= {"pore": _pore, "window": _window, "ocv-eis": _rest}
"""How to run each kind of experiment; a kind that is not here is not available."""
