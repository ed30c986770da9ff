"""Cells that were built before: the same numbers without PyBaMM, and a build where anything differs."""

import os
import subprocess
import sys

import numpy as np
import pytest
from patience import PATIENCE_S

import nasim
from nasim import nomenclature as nm
from nasim.engine import shelf
from nasim.engine.built_cell import KeptCell
from nasim.engine.stepper import Stepper
from nasim.store import load_arrays, save_arrays
from nasim.sweep.job import _HERE, Job, compute
from nasim.sweep.names import Target

SET = nasim.load("Yuan2025_NAS")
TEST = nasim.GCD(cycles=1)
SCRIPT = """
import sys
from pathlib import Path
import nasim.engine.integrators.library as library
folder = Path(sys.argv[1])
library.cache_folder = lambda: folder
from nasim.engine import shelf
shelf.cache_folder = library.cache_folder
from nasim.cli import main
sys.argv = ["nasim", "run", "gcd", "--cycles", "1", "--json"]
try:
    main()
finally:
    print("pybamm" in sys.modules, file=sys.stderr)
"""


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setattr(shelf, "cache_folder", lambda: tmp_path)
    return tmp_path


def run(parameters=SET, **options):
    """Result of a run of a cell that is stored, and the stepper that ran it."""
    cell = KeptCell(stored=True)
    result = TEST.run(cell, parameters, **options)
    cell.put_away()
    return result, cell._stepper


def same(one, other):
    for name in one.summary:
        assert one.summary[name].to_numpy() == pytest.approx(other.summary[name].to_numpy(), rel=1e-9, nan_ok=True)
    assert one.curves[nm.VOLTAGE].to_numpy() == pytest.approx(other.curves[nm.VOLTAGE].to_numpy(), rel=1e-9)


def test_the_same_cell_gives_the_same_numbers_under_other_conditions(folder):
    run()
    again, stepper = run(stack_pressure_MPa=50.0, temperature_C=40.0)
    assert isinstance(stepper, shelf.StoredStepper) and len(list(folder.iterdir())) == 1
    same(again, TEST.run(parameters=SET, stack_pressure_MPa=50.0, temperature_C=40.0))
    record = TEST.run(parameters=SET).record
    assert {name: again.record[name] for name in ("model", "mechanisms", "parameters")} == {
        name: record[name] for name in ("model", "mechanisms", "parameters")
    }


def test_another_value_code_or_version_is_another_cell(folder, monkeypatch):
    run()
    changed = {"Separator thickness [m]": 5e-4}
    result, stepper = run(overrides=changed)
    assert type(stepper) is Stepper
    same(result, TEST.run(parameters=SET, overrides=changed))
    for name, other in (("_code", lambda: "other"), ("computed_with", lambda: {"pybamm": "0"})):
        with monkeypatch.context() as patched:
            patched.setattr(shelf, name, other)
            assert type(run()[1]) is Stepper


def test_code_is_told_by_what_the_files_say(monkeypatch, tmp_path):
    package = tmp_path / "nasim"
    (package / "submodels").mkdir(parents=True)
    (package / "engine").mkdir()
    law = package / "submodels" / "law.py"
    law.write_text("k = 1")
    monkeypatch.setattr(shelf, "__file__", str(package / "engine" / "shelf.py"))
    before = shelf._code()
    law.write_text("k = 2")
    assert None is not before != shelf._code()


def test_what_a_stored_cell_lacks_is_built(folder):
    run()
    _, stepper = run()
    assert isinstance(stepper, shelf.StoredStepper) and "_whole" not in vars(stepper)
    name = nm.SULFUR.stored_charge
    found = stepper.observe([name], np.zeros(1), stepper.y, stepper.idle)
    assert "_whole" in vars(stepper) and np.isfinite(found).all()


@pytest.mark.parametrize("damage", ["cut", "changed", "others"])
def test_a_file_that_is_not_as_it_was_written_is_not_used(folder, damage):
    run()
    [path] = folder.iterdir()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:1000])
    elif damage == "changed":
        about, arrays = load_arrays(path, "a cell")
        save_arrays(path, about, arrays | {"rate first": arrays["rate first"] + 10_000_000})
    else:
        path.chmod(0o666)
    assert type(run()[1]) is Stepper


def test_few_cells_are_kept(folder, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_KEPT", 1)
    run()
    run(overrides={"Separator thickness [m]": 5e-4})
    assert len(list(folder.iterdir())) == 1


def test_the_command_line_needs_no_pybamm_the_second_time(tmp_path):
    tmp_path.chmod(0o700)
    first, second = (
        subprocess.run([sys.executable, "-c", SCRIPT, tmp_path], capture_output=True, text=True, timeout=PATIENCE_S)
        for _ in range(2)
    )
    assert (first.stderr.split()[-1], second.stderr.split()[-1]) == ("True", "False")
    assert second.returncode == 0 and '"cycles"' in second.stdout


def test_a_cell_is_sent_to_other_processes_built():
    job = Job(TEST, SET, None, {"pressure": Target("condition", "stack_pressure_MPa")}, {})
    job.build((20.0,))
    outcome = compute(job.packed(), (250.0,))
    assert isinstance(_HERE.job.cell._stepper, shelf.StoredStepper) and "_whole" not in vars(_HERE.job.cell._stepper)
    here = job.run((250.0,))
    assert outcome["rows"][0] == pytest.approx(here["rows"][0], rel=1e-9, nan_ok=True)


def test_a_sweep_takes_its_cell_from_those_that_were_built(folder, monkeypatch):
    over = {"stack pressure [MPa]": [50, 250]}
    built = nasim.sweep(TEST, over, stored=True).table
    monkeypatch.setattr(KeptCell, "_built_now", lambda *given: pytest.fail("it was built"))
    for executor in (None, 2):
        again = nasim.sweep(TEST, over, stored=True, executor=executor).table
        assert not again["reason"].any()
        columns = built.select_dtypes("number").columns
        assert again[columns].to_numpy() == pytest.approx(built[columns].to_numpy(), rel=1e-9, nan_ok=True)


def test_a_folder_in_the_place_of_a_cell_is_replaced(folder):
    run()
    (path,) = folder.glob("cell_*.npz")
    path.unlink()
    (path / "in").mkdir(parents=True)
    run()
    assert path.is_file()


def test_only_the_last_used_are_kept_whatever_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "MOST_KEPT", 1)
    (tmp_path / "cell_1.npz").symlink_to("nowhere")
    (tmp_path / "cell_2.npz" / "in").mkdir(parents=True)
    for number, name in enumerate(("cell_1.npz", "cell_2.npz")):
        os.utime(tmp_path / name, (number, number), follow_symlinks=False)
    (tmp_path / "cell_3.npz").write_text("")
    shelf._tidy(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["cell_3.npz"]
