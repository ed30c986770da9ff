"""How large and small a parameter can be at all: far beyond every material, and short of where arithmetic ends.

The range of an entry says where its value makes sense; these bounds hold whatever a file says, so that a zero area, a
thickness of 1e300 m or a temperature of 0 K is refused when the set is read, and not by an integrator.
"""

from numbers import Real

from ..checks import TEMPERATURE_RANGE_C
from ..errors import brief
from ..nomenclature import unit_of
from ..units import to_kelvin

WIDEST = (-1e30, 1e30)
"""For units that are not listed."""
BOUNDS = {
    "-": (-1e4, 1e4),
    "A": (-1e3, 1e3),
    "A.h": (1e-12, 1e6),
    "A.m-2": (1e-30, 1e12),
    "C.m-2": (1.0, 1e12),
    "C.m-3": (1.0, 1e15),
    "F.m-2": (1e-12, 1e6),
    "J.m-2.K-1": (1e-3, 1e12),
    "J.mol-1": (0.0, 1e6),
    "K": (to_kelvin(TEMPERATURE_RANGE_C[0]), to_kelvin(TEMPERATURE_RANGE_C[1])),
    "Ohm.m": (0.0, 1e12),
    "Ohm.m2": (0.0, 1e6),
    "Pa": (1.0, 1e13),
    "Pa-1": (0.0, 1.0),
    "Pa.m-1": (0.0, 1e18),
    "S.m-1": (1e-15, 1e6),
    "S.m-2": (1e-12, 1e9),
    "V": (-10.0, 10.0),
    "V.K-1": (-0.1, 0.1),
    "W.m-2.K-1": (0.0, 1e9),
    "kg": (1e-9, 10.0),
    "kg.m-2": (1e-6, 1e3),
    "kg.mol-1": (1e-3, 10.0),
    "m": (1e-10, 1.0),
    "m.s-1": (0.0, 1.0),
    "m2": (1e-8, 10.0),
    "m2.s-1": (1e-25, 1e-2),
    "m3.C-1": (0.0, 1e-3),
    "m3.mol-1": (0.0, 1e-2),
    "s": (1e-3, 1e12),
}
"""SI unit -> smallest and largest value; zero is excluded where something is divided by it."""
MAY_BE_ZERO = ("Interphase", "Milled")
"""Words with which the names of parameters begin that may be zero although their unit says otherwise."""


def beyond(name: str, value: object) -> str:
    """Return words that say so if a number, or a point of a curve, is impossible; otherwise an empty string.

    Parameters
    ----------
    name : str
        Of the parameter.
    value : float or Curve

    Examples
    --------
    >>> beyond("Electrode area [m2]", 0.0)
    '0.0 is impossible; expected 1e-08 to 10 m2'
    """
    unit = unit_of(name)
    low, high = BOUNDS.get(unit, WIDEST)
    values = (float(value),) if isinstance(value, Real) else getattr(value, "y", ())
    for number in values:
        if low <= number <= high or (number == 0 and name.startswith(MAY_BE_ZERO)):
            continue
        return f"{brief(number)} is impossible; expected {low:g} to {high:g} {unit}"
    return ""
