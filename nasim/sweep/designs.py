"""Designs: few points that fill the ranges of several names evenly, for more names than a grid can pay for."""

from ..errors import ProtocolError

METHODS = {"latin hypercube": "LatinHypercube", "sobol": "Sobol", "halton": "Halton"}
"""Name -> class of `scipy.stats.qmc`; Sobol likes powers of two."""


def design(over, points, parameters="Yuan2025_NAS", method="latin hypercube", seed=1):
    """A table of points for `nasim.sweep`, a row a point [pandas.DataFrame].

    Parameters
    ----------
    over : sequence of names, or mapping name -> (low, high) or None
        Parameters without limits take the range of the set. Limits further apart than a factor of 20 are filled evenly
        in the logarithm.
    points : int
    parameters : str, path or ParameterSet
    method : "latin hypercube", "sobol" or "halton"
    seed : int

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
    limits = dict(over) if hasattr(over, "keys") else dict.fromkeys(over)
    scales = {name: _scale(name, given, parameters) for name, given in limits.items()}
    units = getattr(qmc, METHODS[method])(len(scales), rng=seed).random(points)
    return pandas.DataFrame(
        {name: [scale.value(u) for u in column] for (name, scale), column in zip(scales.items(), units.T, strict=True)}
    )


def _scale(name, given, parameters):
    from ..parameters import ParameterSet, load
    from ..scale import Scale

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
