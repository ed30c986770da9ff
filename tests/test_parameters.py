"""Parameter sets: what is accepted, what is refused and in which words, what PyBaMM gets."""

import dataclasses
import json
import math
import pickle
import subprocess
import sys
from importlib.metadata import EntryPoint

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nasim import parameters
from nasim.errors import ParameterSetError, UnknownNameError
from nasim.nomenclature import ALLOY_PLATEAUS, PARAMETERS, SB_S, SEPARATOR, SULFUR
from nasim.parameters import Curve, Entry, ParameterSet, available, load, loading, parse_override

THICKNESS = "Separator thickness [m]"
SOURCE = '[sources.Book]\ncitation = "My laboratory book."\nurl = "https://example.org"\n'
HEAD = 'title = "T"\n' + SOURCE
ENTRY = f'["{THICKNESS}"]\nvalue = 4e-4\nkind = "measured"\nsource = "Book"\nrange = [3e-4, 5e-4]\n'


def write(folder, text, name="mine.toml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder, text, *words, error=ParameterSetError):
    """The file is refused in one paragraph that names it and holds all `words`."""
    path = write(folder, text)
    with pytest.raises(error) as caught:
        load(path)
    message = str(caught.value)
    assert type(caught.value) is error
    assert "\n" not in message
    for word in (path.name, *words):
        assert word in message, message
    return message


@pytest.fixture(scope="module")
def nas():
    return load("Yuan2025_NAS")


# --- shipped sets -----------------------------------------------------------------------------------------------------


def test_the_sets_of_the_two_cathodes_are_shipped():
    assert {"Yuan2025_NAS", "Yuan2025_NASC"} <= set(available())
    assert available() == sorted(available())


@pytest.mark.parametrize("name", available())
def test_a_shipped_set_has_every_parameter_and_nothing_else(name):
    """Plateaus of alloys other than Na-Sn come with their material."""
    parameters = load(name)
    known = {each for each in PARAMETERS if not each.startswith("Alloy potential of ")} | set(ALLOY_PLATEAUS)
    assert parameters.missing(known) == []
    assert set(parameters.entries) == known
    assert parameters.name == name
    assert parameters.title


@pytest.mark.parametrize("name", available())
def test_a_shipped_set_states_where_each_value_comes_from(name):
    parameters = load(name)
    for key, entry in parameters.entries.items():
        assert entry.kind == "setting" or entry.source in parameters.sources, key
        assert entry.kind not in ("derived", "assumed") or entry.note or entry.where, key
        assert entry.kind != "setting" or entry.note != "override", key


def test_the_main_cell_has_the_numbers_of_the_paper(nas):
    assert nas.value("Applied stack pressure [Pa]") == 250e6
    assert nas.value("Ambient temperature [K]") == 298.15
    assert nas.value("Current function [A]") == pytest.approx(1.27 * nas.value("Electrode area [m2]"), rel=1e-3)
    assert nas.cell.chains == ("Sulfur", "Sb-S")


def test_the_sulfur_steps_keep_the_mean_of_the_thermochemistry(nas):
    potentials = [nas.value(SULFUR.U(k)) * nas.value(SULFUR.n(k)) for k in SULFUR.links]
    slopes = [nas.value(SULFUR.dUdT(k)) * nas.value(SULFUR.n(k)) for k in SULFUR.links]
    assert sum(potentials) / 2 == pytest.approx(1.854, abs=1e-3)
    assert sum(slopes) / 2 == pytest.approx(-0.195e-3, abs=1e-6)


def test_the_cathode_without_sulfur_holds_as_much_catholyte(nas):
    bare = load("Yuan2025_NASC")
    masses = [p.value("Composite cathode mass [kg]") * p.value("Catholyte mass fraction") for p in (nas, bare)]
    assert masses[0] == pytest.approx(masses[1], rel=1e-4)
    assert bare.cell.chains == ("Sb-S",)
    assert bare.cell.model == "full"
    electrons = bare.value(SB_S.n(1)) + bare.value(SB_S.n(2))
    charge = electrons * 96485.33 * masses[1] / bare.value("Catholyte molar mass [kg.mol-1]")
    assert charge / 3600 == pytest.approx(bare.value("Nominal cell capacity [A.h]"), rel=0.02)


# --- a ParameterSet ---------------------------------------------------------------------------------------------------


def test_a_set_is_frozen(nas):
    with pytest.raises(dataclasses.FrozenInstanceError):
        nas.title = "other"
    with pytest.raises(TypeError):
        nas.entries[THICKNESS] = None
    with pytest.raises(dataclasses.FrozenInstanceError):
        nas.entries[THICKNESS].value = 1.0


def test_a_set_pickles(nas):
    again = pickle.loads(pickle.dumps(nas))
    assert again == nas
    assert isinstance(again, ParameterSet)


def test_an_unknown_name_is_refused_with_the_nearest(nas):
    with pytest.raises(UnknownNameError, match=r"'Separator thicknes \[m\]'.*nearest.*'Separator thickness \[m\]'"):
        nas.value("Separator thicknes [m]")


def test_missing_and_require(nas):
    assert nas.missing([THICKNESS, "Nonsense [m]"]) == ["Nonsense [m]"]
    nas.require([THICKNESS])
    with pytest.raises(ParameterSetError) as caught:
        nas.require([THICKNESS, "Separator thicknes [m]"])
    assert "Yuan2025_NAS" in str(caught.value)
    assert f"nearest match is '{THICKNESS}'" in str(caught.value)


def test_describe_flags_what_is_not_known(nas):
    rows = {row.name: row for row in nas.describe()}
    assert list(rows) == list(nas.entries)
    row = rows[THICKNESS]
    assert (row.value, row.unit, row.kind, row.source) == (3.94e-4, "m", "derived", "NAS_crystal")
    assert row.flag == ""
    assert rows["Product layer current density [A.m-2]"].flag == "fitted"
    assert rows["Interphase final thickness [m]"].flag == "assumed"
    assert rows["Sulfur mass fraction"].unit == "-"


def test_the_record_goes_through_json(nas):
    record = json.loads(json.dumps(nas.with_overrides({THICKNESS: 4e-4}).as_record()))
    assert record["name"] == "Yuan2025_NAS"
    assert record["values"][THICKNESS] == 4e-4
    assert record["kinds"][THICKNESS] == "setting"
    assert set(record["values"]) == set(nas.entries)


# --- a user's file ----------------------------------------------------------------------------------------------------


def test_a_file_extends_a_shipped_set_and_replaces_whole_entries(tmp_path, nas):
    text = 'title = "T"\nextends = "Yuan2025_NAS"\n[cell]\nelectrolyte = "NPS"\n' + SOURCE + ENTRY
    mine = load(str(write(tmp_path, text)))
    assert mine.name == "mine"
    assert set(mine.entries) == set(nas.entries)
    assert mine.value(THICKNESS) == 4e-4
    assert mine.entries[THICKNESS].note is None
    assert mine.value("Electrode area [m2]") == nas.value("Electrode area [m2]")
    assert (mine.cell.electrolyte, mine.cell.catholyte) == ("NPS", "NAS")
    assert {"Book", "Yuan2025"} <= set(mine.sources)


def test_a_file_extends_a_file_beside_it_and_uses_its_sources(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path, HEAD + '[cell]\nelectrolyte = "NPS"\n' + ENTRY, "base.toml")
    text = 'title = "T"\nextends = "../base.toml"\n[cell]\ncatholyte = "NPS"\n' + ENTRY.replace("4e-4", "4.5e-4")
    mine = load(write(tmp_path / "sub", text))
    assert mine.value(THICKNESS) == 4.5e-4
    assert (mine.cell.electrolyte, mine.cell.catholyte) == ("NPS", "NPS")


def test_a_file_alone_may_hold_few_parameters_and_has_the_default_cell(tmp_path):
    mine = load(write(tmp_path, HEAD + ENTRY))
    assert list(mine.entries) == [THICKNESS]
    assert mine.cell.chains == ("Sulfur", "Sb-S")
    assert mine.cell.separator == ("separator",)


def test_the_calibration_table_is_kept_and_is_not_inherited(tmp_path):
    base = write(tmp_path, HEAD + '[calibration]\nrows = ["NAS-D1"]\ncost = 0.1\nseed = 1\n', "base.toml")
    assert load(base).calibration == {"rows": ["NAS-D1"], "cost": 0.1, "seed": 1}
    assert load(write(tmp_path, 'title = "T"\nextends = "base.toml"\n')).calibration == {}


# --- refusals: the file -----------------------------------------------------------------------------------------------


def test_unknown_set_names_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        load("Yuan2025_NA")
    assert "'Yuan2025_NA'" in str(caught.value)
    assert "nearest match is 'Yuan2025_NAS'" in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(ParameterSetError, match=r"nowhere\.toml.*does not exist"):
        load(tmp_path / "nowhere.toml")


def test_folder_instead_of_file(tmp_path):
    with pytest.raises(ParameterSetError, match="not a file"):
        load(tmp_path)


def test_bytes_that_are_no_text(tmp_path):
    (tmp_path / "mine.toml").write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(ParameterSetError, match=r"mine\.toml.*cannot be read"):
        load(tmp_path / "mine.toml")


def test_toml_syntax_with_its_line(tmp_path):
    refused(tmp_path, 'title = "T"\n[Separator thickness [m]]\n', "not valid TOML", "line 2", "in quotes")


def test_missing_title(tmp_path):
    refused(tmp_path, SOURCE + ENTRY, "title is missing")
    path = tmp_path / "thinner.toml"
    path.write_text('extends = "Yuan2025_NAS"\n')
    assert load(path).title == "thinner, made from Yuan2025_NAS"


def test_title_that_is_no_text(tmp_path):
    refused(tmp_path, "title = 3\n", "line 1", "title is 3", "a line of text")


@pytest.mark.parametrize("parent", ["Yuan2025_NSA", "nowhere.toml"])
def test_extends_what_does_not_exist(tmp_path, parent):
    error = ParameterSetError if parent.endswith(".toml") else UnknownNameError
    refused(tmp_path, f'title = "T"\nextends = "{parent}"\n', "line 2", "extends", parent, error=error)


def test_extends_in_a_circle(tmp_path):
    write(tmp_path, 'title = "T"\nextends = "mine.toml"\n', "other.toml")
    text = 'title = "T"\nextends = "other.toml"\n'
    refused(tmp_path, text, "other.toml", "line 2", "circle", "mine.toml -> other.toml -> mine.toml")
    for parent in ("mine.toml", f"../{tmp_path.name}/mine.toml"):
        refused(tmp_path, f'title = "T"\nextends = "{parent}"\n', "line 2", "circle: mine.toml -> mine.toml")


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('model = "half"', ["line 3", "'half'", "'full', 'symmetric' or 'blocking'"]),
        ('chain = ["Sulfur"]', ["line 3", "unknown field 'chain'", "nearest match is 'chains'"]),
        ('chains = ["Sulphur"]', ["line 3", "unknown redox chain 'Sulphur'", "nearest match is 'Sulfur'"]),
        ('chains = ["Sulfur", "Sulfur"]', ["line 3", "twice"]),
        ("chains = []", ["line 3", "at least one redox chain"]),
        ("separator = []", ["line 3", "at least one layer"]),
        ('electrolyte = "LPS"', ["line 3", "'LPS'", "'NAS' or 'NPS'"]),
    ],
)
def test_cell_table(tmp_path, cell, words):
    refused(tmp_path, f'title = "T"\n[cell]\n{cell}\n', "'cell'", *words)


