"""The result of a run: a table with a row a cycle, the curves of the cycles that were kept, and a record of how.

All three are plain data: cheap to keep, written as netCDF or CSV plus JSON, never as a pickle. A loaded result gives the
same table and the same figure. A result class owns how it is shown: the table and the lines of a terminal, the JSON
object, the figures. A protocol names its class; `Result` itself suits all that charges and discharges in cycles.
"""

import inspect
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..analysis import dqdv, peaks
from ..analysis.ledger import WORDS
from ..checks import require_kind
from ..errors import DataFileError, OutputError, UnknownNameError
from ..files import as_path, write_netcdf, write_text, write_whole
from ..nomenclature import VOLTAGE
from ..nomenclature import columns as col
from ..notebook import card, chart
from .grid import resampled
from .plain import plain
from .previews import half_cycles
from .remarks import remarks
from .shown import shown
from .whole import WRITTEN, seals

if TYPE_CHECKING:
    import pandas

MOST_NOTES = 3
"""Events of a run that a terminal shows."""
RECORDED = ("experiment", "parameter_set", "conditions", "overrides", "versions", "stopped_because", "wall_time_s")
"""Entries of the record that the JSON object holds."""


@dataclass(frozen=True)
class Result:
    """Outcome of a protocol.

    Attributes
    ----------
    summary : pandas.DataFrame
        A row a cycle, units in the column names.
    curves : pandas.DataFrame
        The kept cycles, a row a time; columns "Cycle", "Step", "Time [s]", "Voltage [V]", ...
    record : dict
        Experiment, parameter set with all values, conditions, overrides, versions, why it stopped, audit, wall time.
    """

    summary: "pandas.DataFrame"
    curves: "pandas.DataFrame"
    record: dict

    def __init_subclass__(cls, **options: Any) -> None:
        """Have figures that a kind of result draws by itself stamped as those of all."""
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if name.startswith("plot") and inspect.isfunction(method):
                setattr(cls, name, shown(method))

    def __post_init__(self) -> None:
        require_kind("Result", "record", self.record, dict, "a dict")
        reference = self.record.get("voltage_reference")
        if reference:
            self.curves.attrs[col.REFERENCE] = reference
        self.curves.attrs[col.ION] = self.record.get("ion", "Na+")

    def curve(self, cycle: int = 1) -> "pandas.DataFrame":
        """Return the curve of one cycle.

        Parameters
        ----------
        cycle : int
            Number of a kept cycle.

        Raises
        ------
        UnknownNameError
            The cycle was not run or its curve was not kept.
        """
        kept = self.kept_cycles
        if cycle not in kept:
            there = f"there are those of cycles {kept}" if kept else "no curve was"
            raise UnknownNameError(
                f"The curve of cycle {cycle} was not kept; {there}. The protocol's option `keep` says which are."
            )
        return self.curves.loc[self.curves[col.CYCLE] == cycle].reset_index(drop=True)

    @property
    def kept_cycles(self) -> list[int]:
        """Numbers of the cycles whose curves were kept, rising."""
        return sorted(int(number) for number in self.curves[col.CYCLE].unique())

    def audit(self) -> dict[str, float]:
        """Return the largest relative residual of the balances of charge, sulfur, antimony and sodium."""
        return dict(self.record["audit"])

    def dqdv(self, cycle: int = 1) -> dict:
        """Find the peaks of the differential capacity of one cycle.

        Parameters
        ----------
        cycle : int
            Number of a kept cycle.

        Returns
        -------
        dict
            "reduction" and "oxidation" -> `Peaks`, or None where the half cycle is too short for a derivative.

        Raises
        ------
        UnknownNameError
            The curve of the cycle was not kept.
        """
        curve, peaks_of = self.curve(cycle), {}
        for step, reaction in (("discharge", "reduction"), ("charge", "oxidation")):
            half = curve.loc[curve[col.STEP] == step]
            try:
                peaks_of[reaction] = peaks(*dqdv(half[VOLTAGE].to_numpy(), half[col.AREAL].to_numpy()))
            except DataFileError:
                peaks_of[reaction] = None
        return peaks_of

    def peak_voltages(self, cycle: int) -> dict:
        """Return peak and shoulder voltages [V] of the differential capacity of a kept cycle, lists by name.

        Parameters
        ----------
        cycle : int
            Number of a kept cycle.
        """
        peaks_of, out = self.dqdv(cycle), {}
        out["cycle"] = cycle
        for reaction, marks in peaks_of.items():
            out[f"{reaction}_peaks_V"] = [] if marks is None else [round(float(v), 4) for v in marks.voltage_V]
            out[f"{reaction}_kinds"] = [] if marks is None else [str(kind) for kind in marks.kind]
        return out

    def ledger(self, cycle: int = 1) -> dict[str, float]:
        """Return the account of one discharge, part -> mAh g-1 of sulfur (mAh cm-2 without sulfur).

        What was converted, minus the "leak" (of the discharge alone), is what the cell gave; together with what was not
        converted, it is the theoretical capacity (see `nasim.analysis.ledger`).

        Parameters
        ----------
        cycle : int
            Any cycle of the summary.

        Raises
        ------
        UnknownNameError
            There is no such cycle, or the run has no ledger.
        """
        rows = self.summary.loc[self.summary[col.NUMBER] == cycle]
        parts = [name for name in WORDS if name in self.summary]
        if rows.empty or not parts:
            raise UnknownNameError(
                f"There is no capacity ledger of cycle {cycle}; the run has {len(self.summary)} cycles."
            )
        return {WORDS[name]: float(rows[name].iloc[0]) * self._per_gram() for name in parts}

    def _per_gram(self):
        """mAh g-1 of sulfur in one mAh cm-2; 1 without sulfur."""
        whole = self.summary.sum(numeric_only=True).to_dict()
        specific = whole[col.DISCHARGE_PER_GRAM] + whole[col.CHARGE_PER_GRAM]
        areal = whole[col.DISCHARGE] + whole[col.CHARGE]
        return float(specific / areal) if specific > 0 else 1.0

    @property
    def nothing_passed(self) -> bool:
        """Whether the run stopped before any charge passed, as where the cell is past its cut-off from the start."""
        capacities = [name for name in (col.DISCHARGE, col.CHARGE) if name in self.summary]
        return bool(capacities) and not self.summary[capacities].to_numpy().any()

    # --- notebook ---------------------------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        told = (repr(str(self.record.get(key, ""))[:60]) for key in ("experiment", "parameter_set", "stopped_because"))
        return f"{type(self).__name__}({', '.join(told)}, {len(self.summary)} rows, {len(self.curves)} points)"

    def _repr_html_(self) -> str:
        numbers = {heading: texts[-1] for heading, texts in self.text_table().items() if texts}
        where = f"{self.record.get('experiment')}, {self.record.get('parameter_set')}: last of {len(self.summary)} rows"
        stopped = f"stopped: {self.record.get('stopped_because')}"
        return card(where, numbers, [stopped], chart(*self._preview()))

    _preview = half_cycles

    # --- text and JSON ----------------------------------------------------------------------------------------------------

    @property
    def headings(self) -> dict[str, str]:
        """Column of the summary -> heading in a terminal: the columns that are shown there, in their order."""
        return col.HEADINGS

    def text_table(self) -> dict[str, list[str]]:
        """Return the table that a terminal shows, heading -> texts of all rows."""
        filled = self.summary.notna().any().to_dict()
        headings = self.headings
        shown = [name for name in headings if filled.get(name)]
        return {headings[name]: [col.as_shown(name, value) for value in self.summary[name]] for name in shown}

    def lines(self) -> Iterator[str]:
        """Yield what a terminal shows under the table: findings, remarks, audit, events, why the run stopped."""
        yield from self.findings()
        yield from (f"remark: {remark}" for remark in remarks(self.record, self.summary))
        audit = ", ".join(f"{name} {value:.1e}" for name, value in self.audit().items())
        yield f"audit (largest relative residual): {audit}"
        events = self.record.get("events", [])
        yield from (f"note: {event}" for event in events[:MOST_NOTES])
        if len(events) > MOST_NOTES:
            yield f"note: {len(events) - MOST_NOTES} more in record.json"
        yield f"stopped: {self.record['stopped_because']} ({self.record['wall_time_s']:.2f} s)"

    def findings(self) -> Iterator[str]:
        """Yield what this kind of result says of itself in lines of text: here the peaks of the first kept cycle."""
        if not self.kept_cycles:
            return
        volts = self.peak_voltages(self.kept_cycles[0])
        for reaction in ("reduction", "oxidation"):
            marks = zip(volts[f"{reaction}_peaks_V"], volts[f"{reaction}_kinds"], strict=True)
            text = ", ".join(f"{at:.2f}" + (f" ({kind})" if kind != "peak" else "") for at, kind in marks)
            yield f"dQ/dV of cycle {volts['cycle']}, {reaction}: {text or 'none'} V"

    def as_object(self) -> dict[str, Any]:
        """Return the whole outcome as one JSON-able dict."""
        record = {key: self.record[key] for key in RECORDED if key in self.record}
        return plain(record | self.contents())

    def contents(self) -> dict[str, Any]:
        """Return what the JSON object has beside the record: table, peaks of the first kept cycle, audit."""
        table = {"cycles": self.summary.to_dict("records")}
        peaks_of = {"dqdv": self.peak_voltages(self.kept_cycles[0])} if self.kept_cycles else {}
        return table | peaks_of | {"audit": self.audit()}

    def compared_values(self) -> dict[str, Any]:
        """Return first-cycle values under the names that published values have."""
        first = self.summary.iloc[0].to_dict()
        return plain(first | (self.peak_voltages(1) if 1 in self.kept_cycles else {}))

    # --- figures ----------------------------------------------------------------------------------------------------------

    @shown
    def plot(self, published: Mapping | None = None, **options):
        """Draw the figure of the experiment; small letters below it say where the result stands (`nasim.validity`).

        Parameters
        ----------
        published : mapping, optional
            Values to mark where the figure has a place for them (see `nasim.evidence.published.marks_of`).
        **options
            Those of the function of `nasim.plot` that draws it.

        Returns
        -------
        matplotlib axes, or an array of them
        """
        from .. import plot

        if self.kept_cycles:
            return plot.gcd(self.curves, published, **options)
        return plot.cycling(self.summary, **options)

    @shown
    def plot_limits(self, cycle: int | None = None):
        """Draw the voltage losses by mechanism of one kept cycle, and the capacity ledger of the kept cycles.

        Parameters
        ----------
        cycle : int, optional
            Cycle of the losses; default the first that was kept.

        Returns
        -------
        array of matplotlib axes, shape (2,)

        Raises
        ------
        UnknownNameError
            The curve of the cycle was not kept, or the run has no ledger.
        """
        from .. import plot

        kept = self.kept_cycles
        first = cycle or next(iter(kept), 1)
        self.curve(first)  # raises where its curve was not kept
        unit = plot.UNITS[col.SPECIFIC if bool(self.summary[col.DISCHARGE_PER_GRAM].notna().any()) else col.AREAL]
        return plot.limits(self.curves, {number: self.ledger(number) for number in kept}, unit, first)

    def figures(self, published: Mapping | None = None) -> dict[str, Any]:
        """Draw all figures that a folder of results gets.

        Parameters
        ----------
        published : mapping, optional
            Values to mark.

        Returns
        -------
        dict
            Name of the file -> axes.
        """
        drawn = {"figure": self.plot(published=published)}
        if "ledger_sb_s_used_mAh_cm2" in self.summary and self.kept_cycles:
            drawn["limits"] = self.plot_limits()
        return drawn

    def resampled(self, points: int = 200, along: str = "capacity", cycle: int | None = None) -> "pandas.DataFrame":
        """Return the kept curves on an even grid, each step by itself, linear between the points of the solution.

        Parameters
        ----------
        points : int
            In each step that is long enough.
        along : str
            "capacity", "time" or "voltage": what the grid is even in. Along the voltage, steps are left out in which it does
            not rise or fall throughout.
        cycle : int, optional
            Default all kept cycles.

        Raises
        ------
        UnknownNameError
            The curve of the cycle was not kept, or `along` is none of the three.
        ProtocolError
            `points` is no whole number of at least two.
        """
        return resampled(self.curves if cycle is None else self.curve(cycle), points, along)

    # --- files ------------------------------------------------------------------------------------------------------------

    def to_netcdf(self, path: str | os.PathLike) -> None:
        """Write table, curves and record to one netCDF file; the file appears whole or not at all.

        Parameters
        ----------
        path : path
            File to write.
        """
        import xarray

        table = xarray.Dataset.from_dataframe(self.summary.set_index(self.summary.columns[0]))
        points = xarray.Dataset.from_dataframe(self.curves.rename_axis("point"))
        kept = self.record | {WRITTEN: seals(self.record, {"summary": self.summary, "curves": self.curves})}
        data = xarray.merge([table, points]).assign_attrs(record=json.dumps(kept))
        packed = {name: {"zlib": True} for name, column in data.data_vars.items() if column.dtype.kind in "fi"}
        write_netcdf(path, data, encoding=packed)

    def to_bdf(self, path: str | os.PathLike) -> None:
        """Write the kept curves as a file of the Battery Data Format, which `nasim.read` and other tools read.

        Parameters
        ----------
        path : path
            Ends with .csv or .parquet.

        Raises
        ------
        DataFileError
            The result has no curves in time, or the name ends otherwise.
        MissingExtraError
            Parquet without pyarrow (extra `parquet`).
        """
        from ..instruments.bdf import write_bdf
        from .records import records_of

        write_bdf(records_of(self), path)

    def to_cycler(self, path: str | os.PathLike, instrument: str = "neware", **options: Any) -> "pandas.DataFrame":
        """Write what an instrument would have written of this test, with its sampling, rests, noise and, if asked, faults.

        Parameters
        ----------
        path : path
            File to write: .csv for "neware" and "bdf", .mpt for "biologic".
        instrument : str
            "neware" (BTS record table), "biologic" (EC-Lab text) or "bdf".
        **options
            Fields of `nasim.results.cycler.Cycler`: sampling_s, rest_s, voltage_noise_mV, current_noise, faults, seed.

        Returns
        -------
        pandas.DataFrame
            What a reader should find: `direction` and `capacity_mAh` of each half cycle.

        Raises
        ------
        UnknownNameError
            An instrument or fault that there is not.
        ProtocolError
            An option makes no sense.
        DataFileError
            The result has no curves in time.
        """
        from .cycler import Cycler, write

        return write(self, path, instrument, Cycler(**options))

    def to_csv(self, folder: str | os.PathLike) -> None:
        """Write summary.csv, curves.csv and record.json.

        Parameters
        ----------
        folder : path
            Made if need be.

        Raises
        ------
        OutputError
            It cannot be written to.
        """
        folder = as_path(folder, "to_csv", OutputError)
        tables = {folder / "summary.csv": self.summary, folder / "curves.csv": self.curves}
        for path, table in tables.items():
            write_whole(path, lambda part, table=table: table.to_csv(part, index=False))
        kept = self.record | {WRITTEN: seals(self.record, {path.name: path for path in tables})}
        write_text(folder / "record.json", json.dumps(kept, indent=1))
