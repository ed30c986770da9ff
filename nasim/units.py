"""Conversions between SI units, which everything inside works in, and those that a laboratory writes."""

from __future__ import annotations

SECONDS_PER_HOUR = 3600.0
ZERO_CELSIUS = 273.15
"""0 degC [K]."""
PA_PER_MPA = 1e6
CM2_PER_M2 = 1e4
"""Also Ohm cm2 in an Ohm m2."""
A_M2_PER_MA_CM2 = 10.0
C_M2_PER_MAH_CM2 = A_M2_PER_MA_CM2 * SECONDS_PER_HOUR


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
