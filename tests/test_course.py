"""The notebooks of the course run as scripts, and their checks know right from wrong."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from patience import PATIENCE_S

import nasim

marimo = pytest.importorskip("marimo", reason="marimo is not installed: pip install nasim-cells[lab]")

COURSE = Path(__file__).parent.parent / "examples" / "course"
NOTEBOOKS = sorted(COURSE.glob("[0-9]_*.py"))

EXPECTED = {
    "task_potential": (1.85, 1.86),
    "task_capacity": (1665, 1680),
    "task_width": (112, 114),
    "task_eta": (0.08, 0.25),
    "task_tafel": (70, 150),
    "task_electrons": (0.90, 1.0),
    "task_share": (20, 33),
    "task_separator": (90, 130),
    "task_read": (70, 130),
    "task_resistivity": (350, 650),
    "task_sodium": (0.89, 0.91),
    "task_pressure": (20, 250),
    "task_strain": (26, 27),
    "task_fade": (45, 300),
    "task_loading": (0.74, 0.76),
    "task_current": (0.02, 0.2),
    "task_composition": (150, 250),
    "task_thin": (5, 200),
    "task_plate": (9.8, 10.0),
    "task_mass": (60, 62),
}
"""Answers that do not hang on the last digits of a calibration."""


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def tasks(request):
    """The tasks of a notebook that has been run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(COURSE)
        spec = importlib.util.spec_from_file_location(f"course_{request.param.stem}", request.param)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        _, definitions = module.app.run()
    plt.close("all")
    return {name: value for name, value in definitions.items() if name.startswith("task_")}


def test_there_are_six_notebooks():
    assert [path.name[0] for path in NOTEBOOKS] == list("123456")


def test_a_notebook_has_tasks_with_solutions(tasks):
    assert len(tasks) >= 3
    assert all(len(task.solution) > 80 for task in tasks.values())


def test_the_right_answer_is_told_right(tasks):
    for name, task in tasks.items():
        assert task.check(task.truth)[0] is True, name
        assert task.check(str(task.truth))[0] is True, name


def test_a_wrong_answer_is_told_wrong_with_a_hint(tasks):
    for name, task in tasks.items():
        for wrong in list(getattr(task, "traps", {})) or [answer for answer in task.answers if answer != task.truth]:
            right, message = task.check(wrong)
            assert right is False, (name, wrong)
            assert len(message) > len("Not yet. "), name
        if hasattr(task, "share"):
            for factor in (1.5, 0.5, 100.0, -1.0):
                assert task.check(factor * task.truth)[0] is False, (name, factor)


def test_no_answer_is_neither(tasks):
    assert all(task.check(None)[0] is None for task in tasks.values())


def test_what_is_no_number_is_explained(tasks):
    for task in tasks.values():
        if hasattr(task, "share"):
            assert "not a number" in task.check("about two")[1]
            assert task.check(f"{task.truth:.8g}".replace(".", ","))[0] is True


def test_numbers_are_those_of_the_text(tasks):
    for name, task in tasks.items():
        if hasattr(task, "share"):
            low, high = EXPECTED[name]
            assert low < task.truth < high, name


def test_a_solution_opens_only_after_an_attempt(tasks):
    for task in tasks.values():
        assert task.text
        assert "Show the solution" not in task.feedback().text
        assert "after your first attempt" in task.feedback(None).text
        wrong = "1e30" if hasattr(task, "share") else next(each for each in task.answers if each != task.truth)
        assert "Show the solution" in task.feedback(wrong).text


def test_a_notebook_asks_about_misconceptions_and_answers_each(tasks):
    asked = [task for task in tasks.values() if getattr(task, "misconceptions", False)]
    assert asked
    for task in asked:
        assert len(task.answers) >= 3
        assert all(len(answer) > 15 for answer in task.answers.values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_says_goals_needs_recap_and_next(path):
    text = path.read_text()
    places = [text.index(each) for each in ("**Goals.**", "**What you need to know.**", "## Recap", "**Next.**")]
    assert places == sorted(places)


TOLD = [
    (2, "both fitted", "Sulfur step 1 exchange current density [A.m-2]", "fitted"),
    (2, "both fitted", "Sulfur step 1 transfer coefficient", "fitted"),
    (2, "the barrier B is fitted", "Sulfur step 2 nucleation barrier [V2]", "fitted"),
    (3, "by an excess that is assumed", "Milled Sb-S potential shift [V]", "assumed"),
    (4, "The thickness is assumed", "Interphase final thickness [m]", "assumed"),
    (4, "the resistivity fitted", "Interphase resistivity [Ohm.m]", "fitted"),
    (5, "$P_0$ and $m$ are fitted", "Contact pressure scale [Pa]", "fitted"),
    (5, "$P_0$ and $m$ are fitted", "Contact pressure exponent", "fitted"),
]
"""Notebook, what it says of a parameter, and the kind that the set gives it."""


@pytest.mark.parametrize(("number", "words", "name", "kind"), TOLD, ids=[each[2] for each in TOLD])
def test_a_notebook_calls_a_value_what_the_set_calls_it(number, words, name, kind):
    assert words in NOTEBOOKS[number - 1].read_text()
    assert nasim.load("Yuan2025_NAS").entries[name].kind == kind


def test_the_target_of_the_project_can_be_met():
    design = nasim.Design(sulfur_loading_mg_cm2=1.0, ratio=(18, 12, 70), separator_thickness_um=30, n_to_p=1.5)
    cell = nasim.load("Yuan2025_NAS", design=design)
    summary = nasim.Cycling("0.1C", cycles=10, keep=()).run(parameters=cell).summary
    assert nasim.cell_sheet(cell).energy(summary["discharge_energy_mWh_cm2"].iloc[9])["energy_Wh_kg"] > 60


def test_as_a_script_it_exits_well():
    done = subprocess.run(
        [sys.executable, NOTEBOOKS[0]],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert done.returncode == 0, done.stderr
