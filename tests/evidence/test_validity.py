"""Where a result stands: here, between, beyond; and what its numbers are told with."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from typer.testing import CliRunner

import nasim
from nasim.cli import app
from nasim.evidence.validity import BETWEEN, BEYOND, HERE
from nasim.protocols import PROTOCOLS, protocol_class


@pytest.fixture(scope="module")
def cell():
    return nasim.KeptCell()


def stands(protocol, cell=None, *given, **conditions):
    return nasim.validity(protocol.run(cell, *given, **conditions))


def test_the_published_run_is_compared_with_data_here(cell):
    found = stands(nasim.GCD(cycles=2), cell)
    assert found.stands == HERE and "NAS-D1" in str(found) and found.remarks == ()


@pytest.mark.parametrize(
    "conditions", [{"stack_pressure_MPa": 100}, {"temperature_C": 40}, {"stack_pressure_MPa": 30, "temperature_C": 50}]
)
def test_conditions_within_those_of_the_data_are_between(cell, conditions):
    found = stands(nasim.GCD(cycles=1), cell, **conditions)
    assert found.stands == BETWEEN


@pytest.mark.parametrize(
    ("options", "conditions", "said"),
    [
        ({}, {"temperature_C": 80}, "temperature 80 degC, data at 25 to 60 degC"),
        ({}, {"stack_pressure_MPa": 400}, "stack pressure 400 MPa, data at 20 to 250 MPa"),
        ({"current_mA_cm2": 3.0}, {}, "current 3 mA cm-2, data at 0.127 to 0.82 mA cm-2"),
        ({"window": (0.7, 3.2)}, {}, "window 0.7 to 3.2 V, data at 0.5 to 2.6 V"),
    ],
)
def test_conditions_beyond_the_data_are_told(cell, options, conditions, said):
    found = stands(nasim.GCD(cycles=1, **options), cell, **conditions)
    assert found.stands == BEYOND and said in found.because


@pytest.mark.parametrize("protocol", [nasim.GCD(cycles=1, window=(1.0, 2.4)), nasim.Rest(hours=1.0)])
def test_another_window_or_kind_of_test_is_not_compared_here(protocol):
    assert stands(protocol).stands != HERE


def test_another_cell_is_beyond_and_says_what_differs(cell):
    found = stands(nasim.GCD(cycles=1), cell, overrides={"Separator thickness [m]": 5e-5})
    assert str(found) == "beyond data: the cell is not the measured one: Separator thickness [m]"
    thick = nasim.load("Yuan2025_NAS", design=nasim.Design(sulfur_loading_mg_cm2=1.0))
    assert "the cell is not the measured one: " in str(stands(nasim.GCD(cycles=1), None, thick))


def test_a_cell_that_gives_next_to_nothing_and_one_that_leaks_are_told(cell):
    result = nasim.GCD(cycles=1).run(cell)
    record, table = result.record, result.summary
    poor = nasim.Result(table.assign(discharge_capacity_mAh_cm2=1e-3), result.curves, record)
    assert nasim.validity(poor).remarks[0] == "cycle 1 delivers 0.001 mAh cm-2, next to nothing"
    leaking = nasim.Result(table.assign(leak_mAh_cm2=0.8 * table["discharge_capacity_mAh_cm2"]), result.curves, record)
    assert "80 % of the charge of a cycle flows inside the cell: the cell is shorted" in nasim.validity(leaking).remarks
    reduced = nasim.Result(table.assign(deep_reduced_fraction=0.4), result.curves, record)
    assert "40 % of the electrolyte in the cathode is reduced for good" in nasim.validity(reduced).remarks
    assert "remark: 80 % of the charge of a cycle flows inside the cell: the cell is shorted" in list(leaking.lines())


def words_below(axes):
    """What a figure says in its small letters, on one line; nothing where it says nothing."""
    text = np.ravel(axes)[0].figure.get_supxlabel()
    return " ".join(text.split())


def test_a_figure_drawn_from_python_says_where_the_result_stands(cell):
    result = nasim.GCD(cycles=1).run(cell, temperature_C=70)
    assert words_below(result.plot()) == "beyond data: temperature 70 degC, data at 25 to 60 degC"
    assert words_below(result.plot_limits()) == words_below(result.plot())
    plt.close("all")


def test_axes_that_were_handed_in_are_left_alone(cell):
    class Mine(nasim.Result):
        def plot_here(self, ax):
            return ax

    result, ax = nasim.GCD(cycles=1).run(cell), plt.subplots()[1]
    assert words_below(Mine(result.summary, result.curves, result.record).plot_here(ax)) == ""
    plt.close("all")


def test_every_kind_of_result_stamps_its_figures():
    kinds = {protocol_class(word).result for word in PROTOCOLS} | {nasim.Result}
    methods = [getattr(kind, name) for kind in kinds for name in dir(kind) if name.startswith("plot")]
    assert len(methods) > 20 and all(hasattr(method, "__wrapped__") for method in methods)


def test_a_result_whose_record_does_not_tell_is_drawn_without(cell):
    result = nasim.GCD(cycles=1).run(cell)
    poor = nasim.Result(result.summary, result.curves, {"experiment": "gcd", "parameter_set": "mine"})
    assert words_below(poor.plot()) == ""
    plt.close("all")


def test_the_command_line_says_it_in_words_json_and_figure(tmp_path):
    words = ["run", "gcd", "--cycles", "1", "--temperature", "70"]
    assert "validity: beyond data: temperature 70 degC" in CliRunner().invoke(app, words).stdout
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["validity"]
    assert found["stands"] == BEYOND and found["because"] == ["temperature 70 degC, data at 25 to 60 degC"]
    CliRunner().invoke(app, [*words, "--out", str(tmp_path), "--format", "svg", "--style", "paper"])
    assert "beyond data: temperature 70 degC" in (tmp_path / "figure.svg").read_text()
