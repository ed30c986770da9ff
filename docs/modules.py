"""The part of the reference with a page a module: made from the files of the package at each build, in docs/api/modules."""

import ast
from itertools import groupby
from pathlib import Path

DOCS = Path(__file__).resolve().parent
PACKAGE, FOLDER = DOCS.parent / "nasim", DOCS / "api" / "modules"
TITLE_ONLY = ("nasim.callable_module",)
"""Modules whose classes Sphinx cannot ask for a signature, since it is that of another object."""


def modules():
    """Name -> first line of its docstring, of each module, folders before what is in them."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py"), key=lambda path: (path.parent, path.name != "__init__.py", path.name)):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = ast.get_docstring(ast.parse(path.read_text()))
    return {name: doc.splitlines()[0] for name, doc in found.items()}


def room(name):
    """The folder of the package that a module is in, or the package itself for a module beside the folders.

    >>> room("nasim.fit.run"), room("nasim.fit"), room("nasim.units")
    ('nasim.fit', 'nasim.fit', 'nasim')
    """
    first = ".".join(name.split(".")[:2])
    return first if (PACKAGE / first.removeprefix("nasim.")).is_dir() else "nasim"


def titled(text, line, *lines):
    """A title with its text below."""
    return "\n".join([text, line * len(text), "", *lines, ""])


def page(name):
    """The page of a module."""
    members = "   :no-members:" if name in TITLE_ONLY else "   :members:\n   :ignore-module-all:"
    return titled(name, "=", f".. automodule:: {name}", members, "   :no-index:")


def listing(found):
    """The page that lists them by the room they are in."""
    parts = [titled("Modules", "=", "Every file of the code, with its functions and classes.")]
    for each, names in groupby(sorted(found, key=room), room):
        names = list(names)
        lines = [f"* :doc:`{name}`: {found[name]}" for name in names]
        parts.append(
            titled(each, "-", ".. toctree::", "   :hidden:", "", *(f"   {name}" for name in names), "", *lines)
        )
    return "\n".join(parts)


def write():
    """Write those pages that differ from the files that are there, so that another build reads only these."""
    FOLDER.mkdir(exist_ok=True)
    found = modules()
    for name, text in {"index": listing(found), **{name: page(name) for name in found}}.items():
        path = FOLDER / f"{name}.rst"
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
