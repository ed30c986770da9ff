"""Designs: few points that fill the ranges of several names evenly, for more names than a grid can pay for."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..errors import ProtocolError
from ..parameters import ParameterSet, load
from ..scale import Scale

if TYPE_CHECKING:
    import pandas

METHODS = {"latin hypercube": "LatinHypercube", "sobol": "Sobol", "halton": "Halton"}
"""Name -> class of `scipy.stats.qmc`; Sobol likes powers of two."""


def design(
    over: Mapping[str, tuple[float, float] | None] | Sequence[str],
    points: int,
    parameters: str | os.PathLike | ParameterSet = "Yuan2025_NAS",
    method: str = "latin hypercube",
    seed: int = 1,
) -> "pandas.DataFrame":
    """Return a table of points for `nasim.sweep`, a row a point.

    Parameters
    ----------
    over : sequence of names, or mapping name -> (low, high) or None
        Parameters without limits take the range of the set. Limits further apart than a factor of 20 are filled evenly
        in the logarithm.
    points : int
        Number of points; for "sobol" best a power of two.
    parameters : str, path or ParameterSet
        The set whose ranges count.
    method : "latin hypercube", "sobol" or "halton"
    seed : int

    Returns
    -------
    pandas.DataFrame
        Shape (points, names); parameters in SI units, conditions and settings in the unit of their name.

    Raises
    ------
    ProtocolError, UnknownNameError
        A method or number that makes no sense, or a name without limits that has no range.

    Examples
    --------
    >>> import nasim
    >>> table = nasim.sweep.design({"temperature [degC]": (25, 60), "Interphase resistivity [Ohm.m]": None}, 8)
    >>> table.shape, bool(table["temperature [degC]"].between(25, 60).all())
    ((8, 2), True)
    """
    import pandas
    from scipy.stats import qmc

    if method not in METHODS:
        raise ProtocolError(f"design: method must be one of {', '.join(METHODS)}; {method!r} was given.")
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise ProtocolError(f"design: the number of points must be at least 1; {points!r} was given.")
    limits = dict(over) if isinstance(over, Mapping) else dict.fromkeys(over)
    scales = {name: _scale(name, given, parameters) for name, given in limits.items()}
    units = getattr(qmc, METHODS[method])(len(scales), rng=seed).random(points)
    return pandas.DataFrame(
        {name: [scale.value(u) for u in column] for (name, scale), column in zip(scales.items(), units.T, strict=True)}
    )


def _scale(name: str, given: Any, parameters: str | os.PathLike | ParameterSet) -> Scale:
    """Return the scale of a name from the limits given, else from the range of the set."""
    if given is None:
        known = parameters if isinstance(parameters, ParameterSet) else load(parameters)
        known.value(name)
        given = known.entries[name].range
    if given is None:
        raise ProtocolError(f"design: '{name}' has no range in the set; give its limits, (low, high).")
    low, high = (float(limit) for limit in given)
    if not low < high:
        raise ProtocolError(f"design: the limits of '{name}' must rise; {given!r} was given.")
    return Scale(low, high)
