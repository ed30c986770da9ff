"""From a list of mechanisms to a PyBaMM model: needs meet gives, totals are summed, PyBaMM's unwritten contract is kept.

`check` compares what the mechanisms need with what they give before PyBaMM builds anything, and names the missing
variable, who needs it and the nearest name that is given. Mechanisms are told apart by their roles. `CellModel` is everything that `pybamm.Simulation`,
`Experiment`, `EISSimulation`, `QuickPlot` and `ParameterValues` expect of a model and do not say (each line of it was
found by leaving it out).
"""

import copy

import pybamm

from .. import nomenclature as nm
from ..citations import cite_model
from ..errors import CompositionError, nearest
from ..notebook import card, layers
from ..parameters import load
from ..submodels.circuit import SeriesLosses
from ..submodels.mechanism import Mechanism
from ..units import SECONDS_PER_HOUR
from .contract import CellOptions, PyBaMMParameters
from .order import coupled_order
from .parts import several
from .solver import default_solver

ACROSS = (
    nm.roles.electrode(nm.NEGATIVE),
    nm.roles.interphase(nm.NEGATIVE),
    nm.roles.SEPARATOR,
    nm.roles.interphase(nm.POSITIVE),
    nm.roles.electrode(nm.POSITIVE),
    nm.roles.CATHODE,
)
"""Roles of the layers of a cell, negative side first."""


class Total(Mechanism):
    """Sum of the terms that mechanisms add under one name; zero where nobody adds."""

    def __init__(self, name, terms):
        super().__init__(f"total of {name}")  # its role, too
        self.total, self.needs, self.gives = name, tuple(terms), (name,)

    def get_coupled_variables(self, variables):
        return {self.total: sum((variables[term] for term in self.needs), pybamm.Scalar(0))}


def totals(mechanisms):
    """The `Total` of each name in `nomenclature.TOTALS`, the losses over the series resistances, and the internal current
    without the leak, from which the circuit finds the voltage and so the leak.
    """
    losses = SeriesLosses(terms(mechanisms, nm.SERIES_RESISTANCE))
    sums = [Total(name, terms([*mechanisms, losses], name)) for name in nm.TOTALS]
    driven = [name for name in terms(mechanisms, nm.INTERNAL_CURRENT) if name != nm.LEAK_CURRENT]
    return [losses, *sums, Total(nm.DRIVEN_CURRENT, driven)]


def terms(mechanisms, total):
    """Names of the variables that mechanisms add to a total, in their order."""
    return [name for mechanism in mechanisms for name in mechanism.adds.get(total, ())]


def with_companions(mechanisms):
    """The mechanisms in the region of their cathode, if there is one, and the companions that are not yet among them."""
    region = next((each.region for each in mechanisms if each.role == nm.roles.CATHODE), None)
    placed = [each.placed(region) for each in mechanisms]
    roles = {each.role for each in placed}
    return placed + [new for each in placed for new in each.companions() if new.role not in roles]


def check(mechanisms):
    """Raise `CompositionError` unless roles differ, each need is given once and each addend goes to a known total.

    Who needs what nobody gives is told its own hint, or else the nearest name.
    """
    givers, players = {}, {}
    for mechanism in mechanisms:
        if mechanism.role in players:
            both = f"{players[mechanism.role]} and {mechanism}"
            raise CompositionError(f"The role '{mechanism.role}' is played by two mechanisms: {both}. Hand in one.")
        players[mechanism.role] = mechanism
        for name in mechanism.gives:
            if name in givers:
                both = " and by ".join(f"{each} as '{each.role}'" for each in (givers[name], mechanism))
                raise CompositionError(
                    f"'{name}' is given twice: by {both}. Hand in one, in the role that it is to play."
                )
            givers[name] = mechanism
        unknown = set(mechanism.adds) - set(nm.TOTALS)
        if unknown:
            hint = nearest(min(unknown), nm.TOTALS)
            raise CompositionError(f"{mechanism} adds to '{min(unknown)}', which is no total. {hint}")
    for mechanism in mechanisms:
        for name in (*mechanism.needs, *mechanism.rate_needs):
            if name not in givers:
                hint = mechanism.hints.get(name) or nearest(name, givers)
                raise CompositionError(f"{mechanism} needs '{name}', but no mechanism of this cell gives it. {hint}")


