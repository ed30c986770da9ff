"""The set itself: frozen values by name, in the forms that others need."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from numbers import Real
from types import MappingProxyType
from typing import Any, NamedTuple

from .. import nomenclature as nm
from ..citations import cite_sources
from ..errors import ParameterSetError, UnknownNameError, brief, nearest
from ..nomenclature import PARAMETERS, unit_of
from .bounds import beyond
from .curves import Curve
from .entries import CellDescription, Entry, Source, unknown
from .initial_state import refuse
from .materials import Active, Anode, Electrolyte, Materials
from .rules import UNSURE

FRACTIONS = {
    nm.SULFUR.name: nm.SULFUR_MASS_FRACTION,
    nm.SB_S.name: nm.CATHOLYTE_MASS_FRACTION,
}
"""Redox chain -> mass fraction of its material in the composite cathode."""


Overrides = Mapping[str, float] | Iterable[str] | str
"""Values in place of those of a set, SI: name -> number, or texts "NAME=VALUE"."""

OVERRIDE = "override"
"""Note of an entry that replaces that of the set."""


class Row(NamedTuple):
    """One line of `ParameterSet.describe`.

    Attributes
    ----------
    name : str
    value : float or str
        SI, or the name of a curve.
    unit, kind, source, where : str
    range : (float, float) or None
        Sensible range, SI.
    flag : str
        "fitted", "assumed" or empty.
    """

    name: str
    value: float | str
    unit: str
    kind: str
    source: str
    where: str
    range: tuple[float, float] | None
    flag: str


@dataclass(frozen=True)
class ParameterSet:
    """A checked set of parameters, which cannot be changed; `with_overrides` gives a changed copy.

    Attributes
    ----------
    name, title, description : str
    cell : CellDescription
        What models are composed from.
    entries : mapping
        Name of a parameter -> `Entry`, values in SI units.
    sources : mapping
        Key -> `Source`.
    calibration : mapping
        How its fitted values came about.
    materials : Materials
    """

    name: str
    title: str
    description: str
    cell: CellDescription
    entries: Mapping[str, Entry]
    sources: Mapping[str, Source]
    calibration: Mapping = field(default_factory=dict)
    materials: Materials = field(default_factory=Materials)

    @property
    def electrolyte(self) -> Electrolyte:
        """Material of the separator's layer beside the anode."""
        return self.materials.electrolytes[self.cell.electrolyte]

    @property
    def anode(self) -> Anode:
        """Material of the negative electrode, of both in a symmetric cell."""
        return self.materials.anodes[self.cell.anode]

    @property
    def catholyte(self) -> Active:
        """Solid electrolyte in the composite cathode."""
        return self.materials.catholytes[self.cell.catholyte]

    @property
    def voltage_reference(self) -> str:
        """What voltages of the cell are against, such as "Na15Sn4" or "Na/Na+"."""
        return self.anode.voltage_reference

    def __post_init__(self):
        for key in ("entries", "sources", "calibration"):
            object.__setattr__(self, key, MappingProxyType(dict(getattr(self, key))))
        if self.cell.model == "full":
            self.check_mixture(self.cell.chains)

    def __reduce__(self):
        values = (getattr(self, each.name) for each in fields(self))
        return ParameterSet, tuple(dict(v) if isinstance(v, MappingProxyType) else v for v in values)

    def __repr__(self) -> str:
        return f"ParameterSet({self.name[:60]!r}, {len(self.entries)} values, {len(self.sources)} sources)"

    def _repr_html_(self) -> str:
        from ..notebook import card, layers

        numbers = {"cell": self.cell.model, "anode": self.cell.anode, "electrolyte": self.cell.electrolyte}
        unsure = sum(entry.kind in UNSURE for entry in self.entries.values())
        numbers |= {"values": f"{len(self.entries)}, of which {unsure} fitted or assumed", "sources": len(self.sources)}
        return card(f"{self.name}: {self.title}", numbers, [self.description], layers(self._section()))

    def _section(self):
        """What stands in each layer of the small picture of the cell."""
        within = [
            (name, f"{1e6 * self.value(nm.Layer(name.capitalize()).thickness):.3g} um") for name in self.cell.separator
        ]
        ends = {"full": [(self.anode, "anode")], "symmetric": [(self.anode, "electrode")]}
        ends = ends.get(self.cell.model, [("steel", "blocking")])
        if self.cell.model != "full":
            return [*ends, *within, *ends]
        reacting = " + ".join(self.cell.chains) or "no reaction"
        return [*ends, *within, (reacting, f"cathode {1e6 * self.value(nm.CATHODE_THICKNESS):.3g} um")]

    def value(self, name: str) -> Any:
        """Look up a parameter.

        Parameters
        ----------
        name : str

        Returns
        -------
        float or Curve
            SI.

        Raises
        ------
        UnknownNameError
            The set has none of that name.
        """
        return self._entry(name).value

    def as_values(self) -> dict[str, Any]:
        """Return a plain dictionary of name -> number or `Curve`, SI."""
        return {name: entry.value for name, entry in self.entries.items()}

    def with_overrides(self, overrides, note=OVERRIDE):
        """Make a copy with other values.

        Parameters
        ----------
        overrides : mapping name -> number, or texts "NAME=VALUE"
            SI.
        note : str
            Of the new entries.

        Returns
        -------
        ParameterSet

        Raises
        ------
        UnknownNameError
            The set has no such parameter.
        ParameterSetError
            A value is no finite number, or one that the physics cannot take (`Entry.limits`).
        """
        entries = dict(self.entries)
        for name, value in pairs(overrides):
            old = self._entry(name)
            if isinstance(value, bool) or not isinstance(value, Real) or not _finite(value):
                raise ParameterSetError(f"Override of '{name}': {brief(value)} given, expected a finite number.")
            if old.refused(name, value):
                raise ParameterSetError(f"Override of '{name}': {old.refused(name, value)}, in set '{self.name}'.")
            if beyond(name, value):
                raise ParameterSetError(f"Override of '{name}': {beyond(name, value)}.")
            limits = old.limits(name)
            entries[name] = Entry(float(value), "setting", range=old.range, admissible=limits, note=note)
        return replace(self, entries=entries)

    def outside_ranges(self) -> list[str]:
        """Return a sentence for each value that stands in place of the set's, outside the range of that."""
        return [
            f"'{name}' = {entry.value:g} lies outside {entry.range[0]:g} to {entry.range[1]:g}, where the value of the set may lie"
            for name, entry in self.entries.items()
            if entry.note == OVERRIDE and entry.range is not None and entry.outside(entry.value)
        ]

    def check_mixture(self, chains):
        """Check that one composite can hold the materials of some redox chains.

        Parameters
        ----------
        chains : iterable of str
            Names of redox chains.

        Raises
        ------
        ParameterSetError
            A material is missing, or together they are more than the whole.
        """
        numbers = {name: entry.value for name, entry in self.entries.items() if not isinstance(entry.value, Curve)}
        named = {chain: FRACTIONS[chain] for chain in chains if FRACTIONS.get(chain) in numbers}
        shares = {name: numbers[name] for name in named.values()}
        for chain, name in named.items():
            if shares[name] <= 0:
                raise ParameterSetError(
                    f"Parameter set '{self.name}': '{name}' is {shares[name]:g}; expected more than 0, since the cathode "
                    f"has the redox chain '{chain}'. For one without it, leave that chain out."
                )
        if sum(shares.values()) > 1 + 1e-9:
            listed = " and ".join(f"'{name}' = {share:g}" for name, share in shares.items())
            raise ParameterSetError(
                f"Parameter set '{self.name}': {listed} make {sum(shares.values()):g} of the composite cathode; "
                f"expected at most 1, with all its redox chains ({', '.join(chains)})."
            )

    def to_pybamm(self, **replaced):
        """Hand the set to PyBaMM, and register its sources to be cited.

        Parameters
        ----------
        **replaced
            PyBaMM values (symbols, "[input]") by parameter name.

        Returns
        -------
        pybamm.ParameterValues

        Raises
        ------
        UnknownNameError
            A name is no parameter.
        """
        import pybamm

        cite_sources(self.sources)
        for name in replaced:
            if name not in PARAMETERS:
                raise UnknownNameError(f"Parameter set '{self.name}': '{name}' {unknown(name, PARAMETERS)}")
        values = pybamm.ParameterValues({**self.as_values(), **replaced})
        values._set_initial_state = refuse  # or it would look for the electrodes of a lithium-ion cell
        return values

    def describe(self):
        """Return the set as a list of `Row`, in the order of the file."""
        return [
            Row(
                name,
                str(entry.value) if isinstance(entry.value, Curve) else entry.value,
                unit_of(name),
                entry.kind,
                entry.source or "",
                entry.where or "",
                entry.range,
                entry.kind if entry.kind in UNSURE else "",
            )
            for name, entry in self.entries.items()
        ]

    def as_record(self):
        """Return values and kinds by name as a dictionary that `json.dumps` takes: what a result keeps of its parameters."""
        values = {name: asdict(v) if isinstance(v, Curve) else v for name, v in self.as_values().items()}
        return {"name": self.name, "values": values, "kinds": {n: entry.kind for n, entry in self.entries.items()}}

    def missing(self, names):
        """Select the names that the set has no value for.

        Parameters
        ----------
        names : iterable of str

        Returns
        -------
        list of str
            In the order given.

        Raises
        ------
        ParameterSetError
            What was given are no names.
        """
        if isinstance(names, str) or not isinstance(names, Iterable):
            raise ParameterSetError(
                f"Parameter set '{self.name}': expected names of parameters; {brief(names)} was given."
            )
        return [name for name in names if name not in self.entries]

    def require(self, names):
        """Check that the set has a value for each of some parameters.

        Parameters
        ----------
        names : iterable of str

        Raises
        ------
        ParameterSetError
            It has none for some.
        """
        missing = self.missing(names)
        if missing:
            listed = ", ".join(f"'{name}'" for name in missing)
            hint = nearest(missing[0], self.entries, n=1)
            raise ParameterSetError(f"Parameter set '{self.name}' has no value for {listed}. {hint}".strip())

    def _entry(self, name):
        if not isinstance(name, str):
            raise UnknownNameError(
                f"Parameter set '{self.name}': expected the name of a parameter; {brief(name)} was given."
            )
        if name in self.entries:
            return self.entries[name]
        reason = "is a parameter of nasim, but not in this set" if name in PARAMETERS else unknown(name, self.entries)
        raise UnknownNameError(f"Parameter set '{self.name}': '{name}' {reason}")


