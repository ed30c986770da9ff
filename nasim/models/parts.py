"""The parts that are handed to a cell: defaults where none is given, and the words for what is no part."""

import inspect

from ..errors import CompositionError
from ..submodels.mechanism import Mechanism


def part(who, name, given, default, attributes=()):
    """`given`, or what `default` makes where it is None [Mechanism].

    `attributes` are those that a part of this keyword has beyond the contract.

    Raises
    ------
    CompositionError
        It is a class, a function or anything else that is no mechanism of this kind.
    """
    made = default() if given is None else given
    if _fits(made, attributes):
        return made
    example = given if _is_mechanism_class(given, attributes) else getattr(default, "func", default)
    expected = f"an instance, such as {example.__name__}()"
    raise CompositionError(f"{who}: {shown(given)} was given as {name}; expected {expected}.")


def several(who, name, given, example, attributes=()):
    """A list of the mechanisms in `given`; CompositionError unless it is a sequence of instances."""
    expected = f"a sequence of instances, such as {name}=[{example}]"
    try:
        parts = list(given)
    except TypeError:
        raise CompositionError(f"{who}: {shown(given)} was given as {name}; expected {expected}.") from None
    for each in parts:
        if not _fits(each, attributes):
            raise CompositionError(f"{who}: {shown(each)} was given among {name}; expected {expected}.")
    return parts


def each_side(who, name, make, sides, default):
    """What the callable `make` makes for each of `sides` [list of Mechanism]; CompositionError unless it makes that."""
    made = [make(side) for side in sides] if _takes_a_side(make, sides[0]) else []
    if made and all(_fits(each) for each in made):
        return made
    example = type(make) if isinstance(make, Mechanism) else default
    expected = f"something that makes one for a side, such as the class {example.__name__}"
    raise CompositionError(f"{who}: {shown(make)} was given as {name}; expected {expected}.")


def shown(given):
    """What was given, as a message shows it.

    >>> shown(int), shown(shown), shown("NAS")
    ('the class int', 'the function shown', "'NAS'")
    """
    if inspect.isclass(given):
        return f"the class {given.__name__}"
    return f"the function {given.__name__}" if inspect.isfunction(given) else repr(given)


def _fits(made, attributes=()):
    return isinstance(made, Mechanism) and all(hasattr(made, name) for name in attributes)


def _is_mechanism_class(given, attributes):
    is_one = inspect.isclass(given) and issubclass(given, Mechanism)
    return is_one and all(hasattr(given, name) for name in attributes)


def _takes_a_side(make, side):
    try:
        inspect.signature(make).bind(side)
    except (TypeError, ValueError):
        return False
    return True
