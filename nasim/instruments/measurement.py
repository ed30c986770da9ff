"""The one type that every measured file becomes."""

from dataclasses import dataclass, field
from typing import cast

import pandas as pd

from nasim.errors import DataFileError, brief
from nasim.instruments import labels
from nasim.instruments.bdf import write_bdf
from nasim.instruments.checks import check_choice, check_positive, check_spectra, check_table
from nasim.instruments.half_cycles import HalfCycle, find_half_cycles
from nasim.instruments.signs import CONVENTIONS, FIRST_STEPS
from nasim.instruments.spectra import Spectrum, spectra_of
from nasim.notebook import card, chart
from nasim.units import SECONDS_PER_HOUR

FIXED_SIGN = ("neware", "biologic")  # instruments that write current in one convention only


class _Table:
    """A DataFrame attribute; takes and hands out shallow copies; pandas 3 copies on write, so it never changes."""

    def __get__(self, instance, owner):
        if instance is None:
            raise AttributeError("data")  # so that dataclass finds no default
        return instance.__dict__["_data"].copy(deep=False)

    def __set__(self, instance, frame):
        if not isinstance(frame, pd.DataFrame):
            raise DataFileError(
                f"{type(instance).__name__}: data must be a pandas.DataFrame; {brief(frame)} was given."
            )
        instance.__dict__["_data"] = frame.copy(deep=False)


