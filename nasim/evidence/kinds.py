"""What a published row can prove, decided by rule from the provenance of the parameters, never by hand.

=============  =============================================================================================================
kind           a row is of this kind if
=============  =============================================================================================================
`OTHER`        it stands in another file than that of the publication whose cell the shipped sets describe
`INPUT`        its column `set_up` says what contains it: a mass, an initial state, the sign of an equation
`CALIBRATED`   `fitted_to` of any value of any shipped set names it, of assumed values that were placed with the row in
               view as well as of fitted ones, or a stage of any ``[calibration]`` does, or either names the same number
               under another id
`PREDICTED`    none of these
=============  =============================================================================================================

Only predicted rows say how much the model knows; the others are counted beside them, never with them.
"""

import functools
from collections.abc import Iterable, Mapping

from ..parameters import ParameterSet, available, load
from .row import PAPER, Row, rows

PREDICTED, CALIBRATED, INPUT, OTHER = "predicted", "calibrated", "input", "other cells"
KINDS = (PREDICTED, CALIBRATED, INPUT, OTHER)
"""In the order in which they are shown."""


def uses(sets: Iterable[ParameterSet]) -> dict[str, list[str]]:
    """Return the rows that parameter sets were fitted to, by id, and what was fitted: parameters, stages of a calibration.

    Parameters
    ----------
    sets : iterable of ParameterSet
    """
    found: dict[str, dict[str, None]] = {}
    for each in sets:
        for name, entry in each.entries.items():
            for id in entry.fitted_to:
                found.setdefault(id, {})[name] = None
        for stage, record in each.calibration.items():
            for id in record.get("rows", ()) if isinstance(record, Mapping) else ():
                found.setdefault(id, {})[f"[calibration.{stage}]"] = None
    return {id: list(names) for id, names in found.items()}


@functools.cache
def _shipped_uses() -> Mapping[str, list[str]]:
    return uses(load(name) for name in available())


def kinds(*ids: str, sets: Iterable[ParameterSet] | None = None) -> dict[str, str]:
    """Return the kind of published rows, by id.

    Parameters
    ----------
    *ids : str
        Ids of rows; default all.
    sets : iterable of ParameterSet, optional
        Whose provenance decides; default all shipped sets.

    Raises
    ------
    UnknownNameError
        There is no such row.

    Examples
    --------
    >>> kinds("NAS-D1", "RATE-0.82", "LOAD")
    {'NAS-D1': 'calibrated', 'RATE-0.82': 'predicted', 'LOAD': 'input'}
    """
    used = set(_shipped_uses() if sets is None else uses(sets))
    numbers = {_number(row) for row in rows() if row.id in used}
    return {row.id: _kind(row, used, numbers) for row in rows(*ids)}


def _kind(row: Row, used: set[str], numbers: set[tuple]) -> str:
    if row.paper != PAPER:
        return OTHER
    if row.set_up:
        return INPUT
    return CALIBRATED if row.id in used or _number(row) in numbers else PREDICTED


def _number(row: Row) -> tuple:
    """Return what makes a published number this number: cell, protocol, conditions, cycle, quantity, value."""
    conditions = (row.temperature_C, row.stack_pressure_MPa, row.current_mA_cm2, row.window_V, row.cycles)
    return (row.paper, row.set, row.experiment, *conditions, row.quantity, row.values)
