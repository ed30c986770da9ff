"""Result of a fit: values with intervals, correlations, what the data cannot tell, bands, files."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.least_squares import correlation, covariance, scale_factor
from ..errors import ProtocolError, UnknownNameError, nearest
from ..files import write_text
from ..notebook import card, intervals, quiet
from ..parameters import ParameterSet
from .identify import RANGE_SD, Direction, directions
from .minima import Minimum, distinct
from .problem import Problem

if TYPE_CHECKING:
    import pandas

    from .profile import Profile

AT_BOUND = 2e-3
"""A value this close to a bound, as a share of the range, is said to lie at it."""
ROUGH, DESCRIBED = 1.5, 5.0
"""Residuals over stated noise from which on the description is called rough, and up to which it is called one."""


@dataclass(frozen=True)
class FitResult:
    """Outcome of `nasim.fit`.

    Attributes
    ----------
    values, standard_errors : dict parameter -> float
        SI units. Along directions that the data do not determine, an error is that of the range.
    directions : list of Direction
        Combinations of parameters, the best determined first; see `undetermined`.
    chi2, freedom : float, int
        Sum of squares of the residuals (priors included), and their number less that of the parameters.
    scale : float
        Factor on all errors: more than 1 where the residuals exceed the stated noise.
    counts : dict
        Evaluations, Jacobians, failed computations, points that were taken from the checkpoint.
    finished : bool
        Whether the search converged.
    message : str
        Why it ended.
    units, covariance, jacobian : array of shape (k,), (k, k) and (n, k)
        Best point, covariance and derivatives in the scaled parameters.
    record : dict
        All that the numbers depend on.
    start : ParameterSet
    problem : Problem
    minima : list of Minimum
        Where the starts that converged ended, the best first; see `minima_table`.
    """

    values: dict[str, float]
    standard_errors: dict[str, float]
    directions: list[Direction] = field(repr=False)
    chi2: float
    freedom: int
    scale: float
    counts: dict[str, int]
    finished: bool
    message: str
    units: np.ndarray = field(repr=False)
    covariance: np.ndarray = field(repr=False)
    jacobian: np.ndarray = field(repr=False)
    record: dict = field(repr=False)
    start: ParameterSet = field(repr=False)
    problem: Problem = field(repr=False)
    minima: list[Minimum] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, problem: Problem, start: ParameterSet, finished: bool, message: str, record: dict) -> "FitResult":
        """Return the result at the best point of a problem.

        Parameters
        ----------
        problem : Problem
        start : ParameterSet
        finished, message
            Whether the search converged, and why it ended.
        record : dict
            See `describe`.
        """
        problem.search.without_limit()
        problem.progress, units = None, problem.search.point
        residuals, jacobian = problem.residuals(units), problem.jacobian(units)
        n = len(problem.names)
        factor = scale_factor(residuals, n)
        spread = covariance(jacobian, factor, RANGE_SD)
        values = problem.values(units)
        errors = {
            name: problem.scales[name].error(values[name], float(np.sqrt(spread[k, k])))
            for k, name in enumerate(problem.names)
        }
        own = jacobian[: len(residuals) - len(problem.priors)]
        combinations = directions(own, problem.names, problem.scales, factor)
        chi2, freedom = float(residuals @ residuals), len(residuals) - n
        return cls(
            values=values,
            standard_errors=errors,
            directions=combinations,
            chi2=chi2,
            freedom=freedom,
            scale=factor,
            counts=dict(problem.counts),
            finished=finished,
            message=message,
            units=units,
            covariance=spread,
            jacobian=jacobian,
            record=record,
            start=start,
            problem=problem,
            minima=distinct(problem.ends, factor),
        )

    def _repr_html_(self) -> str:
        errors = self.standard_errors
        numbers = {name: f"{value:.4g} +- {errors[name]:.2g} (SI)" for name, value in self.values.items()}
        half = 1.96 * np.sqrt(np.diag(self.covariance))
        ends = zip(self.names, self.units - half, self.units, self.units + half, strict=True)
        lines = [self.verdict(), f"stopped: {self.message}"]
        return card(f"Fit of {len(numbers)} parameters", numbers, lines, intervals(ends))

    @property
    def names(self) -> list[str]:
        """Varied parameters."""
        return list(self.values)

    @property
    def correlation(self) -> "pandas.DataFrame":
        """Correlations of the parameters, shape (k, k)."""
        import pandas

        return pandas.DataFrame(correlation(self.covariance), self.names, self.names)

    @property
    def undetermined(self) -> list[Direction]:
        """Directions of which the data say no more than the ranges did."""
        return [direction for direction in self.directions if direction.undetermined]

    @property
    def at_bound(self) -> list[str]:
        """Parameters that ended at a bound of their range."""
        near = (self.units < AT_BOUND) | (self.units > 1 - AT_BOUND)
        return [name for name, there in zip(self.names, near, strict=True) if there]

    @property
    def describes(self) -> bool:
        """Whether the model describes the data; if not, values and intervals mean nothing."""
        return self.scale <= DESCRIBED

    def verdict(self) -> str:
        """Return in a sentence how well the model describes the data, to be read before any value."""
        numbers = f"chi-square {self.chi2:.3g} for {self.freedom} degrees of freedom"
        if not self.describes:
            return (
                f"The model cannot describe these data: its residuals are {self.scale:.2g} times the stated noise ({numbers}). "
                "Do not use the values or their intervals; check the file, the cell (set, area, mass, window, current) and "
                "which parameters are varied."
            )
        if self.scale > ROUGH:
            return (
                f"The model describes the data roughly: residuals are {self.scale:.2g} times the stated noise ({numbers}); "
                "errors are scaled by that factor."
            )
        return f"The model describes the data to the stated noise ({numbers})."

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval (low, high) of a parameter from the covariance, within its bounds.

        Parameters
        ----------
        name : str
        level : float
            Confidence, 0 to 1.

        Raises
        ------
        UnknownNameError
            The parameter was not varied.
        """
        from scipy.stats import norm

        k, scale = self._place(name), self.problem.scales[name]
        half = norm.ppf(0.5 + level / 2) * np.sqrt(self.covariance[k, k])
        low, high = np.clip([self.units[k] - half, self.units[k] + half], 0.0, 1.0)
        return scale.value(float(low)), scale.value(float(high))

    def _place(self, name):
        if name not in self.values:
            raise UnknownNameError(f"'{name}' was not varied in this fit. {nearest(name, self.names)}".strip())
        return self.names.index(name)

    @property
    def table(self) -> "pandas.DataFrame":
        """A row a parameter: value, error, interval, range, whether the data determine it.

        They determine nothing where the model does not describe them.
        """
        import pandas

        vague = {name for direction in self.undetermined for name in direction.components}
        rows = []
        for name, value in self.values.items():
            low, high = self.interval(name)
            scale = self.problem.scales[name]
            rows.append(
                {
                    "parameter": name,
                    "value": value,
                    "standard_error": self.standard_errors[name],
                    "low_95": low,
                    "high_95": high,
                    "start": self.start.value(name),
                    "range_low": scale.low,
                    "range_high": scale.high,
                    "determined": self.describes and name not in vague,
                    "at_bound": name in self.at_bound,
                }
            )
        return pandas.DataFrame(rows)

    def warnings(self) -> list[str]:
        """Return sentences that a user must know before using the values."""
        out = [self.verdict()] if self.scale > ROUGH else []
        out += [self._several()] if len(self.minima) > 1 else []
        out += [] if self.finished else [f"The search ended before it converged: {self.message}."]
        out += [f"{direction.text}." for direction in self.directions if direction.weak]
        out += [f"'{name}' lies at a bound of its range." for name in self.at_bound]
        if self.counts["failed"]:
            out.append(f"{self.counts['failed']} computations failed and counted as misfits.")
        return out

    @property
    def minima_table(self) -> "pandas.DataFrame":
        """A row a minimum, the best first: chi2, starts that ended there, the value of each parameter."""
        import pandas

        rows = [{"chi2": m.chi2, "starts": m.starts} | self.problem.values(m.units) for m in self.minima]
        return pandas.DataFrame(rows)

    def _several(self):
        total = sum(minimum.starts for minimum in self.minima)
        ends = "; ".join(
            f"chi-square {m.chi2:.4g} ({m.starts} of {total} starts): "
            + ", ".join(f"'{name}' = {value:.4g}" for name, value in self.problem.values(m.units).items())
            for m in self.minima
        )
        return (
            f"The starts ended in {len(self.minima)} different minima: {ends}. The values given are those of the first."
        )

    def residuals(self) -> list[np.ndarray]:
        """Return the residuals in standard deviations, an array for each curve."""
        residuals, rows = self.problem.residuals(self.units), self.problem.rows
        return np.split(residuals[: sum(rows)], np.cumsum(rows)[:-1])

    def prediction(self, number: int = 0, level: float = 0.95) -> "pandas.DataFrame":
        """Return one curve as measured and computed, with the band of the fit.

        The band holds what the uncertainty of the parameters does to the computed curve, not the noise.

        Parameters
        ----------
        number : int
            Number of the curve, from 0.
        level : float
            Confidence of the band, 0 to 1.

        Raises
        ------
        UnknownNameError
            There is no curve of that number.
        """
        from .bands import band

        return band(self, number, level)

    def profile(self, name: str, level: float = 0.95, steps_per_side: int = 3, iterations: int = 15) -> "Profile":
        """Return the profile likelihood of one parameter; see `nasim.fit.profile.profile`.

        Parameters
        ----------
        name : str
        level : float
            Confidence of the interval, 0 to 1.
        steps_per_side : int
            About so many points between the optimum and each end of the interval.
        iterations : int
            Most least-squares steps at each point.

        Raises
        ------
        UnknownNameError
            The parameter was not varied.
        """
        from .profile import profile

        self._place(name)
        return profile(self, name, level, steps_per_side, iterations)

    def to_toml(self, path: str | os.PathLike, source: str | None = None, url: str | None = None) -> Path:
        """Write a parameter set that extends the start, with values, errors, and how they were found; returns the path.

        Parameters
        ----------
        path : path
        source, url : str, optional
            Citation of the data and where they are; default their labels and hashes.

        Raises
        ------
        ParameterSetError
            The start is neither a shipped set nor a file, so that no file can extend it.
        """
        from .export import to_toml

        return to_toml(self, path, source, url)

    def parameter_set(self) -> ParameterSet:
        """Return the start with the fitted values.

        Raises
        ------
        ProtocolError
            A value lies outside the range of the set; `to_toml` writes it with the range of the fit.
        """
        return self.start.with_overrides(_inside(self.values, self.start))

    def as_object(self) -> dict:
        """Return the result as a dict that JSON takes."""
        from ..results.plain import plain

        keys = ("chi2", "freedom", "scale", "counts", "finished", "message")
        out = {"parameters": self.table.to_dict("records"), "correlation": self.correlation.to_numpy().tolist()}
        out |= {key: getattr(self, key) for key in keys}
        out["undetermined"] = [
            {"components": direction.components, "text": direction.text} for direction in self.undetermined
        ]
        out["minima"] = self.minima_table.to_dict("records")
        return plain({"verdict": self.verdict()} | out | {"warnings": self.warnings(), "record": self.record})

    def to_json(self, path: str | os.PathLike) -> None:
        """Write `as_object` to the file `path`, whole or not at all.

        Parameters
        ----------
        path : path
            File to write.
        """
        write_text(path, json.dumps(self.as_object(), indent=1))

    def report(self, path: str | os.PathLike, title: str = "Fit") -> Path:
        """Write one self-contained HTML page with tables and figures; returns its path.

        Parameters
        ----------
        path : path
        title : str
        """
        from .page import page

        return page(self, path, title)

    @quiet
    def plot(self, number: int | None = None) -> np.ndarray:
        """Draw the curves with bands and residuals; returns axes of shape (curves, 2).

        Parameters
        ----------
        number : int, optional
            Only this curve; default the first eight.
        """
        from .figures import curves

        return curves(self, number)


def _inside(values: Mapping[str, float], start: ParameterSet) -> Mapping[str, float]:
    """Return the values; ProtocolError where the set's own range refuses one."""
    for name, value in values.items():
        if start.entries[name].outside(value):
            raise ProtocolError(
                f"'{name}' = {value:g} was fitted outside the range of set '{start.name}'; write it with to_toml(path)."
            )
    return values
