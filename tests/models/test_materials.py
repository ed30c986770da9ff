"""Materials as data: what a set names decides on the mechanisms and on what voltages are against."""

import pickle
import tomllib
from pathlib import Path

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.build import cell_for, departure
from nasim.models.materials import CHAINS, ELECTRODES, INTERPHASES
from nasim.nomenclature import columns as col
from nasim.parameters import available, load, materials
from nasim.parameters.loading import folders, shipped_materials
from nasim.parameters.sheet import ions
from nasim.submodels.alloy_anode import AlloyElectrode, equilibrium_potential

SODIUM_METAL = Path(__file__).parents[2] / "examples" / "sodium_metal.toml"
GLASS = """
title = "T"
extends = "Yuan2025_NAS"
[cell]
electrolyte = "MyGlass"
%s
[materials.electrolytes.MyGlass]
formula = "Na2.9Sb0.9W0.1S4"
molar_mass = 0.32
%s
"""


def write(folder, cell="", glass=""):
    path = folder / "mine.toml"
    path.write_text(GLASS % (cell, glass))
    return path


def part(cell, role):
    (found,) = [each for each in cell.mechanisms if each.role == role]
    return found


@pytest.mark.parametrize("name", available())
def test_shipped_sets_are_against_their_alloy(name):
    assert load(name).voltage_reference == "Na15Sn4"


def test_every_word_of_the_table_has_a_mechanism():
    assert set(CHAINS) == set(nm.chain_names())
    assert set(ELECTRODES) == set(materials.ELECTRODES) and set(INTERPHASES) == set(materials.INTERPHASES)


@pytest.mark.parametrize(
    ("glass", "cell", "kind"),
    [
        ("", "", nasim.Interphase),
        ('interphase = "none"', "", nasim.NoInterphase),
        ("beside = {Na = 'none'}", "", nasim.Interphase),
        ("beside = {Na = 'none'}", 'anode = "Na"', nasim.NoInterphase),
        ("interphase = 'none'\nbeside = {Na = 'growing'}", 'anode = "Na"', nasim.Interphase),
    ],
)
def test_what_grows_is_said_by_the_electrolyte_beside_the_anode(tmp_path, glass, cell, kind):
    mine = load(write(tmp_path, cell, glass))
    assert type(part(cell_for(mine), nm.roles.interphase(nm.NEGATIVE))) is kind
    assert departure(cell_for(mine), mine) is None


def test_a_catholyte_and_an_active_material_bring_their_chains(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "T"\n[cell]\ncatholyte = "Inert"\n[materials.catholytes.Inert]\nformula = "NaCl"\nmolar_mass = 0.0584\n'
    )
    assert load(path).cell.chains == ("Sulfur",)


def test_a_set_hands_its_materials_on_to_what_extends_it(tmp_path):
    write(tmp_path, 'anode = "Na"')
    child = tmp_path / "child.toml"
    child.write_text('extends = "mine.toml"\n')
    mine = load(child)
    assert mine.electrolyte.formula == str(mine.electrolyte) == "Na2.9Sb0.9W0.1S4"
    assert pickle.loads(pickle.dumps(mine)).voltage_reference == "Na/Na+"


@pytest.mark.parametrize(
    ("glass", "cell", "words"),
    [
        ("", 'anode = "Ma"', ["line 6", "anode is 'Ma'", "nearest match is 'Na'"]),
        ('interphase = "grow"', "", ["line 10", "interphase is 'grow'", "'growing', 'none'"]),
        ("beside = {Na = 'maybe'}", "", ["'maybe' for 'Na'"]),
        ('ion = "K+"', "", ["ion is 'K+'", "'Na+', 'Li+'"]),
        ("molar_weight = 1.0", "", ["unknown field 'molar_weight'", "nearest match is 'molar_mass'"]),
        ('[materials.glasses.A]\nformula = "S"', "", ["unknown kind of material 'glasses'"]),
        ('[materials.anodes.A]\nformula = "12"\nmolar_mass = 1.0', "", ["formula is '12'", "such as"]),
        ('[materials.anodes.A]\nformula = "Li"\nmolar_mass = 0.0', "", ["molar_mass is 0.0", "above 0"]),
        ('[materials.anodes.A]\nformula = "Li"', "", ["molar_mass is missing"]),
        ('[materials.catholytes.A]\nformula = "S"\nmolar_mass = 1.0\nchain = "Sb"', "", ["chain is 'Sb'", "'Sb-S'"]),
    ],
)
def test_a_material_that_makes_no_sense_is_refused(tmp_path, glass, cell, words):
    with pytest.raises(nasim.ParameterSetError) as caught:
        load(write(tmp_path, cell, glass))
    for word in ("mine.toml", *words):
        assert word in str(caught.value), str(caught.value)


