"""Published numbers, how each is read off a run, and what follows: calibration, scorecard, sensitivity.

>>> from nasim import evidence
>>> [row.id for row in evidence.rows(quantity="charge_over_discharge", stack_pressure_MPa=[125, 20])]
['P125-ICE', 'P20-ICE']
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calibration import calibrate
    from .comparison import scorecard
    from .published import Finding, computed, marks, marks_of
    from .row import Row, rows
    from .sensitivity import ledger
    from .table import Scorecard

_WHERE = {
    "Finding": "published",
    "Row": "row",
    "Scorecard": "table",
    "calibrate": "calibration",
    "computed": "published",
    "ledger": "sensitivity",
    "marks": "published",
    "marks_of": "published",
    "rows": "row",
    "scorecard": "comparison",
}
__all__ = [
    "Finding",
    "Row",
    "Scorecard",
    "calibrate",
    "computed",
    "ledger",
    "marks",
    "marks_of",
    "rows",
    "scorecard",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
