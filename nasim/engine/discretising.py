"""A model with its parameters, discretised by PyBaMM.

PyBaMM learns how long the equations are by evaluating them, term by term, however often a term is shared; and it does so
again to check them. That took half of the time of building a cell. Their length is that of the states, and nasim's own
mechanisms are checked by its tests; a cell with mechanisms of others is checked as ever.
"""

from typing import TYPE_CHECKING, Any

import pybamm

if TYPE_CHECKING:
    from ..models.compose import CellModel


class _Stacked(pybamm.NumpyConcatenation):
    """Equations below each other, of known length."""

    def __init__(self, *children, rows: int):
        super().__init__(*children)
        self._rows = rows

    @property
    def shape(self):
        return self._rows, 1

    @property
    def size(self):
        return self._rows


class _Discretisation(pybamm.Discretisation):
    """PyBaMM's, which looks up how long the differential equations are."""

    def process_rhs_and_algebraic(self, model):
        rhs, stacked, *algebraic = super().process_rhs_and_algebraic(model)
        if isinstance(stacked, pybamm.NumpyConcatenation):
            rows = sum(part.stop - part.start for variable in rhs for part in self.y_slices[variable])
            stacked = _Stacked(*stacked.children, rows=rows)
        return rhs, stacked, *algebraic


def discretised(model: "CellModel", values: pybamm.ParameterValues) -> tuple[Any, pybamm.Mesh]:
    """Return the discretised model and its mesh.

    Parameters
    ----------
    model : CellModel
    values : pybamm.ParameterValues
        With "[input]" for what is an input.

    Raises
    ------
    pybamm.ModelError
        An equation of a mechanism is of another length than its state.
    """
    geometry = model.default_geometry
    values.process_geometry(geometry)
    mesh = pybamm.Mesh(geometry, model.default_submesh_types, model.default_var_pts)
    method = _Discretisation(mesh, model.default_spatial_methods, check_model=model.foreign)
    with_values = values.process_model(model, inplace=False, delayed_variable_processing=True)
    return method.process_model(with_values, inplace=False, delayed_variable_processing=True), mesh
