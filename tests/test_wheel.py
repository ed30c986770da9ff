"""A wheel built from this tree, installed into a new environment, runs the main job."""

import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)], check=True)
    return next(out.glob("*.whl"))


@pytest.mark.slow
def test_wheel_runs_in_a_bare_environment(wheel, tmp_path):
    environment = tmp_path / "bare"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    command = [environment / "bin" / "nasim", "run", "gcd", "--cycles", "1", "--json"]
    outcome = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert json.loads(outcome.stdout)["cycles"][0]["discharge_capacity_mAh_g"] > 100
    code = "import pybamm; print(len(pybamm.ParameterValues('Yuan2025_NAS')), pybamm.Model('NaSFullCell').name)"
    shown = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "Na-S full cell" in shown.stdout
    assert (environment / "lib").exists()
    inside = next(environment.glob("lib/python*/site-packages/nasim/parameter_sets"))
    assert (inside / "Yuan2025_NAS.toml").is_file()
