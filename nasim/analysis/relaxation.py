r"""Distribution of relaxation times of a spectrum, its smoothness and its number of peaks chosen from the data.

**Distribution** gamma >= 0 [Ohm cm2] over tau [s]. Each point of a grid in tau carries a depressed arc (Cole and Cole, J.
Chem. Phys. 9 (1941) 341) of one exponent n, which is an RC element for n = 1,

.. math::
   Z = R_0 + j\omega L + \sum_k \frac{R_k}{1 + (j\omega\tau_k)^n}, \qquad
   \gamma(\ln\tau) = \sum_k \frac{R_k}{2\pi} \frac{\sin(1-n)\pi}{\cosh(n\ln\tau/\tau_k) - \cos(1-n)\pi}

and the :math:`R_k \ge 0` follow from least squares with the penalty :math:`\lambda^2\|R''\|^2` (ridge). RC elements alone
describe the flanks of a depressed arc by arcs beside it, which are not there.

**Choice.** The exponent and the ridge come from cross-validation: a fifth of the frequencies at a time is left out and
predicted. Taken is the broadest kernel, and with it the largest ridge, whose error of prediction lies within one standard
error of the least (Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 7.10), or below `KNOWN`.

**Peaks.** The tops of gamma start a fit of as many arcs, each with an exponent of its own. The smallest is dropped (one
that left the measured range before all others), and the rest fitted again, until none is left; of all these descriptions
the one counts that has the least Bayesian information criterion (Schwarz, Ann. Stat. 6 (1978) 461).
"""

from dataclasses import dataclass, field

import numpy as np

from ..checks import require_within
from .circuit_fit import fit_circuit
from .circuits import checked, names_of
from .impedance import plain_columns, weighted
from .smoothing import tops

PER_DECADE = 20
"""Time constants for each decade of a distribution; half as many while its smoothness is chosen."""
BEYOND = 1.0
"""Decades by which a distribution reaches beyond the measured frequencies."""
LEAST_PEAK = 1e-2
"""Height of a top of the distribution that starts an arc, relative to the highest."""
MOST_ARCS = 8
RIDGES = np.logspace(-4, 0.5, 8)
EXPONENTS = (1.0, 0.95, 0.9, 0.85, 0.8, 0.7)
FOLDS = 5
SEARCH = {"tolerance": 1e-7, "most": 60}
"""End of a fit of arcs, of which only the residual is compared."""
KNOWN = 1e-3
"""Relative error of Z below which two descriptions count as equal: no spectrum is known better."""


@dataclass(frozen=True)
class Relaxation:
    """Distribution of relaxation times: `gamma` [Ohm cm2] over `tau` [s], what stays in series, and its residual."""

    tau: np.ndarray
    gamma: np.ndarray
    resistance: float
    """R_0 [Ohm cm2]."""
    inductance: float
    """L [H cm2]."""
    elastance: float
    """1/C [cm2 F-1] of a capacitance in series; 0 unless it was asked for."""
    residual: float
    """Root mean square, relative to :math:`|Z|`."""
    ridge: float
    """lambda, as given or chosen."""
    exponent: float
    """n of the kernel, as given or chosen."""
    frequency: np.ndarray = field(repr=False)
    impedance: np.ndarray = field(repr=False)
    """The spectrum itself [Hz, Ohm cm2]."""

    def peaks(self) -> list[tuple[float, float]]:
        """Return (frequency [Hz], resistance [Ohm cm2]) of each arc that the data ask for, highest frequency first."""
        arcs = sorted(_arcs(self), key=lambda arc: arc[1])
        return [(float(1 / (2 * np.pi * tau)), float(R)) for R, tau, _ in arcs]


def relaxation_times(frequency, Z, ridge=None, blocking=False, exponent=None) -> Relaxation:
    """Return the distribution of relaxation times of a spectrum.

    Parameters
    ----------
    frequency, Z : array_like of shape (n,)
        Hz and Ohm cm2.
    ridge : float, optional
        lambda: larger is smoother. Default chosen by cross-validation.
    blocking : bool
        Whether a capacitance stands in series, as with electrodes that block.
    exponent : float, optional
        n of the kernel, at most 1. Default chosen by cross-validation, or 1 where a ridge is given.

    Raises
    ------
    DataFileError
        The spectrum is none or has fewer than five points.
    ProtocolError
        `ridge` is not above zero, or `exponent` not from 0.1 to 1.

    Examples
    --------
    >>> f = np.geomspace(1e5, 0.1, 61)
    >>> found = relaxation_times(f, 10 + 20 / (1 + (2j * np.pi * f * 1e-3) ** 0.8))
    >>> [(round(hertz), round(ohm)) for hertz, ohm in found.peaks()]
    [(159, 20)]
    """
    frequency, Z = checked(frequency, Z, 5)
    if ridge is not None:
        ridge = require_within("relaxation_times", "ridge", ridge, "", (1e-300, 1e300))
    if exponent is not None:
        exponent = require_within("relaxation_times", "exponent", exponent, "", (0.1, 1.0))
    if ridge is None:
        exponent, ridge = _chosen(frequency, Z, blocking, EXPONENTS if exponent is None else (exponent,))
    exponent = 1.0 if exponent is None else float(exponent)
    matrix, right, penalty, tau = _equations(frequency, Z, blocking, exponent)
    found = _solve(matrix, right, ridge * penalty)
    rms = float(np.sqrt(np.mean((matrix @ found - right) ** 2)))
    resistance, inductance, elastance = found[:3].tolist()
    gamma = _kernel(tau, exponent) @ found[3:]
    return Relaxation(tau, gamma, resistance, inductance, elastance, rms, float(ridge), exponent, frequency, Z)


