"""The contract of a submodel: what it needs, what it gives, what it adds to a total.

A mechanism is a thin `pybamm.BaseSubModel` that states, as tuples of names from `nasim.nomenclature`:

``needs``   variables that other mechanisms give,
``gives``   variables that this one gives (states and derived quantities),
``adds``    ``{total: (variable, ...)}``, the terms that it contributes to a sum over mechanisms, such as the series
            resistance or the reaction current,
``hints``   ``{variable: sentence}``, what to do where a cell has nothing that gives a need.

`nasim.models.compose` checks them before PyBaMM builds anything. A mechanism never asks whether another one is
there: what is absent is a null object that gives zero.
"""

import pybamm


class Mechanism(pybamm.BaseSubModel):
    """Base of every nasim submodel; subclasses set `needs`, `gives` and `adds`, then PyBaMM's own methods."""

    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    adds: dict[str, tuple[str, ...]] = {}
    hints: dict[str, str] = {}

    def __init__(self, name):
        # A FuzzyDict keeps PyBaMM from filling in the options of its lithium-ion models.
        super().__init__(None, name=name, options=pybamm.FuzzyDict())

    def charged(self):
        """The mechanisms that stand for this one in an impedance spectrum, where its capacitances count, a tuple.

        By default it is that one itself. A capacitance beside a small resistance is a state of microseconds: it costs
        steps and says nothing in cycling, so that models have it only here.
        """
        return (self,)

    def discretisation(self):
        """New dictionaries under "geometry", "var_pts", "submesh_types", "spatial_methods"; empty where lumped."""
        return {}

    def __repr__(self):
        return f"{type(self).__name__}('{self.name}')"
