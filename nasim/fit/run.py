"""The fit: a design over the ranges if wanted, least squares from the best points, and the result."""

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from ..analysis.least_squares import StopSearchError, minimise
from ..checks import require_kind, require_whole
from ..errors import ProtocolError
from ..models.compose import CellModel
from ..parameters import ParameterSet, available, load, locate
from ..processes import checked_number
from ..progress import reporting
from ..scale import Scale, units_of
from .arguments import check_data, prior_of, scales_of
from .data import Data
from .problem import Problem
from .result import FitResult
from .simulated import Cells
from .store import Store

JACOBIANS = ("sensitivities", "differences")
MOST_EXPLORED = 1_000_000
"""Points of the design."""
TOLERANCE = 5e-5
"""Relative change of the cost that ends the search: far below one unit of chi-square, above the integrator's noise."""

PULL = 1e-6
"""Pull towards the start, in standard deviations over the range: holds parameters that the data tell nothing of."""


def fit(
    curves: Data | Iterable,
    vary: Sequence[str],
    start: str | os.PathLike | ParameterSet = "Yuan2025_NAS",
    *,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    priors: Mapping[str, tuple[float, float]] | None = None,
    overrides: Mapping[str, float] | Sequence[str] | None = None,
    explore: int | None = None,
    starts: int = 1,
    seed: int = 1,
    iterations: int = 50,
    jacobian: str = "sensitivities",
    workers: int = 1,
    compiled: bool = False,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    seconds: float = math.inf,
    progress: Callable[[dict], object] | bool | None = None,
    model: Callable[[ParameterSet], CellModel] | None = None,
) -> FitResult:
    """Fit parameters of a set to measured curves.

    Parameters
    ----------
    curves : curve, or sequence of curves (or of lists of them)
        From `nasim.fit.from_measurement`, `from_arrays`, `from_result`, or made as `GCDCurve`, `DQDVCurve`, `FadeCurve`,
        `ImpedanceCurve`, `CVCurve`.
    vary : sequence of str
        Names of the parameters to fit.
    start : str, path or ParameterSet
        Where they start; all other values stay.
    bounds : mapping parameter -> (low, high), optional
        SI units; default the range of the set. A range that spans more than a factor of 20 is searched logarithmically.
    priors : mapping parameter -> (mean, standard deviation), optional
        Knowledge besides the data, SI units.
    overrides : mapping parameter -> value, or sequence of "NAME=VALUE", optional
        Values of the start that differ from the set, SI units.
    explore : int
        Points of a seeded design (Sobol) over the ranges before the least squares; a power of two is best. Default none
        for one start, else four or more for each.
    starts : int
        How many of the best points of the design to go on from. More than one tell whether there is another minimum
        (`FitResult.minima`).
    seed : int
        Of the design.
    iterations : int
        Most steps of the least squares.
    jacobian : str
        "sensitivities", from runs repeated on the same steps of the integrator with values changed by a millionth of their
        range, or central "differences" of separate runs. Where a cell does not run by RODAS4 both are the latter.
    workers : int
        Processes that compute design and differences side by side.
    compiled : bool
        Compile the equations first (some seconds, once a model): a run of a cycle is 1.4 times faster, worth it for long fits.
    checkpoint : path, optional
        File that keeps all computed points.
    resume : bool
        Go on from the checkpoint: the same numbers come out as from a fit that was not stopped.
    seconds : float
        Wall time [s]; the best values until then count.
    progress : bool or callable (dict), optional
        True for a bar, in a terminal or a notebook; or what is called after each computation with stage, cost, best_cost, evaluations, jacobians, failed and values; returning
        False stops the fit.
    model : callable (ParameterSet) -> CellModel, optional
        Composes the cell of a set; default `nasim.cell_for`.

    Returns
    -------
    FitResult
        Values, standard errors, intervals, and which combinations the data do not determine.

    Raises
    ------
    UnknownNameError, ProtocolError, ParameterSetError, DataFileError
        An argument makes no sense, or the checkpoint belongs to another fit.
    SolveError
        The cell does not run with the values of the start.
    """
    parameters = start if isinstance(start, ParameterSet) else load(start)
    parameters = parameters.with_overrides(overrides) if overrides else parameters
    for name, given in (("bounds", bounds), ("priors", priors)):
        require_kind("fit", name, given, Mapping | None, "a mapping of parameter to two numbers")
    data, limits, priors = check_data(curves), dict(bounds or {}), dict(priors or {})
    scales = scales_of(vary, parameters, limits | {name: limits.get(name) for name in priors})
    for name, prior in priors.items():
        prior_of(name, scales[name], prior)
    for name, value, least in (("starts", starts, 1), ("seed", seed, 0), ("iterations", iterations, 1)):
        require_whole("fit", name, value, least)
    first = explore if explore is not None else 0 if starts == 1 else int(2 ** math.ceil(math.log2(4 * starts)))
    require_whole("fit", "explore", first, 0, MOST_EXPLORED)
    if jacobian not in JACOBIANS:
        raise ProtocolError(f"fit: jacobian must be one of {', '.join(JACOBIANS)}; '{jacobian}' was given.")
    described = describe(data, parameters, scales, priors, jacobian, first, starts, seed)
    described["start_file"] = start_file(start)
    store = Store(checkpoint, described, resume)
    pool = None
    if checked_number("fit", workers) > 1:
        from .workers import Workers

        pool = Workers(workers, parameters, data, scales, model, compiled)
    cells = Cells(parameters, vary, data, model, compiled)
    with reporting("fit", progress, "computations", None, lambda known: known["evaluations"]) as report:
        problem = Problem(data, cells, scales, priors, jacobian == JACOBIANS[0], store, pool, report, float(seconds))
        finished, message = _searched(problem, (parameters, first, starts, seed, iterations), store, pool)
    return FitResult.of(problem, parameters, finished, message, described)


