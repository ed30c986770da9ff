"""Bands of the numbers of an experiment: what is drawn, what is told, and that nothing computed is lost."""

import json

import numpy as np
import pandas
import pytest
from typer.testing import CliRunner

import nasim
from nasim.cli import app
from nasim.evidence.prediction import Prediction
from nasim.evidence.record import load_record
from nasim.evidence.uncertain import uncertain

TEST = nasim.GCD(cycles=1, keep=())


@pytest.fixture(scope="module")
def found():
    return nasim.predict(TEST, draws=16, progress=False)


def test_the_same_seed_gives_the_same_draws(found):
    again = nasim.predict(TEST, draws=16, progress=False)
    assert again.drawn.equals(found.drawn)
    assert not nasim.predict(TEST, draws=16, seed=2, progress=False).drawn.equals(found.drawn)


def test_draws_have_the_covariance_of_the_calibration_and_stay_in_their_ranges():
    cell, record = nasim.load("Yuan2025_NAS"), load_record()
    told = uncertain(cell, record)
    drawn = told.draws(cell, 2000, 1)
    name = "Product layer current density [A.m-2]"
    prior = told.fitted[name].prior
    z = [prior.z(values[name]) for values in drawn]
    place = list(told.fitted).index(name)
    assert np.std(z) == pytest.approx(np.sqrt(told.covariance[place, place]), rel=0.1)
    for name, (low, high) in told.ranged.items():
        assert all(low <= values[name] <= high for values in drawn), name


def test_the_value_at_the_set_is_that_of_a_run(found):
    run = TEST.run().summary.iloc[0]
    assert found.at_set["first discharge capacity [mAh.g-1]"] == pytest.approx(
        run["discharge_capacity_mAh_g"], rel=1e-4
    )
    low, high = found.band()
    assert low < high and "90 % band" in found.sentence()


def test_an_override_is_known_and_an_own_set_without_a_fit_has_ranges_only():
    name = "Interphase final thickness [m]"
    found = nasim.predict(TEST, draws=8, overrides={name: 1e-5}, progress=False)
    assert name not in found.parameters
    cell = nasim.load("Yuan2025_NAS")
    told = uncertain(cell, None)
    assert not told.fitted and name in told.ranged


def made(numbers, parameter):
    drawn = pandas.DataFrame({"a [m]": parameter, "b [m]": np.sin(np.arange(len(numbers)) * 7.0), "x [V]": numbers})
    record = {"from_calibration": 0, "from_ranges": 2, "seed": 1, "left_out": []}
    return Prediction(drawn.assign(reason=""), {"x [V]": 1.0}, ("a [m]", "b [m]"), record)


def test_what_a_number_hangs_on_is_named_only_where_the_draws_can_tell():
    rng = np.random.default_rng(0)
    a = rng.random(64)
    assert "hangs mostly on 'a [m]'" in made(2 * a + 0.1 * rng.random(64), a).sentence()
    assert "64 draws cannot tell" in made(rng.random(64), a).sentence()
    assert "the same in all draws" in made(np.ones(64), a).sentence()
    assert "16 draws are too few to tell" in made(a[:16], a[:16]).sentence()
    assert "ranges only: no fit belongs" in made(rng.random(64), a).lines()[1]


def test_failed_draws_are_counted_and_said():
    some = made(np.r_[np.linspace(0, 1, 10), np.nan, np.nan], np.arange(12.0))
    some.drawn.loc[10:, "reason"] = "the solver gave up"
    assert some.failed == 2 and len(some.values()) == 10
    assert any("2 of 12 draws failed" in line and "gave up" in line for line in some.lines())


@pytest.mark.parametrize(
    ("options", "said"),
    [({"draws": 2}, "draws must be a whole number from 8"), ({"seed": -1}, "seed must be"), ({"draws": 8.5}, "from 8")],
)
def test_bad_arguments_are_refused(options, said):
    with pytest.raises(nasim.ProtocolError, match=said):
        nasim.predict(TEST, **options)


def test_the_command_line_writes_everything_and_goes_on_from_what_it_has(tmp_path):
    asked = ["predict", "gcd", "--cycles", "1", "--draws", "8", "--out", str(tmp_path)]
    first = CliRunner().invoke(app, asked)
    assert first.exit_code == 0, first.output
    assert "90 % band" in first.output and "8 draws (seed 1)" in first.output
    assert {"draws.csv", "numbers.csv", "prediction.json", "figure.png", "draws.jsonl"} <= {
        p.name for p in tmp_path.iterdir()
    }
    lines = (tmp_path / "draws.jsonl").read_text().splitlines()
    (tmp_path / "draws.jsonl").write_text("\n".join(lines[:5]) + "\n")
    again = CliRunner().invoke(app, [*asked, "--resume", "--json"])
    told = json.loads(again.stdout)
    assert told["headline"] == "first discharge capacity [mAh.g-1]" and told["draws"] == 8
    assert len((tmp_path / "draws.jsonl").read_text().splitlines()) == len(lines)


def test_a_number_that_there_is_not_is_refused_with_the_nearest(found):
    with pytest.raises(nasim.UnknownNameError, match="first discharge capacity"):
        found.band("first discharge capacty [mAh.g-1]")
