"""Computed half cycles: voltage as a smooth function of the share of capacity passed.

Between the points of the integrator the voltage is a cubic with slopes from the points beside it: linear in the voltages,
so that it moves smoothly with parameters. Runs are kept on a tape (`nasim.engine.integrators.tape`) and can be repeated on
the same steps with values changed a little, which is where the derivatives of a fit come from.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .. import nomenclature as nm
from ..analysis import to_mAh_cm2
from ..engine.impedance_analyser import Analyser
from ..engine.integrators import Integrator, Rodas, integrator_for
from ..engine.integrators.tape import Taped
from ..engine.stepper import Segment, Stepper
from ..errors import ProtocolError
from ..parameters import ParameterSet
from ..units import to_A_m2
from .history import DIRECTIONS, Leg

TOLERANCES = 1e-6, 1e-7
"""Relative and absolute, of RODAS4: tighter than an experiment's, so that derivatives are exact to about a thousandth."""
TIGHTER = 0.1
"""Factor on the tolerances of IDAKLU, where that runs."""
FOR_SLOPES = 3
"""Points from which slopes follow."""


@dataclass(frozen=True)
class Trace:
    """A computed half cycle at constant current.

    Attributes
    ----------
    t, V : array of shape (times,)
        Time from its start [s] and voltage [V].
    current_mA_cm2 : float
        Positive on discharge.
    ended_by : str
        "voltage cut-off" or "time".
    """

    t: np.ndarray = field(repr=False)
    V: np.ndarray = field(repr=False)
    current_mA_cm2: float
    ended_by: str

    @property
    def direction(self) -> str:
        """ "discharge" or "charge"."""
        return DIRECTIONS[self.current_mA_cm2 < 0]

    @property
    def capacity(self) -> float:
        """Capacity passed [mAh cm-2]."""
        return float(to_mAh_cm2(to_A_m2(abs(self.current_mA_cm2)) * self.t[-1]))

    @property
    def shares(self) -> np.ndarray:
        """Shares of the capacity at the integrator's times."""
        return self.t / self.t[-1] if self.t[-1] else np.zeros_like(self.t)

    def voltage(self, fraction: np.ndarray) -> np.ndarray:
        """Return the voltage [V] at shares of the capacity passed, in the shape of `fraction`."""
        from scipy.interpolate import CubicHermiteSpline

        at = np.asarray(fraction) * self.t[-1]
        if len(self.t) < FOR_SLOPES:
            return np.interp(at, self.t, self.V)
        return CubicHermiteSpline(self.t, self.V, np.gradient(self.V, self.t, edge_order=2))(at)


class TraceStepper(Stepper):
    """A `Stepper` that starts afresh for each run and makes traces of half cycles.

    Parameters
    ----------
    model, parameter_values, conditions
        As for `Stepper`.
    compiled : bool
        Whether the equations are compiled by the C compiler of this machine first.
    """

    def __init__(self, model, parameter_values, conditions: Mapping[str, float], compiled: bool = False):
        super().__init__(model, parameter_values, conditions, "rodas-compiled" if compiled else None)
        self._analysers: dict[tuple[float, float], Analyser] = {}

    @functools.cached_property
    def integrator(self) -> Integrator:
        """RODAS4 on a tape where it can be had, else IDAKLU."""
        tight, names = Rodas(*TOLERANCES, compiled=self.solver is not None), list(self.idle)
        try:
            return Taped(integrator_for(self.built, names, tight))
        except ProtocolError:
            if tight.compiled:
                raise
            return integrator_for(self.built, names).tighter(TIGHTER)

    @property
    def tape(self) -> Taped | None:
        """The integrator, if it can repeat its steps."""
        return self.integrator if isinstance(self.integrator, Taped) else None

    def traces(self, legs: Sequence[Leg], conditions: Mapping[str, float]) -> list[Trace]:
        """Run the legs from the fresh cell under `conditions` [SI]; returns a trace for each.

        Raises
        ------
        SolveError
            The integrator gave up.
        """
        self.restart(conditions)
        return [self._leg(leg) for leg in legs]

    def analyser(self, parameters: ParameterSet, inductance_H: float, lead_resistance_Ohm: float) -> Analyser:
        """Return an impedance analyser of this cell under its present conditions, built once for each pair of cables.

        Parameters
        ----------
        parameters : ParameterSet
            The set of the cell.
        inductance_H, lead_resistance_Ohm : float
            Of the cables [H, Ohm].
        """
        key = (inductance_H, lead_resistance_Ohm)
        if key not in self._analysers:
            self._analysers[key] = Analyser(self, parameters, np.array([]), *key)
        self._analysers[key].stepper.conditions = dict(self.conditions)
        return self._analysers[key]

    def _leg(self, leg: Leg) -> Trace:
        steps, place = leg.steps()
        segment: Segment = [self.run(step) for step in steps][place]
        V = self.observe([nm.VOLTAGE], segment.t, segment.y, segment.inputs)[0]
        return Trace(segment.t, V, leg.current_mA_cm2, segment.ended_by)
