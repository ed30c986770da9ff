"""Values that a user gives instead of those of a set."""

from collections.abc import Mapping

from ..errors import ParameterSetError


def parse_override(text):
    """("name", value) from "NAME=VALUE"; `ParameterSetError` when there is no "=" or no number behind it.

    >>> parse_override("Separator thickness [m] = 4e-4")
    ('Separator thickness [m]', 0.0004)
    """
    name, equals, value = str(text).partition("=")
    try:
        number = float(value)
    except ValueError:
        equals = ""
    if not equals or not name.strip():
        raise ParameterSetError(f"Override '{text}': expected NAME=VALUE such as 'Separator thickness [m]=4e-4'.")
    return name.strip(), number


def pairs(overrides):
    """(name, value) of each override: of a mapping, of texts "NAME=VALUE", or of one such text."""
    if isinstance(overrides, Mapping):
        return list(overrides.items())
    return [parse_override(text) for text in ([overrides] if isinstance(overrides, str) else overrides)]
