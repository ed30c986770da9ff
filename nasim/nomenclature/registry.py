"""The list of all parameters, and what a name tells: its unit, the loss of a resistance."""

import re

PARAMETERS: dict[str, str] = {}
"""Name -> one-line meaning of every parameter that a set may hold. Filled by `parameter` as names are made."""


def parameter(name, meaning):
    """Enter a parameter; returns its name."""
    PARAMETERS[name] = meaning
    return name


def unit_of(name):
    """The unit between the brackets of a name, "-" where there is none.

    >>> unit_of("Separator thickness [m]"), unit_of("Sulfur mass fraction")
    ('m', '-')
    """
    match = re.search(r"\[([^\[\]]+)\]\s*$", name)
    return match.group(1) if match else "-"


def loss_of(resistance):
    """Name of the voltage loss [V] over a series resistance.

    >>> loss_of("Separator resistance [Ohm.m2]")
    'Separator voltage loss [V]'
    """
    return resistance.replace("resistance [Ohm.m2]", "voltage loss [V]")
