r"""Fit of an equivalent circuit to a spectrum, with standard errors.

Least squares of the real and imaginary residuals over :math:`|Z|` (equal relative weight at all frequencies), in the
logarithms of all parameters but the exponents n. With m parameters and 2N residuals r, :math:`s^2 = \sum r^2/(2N - m)`,
the covariance is :math:`s^2 (J^T J)^{-1}`, and a standard error goes through the logarithm by the first-order rule. A
parameter that the data do not determine has an infinite one.
"""

from dataclasses import dataclass

import numpy as np

from .circuits import Circuit, checked, kind_of, names_of

LEAST_EXPONENT = 0.2
"""Smallest n that a fit may reach; the largest is 1."""
SPREAD = 1.5
"""Standard deviation of the logarithms of the starting points about the first one."""
SINGULAR = 1e-6
"""Relative singular value of the Jacobian below which a combination of parameters counts as undetermined."""


@dataclass(frozen=True)
class CircuitFit:
    """Outcome of the fit of a circuit.

    Attributes
    ----------
    circuit : Circuit
    values, errors : dict
        Value and standard error by parameter.
    impedance : array, shape (n,)
        Fitted spectrum, complex, in the unit of the data.
    residual : float
        Root mean square of the relative residual.
    """

    circuit: Circuit
    values: dict
    errors: dict
    impedance: np.ndarray
    residual: float
    """Relative to :math:`|Z|`."""


def fit_circuit(frequency, Z, circuit, start=None, starts=12, seed=0, tolerance=1e-14, most=None):
    """Fit a circuit to a spectrum.

    Parameters
    ----------
    frequency, Z : arrays of shape (n,)
        Hz and Ohm cm2 (or Ohm: all parameters are then not per area).
    circuit : str or Circuit
    start : dict, optional
        First guesses of some parameters; the others follow from the range of the data.
    starts, seed : int
        Starting points, spread at random from the seed; the best fit counts.
    tolerance : float
        Relative change of the squares, and of the parameters, that ends a search.
    most : int, optional
        Most steps of a search.

    Returns
    -------
    CircuitFit

    Raises
    ------
    DataFileError
        The spectrum is none, or has fewer points than the circuit has parameters.
    """
    from scipy.optimize import least_squares

    circuit = circuit if isinstance(circuit, Circuit) else Circuit(circuit)
    frequency, Z = checked(frequency, Z, len(circuit.parameters) // 2 + 1)
    names, first = circuit.parameters, _first_guess(circuit, frequency, Z) | dict(start or {})
    exponent = np.array([name.endswith(" n") for name in names])

    def values(x):
        return dict(zip(names, np.where(exponent, x, np.exp(np.where(exponent, 0.0, x))), strict=True))

    def residuals(x):
        off = (circuit.impedance(frequency, values(x)) - Z) / abs(Z)
        return np.concatenate([off.real, off.imag])

    x_0 = np.array([first[name] if is_n else np.log(first[name]) for name, is_n in zip(names, exponent, strict=True)])
    low, high = np.where(exponent, LEAST_EXPONENT, x_0 - 25.0), np.where(exponent, 1.0, x_0 + 25.0)
    random, solutions = np.random.default_rng(seed), []
    for k in range(starts):
        trial = x_0 + (k > 0) * np.where(exponent, 0.0, SPREAD * random.standard_normal(len(names)))
        begin = np.clip(trial, low, high)
        ends = {"xtol": tolerance, "ftol": tolerance, "max_nfev": most}
        solutions.append(least_squares(residuals, begin, bounds=(low, high), x_scale="jac", **ends))
    best = min(solutions, key=lambda solution: solution.cost)
    errors = _standard_errors(best, len(frequency))
    fitted = values(best.x)
    errors = {
        name: error * (1.0 if is_n else fitted[name]) for name, error, is_n in zip(names, errors, exponent, strict=True)
    }
    rms = float(np.sqrt(np.mean(best.fun**2)))
    plain = {name: float(value) for name, value in fitted.items()}
    return CircuitFit(
        circuit, plain, {k: float(v) for k, v in errors.items()}, circuit.impedance(frequency, plain), rms
    )


def _standard_errors(solution, points):
    """Return the standard errors of the fitted coordinates; infinite where the data do not determine them."""
    scale = np.linalg.norm(solution.jac, axis=0)
    _, sizes, directions = np.linalg.svd(solution.jac / np.where(scale > 0, scale, 1.0), full_matrices=False)
    determined = sizes > SINGULAR * sizes[0]
    spread = 2 * solution.cost / max(2 * points - len(solution.x), 1)
    variance = np.sum((directions[determined].T / sizes[determined]) ** 2, axis=1) * spread
    loose = np.any(abs(directions[~determined]) > 1e-3, axis=0) | (scale == 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(loose, np.inf, np.sqrt(variance) / scale)


def _first_guess(circuit, frequency, Z):
    """Resistances share the span of Re Z, time constants the range of frequencies, in the order of the text."""
    omega = 2 * np.pi * frequency
    span = max(np.ptp(Z.real), 1e-3 * abs(Z).max())
    resistors = [name for name in circuit.elements if kind_of(name) in ("R", "ZARC", "TLM")]
    storing = [name for name in circuit.elements if kind_of(name) in ("C", "CPE", "ZARC", "TLM")]
    share = span / max(len(resistors), 1)
    edges = np.geomspace(omega.max(), omega.min(), len(storing) + 2)[1:-1]
    tau = dict(zip(storing, 1 / edges, strict=True))
    guess = {}
    for name in circuit.elements:
        t = tau.get(name, 1 / np.sqrt(omega.min() * omega.max()))
        guesses = {"R": (share,), "C": (t / share,), "L": (1e-2 * abs(Z).min() / omega.max(),), "CPE": (t / share, 0.9)}
        guesses |= {
            "ZARC": (share, t, 0.9),
            "W": (share * np.sqrt(omega.min()),),
            "TLM": (share, share, t / share, 0.9),
        }
        guess |= dict(zip(names_of(name), guesses[kind_of(name)], strict=True))
    if resistors and kind_of(resistors[0]) == "R":
        guess[resistors[0]] = max(Z.real[np.argmax(frequency)], 1e-3 * share)
    return guess
