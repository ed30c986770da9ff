"""A slice of the campaign, and that it counts, goes on, names failures, and sees what is wrong with a result."""

import importlib.util
import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.nomenclature import columns as col
from nasim.protocols import PROTOCOLS, protocol_class

PATH = Path(__file__).parent.parent / "benchmarks" / "campaign.py"


@pytest.fixture(scope="module")
def campaign():
    spec = importlib.util.spec_from_file_location("campaign", PATH)
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PATH.parent)
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def result():
    return nasim.GCD(cycles=1).run()


@pytest.mark.slow
def test_a_slice_ends_without_a_failure_and_goes_on(campaign, tmp_path, capsys):
    words = ["--runs", "2", "--kills", "0", "--log", str(tmp_path / "log")]
    assert campaign.main([*words, "--malformed", "8"]) == []
    assert campaign.main([*words, "--malformed", "24", "--page", str(tmp_path / "page.md")]) == []
    assert "malformed: 24 run" in capsys.readouterr().out
    assert len((tmp_path / "log").read_text().splitlines()) == 26
    assert "| malformed | 24 |" in (tmp_path / "page.md").read_text()


def test_a_failure_is_counted_with_its_number_and_belongs_to_its_seed(campaign, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(campaign.KINDS, "run", lambda rng, number, seed: 1 / 0)
    words = ["--runs", "1", "--malformed", "0", "--kills", "0", "--log", str(tmp_path / "log")]
    (failure,) = campaign.main(words)
    assert failure["outcome"] == "undocumented ZeroDivisionError"
    assert "run:0 undocumented ZeroDivisionError" in capsys.readouterr().out
    assert json.loads((tmp_path / "log").read_text())["number"] == 0
    campaign.main([*words, "--seed", "5"])
    assert len((tmp_path / "log").read_text().splitlines()) == 2


def test_a_case_follows_from_its_number_and_the_seed(campaign):
    cells = campaign.campaign_cells
    first, other = cells.structure(7), cells.structure(7, seed=1)
    cells.structure.cache_clear()
    assert cells.structure(7)[-2:] == first[-2:] and cells.structure(7).inputs == first.inputs
    assert first.words != other.words


def test_every_protocol_set_and_kind_of_cell_is_drawn(campaign, tmp_path):
    cells, rng = campaign.campaign_cells, random.Random(0)
    drawn = {type(cells.protocol(rng, kind, tmp_path)) for kind in cells.OWN for _ in range(300)}
    assert drawn == {protocol_class(word) for word in PROTOCOLS}
    assert {nasim.load(name).cell.model for name in cells.SETS[:6]} == set(cells.OWN)
    assert set(nasim.parameters.available()) < set(cells.SETS)


def spoiled(result, **changes):
    """The result with other values in a column of its curves, given by a function of the column."""
    curves = result.curves.copy()
    for name, change in changes.items():
        curves[name] = change(curves[name].to_numpy().copy())
    return replace(result, curves=curves)


def with_a(value, at=5):
    def change(column):
        column[at] = value
        return column

    return change


@pytest.mark.parametrize(
    ("found", "changes"),
    [
        ("not a number", {nm.VOLTAGE: with_a(np.nan)}),
        ("out of bounds", {nm.SULFUR.fraction(1): with_a(-0.01)}),
        ("out of bounds", {nm.CONNECTED: with_a(1.01)}),
        ("outside the window", {nm.VOLTAGE: with_a(0.6)}),
        ("falling", {col.AREAL: with_a(0.2, at=40)}),
        ("falling", {nm.TIME: with_a(1.0, at=40)}),
    ],
)
def test_what_is_wrong_with_a_curve_is_seen(campaign, result, found, changes):
    assert campaign.judged(result) == ("done", "")
    assert campaign.judged(spoiled(result, **changes))[0] == found


def test_open_balances_unknown_ends_and_other_numbers_are_seen(campaign, result):
    open_ = replace(result, record=result.record | {"audit": {"sodium": 1e-6}})
    assert campaign.judged(open_) == ("balance broken", "sodium 1.0e-06")
    odd = replace(result, record=result.record | {"stopped_because": "it was late"})
    assert campaign.judged(odd)[0] not in campaign.GOOD
    more = replace(result, summary=result.summary * 1.01)
    assert campaign.differing(result, result) == "" and "discharge_capacity" in campaign.differing(result, more)
