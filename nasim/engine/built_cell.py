"""A cell that is built once and run many times: building costs some ten times as much as a cycle.

Handed to an experiment in place of a model, it is built at the first run and started afresh at every later one. Pressure,
temperature and the parameters named as `inputs` may differ from run to run; where anything else differs, it is built anew.
What comes out is what a newly built cell gives, to the tolerances of the integrator.
"""

from ..errors import NasimError
from ..models.build import cell_for
from ..nomenclature import PARAMETERS
from .stepper import Stepper


class KeptCell:
    """A model, or the default model of whatever set it is run with, built at the first run.

    Parameters
    ----------
    model : CellModel, optional
        Default: that of the parameter set.
    inputs : sequence of str
        Parameters that may change from run to run without another build.

    Examples
    --------
    >>> import nasim
    >>> cell, test = nasim.KeptCell(inputs=["Interphase resistivity [Ohm.m]"]), nasim.GCD(cycles=1, keep=())
    >>> runs = [test.run(cell, stack_pressure_MPa=P, overrides={cell.inputs[0]: 100.0}) for P in (20, 250)]
    >>> [float(round(run.summary["discharge_capacity_mAh_cm2"].iloc[0], 1)) for run in runs]
    [0.5, 1.0]
    """

    def __init__(self, model=None, inputs=()):
        self.model, self.inputs = model, tuple(inputs)
        self._stepper, self._built_for = None, None

    def stepper(self, parameters, conditions, solver=None):
        """A `Stepper` at its beginning, under `conditions` and with the values of `parameters` (a ParameterSet)."""
        inputs = {name: parameters.value(name) for name in self.inputs if name not in conditions} | conditions
        fixed = {name: entry.value for name, entry in parameters.entries.items() if name not in inputs}
        needed = (parameters.cell, fixed, sorted(inputs), solver)
        if self._built_for == needed:
            self._stepper.restart(inputs)
            self._stepper.statistics = dict.fromkeys(self._stepper.statistics, 0)
        else:
            self._stepper, self._built_for = self._build(parameters, conditions, inputs, solver), needed
        return self._stepper

    def _build(self, parameters, conditions, inputs, solver):
        model = self.model or cell_for(parameters)
        parameters.require(parameter.name for parameter in model.parameters if parameter.name in PARAMETERS)
        try:
            return Stepper(model, parameters.to_pybamm(), inputs, solver)
        except NasimError:
            raise
        except Exception:
            if not self.inputs:
                raise
            # What shapes the mesh cannot be an input: each of its values has a build of its own.
            self.inputs = ()
            return self._build(parameters, conditions, conditions, solver)

    def __reduce__(self):
        return KeptCell, (self.model, self.inputs)
