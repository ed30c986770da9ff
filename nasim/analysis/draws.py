"""Draws of what is not known, and the band that they give: what all bands share."""

import numpy as np
from numpy.typing import ArrayLike

SHARE = 0.9
"""Share of the draws that a band holds."""


def correlated(normals: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    """Return standard normal numbers, shape (n, k), with a covariance, shape (k, k), that may be singular.

    >>> np.abs(correlated(np.array([[1.0, 2.0]]), np.diag([4.0, 0.0]))).tolist()
    [[4.0, 0.0]]
    """
    size, axes = np.linalg.eigh(covariance)
    return normals @ (axes * np.sqrt(np.maximum(size, 0.0))).T


def middle(values: ArrayLike, share: float = SHARE) -> tuple[float, float]:
    """Return the ends of the interval that holds the share `share` of the values, with equal tails.

    >>> [round(end, 9) for end in middle(range(101))]
    [5.0, 95.0]
    """
    low, high = np.percentile(np.asarray(values, dtype=float), [50 * (1 - share), 50 * (1 + share)])
    return float(low), float(high)
