"""Checks of what a user asks for, with the words of the refusals."""

import math
from collections.abc import Iterable, Mapping
from numbers import Integral

from .errors import ProtocolError, UnknownNameError, brief, nearest
from .units import as_c_rate

ZERO_CELSIUS = 273.15
PRESSURE_RANGE_MPA = (0.1, 2000.0)
TEMPERATURE_RANGE_C = (-60.0, 150.0)
VOLTAGE_RANGE_V = (0.0, 5.0)
MOST_CYCLES = 1_000_000
POSSIBLE = {
    "mA cm-2": (1e-6, 1e4),
    "C": (1e-6, 1e4),
    "mAh cm-2": (1e-9, 1e4),
    "mV s-1": (1e-5, 1e5),
    "h": (1e-4, 1e6),
    "s": (1e-6, 1e10),
    "Hz": (1e-9, 1e12),
    "V": (1e-6, 1e3),
}
"""Unit -> what a protocol can be asked for at all: beyond, nothing is tested and integrators end."""


def require_positive(who, name, value, unit):
    """`value` as float; ProtocolError unless it is a finite number above zero. `unit` is empty for a plain number."""
    number = _number(who, name, value, unit)
    if number <= 0:
        raise ProtocolError(f"{who}: {name} must be above zero{_in(unit)}; {shown(value)} was given.")
    return number if unit not in POSSIBLE else require_within(who, name, value, unit, POSSIBLE[unit])


def require_within(who, name, value, unit, limits):
    """`value` as float; ProtocolError unless it is a finite number within `limits`. `unit` as in `require_positive`."""
    number = _number(who, name, value, unit)
    if not limits[0] <= number <= limits[1]:
        expected = f"{limits[0]:g} to {limits[1]:g} {unit}".strip()
        raise ProtocolError(f"{who}: {name} = {shown(value)} is impossible; expected {expected}.")
    return number


def require_whole(who, name, value, least=1, most=MOST_CYCLES):
    """`value` as int; ProtocolError unless it is a whole number from `least` to `most`.

    >>> require_whole("fit", "starts", 3)
    3
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or not least <= int(value) <= most:
        expected = f"a whole number from {least} to {most}"
        raise ProtocolError(f"{who}: {name} must be {expected}; {shown(value)} was given.")
    return int(value)


def require_kind(who, name, value, kind, expected):
    """`value` itself; ProtocolError unless it is an instance of `kind`, a class or several, which `expected` names.

    >>> require_kind("GCD", "cycles", 3, int, "a number")
    3
    """
    if not isinstance(value, kind):
        raise ProtocolError(f"{who}: {name} must be {expected}; {shown(value)} was given.")
    return value


def require_several(who, name, values, expected):
    """`values` as a tuple; ProtocolError for a text, or something that does not hold several; `expected` names them.

    >>> require_several("EIS", "frequencies", [1.0], "numbers")
    (1.0,)
    """
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        raise ProtocolError(f"{who}: {name} must be a sequence of {expected}; {shown(values)} was given.")
    return tuple(values)


def check_current(who, name, value):
    """A current density as it was given: mA cm-2 above zero, or a C-rate; ProtocolError for anything else."""
    rate = as_c_rate(value)
    if rate is not None:
        require_positive(who, name, rate, "mA cm-2, or in C")
        require_within(who, name, rate, "C", POSSIBLE["C"])
    else:
        require_positive(
            who, name, value, 'mA cm-2 or a C-rate such as "0.1C"' if isinstance(value, str) else "mA cm-2"
        )
        require_within(who, name, value, "mA cm-2", POSSIBLE["mA cm-2"])
    return value


def check_options(who, given, known):
    """UnknownNameError for the first of `given` that is not `known`, with the nearest; units at the end may be left out."""
    for name in given:
        if name not in known:
            begun = [each for each in known if each.startswith(f"{name}_")]
            hint = f"The nearest match is '{min(begun, key=len)}'." if begun else nearest(name, known)
            raise UnknownNameError(f"{who} has no option '{name}'; its options are {', '.join(known)}.", hint)


def shown(value):
    """What was given as a message shows it: a numpy number as the number that it is.

    >>> import numpy as np
    >>> shown(np.float64(2.0)), shown("much")
    ('2.0', "'much'")
    """
    return brief(value.item() if getattr(value, "ndim", None) == 0 else value)


def _in(unit):
    return f", in {unit}" if unit else ""


def _number(who, name, value, unit):
    try:
        if isinstance(value, bool):
            raise TypeError
        number = float(value)
    except (TypeError, ValueError):
        raise ProtocolError(f"{who}: {name} must be a number{_in(unit)}; {shown(value)} was given.") from None
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ProtocolError(f"{who}: {name} must be a finite number{_in(unit)}; {shown(value)} was given.")
    return number


def check_window(who, window, low, high):
    """The voltage window (lower, upper) [V]: the protocol's own, or that of the parameter set."""
    if window is None:
        return low, high
    try:
        if isinstance(window, Mapping):
            raise TypeError
        lower, upper = window
    except (TypeError, ValueError):
        raise ProtocolError(
            f"{who}: window must be two voltages (lower, upper) in V; {shown(window)} was given."
        ) from None
    lower = require_within(who, "lower end of the window", lower, "V", VOLTAGE_RANGE_V)
    upper = require_within(who, "upper end of the window", upper, "V", VOLTAGE_RANGE_V)
    if lower >= upper:
        raise ProtocolError(
            f"{who}: the window is upside down: {lower:g} V to {upper:g} V was given, "
            "the lower end comes first and must be below the upper."
        )
    return lower, upper


def check_cycles(who, cycles, what="cycles"):
    """The number of cycles, or of `what`, as int; ProtocolError unless it is a whole number of at least one."""
    number = int(cycles) if isinstance(cycles, Integral) else cycles
    if isinstance(number, int | float) and number > MOST_CYCLES:
        raise ProtocolError(f"{who}: at most {MOST_CYCLES} {what} can be run; {shown(cycles)} were given.")
    if isinstance(cycles, bool) or cycles != int(require_positive(who, f"number of {what}", cycles, "")):
        raise ProtocolError(
            f"{who}: the number of {what} must be a whole number of at least 1; {shown(cycles)} was given."
        )
    return int(cycles)


def check_rest(who, rest_h):
    """The length of a rest [h] as float; ProtocolError unless it is zero or long enough to be integrated."""
    hours = require_within(who, "rest", rest_h, "h", (0.0, POSSIBLE["h"][1]))
    return hours and require_within(who, "rest", rest_h, "h", POSSIBLE["h"])


def check_keep(who, keep, total=MOST_CYCLES):
    """The cycles whose curves are kept as a tuple of int, or None; ProtocolError unless each is one of `total` cycles."""
    if keep is None:
        return None
    try:
        return tuple(require_whole(who, "each cycle to keep", number, 1, total) for number in keep)
    except TypeError:
        raise ProtocolError(
            f"{who}: keep must be a sequence of cycle numbers such as (1, 2, 10); {shown(keep)} was given."
        ) from None
