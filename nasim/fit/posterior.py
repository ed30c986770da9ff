"""Posterior of a fit by emcee (optional extra): for valleys that the covariance cannot describe.

The density is that of the least squares, :math:`-\\chi^2/(2 S^2)` with the priors of the fit, even over the ranges.
"""

from dataclasses import dataclass, field

import numpy as np

from ..errors import MissingExtraError, ProtocolError


@dataclass(frozen=True)
class Posterior:
    """Samples of the parameters, (samples, parameters), by name; `acceptance` is the mean acceptance of the walkers."""

    names: list
    samples: np.ndarray = field(repr=False)
    acceptance: float
    steps: int

    def interval(self, name, level=0.95):
        """Interval (low, high) that holds the share `level`, with equal tails."""
        tails = [50 * (1 - level), 50 * (1 + level)]
        return tuple(float(x) for x in np.percentile(self.samples[:, self.names.index(name)], tails))

    @property
    def frame(self):
        """The samples as a DataFrame."""
        import pandas

        return pandas.DataFrame(self.samples, columns=self.names)


def sample(fit, steps=200, burn=100, walkers=None, seed=1, progress=None):
    """Sample the posterior around a `FitResult` with the affine-invariant ensemble of emcee [Posterior].

    Parameters
    ----------
    steps, burn : int
        Steps of each walker that are kept, and before them.
    walkers : int, optional
        Default twice the parameters and two more; each step costs as many runs of the cells.
    seed : int
    progress : callable (step), optional

    Raises
    ------
    MissingExtraError
        emcee is not installed.
    """
    try:
        import emcee
    except ImportError:
        raise MissingExtraError("nasim.fit.sample needs emcee: pip install 'nasim[emcee]'.") from None
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
    chain = sampler.get_chain(discard=burn, flat=True)
    samples = np.array([list(problem.values(units).values()) for units in chain])
    return Posterior(fit.names, samples, float(np.mean(sampler.acceptance_fraction)), steps)
