"""The one type that every measured file becomes."""

from dataclasses import dataclass
from typing import cast

import pandas as pd

from nasim.errors import DataFileError
from nasim.instruments import labels
from nasim.instruments.checks import check_choice, check_positive, check_table
from nasim.instruments.signs import CONVENTIONS, FIRST_STEPS
from nasim.instruments.steps import directions, half_cycle_bounds, passed_charge

FIXED_SIGN = ("neware", "biologic")  # instruments that write current in one convention only


class _Table:
    """A DataFrame attribute; takes and hands out shallow copies; pandas 3 copies on write, so it never changes."""

    def __get__(self, instance, owner):
        if instance is None:
            raise AttributeError("data")  # so that dataclass finds no default
        return instance.__dict__["_data"].copy(deep=False)

    def __set__(self, instance, frame):
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

    def __post_init__(self):
        check_choice("kind", self.kind, tuple(labels.REQUIRED))
        check_choice("sign", self.sign, CONVENTIONS)
        check_choice("first_step", self.first_step, FIRST_STEPS)
        check_positive("active_mass_mg", self.active_mass_mg)
        check_positive("area_cm2", self.area_cm2)
        trusted = self.instrument in FIXED_SIGN and self.sign is None and self.first_step is None
        notes = check_table(self.data, self.kind, self.path or "table", self.first_step, trusted)
        object.__setattr__(self, "notes", tuple(self.notes) + tuple(notes))
        counters = {label: "int64" for label in labels.COUNTERS if label in self.data}
        object.__setattr__(self, "data", self.data.astype(counters))

    def __repr__(self):
        return f"Measurement({self.path!r}, {self.kind}, {self.instrument}, {len(self.data)} records)"

    def half_cycles(self, zero_current_A=None):
        """Split the measurement where the current reverses.

        Rests between pulses of one direction stay in a half cycle. The instrument's charge counter is used when the file has it, else
        the current is integrated.

        Parameters
        ----------
        zero_current_A : float, optional
            Current up to which the cell rests [A]; default a thousandth of the largest.

        Returns
        -------
        list of (str, pandas.DataFrame)
            "charge" or "discharge", and the records with two more columns: `Half Cycle Time / s` from the first record, and
            `Half Cycle Capacity / Ah`, positive and counted from the record before it, so that its last value is the capacity of the
            half cycle.

        Raises
        ------
        DataFileError
            The measurement is not of kind "gcd".
        """
        if self.kind != "gcd":
            raise DataFileError(f"{self.path}: half cycles of a measurement of kind {self.kind!r}, expected 'gcd'.")
        data = self.data
        if labels.NET_CAPACITY in data and bool(data[labels.NET_CAPACITY].notna().all()):
            charge = data[labels.NET_CAPACITY].to_numpy()
        else:
            charge = passed_charge(data[labels.TIME], data[labels.CURRENT])
        bounds = half_cycle_bounds(directions(data[labels.CURRENT], zero_current_A))
        return [_half_cycle(data, charge, *bound) for bound in bounds]

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


def _half_cycle(data, charge, sign, first, last):
    part = data.iloc[first : last + 1].copy()
    time = part[labels.TIME].to_numpy()
    part[labels.HALF_TIME] = time - time[0]
    part[labels.HALF_CAPACITY] = sign * (charge[first : last + 1] - charge[max(first - 1, 0)])
    return ("charge" if sign > 0 else "discharge"), part


def _rescaled(frame, scales, word, unit, amount):
    scales = dict(scales)
    for label in (labels.NET_CAPACITY, labels.HALF_CAPACITY):
        scales[label] = (label.replace("Capacity / Ah", f"{word} Capacity / {unit}"), 1e3 / amount)
    frame = frame.copy()
    for label, (_, factor) in scales.items():
        if label in frame:
            frame[label] = frame[label] * factor
    return frame.rename(columns={label: name for label, (name, _) in scales.items()})
