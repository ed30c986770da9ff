"""The model that a set describes: kind of cell, layers, chains, and what grows at the alloy."""

from dataclasses import replace

import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.build import cell_for, departure
from nasim.parameters import available, load, locate

KINDS = {"full": nasim.FullCell, "symmetric": nasim.SymmetricCell, "blocking": nasim.BlockingCell}


@pytest.mark.parametrize("name", available())
def test_every_shipped_set_builds_its_cell_and_has_its_values(name):
    parameters = load(name)
    model = cell_for(parameters)
    assert type(model) is KINDS[parameters.cell.model]
    parameters.require(each.name for each in model.parameters if each.name in nm.PARAMETERS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Yuan2025_NAS", "Interphase"),
        ("Yuan2025_NPS", "Interphase"),
        ("Yuan2025_NPS_separator", "NoInterphase"),
        ("Yuan2025_NPS_interlayer", "NoInterphase"),
        ("Yuan2025_symmetric_NPS", "NoInterphase"),
    ],
)
def test_what_touches_the_alloy_decides_what_grows(name, kind):
    found = [each for each in cell_for(load(name)).mechanisms if each.name.endswith("interphase")]
    assert {type(each).__name__ for each in found} == {kind}


def test_the_separator_has_the_layers_of_the_set():
    def layers(name):
        (separator,) = [each for each in cell_for(load(name)).mechanisms if each.name == "separator"]
        return separator.layers

    assert layers("Yuan2025_NAS") == (nm.SEPARATOR,)
    assert layers("Yuan2025_NPS_interlayer") == (nm.INTERLAYER, nm.SEPARATOR)


def test_an_unknown_layer_is_refused():
    parameters = load("Yuan2025_NAS")
    odd = replace(parameters, cell=replace(parameters.cell, separator=("seperator",)))
    with pytest.raises(nasim.ParameterSetError, match=r"'seperator'.*nearest match is 'separator'"):
        cell_for(odd)


def test_the_sets_of_one_family_differ_where_the_cells_do():
    """NPS in the separator, or in the cathode: entries that differ from the main set belong to that part."""
    base = load("Yuan2025_NAS")

    def differing(name):
        other = load(name)
        return {n for n in other.entries if other.entries[n].value != base.entries[n].value}

    part = ("Separator", "Soft-short", "Alloy contact pressure scale")
    assert all(name.startswith(part) for name in differing("Yuan2025_NPS_separator"))
    cathode = ("Catholyte", "Cathode thickness", "Sb-S", "Milled", "Contact pressure scale", "Contact loss")
    cathode += ("Composite ionic", "Desodiated ionic", "Ionic percolation threshold")
    assert all(name.startswith(cathode) for name in differing("Yuan2025_NPS"))


INTERLAYER = "Yuan2025_NPS_interlayer"


@pytest.mark.parametrize("given", [INTERLAYER, load(INTERLAYER), locate(INTERLAYER)], ids=["name", "set", "path"])
def test_parts_of_ones_own_replace_those_of_the_set(given):
    cell = cell_for(given, cathode=nasim.PorousCathode(), thermal=nasim.LumpedThermal(), short=None)
    parts = {each.name: each for each in cell.mechanisms}
    assert parts["separator"].layers == (nm.INTERLAYER, nm.SEPARATOR)
    assert type(parts["negative interphase"]) is nasim.NoInterphase
    assert {"porous cathode", "soft short"} <= set(parts)
    assert any(type(each) is nasim.LumpedThermal for each in parts.values())
    grown = cell_for(given, interphase=nasim.Interphase(), separator=nasim.Separator())
    assert {type(each) for each in grown.mechanisms} >= {nasim.Interphase, nasim.Separator}
    assert [each.layers for each in grown.mechanisms if each.name == "separator"] == [(nm.SEPARATOR,)]


def test_parts_go_to_the_kind_of_cell_that_the_set_describes():
    cell = cell_for("Yuan2025_symmetric_NPS", diffusion=nasim.AlloyDiffusion)
    assert type(cell) is nasim.SymmetricCell
    assert {type(each) for each in cell.mechanisms} >= {nasim.AlloyDiffusion, nasim.NoInterphase}
    blocking = cell_for("Yuan2025_blocking_NAS", short=nasim.NoShort())
    assert type(blocking) is nasim.BlockingCell and nasim.NoShort in {type(each) for each in blocking.mechanisms}


def test_an_unknown_part_or_set_is_refused_by_name():
    with pytest.raises(nasim.CompositionError, match=r"cell_for: FullCell has no part .catode.*match is .cathode"):
        cell_for("Yuan2025_NAS", catode=nasim.PorousCathode())
    with pytest.raises(nasim.CompositionError, match="SymmetricCell has no part 'cathode'"):
        cell_for("Yuan2025_symmetric_NAS", cathode=nasim.PorousCathode())
    with pytest.raises(nasim.UnknownNameError, match="'Yuan2025_NPS_interlayr'"):
        cell_for("Yuan2025_NPS_interlayr")
    with pytest.raises(nasim.ParameterSetError, match="cell_for needs the name.*3 was given"):
        cell_for(3)


@pytest.mark.parametrize(
    ("model", "name", "words"),
    [
        (
            nasim.FullCell(),
            INTERLAYER,
            ["separator layers separator instead of interlayer, separator", "alloy Interphase instead of NoInterphase"],
        ),
        (nasim.FullCell(), "Yuan2025_NPS_separator", ["on the negative alloy Interphase instead of NoInterphase"]),
        (nasim.FullCell(chains=[nasim.SbSRedox()]), "Yuan2025_NAS", ["redox chains Sb-S instead of Sb-S, Sulfur"]),
        (nasim.FullCell().charged(), "Yuan2025_symmetric_NAS", ["redox chains Sb-S, Sulfur instead of none"]),
        (nasim.FullCell(cathode=nasim.PorousCathode()), "Yuan2025_NAS", []),
    ],
)
def test_a_model_that_is_not_the_cell_of_the_set_is_told_apart(model, name, words):
    told = departure(model, load(name))
    assert (told is None) == (not words)
    for word in (*words, *([f"'{name}'", "'Na-S full cell'", "nasim.cell_for("] if words else [])):
        assert word in told, told


@pytest.mark.parametrize("name", available())
def test_the_cell_of_a_set_departs_in_nothing(name):
    assert departure(cell_for(name), load(name)) is None