# --- sodium metal, in one file ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def metal():
    return nasim.GCD(cycles=2).run(parameters=SODIUM_METAL)


def test_sodium_metal_with_another_electrolyte_takes_one_file(metal):
    mine = load(SODIUM_METAL)
    assert mine.voltage_reference == "Na/Na+" and mine.electrolyte.ion == "Na+"
    assert part(cell_for(mine), nm.roles.electrode(nm.NEGATIVE)).name == "negative sodium metal"
    assert not metal.record["events"]
    assert max(metal.audit().values()) < 1e-9


def test_its_voltage_is_that_of_the_alloy_cell_plus_the_alloys_own(metal):
    """At the same electrolyte: 0.08 V apart at the start of discharge, where nothing else differs."""
    mine, start = load(SODIUM_METAL), []
    for anode in (nasim.SodiumMetal(), nasim.AlloyElectrode()):
        result = nasim.GCD(cycles=1).run(cell_for(mine, anode=anode), mine)
        start.append(result.curve(1)["Voltage [V]"].iloc[0])
    assert start[0] - start[1] == pytest.approx(0.08, abs=1e-3)


def test_a_symmetric_cell_of_sodium_metal(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "Yuan2025_symmetric_NAS"\n[cell]\nanode = "Na"\n')
    result = nasim.SymmetricCycling(hours=4).run(parameters=path)
    assert max(result.audit().values()) < 1e-9
    parts = {each.name for each in cell_for(load(path)).mechanisms}
    assert {"negative sodium metal", "positive sodium metal"} <= parts


# --- what materials bring, and alloys other than Na-Sn ----------------------------------------------------------------

OTHER_ANODE = 'title = "T"\nextends = "Yuan2025_NAS"\n[cell]\nanode = "%s"\n'


def with_anode(folder, name, more=""):
    path = folder / "mine.toml"
    path.write_text(OTHER_ANODE % name + more)
    return load(path)


@pytest.mark.parametrize("name", ["Na15Sn4", "Na9Sn4", "NaSn", "NaSn2", "Na3Sb"])
def test_an_alloy_rests_at_the_potential_that_its_material_states(tmp_path, name):
    mine = with_anode(tmp_path, name)
    electrode = part(cell_for(mine), nm.roles.electrode(nm.NEGATIVE))
    plateaus = [mine.value(plateau) for plateau in electrode.plateaus]
    at_rest = equilibrium_potential(mine.value(nm.ALLOY_INITIAL_CONTENT), plateaus, electrode.ends)
    assert at_rest == pytest.approx(mine.anode.potential, abs=1e-3)
    assert departure(cell_for(mine), mine) is None
    assert (departure(nasim.FullCell(), mine) is None) == (name != "Na3Sb")


@pytest.mark.parametrize("name", sorted(shipped_materials().anodes))
def test_molar_masses_follow_from_the_formula(name):
    atoms = {"Na": 22.98977, "Sn": 118.710, "Sb": 121.760}
    material = shipped_materials().anodes[name]
    mass = sum(atoms[atom] * ions(material.formula, atom) for atom in atoms)
    assert 1e3 * material.molar_mass == pytest.approx(mass, abs=0.01)


def test_plateaus_of_antimony_follow_from_the_energies_of_the_set():
    energies = tomllib.loads((folders()[0] / "energies" / "MaterialsProject2019.toml").read_text())
    formation = energies["formation_energy_eV_per_atom"]
    poor, rich = 2 * formation["NaSb"], 4 * formation["Na3Sb"]
    stated = [entry.value for name, entry in shipped_materials().anodes["Na3Sb"].values.items() if "potential" in name]
    assert stated == pytest.approx([-poor, -(rich - poor) / 2], abs=5e-4)


def test_a_cell_with_another_alloy_runs_from_one_plateau_into_the_other(tmp_path):
    """The second plateau lifted by 0.1 V takes 0.1 V from the cell there, and nothing before."""
    small = 'electrolyte = "NPS"\n["Alloy sodium capacity [C.m-2]"]\nvalue = 3.6e4\nkind = "setting"\n'
    mine = with_anode(tmp_path, "Na3Sb", small + '["Lower voltage cut-off [V]"]\nvalue = 0.2\nkind = "setting"\n')
    plateau, cell = "Alloy potential of Sb-NaSb [V]", nasim.KeptCell()
    plain, lifted = (
        nasim.GCD(cycles=1).run(cell, mine, overrides={plateau: mine.value(plateau) + more}) for more in (0.0, 0.1)
    )
    curves = [result.curve(1).query("Step == 'discharge'") for result in (plain, lifted)]
    content = curves[0][nm.NEGATIVE.sodium_content]
    assert 3.0 - content.iloc[-1] == pytest.approx(3.0 * curves[0][col.AREAL].iloc[-1] * 3.6e4 / 3.6e4, rel=5e-3)
    fell = curves[0][nm.VOLTAGE] - np.interp(curves[0][col.AREAL], curves[1][col.AREAL], curves[1][nm.VOLTAGE])
    assert fell[content > 1.1].abs().max() < 2e-3
    assert fell[content.between(0.8, 0.9)].to_numpy() == pytest.approx(0.1, abs=5e-3)
    assert max(plain.audit().values()) < 1e-9 and plain.curves.attrs[col.REFERENCE] == "Na3Sb"


@pytest.mark.parametrize("name", ["Na15Sn4", "NaSn", "Na3Sb"])
def test_the_sheet_and_the_design_count_the_sodium_that_is_there(tmp_path, name):
    """N/P is of the phase as built; mass and sodium of its formula agree."""
    mine = nasim.Design(n_to_p=2.0).of(with_anode(tmp_path, name))
    sheet = nasim.cell_sheet(mine).quantities
    assert sheet["n_to_p"] == pytest.approx(2.0)
    sodium = sheet["anode_mass_mg_cm2"] / mine.anode.molar_mass * 1e-6 * ions(mine.anode.formula, "Na+")
    assert sodium * 96485.33 / 3.6 == pytest.approx(2.0 * sheet["one_C_mA_cm2"], rel=1e-3)


def test_a_set_keeps_the_last_word_over_what_a_material_brings(tmp_path):
    conductivity = nm.SEPARATOR.conductivity
    path = tmp_path / "mine.toml"
    path.write_text('extends = "Yuan2025_NAS"\n[cell]\nelectrolyte = "NSWS"\n')
    brought = load(path)
    assert brought.entries[conductivity].source == "Hayashi2019" and "Hayashi2019" in brought.sources
    path.write_text(path.read_text() + f'["{conductivity}"]\nvalue = 1.0\nkind = "setting"\n')
    assert load(path).value(conductivity) == 1.0
    child = tmp_path / "child.toml"
    child.write_text('extends = "mine.toml"\n[cell]\nanode = "Na"\n')
    assert load(child).value(conductivity) == 1.0


BISMUTH = (Path(__file__).parents[2] / "parameter_sets" / "README.md").read_text().split("```toml")


def test_the_alloy_of_the_page_on_sets_is_a_cell(tmp_path):
    (text,) = [block.split("```")[0] for block in BISMUTH if "Na3Bi" in block.split("```")[0]]
    path = tmp_path / "bismuth.toml"
    path.write_text(text)
    result = nasim.GCD(cycles=1).run(parameters=path, overrides={nm.LOWER_CUT_OFF: 0.4})
    assert result.summary["discharge_capacity_mAh_g"].iloc[0] > 1000 and not result.record["events"]
    assert load(path).value("Alloy potential of Bi-NaBi [V]") == 0.64


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("plateaus = {A-B = 2.0, B-C = 1.0}", ["ends do not rise"]),
        ("plateaus = 1.0", ["plateaus is 1.0", "such as {Sb-NaSb"]),
        ("values = 1.0", ["values is 1.0", "tables of parameters"]),
        ('[materials.anodes.X.values."Alloy sodium capacty [C.m-2]"]\nvalue = 1.0', ["Alloy sodium capacity [C.m-2]"]),
        ('[materials.anodes.X.values."Alloy sodium capacity [C.m-2]"]\nvalue = 1.0\nkind = "derived"', ["source is"]),
        (
            '[materials.anodes.X.values."Alloy sodium capacity [C.m-2]"]\nvalue = 1.0\nkind = "derived"\nsource = "No"',
            ["line 11", "source 'No' is not listed"],
        ),
    ],
)
def test_plateaus_and_values_that_make_no_sense_are_refused(tmp_path, more, words):
    material = f'[materials.anodes.X]\nformula = "Na2X"\nmolar_mass = 0.1\n{more}\n'
    with pytest.raises(nasim.NasimError) as caught:
        with_anode(tmp_path, "X", material)
    for word in ("mine.toml", *words):
        assert word in str(caught.value), str(caught.value)


def test_plateaus_and_ends_fit_together():
    with pytest.raises(nasim.CompositionError, match="1 plateaus, but 2 ends"):
        AlloyElectrode(plateaus=("Alloy potential of A-B [V]",), ends=(1.0, 2.0))
