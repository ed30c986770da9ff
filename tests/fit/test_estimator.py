"""The estimator against certified values, and its uncertainties against closed forms."""

from pathlib import Path

import numpy as np
import pytest
from numpy import exp
from numpy.testing import assert_allclose

from nasim.fit.estimator import correlation, covariance, differences, minimise, scale_factor

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
FAR = {("MGH17", 0), ("Eckerle4", 0), ("MGH09", 0), ("Bennett5", 0), ("Rat43", 0), ("Lanczos3", 0)}


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
    starts, values, deviations, total, x, y = dataset(name)
    model = MODELS[name][1]
    with np.errstate(all="ignore"):
        found = minimise(lambda b: np.nan_to_num(model(b, x) - y, nan=1e6, posinf=1e6, neginf=-1e6), starts[start], tolerance=1e-15, most=2000)
    spread = np.sqrt(2 * found.cost / (len(x) - len(values)))
    errors = np.sqrt(np.diag(covariance(found.jacobian))) * spread
    print(name, start, np.max(np.abs(found.x / values - 1)), np.max(np.abs(errors / deviations - 1)), 2 * found.cost / total - 1, found.message)
