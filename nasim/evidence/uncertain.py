"""Draws of what a parameter set does not know: by the covariance of the calibration, and within ranges of assumed values.

The draws are a Latin hypercube. A value that the calibration left as it is in the set is Gaussian in z with the covariance of
the record (see `bands`). Any other fitted or assumed value is Gaussian around that of the set and cut off at the ends of its
range, which counts as two standard deviations to either side, as for the priors of the calibration (`stages`); in logarithm
where it spans more than a factor of 20. Values that were overridden are known, and so are those that the other values refer to
(names that begin with "Reference"): they say at what a value holds. What the calibration would make of another assumed value
is not computed, so that bands are rather too wide.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.draws import correlated
from ..parameters import ParameterSet
from ..parameters.rules import UNSURE
from ..scale import Scale
from .calibration import shipped_sets
from .estimate import prior_of
from .stages import Fitted, fit_plan

if TYPE_CHECKING:
    from .record import Record

SAME = 1e-4
"""Relative difference up to which a value is that of the record, which is rounded."""
DEVIATION = 0.25
"""Standard deviation of a value that is known by its range, in lengths of the range."""
REFERENCES = "Reference"
"""How the names begin of what other values refer to."""


@dataclass(frozen=True)
class Uncertain:
    """Parameters of a set that are not known.

    Attributes
    ----------
    fitted : dict name -> Fitted
        Those of the calibration.
    covariance : array of shape (k, k)
        Of `fitted`, in standard deviations of the priors.
    ranged : dict name -> (float, float)
        The others, with their ranges [SI].
    """

    fitted: dict[str, Fitted]
    covariance: np.ndarray
    ranged: dict[str, tuple[float, float]]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, those of the calibration first."""
        return (*self.fitted, *self.ranged)

    def draws(self, parameters: ParameterSet, number: int, seed: int) -> list[dict[str, float]]:
        """Return values by name for each draw [SI]; the same for the same seed.

        Parameters
        ----------
        parameters : ParameterSet
            Its values are the centre of the Gaussian.
        number, seed : int
        """
        from scipy.stats import norm, qmc

        if not self.names:
            return [{} for _ in range(number)]
        drawn = qmc.LatinHypercube(len(self.names), seed=np.random.default_rng(seed)).random(number)  # pyright: ignore[reportCallIssue]
        k = len(self.fitted)
        normals = correlated(norm.ppf(np.clip(drawn[:, :k], 1e-9, 1 - 1e-9)), self.covariance)
        return [self._values(parameters, z, unit) for z, unit in zip(normals, drawn[:, k:], strict=True)]

    def _values(self, parameters, normals, units):
        found: dict[str, float] = {}
        for (name, each), z in zip(self.fitted.items(), normals, strict=True):
            prior = prior_of(each)
            value = float(np.clip(prior.value(prior.z(parameters.value(name)) + z), *each.bounds))
            found |= dict.fromkeys((name, *(other for other in each.also if other in parameters.entries)), value)
        scales = {name: Scale(*ends) for name, ends in self.ranged.items()}
        drawn = zip(scales.items(), units, strict=True)
        return found | {n: s.value(_around(s.unit(parameters.value(n)), u)) for (n, s), u in drawn}


def _may_vary(name, entry):
    return isinstance(entry.value, float) and not name.startswith(REFERENCES)


def _around(centre: float, share: float) -> float:
    """Return the quantile `share` of a Gaussian around `centre`, with a deviation of a quarter, cut off at 0 and 1.

    >>> _around(0.5, 0.5), round(_around(0.0, 0.5), 3)
    (0.5, 0.169)
    """
    from scipy.stats import norm

    low, high = norm.cdf(-centre / DEVIATION), norm.cdf((1 - centre) / DEVIATION)
    return float(np.clip(centre + DEVIATION * norm.ppf(low + (high - low) * share), 0.0, 1.0))


def uncertain(parameters: ParameterSet, record: "Record | None", known: Collection[str] = ()) -> Uncertain:
    """Return what a set does not know.

    Parameters
    ----------
    parameters : ParameterSet
    record : Record or None
        Of the calibration.
    known : collection of str
        Names of parameters that are not drawn.
    """
    entries = {name: e for name, e in parameters.entries.items() if _may_vary(name, e) and name not in known}
    keys, fitted = list(record.values) if record else [], {}
    plan = fit_plan(shipped_sets()).parameters if record else {}
    for each in (plan[key] for key in keys):
        entry, value = entries.get(each.name), record.values[each.key] if record else 0.0
        if entry is not None and entry.range and math.isclose(entry.value, value, rel_tol=SAME):  # pyright: ignore[reportArgumentType]
            fitted[each.name] = each
    chosen = [keys.index(each.key) for each in fitted.values()]
    covariance = record.covariance[np.ix_(chosen, chosen)] if record else np.zeros((0, 0))
    moved = {*fitted, *(name for each in fitted.values() for name in each.also)}
    ranged = {name: e.range for name, e in entries.items() if e.kind in UNSURE and e.range and name not in moved}
    return Uncertain(fitted, covariance, ranged)