class CellModel(pybamm.BaseModel):
    """A cell composed of mechanisms.

    Parameters
    ----------
    mechanisms : list of Mechanism
        In any order: the model is the same. Those that live in the cathode are moved to the region of the mechanism whose
        role is the cathode, and the companions that a mechanism brings are added.
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
        cite_model()
        checked = several(type(self).__name__, "mechanisms", mechanisms, "MyMechanism()")
        self.mechanisms = sorted(with_companions(checked), key=lambda mechanism: (mechanism.name, mechanism.role))
        parts = [*self.mechanisms, *totals(self.mechanisms)]
        check(parts)
        self._meet_pybamm()
        # PyBaMM fills the submodels in; copies keep those handed in fit for another model.
        self.submodels = {part.role: copy.deepcopy(part) for part in parts}
        self._quick_plot = list(quick_plot)
        self.build_model()

    def _meet_pybamm(self):
        self.param, self.mechanisms = PyBaMMParameters(), getattr(self, "mechanisms", [])
        self.options = {"calculate discharge energy": "false", "surface form": "differential"}
        self.summary_variables = [nm.CHARGE_PASSED, nm.DISCHARGE_ENERGY]

    def __repr__(self):
        return f"{type(self).__name__}({self.name[:60]!r}, {len(self.mechanisms)} mechanisms)"

    def _repr_html_(self):
        numbers = {"mechanisms": len(self.mechanisms), "differential equations": len(self.rhs)}
        numbers |= {
            "algebraic equations": len(self.algebraic),
            "variables": len(self.variables),
            "set": self.default_set,
        }
        roles = {mechanism.role: type(mechanism).__name__ for mechanism in self.mechanisms}
        section = [(roles[role], role.split(" (")[0]) for role in ACROSS if role in roles]
        return card(self.name, numbers, [", ".join(sorted(roles))], layers(section))

    @classmethod
    def deserialise(cls, properties: dict) -> "CellModel":
        """Return a discretised model that ``save_model`` wrote; it can be solved, and has no mechanisms to replace.

        Parameters
        ----------
        properties : dict
            What PyBaMM read from the file.
        """
        model = cls.__new__(cls)
        pybamm.BaseModel.__init__(model, f"{properties['name']}_saved")
        model._quick_plot = []
        model._meet_pybamm()
        model.options = properties["options"]
        loaded = cls.generic_deserialise(model, properties)
        # A solver looks into these dictionaries for whether there are equations; the equations themselves are concatenated.
        stands_for_all = {pybamm.Variable("all states"): pybamm.Scalar(0)}
        loaded._rhs = stands_for_all if loaded.len_rhs else {}
        loaded._algebraic = stands_for_all if loaded.len_alg else {}
        return loaded

    def build_model(self):
        self._build_model()
        missing = [
            (part, name) for part in self.submodels.values() for name in part.gives if name not in self.variables
        ]
        if missing:
            raise CompositionError(f"{missing[0][0]} says that it gives '{missing[0][1]}' but does not.")
        self.variables.update({nm.TIME: pybamm.t, "Time [h]": pybamm.t / SECONDS_PER_HOUR})
        # A voltage step of pybamm.Experiment starts from the current of the step before under this name.
        self.variables["Current variable [A]"] = self.variables[nm.CURRENT]
        losses = self.variables[nm.VOLTAGE] + self.variables[nm.VOLTAGE_LOSS]
        self.variables[nm.EQUILIBRIUM_VOLTAGE] = losses
        if nm.CAPACITY in self.variables:
            self.summary_variables = [*self.summary_variables, nm.CAPACITY]
        V = self.variables[nm.VOLTAGE]
        self.events += [
            pybamm.Event("Minimum voltage [V]", V - pybamm.Parameter(nm.LOWER_CUT_OFF)),
            pybamm.Event("Maximum voltage [V]", pybamm.Parameter(nm.UPPER_CUT_OFF) - V),
        ]
        self._built = True

    @property
    def foreign(self) -> bool:
        """Whether a mechanism is not nasim's own, whose equations its tests check."""
        return any(not type(part).__module__.startswith("nasim.") for part in self.submodels.values())

    def check_well_posedness(self, post_discretisation=False):
        """PyBaMM's check of the equations, which takes a tenth of the time of building a cell, where it can find something."""
        if self.foreign:
            super().check_well_posedness(post_discretisation)

    def _resolve_coupled_variables(self, symbol):
        """PyBaMM's search of a variable for coupled ones, all through anew each time, where there can be any."""
        return super()._resolve_coupled_variables(symbol) if self.foreign else symbol

    def build_fundamental(self):
        """States and what parameters give, then what follows from states alone; neither depends on any order."""
        super().build_fundamental()
        states = dict(self.variables)
        for part in self.submodels.values():
            self._take_in(part, part.get_state_variables, states, "for its state variables, but that is no state")

    def build_coupled_variables(self):
        """Everything else, each mechanism after those that give what it needs, and from nothing that it does not state."""
        for part in coupled_order(self.name, list(self.submodels.values()), set(self.variables)):
            readable = {*part.needs, *self._variables_by_submodel[part.role]}
            given = {name: symbol for name, symbol in self.variables.items() if name in readable}
            self._take_in(part, part.get_coupled_variables, given, "but does not state it under needs")

    def _take_in(self, part, compute, given, reason):
        try:
            new = compute(given)
        except KeyError as error:
            raise CompositionError(f"{part} reads '{error.args[0]}' {reason}.") from error
        self._variables_by_submodel[part.role].update(new)
        self.variables.update(new)

    def with_mechanisms(self, *replacements):
        """Return a new model of the same class in which others play the roles that they have here [CellModel].

        What a replaced mechanism brought with it goes with it; a role that this cell lacks is added.
        """
        roles = {new.role for new in several("with_mechanisms", "replacements", replacements, "MyMechanism()")}
        gone = roles | {each.role for old in self.mechanisms if old.role in roles for each in old.companions()}
        kept = [mechanism for mechanism in self.mechanisms if mechanism.role not in gone]
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
        self._options = CellOptions(options)

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