def parse_override(text: str) -> tuple[str, float]:
    """Read an override.

    Parameters
    ----------
    text : str
        "NAME=VALUE", SI.

    Returns
    -------
    (str, float)

    Raises
    ------
    ParameterSetError
        There is no "=", or no number behind it.

    Examples
    --------
    >>> parse_override("Separator thickness [m] = 4e-4")
    ('Separator thickness [m]', 0.0004)
    """
    name, equals, value = str(text).partition("=")
    try:
        number = float(value)
    except ValueError:
        equals = ""
    if not equals or not name.strip():
        raise ParameterSetError(f"Override '{text}': expected NAME=VALUE such as 'Separator thickness [m]=4e-4'.")
    return name.strip(), number


def pairs(overrides):
    """(name, value) of each override: of a mapping, of texts "NAME=VALUE", or of one such text."""
    if isinstance(overrides, Mapping):
        return list(overrides.items())
    texts = [overrides] if isinstance(overrides, str) else overrides
    if not isinstance(texts, Iterable):
        raise ParameterSetError(
            f"Overrides: expected name -> value, or texts NAME=VALUE; {brief(overrides)} was given."
        )
    found = [parse_override(text) for text in texts]
    values = dict(found)
    for name, value in found:
        if values[name] != value and not math.isnan(value):
            raise ParameterSetError(
                f"Override '{name}': expected one value; {value:g} and {values[name]:g} were given."
            )
    return found


def _finite(value):
    """Whether a number is finite as a float: a whole number of more than 308 digits is not."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False
