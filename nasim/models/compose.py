"""From a list of mechanisms to a PyBaMM model: needs meet gives, totals are summed, PyBaMM's unwritten contract is kept.

`check` compares what the mechanisms need with what they give before PyBaMM builds anything, and names the missing
variable, who needs it and the nearest name that is given. `CellModel` is everything that `pybamm.Simulation`,
`Experiment`, `EISSimulation`, `QuickPlot` and `ParameterValues` expect of a model and do not say (each line of it was
found by leaving it out).
"""

import copy

import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError, nearest
from ..parameters import load
from ..submodels.circuit import SeriesLosses
from ..submodels.mechanism import Mechanism
from .parts import several
from .solver import default_solver


class Total(Mechanism):
    """Sum of the terms that mechanisms add under one name; zero where nobody adds."""

    def __init__(self, name, terms):
        super().__init__(f"total of {name}")
        self.total, self.needs, self.gives = name, tuple(terms), (name,)

    def get_coupled_variables(self, variables):
        return {self.total: sum((variables[term] for term in self.needs), pybamm.Scalar(0))}


def totals(mechanisms):
    """The `Total` of each name in `nomenclature.TOTALS`, and the losses over the series resistances."""
    resistances = [term for mechanism in mechanisms for term in mechanism.adds.get(nm.SERIES_RESISTANCE, ())]
    losses = SeriesLosses(resistances)
    everyone = [*mechanisms, losses]
    sums = [Total(name, [t for mech in everyone for t in mech.adds.get(name, ())]) for name in nm.TOTALS]
    return [losses, *sums]


def check(mechanisms):
    """Raise `CompositionError` unless names differ, each need is given once and each addend goes to a known total.

    Who needs what nobody gives is told its own hint, or else the nearest name.
    """
    givers, names = {}, set()
    for mechanism in mechanisms:
        for name in mechanism.gives:
            if name in givers:
                raise CompositionError(f"'{name}' is given twice: by {givers[name]} and by {mechanism}. Hand in one.")
            givers[name] = mechanism
        if mechanism.name in names:
            raise CompositionError(f"'{mechanism.name}' is the name of two mechanisms of this cell. Hand in one.")
        names.add(mechanism.name)
        unknown = set(mechanism.adds) - set(nm.TOTALS)
        if unknown:
            hint = nearest(min(unknown), nm.TOTALS)
            raise CompositionError(f"{mechanism} adds to '{min(unknown)}', which is no total. {hint}")
    for mechanism in mechanisms:
        for name in mechanism.needs:
            if name not in givers:
                hint = mechanism.hints.get(name) or nearest(name, givers)
                raise CompositionError(f"{mechanism} needs '{name}', but no mechanism of this cell gives it. {hint}")


class _PyBaMMParameters:
    """What PyBaMM's control steps read from ``model.param``."""

    def __init__(self):
        self.Q = pybamm.Parameter(nm.NOMINAL_CAPACITY)
        self.A_cc = pybamm.Parameter(nm.AREA)
        self.current_with_time = pybamm.FunctionParameter(nm.CURRENT_FUNCTION, {nm.TIME: pybamm.t})
        self.current_density_with_time = self.current_with_time / self.A_cc


class CellModel(pybamm.BaseModel):
    """A cell composed of mechanisms.

    Parameters
    ----------
    mechanisms : list of Mechanism
        In any order: the model is the same.
    name : str
    default_set : str
        Parameter set of `default_parameter_values`.
    quick_plot : list of str
        Variables of PyBaMM's QuickPlot.

    Raises
    ------
    CompositionError
        A mechanism needs what none gives, two give the same, or they need each other in a circle.
    """

    default_set = "Yuan2025_NAS"

    def __init__(self, mechanisms, name, quick_plot=()):
        super().__init__(name)
        checked = several(type(self).__name__, "mechanisms", mechanisms, "MyMechanism()")
        self.mechanisms = sorted(checked, key=lambda mechanism: mechanism.name)
        parts = [*self.mechanisms, *totals(self.mechanisms)]
        check(parts)
        self.param = _PyBaMMParameters()
        self.options = {"calculate discharge energy": "false", "surface form": "differential"}
        # PyBaMM fills the submodels in; copies keep those handed in fit for another model.
        self.submodels = {part.name: copy.deepcopy(part) for part in parts}
        self.summary_variables = [nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY]
        self._quick_plot = list(quick_plot)
        self.build_model()

    def build_model(self):
        try:
            self._build_model()
        except pybamm.ModelError as error:
            reason = "need each other in a circle, or one of them reads a variable that it does not state as a need"
            said = " ".join(str(error).split())
            raise CompositionError(f"The mechanisms of '{self.name}' {reason}. PyBaMM says: {said}") from None
        missing = [
            (part, name) for part in self.submodels.values() for name in part.gives if name not in self.variables
        ]
        if missing:
            raise CompositionError(f"{missing[0][0]} says that it gives '{missing[0][1]}' but does not.")
        self.variables.update({nm.TIME: pybamm.t, "Time [h]": pybamm.t / 3600})
        # A voltage step of pybamm.Experiment starts from the current of the step before under this name.
        self.variables["Current variable [A]"] = self.variables[nm.CURRENT]
        losses = self.variables[nm.VOLTAGE] + self.variables[nm.VOLTAGE_LOSS]
        self.variables[nm.EQUILIBRIUM_VOLTAGE] = losses
        V = self.variables[nm.VOLTAGE]
        self.events += [
            pybamm.Event("Minimum voltage [V]", V - pybamm.Parameter(nm.LOWER_CUT_OFF)),
            pybamm.Event("Maximum voltage [V]", pybamm.Parameter(nm.UPPER_CUT_OFF) - V),
        ]
        self._built = True

    def with_mechanisms(self, *replacements):
        """A new model of the same class in which mechanisms of the same name are replaced [CellModel]."""
        names = {new.name for new in several("with_mechanisms", "replacements", replacements, "MyMechanism()")}
        kept = [mechanism for mechanism in self.mechanisms if mechanism.name not in names]
        model = CellModel.__new__(type(self))
        CellModel.__init__(model, [*kept, *replacements], self.name, self._quick_plot)
        return model

    def charged(self):
        """The same cell with the capacitances that cycling does without: for impedance spectra [CellModel]."""
        return self.with_mechanisms(*(part for mechanism in self.mechanisms for part in mechanism.charged()))

    @property
    def options(self):
        return self._options

    @options.setter
    def options(self, options):
        # A plain dict would be turned into the options of a lithium-ion model.
        self._options = pybamm.FuzzyDict(options)

    @property
    def summary_variables(self):
        return self._summary_variables

    @summary_variables.setter
    def summary_variables(self, names):
        self._summary_variables = names

    @property
    def default_parameter_values(self):
        return load(self.default_set).to_pybamm()

    @property
    def default_solver(self):
        return default_solver()

    @property
    def default_quick_plot_variables(self):
        return self._quick_plot

    @property
    def default_geometry(self):
        return self._merged("geometry")

    @property
    def default_var_pts(self):
        return self._merged("var_pts")

    @property
    def default_submesh_types(self):
        return self._merged("submesh_types")

    @property
    def default_spatial_methods(self):
        return self._merged("spatial_methods")

    def _merged(self, what):
        """PyBaMM changes these dictionaries in place, so each call makes a new one."""
        merged = {}
        for mechanism in self.mechanisms:
            merged |= mechanism.discretisation().get(what, {})
        return merged
