"""From the name or path of a set to the checked set, with what it extends; where sets are; PyBaMM's entry points."""

from __future__ import annotations

import functools
import os
from os import PathLike
from pathlib import Path

from ..citations import cite_sources
from ..errors import NasimError, ParameterSetError, UnknownNameError, brief, nearest
from .design import Design
from .document import checked, read, read_entries, read_sources
from .entries import CellDescription
from .materials import Materials
from .parameter_set import Overrides, ParameterSet

DEEPEST = 20
"""Sets that extend each other, at most."""


def load(
    name_or_path: str | PathLike[str], overrides: Overrides | None = None, design: Design | None = None
) -> ParameterSet:
    """Load a parameter set with what it extends, checked.

    Parameters
    ----------
    name_or_path : str or path
        Name of a shipped set, or a TOML file (a text that ends with ".toml" or holds a separator).
    overrides : mapping name -> number, or texts "NAME=VALUE", optional
        Values in place of those of the set, SI.
    design : Design, optional
        Design quantities of the cell, from which parameters follow; overrides come after it.

    Returns
    -------
    ParameterSet

    Raises
    ------
    UnknownNameError
        There is no such set, or no such parameter to override.
    ParameterSetError
        The file, or an override, cannot be accepted; the message names file, line and key.
    """
    if not isinstance(design, Design | None):
        raise ParameterSetError(f"design must be a nasim.Design; {brief(design)} was given.")
    documents = _lineage(name_or_path)
    sources, entries, cell, materials = {}, {}, {}, shipped_materials()
    for document in documents:
        sources |= read_sources(document)
        materials = materials.extended(document, document.table("materials"), sources)
        cell |= document.table("cell")
        description = _described(cell, materials, document)
        brought = materials.brought(document.table("cell"))
        sources = {
            entry.source: materials.sources[entry.source] for entry in brought.values() if entry.source
        } | sources
        entries |= brought | read_entries(document, sources)
    own = documents[-1]
    head = own.heading
    title = head.title or f"{own.path.stem}, made from {head.extends}"
    texts = (own.path.stem, title, head.description)
    parameters = ParameterSet(*texts, description, entries, sources, head.calibration, materials)
    parameters = _designed(parameters, documents)
    parameters = parameters if design is None else design.of(parameters)
    return parameters if overrides is None else parameters.with_overrides(overrides)


def load_foreign(path: str | PathLike[str]) -> ParameterSet:
    """Load a set that somebody else sent: it may extend shipped sets, and reaches no other file of this machine.

    Parameters
    ----------
    path : path
        TOML file.

    Returns
    -------
    ParameterSet

    Raises
    ------
    UnknownNameError, ParameterSetError
        As `load`; or it extends a file.
    """
    own = read(locate(Path(path)))
    parent = own.heading.extends
    if parent is not None and parent not in available():
        raise own.error(
            f"extends = {brief(parent)}: a set from elsewhere extends a shipped set, by its name: {', '.join(available())}",
            key="extends",
        )
    return load(path)


def _designed(parameters, documents):
    """The set with what its [design] table, and those of the sets it extends, make of it."""
    table, source = {}, None
    for document in documents:
        own = document.table("design")
        table, source = table | own, document if own else source
    if not table:
        return parameters
    try:
        return Design(**table).of(parameters)
    except NasimError as error:
        raise (source or documents[-1]).error(f"design: {error}", "design", kind=type(error)) from None


def as_set(
    given: str | PathLike[str] | ParameterSet, overrides: Overrides | None = None, who: str = "nasim"
) -> ParameterSet:
    """Return the set of a name or file, or the given one itself, with other values where `overrides` has them.

    Parameters
    ----------
    given : str, path or ParameterSet
    overrides : mapping name -> number, or texts "NAME=VALUE", optional
        SI units.
    who : str
        Who asks, for the error.

    Raises
    ------
    ParameterSetError, UnknownNameError
        There is no such set, it cannot be accepted, or it is none.

    Examples
    --------
    >>> as_set("Yuan2025_NPS").name, as_set(load("Yuan2025_NPS")).name
    ('Yuan2025_NPS', 'Yuan2025_NPS')
    """
    if isinstance(given, str | PathLike):
        return load(given, overrides)
    if not isinstance(given, ParameterSet):
        expected = "the name or file of a parameter set, or a ParameterSet"
        raise ParameterSetError(f"{who} needs {expected}; {given!r} was given.")
    return given if overrides is None else given.with_overrides(overrides)