@dataclass(frozen=True, eq=False)
class Measurement:
    """One measured file, checked and frozen; current is positive on charge.

    Parameters
    ----------
    data : pandas.DataFrame
        A row a record, columns labelled as in the Battery Data Format (`nasim.instruments.labels`): time s, voltage V,
        current A, or frequency Hz and impedance ohm. The index counts lines or records of the file. What you get is a
        copy; changing it does not change the measurement.
    kind : str
        "gcd", "cv" or "impedance".
    instrument : str
        "neware", "biologic", "bdf", "csv", or "none" for a table that no instrument wrote.
    path, sha256 : str
        The file and the hash of its bytes; empty for a table from elsewhere.
    notes : tuple of str
        What a reader had to assume, drop or found odd.
    active_mass_mg, area_cm2 : float, optional
        Of the electrode, as told by the user; whatever the instrument's file says of them is not used.
    sign, first_step : str, optional
        What the user said of the file: "charge positive" or "discharge positive"; "charge" or "discharge".
    zero_current_A : float, optional
        Currents up to this bound [A] are rest; by default `nasim.instruments.runs.REST_SHARE` of the mean level.
    impedance : pandas.DataFrame, optional
        Records of the spectra that the same file has beside its records in time; see `spectra`.

    Raises
    ------
    DataFileError
        The table is no measurement of that kind: columns, finite numbers, time, units or signs.
    UnknownNameError
        A word that `kind`, `sign` or `first_step` does not know.
    """

    data: pd.DataFrame = cast(pd.DataFrame, _Table())
    kind: str = "gcd"
    instrument: str = "none"
    path: str = ""
    sha256: str = ""
    notes: tuple = ()
    active_mass_mg: float | None = None
    area_cm2: float | None = None
    sign: str | None = None
    first_step: str | None = None
    zero_current_A: float | None = None
    impedance: pd.DataFrame | None = field(default=None, repr=False)

    def __post_init__(self):
        check_choice("kind", self.kind, tuple(labels.REQUIRED))
        check_choice("sign", self.sign, CONVENTIONS)
        check_choice("first_step", self.first_step, FIRST_STEPS)
        check_positive("active_mass_mg", self.active_mass_mg)
        check_positive("area_cm2", self.area_cm2)
        trusted = self.instrument in FIXED_SIGN and self.sign is None and self.first_step is None
        notes, halves = check_table(
            self.data, self.kind, self.path or "table", self.first_step, trusted, self.zero_current_A
        )
        if self.impedance is not None:
            notes = notes + check_spectra(self.impedance, self.path or "table", trusted)
        object.__setattr__(self, "notes", tuple(self.notes) + tuple(notes))
        object.__setattr__(self, "_found", tuple(halves))
        counters = [label for label in labels.COUNTERS if label in self.data and self.data[label].dtype.kind == "f"]
        object.__setattr__(self, "data", self.data.astype(dict.fromkeys(counters, "int64")))

    @property
    def _halves(self) -> tuple[HalfCycle, ...]:
        return self.__dict__["_found"]

    def __repr__(self):
        return f"Measurement({self.path!r}, {self.kind}, {self.instrument}, {len(self.data)} records)"

    def _repr_html_(self):
        numbers = {"kind": self.kind, "instrument": self.instrument, "records": len(self.data)}
        if self.kind == "gcd":
            numbers["half cycles"] = len(self._halves)
        if labels.VOLTAGE in self.data:
            low, high = self.data[labels.VOLTAGE].min(), self.data[labels.VOLTAGE].max()
            numbers["voltage"] = f"{low:.4g} to {high:.4g} V"
        return card(self.path or "Measurement", numbers, self.notes, chart(*self._preview()))

    def _preview(self):
        """Lines and labels of the small picture: as the kind of test is usually drawn."""
        table = self.data
        if self.kind == "impedance":
            return [(table[labels.REAL], -table[labels.IMAGINARY])], labels.REAL, f"-{labels.IMAGINARY}"
        if self.kind == "cv":
            return [(table[labels.VOLTAGE], table[labels.CURRENT])], labels.VOLTAGE, labels.CURRENT
        return [(table[labels.TIME] / SECONDS_PER_HOUR, table[labels.VOLTAGE])], "Test Time / h", labels.VOLTAGE

    def half_cycles(self, zero_current_A: float | None = None) -> list[tuple[str, pd.DataFrame]]:
        """Split the measurement where the current reverses.

        Rests between pulses of one direction stay in a half cycle; what passes less than half a per cent of the charge of the
        largest is none (see `nasim.instruments.runs`). The instrument's charge counter is used when the file has it,
        else the current is integrated, but not over gaps in the records.

        Parameters
        ----------
        zero_current_A : float, optional
            Currents up to this bound [A] are rest; by default that of the measurement.

        Returns
        -------
        list of (str, pandas.DataFrame)
            "charge" or "discharge", and the records with two more columns: `Half Cycle Time / s` from the first record, and
            `Half Cycle Capacity / Ah`, positive and counted from the record before it, so that its last value is the
            capacity of the half cycle.

        Raises
        ------
        DataFileError
            The measurement is not of kind "gcd".
        """
        if self.kind != "gcd":
            raise DataFileError(f"{self.path}: half cycles of a measurement of kind {self.kind!r}, expected 'gcd'.")
        data = self.data
        return [(half.direction, _half_cycle(data, half)) for half in self.found_half_cycles(zero_current_A)]

    def found_half_cycles(self, zero_current_A: float | None = None) -> list[HalfCycle]:
        """Find the half cycles as `half_cycles`, without copies of the records.

        Parameters
        ----------
        zero_current_A : float, optional
            As there.

        Returns
        -------
        list of HalfCycle
            Direction, first and last row, charge [Ah] and notes of each.
        """
        if zero_current_A is None or zero_current_A == self.zero_current_A:
            return list(self._halves)
        return find_half_cycles(self.data, zero_current_A)[0]

    def spectra(self) -> list[Spectrum]:
        """Return the impedance spectra of the file, each apart.

        Returns
        -------
        list of Spectrum
            Each with the time and the state that it was taken at.
        """
        if self.kind == "impedance":
            return spectra_of(self.data)
        return [] if self.impedance is None else spectra_of(self.impedance, self.data, self._halves)

    def to_bdf(self, path) -> None:
        """Write the records as a file of the Battery Data Format, which `nasim.read` and other tools read.

        Spectra of a file that has records in time beside them are left out; read it with kind="impedance" for those.

        Parameters
        ----------
        path : path
            Ends with .csv or .parquet.

        Raises
        ------
        DataFileError
            The name ends otherwise.
        MissingExtraError
            Parquet without pyarrow (extra `parquet`).
        """
        write_bdf(self.data, path)

    def to_specific(self, frame=None):
        """Relate currents and capacities to the active mass.

        Parameters
        ----------
        frame : pandas.DataFrame, optional
            Default `data`.

        Returns
        -------
        pandas.DataFrame
            A copy with current in mA g-1 and capacities in mAh g-1.

        Raises
        ------
        DataFileError
            The measurement was read without `active_mass_mg`.
        """
        mass_g = self._given("active_mass_mg") * 1e-3
        current = {labels.CURRENT: ("Specific Current / mA.g-1", 1e3 / mass_g)}
        return _rescaled(self.data if frame is None else frame, current, "Specific", "mAh.g-1", mass_g)

    def to_areal(self, frame=None):
        """Relate currents, capacities and impedances to the electrode area.

        Parameters
        ----------
        frame : pandas.DataFrame, optional
            Default `data`.

        Returns
        -------
        pandas.DataFrame
            A copy with current in mA cm-2, capacities in mAh cm-2, impedance in Ohm cm2.

        Raises
        ------
        DataFileError
            The measurement was read without `area_cm2`.
        """
        area = self._given("area_cm2")
        scales = {
            labels.CURRENT: ("Current Density / mA.cm-2", 1e3 / area),
            labels.REAL: ("Real Impedance / ohm.cm2", area),
            labels.IMAGINARY: ("Imaginary Impedance / ohm.cm2", area),
        }
        return _rescaled(self.data if frame is None else frame, scales, "Areal", "mAh.cm-2", area)

    def _given(self, name):
        value = getattr(self, name)
        if value is None:
            raise DataFileError(f"{self.path}: {name} is not known; give it, as in read(path, {name}=...).")
        return value


def _half_cycle(data, half):
    part = data.iloc[half.first : half.last + 1].copy()
    time = part[labels.TIME].to_numpy()
    part[labels.HALF_TIME] = time - time[0]
    part[labels.HALF_CAPACITY] = half.charge
    return part


def _rescaled(frame, scales, word, unit, amount):
    scales = dict(scales)
    for label in (labels.NET_CAPACITY, labels.HALF_CAPACITY):
        scales[label] = (label.replace("Capacity / Ah", f"{word} Capacity / {unit}"), 1e3 / amount)
    frame = frame.copy()
    for label, (_, factor) in scales.items():
        if label in frame:
            frame[label] = frame[label] * factor
    return frame.rename(columns={label: name for label, (name, _) in scales.items()})
