"""Bands: draws have the covariance of the calibration, ends are quantiles, and bands of other values are not shown."""

import numpy as np
import pytest

from nasim.errors import DataFileError, NasimError
from nasim.evidence import published
from nasim.evidence.bands import Band, band_of, bands, draws, load_bands, save
from nasim.evidence.calibration import shipped_sets
from nasim.evidence.estimate import Problem
from nasim.evidence.record import Record
from nasim.evidence.stages import Fitted, Prior
from nasim.evidence.table import Scorecard

KEYS = ("Contact pressure scale [Pa]", "Contact pressure exponent")
PARAMETERS = (
    Fitted(KEYS[0], prior=Prior(2e7, 2.0, True, "x"), bounds=(1e6, 1e9)),
    Fitted(KEYS[1], prior=Prior(1.0, 0.5, False, "x"), bounds=(0.0, 5.0)),
)
COVARIANCE = np.array([[0.04, 0.01], [0.01, 0.09]])
RECORD = Record({KEYS[0]: 3e7, KEYS[1]: 0.8}, {}, COVARIANCE, ("NAS-D1",), [], 0.1)


def row(id):
    return published.rows(id)[0]


def test_draws_have_the_covariance_of_the_calibration_and_the_seed():
    problem = Problem(None, (), PARAMETERS)
    found = draws(RECORD, problem, 4000)
    z = np.array([problem.point(values) for values in found])
    assert z.mean(axis=0) == pytest.approx(problem.point(RECORD.values), abs=0.02)
    assert np.cov(z.T) == pytest.approx(COVARIANCE, abs=0.006)
    assert draws(RECORD, problem, 3) == draws(RECORD, problem, 3)


def test_a_band_is_the_middle_of_the_draws():
    found = [published.judged(row("NAS-D1"), (float(x),)) for x in np.linspace(1900, 2000, 101)]
    band = band_of(row("NAS-D1"), found)
    assert (band.low[0], band.high[0]) == pytest.approx((1905.0, 1995.0))
    assert band.inside(row("NAS-D1")) == [True]
    assert Band((1980.0,), (1990.0,)).inside(row("NAS-D1")) == [False]


def test_a_statement_has_the_share_of_draws_that_say_what_was_published():
    said = [published.judged(row("P20-SSC"), (value,)) for value in (False, False, False, True)]
    assert band_of(row("P20-SSC"), said) == Band(yes=0.75)


def test_a_value_that_most_draws_do_not_show_has_no_band():
    pairs = [(2.15, None), (2.16, None), (2.14, 2.3)]
    band = band_of(row("NASC-OX"), [published.judged(row("NASC-OX"), pair) for pair in pairs])
    assert band.low[1] is None and band.low[0] == pytest.approx(2.141)
    assert band.inside(row("NASC-OX")) == [True]


def test_a_range_lies_inside_where_it_overlaps():
    assert Band((0.75, 0.75), (0.85, 0.85)).inside(row("T60-P3")) == [True]
    assert Band((0.82, 0.82), (0.85, 0.85)).inside(row("T60-P3")) == [False]


def test_bands_come_from_runs_at_the_draws():
    class FakeBench:
        def several(self, ids, points):
            P0 = KEYS[0]
            return [{id: published.judged(row(id), (values[P0] / 3e7 * 1976,)) for id in ids} for values in points]

    narrow = Record(RECORD.values, {}, COVARIANCE * 1e-6, RECORD.rows, [], 0.1)
    (band,) = bands("NAS-D1", number=20, record=narrow, bench=FakeBench()).values()
    assert band.low[0] < 1976 < band.high[0]
    assert band.high[0] - band.low[0] < 10


def test_stored_bands_belong_to_the_values_they_were_drawn_around(tmp_path):
    sets = shipped_sets()
    path = save({"NAS-D1": Band((1.0,), (2.0,)), "P20-SSC": Band(yes=0.5)}, 9, sets, tmp_path)
    assert load_bands(sets, tmp_path) == {"NAS-D1": Band((1.0,), (2.0,)), "P20-SSC": Band(yes=0.5)}
    other = sets | {"Yuan2025_NAS": sets["Yuan2025_NAS"].with_overrides({"Sulfur mass fraction": 0.13})}
    assert load_bands(other, tmp_path) == {}
    assert load_bands(sets, tmp_path / "nowhere") == {}
    path.write_text("{}")
    with pytest.raises(DataFileError, match="does not hold bands"):
        load_bands(sets, tmp_path)


def test_without_a_calibration_there_are_no_bands(monkeypatch):
    monkeypatch.setattr("nasim.evidence.record.load_record", lambda: None)
    with pytest.raises(NasimError, match="nasim calibrate --write"):
        bands("NAS-D1")


def test_the_scorecard_counts_what_lies_inside():
    findings = {id: published.judged(row(id), row(id).values) for id in ("NAS-D1", "RATE-0.82", "CV-25")}
    shown = {"NAS-D1": Band((1900.0,), (2000.0,)), "RATE-0.82": Band((400.0,), (500.0,)), "CV-25": Band(yes=0.9)}
    scores = Scorecard(findings, {}, shown)
    assert scores.inside == {"calibrated": (1, 1), "predicted": (0, 1)}
    table = scores.table.set_index("id")["band"]
    assert table["NAS-D1"] == [1900.0, 2000.0] and table["CV-25"] == 0.9
    from nasim.results.report import score_lines

    assert "predicted: 0 of 1 published numbers lie inside the 90 % band of the parameters" in score_lines(scores)