@functools.cache
def shipped_materials() -> Materials:
    """Return the table of materials that comes with nasim."""
    document = read(folders()[0] / "materials" / "materials.toml")
    tables = {kind: named for kind, named in document.data.items() if kind != "sources"}
    return Materials().extended(document, tables, read_sources(document), above="")


def _described(cell, materials, document):
    """The ``[cell]`` table so far; its redox chains are those of its materials unless it names them."""
    description = checked(CellDescription, cell, document, "cell")
    for key, fault in materials.faults_of(vars(description)):
        raise document.error(f"'cell': {key} {fault}", "cell", key)
    if "chains" in cell or description.model != "full":
        return description
    brought = (materials.actives[description.active].chain, materials.catholytes[description.catholyte].chain)
    return checked(CellDescription, cell | {"chains": [name for name in brought if name]}, document, "cell")


def _lineage(name_or_path):
    """The documents a set is made of, the one that extends nothing first."""
    documents = [read(locate(name_or_path))]
    while (parent := documents[0].heading.extends) is not None:
        child = documents[0]
        try:
            path = locate(parent, beside=child.path.parent)
        except (ParameterSetError, UnknownNameError) as error:
            raise child.error(f"extends: {error}", key="extends", kind=type(error)) from None
        if path.resolve() in {document.path.resolve() for document in documents}:
            loop = " -> ".join(document.path.name for document in reversed(documents))
            raise child.error(f"extends = '{parent}' goes in a circle: {loop} -> {path.name}", key="extends")
        if len(documents) == DEEPEST:
            raise child.error(f"extends = '{parent}': at most {DEEPEST} sets can extend each other", key="extends")
        documents.insert(0, read(path))
    return documents


def available() -> list[str]:
    """Return the names of the shipped sets, sorted."""
    return sorted({path.stem for folder in folders() for path in folder.glob("*.toml")})


def folders() -> list[Path]:
    """Return where shipped sets are: inside an installed package, or beside the package in the repository."""
    package = Path(__file__).parent.parent
    return [folder for folder in (package / "parameter_sets", package.parent / "parameter_sets") if folder.is_dir()]


def locate(name_or_path: str | PathLike[str], beside: Path = Path()) -> Path:
    """Find the file of a parameter set.

    Parameters
    ----------
    name_or_path : str or path
        As for `load`.
    beside : path
        Folder that relative paths begin at.

    Returns
    -------
    path

    Raises
    ------
    UnknownNameError
        No shipped set has this name.
    ParameterSetError
        There is no such file, or it is no .toml file.
    """
    text = str(name_or_path)
    if text.endswith(".toml") or "/" in text or "\\" in text or isinstance(name_or_path, Path):
        path = beside / Path(text).expanduser()
        if not path.is_file():
            raise ParameterSetError(f"Parameter-set file '{path}' does not exist or is not a file.")
        return path
    for folder in folders():
        if text in {path.stem for path in folder.glob("*.toml")}:
            return folder / f"{text}.toml"
    if os.path.isfile(text):
        raise ParameterSetError(f"'{text}' is no parameter set; expected the name of one, or the path of a .toml file.")
    known = available()
    raise UnknownNameError(
        f"Unknown parameter set '{text}'; expected one of {', '.join(known)}, or the path of a .toml file. "
        f"{nearest(text, known)}".strip()
    )


class SetFunction:
    """Called, it returns the values of a shipped set; its docstring is the set's title, text and sources."""

    def __init__(self, name):
        parameters = load(name)
        cited = [f"- {source.citation} {source.doi or source.url}" for source in parameters.sources.values()]
        self.__name__ = name
        self.__doc__ = "\n".join([parameters.title, "", parameters.description.strip(), "", "Sources:", *cited])

    def __call__(self):
        parameters = load(self.__name__)
        cite_sources(parameters.sources)
        return parameters.as_values()
