r"""Combinations of parameters that the data determine, and those that they do not.

Each parameter is scaled to u = 0 to 1 over its range. The singular vectors of the Jacobian of the data in u, without
priors, are directions in which the fit moves independently; that of singular value s has the standard deviation S/s. A
direction whose standard deviation exceeds :math:`1/\sqrt{12}`, that of any value in the range being as likely as any
other, is one of which the data say no more than the range did: **undetermined**. From 5 % of the range on it is called
hardly determined.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..scale import Scale

RANGE_SD = 1 / math.sqrt(12)
"""Standard deviation of a value that is only known to lie in its range, as a share of the range."""
WEAK = 0.05
"""Standard deviation, a share of the range, from which on a direction is hardly determined."""
LARGE = 0.15
"""Components of a direction from this on are named."""
ALIKE = 0.25
"""Two logarithmic parameters that move by factors this close to each other are said to enter as product or ratio."""


@dataclass(frozen=True)
class Direction:
    """One direction in the space of parameters.

    Attributes
    ----------
    components : dict parameter -> float
        Shares of the ranges, large ones only.
    sd : float
        Standard deviation along it, as a share of the ranges.
    text : str
        How well the data determine it, in words.
    """

    components: dict[str, float]
    sd: float
    text: str

    @property
    def undetermined(self) -> bool:
        """Whether the data say no more of it than the ranges did."""
        return self.sd > RANGE_SD

    @property
    def weak(self) -> bool:
        """Whether it is undetermined or hardly determined."""
        return self.sd > WEAK


def directions(
    jacobian: np.ndarray, names: Sequence[str], scales: Mapping[str, Scale], factor: float = 1.0
) -> list[Direction]:
    """Return all directions, the best determined first.

    Parameters
    ----------
    jacobian : array of shape (n, k)
        Of the data in the scaled parameters, without priors.
    names : sequence of str
        Of the k parameters.
    scales : mapping parameter -> Scale
    factor : float
        S, by which errors are inflated.
    """
    _, singular, rows = np.linalg.svd(jacobian, full_matrices=True)
    singular = np.pad(singular, (0, len(names) - len(singular)))
    out = []
    for s, row in zip(singular, rows, strict=True):
        row = row * (1 if row[np.argmax(np.abs(row))] > 0 else -1)
        large = {name: float(c) for name, c in zip(names, row, strict=True) if abs(c) >= LARGE}
        sd = factor / s if s > 0 else math.inf
        out.append(Direction(large, sd, describe(large, sd, scales)))
    return out


def describe(components: Mapping[str, float], sd: float, scales: Mapping[str, Scale]) -> str:
    """Return how well the data determine a direction, in words."""
    listed = " and ".join(f"'{name}'" for name in components)
    to = "" if sd > RANGE_SD else f" (to {100 * sd:.2g} % of the range)"
    if sd <= WEAK:
        return f"{listed}: determined{to}"
    how = "not" if sd > RANGE_SD else "hardly"
    if len(components) == 1:
        return f"{listed}: {how} determined by the data{to}"
    return f"{listed}: {how} determined separately by the data{to}{_as_product(components, scales)}"


def _as_product(components: Mapping[str, float], scales: Mapping[str, Scale]) -> str:
    """Return the end of the sentence: product or ratio of two logarithmic parameters, else how they move."""
    moves = {name: c * scales[name].error(1.0, 1.0) for name, c in components.items() if scales[name].is_log}
    if len(moves) == len(components) == 2:
        a, b = moves.values()
        if abs(abs(a) - abs(b)) <= ALIKE * max(abs(a), abs(b)):
            return f"; what is determined is their {'product' if a * b < 0 else 'ratio'}"
    parts = [f"'{name}' {'up' if c > 0 else 'down'}" for name, c in components.items()]
    return f"; the fit hardly changes when they move together ({', '.join(parts)})"
