"""What is installed: for the record of a result, and for reports of what is wrong."""

import platform
from functools import cache

from .. import __version__

COMPUTES = ("pybamm", "casadi", "numpy", "scipy")
"""Packages that a number may depend on."""
BESIDE = ("pybammsolvers", "pandas", "xarray", "matplotlib", "pydantic", "typer")
EXTRAS = ("NewareNDA", "datalab-org-galvani", "scikit-fem", "marimo", "emcee", "pybop", "distributed")


def computed_with() -> dict[str, str]:
    """Return the versions of what computes a result, by package."""
    return {"nasim": __version__} | {name: _version(name) or "missing" for name in COMPUTES}


def versions() -> dict[str, str]:
    """Return what a report of something wrong should hold: Python, system, and the version of each package there is.

    Optional packages that are not installed are left out.

    Examples
    --------
    >>> import nasim
    >>> list(nasim.versions())[:3]
    ['nasim', 'pybamm', 'casadi']
    """
    beside = {name: _version(name) for name in (*BESIDE, *EXTRAS)}
    there = {name: number for name, number in beside.items() if number is not None}
    return computed_with() | there | {"python": platform.python_version(), "system": platform.platform()}


@cache
def _version(name):
    """Version of a distribution; None where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None
