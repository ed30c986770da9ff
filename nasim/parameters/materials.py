"""The table of materials: what a cell is made of, by the names that the ``[cell]`` table of a set uses.

The shipped table is ``parameter_sets/materials/materials.toml``; a set adds its own under ``[materials.<kind>.<name>]``,
whose kinds are those of `Materials`. Which mechanism stands for a word such as "growing" is told in `nasim.models.materials`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from .. import nomenclature as nm
from ..errors import nearest
from .document import Document, checked, read_entry
from .entries import Entry, Source
from .rules import EXPECTED, STRICT

FORMULA = re.compile(r"(?:(?:[A-Z][a-z]?|[()])(?:\d+(?:\.\d+)?)?)+")
IONS = ("Na+", "Li+")
ELECTRODES = ("alloy", "metal")
INTERPHASES = ("growing", "none")


@dataclass(frozen=True)
class Material:
    """What every material has.

    Parameters
    ----------
    formula : str
        Chemical formula; its numbers need not be whole.
    molar_mass : float
        Of the formula unit [kg mol-1].
    ion : str
        What carries the current through it: "Na+" or "Li+".
    label : str
        How figures and messages call it; by default its formula.
    density : float
        Of the dense solid [kg m-3]; 0 where it is not known.
    note : str
    values : mapping
        Parameter that the material brings -> `Entry`: a cell that names it has them, unless its set states its own.
    """

    __pydantic_config__ = STRICT
    formula: str
    molar_mass: float
    ion: str = "Na+"
    label: str = ""
    density: float = 0.0
    note: str = ""
    values: dict[str, Entry] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.label or self.formula

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (key, what is wrong with it)."""
        if not FORMULA.fullmatch(self.formula):
            yield "formula", f"is {self.formula!r}; expected {EXPECTED['formula']}"
        if self.molar_mass <= 0:
            yield "molar_mass", f"is {self.molar_mass}; expected {EXPECTED['molar_mass']}"
        if self.density < 0:
            yield "density", f"is {self.density}; expected {EXPECTED['density']}"
        yield from _unknown(self, "ion", IONS)


@dataclass(frozen=True)
class Electrolyte(Material):
    """A separator electrolyte.

    Parameters
    ----------
    formula : str
        Chemical formula; its numbers need not be whole.
    molar_mass : float
        Of the formula unit [kg mol-1].
    ion : str
        What carries the current: "Na+" or "Li+".
    label : str
        How figures and messages call it; by default its formula.
    density : float
        Of the dense solid [kg m-3]; 0 where it is not known.
    note : str
    values : mapping
        Parameter that the material brings -> `Entry`.
    reduction_potential, product_conductivity : float, optional
        At which its ion's metal reduces it [V against that metal], and electronic conductivity of what comes of that
        [S m-1]: with both of them it follows whether an interphase grows beside an anode (`nasim.parameters.interphases`).
    interphase : str
        "growing" or "none" beside any anode that `beside` does not name, where it was seen; by default it follows from
        these two numbers, and without them one grows.
    beside : mapping
        Name of an anode -> "growing" or "none".
    """

    reduction_potential: float | None = None
    product_conductivity: float | None = None
    interphase: str = ""
    beside: dict[str, str] = field(default_factory=dict)

    def interphase_beside(self, anode: str) -> str:
        """Look up what grows beside an anode.

        Parameters
        ----------
        anode : str
            Name of the material.

        Returns
        -------
        str
            "growing" or "none", or nothing where its data are to decide.
        """
        return self.beside.get(anode, self.interphase)

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.interphase:
            yield from _unknown(self, "interphase", INTERPHASES)
        if self.product_conductivity is not None and self.product_conductivity < 0:
            yield "product_conductivity", f"is {self.product_conductivity}; expected at least 0"
        for anode, word in self.beside.items():
            if word not in INTERPHASES:
                yield "beside", f"has '{word}' for '{anode}'; expected any of {', '.join(INTERPHASES)}"


@dataclass(frozen=True)
class Anode(Material):
    """A negative electrode.

    Parameters
    ----------
    formula : str
        Chemical formula; its numbers need not be whole.
    molar_mass : float
        Of the formula unit [kg mol-1].
    ion : str
        What carries the current: "Na+" or "Li+".
    label : str
        How figures and messages call it; by default its formula.
    density : float
        Of the dense solid [kg m-3]; 0 where it is not known.
    note : str
    values : mapping
        Parameter that the material brings -> `Entry`.
    potential : float
        Of the anode as built [V against the metal of its ion].
    electrode : str
        "alloy" (plateaus by its sodium content) or "metal" (0 V against its own ion).
    plateaus : mapping
        Of an alloy: its phases two by two, poorest first, such as "Sb-NaSb" -> ions per atom of the other element at which
        their plateau ends, rising. The potential of each is the parameter "Alloy potential of Sb-NaSb [V]". By default those
        of Na-Sn.
    reference : str
        What figures say that voltages are against; by default its formula.
    """

    potential: float = 0.0
    electrode: str = "alloy"
    plateaus: dict[str, float] = field(default_factory=dict)
    reference: str = ""

    @property
    def voltage_reference(self) -> str:
        return self.reference or self.formula

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        yield from _unknown(self, "electrode", ELECTRODES)
        ends = list(self.plateaus.values())
        if any(later <= before for before, later in pairwise([0.0, *ends])):
            yield "plateaus", f"is {self.plateaus}, whose ends do not rise; expected {EXPECTED['plateaus']}"

    @property
    def full_content(self) -> float:
        """Ions per atom of the other element of the full alloy; that of Na15Sn4 counts units of metal."""
        return list((self.plateaus or nm.NA_SN_PHASES).values())[-1]


