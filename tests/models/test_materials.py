"""Materials as data: what a set names decides on the mechanisms and on what voltages are against."""

import pickle
from pathlib import Path

import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.build import cell_for, departure
from nasim.models.materials import CHAINS, ELECTRODES, INTERPHASES
from nasim.parameters import available, load, materials

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
