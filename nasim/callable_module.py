"""A module that imports its public names on first use, and that is called as the function of its own name.

``sys.modules[__name__].__class__ = CallableModule`` makes one of a module that says in ``_WHERE`` which of its submodules
each of its names comes from, and lists them in ``__all__``.
"""

from importlib import import_module
from types import ModuleType


class CallableModule(ModuleType):
    """``nasim.fit(...)`` is ``nasim.fit.fit(...)``."""

    def __call__(self, *given, **options):
        return getattr(self, self.__name__.rpartition(".")[2])(*given, **options)

    def __getattr__(self, name):
        where = self.__dict__.get("_WHERE", {})
        if name in where:
            return getattr(import_module(f".{where[name]}", self.__name__), name)
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")

    def __dir__(self):
        return self.__all__