def _searched(problem, options, store, pool):
    """Whether the search converged and why it ended; what it computed is stored and the pool closed, however it ends."""
    try:
        return search(problem, *options)
    finally:
        store.write()
        if pool is not None:
            pool.close()
            problem.pool = None


def start_file(start: str | os.PathLike | ParameterSet) -> str | None:
    """Return the whole path of a start that is a file of the user's, else None."""
    if isinstance(start, ParameterSet) or str(start) in available():
        return None
    return str(locate(start).resolve())


def search(
    problem: Problem, parameters: ParameterSet, explore: int, starts: int, seed: int, iterations: int
) -> tuple[bool, str]:
    """Leave the best point in the problem; returns whether the search converged, and why it ended."""
    here = np.array(units_of(problem.scales, parameters.as_values()))
    try:
        points = [here, *_design(problem, explore, seed)]
        problem.stage = "design" if explore else "start"
        if problem.pool is not None and explore:
            problem.residuals(here)
            problem.prepare(points[1:])
        costs = [0.5 * float(np.sum(problem.residuals(units) ** 2)) for units in points]
        best, ended = math.inf, (False, "")
        for number in np.argsort(costs)[:starts]:
            problem.stage = "least squares"
            begin, slopes = points[number], problem.jacobian
            optimum = minimise(problem.residuals, begin, slopes, 0.0, 1.0, iterations, TOLERANCE, pull=PULL)
            problem.ends.append(optimum)
            if optimum.cost < best:
                best, ended = optimum.cost, (optimum.finished, optimum.message)
        return ended
    except StopSearchError:
        return False, "stopped before it converged"


def _design(problem: Problem, number: int, seed: int) -> list[np.ndarray]:
    """Return `number` points of a Sobol sequence."""
    if not number:
        return []
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(problem.names), seed=seed)  # pyright: ignore[reportCallIssue]
    return list(sequence.random(number))


def describe(
    data: Sequence[Data],
    parameters: ParameterSet,
    scales: Mapping[str, Scale],
    priors: Mapping[str, tuple[float, float]],
    jacobian: str,
    explore: int,
    starts: int,
    seed: int,
) -> dict:
    """Return all that the numbers of a fit depend on as a dict that JSON takes; arguments as of `fit`."""
    from ..results.installed import computed_with

    return {
        "start": parameters.name,
        "parameters": hashlib.sha256(repr(sorted(parameters.as_values().items())).encode()).hexdigest(),
        "vary": {name: [scale.low, scale.high] for name, scale in scales.items()},
        "priors": {name: list(prior) for name, prior in priors.items()},
        "data": [
            {"label": item.label, "source": item.source, "hash": fingerprint(item), "file_sha256": item.sha256}
            for item in data
        ],
        "jacobian": jacobian,
        "explore": explore,
        "starts": starts,
        "seed": seed,
        "versions": computed_with(),
    }


def fingerprint(data: Data) -> str:
    """Return the hash of everything that a curve holds: its numbers, noise, legs and conditions."""
    digest = hashlib.sha256()
    for name, value in sorted(vars(data).items()):
        if name not in ("label", "source"):
            digest.update(name.encode())
            digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return digest.hexdigest()
