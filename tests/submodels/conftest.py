"""One mechanism by itself: its neighbours replaced by given values, its physics evaluated or integrated."""

import numpy as np
import pint
import pybamm
import pytest

from nasim import nomenclature as nm
from nasim.models.order import coupled_order
from nasim.parameters import load
from nasim.submodels.kinetics import ATMOSPHERE
from nasim.submodels.mechanism import Mechanism
from nasim.submodels.product_layer import ProductLayer
from nasim.submodels.region import LUMPED


@pytest.fixture(scope="session")
def quantity():
    """`quantity(1.5, "A/m**2")` is a pint quantity, for functions evaluated with units."""
    return pint.UnitRegistry().Quantity


class Alone:
    """Mechanisms with `given` in place of what they need (name -> number or symbol) and `values` of parameters."""

    def __init__(self, mechanisms, given, values=(), classes=1):
        self.values = load("Yuan2025_NAS").to_pybamm()
        self.values.update(dict(values))
        self.parts = [mechanisms] if isinstance(mechanisms, Mechanism) else list(mechanisms)
        self.mechanism, self.classes = self.parts[0], classes
        self.symbols = {name: pybamm.convert_to_symbol(value) for name, value in given.items()}
        self._compute()

    def _compute(self):
        symbols, parts = self.symbols, self.parts
        for part in parts:
            symbols |= part.get_fundamental_variables()
        for part in parts:
            symbols |= part.get_state_variables(symbols)
        for part in coupled_order("parts alone", parts, symbols):
            symbols |= part.get_coupled_variables(symbols)
        for part in parts:
            assert set(part.gives) <= set(symbols)
            part.set_rhs(symbols)
            part.set_initial_conditions(symbols)

    def _built(self, names):
        model = pybamm.BaseModel()
        for part in self.parts:
            model.rhs = {**model.rhs, **part.rhs}
            model.initial_conditions = {**model.initial_conditions, **part.initial_conditions}
        model.variables = {name: self.symbols[name] for name in names}
        self.values.process_model(model)
        grains = LUMPED.grains(self.classes)
        mesh = pybamm.Mesh(pybamm.Geometry(grains["geometry"]), grains["submesh_types"], grains["var_pts"])
        pybamm.Discretisation(mesh, grains["spatial_methods"]).process_model(model)
        return model

    def at_start(self, *names):
        """Values of variables in the initial state; an array over the classes of grains if there are several."""
        if not any(part.rhs for part in self.parts):
            return [float(self.values.process_symbol(self.symbols[name]).evaluate(t=0.0)) for name in names]
        model = self._built(names)
        y = model.concatenated_initial_conditions.evaluate()
        found = [np.squeeze(model.get_processed_variable(name).evaluate(t=0.0, y=y)) for name in names]
        return [float(value) if value.ndim == 0 else value for value in found]

    def solve(self, t, *names, rtol=1e-10, atol=1e-14):
        """Values of variables at the times `t` [s], one array a name, with a row for each class of grains if several."""
        t = np.asarray(t, float)
        solution = pybamm.IDAKLUSolver(rtol=rtol, atol=atol).solve(self._built(names), t[[0, -1]], t_interp=t)
        found = [solution[name](t) for name in names]
        # PyBaMM adds the two ends of the domain to what varies over the classes.
        return [value if value.ndim == 1 else np.squeeze(value[1:-1]) for value in found]


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
        nm.STACK_PRESSURE: ATMOSPHERE,
        nm.CELL_CURRENT: 1.0,
        nm.CONNECTED: connected,
        nm.INITIAL_CONNECTED: connected,
        nm.ISOLATION_RATE: 0.0,
        nm.RECONNECTION_RATE: 0.0,
        nm.MILLED_POTENTIAL: shift,
        **more,
    }


def with_companions(*chains, layer=True):
    """Chains with what belongs to them, and the layer that they share unless something else gives its factor."""
    parts = [part for chain in chains for part in (chain, *chain.companions())]
    return [*parts, ProductLayer([chain.layered for chain in chains])] if layer else parts


@pytest.fixture(scope="session")
def whole():
    return with_companions


@pytest.fixture(scope="session")
def surroundings():
    return around_chain