def test_cell_that_is_no_table(tmp_path):
    refused(tmp_path, 'title = "T"\ncell = 3\n', "line 2", "cell is 3", "[cell]")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ('citation = "A"', ["'sources.Book'", "neither doi nor url"]),
        ('url = "A"', ["'sources.Book'", "citation is missing"]),
        ('citation = "A"\nDOI = "10.1"', ["line 4", "unknown field 'DOI'", "nearest match is 'doi'"]),
    ],
)
def test_source_table(tmp_path, source, words):
    refused(tmp_path, f'title = "T"\n[sources.Book]\n{source}\n', *words)


# --- refusals: an entry -----------------------------------------------------------------------------------------------


def test_misspelt_parameter(tmp_path):
    text = HEAD + ENTRY.replace("thickness", "thicknes")
    refused(
        tmp_path, text, "line 5", "'Separator thicknes [m]'", f"nearest match is '{THICKNESS}'", error=UnknownNameError
    )


@pytest.mark.parametrize("name", ["Separator thickness [mm]", "Separator thickness", "separator Thickness [um]"])
def test_wrong_unit(tmp_path, name):
    unit = f"[{name.split('[')[1]}" if "[" in name else "[-]"
    text = HEAD + ENTRY.replace(THICKNESS, name)
    words = ["line 5", f"has the unit {unit}, expected [m]", f"write '{THICKNESS}'"]
    refused(tmp_path, text, *words, error=UnknownNameError)


