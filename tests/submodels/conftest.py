"""One mechanism by itself: its neighbours replaced by given values, its physics evaluated or integrated."""

import numpy as np
import pint
import pybamm
import pytest

from nasim import nomenclature as nm
from nasim.parameters import load


@pytest.fixture(scope="session")
def quantity():
    """`quantity(1.5, "A/m**2")` is a pint quantity, for functions evaluated with units."""
    return pint.UnitRegistry().Quantity


class Alone:
    """A mechanism with `given` in place of what it needs (name -> number or symbol) and `values` of parameters."""

    def __init__(self, mechanism, given, values=()):
        self.values = load("Yuan2025_NAS").to_pybamm()
        self.values.update(dict(values))
        symbols = {name: pybamm.convert_to_symbol(value) for name, value in given.items()}
        symbols |= mechanism.get_fundamental_variables()
        symbols |= mechanism.get_state_variables(symbols)
        symbols |= mechanism.get_coupled_variables(symbols)
        assert set(mechanism.gives) <= set(symbols)
        mechanism.set_rhs(symbols)
        mechanism.set_initial_conditions(symbols)
        self.mechanism, self.symbols = mechanism, symbols

    def _built(self, names):
        model = pybamm.BaseModel()
        model.rhs, model.initial_conditions = dict(self.mechanism.rhs), dict(self.mechanism.initial_conditions)
        model.variables = {name: self.symbols[name] for name in names}
        self.values.process_model(model)
        pybamm.Discretisation().process_model(model)
        return model

    def at_start(self, *names):
        """Values of variables in the initial state."""
        if not self.mechanism.rhs:
            return [float(self.values.process_symbol(self.symbols[name]).evaluate(t=0.0)) for name in names]
        model = self._built(names)
        y = model.concatenated_initial_conditions.evaluate()
        found = [model.get_processed_variable(name).evaluate(t=0.0, y=y) for name in names]
        return [float(np.squeeze(value)) for value in found]

    def solve(self, t, *names, rtol=1e-10, atol=1e-14):
        """Values of variables at the times `t` [s], one array a name."""
        t = np.asarray(t, float)
        solution = pybamm.IDAKLUSolver(rtol=rtol, atol=atol).solve(self._built(names), t[[0, -1]], t_interp=t)
        return [solution[name](t) for name in names]


@pytest.fixture(scope="session")
def alone():
    return Alone


@pytest.fixture(scope="session")
def order():
    """Observed order of convergence: slope of log(error) against log(size)."""

    def slope(sizes, errors):
        return float(np.polyfit(np.log(sizes), np.log(errors), 1)[0])

    return slope


def around_chain(potential, T=298.15, connected=1.0, shift=0.0, **more):
    """What a chain needs of the rest of a cell held at `potential` [V]."""
    return {
        nm.POSITIVE.potential: potential,
        nm.TEMPERATURE: T,
        nm.CELL_CURRENT: 1.0,
        nm.CONNECTED: connected,
        nm.INITIAL_CONNECTED: connected,
        nm.ISOLATION_RATE: 0.0,
        nm.RECONNECTION_RATE: 0.0,
        nm.MILLED_POTENTIAL: shift,
        **more,
    }


@pytest.fixture(scope="session")
def surroundings():
    return around_chain
