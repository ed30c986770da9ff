"""Design quantities: what follows of them, what is refused, the sheet, and a recipe that gives a sensible cell."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

import nasim
from nasim import nomenclature as nm
from nasim.cli import app

NAS = "Yuan2025_NAS"


@pytest.fixture(scope="module")
def base():
    return nasim.load(NAS)


def test_an_empty_design_changes_nothing(base):
    assert nasim.Design().values(base) == {}


def test_loading_ratio_and_porosity_make_masses_and_thickness(base):
    """2 mg cm-2 of sulfur in 24:16:60 is 8.333 mg cm-2 of composite; its solids take 36.5 um."""
    built = nasim.Design(sulfur_loading_mg_cm2=2.0, ratio=(24, 16, 60), porosity=0.2, area_cm2=2.0).of(base)
    assert built.value(nm.COMPOSITE_MASS) == pytest.approx(2e-4 * 0.02 / 0.24)
    solids = 0.24 / 2070 + 0.16 / 1950 + 0.60 / 2870
    assert built.value(nm.CATHODE_THICKNESS) == pytest.approx(0.02 / 0.24 * solids / 0.8)
    assert [built.value(name) for name in (nm.SULFUR_MASS_FRACTION, nm.CATHOLYTE_MASS_FRACTION)] == pytest.approx(
        [0.24, 0.6]
    )
    one_C = built.value(nm.NOMINAL_CAPACITY) / built.value(nm.AREA) / 10
    assert one_C == pytest.approx(2.0 * 1.675, rel=2e-3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"sulfur_loading_mg_cm2": 1.0}, {"areal_capacity_mAh_cm2": 1.6718}),
        ({"sulfur_loading_mg_cm2": 1.0}, {"cathode_loading_mg_cm2": 1.0 / 0.12}),
        ({"diameter_mm": 20.0}, {"area_cm2": 3.14159}),
        ({"porosity": 0.1}, {"pressed_density_g_cm3": 2.384}),
    ],
)
def test_two_ways_of_saying_the_same(base, one, other):
    first, second = (nasim.Design(**given).of(base) for given in (one, other))
    for name in (nm.COMPOSITE_MASS, nm.CATHODE_THICKNESS, nm.AREA, nm.NOMINAL_CAPACITY):
        assert first.value(name) == pytest.approx(second.value(name), rel=1e-3), name


def test_anode_and_separator(base):
    built = nasim.Design(n_to_p=2.0, separator_thickness_um=50).of(base)
    one_C = 3600 * built.value(nm.NOMINAL_CAPACITY) / built.value(nm.AREA)
    assert built.value(nm.ALLOY_CAPACITY) == pytest.approx(2 * one_C)
    assert built.value(nm.SEPARATOR.thickness) == pytest.approx(5e-5) and built.outside_ranges() == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"loading": 1.0}, "no option 'loading'"),
        ({"sulfur_loading": 1.0}, "nearest match is 'sulfur_loading_mg_cm2'"),
        ({"sulfur_loading_mg_cm2": 1.0, "areal_capacity_mAh_cm2": 1.0}, "say the same"),
        ({"pressed_density_g_cm3": 5.0}, r"5 g cm-3 is above that of the dense solids, 2\.65 g cm-3"),
        ({"ratio": (12, 88)}, "ratio is sulfur, carbon, electrolyte"),
        ({"ratio": (60, 40, 0)}, "no electrolyte in the cathode, 0 % of its mass"),
        ({"porosity": 1.5}, "porosity = 1.5 is impossible"),
        ({"separator_thickness_um": -5}, "separator thickness must be above zero, in um"),
    ],
)
def test_what_cannot_be_built_is_refused(base, given, words):
    with pytest.raises(nasim.NasimError, match=words):
        nasim.Design(**given).of(base)


def test_the_sheet_adds_up(base):
    sheet = nasim.cell_sheet(base).quantities
    volumes = [sheet[f"{part}_volume_fraction"] for part in ("sulfur", "carbon", "electrolyte", "pore")]
    assert sum(volumes) == pytest.approx(1.0)
    for quantity in ("thickness_um", "mass_mg_cm2"):
        parts = sum(sheet[f"{layer}_{quantity}"] for layer in ("cathode", "separator", "anode"))
        assert parts == pytest.approx(sheet[f"stack_{quantity}"])
    assert sheet["separator_mass_mg_cm2"] * 0.7854 == pytest.approx(80, rel=0.01)  # mg of NAS that the paper pressed
    assert sheet["anode_mass_mg_cm2"] * 0.7854 == pytest.approx(40, rel=0.01)  # mg of Na15Sn4
    energy = nasim.cell_sheet(base).energy(1.0)
    assert energy["energy_Wh_kg"] == pytest.approx(1e3 / sheet["stack_mass_mg_cm2"])
    assert energy["energy_Wh_L"] == pytest.approx(1e4 / sheet["stack_thickness_um"])
    assert {type(each) for each in nasim.cell_sheet(base).energy(np.float64(1.0)).values()} == {float}


def test_a_composite_that_does_not_hang_together_is_remarked(base):
    (said,) = nasim.cell_sheet(nasim.Design(ratio=(20, 0.5, 79.5)).of(base)).remarks
    assert said.startswith("carbon is 0.58 %") and "electrons reach next to nothing" in said
    assert nasim.cell_sheet(base).remarks == ()


RECIPE = f"""extends = "{NAS}"
[design]
cathode_loading_mg_cm2 = 8.15
ratio = [36, 24, 40]
["Applied stack pressure [Pa]"]
value = 1.25e8
kind = "setting"
"""


def test_a_recipe_of_five_lines_gives_a_sensible_cell(tmp_path):
    """Twice as thick, 40 % electrolyte, half the pressure: between nothing and all that the sulfur can hold, and it comes back."""
    path = tmp_path / "mine.toml"
    path.write_text(RECIPE)
    result = nasim.GCD(cycles=2).run(parameters=path)
    assert result.record["conditions"]["stack_pressure_MPa"] == 125
    first, second = result.summary["discharge_capacity_mAh_g"]
    assert 50 < second < 1672 and 50 < first < 2200
    assert result.summary["charge_over_discharge"].iloc[1] == pytest.approx(1.0, abs=0.1)
    path.write_text(RECIPE.replace("cathode_loading", "cathode_loadng"))
    with pytest.raises(nasim.UnknownNameError, match=r"mine.toml, line 2: design: .*'cathode_loading_mg_cm2'"):
        nasim.load(path)


def test_the_command_prints_the_sheet_and_designs_are_run():
    def call(*words):
        outcome = CliRunner().invoke(app, list(words))
        assert outcome.exit_code == 0, outcome.output
        return outcome.stdout

    sheet = json.loads(call("cell", "--sulfur-loading", "1", "--separator-thickness", "50", "--json"))["sheet"]
    assert sheet["sulfur_loading_mg_cm2"] == pytest.approx(1.0)
    assert sheet["energy_Wh_kg"] == pytest.approx(1e3 * sheet["discharge_energy_mWh_cm2"] / sheet["stack_mass_mg_cm2"])
    assert "electrolyte volume fraction" in call("cell", "--ratio", "20", "20", "60", "--no-run")
    words = ["run", "gcd", "--cycles", "2", "--design", "sulfur-loading=1 separator-thickness=50", "--json"]
    row = json.loads(call(*words))["cycles"][1]
    assert row["discharge_capacity_mAh_cm2"] == pytest.approx(sheet["discharge_capacity_mAh_cm2"], rel=1e-6)


def test_an_anode_that_the_interphase_eats_is_remarked(base):
    """3.24e9 C m-3 on 20 um is 1.8 mAh cm-2; 3 x 0.837 mAh cm-2 of sulfur is 2.51; NPS grows no interphase."""
    lean = nasim.Design(sulfur_loading_mg_cm2=0.5, n_to_p=3)
    (said,) = (each for each in nasim.cell_sheet(lean.of(base)).remarks if "runs low" in each)
    assert said.startswith(
        "of the 2.51 mAh cm-2 of sodium in the anode the cathode can take up 1.1 and the interphase bind 1.8"
    )
    rich = nasim.Design(sulfur_loading_mg_cm2=1.0, n_to_p=3).of(base)
    without = lean.of(nasim.load("Yuan2025_NPS_separator"))
    assert not any("runs low" in each for cell in (rich, without) for each in nasim.cell_sheet(cell).remarks)
