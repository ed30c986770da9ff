"""What a run leaves: a table with a row a cycle, the curves of the cycles that were kept, and a record of how.

All three are plain data: cheap to keep, written as netCDF or CSV plus JSON, never as a pickle. A loaded result gives the
same table and the same figure.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from .. import __version__
from ..analysis import dqdv, peaks
from ..analysis.ledger import WORDS
from ..errors import DataFileError, UnknownNameError
from ..store import write_whole

CYCLE, STEP = "Cycle", "Step"
VOLTAGE = "Voltage [V]"
AREAL, SPECIFIC = "Capacity [mAh.cm-2]", "Specific capacity [mAh.g-1]"


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

    summary: object
    curves: object
    record: dict

    def curve(self, cycle=1):
        """Curve of one cycle, a DataFrame.

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
        return self.curves[self.curves[CYCLE] == cycle].reset_index(drop=True)

    @property
    def kept_cycles(self):
        return sorted(int(number) for number in self.curves[CYCLE].unique())

    def audit(self):
        """Largest relative residual of the balances of charge, sulfur, antimony and sodium, a dict."""
        return dict(self.record["audit"])

    def dqdv(self, cycle=1):
        """Peaks of the differential capacity of one cycle: dict with "reduction" and "oxidation" `Peaks`."""
        curve, found = self.curve(cycle), {}
        for step, name in (("discharge", "reduction"), ("charge", "oxidation")):
            half = curve[curve[STEP] == step]
            try:
                found[name] = peaks(*dqdv(half[VOLTAGE].to_numpy(), half[AREAL].to_numpy()))
            except DataFileError:
                found[name] = None
        return found

    def ledger(self, cycle=1):
        """Account of one discharge: dict part -> mAh g-1 of sulfur (mAh cm-2 without sulfur).

        What was converted, minus the "leak" (of the discharge alone), is what the cell gave; together with what was not
        converted, it is the theoretical capacity (see `nasim.analysis.ledger`).

        Raises
        ------
        UnknownNameError
            There is no such cycle, or the run has no ledger.
        """
        rows = self.summary[self.summary["cycle"] == cycle]
        columns = [name for name in WORDS if name in self.summary]
        if rows.empty or not columns:
            raise UnknownNameError(
                f"There is no capacity ledger of cycle {cycle}; the run has {len(self.summary)} cycles."
            )
        return {WORDS[name]: float(rows[name].iloc[0]) * self._per_gram() for name in columns}

    def _per_gram(self):
        """mAh g-1 of sulfur in one mAh cm-2; 1 without sulfur."""
        whole = self.summary.sum(numeric_only=True)
        specific, areal = (
            whole[f"discharge_capacity_{unit}"] + whole[f"charge_capacity_{unit}"] for unit in ("mAh_g", "mAh_cm2")
        )
        return float(specific / areal) if specific > 0 else 1.0

    def plot_limits(self, cycle=None):
        """Voltage losses by mechanism of one kept cycle, and the capacity ledger of the kept cycles; returns the axes."""
        from .. import plot

        kept = self.kept_cycles
        first = cycle or next(iter(kept), 1)
        self.curve(first)  # raises where its curve was not kept
        unit = "mAh g$^{-1}$" if self.summary["discharge_capacity_mAh_g"].notna().any() else "mAh cm$^{-2}$"
        return plot.limits(self.curves, {number: self.ledger(number) for number in kept}, unit, first)

    def plot(self, published=None, **options):
        """The figure of the experiment; returns its axes.

        `published` are values to mark where the figure has a place for them (see `nasim.evidence.published.marks_of`), `options`
        those of the function of `nasim.plot` that draws it.
        """
        from .. import plot

        if self.record["experiment"] == "symmetric":
            return plot.symmetric(self.curves, **options)
        if self.record["experiment"] == "rate":
            return plot.rate(self.summary, **options)
        if self.record["experiment"] == "cycle" or not self.kept_cycles:
            return plot.cycling(self.summary, **options)
        return plot.gcd(self.curves, published, **options)

    def to_netcdf(self, path):
        """Write table, curves and record to one netCDF file; the file appears whole or not at all."""
        import xarray

        table = xarray.Dataset.from_dataframe(self.summary.set_index(self.summary.columns[0]))
        points = xarray.Dataset.from_dataframe(self.curves.rename_axis("point"))
        data = xarray.merge([table, points]).assign_attrs(record=json.dumps(self.record))
        packed = {name: {"zlib": True} for name, column in data.data_vars.items() if column.dtype.kind in "fi"}
        write_whole(path, lambda part: data.to_netcdf(part, engine="h5netcdf", encoding=packed))

    def to_csv(self, folder):
        """Write summary.csv, curves.csv and record.json to `folder`, which is made if need be."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / "summary.csv", lambda part: self.summary.to_csv(part, index=False))
        write_whole(folder / "curves.csv", lambda part: self.curves.to_csv(part, index=False))
        write_whole(folder / "record.json", lambda part: Path(part).write_text(json.dumps(self.record, indent=1)))


def load_result(path):
    """Read a result that `Result.to_netcdf` (a file) or `Result.to_csv` (a folder) wrote.

    Raises
    ------
    DataFileError
        There is no such file, or it holds no nasim result.
    """
    import pandas
    import xarray

    path = Path(path)
    try:
        if path.is_dir():
            record = json.loads((path / "record.json").read_text())
            return _kind(record)(pandas.read_csv(path / "summary.csv"), pandas.read_csv(path / "curves.csv"), record)
        with xarray.open_dataset(path, engine="h5netcdf") as data:
            record = json.loads(data.attrs["record"])
            (row,) = set(data.dims) - {"point"}
            of = {along: [name for name in data if data[name].dims == (along,)] for along in (row, "point")}
            summary = pandas.DataFrame({name: data[name].to_numpy() for name in [row, *of[row]]})
            curves = pandas.DataFrame({name: data[name].to_numpy() for name in of["point"]})
            return _kind(record)(summary, curves, record)
    except (OSError, KeyError, ValueError) as error:
        raise DataFileError(f"'{path}' cannot be read as a nasim result: {error}") from None


KINDS = {
    "cv": ("experiments.cv", "Voltammogram"),
    "eis": ("results.spectra", "Spectra"),
    "ocv-eis": ("results.spectra", "Spectra"),
}
"""Experiment -> module and class of its result, where it has one of its own."""


def _kind(record):
    """Class of the result with this record."""
    if record["experiment"] not in KINDS:
        return Result
    module, name = KINDS[record["experiment"]]
    return getattr(import_module(f"..{module}", __package__), name)


def versions():
    """Versions of what computed a result, a dict."""
    return {"nasim": __version__} | {name: _version(name) for name in ("pybamm", "casadi", "numpy", "scipy")}


@cache
def _version(name):
    from importlib.metadata import version

    return version(name)
