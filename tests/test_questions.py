"""Design studies: a row a point, an answer that follows from the rows, a figure."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import nasim
from nasim.cli import app
from nasim.sweep.questions import QUESTIONS, ask


def test_capacity_over_pressure_and_current_is_that_of_the_runs():
    found = ask("pressure-current", axes={"pressure_MPa": (60, 250), "current_mA_cm2": (0.127, 0.41)})
    assert len(found.table) == 4
    alone = nasim.GCD(current_mA_cm2=0.41, cycles=2).run(stack_pressure_MPa=60).summary.iloc[-1]
    row = found.table.query("pressure_MPa == 60 and current_mA_cm2 == 0.41").iloc[0]
    assert row["discharge_capacity_mAh_cm2"] == pytest.approx(alone["discharge_capacity_mAh_cm2"], rel=1e-3)
    best = found.table["discharge_capacity_mAh_cm2"].max()
    assert found.sentence.startswith(f"most capacity, {best:.3g} mAh cm-2")
    assert [ax.get_xlabel() for ax in found.plot()] == ["Current (mA cm$^{-2}$)"] * 2
    assert found.plot()[1].get_ylabel() == "Charge over discharge"


def test_energy_per_mass_is_that_of_the_sheet_of_each_design():
    axes = {"separator_um": (30, 100), "electrolyte_percent": (80,), "sulfur_loading_mg_cm2": (0.5, 1.0)}
    found = ask("energy", axes=axes)
    energy = found.table.set_index(["separator_um", "sulfur_loading_mg_cm2"])["energy_Wh_kg"]
    assert energy[30, 0.5] > 1.3 * energy[100, 0.5] and energy[30, 1.0] > energy[30, 0.5]
    assert "with 1 mg cm-2 of sulfur, 30 um of electrolyte and 80 %" in found.sentence
    assert found.plot().get_legend().get_title().get_text().startswith("Separator (")
    reasons = found.table.set_index(["separator_um", "sulfur_loading_mg_cm2"])["reason"]
    assert "the anode runs low" in reasons[30, 0.5] and reasons[30, 1.0] == ""


def test_a_material_without_a_density_is_told():
    axes = {"separator_um": (30,), "electrolyte_percent": (80,), "sulfur_loading_mg_cm2": (1.0,)}
    parameters = Path(__file__).parents[1] / "examples" / "sodium_metal.toml"
    found = ask("energy", parameters, axes, cycles=1)
    assert found.sentence == "no point could be computed" and found.plot() is not None
    assert found.table["reason"][0].startswith("no density of Na2.88Sb0.88W0.12S4 is known")


def test_cut_off_and_temperature_answer_in_a_sentence():
    faded = ask("cut-off", axes={"cut_off_V": (0.7, 1.1)}, cycles=3)
    assert "least fade with a lower cut-off of " in faded.sentence and (faded.table["retention"] <= 1.01).all()
    warm = ask("temperature", axes={"temperature_C": (25, 60)}, cycles=1)
    assert "most at 60 degC" in warm.sentence and warm.sentence.endswith("tried of temperature")


def test_a_note_of_several_points_is_told_once():
    words = ["electrolyte_percent=80", "sulfur_loading_mg_cm2=0.5", "separator_um=30,100"]
    options = [each for word in words for each in ("--axis", word)]
    shown = CliRunner().invoke(app, ["study", "energy", *options, "--cycles", "1"]).stdout
    assert shown.count("the anode runs low") == 1


def test_the_command_answers(tmp_path):
    words = ["study", "temperature", "--axis", "temperature_C=25,40", "--cycles", "1", "--out", str(tmp_path), "--json"]
    answer = json.loads(CliRunner().invoke(app, words).stdout)
    assert len(answer["points"]) == 2 and "most at 40 degC" in answer["answer"]
    assert (tmp_path / "figure.png").is_file() and (tmp_path / "points.csv").is_file()


@pytest.mark.parametrize(
    ("word", "axes", "expected"),
    [
        ("enrgy", {}, "nearest match is 'energy'"),
        ("energy", {"loading": (1,)}, "no axis 'loading'"),
        ("energy", {"separator_um": ()}, "has no values"),
    ],
)
def test_what_is_no_question_is_refused(word, axes, expected):
    with pytest.raises(nasim.NasimError, match=expected):
        ask(word, axes=axes)


def test_every_question_has_a_label_for_its_axes():
    for question in QUESTIONS.values():
        assert question.text.endswith("?") and question.measure and question.label
