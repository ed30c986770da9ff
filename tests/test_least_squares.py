"""The estimator against certified values, and its uncertainties against closed forms."""

from pathlib import Path

import numpy as np
import pytest
from numpy import exp
from numpy.testing import assert_allclose

from nasim.analysis.least_squares import correlation, covariance, differences, minimise, scale_factor

NIST = Path(__file__).parent / "nist"
MODELS = {
    "Misra1a": ("lower", lambda b, x: b[0] * (1 - exp(-b[1] * x))),
    "Chwirut2": ("lower", lambda b, x: exp(-b[0] * x) / (b[1] + b[2] * x)),
    "Lanczos3": ("lower", lambda b, x: b[0] * exp(-b[1] * x) + b[2] * exp(-b[3] * x) + b[4] * exp(-b[5] * x)),
    "Gauss1": (
        "lower",
        lambda b, x: (
            b[0] * exp(-b[1] * x) + b[2] * exp(-(((x - b[3]) / b[4]) ** 2)) + b[5] * exp(-(((x - b[6]) / b[7]) ** 2))
        ),
    ),
    "Hahn1": (
        "average",
        lambda b, x: (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3),
    ),
    "MGH17": ("average", lambda b, x: b[0] + b[1] * exp(-x * b[3]) + b[2] * exp(-x * b[4])),
    "Rat43": ("higher", lambda b, x: b[0] / (1 + exp(b[1] - b[2] * x)) ** (1 / b[3])),
    "MGH09": ("higher", lambda b, x: b[0] * (x**2 + x * b[1]) / (x**2 + x * b[2] + b[3])),
    "Thurber": (
        "higher",
        lambda b, x: (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3),
    ),
    "Eckerle4": ("higher", lambda b, x: b[0] / b[1] * exp(-(((x - b[2]) / b[1]) ** 2) / 2)),
    "Bennett5": ("higher", lambda b, x: b[0] * (b[1] + x) ** (-1 / b[2])),
}


def dataset(name):
    """Starting points (2, k), certified values and deviations (k,), sum of squares, x, y."""
    lines = (NIST / f"{name}.dat").read_text().splitlines()
    rows = [line.split("=")[1].split() for line in lines[40:] if line.strip().startswith("b") and "=" in line]
    numbers = np.array(rows, dtype=float)
    total = next(float(line.split(":")[1]) for line in lines if line.startswith("Residual Sum of Squares"))
    y, x = np.array([line.split() for line in lines[60:] if line.strip()], dtype=float).T
    return numbers[:, :2].T, numbers[:, 2], numbers[:, 3], total, x, y


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", MODELS)
def test_nist_certified_values(name, start):
    """Values, standard deviations and sum of squares from both starting points, the far one first."""
    starts, values, deviations, total, x, y = dataset(name)
    model = MODELS[name][1]

    def residuals(b):
        with np.errstate(all="ignore"):
            return np.clip(np.nan_to_num(model(b, x) - y, nan=1e8), -1e8, 1e8)

    found = minimise(residuals, starts[start], tolerance=1e-15, most=2000)
    spread = np.sqrt(2 * found.cost / (len(x) - len(values)))
    assert_allclose(found.x, values, rtol=1e-6)
    assert_allclose(2 * found.cost, total, rtol=1e-9)
    assert_allclose(np.sqrt(np.diag(covariance(found.jacobian))) * spread, deviations, rtol=1e-6)


def test_all_levels_of_difficulty_are_there():
    levels = {name: level for name, (level, _) in MODELS.items()}
    for name, level in levels.items():
        assert f"{level} Level of Difficulty".lower() in (NIST / f"{name}.dat").read_text().lower()
    assert set(levels.values()) == {"lower", "average", "higher"}
    assert len(levels) >= 5


def test_covariance_of_a_straight_line():
    """Against the textbook formulae for slope and intercept."""
    x, sd = np.linspace(0, 4, 9), 0.3
    J = np.column_stack([x, np.ones_like(x)]) / sd
    Sxx = np.sum((x - x.mean()) ** 2)
    expected = sd**2 * np.array([[1 / Sxx, -x.mean() / Sxx], [-x.mean() / Sxx, 1 / 9 + x.mean() ** 2 / Sxx]])
    assert_allclose(covariance(J), expected, rtol=1e-12)
    assert_allclose(correlation(covariance(J))[0, 1], expected[0, 1] / np.sqrt(expected[0, 0] * expected[1, 1]))


def test_a_direction_without_information_is_as_wide_as_told():
    J = np.array([[3.0, 3.0], [3.0, 3.0]])
    found = covariance(J, widest=0.5)
    along, across = np.array([1, -1]) / np.sqrt(2), np.array([1, 1]) / np.sqrt(2)
    assert_allclose(along @ found @ along, 0.25)
    assert_allclose(across @ found @ across, 1 / 36)


@pytest.mark.parametrize(("residual", "expected"), [(0.1, 1.0), (2.0, np.sqrt(40 / 8))])
def test_errors_grow_with_misfit_and_never_shrink(residual, expected):
    assert_allclose(scale_factor(np.full(10, residual), 2), expected)


def test_differences_stay_within_bounds():
    seen = []

    def function(x):
        seen.append(x.copy())
        return x**2

    J = differences(function, [0.0, 1.0], step=0.1, low=0.0, high=1.0)
    assert np.min(seen) >= 0
    assert np.max(seen) <= 1
    assert_allclose(np.diag(J), [0.1, 1.9])


def test_minimise_keeps_to_bounds():
    found = minimise(lambda x: x - 3.0, [0.5], low=0.0, high=1.0)
    assert_allclose(found.x, 1.0, atol=1e-6)


def test_a_parameter_without_influence_stays_at_the_start_and_costs_no_steps():
    x, calls = np.linspace(0.0, 1.0, 40), []

    def curve(p):
        return 1e4 * 10 ** (2 * p[0]) * exp(-(10 ** (2 * p[1])) * x)

    def residuals(p):
        calls.append(p)
        return curve(p) - curve([0.5, 0.5])

    def jacobian(p):
        slope = 2 * np.log(10) * curve(p)
        return np.column_stack([slope, -(10 ** (2 * p[1])) * x * slope, np.zeros(40)])

    best = minimise(residuals, [0.3, 0.8, 0.3], jacobian, 0.0, 1.0, tolerance=5e-5, pull=1e-6)
    assert_allclose(best.x, [0.5, 0.5, 0.3], atol=1e-8)
    assert (best.residuals.shape, best.jacobian.shape) == ((40,), (40, 3))
    assert len(calls) < 10  # without the pull it takes 29
