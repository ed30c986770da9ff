r"""Formation energies of competing phases: a TOML file with its sources -> a checked, frozen set.

One set is one method. Energies from DFT and from calorimetry do not go into one set: they differ by a factor of 1.8
for Sb2S3. Elements are the zero.

DFT binds S2 and S-S too strongly against sulfides, so that databases add a correction per sulfur (-0.66346 eV in the
Materials Project until 2020). It was meant for sulfides, not for **polysulfides**, where S is bonded to S (pymatgen,
pull request 425, 2016); later code has it on both, and so, as its values show, has the shipped set: in it Na2S5 forms
from sulfur at 3.40 V against Na, where 2.08 V is measured. `EnergySet.with_plain_polysulfides` takes it off them. A
compound counts as one if it holds more sulfur than its cations can oxidise to sulfide,

.. math:: 2 n_S > n_{Na} + 5 n_P + 5 n_{Sb}

for then S-S bonds are unavoidable: Na2S2, Na2S4, Na2S5 and P2S7 here, but not Na3SbS4.
"""

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..errors import DataFileError, UnknownNameError, brief, nearest
from ..parameters import folders

HIGHEST_CHARGE = {"Na": 1, "P": 5, "Sb": 5}
"""Charge of each cation in its highest oxidation state."""
DEFAULT = "MaterialsProject2019"
FORMULA = re.compile(r"([A-Z][a-z]?)([1-9][0-9]{0,3})?")
MOST_LETTERS = 200
"""Of a formula."""
NEEDED = ("title", "method", "source", "where", "sources", "correction", "formation_energy_eV_per_atom")


@functools.cache
def composition(formula):
    """Atoms of each element in one formula unit.

    >>> dict(composition("Na3SbS4"))
    {'Na': 3, 'Sb': 1, 'S': 4}
    """
    parts = FORMULA.findall(formula[:MOST_LETTERS])
    if not parts or "".join(element + count for element, count in parts) != formula:
        raise UnknownNameError(
            f"{brief(formula)} is no chemical formula; expected elements and whole numbers from 1, as in Na3SbS4"
        )
    counts = {}
    for element, count in parts:
        counts[element] = counts.get(element, 0) + int(count or 1)
    return MappingProxyType(counts)


def is_polysulfide(formula):
    """Whether the compound must hold S-S bonds, judged from its composition.

    >>> is_polysulfide("Na2S5"), is_polysulfide("NaSbS2"), is_polysulfide("Na3SbS4")
    (True, False, False)
    """
    counts = composition(formula)
    if len(counts) < 2 or "S" not in counts:
        return False
    return 2 * counts["S"] > sum(HIGHEST_CHARGE[element] * n for element, n in counts.items() if element != "S")


@dataclass(frozen=True)
class EnergySet:
    """Formation energies [eV per atom] by formula, all of one method, elements left out; `correction` [eV per S]."""

    title: str
    method: str
    source: str
    per_atom: Mapping[str, float]
    correction: float = 0.0
    published_decomposition: Mapping[str, float] = field(default_factory=dict)

    @property
    def elements(self):
        """Elements that the compounds of the set consist of."""
        return {element for name in self.per_atom for element in composition(name)}

    def energy(self, formula):
        """Formation energy [eV] of one formula unit; 0 for an element."""
        counts = composition(formula)
        if len(counts) == 1 and set(counts) <= self.elements and formula not in self.per_atom:
            return 0.0
        if formula not in self.per_atom:
            raise UnknownNameError(
                f"there is no energy of '{formula}' in '{self.title}'; expected one of "
                f"{', '.join(sorted(self.per_atom))}. {nearest(formula, self.per_atom)}".strip()
            )
        return self.per_atom[formula] * sum(counts.values())

    def competing(self, elements):
        """Formulas of all phases made of nothing but `elements`, these included."""
        elements = set(elements)
        return (*sorted(elements), *(name for name in self.per_atom if set(composition(name)) <= elements))

    def with_plain_polysulfides(self):
        """The same set with the correction per sulfur taken off the polysulfides."""
        plain = {
            name: value - self.correction * composition(name)["S"] / sum(composition(name).values())
            if is_polysulfide(name)
            else value
            for name, value in self.per_atom.items()
        }
        return replace(self, title=f"{self.title}, polysulfides not corrected", per_atom=plain)


def load_energies(name=DEFAULT):
    """A set that comes with nasim, as it was published [EnergySet].

    Raises
    ------
    UnknownNameError
        There is no such set.
    DataFileError
        The file lacks something.
    """
    paths = {path.stem: path for folder in reversed(folders()) for path in (folder / "energies").glob("*.toml")}
    if name not in paths:
        known = ", ".join(sorted(paths)) or "none"
        raise UnknownNameError(f"unknown energy set '{name}'; expected one of {known}. {nearest(name, paths)}".strip())
    try:
        data = tomllib.loads(paths[name].read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DataFileError(f"{paths[name]}: not valid TOML: {error}") from None
    missing = [key for key in NEEDED if key not in data]
    if missing or data["source"] not in data["sources"]:
        reason = (
            f"lacks {', '.join(missing)}" if missing else f"names the source '{data['source']}' but does not list it"
        )
        raise DataFileError(f"{paths[name]}: {reason}; expected {', '.join(NEEDED)}, with the source under [sources]")
    return EnergySet(
        title=data["title"],
        method=data["method"],
        source=data["sources"][data["source"]]["citation"],
        per_atom=data["formation_energy_eV_per_atom"],
        correction=data["correction"]["eV_per_atom"],
        published_decomposition=data.get("decomposition_energy_eV_per_atom", {}),
    )
