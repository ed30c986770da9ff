"""What was installed when a result was computed."""

from functools import cache

from .. import __version__


def versions() -> dict[str, str]:
    """Return the versions of what computes a result, by package."""
    return {"nasim": __version__} | {name: _version(name) for name in ("pybamm", "casadi", "numpy", "scipy")}


@cache
def _version(name):
    from importlib.metadata import version

    return version(name)
