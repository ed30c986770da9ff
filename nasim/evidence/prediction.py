"""``nasim.predict``: the band of any number of an experiment, and which parameter it hangs on.

The experiment is run at the values of the set and at draws of what the set does not know (`uncertain`). A band holds the middle
90 % of what the draws give. What a number hangs on is told by the rank correlation (Spearman) with each parameter, whose
standard error is 1/sqrt(n - 3) in Fisher's z; a parameter is named where chance alone, over all parameters, gives so large a
correlation in one case of twenty.
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..conditions import Overrides
from ..errors import ProtocolError, UnknownNameError, nearest
from ..experiments.protocol import Protocol
from ..parameters import ParameterSet, load
from ..parameters.parameter_set import pairs
from ..sweep.run import sweep
from .bands import SEED, SHARE
from .headlines import headlines, main_one
from .record import load_record
from .uncertain import uncertain

if TYPE_CHECKING:
    import pandas

DRAWS, FEWEST = 64, 8
TELLING = 24
"""Draws from which on a parameter is named: with fewer, Fisher's z says too much of ranks."""
CHANCE = 0.05
"""Chance that a parameter is named on which a number does not hang."""
MOST = 8
"""Bars of the figure."""


@dataclass(frozen=True)
class Prediction:
    """Outcome of `nasim.predict`.

    Attributes
    ----------
    drawn : pandas.DataFrame
        A row a draw: the parameters [SI], the numbers, and "reason", empty unless the draw failed.
    at_set : dict name -> float
        The numbers at the values of the set.
    parameters : tuple of str
        Parameters that were drawn.
    record : dict
        Experiment, set, conditions, seed, how many were drawn from the calibration and from ranges.
    """

    drawn: "pandas.DataFrame"
    at_set: dict[str, float]
    parameters: tuple[str, ...]
    record: dict[str, Any]

    @property
    def headline(self) -> str:
        """Name of the number that the experiment is run for."""
        return main_one(self.at_set)

    @property
    def failed(self) -> int:
        """How many draws failed."""
        return sum(bool(reason) for reason in self.drawn["reason"])

    def values(self, number: str | None = None) -> "pandas.Series":
        """Return a number in the draws that have it.

        Parameters
        ----------
        number : str, optional
            Default the headline.

        Raises
        ------
        UnknownNameError
            The experiment gives no such number.
        """
        name = self.headline if number is None else number
        if name not in self.at_set:
            raise UnknownNameError(
                f"predict: there is no number '{name}' in this result.", nearest(name, list(self.at_set))
            )
        import pandas

        column = self.drawn.get(name, [])
        return pandas.Series(column, dtype=float).dropna()

    def band(self, number: str | None = None) -> tuple[float, float]:
        """Return the ends of the 90 % band of a number; raises as `values`."""
        tail, values = 50 * (1 - SHARE), self.values(number)
        if len(values) < FEWEST:
            return math.nan, math.nan
        low, high = np.percentile(values, [tail, 100 - tail])
        return float(low), float(high)

    def hangs_on(self, number: str | None = None) -> "pandas.DataFrame":
        """Return rank correlations of a number with each parameter, largest first; raises as `values`.

        Returns
        -------
        pandas.DataFrame
            Columns parameter, rank_correlation, standard_error, low and high: means of the number over the lowest and highest
            third of the parameter.
        """
        import pandas
        from scipy.stats import rankdata

        values, lines = self.values(number), []
        ranks, third = rankdata(values), max(len(values) // 3, 1)
        for name in self.parameters if len(values) >= FEWEST and np.ptp(values) > 0 else ():
            at = self.drawn.loc[values.index, name].to_numpy(dtype=float)
            if np.ptp(at) == 0:
                continue
            rho, order = float(np.corrcoef(ranks, rankdata(at))[0, 1]), np.argsort(at, kind="stable")
            ends = [float(values.to_numpy()[part].mean()) for part in (order[:third], order[-third:])]
            lines.append([name, rho, (1 - rho**2) / math.sqrt(len(values) - 3), *ends])
        columns = ["parameter", "rank_correlation", "standard_error", "low", "high"]
        table = pandas.DataFrame(lines, columns=pandas.Index(columns))
        return table.sort_values("rank_correlation", key=abs, ascending=False, kind="stable").reset_index(drop=True)

    def sentence(self, number: str | None = None) -> str:
        """Return value, band and what the number hangs on, in a sentence; raises as `values`."""
        name, values, (low, high) = number or self.headline, self.values(number), self.band(number)
        text = f"{name}: {self.at_set[name]:.4g}" if name else "The experiment gives no number"
        if math.isnan(low):
            return f"{text}; only {len(values)} draws give it, too few for a band."
        return f"{text}, 90 % band {low:.4g} to {high:.4g}, {self._hangs(number, len(values))}."

    def _hangs(self, number, count):
        from scipy.stats import norm

        table = self.hangs_on(number)
        if table.empty:
            return "the same in all draws"
        if count < TELLING:
            return f"{count} draws are too few to tell on what it hangs (at least {TELLING})"
        first = table.iloc[0]
        least = math.tanh(norm.ppf(1 - CHANCE / (2 * len(self.parameters))) / math.sqrt(count - 3))
        told = f"'{first.parameter}' (rank correlation {first.rank_correlation:+.2f} +- {first.standard_error:.2f})"
        if abs(first.rank_correlation) < least:
            return (
                f"{count} draws cannot tell on what it hangs: the largest is {told}, and chance gives up to {least:.2f}"
            )
        rest = table.iloc[1:]
        close = rest[
            (rest.rank_correlation.abs() > least)
            & (first.rank_correlation**2 > 0)
            & (
                rest.rank_correlation.abs() + np.hypot(rest.standard_error, first.standard_error)
                > abs(first.rank_correlation)
            )
        ]
        if len(close):
            others = ", ".join(f"'{name}' ({rho:+.2f})" for name, rho in close.iloc[:2, :2].to_numpy())
            return f"hangs mostly on {told} and as much, as far as {count} draws can tell, on {others}"
        return f"hangs mostly on {told}"

    def lines(self, number: str | None = None) -> list[str]:
        """Return what a terminal shows beside the table: the sentence, what was drawn, what failed; raises as `values`."""
        fitted, ranged = self.record["from_calibration"], self.record["from_ranges"]
        drawn = f"{fitted} parameters from the covariance of the calibration, {ranged} from their ranges"
        drawn = drawn if ranged else f"{fitted} parameters from the covariance of the calibration, none from ranges"
        if not fitted:
            drawn = f"{ranged} parameters from their ranges only: no fit belongs to this set"
        told = [self.sentence(number), f"{len(self.drawn)} draws (seed {self.record['seed']}): {drawn}"]
        if self.record["left_out"]:
            told.append(f"not drawn, since they shape the mesh: {', '.join(self.record['left_out'])}")
        if self.failed:
            reason = self.drawn.loc[self.drawn["reason"] != "", "reason"].iloc[0]
            told.append(f"{self.failed} of {len(self.drawn)} draws failed and count nowhere; the first: {reason}")
        return told

    def table(self) -> "pandas.DataFrame":
        """Return a row a number: value at the set, band, the parameter with the largest rank correlation."""
        import pandas

        lines = []
        for name, value in self.at_set.items():
            (low, high), first = self.band(name), self.hangs_on(name).head(1)
            most = (first.parameter.iloc[0], float(first.rank_correlation.iloc[0])) if len(first) else ("", math.nan)
            lines.append([name, value, low, high, len(self.values(name)), *most])
        columns = ["number", "value", "low", "high", "draws", "parameter", "rank_correlation"]
        return pandas.DataFrame(lines, columns=pandas.Index(columns))

    def as_object(self, number: str | None = None) -> dict[str, Any]:
        """Return everything but the draws as a JSON-able dict; raises as `values`."""
        from ..results.plain import plain

        numbers = self.table().to_dict("records")
        told = {"headline": number or self.headline, "answer": self.sentence(number), "failed": self.failed}
        return plain(self.record | told | {"numbers": numbers, "hangs_on": self.hangs_on(number).to_dict("records")})

    def plot(self, number: str | None = None):
        """Draw the distribution of a number and what moves it most; returns an array of two matplotlib axes.

        Raises
        ------
        UnknownNameError
            The experiment gives no such number.
        """
        from ..plot.tornado import prediction

        name = number or self.headline
        return prediction(self.values(number), self.band(number), self.at_set[name], name, self.hangs_on(number)[:MOST])


def predict(
    experiment: Protocol,
    parameters: str | os.PathLike | ParameterSet | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    stack_pressure_MPa: float | None = None,
    temperature_C: float | None = None,
    overrides: Overrides = None,
    ranges: bool = True,
    jobs: int = 1,
    checkpoint: str | os.PathLike | None = None,
    resume: bool = False,
    progress: Callable[[int, int], object] | Literal[False] | None = None,
) -> Prediction:
    """Say within what band the numbers of an experiment lie, and which parameter they hang on.

    Parameters
    ----------
    experiment : Protocol
        Such as nasim.GCD(cycles=2).
    parameters : str, path or ParameterSet, optional
    draws, seed : int
    stack_pressure_MPa, temperature_C, overrides
        As for the experiment's `run`; what is overridden is known and not drawn.
    ranges : bool
        Whether values that the calibration does not cover are drawn from their ranges; otherwise they are known.
    jobs : int
        Processes.
    checkpoint : path, optional
        File to which each draw is written as it finishes.
    resume : bool
        Compute only what the checkpoint does not hold.
    progress : callable (draws done, draws in all), or False
        Default: a bar, if the standard error is a terminal.

    Returns
    -------
    Prediction

    Raises
    ------
    ProtocolError, ParameterSetError, UnknownNameError
        Something given makes no sense.
    SolveError
        No draw could be computed.

    Examples
    --------
    >>> import nasim
    >>> found = nasim.predict(nasim.GCD(cycles=1, keep=()), draws=8, progress=False)
    >>> len(found.drawn), found.headline, found.failed
    (8, 'first discharge capacity [mAh.g-1]', 0)
    """
    if not isinstance(experiment, Protocol):
        raise ProtocolError(f"predict: expected an experiment such as nasim.GCD(cycles=2); {experiment!r} was given.")
    if not isinstance(draws, int) or isinstance(draws, bool) or draws < FEWEST:
        raise ProtocolError(f"predict: expected at least {FEWEST} draws; {draws!r} was given.")
    if not isinstance(seed, int) or isinstance(seed, bool) or seed < 0:
        raise ProtocolError(f"predict: expected a seed that is a whole number from 0; {seed!r} was given.")
    experiment.check()
    given = experiment.parameter_set if parameters is None else parameters
    given = given if isinstance(given, ParameterSet) else load(given)
    known = dict(pairs(overrides)) if overrides else {}
    given = given.with_overrides(known) if known else given
    used, mesh = _of_the_model(given)
    told = uncertain(given, load_record(), {*known, *mesh, *(set(given.entries) - used)})
    told = told if ranges else replace(told, ranged={})
    if not told.names:
        raise ProtocolError(f"predict: nothing of set '{given.name}' can be drawn; it has no value of the calibration.")
    left_out = [name for name in uncertain(given, None, set(given.entries) - mesh).names if name not in known]
    points = told.draws(given, draws, seed)
    at_set = {name: given.value(name) for name in points[0]}
    outcome = sweep(
        experiment,
        [at_set, *points],
        parameters=given,
        stack_pressure_MPa=stack_pressure_MPa,
        temperature_C=temperature_C,
        executor=jobs,
        read=headlines,
        checkpoint=checkpoint,
        resume=resume,
        progress=progress,
    )
    return _prediction(outcome, told, seed, left_out)


def _prediction(outcome, told, seed, left_out):
    """The prediction of a sweep whose first point has the values of the set."""
    table = outcome.table
    centre = table.iloc[0]
    if centre["reason"]:
        raise ProtocolError(f"predict: at the values of the set it cannot be computed: {centre['reason']}")
    numbers = [name for name in table if name.endswith("]") or name.split(" ")[0] in ("first", "last", "largest")]
    numbers = [name for name in numbers if name not in outcome.names]
    at_set = {name: float(centre[name]) for name in numbers if not math.isnan(centre[name])}
    drawn = table.iloc[1:].reset_index(drop=True)
    kept = [*outcome.names, *(name for name in numbers if name in drawn), "reason"]
    shared = ("experiment", "settings", "parameter_set", "conditions", "versions", "wall_time_s")
    record = {key: outcome.record[key] for key in shared} | {"seed": seed, "draws": len(drawn), "share": SHARE}
    record |= {"from_calibration": len(told.fitted), "from_ranges": len(told.ranged), "left_out": left_out}
    return Prediction(drawn[kept], at_set, told.names, record)


def _of_the_model(parameters):
    """Names of the parameters that the cell of a set has, and of those that shape its mesh."""
    from ..engine.built_cell import mesh_parameters
    from ..models.build import cell_for

    model = cell_for(parameters)
    return {parameter.name for parameter in model.parameters}, mesh_parameters(model)