def test_misspelt_table(tmp_path):
    refused(tmp_path, 'title = "T"\n[source.Book]\n', "'source'", "'sources'", error=UnknownNameError)


def test_number_instead_of_table(tmp_path):
    refused(tmp_path, f'title = "T"\n"{THICKNESS}" = 4e-4\n', "line 2", "0.0004 given, expected a table")


def test_unknown_field(tmp_path):
    text = HEAD + ENTRY + 'wher = "p. 3"\n'
    refused(tmp_path, text, "line 10", f"'{THICKNESS}'", "unknown field 'wher'", "nearest match is 'where'")


@pytest.mark.parametrize("field", ["value", "kind", "source"])
def test_missing_field(tmp_path, field):
    kept = [line for line in ENTRY.splitlines() if not line.startswith(field)]
    refused(tmp_path, HEAD + "\n".join(kept), "line 5", f"'{THICKNESS}'", f"{field} is missing", "expected")


def test_a_setting_needs_no_source(tmp_path):
    text = HEAD + ENTRY.replace('source = "Book"\n', "").replace("measured", "setting")
    assert load(write(tmp_path, text)).entries[THICKNESS].source is None


def test_source_not_listed(tmp_path):
    text = HEAD + ENTRY.replace('source = "Book"', 'source = "Boook"')
    refused(tmp_path, text, "line 8", "source 'Boook' is not listed", "nearest match is 'Book'")


