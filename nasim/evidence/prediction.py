"""``nasim.predict``: the band of any number of an experiment, and which parameter it hangs on.

The experiment is run at the values of the set and at draws of what the set does not know (`uncertain`). A band holds the middle
90 % of what the draws give; what a number hangs on is told by rank correlations (`ranks`).
"""

import math
import os
from collections.abc import Callable
from dataclasses import replace

from ..analysis.draws import SHARE
from ..checks import require_whole
from ..conditions import Overrides
from ..errors import ProtocolError
from ..experiments.protocol import Protocol
from ..parameters import ParameterSet, load
from ..parameters.parameter_set import pairs
from ..processes import checked_number
from ..sweep.run import sweep
from .bands import SEED
from .headlines import headlines
from .predicted import Prediction
from .ranks import FEWEST
from .record import load_record
from .uncertain import uncertain

DRAWS, MOST_DRAWS = 64, 100_000


def predict(
    experiment: Protocol,
    parameters: str | os.PathLike | ParameterSet | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    stack_pressure_MPa: float | None = None,
    temperature_C: float | None = None,
    overrides: Overrides = None,
    ranges: bool = True,
    jobs: int = 1,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    progress: Callable[[int, int], object] | bool | None = None,
) -> Prediction:
    """Say within what band the numbers of an experiment lie, and which parameter they hang on.

    Parameters
    ----------
    experiment : Protocol
        Such as nasim.GCD(cycles=2).
    parameters : str, path or ParameterSet, optional
    draws, seed : int
    stack_pressure_MPa, temperature_C, overrides
        As for the experiment's `run`; what is overridden is known and not drawn.
    ranges : bool
        Whether values that the calibration does not cover are drawn from their ranges; otherwise they are known.
    jobs : int
        Processes.
    checkpoint : path, optional
        File to which each draw is written as it finishes.
    resume : bool
        Compute only what the checkpoint does not hold.
    progress : bool or callable (draws done, draws in all), optional
        True for a bar, in a terminal or a notebook; by default only where the standard error is a terminal.

    Returns
    -------
    Prediction

    Raises
    ------
    ProtocolError, ParameterSetError, UnknownNameError
        Something given makes no sense.
    SolveError
        No draw could be computed.

    Examples
    --------
    >>> import nasim
    >>> found = nasim.predict(nasim.GCD(cycles=1, keep=()), draws=8, progress=False)
    >>> len(found.drawn), found.headline, found.failed
    (8, 'first discharge capacity [mAh.g-1]', 0)
    """
    if not isinstance(experiment, Protocol):
        raise ProtocolError(f"predict: expected an experiment such as nasim.GCD(cycles=2); {experiment!r} was given.")
    require_whole("predict", "the number of draws", draws, FEWEST, MOST_DRAWS)
    require_whole("predict", "seed", seed, 0)
    checked_number("predict", jobs)
    experiment.check()
    given = experiment.parameter_set if parameters is None else parameters
    given = given if isinstance(given, ParameterSet) else load(given)
    known = dict(pairs(overrides)) if overrides else {}
    given = given.with_overrides(known) if known else given
    used, mesh = _of_the_model(given)
    told = uncertain(given, load_record(), {*known, *mesh, *(set(given.entries) - used)})
    told = told if ranges else replace(told, ranged={})
    if not told.names:
        raise ProtocolError(f"predict: nothing of set '{given.name}' can be drawn; it has no value of the calibration.")
    left_out = [name for name in uncertain(given, None, set(given.entries) - mesh).names if name not in known]
    points = told.draws(given, draws, seed)
    at_set = {name: given.value(name) for name in points[0]}
    outcome = sweep(
        experiment,
        [at_set, *points],
        parameters=given,
        stack_pressure_MPa=stack_pressure_MPa,
        temperature_C=temperature_C,
        executor=jobs,
        read=headlines,
        checkpoint=checkpoint,
        resume=resume,
        progress=progress,
    )
    return _prediction(outcome, told, seed, left_out)


def _prediction(outcome, told, seed, left_out):
    """The prediction of a sweep whose first point has the values of the set."""
    table = outcome.table
    centre = table.iloc[0]
    if centre["reason"]:
        raise ProtocolError(f"predict: at the values of the set it cannot be computed: {centre['reason']}")
    numbers = [name for name in table if name.endswith("]") or name.split(" ")[0] in ("first", "last", "largest")]
    numbers = [name for name in numbers if name not in outcome.names]
    at_set = {name: float(centre[name]) for name in numbers if not math.isnan(centre[name])}
    drawn = table.iloc[1:].reset_index(drop=True)
    kept = [*outcome.names, *(name for name in numbers if name in drawn), "reason"]
    shared = ("experiment", "settings", "parameter_set", "conditions", "versions", "wall_time_s")
    record = {key: outcome.record[key] for key in shared} | {"seed": seed, "draws": len(drawn), "share": SHARE}
    record |= {"from_calibration": len(told.fitted), "from_ranges": len(told.ranged), "left_out": left_out}
    return Prediction(drawn[kept], at_set, told.names, record)


def _of_the_model(parameters):
    """Names of the parameters that the cell of a set has, and of those that shape its mesh."""
    from ..engine.built_cell import mesh_parameters
    from ..models.build import cell_for

    model = cell_for(parameters)
    return {parameter.name for parameter in model.parameters}, mesh_parameters(model)
