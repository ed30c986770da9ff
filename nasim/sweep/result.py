"""Result of a sweep: a table with a row a point, one with a row a point and cycle, and a record."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import write_netcdf, write_text, write_whole
from ..nomenclature.columns import DISCHARGE, DISCHARGE_PER_GRAM
from ..notebook import card, chart, quiet
from .points import Points

if TYPE_CHECKING:
    import pandas
    import xarray
    from matplotlib.axes import Axes

POINT = "point"
MOST_LINES = 8
"""Of the small picture in a notebook: one for each combination of all varied values but the first."""
STOPPED, REASON = "stopped_because", "reason"


@dataclass(frozen=True)
class SweepResult:
    """Outcome of a sweep.

    Attributes
    ----------
    table : pandas.DataFrame
        A row a point, in the order given: the varied values, the summary of the last cycle, "stopped_because" as the
        experiment says it, and "reason", which is empty unless the point failed; then the numbers are missing.
    cycles : pandas.DataFrame
        The same with a row for every cycle, also those that a point finished before it failed.
    names : tuple of str
        Varied names.
    is_grid : bool
        Whether the points are all combinations of some values.
    record : dict
        Experiment, parameter set with all values, conditions, versions, wall time.
    """

    table: "pandas.DataFrame"
    cycles: "pandas.DataFrame"
    names: tuple[str, ...]
    is_grid: bool
    record: dict

    def __repr__(self) -> str:
        failed, where = len(self.failed), ", ".join(self.names)
        return f"SweepResult({self.record.get('experiment')!r}, {len(self.table)} points over {where[:120]}, {failed} failed)"

    def _repr_html_(self) -> str:
        numbers = {name: f"{self.table[name].nunique()} values" for name in self.names[:3]}
        numbers |= {"points": len(self.table), "failed": len(self.failed)}
        known = [
            name
            for name in (DISCHARGE_PER_GRAM, DISCHARGE)
            if name in self.table and bool(self.table[name].notna().any())
        ]
        across = self.names[0] if self.names else ""
        lines = []
        if known and self.table[across].dtype.kind in "fi":
            points, others = self.table.sort_values(across), list(self.names[1:])
            parts = [part for _, part in points.groupby(others)] if others else [points]
            lines = [(part[across], part[known[0]]) for part in parts[:MOST_LINES]]
        return card(f"Sweep: {self.record.get('experiment')}", numbers, (), chart(lines, across, (known or [""])[0]))

    @classmethod
    def of(cls, points: Points, outcomes: Sequence[Mapping], record: dict) -> "SweepResult":
        """Return the result of a sweep.

        Parameters
        ----------
        points : Points
        outcomes : sequence of mapping
            Of each point, in order; see `Job.run`.
        record : dict
        """
        import pandas

        table, cycles = [], []
        for number, (values, outcome) in enumerate(zip(points.values, outcomes, strict=True)):
            at, rows = dict(zip(points.names, values, strict=True)), outcome["rows"]
            last = rows[-1] if rows and not outcome[REASON] else {}
            table.append(last | at | {name: outcome[name] for name in (STOPPED, REASON)})
            cycles += [{POINT: number} | row | at for row in rows]
        order = [*points.names, *(name for row in cycles for name in row), STOPPED, REASON]
        order = [name for name in dict.fromkeys(order) if name != POINT]
        tidy = pandas.DataFrame(table, columns=order).rename_axis(POINT)
        long = pandas.DataFrame(cycles, columns=[POINT, *order[:-2]])
        return cls(tidy, long, points.names, points.is_grid, record)

    @property
    def failed(self) -> "pandas.DataFrame":
        """The rows of the table that have a reason."""
        return self.table.loc[self.table[REASON] != ""]

    def to_xarray(self, each_cycle: bool = False) -> "xarray.Dataset":
        """Return the table over the varied values if they are a grid, else over the points.

        Parameters
        ----------
        each_cycle : bool
            Whether the summary is also over the cycles.
        """
        import xarray

        along, beside = (list(self.names), [POINT]) if self.is_grid else ([POINT], list(self.names))
        table, cycles = (_plain(part, self.names) for part in (self.table.reset_index(), self.cycles))
        data = xarray.Dataset.from_dataframe(table.set_index(along)).set_coords(beside)
        if each_cycle and len(cycles):
            number = cycles.columns[1 + len(self.names)]
            rows = xarray.Dataset.from_dataframe(cycles.drop(columns=beside).set_index([*along, number]))
            data = xarray.merge([data[[STOPPED, REASON]], rows], join="outer")
        return data

    def to_netcdf(self, path: str | os.PathLike) -> None:
        """Write every cycle of every point and the record to one netCDF file, which appears whole or not at all.

        Parameters
        ----------
        path : path
        """
        data = self.to_xarray(each_cycle=True).assign_attrs(record=json.dumps(self.record, default=str))
        spaced = [name for name in set(data.coords) - set(data.dims) if " " in str(name)]
        write_netcdf(path, data.reset_coords(spaced))  # netCDF has no coordinates of such names beside the dimensions

    def to_csv(self, folder: str | os.PathLike) -> None:
        """Write sweep.csv (the table), cycles.csv and record.json to a folder.

        Parameters
        ----------
        folder : path
            Made if need be.
        """
        folder, record = Path(folder), json.dumps(self.record, indent=1, default=str)
        write_whole(folder / "sweep.csv", lambda part: self.table.to_csv(part))
        write_whole(folder / "cycles.csv", lambda part: self.cycles.to_csv(part, index=False))
        write_text(folder / "record.json", record)

    @quiet
    def plot(
        self, x: str | None = None, y: str | None = None, by: Sequence[str] | None = None, ax: "Axes | None" = None
    ) -> "Axes":
        """Draw one column against another, a line for each combination of the values of `by`; returns the axes.

        Parameters
        ----------
        x : str, optional
            Default the first varied name.
        y : str, optional
            Default the discharge capacity.
        by : sequence of str, optional
            Default, in a grid, the other varied names.
        ax : matplotlib axes, optional

        Raises
        ------
        UnknownNameError
            There is no such column.
        """
        from .figures import lines

        if by is None:
            by = [name for name in self.names if self.is_grid and name != (x or self.names[0])]
        return lines(self.table, x or self.names[0], y, by, ax)


def _plain(table, names):
    """Return the table with varied values that are no numbers as text, so that they can be labels."""
    odd = [name for name in names if table[name].dtype.kind not in "iufb"]
    return table.assign(**{name: [str(value) for value in table[name]] for name in odd})
