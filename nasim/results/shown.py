"""How the figures of results are handed over: stamped with where the result stands, and not written out by a notebook."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from ..notebook import unechoed

if TYPE_CHECKING:
    from .result import Result

STANDS = "nasim.evidence.validity:validity"
"""What says where a result stands beside published data, "module:function" as in `nasim.protocols`, since it lies above."""
NEEDED = ("parameters", "conditions", "parameter_set", "experiment")
"""Entries of a record without which nobody can say it."""


def standing(result: "Result") -> Any:
    """Return where a result stands beside published data (`nasim.validity`); None where its record does not tell."""
    if not all(name in result.record for name in NEEDED):
        return None
    module, name = STANDS.split(":")
    return getattr(import_module(module), name)(result)


def shown(plot: Callable) -> Callable:
    """Make a method of a result that draws stamp the figure that it makes, not one that it was handed axes of."""

    @wraps(plot)
    def drawn(result, *args, **options):
        from matplotlib import pyplot

        before = pyplot.get_fignums()
        axes = plot(result, *args, **options)
        figure = np.ravel(axes)[0].figure
        if getattr(figure, "number", None) not in (None, *before):
            _stamp(figure, standing(result))
        return unechoed(axes)

    return drawn


def _stamp(figure, stands):
    from ..plot.style import stamp

    if stands is not None:
        stamp(figure, str(stands))
