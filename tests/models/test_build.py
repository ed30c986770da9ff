"""The model that a set describes: kind of cell, layers, chains, and what grows at the alloy."""

from dataclasses import replace

import pytest

import nasim
from nasim import nomenclature as nm
from nasim.models.build import cell_for
from nasim.parameters import available, load

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
    cathode += ("Composite ionic",)
    assert all(name.startswith(cathode) for name in differing("Yuan2025_NPS"))
