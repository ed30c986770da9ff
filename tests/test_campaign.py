"""A slice of the campaign, and that it counts, goes on and names failures."""

import importlib.util
import json
from pathlib import Path

import pytest

PATH = Path(__file__).parent.parent / "benchmarks" / "campaign.py"


@pytest.fixture(scope="module")
def campaign():
    spec = importlib.util.spec_from_file_location("campaign", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_slice_ends_without_a_failure_and_goes_on(campaign, tmp_path, capsys):
    words = ["--runs", "2", "--kills", "0", "--log", str(tmp_path / "log")]
    assert campaign.main([*words, "--malformed", "20"]) == []
    assert campaign.main([*words, "--malformed", "60"]) == []
    assert "malformed: 60 run" in capsys.readouterr().out
    assert len((tmp_path / "log").read_text().splitlines()) == 62


def test_a_failure_is_counted_with_its_number(campaign, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(campaign.KINDS, "run", lambda rng, number: 1 / 0)
    (failure,) = campaign.main(["--runs", "1", "--malformed", "0", "--kills", "0", "--log", str(tmp_path / "log")])
    assert failure["outcome"] == "undocumented ZeroDivisionError"
    assert "run:0 undocumented ZeroDivisionError" in capsys.readouterr().out
    assert json.loads((tmp_path / "log").read_text())["number"] == 0
