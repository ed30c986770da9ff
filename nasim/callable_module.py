"""A package that is also the function of its own name: ``nasim.fit(curves, ...)`` beside ``nasim.fit.from_result``.

Importing ``nasim.fit.curves`` makes Python set the package `nasim.fit` as an attribute of `nasim`, over whatever was there.
A function of that name beside a package would therefore change with what has been imported before, so the package itself
is called. It shows the signature of its function, and pickles by its name.
"""

from importlib import import_module
from inspect import Signature, signature
from types import ModuleType
from typing import Any


class CallableModule(ModuleType):
    """Package that calls the function of its own name and imports its public names on first use.

    A package becomes one by ``sys.modules[__name__].__class__ = CallableModule``. It states in ``_WHERE`` which of its
    modules each public name comes from, and lists the names in ``__all__``.
    """

    _WHERE: dict[str, str]
    __all__: list[str]

    def __call__(self, *args: Any, **options: Any) -> Any:
        """Call the function of the package's name; `help` and `inspect.signature` show its arguments."""
        return self._function(*args, **options)

    @property
    def _function(self) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])

    @property
    def __signature__(self) -> Signature:
        return signature(self._function)

    def __reduce__(self) -> tuple:
        return import_module, (self.__name__,)

    def __getattr__(self, name: str) -> Any:
        where = self.__dict__.get("_WHERE", {})
        if name in where:
            return getattr(import_module(f".{where[name]}", self.__name__), name)
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")

    def __dir__(self) -> list[str]:
        return self.__all__
