"""Separator: Ohm's law of a stack of layers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels import arrhenius
from nasim.submodels.separator import Separator, resistance

sizes = st.floats(1e-6, 1e-2)
conductivities = st.floats(1e-6, 10.0)


def test_units(quantity):
    found = resistance(quantity(394.0, "um"), quantity(0.9, "mS/cm"))
    assert found.to("ohm*cm**2").magnitude == pytest.approx(43.8, abs=0.1)


@given(sizes, sizes, conductivities)
def test_layers_of_one_material_add_up_to_one_layer(first, second, sigma):
    together = resistance(first + second, sigma)
    assert together == pytest.approx(resistance(first, sigma) + resistance(second, sigma), rel=1e-12)
    assert resistance(first, 2 * sigma) < resistance(first, sigma)


@pytest.mark.parametrize("T", [263.15, 298.15, 333.15])
def test_the_resistance_of_a_stack_is_the_sum_of_its_layers(alone, T):
    def of(*layers):
        cell = alone(Separator(layers), {nm.TEMPERATURE: T})
        return cell.at_start(nm.SEPARATOR_RESISTANCE)[0], cell.values

    both, values = of(nm.SEPARATOR, nm.INTERLAYER)
    assert both == pytest.approx(of(nm.SEPARATOR)[0] + of(nm.INTERLAYER)[0], rel=1e-12)
    assert both == pytest.approx(of(nm.INTERLAYER, nm.SEPARATOR)[0], rel=1e-12)
    layer = nm.SEPARATOR
    sigma = arrhenius.conductivity(T, values[layer.conductivity], values[layer.Ea])
    assert of(layer)[0] == pytest.approx(values[layer.thickness] / sigma, rel=1e-12)


def test_warmth_conducts_better(alone):
    cold, warm = (
        alone(Separator(), {nm.TEMPERATURE: T}).at_start(nm.SEPARATOR_RESISTANCE)[0] for T in (298.15, 333.15)
    )
    assert warm < cold


def test_an_infinitely_thin_interlayer_is_none(alone):
    given = {nm.TEMPERATURE: 298.15}
    with_it = alone(Separator((nm.INTERLAYER, nm.SEPARATOR)), given, {nm.INTERLAYER.thickness: 0.0})
    without = alone(Separator(), given)
    assert with_it.at_start(nm.SEPARATOR_RESISTANCE) == without.at_start(nm.SEPARATOR_RESISTANCE)
