r"""What is wrong with a cell: rival explanations fitted in turn and ranked by what the data say for each.

Two questions. What **limits** the first cycle: each rival of `rivals.RIVALS` is fitted to it, with its few parameters and
all others as in the set. What **fades** the cell: starting from the best answer to the first question, each rival's own
parameters are fitted to all cycles. Rivals are ranked by the Bayesian information criterion (Schwarz, Ann. Stat. 6 (1978)
461) for n residuals and k parameters,

.. math::
   B = \chi^2/S^2 + k \ln n, \qquad w \propto e^{-(B - B_{min})/2}

with S the factor by which the best rival's residuals exceed the stated noise (at least 1): a model that describes a cell
only roughly must not make small differences look certain. The set as it is, with nothing fitted, is a rival, too.

The deciding experiment is the one whose outcome the two best rivals, as fitted, predict furthest apart in units of noise.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NasimError, ProtocolError
from ..parameters import ParameterSet, load
from .arguments import check_data, scales_of
from .candidates import Candidate, expected, usual
from .curves import GCDCurve
from .problem import Problem
from .result import FitResult
from .rivals import RIVALS, Rival
from .run import describe, search
from .signs import scatter, soft_short_signs
from .simulated import Cells
from .store import Store

if TYPE_CHECKING:
    import pandas

AS_IS = "the set as it is"
ITERATIONS = 10


@dataclass(frozen=True)
class Ranking:
    """Rivals for one question, the best first.

    Attributes
    ----------
    question : str
        "limits" or "fades".
    table : pandas.DataFrame
        A row a rival: rival, what, weight (0 to 1), criterion (above that of the best), chi2, parameters and their values.
    fits : dict rival -> FitResult
    decides : str
        The experiment that would tell the two best apart, and by how much.
    """

    question: str
    table: "pandas.DataFrame"
    fits: dict[str, FitResult] = field(repr=False)
    decides: str = ""

    @property
    def best(self) -> str:
        """The rival that the data speak for most."""
        return str(self.table["rival"].iloc[0])


@dataclass(frozen=True)
class Explanation:
    """Answer of `nasim.explain`.

    Attributes
    ----------
    limits : Ranking
        Of the first cycle.
    fades : Ranking or None
        Of the cycles after it; None where there is one cycle only.
    signs : list of str
        Signs of a soft short in the curves themselves.
    notes : list of str
        Noise taken from replicates, misfit that no rival mends.
    """

    limits: Ranking
    fades: Ranking | None
    signs: list[str]
    notes: list[str]

    def lines(self) -> list[str]:
        """Return the answer as lines of text, the conclusion first."""
        out = []
        for ranking, what in ((self.limits, "limits the first cycle"), (self.fades, "fades the cell")):
            if ranking is None:
                continue
            weight = float(ranking.table["weight"].iloc[0])
            out.append(f"What {what}: {ranking.best} (weight {weight:.2f} of 1).")
            out.append(ranking.table.to_string(index=False, float_format=lambda x: f"{x:.4g}"))
            out += [f"To decide: {ranking.decides}"] if ranking.decides else []
        return [*self.signs, *out, *self.notes]

    def as_object(self) -> dict:
        """Return the answer as a dict that JSON takes."""
        from ..results.plain import plain

        found: dict[str, Any] = {"signs": self.signs, "notes": self.notes}
        for name, ranking in (("limits", self.limits), ("fades", self.fades)):
            if ranking is not None:
                rows = ranking.table.to_dict("records")
                found[name] = {"best": ranking.best, "rivals": rows, "decides": ranking.decides}
        return plain(found)


def explain(
    curves: Iterable,
    start: str | ParameterSet = "Yuan2025_NAS",
    rivals: Sequence[Rival] = RIVALS,
    candidates: Sequence[Candidate] | None = None,
    progress: Callable[[str], object] | None = None,
) -> Explanation:
    """Rank rival explanations of what limits a cell and what fades it.

    Parameters
    ----------
    curves : sequence of GCDCurve
        Half cycles of the cell from the first on, from `nasim.fit.from_measurement`; those of replicates give the noise.
    start : str or ParameterSet
        The set that describes a good cell of the kind.
    rivals : sequence of Rival
    candidates : sequence of Candidate, optional
        Experiments that could decide; default those of `nasim.fit.candidates.usual`. An empty one: none is looked for.
    progress : callable (str), optional
        Called with the name of each rival before it is fitted.

    Returns
    -------
    Explanation

    Raises
    ------
    ProtocolError
        There are no curves of half cycles, or none of the first cycle.
    """
    data = [each for each in check_data(curves) if isinstance(each, GCDCurve)]
    first = [each for each in data if each.cycle == 1]
    if not first:
        raise ProtocolError("explain: the first cycle is needed, as curves of half cycles at constant current.")
    cell = load(start) if isinstance(start, str) else start
    noise, notes = scatter(data)
    data = [replace(each, **noise) for each in data] if noise else data
    first = [each for each in data if each.cycle == 1]
    options = list(usual(cell, abs(first[0].legs[0].current_mA_cm2)) if candidates is None else candidates)
    limits = _ranked("limits", first, cell, rivals, options, progress)
    fades = None
    if len({each.cycle for each in data}) > 1:
        based = _based(cell, limits)
        fades = _ranked("fades", data, based, rivals, options, progress)
    for ranking in (limits, fades):
        if ranking is not None and not ranking.fits[ranking.best].describes:
            notes.append(f"No rival describes what {ranking.question} the cell: {ranking.fits[ranking.best].verdict()}")
    return Explanation(limits, fades, soft_short_signs(data), notes)


def _based(cell: ParameterSet, limits: Ranking) -> ParameterSet:
    """Return the set with the values of the best answer to what limits the cell, within the ranges of the set."""
    return cell.with_overrides(limits.fits[limits.best].values) if limits.fits[limits.best].values else cell


def _ranked(question, data, cell, rivals, options, progress) -> Ranking:
    """Return the ranking of the rivals for one question."""
    import pandas

    asked = {rival.name: rival.parameters(question, cell) for rival in rivals}
    asked = {AS_IS: ()} | {name: names for name, names in asked.items() if names}
    what = {AS_IS: "nothing is wrong"} | {rival.name: rival.what for rival in rivals}
    everything = tuple(dict.fromkeys(name for names in asked.values() for name in names))
    cells = Cells(cell, everything, [*data, *(option.run(cell) for option in options)])
    fits = {}
    for name, names in asked.items():
        if progress is not None:
            progress(name)
        fits[name] = _fitted(data, cell, cells, names)
    points = len(np.concatenate(next(iter(fits.values())).residuals()))
    factor = max(1.0, min(each.chi2 / max(each.freedom, 1) for each in fits.values()))
    criteria = {name: each.chi2 / factor + len(asked[name]) * math.log(points) for name, each in fits.items()}
    order = sorted(criteria, key=criteria.__getitem__)
    least = criteria[order[0]]
    weights = {name: math.exp(-0.5 * (criteria[name] - least)) for name in order}
    rows = [
        {
            "rival": name,
            "what": what[name],
            "weight": weights[name] / sum(weights.values()),
            "criterion": criteria[name] - least,
            "chi2": fits[name].chi2,
            "values": ", ".join(f"{key.split(' [')[0]} = {value:.3g}" for key, value in fits[name].values.items()),
        }
        for name in order
    ]
    ranking = Ranking(question, pandas.DataFrame(rows), fits)
    return replace(ranking, decides=_deciding(ranking, cells, options)) if options and len(order) > 1 else ranking


def _fitted(data, cell, cells, names) -> FitResult:
    """Return the fit of one rival; differences, since all rivals share the built cells."""
    scales = scales_of(names, cell, {}) if names else {}
    problem = Problem(data, cells, scales, {}, False, Store())
    record = describe(data, cell, scales, {}, "differences", 0, 1, 1)
    if not names:
        problem.store.put("jacobian", [], np.zeros((len(problem.residuals(np.array([]))), 0)))
        return FitResult.of(problem, cell, True, "nothing was fitted", record)
    return FitResult.of(problem, cell, *search(problem, cell, 0, 1, 1, ITERATIONS), record)


def _deciding(ranking, cells, options) -> str:
    """Return the experiment whose outcome the two best rivals predict furthest apart, in words."""
    one, two = (ranking.fits[name] for name in ranking.table["rival"].iloc[:2])
    apart: dict[str, float] = {}
    for option in options:
        try:
            data = expected(option, cells, one.values).data
            outcomes = cells.outcomes(data, two.values)
            off = np.concatenate([item.residuals(outcome) for item, outcome in zip(data, outcomes, strict=True)])
        except (NasimError, FloatingPointError):
            continue
        apart[option.label] = float(np.sqrt(np.mean(off**2))) / ranking.fits[ranking.best].scale
    if not apart:
        return ""
    best = max(apart, key=apart.__getitem__)
    names = " and ".join(f"'{name}'" for name in ranking.table["rival"].iloc[:2])
    return f"{best}; {names} differ there by {apart[best]:.2g} times the noise (root mean square)."
