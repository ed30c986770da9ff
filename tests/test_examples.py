"""Every example runs, returns the number that its text claims, and draws the figure that the documentation shows."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))

CLAIMS = {
    "01_one_discharge": lambda mAh_g: 1800 < mAh_g < 2200,
    "02_more_than_sulfur": lambda share: 0.20 < share < 0.33,
    "03_what_limits_the_rate": lambda kept: 0.15 < kept < 0.40,
    "04_reading_dqdv": lambda peaks: (
        near(peaks["sulfur alone"], 1.05, 1.75)
        and near(peaks["electrolyte alone"], 1.25, 1.60)
        and near(peaks["both chains"], 1.05, 1.25, 1.75)
    ),
    "05_stack_pressure": lambda ratio: 1.6 < ratio < 2.4,
    "06_interphase_at_rest": lambda late: late["self_limiting"] < 0.08 and 0.2 < late["parabolic"] < 0.3,
    "07_symmetric_cell": lambda rise: 1.5 < rise["NAS"] < 2.3 and rise["NPS"] < 1.02,
    "08_impedance": lambda added: 70 < added[0] < 130 and abs(added[1] / added[0] - 1) < 0.02,
    "09_fade": lambda kept: 0.80 < kept < 0.95,
    "10_sixty_degrees": lambda back: back[25] > 0.82 and 0.55 < back[60] < 0.78,
    "11_soft_short": lambda leaked: leaked[62.5] > 0.2 and leaked[20] < 0.02 and leaked[250] < 0.02,
    "12_your_own_submodel": lambda mV: 10 < mV < 30,
    "13_your_own_cell": lambda ratio: 0.6 < ratio < 0.9,
    "14_fitting_a_file": lambda found: all(0.95 < ratio < 1.05 for ratio in found.values()),
    "15_a_sweep": lambda table: (
        (table.loc[60] > table.loc[25]).all()
        and (table.diff(axis=1).iloc[:, 1:] < 0).all(axis=None)
        and 0.85 < table.loc[60, 0.41] / table.loc[25, 0.082] < 1.15
    ),
    "16_pybamm_native": lambda ratio: abs(ratio - 1) < 0.001,
    "17_pybop": lambda ratios: all(0.9 < ratio < 1.1 for ratio in ratios.values()),
    "18_how_coarse_may_the_alloy_be": lambda kept: 0.5 < kept < 0.7,
}


def near(found, *expected):
    return all(min(abs(V - target) for V in found) < 0.08 for target in expected)


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_returns_what_its_text_claims_and_draws(path, tmp_path):
    if path.stem == "17_pybop":
        pytest.importorskip("pybop", reason="PyBOP is not installed (it needs an environment of its own)")
    figures = load(ROOT / "docs" / "make_figures.py")
    shown, found = figures.make(path.stem, tmp_path / "figure.png")
    assert CLAIMS[path.stem](found), found
    assert (tmp_path / "figure.png").stat().st_size > 5000
    then = json.loads(figures.RECORD.read_text())[path.stem]
    assert figures.differences(shown, then) == [], f"run: python docs/make_figures.py {path.stem}"


def test_every_example_has_a_claim_and_numbers_have_no_gap():
    assert {path.stem for path in EXAMPLES} == set(CLAIMS)
    assert [int(path.name[:2]) for path in EXAMPLES] == list(range(1, len(EXAMPLES) + 1))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_it_is_short_asks_a_question_and_has_cells(path):
    text = path.read_text()
    assert len(text.splitlines()) <= 75
    assert "?" in re.match(r'r?"""(.*?)\n', text)[1]
    assert text.count("# %%") >= 2


def test_as_a_script_it_prints_and_writes_to_results(tmp_path):
    done = subprocess.run(
        [sys.executable, EXAMPLES[0]], cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE_S
    )
    assert done.returncode == 0, done.stderr
    assert "mAh g-1" in done.stdout
    assert (tmp_path / "results" / "01_one_discharge.png").is_file()
