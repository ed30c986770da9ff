"""Conversions between SI units, which everything inside works in, and those that a laboratory writes."""

from __future__ import annotations

import math
import re

SECONDS_PER_HOUR = 3600.0
ZERO_CELSIUS = 273.15
"""0 degC [K]."""
PA_PER_MPA = 1e6
CM2_PER_M2 = 1e4
"""Also Ohm cm2 in an Ohm m2."""
A_M2_PER_MA_CM2 = 10.0
C_M2_PER_MAH_CM2 = A_M2_PER_MA_CM2 * SECONDS_PER_HOUR
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
C_RATE = re.compile(rf"(?P<rate>{_NUMBER})? ?C(?: ?/ ?(?P<hours>{_NUMBER}))?")
CurrentDensity = float | str
"""What a user gives as a current density: a number in mA cm-2, or a text such as "0.1C"."""


def to_A_m2(mA_cm2):
    """Current density [A m-2] from one in mA cm-2.

    >>> to_A_m2(0.127)
    1.27
    """
    return mA_cm2 * A_M2_PER_MA_CM2


def to_mA_cm2(A_m2):
    """Current density [mA cm-2] from one in A m-2.

    >>> to_mA_cm2(1.27)
    0.127
    """
    return A_m2 / A_M2_PER_MA_CM2


def as_c_rate(given) -> float | None:
    """C-rate that a text such as "0.1C" states [h-1], None where it states none.

    >>> as_c_rate("0.1C"), as_c_rate("C/5"), as_c_rate(0.127)
    (0.1, 0.2, None)
    """
    match = C_RATE.fullmatch(given.strip()) if isinstance(given, str) else None
    if match is None:
        return None
    hours = float(match["hours"] or 1.0)
    return float(match["rate"] or 1.0) / hours if hours else math.inf


def current_density(given: CurrentDensity, one_C: float) -> float:
    """Current density [A m-2] of what a user gave, mA cm-2 or a C-rate; `one_C` is that of 1C [A m-2].

    >>> current_density(0.127, 8.2), current_density("C/2", 8.2)
    (1.27, 4.1)
    """
    rate = as_c_rate(given)
    return to_A_m2(float(given)) if rate is None else rate * one_C


def to_C_m2(mAh_cm2):
    """Charge per area [C m-2] from one in mAh cm-2.

    >>> to_C_m2(1.0)
    36000.0
    """
    return mAh_cm2 * C_M2_PER_MAH_CM2


def to_mAh_cm2(C_m2):
    """Charge per area [mAh cm-2] from one in C m-2.

    >>> to_mAh_cm2(36000.0)
    1.0
    """
    return C_m2 / C_M2_PER_MAH_CM2


def to_kelvin(celsius):
    """Temperature [K] from one in degC.

    >>> to_kelvin(60.0)
    333.15
    """
    return celsius + ZERO_CELSIUS


def to_celsius(kelvin):
    """Temperature [degC] from one in K.

    >>> to_celsius(273.15)
    0.0
    """
    return kelvin - ZERO_CELSIUS