def _equations(frequency, Z, blocking, exponent, per_decade=PER_DECADE):
    """Return matrix, right side and penalty (for lambda = 1) of the linear equations, and the grid of tau."""
    omega = 2 * np.pi * frequency
    low, high = np.log10(1 / omega.max()) - BEYOND, np.log10(1 / omega.min()) + BEYOND
    tau = np.logspace(low, high, int(np.ceil((high - low) * per_decade)) + 1)
    step = np.log(tau[1] / tau[0])
    series = np.column_stack([plain_columns(omega), blocking / (1j * omega)])
    basis = np.column_stack([series, step / (1 + (1j * np.outer(omega, tau)) ** exponent)])
    matrix, right = weighted(basis, Z)
    bend = np.diff(np.eye(len(tau)), 2, axis=0) / np.median(abs(Z)) / step**1.5
    return matrix, right, np.hstack([np.zeros((len(bend), 3)), bend]), tau


def _solve(matrix, right, penalty):
    """Return the least squares with coefficients of at least zero."""
    from scipy.optimize import nnls

    both = np.vstack([matrix, penalty])
    scale = np.linalg.norm(both, axis=0)
    scale[scale == 0] = 1.0
    return nnls(both / scale, np.concatenate([right, np.zeros(len(penalty))]))[0] / scale


def _kernel(tau, exponent):
    """Return gamma of an arc of unit density at each tau, at each tau, shape (n, n)."""
    if exponent >= 1:
        return np.eye(len(tau))
    apart, turn = np.log(tau[:, None] / tau), (1 - exponent) * np.pi
    return np.log(tau[1] / tau[0]) * np.sin(turn) / (2 * np.pi) / (np.cosh(exponent * apart) - np.cos(turn))


def _chosen(frequency, Z, blocking, exponents):
    """Return exponent and ridge by cross-validation."""
    fold = np.tile(np.arange(len(frequency)) % FOLDS, 2)
    errors = np.array([_predicted(_equations(frequency, Z, blocking, n, PER_DECADE // 2), fold) for n in exponents])
    mean, error = errors.mean(axis=-1), errors.std(axis=-1, ddof=1) / np.sqrt(FOLDS)
    least = np.unravel_index(np.argmin(mean), mean.shape)
    enough = np.argwhere(mean <= max(mean[least] + error[least], KNOWN**2))
    kernel, ridge = max(map(tuple, enough))
    return exponents[kernel], float(RIDGES[ridge])


def _predicted(equations, fold):
    """Return the mean square with which each fold is predicted from the others, shape (ridges, folds)."""
    matrix, right, penalty, _ = equations
    out = np.zeros((len(RIDGES), FOLDS))
    for (i, ridge), k in ((pair, k) for pair in enumerate(RIDGES) for k in range(FOLDS)):
        known = fold != k
        found = _solve(matrix[known], right[known], ridge * penalty)
        out[i, k] = np.mean((matrix[~known] @ found - right[~known]) ** 2)
    return out


def _arcs(distribution: Relaxation) -> list[tuple[float, float, float]]:
    """Return (R, tau, n) of the arcs that the data ask for."""
    arcs, candidates = _tops(distribution), []
    for _ in range(len(arcs) + 1):
        rms, arcs = _fitted(distribution, arcs)
        seen = [distribution.tau[0] <= tau <= distribution.tau[-1] for _, tau, _ in arcs]
        if all(seen):
            candidates.append((_criterion(rms, 3 * len(arcs) + 2, len(distribution.frequency)), arcs))
        arcs = [arc for _, arc in sorted(zip(seen, arcs, strict=True))][1:]
    return min(candidates, key=lambda candidate: candidate[0])[1]


def _criterion(rms, parameters, points):
    """Return Schwarz's criterion for real and imaginary part at so many points."""
    return 4 * points * np.log(np.hypot(rms, KNOWN)) + parameters * np.log(2 * points)


def _tops(distribution):
    """Return (R, tau, n) of the highest tops of gamma; each takes what lies nearest to it."""
    tau, gamma = distribution.tau, distribution.gamma
    first, last, _ = tops(np.pad(gamma, 1))
    places = (first + last) // 2 - 1
    places = places[gamma[places] >= LEAST_PEAK * gamma.max()]
    places = np.sort(places[np.argsort(-gamma[places])][:MOST_ARCS])
    nearest = np.argmin(abs(np.log(tau[:, None] / tau[places])), axis=1) if len(places) else np.array([])
    step = np.log(tau[1] / tau[0])
    return [
        (gamma[nearest == k].sum() * step, tau[top], min(distribution.exponent, 0.95)) for k, top in enumerate(places)
    ]


def _fitted(distribution, arcs):
    """Return the residual and (R, tau, n) of so many arcs in series, fitted from those given."""
    names = [f"ZARC{k}" for k in range(len(arcs))]
    start = {
        key: value for z, arc in zip(names, arcs, strict=True) for key, value in zip(names_of(z), arc, strict=True)
    }
    start |= {"R0": max(distribution.resistance, 1e-6 * abs(distribution.impedance).min())}
    start |= {"C0": 1 / distribution.elastance} if distribution.elastance else {}
    text = " + ".join(["L0", "R0", *(["C0"] if distribution.elastance else []), *names])
    fit = fit_circuit(distribution.frequency, distribution.impedance, text, start, starts=1, **SEARCH)
    return fit.residual, [tuple(fit.values[key] for key in names_of(z)) for z in names]
