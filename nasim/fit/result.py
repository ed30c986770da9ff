"""What a fit answers: values with intervals, correlations, what the data cannot tell, bands, files."""

import json
from dataclasses import dataclass, field

import numpy as np

from ..errors import ProtocolError, UnknownNameError, nearest
from .estimator import correlation, covariance, scale_factor
from .identify import RANGE_SD, directions

AT_BOUND = 2e-3
"""A value this close to a bound, as a share of the range, is said to lie at it."""


@dataclass(frozen=True)
class FitResult:
    """Outcome of `nasim.fit`.

    Attributes
    ----------
    values, standard_errors : dict
        By parameter, SI. Along directions that the data do not determine, an error is that of the range.
    directions : list of Direction
        Combinations of parameters, the best determined first; see `undetermined`.
    chi2, freedom : float, int
        Sum of squares of the residuals (priors included), and their number less that of the parameters.
    scale : float
        Factor on all errors: more than 1 where the residuals exceed the stated noise.
    counts : dict
        Evaluations, Jacobians, failed computations, points that were taken from the checkpoint.
    finished, message
        Whether the search converged, and its last word.
    """

    values: dict
    standard_errors: dict
    directions: list = field(repr=False)
    chi2: float
    freedom: int
    scale: float
    counts: dict
    finished: bool
    message: str
    units: np.ndarray = field(repr=False)
    covariance: np.ndarray = field(repr=False)
    jacobian: np.ndarray = field(repr=False)
    record: dict = field(repr=False)
    start: object = field(repr=False)
    problem: object = field(repr=False)

    @classmethod
    def of(cls, problem, start, finished, message, record):
        """The answers at the best point of a `Problem`."""
        problem.deadline, problem.progress = np.inf, None
        _, units = problem.best
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
        found = directions(own, problem.names, problem.scales, factor)
        chi2, freedom = float(residuals @ residuals), len(residuals) - n
        counts = dict(problem.counts)
        return cls(
            values, errors, found, chi2, freedom, factor, counts, finished, message, units, spread, jacobian, record, start,
            problem,
        )  # fmt: skip

    @property
    def names(self):
        return list(self.values)

    @property
    def correlation(self):
        """Correlations of the parameters, a DataFrame."""
        import pandas

        return pandas.DataFrame(correlation(self.covariance), self.names, self.names)

    @property
    def undetermined(self):
        """Directions of which the data say no more than the ranges did, a list of `Direction`."""
        return [each for each in self.directions if each.undetermined]

    @property
    def at_bound(self):
        """Parameters that ended at a bound of their range."""
        near = (self.units < AT_BOUND) | (self.units > 1 - AT_BOUND)
        return [name for name, there in zip(self.names, near, strict=True) if there]

    def interval(self, name, level=0.95):
        """Confidence interval (low, high) of a parameter from the covariance, within its bounds.

        Raises
        ------
        UnknownNameError
            The parameter was not varied.
        """
        from scipy.stats import norm

        k, scale = self._place(name), self.problem.scales[name]
        half = norm.ppf(0.5 + level / 2) * np.sqrt(self.covariance[k, k])
        return tuple(scale.value(float(np.clip(self.units[k] + sign * half, 0.0, 1.0))) for sign in (-1, 1))

    def _place(self, name):
        if name not in self.values:
            raise UnknownNameError(f"'{name}' was not varied in this fit. {nearest(name, self.names)}".strip())
        return self.names.index(name)

    @property
    def table(self):
        """A row a parameter: value, error, interval, range, whether the data determine it; a DataFrame."""
        import pandas

        vague = {name for each in self.undetermined for name in each.components}
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
                    "determined": name not in vague,
                    "at_bound": name in self.at_bound,
                }
            )
        return pandas.DataFrame(rows)

    def warnings(self):
        """What a user must know before using the values, a list of sentences."""
        out = [] if self.finished else [f"The search ended before it converged: {self.message}."]
        out += [f"{each.text}." for each in self.directions if each.weak]
        out += [f"'{name}' lies at a bound of its range." for name in self.at_bound]
        if self.scale > 1.5:
            out.append(f"The residuals are {self.scale:.2g} times the stated noise; errors were scaled by that factor.")
        if self.counts["failed"]:
            out.append(f"{self.counts['failed']} computations failed and counted as misfits.")
        return out

    def residuals(self):
        """Residuals in standard deviations, a list with an array for each curve."""
        found, rows = self.problem.residuals(self.units), self.problem.rows
        return np.split(found[: sum(rows)], np.cumsum(rows)[:-1])

    def prediction(self, number=0, level=0.95):
        """Measured and computed curve number `number` with the band of the fit, a DataFrame.

        The band holds what the uncertainty of the parameters does to the computed curve, not the noise.
        """
        from .bands import band

        return band(self, number, level)

    def profile(self, name, level=0.95, **options):
        """Profile likelihood of one parameter [Profile]; see `nasim.fit.profile.profile`."""
        from .profile import profile

        self._place(name)
        return profile(self, name, level, **options)

    def to_toml(self, path, source=None, url=None):
        """Write a parameter set that extends the start, with values, errors, and how they were found.

        `source` is the citation of the data, `url` where they are; default their labels and hashes.
        """
        from .export import to_toml

        return to_toml(self, path, source, url)

    def parameter_set(self):
        """The start with the fitted values [ParameterSet]."""
        return self.start.with_overrides(_inside(self.values, self.start))

    def as_object(self):
        """The answers as a dict that JSON takes."""
        from ..results.report import plain

        keys = ("chi2", "freedom", "scale", "counts", "finished", "message")
        out = {"parameters": self.table.to_dict("records"), "correlation": self.correlation.to_numpy().tolist()}
        out |= {key: getattr(self, key) for key in keys}
        out["undetermined"] = [{"components": each.components, "text": each.text} for each in self.undetermined]
        return plain(out | {"warnings": self.warnings(), "record": self.record})

    def to_json(self, path):
        """Write `as_object` to a file."""
        from ..results.result import write_whole

        text = json.dumps(self.as_object(), indent=1)
        write_whole(path, lambda part: _write(part, text))

    def report(self, path, title="Fit"):
        """Write one self-contained HTML page with tables and figures."""
        from .page import page

        return page(self, path, title)

    def plot(self, number=None):
        """Figure of the curves with bands and residuals; returns its axes."""
        from .figures import curves

        return curves(self, number)


def _inside(values, start):
    """Values that the set's own ranges accept; a fit within wider bounds cannot be an override of the set."""
    for name, value in values.items():
        if start.entries[name].outside(value):
            raise ProtocolError(
                f"'{name}' = {value:g} was fitted outside the range of set '{start.name}'; write it with to_toml(path)."
            )
    return values


def _write(part, text):
    with open(part, "w", encoding="utf-8") as file:
        file.write(text)
