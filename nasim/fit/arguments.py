"""Checks of the arguments of a fit: curves, parameters with bounds, priors."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ProtocolError, UnknownNameError, nearest
from ..scale import Scale
from .data import Data

if TYPE_CHECKING:
    from ..parameters import ParameterSet


def scales_of(names: Sequence[str], start: "ParameterSet", bounds: Mapping[str, Any]) -> dict[str, Scale]:
    """Return parameter -> Scale, from `bounds`, else from the range of the set.

    Parameters
    ----------
    names : sequence of str
        Parameters to vary.
    start : ParameterSet
    bounds : mapping parameter -> (low, high) or None

    Raises
    ------
    UnknownNameError, ProtocolError
        A parameter that the set has not, without a range, twice, or with a start outside its bounds.
    """
    if isinstance(names, str) or not names or not all(isinstance(name, str) for name in names):
        raise ProtocolError(f"fit: vary must be a list of parameter names; {names!r} was given.")
    if len(set(names)) < len(names):
        raise ProtocolError(f"fit: vary names a parameter twice: {list(names)}.")
    for name in bounds:
        if name not in names:
            hint = nearest(name, names)
            raise UnknownNameError(f"fit: bounds or prior for '{name}', which is not varied. {hint}".strip())
    return {name: _scale(name, start, bounds.get(name)) for name in names}


def _scale(name: str, start: "ParameterSet", bound: Any) -> Scale:
    value = start.value(name)
    if not isinstance(value, int | float):
        raise ProtocolError(f"fit: '{name}' is a curve in set '{start.name}'; only numbers can be varied.")
    limits = bound or start.entries[name].range
    if limits is None:
        raise ProtocolError(f"fit: '{name}' has no range in set '{start.name}'; give bounds={{'{name}': (low, high)}}.")
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ProtocolError(f"fit: the bounds of '{name}' must be two rising finite numbers; {limits!r} was given.")
    if not low <= value <= high:
        raise ProtocolError(f"fit: '{name}' starts at {value:g}, outside its bounds {low:g} to {high:g}.")
    return Scale(low, high)


def prior_of(name: str, scale: Scale, prior: Sequence[float]) -> tuple[float, float]:
    """Return (mean, standard deviation) of a prior in scaled units, from those of the value.

    >>> [round(x, 4) for x in prior_of("k", Scale(1.0, 100.0), (10.0, 1.0))]
    [0.5, 0.0217]
    """
    try:
        mean, sd = (float(number) for number in prior)
    except (TypeError, ValueError):
        mean = sd = math.nan
    if not (math.isfinite(mean) and math.isfinite(sd) and sd > 0) or (scale.is_log and mean <= 0):
        raise ProtocolError(f"fit: the prior of '{name}' must be (mean, standard deviation); {prior!r} was given.")
    return scale.unit(mean), sd / scale.error(mean, 1.0)


def check_data(curves: Any) -> list[Data]:
    """Return the data of a fit as a list.

    Parameters
    ----------
    curves : Data, or iterable of Data or of lists of them

    Raises
    ------
    ProtocolError
        There is nothing to fit to, or something else than curves.
    """
    if not isinstance(curves, Data | Iterable):
        raise _no_curve(curves)
    flat: list[Data] = []
    for item in [curves] if isinstance(curves, Data) else curves:
        for curve in item if isinstance(item, list | tuple) else [item]:
            if not isinstance(curve, Data):
                raise _no_curve(curve)
            flat.append(curve)
    if not flat:
        raise ProtocolError("fit: there are no curves to fit to.")
    return flat


def _no_curve(given):
    return ProtocolError(
        f"fit: expected curves, a {type(given).__name__} was given; make some with nasim.fit.from_measurement(...), "
        "from_arrays(...) or from_result(...)."
    )
