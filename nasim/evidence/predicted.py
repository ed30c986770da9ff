"""The outcome of `nasim.predict`: a number's values in the draws, its band, and what it hangs on."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..analysis.draws import middle
from ..errors import UnknownNameError, nearest
from ..notebook import card, chart, quiet
from .headlines import main_one
from .ranks import FEWEST, hangs_words, rank_correlations

if TYPE_CHECKING:
    import pandas

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

    def __repr__(self) -> str:
        return f"Prediction({len(self.drawn)} draws: {self.sentence()!r})"

    def _repr_html_(self) -> str:
        rows, name = self.table().to_dict("records"), self.headline
        numbers = {row["number"]: f"{row['value']:.4g} ({row['low']:.4g} to {row['high']:.4g})" for row in rows}
        values = sorted(self.values())
        picture = chart([(values, [(k + 0.5) / len(values) for k in range(len(values))])], name, "share of draws below")
        return card(f"Prediction by {len(self.drawn)} draws: value (90 % band)", numbers, self.lines(), picture)

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
        """Return the ends of the 90 % band of a number, NaN with fewer than 8 draws; raises as `values`."""
        values = self.values(number)
        return middle(values) if len(values) >= FEWEST else (math.nan, math.nan)

    def hangs_on(self, number: str | None = None) -> "pandas.DataFrame":
        """Return rank correlations of a number with each parameter, largest first; raises as `values`.

        Returns
        -------
        pandas.DataFrame
            Columns parameter, rank_correlation, standard_error, low and high: means of the number over the lowest and highest
            third of the parameter.
        """
        return rank_correlations(self.values(number), self.drawn, self.parameters)

    def sentence(self, number: str | None = None) -> str:
        """Return value, band and what the number hangs on, in a sentence; raises as `values`."""
        name, values, (low, high) = number or self.headline, self.values(number), self.band(number)
        text = f"{name}: {self.at_set[name]:.4g}" if name else "The experiment gives no number"
        if math.isnan(low):
            return f"{text}; only {len(values)} draws give it, too few for a band."
        hangs = hangs_words(self.hangs_on(number), len(values), len(self.parameters))
        return f"{text}, 90 % band {low:.4g} to {high:.4g}, {hangs}."

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

    @quiet
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
