"""Conversions between SI and the units of a battery lab, each once."""

SECONDS_PER_HOUR = 3600
PA_PER_MPA = 1e6
CM2_PER_M2 = 1e4
"""Also Ohm m2 -> Ohm cm2."""
A_M2_PER_MA_CM2 = 10.0
ZERO_CELSIUS = 273.15


def to_A_m2(current_mA_cm2: float) -> float:
    """Current density [mA cm-2] in A m-2; scalar or array.

    >>> to_A_m2(0.127)
    1.27
    """
    return A_M2_PER_MA_CM2 * current_mA_cm2


def to_mA_cm2(current_A_m2: float) -> float:
    """Current density [A m-2] in mA cm-2; scalar or array.

    >>> to_mA_cm2(1.27)
    0.127
    """
    return current_A_m2 / A_M2_PER_MA_CM2


def to_kelvin(temperature_C: float) -> float:
    """Temperature [degC] in K.

    >>> to_kelvin(25.0)
    298.15
    """
    return temperature_C + ZERO_CELSIUS


def to_celsius(temperature_K: float) -> float:
    """Temperature [K] in degC.

    >>> to_celsius(298.15)
    25.0
    """
    return temperature_K - ZERO_CELSIUS
