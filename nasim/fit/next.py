r"""What to measure next: how much each experiment would narrow chosen parameters or a chosen prediction.

With :math:`\Sigma` the covariance of a fit in the scaled parameters, and J the derivatives of what a candidate would
measure, over the noise it would have, the covariance after it is

.. math::
   \Sigma' = \left(\Sigma^{-1} + J^T J / S^2\right)^{-1}

(Fisher's information adds up, for independent noise), with the scale factor S of the fit: where the residuals exceeded the
stated noise, new ones will. A target that goes as :math:`g \cdot u` has the standard deviation
:math:`\sqrt{g^T \Sigma' g}`. Candidates are ranked by the geometric mean of before over after. It is a statement about the
best point found, to first order, and supposes that the model is right.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..checks import require_kind
from ..errors import NasimError, ProtocolError, UnknownNameError, nearest
from ..notebook import quiet
from ..units import as_c_rate
from .candidates import Candidate, expected, usual
from .problem import Problem
from .result import FitResult
from .simulated import Cells
from .store import Store

if TYPE_CHECKING:
    import pandas

Target = str | Candidate


@dataclass(frozen=True)
class NextExperiments:
    """Candidates in the order of what they would tell.

    Attributes
    ----------
    table : pandas.DataFrame
        A row a candidate, the best first: experiment, hours, narrowing (standard deviation now over that after, the
        geometric mean of all targets), and that of each target after it.
    now : dict target -> float
        Standard deviation now: of a parameter [SI units], or of the capacity of a candidate, as a share.
    failed : dict
        Candidate -> why it could not be computed.
    """

    table: "pandas.DataFrame"
    now: dict[str, float]
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """The experiment that narrows the targets most."""
        return str(self.table["experiment"].iloc[0])

    def lines(self) -> list[str]:
        """Return the answer as lines of text."""
        out = [f"now: {', '.join(f'{name} +- {sd:.3g}' for name, sd in self.now.items())}"]
        out.append(self.table.to_string(index=False, float_format=lambda x: f"{x:.3g}"))
        out += [f"{name}: could not be computed ({why})" for name, why in self.failed.items()]
        return out

    def as_object(self) -> dict:
        """Return the answer as a dict that JSON takes."""
        from ..results.plain import plain

        return plain(
            {"best": self.best, "now": self.now, "experiments": self.table.to_dict("records"), "failed": self.failed}
        )

    @quiet
    def plot(self, ax=None):
        """Draw how many times narrower each experiment makes the targets; returns the axes."""
        from .figures import narrowing

        return narrowing(self, ax)


def next_experiments(
    fit: FitResult,
    candidates: Sequence[Candidate] | None = None,
    target: Target | Sequence[Target] | None = None,
    progress: Callable[[str], object] | None = None,
) -> NextExperiments:
    """Rank experiments by how much each would narrow a target.

    Parameters
    ----------
    fit : FitResult
    candidates : sequence of Candidate, optional
        Default `nasim.fit.candidates.usual`.
    target : str, Candidate, or sequence of them, optional
        A varied parameter, or a candidate of kind "cycles" whose last discharge capacity is to be predicted, or such words as
        "capacity at 0.5C at 60 degC". Default all varied parameters.
    progress : callable (str), optional
        Called with the label of each candidate before it is computed.

    Returns
    -------
    NextExperiments
        A table, the experiment that narrows most first; what is known now; candidates that cannot be computed.

    Raises
    ------
    UnknownNameError
        A target is neither a varied parameter nor words for a capacity.
    ProtocolError
        There are no candidates, or none can be computed.
    """
    import pandas

    require_kind("next", "fit", fit, FitResult, "the result of nasim.fit")
    parameters = fit.problem.cells.start
    options = list(usual(parameters) if candidates is None else candidates)
    targets = _targets(fit, target)
    asked = [each for each in targets if isinstance(each, Candidate)]
    if not options:
        raise ProtocolError("next: there are no candidates to choose from.")
    cells = _cells(fit, [*options, *asked])
    along = {_name(each): _gradient(fit, cells, each) for each in targets}
    before = {name: _sd(fit.covariance, g) for name, g in along.items()}
    rows, failed = [], {}
    for each in options:
        if progress is not None:
            progress(each.label)
        try:
            after, hours = _after(fit, cells, each)
        except (NasimError, FloatingPointError) as error:
            failed[each.label] = str(error)
            continue
        sds = {name: _sd(after, g) for name, g in along.items()}
        gain = float(np.exp(np.mean([np.log(before[name] / sds[name]) for name in along])))
        shown = {name: sds[name] * _unit(fit, name) for name in along}
        rows.append({"experiment": each.label, "hours": hours, "narrowing": gain} | shown)
    if not rows:
        raise ProtocolError(f"next: no candidate can be computed; {next(iter(failed.values()))}")
    table = pandas.DataFrame(rows).sort_values("narrowing", ascending=False, ignore_index=True)
    return NextExperiments(table, {name: sd * _unit(fit, name) for name, sd in before.items()}, failed)


def narrowed(covariance: np.ndarray, jacobian: np.ndarray, scale: float = 1.0) -> np.ndarray:
    """Return the covariance after a measurement.

    Parameters
    ----------
    covariance : array of shape (k, k)
        Before it.
    jacobian : array of shape (n, k)
        Derivatives of what is measured, over its noise.
    scale : float
        S, by which the noise is larger than stated.

    Examples
    --------
    >>> narrowed(np.eye(1), np.array([[1.0], [1.0], [1.0]])).tolist()
    [[0.25]]
    """
    root = np.linalg.cholesky(covariance)
    seen = jacobian @ root / scale
    return root @ np.linalg.solve(np.eye(len(root)) + seen.T @ seen, root.T)


def _targets(fit, target):
    given = fit.names if target is None else [target] if isinstance(target, str | Candidate) else list(target)
    return [each if isinstance(each, Candidate) or each in fit.names else asked_for(each, fit) for each in given]


def asked_for(text: str, fit: FitResult) -> Candidate:
    """Return the experiment whose capacity is meant by words such as "capacity at 0.41 mA cm-2 at 60 degC".

    Parameters
    ----------
    text : str
        "capacity", followed by "at" a current density or C-rate, a temperature, a pressure.
    fit : FitResult

    Raises
    ------
    UnknownNameError
        It is none.
    """
    from .. import nomenclature as nm

    word, *conditions = [part.strip() for part in re.split(r"\bat\b", text)]
    found: dict[str, Any] = {}
    one_C = fit.start.value(nm.NOMINAL_CAPACITY) * 1e3 / (fit.start.value(nm.AREA) * 1e4)
    for part in conditions:
        rate, match = as_c_rate(part), re.fullmatch(r"([\d.eE+-]+) ?(mA cm-2|degC|MPa)", part)
        if rate is None and match is None:
            word = ""
            break
        key = {"mA cm-2": "current_mA_cm2", "degC": "temperature_C", "MPa": "stack_pressure_MPa"}
        found |= {"current_mA_cm2": rate * one_C} if match is None else {key[match[2]]: float(match[1])}
    if word != "capacity":
        hint = nearest(text, fit.names)
        raise UnknownNameError(
            f"next: the target '{text}' is neither a varied parameter nor words such as 'capacity at 0.5C at 60 degC'. "
            f"{hint}".strip()
        )
    return Candidate(label=text, **found)


def _name(target):
    return target.label if isinstance(target, Candidate) else target


def _unit(fit, name):
    """Return what a standard deviation in scaled units is of a parameter; 1 for a prediction."""
    return fit.problem.scales[name].error(fit.values[name], 1.0) if name in fit.values else 1.0


def _cells(fit, candidates):
    """Return cells that know the conditions of all candidates."""
    known = fit.problem.cells
    runs = [each.run(known.sets.get(each.parameters, known.start)) for each in candidates]
    return Cells(known.start, known.names, runs, known.model, known.compiled)


def _gradient(fit, cells, target):
    """Return the derivative of a target by the scaled parameters, shape (k,); of a capacity, relative."""
    if not isinstance(target, Candidate):
        return np.eye(len(fit.names))[fit.names.index(target)]
    if target.kind != "cycles":
        raise ProtocolError(f"next: '{target.label}' has no capacity to predict; give a candidate of kind 'cycles'.")

    def capacity(outcomes):
        traces = outcomes[0]
        return np.log([(traces[-2] if len(traces) > 1 else traces[-1]).capacity])

    return cells.slopes(capacity, [target.run(cells.start)], fit.problem.scales, fit.units)[0]


def _after(fit, cells, candidate):
    """Return the covariance after a candidate, and its duration [h]."""
    found = expected(candidate, cells, fit.values)
    problem = Problem(found.data, cells, fit.problem.scales, {}, True, Store())
    return narrowed(fit.covariance, problem.jacobian(fit.units), fit.scale), found.hours


def _sd(covariance, g):
    return float(np.sqrt(g @ covariance @ g))
