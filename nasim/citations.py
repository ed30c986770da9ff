"""What a run should cite: this package, the paper whose cell it models, the sources of its parameter set.

A model registers the first two with PyBaMM when it is made, a parameter set its sources when it is handed over, so that
``pybamm.print_citations()`` names whose work went into a number.
"""

import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from . import __version__

PACKAGE = f"""@software{{nasim,
  title = {{{{nasim: solid-state sodium-sulfur cells from their physics}}}},
  author = {{{{The nasim developers}}}},
  version = {{{__version__}}},
  year = {{2026}},
}}"""
PAPER_DOI = "10.1039/d4ee06171c"
PAPER = f"""@misc{{Yuan2025,
  author = {{Yuan, Yi and Hu, Yang and Gan, Yi and Dong, Zhiliang and Wang, Yijia and Jin, Enzhong and Yang, Mingrui and
            Holness, Frederick Benjamin and Martins, Vinicius and Tu, Qingsong and Zhao, Yang}},
  howpublished = {{Energy and Environmental Science 18, 4288}},
  year = {{2025}},
  doi = {{{PAPER_DOI}}},
}}"""
WRITER = ("pybtex.database.output", "bibtex")
"""Group and name of pybtex's writer of BibTeX."""
PLAIN = str.maketrans({"%": "percent", "{": "(", "}": ")"})
"""Characters that PyBaMM cannot print from BibTeX, escaped or not."""


class Cited(Protocol):
    """A source of values: its citation as text, its DOI, its address."""

    @property
    def citation(self) -> str: ...
    @property
    def doi(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...


def entry(key: str, source: Cited) -> str:
    """Return a source as a BibTeX entry.

    Parameters
    ----------
    key : str
    source : nasim.parameters.Source

    Returns
    -------
    str

    Examples
    --------
    >>> from nasim.parameters import Source
    >>> print(entry("Book", Source("Salt & sulfur, 1950.", doi="10.1/x")))
    @misc{Book,
      title = {{Salt & sulfur, 1950.}},
      doi = {10.1/x},
    }
    """
    place = f"doi = {{{source.doi}}}" if source.doi else f"howpublished = {{{source.url}}}"
    return f"@misc{{{key},\n  title = {{{{{source.citation.translate(PLAIN)}}}}},\n  {place},\n}}"


def find_writer_once() -> None:
    """Have pybtex look for its writer of BibTeX now, and not again for each of PyBaMM's citations as PyBaMM is imported.

    Each time it looks through all packages that are installed, which was a quarter of the time of that import.
    """
    if "pybamm" in sys.modules:
        return
    with suppress(ImportError):
        from pybtex.plugin import find_plugin, register_plugin

        register_plugin(*WRITER, find_plugin(*WRITER), force=True)


def cite_model() -> None:
    """Register this package and the paper whose cell it models with PyBaMM."""
    import pybamm

    for citation in (PACKAGE, PAPER):
        pybamm.citations.register(citation)


def cite_sources(sources: Mapping[str, Cited]) -> None:
    """Register the sources of a parameter set with PyBaMM; those that are no publication are left out.

    Parameters
    ----------
    sources : mapping
        Key -> source.
    """
    import pybamm

    for key, source in sources.items():
        if source.doi or (source.url or "").startswith("http"):
            pybamm.citations.register(PAPER if source.doi == PAPER_DOI else entry(key, source))
