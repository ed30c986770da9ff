"""The optional extras, where they are installed: PyBOP's optimisers and emcee's sampler on the same problem."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nasim
import nasim.fit
from nasim import ProtocolError

ALPHA, KINETIC = "Sulfur step 1 transfer coefficient", "Sulfur step 1 exchange current density [A.m-2]"
TRUE = {KINETIC: 0.2, ALPHA: 0.6}


@pytest.fixture(scope="module")
def curves():
    result = nasim.GCD(current_mA_cm2=0.127, cycles=1).run(overrides=TRUE)
    return nasim.fit.from_result(result, noise_mV=2, capacity_noise=1e-4, seed=1, points=80)


def test_pybop_finds_the_same(curves):
    pybop = pytest.importorskip("pybop")
    from nasim.fit import pybop as adapter

    problem = adapter.problem(curves[:1], list(TRUE))
    truth = np.array([TRUE[name] for name in problem.parameters.names])
    at_truth, off = (float(np.ravel(problem.evaluate(truth * share).values)[0]) for share in (1.0, 1.02))
    assert off > 2 * at_truth
    assert_allclose(at_truth, 78 * 4e-6, rtol=0.5)
    with pytest.raises(ProtocolError, match="not a first half cycle"):
        adapter.problem(curves[1:], list(TRUE))
    assert pybop


@pytest.mark.slow
def test_emcee_agrees_with_the_covariance(curves):
    pytest.importorskip("emcee")
    fit = nasim.fit(curves[:1], [ALPHA], overrides=TRUE)
    posterior = nasim.fit.sample(fit, steps=60, burn=20, seed=1)
    assert posterior.samples.shape == (60 * 4, 1)
    assert_allclose(posterior.samples.mean(), fit.values[ALPHA], atol=0.5 * fit.standard_errors[ALPHA])
    assert_allclose(posterior.samples.std(), fit.standard_errors[ALPHA], rtol=0.35)
    low, high = posterior.interval(ALPHA)
    assert low < fit.values[ALPHA] < high


def test_arviz_has_a_chain_for_each_walker():
    pytest.importorskip("arviz_base")
    from nasim.fit.posterior import Posterior

    steps, walkers = 5, 4
    samples = np.array([[100.0 * walker + step, -step] for step in range(steps) for walker in range(walkers)])
    tree = Posterior(["a", "b"], samples, 0.4, steps).to_arviz()
    assert dict(tree["posterior"].sizes) == {"chain": walkers, "draw": steps}
    assert tree["posterior"]["a"].sel(chain=2, draw=3).item() == 203.0