@pytest.mark.parametrize("kind", ['"guessed"', "3", '"Measured"'])
def test_kind(tmp_path, kind):
    text = HEAD + ENTRY.replace('"measured"', kind)
    refused(tmp_path, text, "line 7", "kind is", "measured, literature, derived, fitted, assumed, setting")


@pytest.mark.parametrize(
    "value", ["nan", "inf", "-inf", "true", '"4e-4"', "[4e-4]", '{law = "x"}', "2020-01-01", "1e999"]
)
def test_value_that_is_no_finite_number(tmp_path, value):
    text = HEAD + ENTRY.replace("value = 4e-4", f"value = {value}")
    refused(tmp_path, text, "line 6", f"'{THICKNESS}'", "value is", "expected a finite number")


def test_value_outside_its_range(tmp_path):
    text = HEAD + ENTRY.replace("value = 4e-4", "value = 4e-3")
    refused(tmp_path, text, "line 6", "value 0.004 is outside the range [0.0003, 0.0005]")


@pytest.mark.parametrize("limits", ["[5e-4, 3e-4]", "[4e-4, 4e-4]"])
def test_range_upside_down(tmp_path, limits):
    text = HEAD + ENTRY.replace("[3e-4, 5e-4]", limits)
    refused(tmp_path, text, "line 9", "upside down", "[lowest, highest]")


@pytest.mark.parametrize("limits", ["[3e-4]", "[1, 2, 3]", "[3e-4, inf]", "4e-4", '["a", "b"]'])
def test_range_that_is_none(tmp_path, limits):
    refused(tmp_path, HEAD + ENTRY.replace("[3e-4, 5e-4]", limits), "line 9", "range is", "two finite numbers")


@pytest.mark.parametrize("kind", ["fitted", "assumed"])
def test_uncertain_values_need_a_range(tmp_path, kind):
    text = HEAD + ENTRY.replace("measured", kind).replace("range = [3e-4, 5e-4]\n", 'fitted_to = ["NAS-D1"]\n')
    other = '["Separator conductivity [S.m-1]"]\nvalue = 1\nkind = "measured"\nsource = "Book"\nrange = [0, 2]\n'
    refused(tmp_path, text + other, "line 5:", "range is missing", kind)


def test_fitted_needs_what_it_was_fitted_to(tmp_path):
    text = HEAD + ENTRY.replace("measured", "fitted")
    refused(tmp_path, text, "fitted_to is missing", "target ids")
    assert load(write(tmp_path, text + 'fitted_to = ["NAS-D1"]\n')).entries[THICKNESS].fitted_to == ("NAS-D1",)


