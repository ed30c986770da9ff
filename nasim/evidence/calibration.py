"""Calibration of a parameter set to the published numbers, in stages; the shipped values were written by it.

`calibrate` goes through the stages of `stages`, fits the parameters of each to its rows of `nasim.evidence.published`
(`estimate`) on cells that are built once (`bench`), and writes values, standard errors, row ids and the table
``[calibration]`` into the set's file (`rewrite`) after every stage, so that an interrupted calibration has lost one
stage at most.
"""

import json
import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import DataFileError, UnknownNameError, nearest
from ..files import write_text

if TYPE_CHECKING:
    from .bench import Bench
    from .stages import Stage

__all__ = ["calibrate", "stages_named"]

START = "Yuan2025_NAS"


def stages_named(names: Sequence[str] | None = None, parameter_set: str = START) -> "list[Stage]":
    """Return the stages of these names, "joint" among them.

    Parameters
    ----------
    names : sequence of str, optional
        Default all of the set, the joint one before the fade.
    parameter_set : str
        Name of the set.

    Raises
    ------
    UnknownNameError
        There is no stage of that name.
    """
    from .stages import FADE, OWN, STAGES, joint

    known = {stage.name: stage for stage in OWN.get(parameter_set, (*STAGES[:-1], joint(), FADE))}
    for name in (name for name in names or () if name not in known):
        raise UnknownNameError(f"Calibration: there is no stage '{name}'. {nearest(name, known)}".strip())
    return [known[name] for name in names or known]


def calibrate(
    parameter_set: str | os.PathLike = START,
    stages: Sequence[str] | None = None,
    *,
    seconds: float = math.inf,
    explore_seconds: float = 0.0,
    seed: int = 1,
    iterations: int = 8,
    checkpoint: str | os.PathLike | None = None,
    write: bool = True,
    progress: Callable[[str, dict], object] | None = None,
    bench: "Bench | None" = None,
) -> dict[str, dict]:
    """Calibrate the fitted parameters of a set to the published rows.

    Parameters
    ----------
    parameter_set : str
        A shipped set, or the path of a file. Cells of other sets that rows name take the same values.
    stages : sequence of str, optional
        Which stages, in this order; see `stages_named`.
    seconds : float
        Wall time [s] that a stage may take; the best values until then count.
    explore_seconds : float
        Wall time [s] of a global search (differential evolution, `seed`) before the first stage.
    seed : int
        Of the global search.
    iterations : int
        Most least-squares steps a stage.
    checkpoint : path, optional
        File that keeps which stages are done; an existing one is gone on from.
    write : bool
        Whether the set's file is rewritten after each stage.
    progress : callable (stage name, dict), optional
        Called after each stage with its entry of the result.
    bench : Bench, optional
        Computes the rows; default the cells of nasim.

    Returns
    -------
    dict
        Stage -> cost, values and standard errors [SI units], rows that determine each parameter, evaluations.

    Raises
    ------
    UnknownNameError, ParameterSetError
        There is no such set, stage or row.
    DataFileError
        The checkpoint cannot be read.
    """
    from ..parameters import load, locate
    from .stages import with_tied

    path = locate(parameter_set)
    done = _read(checkpoint)
    for number, stage in enumerate(stages_named(stages, path.stem)):
        if stage.name in done:
            continue
        explore = explore_seconds if number == 0 else 0.0
        fitted = {name: value for earlier in done.values() for name, value in earlier["values"].items()}
        parameters = load(path).with_overrides(with_tied(fitted))
        done[stage.name] = _stage(stage, parameters, bench, seconds, explore, seed, iterations)
        if write:
            _write(path, stage, done, seed)
        if checkpoint is not None:
            write_text(checkpoint, json.dumps(done, indent=1))
        if progress:
            progress(stage.name, done[stage.name])
    return done


def _read(checkpoint: str | os.PathLike | None) -> dict[str, dict]:
    """Return the stages that an earlier, interrupted calibration has finished."""
    if checkpoint is None or not Path(checkpoint).exists():
        return {}
    try:
        return dict(json.loads(Path(checkpoint).read_text(encoding="utf-8")))
    except ValueError as error:
        raise DataFileError(f"Checkpoint '{checkpoint}' cannot be read: {error}. Delete it to begin anew.") from None


def _stage(stage, parameters, bench, seconds, explore, seed, iterations):
    from ..scale import Scale
    from .bench import Bench
    from .estimate import Problem

    bench = bench or Bench(stage.parameters, lambda name: _sharing(name, parameters))
    start = {name: parameters.value(name) for name in stage.parameters}
    scales = {name: Scale(*parameters.entries[name].range) for name in stage.parameters}
    problem = Problem(lambda values: bench.findings(stage.rows, values).values(), start, scales, seconds)
    if explore:
        problem.explore(explore, seed)
    estimate = problem.solve(iterations)
    return {
        "cost": estimate.cost,
        "parameters": len(stage.parameters),
        "numbers": stage.numbers,
        "evaluations": estimate.evaluations,
        "finished": estimate.finished,
        "rows": list(stage.rows),
        "values": estimate.values,
        "errors": estimate.errors,
        "rows_of": estimate.rows,
    }


def _sharing(name, parameters):
    """Return the set that a row names; one that extends the calibrated set is read beside it and shares its file."""
    from ..parameters import load

    return parameters if name == parameters.name else load(name)


def _write(path, stage, done, seed):
    """Write values of one stage and the table of all stages so far into the set's file; tables of other stages stay."""
    from ..parameters import load
    from ..parameters.rewrite import write
    from .stages import TIED, with_tied

    result = done[stage.name]
    entries = {}
    for name, value in result["values"].items():
        known = {
            "standard_error": result["errors"].get(name),
            "fitted_to": result["rows_of"].get(name) or list(stage.rows),
        }
        entries[name] = {"value": value, "kind": "fitted", **known}
    entries |= {tied: {"value": value} for tied, value in with_tied(result["values"]).items() if tied in TIED}
    kept = ("cost", "parameters", "numbers", "evaluations", "finished", "rows")
    table = {"target": "Yuan2025", "seed": seed, "method": "least squares on (computed - published)/tolerance"}
    table |= {name: earlier for name, earlier in load(path).calibration.items() if isinstance(earlier, dict)}
    table |= {name: {key: outcome[key] for key in kept} for name, outcome in done.items()}
    write(path, entries, table)
