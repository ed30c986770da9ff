r"""Different minima that the starts of a fit ended in.

Two ends are of one minimum where the data cannot tell them apart: :math:`\|J (u_1 - u_2)\|^2/S^2`, with the derivatives J
at the better of them, stays below `APART` for each parameter. Ends along a flat valley are of one minimum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..analysis.least_squares import Optimum

APART = 25.0
"""Five standard deviations, squared."""


@dataclass(frozen=True)
class Minimum:
    """A minimum of the sum of squares.

    Attributes
    ----------
    units : array of shape (k,)
        Its place in the scaled parameters.
    chi2 : float
        Sum of squares there.
    starts : int
        How many starts ended in it.
    residuals : array of shape (n,)
        In standard deviations, priors last.
    """

    units: np.ndarray
    chi2: float
    starts: int
    residuals: np.ndarray


def distinct(ends: Sequence[Optimum], scale: float) -> list[Minimum]:
    """Return the different minima among the ends of a search that converged, the best first.

    Parameters
    ----------
    ends : sequence of Optimum
    scale : float
        S, by which the noise is larger than stated.
    """
    groups: list[list[Optimum]] = []
    for end in sorted((each for each in ends if each.finished), key=lambda each: each.cost):
        known = next((group for group in groups if _same(group[0], end, scale)), None)
        if known is None:
            groups.append([end])
        else:
            known.append(end)
    return [Minimum(group[0].x, 2 * group[0].cost, len(group), group[0].residuals) for group in groups]


def _same(one, other, scale):
    moved = one.jacobian @ (one.x - other.x) / scale
    return float(moved @ moved) < APART * len(one.x)