def test_negative_standard_error(tmp_path):
    refused(tmp_path, HEAD + ENTRY + "standard_error = -1e-5\n", "line 10", "standard_error", "not negative")


def test_the_line_is_that_of_the_right_table(tmp_path):
    other = '["Separator conductivity [S.m-1]"]  # NAS\nvalue = "x"\nkind = "measured"\nsource = "Book"\n'
    refused(tmp_path, HEAD + ENTRY + other, "line 11", "'Separator conductivity [S.m-1]'")


# --- overrides --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("overrides", [{THICKNESS: 4e-4}, [f"{THICKNESS}=4e-4"], f"{THICKNESS} = 4e-4"])
def test_an_override_becomes_a_setting(overrides, nas):
    entry = load("Yuan2025_NAS", overrides).entries[THICKNESS]
    assert (entry.value, entry.kind, entry.note) == (4e-4, "setting", "override")
    assert entry.range == nas.entries[THICKNESS].range
    assert nas.value(THICKNESS) == 3.94e-4


def test_an_override_of_an_unknown_name(nas):
    with pytest.raises(UnknownNameError, match="nearest match is 'Separator thickness"):
        nas.with_overrides({"Separator thicknes [m]": 4e-4})
    with pytest.raises(UnknownNameError, match=r"unit \[mm\], expected \[m\]"):
        nas.with_overrides({"Separator thickness [mm]": 0.4})


def test_an_override_of_a_parameter_that_the_set_has_not(tmp_path):
    with pytest.raises(UnknownNameError, match="not in this set"):
        load(write(tmp_path, HEAD + ENTRY), {"Electrode area [m2]": 1e-4})


@pytest.mark.parametrize("value", [math.nan, math.inf, True, "4e-4", None])
def test_an_override_that_is_no_finite_number(nas, value):
    with pytest.raises(ParameterSetError, match="expected a finite number"):
        nas.with_overrides({THICKNESS: value})


@pytest.mark.parametrize("text", ["Separator thickness [m]", "=4e-4", "Separator thickness [m]=thick", ""])
def test_an_override_text_that_cannot_be_read(text):
    with pytest.raises(ParameterSetError, match="expected NAME=VALUE"):
        parse_override(text)


def test_a_limit_missed_by_rounding_counts_as_met(nas):
    low, high = nas.entries[THICKNESS].range
    assert nas.with_overrides({THICKNESS: np.exp(np.log(high))}).value(THICKNESS) == pytest.approx(high)
    assert nas.with_overrides({THICKNESS: low * (1 - 1e-12)}).value(THICKNESS) == pytest.approx(low)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (THICKNESS, 0.0, "0.0 is not admissible; expected above 0"),
        (THICKNESS, -1e-4, "expected above 0"),
        ("Sulfur mass fraction", 1.2, "1.2 is not admissible; expected above 0, at most 1"),
        ("Upper voltage cut-off [V]", 9.0, "expected from 1.6 to 3.5"),
    ],
)
def test_what_the_physics_cannot_take_is_refused(nas, name, value, words):
    with pytest.raises(ParameterSetError, match=words):
        nas.with_overrides({name: value})


def test_a_design_outside_the_range_of_a_guess_is_accepted_and_told(nas):
    """50 um of separator is a design, not an error; the range is where the value of the paper's cell may lie."""
    thin = nas.with_overrides({THICKNESS: 5e-5})
    assert thin.value(THICKNESS) == 5e-5 and thin.with_overrides({THICKNESS: 2e-3}).value(THICKNESS) == 2e-3
    (said,) = thin.outside_ranges()
    assert THICKNESS in said and "0.000355 to 0.000444" in said
    assert nas.outside_ranges() == nas.with_overrides({THICKNESS: 4e-4}).outside_ranges() == []


def test_admissible_limits_of_a_file(tmp_path):
    limits = "admissible = [1e-5, 2e-3]\n"
    found = load(write(tmp_path, HEAD + ENTRY + limits))
    assert found.entries[THICKNESS].limits(THICKNESS) == (1e-5, 2e-3)
    with pytest.raises(ParameterSetError, match="expected from 1e-05 to 0.002"):
        found.with_overrides({THICKNESS: 5e-3})
    refused(tmp_path, HEAD + ENTRY + "admissible = [2e-3, 1e-5]\n", "line 10", "upside down")
    refused(tmp_path, HEAD + ENTRY + "admissible = [4e-4, 2e-3]\n", "line 10", "does not hold the range")


