"""Conductivity cell by mechanism: geometric capacitance, arcs of grains and boundaries, electrodes that only charge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nasim import nomenclature as nm
from nasim.submodels.arrhenius import conductivity
from nasim.submodels.blocking import BlockingElectrode
from nasim.submodels.separator import GrainedElectrolyte, Separator, geometric_capacitance

NAMES = (nm.SEPARATOR.bulk_loss, nm.SEPARATOR.grain_boundary_loss)


def around(i, T=298.15):
    return {nm.TEMPERATURE: T, nm.CELL_CURRENT: i}


def test_the_published_scale_of_the_bulk_relaxation():
    """NAS, 0.9 mS cm-1, permittivity 20: sigma/(2 pi eps) is 81 MHz, beyond the 7 MHz of the analyser."""
    assert 0.09 / (2 * np.pi * geometric_capacitance(20.0, 1.0)) == pytest.approx(81e6, rel=0.01)


@given(st.floats(1, 100), st.floats(1e-5, 1e-2))
def test_capacitance_falls_with_thickness(permittivity, L):
    assert geometric_capacitance(permittivity, 2 * L) == pytest.approx(geometric_capacitance(permittivity, L) / 2)


@pytest.mark.parametrize("share", [0.0001, 0.15, 0.5])
def test_grains_and_boundaries_drop_what_a_plain_separator_does(alone, share):
    """Once charged, whatever the share: the limit in which the capacitances do not count."""
    grained = alone(GrainedElectrolyte(), around(2.0), {nm.GRAIN_BOUNDARY_SHARE: share})
    drops = np.array(grained.solve([0, 1e-3], *NAMES))[:, -1]
    plain = alone(Separator(), around(2.0)).at_start(nm.SEPARATOR_RESISTANCE)[0]
    assert sum(drops) == pytest.approx(2.0 * plain, rel=1e-6)
    assert drops[1] == pytest.approx(share * sum(drops), rel=1e-6)


def test_each_charges_with_its_own_time(alone):
    cell = alone(GrainedElectrolyte(), around(1.0, 333.15))
    values = cell.values
    L = values[nm.SEPARATOR.thickness]
    R = L / conductivity(333.15, values[nm.SEPARATOR.conductivity], values[nm.SEPARATOR.Ea])
    share = values[nm.GRAIN_BOUNDARY_SHARE]
    capacitances = geometric_capacitance(values[nm.PERMITTIVITY], L), values[nm.GRAIN_BOUNDARY_CAPACITANCE]
    for name, part, C in zip(NAMES, (1 - share, share), capacitances, strict=True):
        t = np.linspace(0, 3 * part * R * C, 4)
        (eta,) = cell.solve(t, name)
        np.testing.assert_allclose(eta, part * R * (1 - np.exp(-t / (part * R * C))), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("side", [nm.NEGATIVE, nm.POSITIVE])
def test_a_blocking_electrode_only_charges(alone, side):
    cell = alone(BlockingElectrode(side), around(0.5))
    dphi, sodium = cell.solve([0, 10.0], side.potential, side.double_layer_sodium)
    assert np.ptp(dphi) == pytest.approx(5.0 / cell.values[nm.BLOCKING_DOUBLE_LAYER], rel=1e-8)
    assert np.sign(dphi[-1]) == side.sign and sodium[-1] == pytest.approx(-side.sign * 5.0, rel=1e-8)