@dataclass(frozen=True)
class Active(Material):
    """A material of the composite cathode: a catholyte or the active material.

    Parameters
    ----------
    formula : str
        Chemical formula; its numbers need not be whole.
    molar_mass : float
        Of the formula unit [kg mol-1].
    ion : str
        What carries the current: "Na+" or "Li+".
    label : str
        How figures and messages call it; by default its formula.
    density : float
        Of the dense solid [kg m-3]; 0 where it is not known.
    note : str
    values : mapping
        Parameter that the material brings -> `Entry`.
    chain : str
        Name of the redox chain that it brings, or empty for a material that does not react.
    """

    chain: str = ""

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if self.chain:
            yield from _unknown(self, "chain", nm.chain_names())


@dataclass(frozen=True)
class Materials:
    """Materials of each kind by name.

    Attributes
    ----------
    electrolytes, anodes, catholytes, actives : mapping
        Name -> material.
    sources : mapping
        Key -> `Source`: those that values of materials can name.
    """

    electrolytes: Mapping[str, Electrolyte] = field(default_factory=dict)
    anodes: Mapping[str, Anode] = field(default_factory=dict)
    catholytes: Mapping[str, Active] = field(default_factory=dict)
    actives: Mapping[str, Active] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    def extended(
        self,
        document: Document,
        tables: Mapping[str, object],
        sources: Mapping[str, Source],
        above: str = "materials.",
    ) -> Materials:
        """Make a copy with the materials of a file added.

        Parameters
        ----------
        document : Document
            The file, for errors.
        tables : mapping
            Kind -> name -> table.
        sources : mapping
            Key -> `Source`: those of the file and of what it extends.
        above : str
            What stands before the kind in the file.

        Returns
        -------
        Materials

        Raises
        ------
        ParameterSetError
            A table has a wrong kind, key or value.
        """
        known = {**self.sources, **sources}
        found: dict[str, Any] = {"sources": known}
        for kind, named in tables.items():
            if kind not in KINDS_OF_MATERIAL:
                hint = nearest(kind, KINDS_OF_MATERIAL)
                kinds = ", ".join(KINDS_OF_MATERIAL)
                raise document.error(f"unknown kind of material '{kind}'; expected {kinds}. {hint}", f"{above}{kind}")
            if not isinstance(named, dict):
                raise document.error(f"{above}{kind} is {named!r}; expected tables [{above}{kind}.NAME]", above + kind)
            cls = KINDS_OF_MATERIAL[kind]
            new = {name: _read(cls, table, document, f"{above}{kind}.{name}", known) for name, table in named.items()}
            found[kind] = {**getattr(self, kind), **new}
        return replace(self, **found)

    def brought(self, cell: Mapping[str, Any]) -> dict[str, Entry]:
        """Return the entries of parameters that the materials of a ``[cell]`` table bring.

        Parameters
        ----------
        cell : mapping
            Key of the table -> value; keys that are not there bring nothing.

        Returns
        -------
        dict
            Name of a parameter -> `Entry`.
        """
        named = [getattr(self, kind)[cell[key]] for key, kind in NAMED_IN_CELL.items() if key in cell]
        return {name: entry for material in named for name, entry in material.values.items()}

    def faults_of(self, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield (key, what is wrong) for the keys of a ``[cell]`` table that name materials.

        Parameters
        ----------
        names : mapping
            Key of the ``[cell]`` table -> value.
        """
        for key, kind in NAMED_IN_CELL.items():
            known = getattr(self, kind)
            if names[key] not in known:
                listed = " or ".join(f"'{name}'" for name in known)
                hint = nearest(names[key], known)
                yield (
                    key,
                    f"is '{names[key]}', which is no material; expected {listed}, or one under [materials.{kind}]. {hint}",
                )


KINDS_OF_MATERIAL = {"electrolytes": Electrolyte, "anodes": Anode, "catholytes": Active, "actives": Active}
"""Kind of material, as tables are called, and its class."""
NAMED_IN_CELL = {"electrolyte": "electrolytes", "anode": "anodes", "catholyte": "catholytes", "active": "actives"}
"""Key of the ``[cell]`` table and the kind of material that it names."""


def _read(cls, table, document, place, sources):
    """A material of a file; potentials of plateaus of its own become parameters first, so that it can bring them."""
    if not isinstance(table, dict) or "values" not in table:
        material, values = checked(cls, table, document, place), {}
    else:
        values = table["values"]
        material = checked(cls, {key: value for key, value in table.items() if key != "values"}, document, place)
        if not isinstance(values, dict):
            raise document.error(f"'{place}': values is {values!r}; expected {EXPECTED['values']}", place, "values")
    for phases in getattr(material, "plateaus", ()):
        nm.alloy_plateau(phases)
    above = f"{place}.values."
    entries = {name: read_entry(document, name, entry, sources, above) for name, entry in values.items()}
    return replace(material, values=entries)


def _unknown(material: Material, key: str, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    value = getattr(material, key)
    if value not in known:
        listed = ", ".join(f"'{each}'" for each in known)
        yield key, f"is '{value}'; expected any of {listed}. {nearest(value, known)}".strip()