def test_an_override_is_given_once(nas):
    once, again = f"{SEPARATOR.thickness}=4e-4", f"{SEPARATOR.thickness}=5e-4"
    assert nas.with_overrides([once, once]).value(SEPARATOR.thickness) == 4e-4
    with pytest.raises(ParameterSetError, match="expected one value; 0.0004 and 0.0005 were given"):
        nas.with_overrides([once, again])


def test_parse_override():
    assert parse_override(f"{THICKNESS}=4e-4") == (SEPARATOR.thickness, 4e-4)


SHIFT = "Milled Sb-S potential shift [V]"


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_an_override_of_a_setting_is_accepted_exactly_within_its_range(value):
    assume(value in (-1, 1) or not math.isclose(abs(value), 1))
    base = ParameterSet("s", "", "", parameters.CellDescription(), {SHIFT: Entry(0.0, "setting", range=(-1, 1))}, {})
    if -1 <= value <= 1:
        assert base.with_overrides({SHIFT: value}).value(SHIFT) == value
    else:
        with pytest.raises(ParameterSetError, match=r"expected from -1 to 1, in set 's'"):
            base.with_overrides({SHIFT: value})


@given(limits=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3))
def test_an_entry_has_no_fault_exactly_when_its_value_lies_in_an_ordered_range(limits):
    low, value, high = limits
    assume(not math.isclose(low, value) and not math.isclose(high, value))
    faults = list(Entry(value, "assumed", source="S", range=(low, high)).faults())
    assert (not faults) == (low <= value <= high and low < high)


# --- curves -----------------------------------------------------------------------------------------------------------

CURVED = ENTRY.replace("value = 4e-4", 'value = {curve = "law.csv"}')


def curve_file(folder, text):
    (folder / "curves").mkdir(exist_ok=True)
    write(folder / "curves", text, "law.csv")


def test_a_curve_is_read_called_and_pickled(tmp_path):
    curve_file(tmp_path, "# made up\nX,thickness [m]\n0,3e-4\n1,5e-4\n")
    mine = load(write(tmp_path, HEAD + CURVED))
    curve = pickle.loads(pickle.dumps(mine.value(THICKNESS)))
    assert curve(0.25) == pytest.approx(3.5e-4)
    np.testing.assert_allclose(curve(np.array([-1.0, 0.5, 2.0])), [3e-4, 4e-4, 5e-4])
    assert mine.describe()[0].value == "curve law.csv"
    assert json.loads(json.dumps(mine.as_record()))["values"][THICKNESS]["y"] == [3e-4, 5e-4]


@pytest.mark.parametrize("at", [-1.0, 0.25, 1.5, 9.0])
def test_a_curve_in_pybamm_equals_the_curve_in_numpy(at):
    import pybamm

    curve = Curve("law.csv", (0.0, 1.0, 2.0), (2.0, 1.5, 0.0))
    values = pybamm.ParameterValues({"Law": curve})
    symbol = values.process_symbol(pybamm.FunctionParameter("Law", {"X": pybamm.Scalar(at)}))
    assert float(np.squeeze(symbol.evaluate())) == pytest.approx(float(curve(at)))
    pickle.loads(pickle.dumps(values))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("X,Y\n0,3e-4\n", ["at least two points"]),
        ("X,Y\n0,3e-4\n1,a\n", ["line 3", "expected two numbers"]),
        ("X,Y\n0,3e-4\n1,4e-4,5\n", ["line 3", "expected two numbers"]),
        ("X,Y\n0,3e-4\n0,4e-4\n", ["line 3", "rising"]),
        ("X,Y\n0,3e-4\n1,nan\n", ["line 3", "finite"]),
        ("X,Y\n0,3e-4\n1,1.0\n", ["outside the range"]),
    ],
)
def test_a_bad_curve_is_refused(tmp_path, text, words):
    curve_file(tmp_path, text)
    refused(tmp_path, HEAD + CURVED, "law.csv", "line 6", *words)


def test_a_missing_curve_is_refused(tmp_path):
    refused(tmp_path, HEAD + CURVED, "line 6", "law.csv", "No such file")


