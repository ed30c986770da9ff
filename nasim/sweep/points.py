"""The points of a sweep: all combinations of some values, or a table with a row a point; checked before anything runs."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from numbers import Real

from ..conditions import check_condition
from ..errors import NasimError, ProtocolError

WHO = "sweep"


@dataclass(frozen=True)
class Points:
    """Names, and for each point a tuple of their values; `is_grid` where they are all combinations."""

    names: tuple
    values: tuple
    is_grid: bool


def points_of(over):
    """`Points` of a mapping name -> values (all combinations, the last name fastest), or of a table.

    A table is a pandas DataFrame, or a sequence of mappings name -> value.

    >>> points_of({"a": [1, 2], "b": 3}).values
    ((1, 3), (2, 3))

    Raises
    ------
    ProtocolError
        It is nothing of the kind, is empty, or has a value twice or not at all.
    """
    if isinstance(over, Mapping):
        return _grid(over)
    rows = over.to_dict("records") if hasattr(over, "columns") else over
    if isinstance(rows, str) or not isinstance(rows, Iterable):
        raise ProtocolError(
            f"{WHO}: over must be a mapping name -> values, a table or a list of mappings; {over!r} was given."
        )
    return _table(list(rows))


def _grid(over):
    axes = {name: _values(name, values) for name, values in over.items()}
    if not axes:
        raise ProtocolError(f"{WHO}: over is empty; give at least one name with its values.")
    return Points(tuple(axes), tuple(product(*axes.values())), True)


def _values(name, values):
    single = isinstance(values, str) or not isinstance(values, Iterable)
    values = [plain(value) for value in ([values] if single else values)]
    if not values:
        raise ProtocolError(f"{WHO}: there are no values for '{name}'.")
    for number, value in enumerate(values):
        if value in values[:number]:
            raise ProtocolError(f"{WHO}: '{name}' has the value {value!r} twice.")
    return values


def _table(rows):
    if not rows or not all(isinstance(row, Mapping) for row in rows) or not rows[0]:
        raise ProtocolError(f"{WHO}: a design needs at least one row, each a mapping name -> value.")
    names = tuple(rows[0])
    for number, row in enumerate(rows):
        if set(row) != set(names):
            raise ProtocolError(
                f"{WHO}: point {number} has values for {', '.join(map(str, row))}; expected {', '.join(names)}."
            )
    return Points(names, tuple(tuple(plain(row[name]) for name in names) for row in rows), False)


def plain(value):
    """The value without numpy: its scalars as Python's, sequences as tuples."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(plain(item) for item in value) if isinstance(value, list | tuple) else value


def sorted_out(targets, values):
    """The values of a point by what they are: a dict for "condition", "setting" and "parameter" each."""
    found = {"condition": {}, "setting": {}, "parameter": {}}
    for target, value in zip(targets.values(), values, strict=True):
        found[target.kind][target.key] = value
    return found


def check(points, targets, experiment, parameters):
    """Raise an error that names the point unless all values are possible.

    Raises
    ------
    ProtocolError, ParameterSetError
        A condition, setting or parameter makes no sense or lies outside what is allowed for it.
    """
    for number, values in enumerate(points.values):
        try:
            _check_point(sorted_out(targets, values), experiment, parameters)
        except NasimError as error:
            raise type(error)(f"{WHO}, point {number}: {str(error).removeprefix(f'{WHO}: ')}") from None


def _check_point(found, experiment, parameters):
    for kind in found.values():
        for key, value in kind.items():
            if isinstance(value, Real) and math.isnan(value):
                raise ProtocolError(f"'{key}' has no value.")
    for key, value in found["condition"].items():
        check_condition(WHO, key, value)
    parameters.with_overrides(found["parameter"])
    replace(experiment, **found["setting"]).check()
