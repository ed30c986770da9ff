"""Starts that end in different minima: said, and both shown."""

from typing import ClassVar

import numpy as np
import pytest

import nasim
import nasim.fit
from nasim.analysis.least_squares import Optimum
from nasim.fit.data import Data, Shown
from nasim.fit.minima import distinct

NAME = "Separator conductivity [S.m-1]"
LOW, HIGH = nasim.load("Yuan2025_NAS").entries[NAME].range


class TwoWells(Data):
    """Residuals with minima near 0.2 and 0.8 of the range of one parameter, the first the deeper."""

    goes_on: ClassVar[bool] = True

    def measure(self, stepper, parameters):
        return np.array([stepper.conditions[NAME]])

    def residuals(self, outcome):
        x = (outcome[0] - LOW) / (HIGH - LOW)
        return np.array([300.0 * (x - 0.2) * (x - 0.8), 3.0 * x, 0.0, 0.0])

    def shown(self):
        return Shown(np.arange(4.0), np.zeros(4), 1.0, "Number", "Value")


@pytest.fixture(scope="module")
def fit():
    return nasim.fit(TwoWells(legs=()), [NAME], jacobian="differences", starts=8, seed=1)


def test_both_minima_are_said_and_shown(fit):
    first, second = fit.minima
    assert first.units == pytest.approx([0.2], abs=0.01) and second.units == pytest.approx([0.8], abs=0.01)
    assert first.starts + second.starts == 8
    assert fit.units == pytest.approx(first.units)
    assert any(line.startswith("The starts ended in 2 different minima: chi-square") for line in fit.warnings())
    assert fit.minima_table[NAME].to_numpy() == pytest.approx(LOW + (HIGH - LOW) * np.array([0.2, 0.8]), rel=0.02)
    assert len(fit.as_object()["minima"]) == 2
    labels = [line.get_label() for line in fit.plot()[0, 0].lines]
    assert "minimum 2" in labels


def test_the_page_lists_them(fit, tmp_path):
    assert "<h2>Minima</h2>" in fit.report(tmp_path / "report.html").read_text()


def test_one_start_knows_of_one_minimum():
    fit = nasim.fit(TwoWells(legs=()), [NAME], jacobian="differences")
    assert len(fit.minima) == 1 and fit.record["explore"] == 0


def ended(x, cost, jacobian, finished=True):
    return Optimum(np.array(x), np.sqrt([2 * cost, 0.0]), np.array(jacobian, dtype=float), finished, "")


def test_ends_along_a_flat_valley_are_one_minimum():
    """Two parameters that enter as a product: the derivative along the valley is zero."""
    valley = [[100.0, 100.0], [0.0, 0.0]]
    ends = [ended([0.2, 0.8], 1.0, valley), ended([0.7, 0.3], 1.1, valley), ended([0.5, 0.9], 1.2, valley)]
    found = distinct(ends, 1.0)
    assert [minimum.starts for minimum in found] == [2, 1]
    assert found[0].chi2 == pytest.approx(2.0)
    assert [minimum.starts for minimum in distinct(ends, 100.0)] == [3]
    assert distinct([ended([0.1, 0.1], 1.0, valley, finished=False)], 1.0) == []