# --- PyBaMM -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", available())
def test_pybamm_gets_all_values_and_they_pickle(name):
    parameters = load(name)
    values = parameters.to_pybamm()
    again = pickle.loads(pickle.dumps(values))
    for key, value in parameters.as_values().items():
        assert values[key] == value
        assert again[key] == value


def test_pybamm_values_can_be_replaced_by_name(nas):
    import pybamm

    values = nas.to_pybamm(**{THICKNESS: "[input]"})
    assert isinstance(values[THICKNESS], pybamm.InputParameter)
    with pytest.raises(UnknownNameError, match=r"nearest match is 'Separator thickness \[m\]'"):
        nas.to_pybamm(**{"Separator thicknes [m]": 1.0})


@pytest.mark.parametrize("name", available())
def test_a_shipped_set_is_an_entry_point(name, nas):
    function = EntryPoint(name, f"nasim.parameters:{name}", "pybamm_parameter_sets").load()
    assert function() == load(name).as_values()
    assert load(name).title in function.__doc__
    assert "10.1039/d4ee06171c" in function.__doc__


def test_other_attributes_do_not_exist():
    with pytest.raises(AttributeError, match="Yuan2025_NSA"):
        _ = parameters.Yuan2025_NSA


def test_importing_and_listing_is_cheap():
    heavy = "sorted({'pybamm', 'pydantic', 'numpy'} & set(sys.modules))"
    code = f"import sys, nasim.parameters as p; p.available(); print({heavy})"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_an_installed_package_takes_its_own_copy(tmp_path, monkeypatch):
    inside = tmp_path / "nasim" / "parameter_sets"
    inside.mkdir(parents=True)
    (tmp_path / "parameter_sets").mkdir()
    for name in "CADB":
        write(inside, HEAD + ENTRY, f"{name}.toml")
    write(tmp_path / "parameter_sets", HEAD + ENTRY.replace("4e-4", "3.5e-4"), "A.toml")
    monkeypatch.setattr(loading, "__file__", str(tmp_path / "nasim" / "parameters" / "loading.py"))
    assert available() == ["A", "B", "C", "D"]
    assert load("A").value(THICKNESS) == 4e-4


# --- what one composite can hold --------------------------------------------------------------------------------------

SHARES = {"Sulfur mass fraction": 0.12, "Catholyte mass fraction": 0.8}


def composite(folder, shares, cell=""):
    """A set that extends the shipped one, with mass fractions of its own."""
    tables = [
        f'["{name}"]\nvalue = {value}\nkind = "measured"\nsource = "Yuan2025"\nrange = [-1.0, 2.0]\n'
        for name, value in (SHARES | shares).items()
    ]
    return load(write(folder, "\n".join(['extends = "Yuan2025_NAS"\ntitle = "T"', cell, *tables])))


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"Sulfur mass fraction": 0.0}, ("'mine'", "'Sulfur mass fraction' is 0", "more than 0", "'Sulfur'")),
        ({"Catholyte mass fraction": 0.0}, ("'Catholyte mass fraction' is 0", "more than 0", "'Sb-S'")),
        ({"Catholyte mass fraction": -0.1}, ("'Catholyte mass fraction' is -0.1", "more than 0")),
        ({"Sulfur mass fraction": 0.6}, ("'Sulfur mass fraction' = 0.6", "= 0.8", "make 1.4", "at most 1")),
    ],
)
def test_mass_fractions_that_no_composite_has_are_refused(tmp_path, shares, words):
    for attempt in (
        lambda: composite(tmp_path, shares),
        lambda: composite(tmp_path, {}).with_overrides(shares),
    ):
        with pytest.raises(ParameterSetError) as caught:
            attempt()
        assert all(word in str(caught.value) for word in words), caught.value


def test_only_the_materials_of_the_cell_count(tmp_path):
    """A fraction of what is left out may be anything: a cathode without sulfur inherits that of the other."""
    alone = composite(tmp_path, {"Sulfur mass fraction": 0.0}, '[cell]\nchains = ["Sb-S"]')
    assert alone.value("Sulfur mass fraction") == 0.0
    assert composite(tmp_path, {"Sulfur mass fraction": 0.2}).value("Sulfur mass fraction") == 0.2
