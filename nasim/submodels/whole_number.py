"""Checks of the numbers that a mechanism is made with."""

import operator

from ..errors import CompositionError


def whole_number(who, name, value, least):
    """`value` as int; CompositionError unless it is a whole number of at least `least`.

    >>> whole_number("PorousCathode", "points", 20, 2)
    20
    """
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least:
        raise CompositionError(f"{who}: {name} = {value!r} was given; expected a whole number of at least {least}.")
    return number
