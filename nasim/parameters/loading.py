"""From the name or path of a set to the checked set, with what it extends."""

from ..errors import ParameterSetError, UnknownNameError
from .document import checked, read
from .entries import CellDescription
from .parameter_set import ParameterSet
from .places import locate
from .reading import read_entries, read_sources


def load(name_or_path, overrides=None):
    """The `ParameterSet` of a shipped name or of a TOML file, with what it extends, checked.

    A path ends with ".toml" or contains a separator. `overrides` is a mapping name -> number or a list of texts
    "NAME=VALUE". Raises `UnknownNameError` (set, parameter) or `ParameterSetError` (everything else).
    """
    documents = _lineage(name_or_path)
    sources, entries, cell = {}, {}, {}
    for document in documents:
        sources |= read_sources(document)
        entries |= read_entries(document, sources)
        cell |= document.table("cell")
        description = checked(CellDescription, cell, document, "cell")
    own = documents[-1]
    head = own.heading
    title = head.title or f"{own.path.stem}, made from {head.extends}"
    parameters = ParameterSet(own.path.stem, title, head.description, description, entries, sources, head.calibration)
    return parameters if overrides is None else parameters.with_overrides(overrides)


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
        documents.insert(0, read(path))
    return documents
