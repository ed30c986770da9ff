"""What is said where PyBaMM wants to set a state of charge: it knows the electrodes of lithium-ion cells only."""

from typing import NoReturn

from .. import nomenclature as nm
from ..errors import ParameterSetError

INSTEAD = (
    f"PyBaMM computes a state of charge from the electrodes of a lithium-ion cell, which a nasim cell has not. Give the fresh "
    f"cell another '{nm.INITIAL_POTENTIAL}' (V against Na/Na+), or begin where a run ended: "
    f"model.set_initial_conditions_from(solution, inplace=False). nasim.EIS(states_of_charge=...) takes spectra along a charge."
)
"""What to do instead."""


def refuse(*given: object, **options: object) -> NoReturn:
    """Refuse to set a state of charge, and say what to do instead.

    Raises
    ------
    ParameterSetError
        Always.
    """
    raise ParameterSetError(INSTEAD)
