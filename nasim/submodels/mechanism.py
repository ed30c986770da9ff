"""The contract of a submodel: its role, what it needs, what it gives, what it adds to a total."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pybamm

from .. import nomenclature as nm
from ..errors import CompositionError, shown
from .region import Region

Variables = Mapping[str, pybamm.Symbol]
"""What a mechanism reads and returns: symbols by name."""


class Mechanism(pybamm.BaseSubModel):
    """One mechanism of a cell: the base of every nasim submodel, and of your own.

    A cell (`nasim.FullCell` and its like) is a set of mechanisms in no order. A mechanism states what it is and what
    passes between it and the others; the cell checks that before PyBaMM builds anything, and says who needs what. It
    never asks whether another mechanism is there: what is absent is a null object that gives zero.

    **Statements**, class attributes or set in the constructor, tuples of names from `nasim.nomenclature`:

    ``needs``
        Variables of others that its `get_coupled_variables` reads. The cell sorts the mechanisms by them, and hands in
        no others.
    ``rate_needs``
        Variables of others that only its equations read: rates of change and initial values.
    ``gives``
        Variables that it gives: states and what it derives.
    ``adds``
        ``{total: (variable, ...)}``: those of its variables that are terms of a sum over all mechanisms
        (`nasim.nomenclature.TOTALS`), such as the series resistance, the reaction current or the internal current.
    ``hints``
        ``{variable: sentence}``: what to do where nothing in a cell gives a need.

    **Methods**, in the order in which a cell calls them, each for all mechanisms before the next; all are optional:

    1. `get_fundamental_variables`: its states, as `pybamm.Variable`, and what parameters alone give.
    2. `get_state_variables`: what follows from states alone, its own and others'. Whatever others derive from states is
       out of reach here, so that no order matters. A current that depends on composition finds the composition given.
    3. `get_coupled_variables`: everything else. The cell calls it when all that it `needs` is given.
    4. `set_rhs`, `set_initial_conditions` (and PyBaMM's other setters): the equations of its states.

    `charged` and `discretisation` say what stands for it in an impedance spectrum, and on which mesh it lives.

    States should be amounts or charges, so that the balances stay linear and the audit of a result exact.

    Parameters
    ----------
    name : str
        What messages and PyBaMM call it.
    role : str, optional
        What it is in a cell, from `nasim.nomenclature.roles`, a side or a chain; no two mechanisms of a cell have the
        same role. A part that stands in for another has its role (``role=nm.roles.THERMAL``). By default the name, for a
        mechanism that stands in for no other.
    region : nasim.submodels.region.Region, optional
        Where in the cathode it lives, if it does: all in one place or at every point across it. The cell moves it to the
        region of its cathode (`placed`).

    Examples
    --------
    A film that resists, through ``nasim.FullCell(extra=[Film(1e-3)])``:

    >>> import pybamm, nasim
    >>> from nasim import nomenclature as nm
    >>> class Film(nasim.Mechanism):
    ...     gives = ("Film resistance [Ohm.m2]",)
    ...     adds = {nm.SERIES_RESISTANCE: gives}
    ...
    ...     def __init__(self, resistance):
    ...         super().__init__("film")
    ...         self.resistance = resistance
    ...
    ...     def get_fundamental_variables(self):
    ...         return {"Film resistance [Ohm.m2]": pybamm.Scalar(self.resistance)}
    >>> "Film voltage loss [V]" in nasim.FullCell(extra=[Film(1e-3)]).variables
    True
    """

    needs: tuple[str, ...] = ()
    rate_needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    adds: dict[str, tuple[str, ...]] = {}
    hints: dict[str, str] = {}
    region: Any = None  # a Region of a class that lives in the cathode

    def __init__(self, name: str, role: str | None = None, region: Region | None = None) -> None:
        # A FuzzyDict keeps PyBaMM from filling in the options of its lithium-ion models.
        super().__init__(None, name=name, options=pybamm.FuzzyDict())
        self.role = name if role is None else role
        if region is not None:
            self.region = region

    def get_state_variables(self, variables: Variables) -> dict[str, pybamm.Symbol]:
        """Return what follows from states alone; `variables` are the fundamental variables of all mechanisms."""
        return {}

    def placed(self, region: Region | None) -> Mechanism:
        """Return this mechanism in another region of the cathode: a copy, or itself where it lives there or in none."""
        if region is None or self.region is None or self.region == region:
            return self
        moved = copy.copy(self)
        moved.region = region
        return moved

    def companions(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that belong to this one; a cell takes each in unless it has one of that role."""
        return ()

    def charged(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that stand for this one in an impedance spectrum, where its capacitances count.

        By default it is that one itself. A capacitance beside a small resistance is a state of microseconds: it costs
        steps and says nothing in cycling, so that models have it only here.
        """
        return (self,)

    def discretisation(self) -> dict[str, dict[Any, Any]]:
        """Return new dictionaries under "geometry", "var_pts", "submesh_types", "spatial_methods"; empty where lumped."""
        return {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self.name}')"


def given_side(who: str, side: nm.Side, hint: str = "") -> nm.Side:
    """Return `side`; `CompositionError`, which ends with `hint`, unless it is a `nasim.nomenclature.Side`.

    >>> str(given_side("Interphase", nm.NEGATIVE))
    'negative'
    """
    if isinstance(side, nm.Side):
        return side
    expected = "nasim.nomenclature.NEGATIVE or POSITIVE"
    raise CompositionError(f"{who}: {shown(side)} was given as side; expected {expected}. {hint}".strip())
