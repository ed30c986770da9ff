"""Runs for the calibration: each cell is built once with the fitted parameters as inputs, then run with any values.

Building costs ten times as much as two cycles, so `Bench` keeps one built cell a parameter set and starts it afresh for
every run. What comes out is what the experiments of nasim give for the same values.
"""

from dataclasses import replace

from .. import nomenclature as nm
from ..errors import NasimError
from .published import computed, rows
from .runs import CYCLING, RATE, plan
from .stages import TIED, with_tied

KELVIN = 273.15
KINDS = (CYCLING, RATE)


class Bench:
    """Cells whose parameters `names` can be varied; `load` gives the parameter set of a name."""

    def __init__(self, names, load):
        self.names = (*names, *(tied for tied, leader in TIED.items() if leader in names))
        self.load = load
        self._setups = {}

    def findings(self, ids, values):
        """Row id -> `Finding` for `values`, a mapping parameter -> value; a run that fails finds nothing."""
        values = with_tied(values)
        found = {}
        for run in plan(rows(*ids)):
            if run.kind not in KINDS:
                raise NasimError(f"Rows {', '.join(run.ids)} need a '{run.kind}' experiment; the calibration has none.")
            result = self._result(run, values)
            found |= {row.id: computed(row, result) for row in rows(*run.ids)}
        return found

    def _result(self, run, values):
        from ..engine.runner import run_cycles
        from ..experiments.gcd import GCD

        setup = self._fresh(run.set, run, values)
        blocks = [block for block in _blocks(run) for _ in range(block.cycles)][: run.cycles]
        steps = ((block.steps(setup), {}) for block in blocks)
        try:
            return run_cycles(GCD(cycles=run.cycles, keep=run.keep), setup, steps, run.keep)
        except NasimError:
            return None

    def _fresh(self, name, run, values):
        """The built cell of a set, at its beginning, under the conditions of `run` with `values`."""
        from ..engine.recorder import Recorder

        if name not in self._setups:
            self._setups[name] = self._build(self.load(name))
        base = self._setups[name]
        conditions = base.conditions | {
            nm.AMBIENT_TEMPERATURE: run.temperature_C + KELVIN,
            nm.APPLIED_PRESSURE: run.stack_pressure_MPa * 1e6,
        }
        conditions |= {parameter: float(value) for parameter, value in values.items() if parameter in conditions}
        base.stepper.restart(conditions)
        return replace(
            base, conditions=conditions, recorder=Recorder(base.stepper, base.recorder.area, base.recorder.sulfur)
        )

    def _build(self, parameters):
        from ..engine.setup import prepare
        from ..engine.stepper import Stepper
        from ..models.build import cell_for

        base = prepare("Calibration", None, parameters)
        inputs = base.conditions | {name: parameters.value(name) for name in self.names}
        stepper = Stepper(cell_for(parameters), parameters.to_pybamm(), inputs)
        return replace(base, stepper=stepper, conditions=inputs)


def _blocks(run):
    from ..experiments.block import Block
    from ..experiments.cycling import RATE_TEST_MA_CM2, RateTest

    if run.kind == RATE:
        return [Block(RateTest.cycles_per_step, current) for current in RATE_TEST_MA_CM2]
    return [Block(run.cycles, run.current_mA_cm2, window=run.window_V or None)]
