r"""Separator: one or several pressed solid electrolytes in series, single-ion conductors.

.. math::
   R_{sep} = \sum_j \frac{L_j}{\sigma_j(T)}, \qquad \sigma T \text{ Arrhenius}, \qquad
   G_0 = \Big[\sum_j \frac{L_j}{\sigma_{e,j}(T)}\Big]^{-1}

L in m, sigma in S m-1, R in Ohm m2. A single-ion conductor has no salt balance, so Ohm's law is all. Na3SbS4: 0.9 mS
cm-1 and 394 um (80 mg on 10 mm) give 44 Ohm cm2 (Yuan et al. 2025). G_0 (S m-2) is what the intact layers pass as
electrons: with 1e-9 S cm-1 some 5e-8 A cm-2 at 2 V, nothing against 1e-4, but the seed of a soft short.
"""

import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError
from .arrhenius import conductivity
from .charged_layer import LEAST_RESISTANCE, charging_rate
from .mechanism import Mechanism
from .smooth import total

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""eps_0 [F m-1] (CODATA 2018)."""


def geometric_capacitance(permittivity, thickness):
    """Capacitance [F m-2] of a plate of relative `permittivity` and `thickness` [m].

    >>> float(round(geometric_capacitance(20.0, 394e-6) * 1e7, 3))
    4.495
    """
    return VACUUM_PERMITTIVITY * permittivity / thickness


def resistance(thickness, sigma):
    """Area resistance [Ohm m2] of a layer; thickness [m], sigma [S m-1].

    >>> float(round(resistance(394e-6, 0.09) * 1e4, 1))
    43.8
    """
    return thickness / sigma


class Separator(Mechanism):
    """A stack of electrolyte layers; `layers` are `nasim.nomenclature.Layer` objects, anode side first.

    Raises
    ------
    CompositionError
        There is no layer, or one is no `nasim.nomenclature.Layer`.
    """

    needs = (nm.TEMPERATURE,)
    gives = (nm.SEPARATOR_RESISTANCE, nm.INTRINSIC_LEAK)
    adds = {nm.SERIES_RESISTANCE: (nm.SEPARATOR_RESISTANCE,)}

    def __init__(self, layers=(nm.SEPARATOR,)):
        super().__init__("separator", role=nm.roles.SEPARATOR)
        self.layers = (layers,) if isinstance(layers, nm.Layer | str) else tuple(layers)
        if not self.layers:
            raise CompositionError("Separator needs at least one layer of electrolyte; none was given.")
        for layer in self.layers:
            if not isinstance(layer, nm.Layer):
                known = "nasim.nomenclature.SEPARATOR or INTERLAYER"
                raise CompositionError(f"Separator: {layer!r} was given as a layer; expected a Layer, such as {known}.")

    def charged(self):
        return (GrainedElectrolyte(self.layers),)

    def get_coupled_variables(self, variables):
        T = variables[nm.TEMPERATURE]
        leak = intrinsic_leak(self.layers, T)
        return {nm.SEPARATOR_RESISTANCE: ionic_resistance(self.layers, T), nm.INTRINSIC_LEAK: leak}


class GrainedElectrolyte(Mechanism):
    """A `Separator` for spectra: grains and grain boundaries of each layer as two charged layers, a state each.

    `layers` are `nasim.nomenclature.Layer` objects, anode side first, of the same permittivity and grain boundaries.
    """

    needs, rate_needs = (nm.TEMPERATURE,), (nm.CELL_CURRENT,)

    def __init__(self, layers=(nm.SEPARATOR,)):
        super().__init__("separator", role=nm.roles.SEPARATOR)
        self.layers = tuple(layers)
        losses = tuple(name for layer in self.layers for name in (layer.bulk_loss, layer.grain_boundary_loss))
        self.gives = (nm.SEPARATOR_RESISTANCE, nm.INTRINSIC_LEAK, *losses)
        self.adds = dict.fromkeys((nm.POLARISATION, nm.VOLTAGE_LOSS), losses)

    def get_fundamental_variables(self):
        return {name: pybamm.Variable(name) for name in self.adds[nm.POLARISATION]}

    def get_coupled_variables(self, variables):
        T = variables[nm.TEMPERATURE]
        leak = intrinsic_leak(self.layers, T)
        return {nm.SEPARATOR_RESISTANCE: ionic_resistance(self.layers, T), nm.INTRINSIC_LEAK: leak}

    def set_rhs(self, variables):
        P, i, share = pybamm.Parameter, variables[nm.CELL_CURRENT], pybamm.Parameter(nm.GRAIN_BOUNDARY_SHARE)
        for layer in self.layers:
            R = ionic_resistance([layer], variables[nm.TEMPERATURE]) + LEAST_RESISTANCE
            bulk, boundary = variables[layer.bulk_loss], variables[layer.grain_boundary_loss]
            C_b = geometric_capacitance(P(nm.PERMITTIVITY), P(layer.thickness))
            self.rhs[bulk] = charging_rate(i, bulk, (1 - share) * R, C_b)
            R_gb, C_gb = share * R + LEAST_RESISTANCE, P(nm.GRAIN_BOUNDARY_CAPACITANCE)
            self.rhs[boundary] = charging_rate(i, boundary, R_gb, C_gb)

    def set_initial_conditions(self, variables):
        for name in self.adds[nm.POLARISATION]:
            self.initial_conditions[variables[name]] = pybamm.Scalar(0)


def ionic_resistance(layers, T):
    """Sum over `layers` of their area resistance at `T` [K], a symbol [Ohm m2]."""
    P = pybamm.Parameter
    parts = [resistance(P(layer.thickness), conductivity(T, P(layer.conductivity), P(layer.Ea))) for layer in layers]
    return total(parts)


def intrinsic_leak(layers, T):
    """Electronic conductance of the intact `layers` in series at `T` [K], a symbol [S m-2]."""
    P = pybamm.Parameter
    sigmas = [conductivity(T, P(layer.electronic), P(layer.electronic_Ea)) for layer in layers]
    parts = [resistance(P(layer.thickness), sigma) for layer, sigma in zip(layers, sigmas, strict=True)]
    return 1 / total(parts)
