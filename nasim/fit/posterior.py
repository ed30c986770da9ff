r"""Posterior of a fit by emcee (optional extra), for valleys that the covariance cannot describe.

The density is that of the least squares, :math:`-\chi^2/(2 S^2)` with the priors of the fit, even over the ranges.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.draws import middle
from ..checks import require_kind
from ..errors import MissingExtraError, ProtocolError, UnknownNameError, install, nearest
from .result import FitResult

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Posterior:
    """Samples of the parameters of a fit.

    Attributes
    ----------
    names : list of str
    samples : array of shape (samples, parameters)
        SI units.
    acceptance : float
        Mean share of the steps that the walkers took.
    steps : int
        Steps of each walker that are kept.
    """

    names: list[str]
    samples: np.ndarray = field(repr=False)
    acceptance: float
    steps: int

    def interval(self, name: str, level: float = 0.95) -> tuple[float, float]:
        """Return the interval (low, high) that holds the share `level` of the samples, with equal tails.

        Raises
        ------
        UnknownNameError
            The parameter was not varied.
        """
        if name not in self.names:
            raise UnknownNameError(f"'{name}' was not varied in this fit. {nearest(name, self.names)}".strip())
        return middle(self.samples[:, self.names.index(name)], level)

    @property
    def frame(self) -> "pandas.DataFrame":
        """The samples, a row each."""
        import pandas

        return pandas.DataFrame(self.samples, columns=self.names)

    def to_arviz(self):
        """Return the samples as ArviZ takes them.

        Returns
        -------
        xarray.DataTree
            Its group "posterior" has a chain for each walker and a draw for each step.

        Raises
        ------
        MissingExtraError
            arviz-base is not installed.
        """
        try:
            from arviz_base import from_dict  # pyright: ignore[reportMissingImports]
        except ImportError:
            raise MissingExtraError(f"to_arviz needs arviz-base: {install('arviz')}") from None
        chains = self.samples.reshape(self.steps, -1, len(self.names)).swapaxes(0, 1)
        return from_dict({"posterior": {name: chains[..., k] for k, name in enumerate(self.names)}})


def sample(
    fit: FitResult,
    steps: int = 200,
    burn: int = 100,
    walkers: int | None = None,
    seed: int = 1,
    progress: Callable[[int], object] | None = None,
) -> Posterior:
    """Sample the posterior around a fit with the affine-invariant ensemble of emcee.

    Parameters
    ----------
    fit : FitResult
    steps, burn : int
        Steps of each walker that are kept, and before them.
    walkers : int, optional
        Default twice the parameters and two more; each step costs as many runs of the cells.
    seed : int
        Of the start of the walkers and their steps.
    progress : callable (step), optional
        Called after each step.

    Returns
    -------
    Posterior

    Raises
    ------
    MissingExtraError
        emcee is not installed.
    ProtocolError
        The walkers are fewer than twice the parameters.
    """
    try:
        import emcee
    except ImportError:
        raise MissingExtraError(f"nasim.fit.sample needs emcee: {install('emcee')}") from None
    require_kind("sample", "fit", fit, FitResult, "the result of nasim.fit")
    n = len(fit.names)
    walkers = walkers or 2 * n + 2
    if walkers < 2 * n:
        raise ProtocolError(f"sample: {walkers} walkers are too few for {n} parameters; at least {2 * n} are needed.")
    problem, random = fit.problem, np.random.default_rng(seed)

    def log_density(units):
        if np.any(units < 0) or np.any(units > 1):
            return -np.inf
        residuals = problem.residuals(units)
        return -0.5 * float(residuals @ residuals) / fit.scale**2

    sampler = emcee.EnsembleSampler(walkers, n, log_density)
    sampler.random_state = np.random.RandomState(seed).get_state()
    spread = random.multivariate_normal(np.zeros(n), 0.25 * fit.covariance, walkers)
    for step, _ in enumerate(sampler.sample(np.clip(fit.units + spread, 1e-6, 1 - 1e-6), iterations=burn + steps)):
        if progress:
            progress(step)
    chain = np.asarray(sampler.get_chain(discard=burn, flat=True))
    samples = np.array([list(problem.values(units).values()) for units in chain])
    return Posterior(fit.names, samples, float(np.mean(sampler.acceptance_fraction)), steps)
