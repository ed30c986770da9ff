"""The parts that are handed to a cell: defaults where none is given, and the words for what is no part."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import TypeGuard

from .. import nomenclature as nm
from ..errors import CompositionError, shown
from ..submodels.mechanism import Mechanism


def part(who: str, keyword: str, given: Mechanism | None, default: Callable[[], Mechanism], role: str) -> Mechanism:
    """Return `given`, or what `default` makes where it is None.

    Raises
    ------
    CompositionError
        It is a class, a function or anything else that is no mechanism, or its role is not `role`.
    """
    made = default() if given is None else given
    if not isinstance(made, Mechanism):
        example = given.__name__ if _is_mechanism_class(given) else _name(default)
        expected = f"an instance, such as {example}()"
        raise CompositionError(f"{who}: {shown(given)} was given as {keyword}; expected {expected}.")
    if made.role != role:
        raise CompositionError(_miscast(who, made, keyword, role, _name(default)))
    return made


def chains_of(who: str, given: Iterable[Mechanism]) -> list[Mechanism]:
    """Return the redox chains in `given` as a list; `CompositionError` unless it is a sequence of chains."""
    chains = several(who, "chains", given, "SulfurConversion()")
    for each in chains:
        if not each.role.startswith(nm.roles.CHAIN):
            expected = "expected redox chains, such as chains=[SulfurConversion()]"
            raise CompositionError(f"{who}: {_cast(each)}, but was given among chains; {expected}.")
    return chains


def several(who: str, keyword: str, given: Iterable[Mechanism], example: str) -> list[Mechanism]:
    """Return the mechanisms in `given` as a list; `CompositionError` unless it is a sequence of instances."""
    expected = f"a sequence of instances, such as {keyword}=[{example}]"
    try:
        parts = list(given)
    except TypeError:
        raise CompositionError(f"{who}: {shown(given)} was given as {keyword}; expected {expected}.") from None
    for each in parts:
        if not isinstance(each, Mechanism):
            raise CompositionError(f"{who}: {shown(each)} was given among {keyword}; expected {expected}.")
    return parts


def each_side(
    who: str,
    keyword: str,
    make: Callable[[nm.Side], Mechanism],
    sides: Sequence[nm.Side],
    default: type[Mechanism],
    role: Callable[[nm.Side], str],
) -> list[Mechanism]:
    """Return what `make` makes for each of `sides`; `CompositionError` unless that has the `role` of the side."""
    made = [make(side) for side in sides] if _takes_a_side(make, sides[0]) else []
    if not made or not all(isinstance(each, Mechanism) for each in made):
        example = type(make) if isinstance(make, Mechanism) else default
        expected = f"something that makes one for a side, such as the class {example.__name__}"
        raise CompositionError(f"{who}: {shown(make)} was given as {keyword}; expected {expected}.")
    for each, side in zip(made, sides, strict=True):
        if each.role != role(side):
            raise CompositionError(_miscast(who, each, keyword, role(side), default.__name__))
    return made


def _cast(part: Mechanism) -> str:
    return f"{type(part).__name__}() plays the role '{part.role}'"


def _miscast(who: str, part: Mechanism, keyword: str, role: str, example: str) -> str:
    expected = f"expected a part with the role '{role}', such as {example}()"
    return f"{who}: {_cast(part)}, but was given as {keyword}; {expected}."


def _name(make: Callable) -> str:
    """Name of a class or function, also behind `functools.partial`."""
    return getattr(make, "func", make).__name__


def _is_mechanism_class(given: object) -> TypeGuard[type[Mechanism]]:
    return inspect.isclass(given) and issubclass(given, Mechanism)


def _takes_a_side(make, side):
    try:
        inspect.signature(make).bind(side)
    except (TypeError, ValueError):
        return False
    return True
