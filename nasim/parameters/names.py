"""Why a name is no parameter."""

import re

from ..errors import nearest
from ..nomenclature import PARAMETERS, unit_of


def unknown(name, known):
    """Why `name` is no parameter and what is meant: another unit of a known one, or a similar name."""
    for candidate in PARAMETERS:
        if unit_of(name) != unit_of(candidate) and _without_unit(name) == _without_unit(candidate):
            units = f"has the unit [{unit_of(name)}], expected [{unit_of(candidate)}]"
            return f"{units}: write '{candidate}' and give the value in that unit."
    return f"is not a parameter of nasim. {nearest(name, known)}".strip()


def _without_unit(name):
    return re.sub(r"\s*\[[^\[\]]*\]\s*$", "", name).lower()
