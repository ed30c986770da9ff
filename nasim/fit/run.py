"""The fit itself: a design over the ranges if wanted, least squares from the best points, and the answers."""

import hashlib
import math

import numpy as np

from ..errors import ProtocolError
from .arguments import check_data, scales_of
from .estimator import minimise
from .problem import Problem, StopFitError
from .result import FitResult
from .simulated import Cells
from .store import Store

JACOBIANS = ("sensitivities", "differences")
TOLERANCE = 5e-5
"""Relative change of the cost that ends the search: far below one unit of chi-square, above the integrator's noise."""


def fit(
    curves,
    vary,
    start="Yuan2025_NAS",
    *,
    bounds=None,
    priors=None,
    overrides=None,
    explore=0,
    starts=1,
    seed=1,
    iterations=50,
    jacobian="sensitivities",
    workers=1,
    compiled=False,
    checkpoint=None,
    resume=False,
    seconds=math.inf,
    progress=None,
    model=None,
):
    """Fit parameters of a set to measured curves [FitResult].

    Parameters
    ----------
    curves : curve, or sequence of curves (or of lists of them)
        From `nasim.fit.from_measurement`, `from_arrays`, `from_result`, or made as `GCDCurve`, `DQDVCurve`, `FadeCurve`.
    vary : sequence of str
        Names of the parameters to fit.
    start : str, path or ParameterSet
        Where they start; all other values stay.
    bounds : mapping parameter -> (low, high), optional
        Default the range of the set. A range that spans more than a factor of 20 is searched logarithmically.
    priors : mapping parameter -> (mean, standard deviation), optional
        What is known besides the data.
    overrides : mapping parameter -> value, optional
        Values of the start that differ from the set.
    explore : int
        Points of a seeded design (Sobol) over the ranges before the least squares; a power of two is best.
    starts : int
        How many of the best points of the design to go on from.
    seed : int
    iterations : int
        Most steps of the least squares.
    jacobian : str
        "sensitivities" of the integrator, exact through all steps, or central "differences".
    workers : int
        Processes that compute design and differences side by side.
    compiled : bool
        Compile the equations first (some seconds, once a model): three times faster, worth it for long fits.
    checkpoint : path, optional
        File that keeps what was computed.
    resume : bool
        Go on from the checkpoint: the same numbers come out as from a fit that was not stopped.
    seconds : float
        Wall time; the best values until then count.
    progress : callable (dict), optional
        Called after each computation with stage, cost, best_cost, evaluations, jacobians, failed and values; returning
        False stops the fit.
    model : callable (ParameterSet) -> CellModel, optional
        The cell of a set; default `nasim.cell_for`.

    Raises
    ------
    UnknownNameError, ProtocolError, ParameterSetError, DataFileError
        Something given makes no sense.
    SolveError
        The cell does not run with the values of the start.
    """
    from ..parameters import ParameterSet, load

    parameters = start if isinstance(start, ParameterSet) else load(start)
    parameters = parameters.with_overrides(overrides) if overrides else parameters
    data, bounds, priors = check_data(curves), dict(bounds or {}), dict(priors or {})
    scales = scales_of(vary, parameters, bounds | {name: bounds.get(name) for name in priors})
    if jacobian not in JACOBIANS:
        raise ProtocolError(f"fit: jacobian must be one of {', '.join(JACOBIANS)}; '{jacobian}' was given.")
    described = describe(data, parameters, scales, priors, jacobian, explore, starts, seed)
    described["start_file"] = start_file(start)
    store = Store(checkpoint, described, resume)
    pool = None
    if workers > 1:
        from .workers import Workers

        pool = Workers(workers, parameters, data, scales, model, compiled)
    cells = Cells(parameters, vary, data, model, compiled)
    problem = Problem(data, cells, scales, priors, jacobian == JACOBIANS[0], store, pool, progress, float(seconds))
    try:
        finished, message = _search(problem, parameters, explore, starts, seed, iterations)
    finally:
        store.write()
        if pool is not None:
            pool.close()
    return FitResult.of(problem, parameters, finished, message, described)


def start_file(start):
    """Whole path of a start that is a file of the user's, else None."""
    from ..parameters import ParameterSet, available, locate

    if isinstance(start, ParameterSet) or str(start) in available():
        return None
    return str(locate(start).resolve())


def _search(problem, parameters, explore, starts, seed, iterations):
    """Leaves the best point in the problem; whether it converged, and why it ended."""
    scales = problem.scales
    here = np.array([min(max(scales[name].unit(parameters.value(name)), 0.0), 1.0) for name in problem.names])
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
            found = minimise(problem.residuals, points[number], problem.jacobian, 0.0, 1.0, iterations, TOLERANCE)
            if found.cost < best:
                best, ended = found.cost, (found.finished, found.message)
        return ended
    except StopFitError:
        return False, "stopped before it converged"


def _design(problem, number, seed):
    if not number:
        return []
    from scipy.stats import qmc

    return list(qmc.Sobol(len(problem.names), seed=seed).random(number))


def describe(data, parameters, scales, priors, jacobian, explore, starts, seed):
    """What the numbers of a fit depend on, a dict that JSON takes."""
    from ..results.result import versions

    return {
        "start": parameters.name,
        "parameters": hashlib.sha256(repr(sorted(parameters.as_values().items())).encode()).hexdigest(),
        "vary": {name: [scale.low, scale.high] for name, scale in scales.items()},
        "priors": {name: list(prior) for name, prior in priors.items()},
        "data": [
            {"label": each.label, "source": each.source, "hash": fingerprint(each), "file_sha256": each.sha256}
            for each in data
        ],
        "jacobian": jacobian,
        "explore": explore,
        "starts": starts,
        "seed": seed,
        "versions": versions(),
    }


def fingerprint(data):
    """Hash of everything that a curve holds: its numbers, noise, legs and conditions."""
    digest = hashlib.sha256()
    for name, value in sorted(vars(data).items()):
        if name not in ("label", "source"):
            digest.update(name.encode())
            digest.update(value.tobytes() if isinstance(value, np.ndarray) else repr(value).encode())
    return digest.hexdigest()
