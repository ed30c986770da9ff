"""The points of a sweep: all combinations of some values, or a table with a row a point; checked before anything runs."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from numbers import Real
from typing import TYPE_CHECKING, Any

from ..conditions import check_condition
from ..errors import NasimError, ProtocolError
from .names import Target

if TYPE_CHECKING:
    from ..experiments.protocol import Protocol
    from ..parameters import ParameterSet

WHO = "sweep"
MOST_POINTS = 1_000_000


@dataclass(frozen=True)
class Points:
    """The points of a sweep.

    Attributes
    ----------
    names : tuple of str
    values : tuple of tuple
        For each point the values of the names.
    is_grid : bool
        Whether the points are all combinations of some values.
    """

    names: tuple[str, ...]
    values: tuple[tuple, ...]
    is_grid: bool


def points_of(over: Any) -> Points:
    """Return the points of a sweep.

    Parameters
    ----------
    over : mapping name -> values, DataFrame, or sequence of mappings name -> value
        All combinations of the values, the last name fastest; or a row a point.

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
    number = math.prod(len(values) for values in axes.values())
    if number > MOST_POINTS:
        raise ProtocolError(f"{WHO}: all combinations make {number} points; at most {MOST_POINTS} can be run.")
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


def plain(value: Any) -> Any:
    """Return the value without numpy: its scalars as Python's, sequences as tuples."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    return tuple(plain(item) for item in value) if isinstance(value, list | tuple) else value


def sorted_out(targets: Mapping[str, Target], values: Sequence) -> dict[str, dict[str, Any]]:
    """Return kind of target ("condition", "setting", "parameter") -> key -> value of a point."""
    by_kind: dict[str, dict[str, Any]] = {"condition": {}, "setting": {}, "parameter": {}}
    for target, value in zip(targets.values(), values, strict=True):
        by_kind[target.kind][target.key] = value
    return by_kind


def check(points: Points, targets: Mapping[str, Target], experiment: "Protocol", parameters: "ParameterSet") -> None:
    """Raise an error that names the point unless all values are possible.

    Parameters
    ----------
    points : Points
    targets : mapping name -> Target
    experiment : Protocol
    parameters : ParameterSet

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


def _check_point(by_kind: Mapping[str, Mapping], experiment: "Protocol", parameters: "ParameterSet") -> None:
    for values in by_kind.values():
        for key, value in values.items():
            if isinstance(value, Real) and value != value:
                raise ProtocolError(f"'{key}' has no value.")
    for key, value in by_kind["condition"].items():
        check_condition(WHO, key, value)
    parameters.with_overrides(by_kind["parameter"])
    replace(experiment, **by_kind["setting"]).check()
