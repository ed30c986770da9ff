"""Runs for the calibration: each cell is built once with the fitted parameters as inputs, then run with any values.

Building costs ten times as much as two cycles, so `Bench` has one kept cell a parameter set. The numbers are those of the
experiments of nasim for the same values.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..engine.built_cell import KeptCell
from ..errors import NasimError
from ..parameters import ParameterSet
from ..results.result import Result
from .published import Finding, computed
from .row import rows
from .runs import Run, execute, plan
from .stages import TIED, with_tied
from .studies import STUDIES


class Bench:
    """Cells whose parameters can be varied.

    Parameters
    ----------
    names : sequence of str
        Parameters to vary; those that follow one of them vary, too.
    load : callable (name) -> ParameterSet
        Loads the set that a row names.
    """

    def __init__(self, names: Sequence[str], load: Callable[[str], ParameterSet]):
        self.names = (*names, *(tied for tied, leader in TIED.items() if leader in names))
        self.load = load
        self._cells: dict[str, tuple[KeptCell, ParameterSet]] = {}

    def findings(self, ids: Sequence[str], values: Mapping[str, float]) -> dict[str, Finding]:
        """Compute published rows with given values of the parameters.

        Parameters
        ----------
        ids : sequence of str
            Rows; those of studies are refused.
        values : mapping parameter -> value
            SI units.

        Returns
        -------
        dict
            Row id -> finding; rows whose run fails are "not available".

        Raises
        ------
        NasimError
            A row needs something else than a run of a cell.
        """
        values, findings = with_tied(values), {}
        for run in plan(rows(*ids)):
            if run.experiment in STUDIES:
                raise NasimError(
                    f"Rows {', '.join(run.ids)} need a '{run.experiment}' study; the calibration has none."
                )
            result = self._result(run, values)
            findings |= {row.id: computed(row, result) for row in rows(*run.ids)}
        return findings

    def _result(self, run: Run, values: Mapping[str, float]) -> Result | None:
        if run.set not in self._cells:
            self._cells[run.set] = KeptCell(inputs=self.names), self.load(run.set)
        cell, parameters = self._cells[run.set]
        try:
            result = execute(run, with_values(parameters, values), cell)
        except NasimError:
            return None
        return result if isinstance(result, Result) else None


def with_values(parameters: ParameterSet, values: Mapping[str, float]) -> ParameterSet:
    """Return the set with these values, whatever the ranges of its entries; parameters that it has not are left out."""
    changed = {
        name: replace(parameters.entries[name], value=float(value))
        for name, value in values.items()
        if name in parameters.entries
    }
    return replace(parameters, entries={**parameters.entries, **changed})
