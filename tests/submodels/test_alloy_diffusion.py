"""Sodium diffusion in the alloy: modes against closed forms, early and late, and the limits in which it vanishes."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nasim
from nasim import nomenclature as nm
from nasim.submodels.alloy_anode import NA_PER_SN
from nasim.submodels.alloy_diffusion import (
    SATURATED,
    AlloyDiffusion,
    grain,
    layer,
    mode_gains,
    mode_rate,
)
from nasim.submodels.kinetics import ATMOSPHERE, pressure_shift

BODIES = [grain, layer]
CAPACITY, D, LENGTH = 9e5, 1.4e-14, 5e-6
TIME = LENGTH**2 / D
"""l2/D, about half an hour."""


def test_eigenvalues_of_crank():
    """Roots of tan x = x as tabulated in Crank (1975), table 6.6 without a reservoir."""
    np.testing.assert_allclose(grain(4)[0], [4.4934, 7.7253, 10.9041, 14.0662], atol=5e-5)
    np.testing.assert_allclose(np.tan(grain(30)[0]), grain(30)[0], rtol=1e-9)


@pytest.mark.parametrize("body", BODIES)
def test_modes_add_up_to_the_steady_response(body, order):
    """Without the closing of the last mode the sum tends to G with an error of order 1/N."""
    counts = np.array([10, 20, 40, 80, 160])
    left = [body(n)[2] - np.sum(2 / body(n)[0] ** 2) for n in counts]
    assert order(counts, left) == pytest.approx(-1, abs=0.06)
    assert mode_gains(*body(3)[::2]).sum() == pytest.approx(body(3)[2], rel=1e-12)


def test_units(quantity):
    rate = mode_rate(6e-4, quantity(-5.3e-6, "1/s"), 4.4934, quantity(1.4e-8, "mm**2/s"), quantity(5, "um"))
    assert rate.to("1/s").magnitude == pytest.approx(mode_rate(6e-4, -5.3e-6, 4.4934, D, LENGTH), rel=1e-9)


@given(st.floats(-1e-3, 1e-3), st.floats(-1, 1))
def test_taking_sodium_depletes_and_rest_evens_out(content_rate, depletion):
    assert mode_rate(0.0, content_rate, 4.5, D, LENGTH) * content_rate <= 0
    assert mode_rate(depletion, 0.0, 4.5, D, LENGTH) * depletion <= 0


# --- as a mechanism ---------------------------------------------------------------------------------------------------


def surface(alone, t, body=grain, modes=4, current=1.0, consumption=0.0, side=nm.NEGATIVE):
    """Depletion and loss at constant current, U of the surface held at 0.1 V."""
    given = {nm.TEMPERATURE: 298.15, side.kinetic_current: current, side.interphase_current: consumption}
    given |= {side.tin_content: 3.0, side.equilibrium_potential: 0.1, nm.STACK_PRESSURE: ATMOSPHERE}
    values = {nm.ALLOY_CAPACITY: CAPACITY, nm.ALLOY_DIFFUSIVITY: D, nm.ALLOY_DIFFUSION_LENGTH: LENGTH}
    return alone(AlloyDiffusion(side, body, modes), given, values).solve(t, side.depletion, side.diffusion_loss)


def draw(current):
    """-dz/dt at a current."""
    return NA_PER_SN * current / CAPACITY


@pytest.mark.parametrize(("body", "factor"), [(grain, 1 / 15), (layer, 1 / 3)])
@pytest.mark.parametrize("modes", [1, 4])
def test_the_steady_depletion_is_exact_for_any_number_of_modes(alone, body, factor, modes):
    depletion, loss = surface(alone, [0, 5 * TIME], body, modes, current=0.8, consumption=0.2)
    assert depletion[-1] == pytest.approx(factor * TIME * draw(1.0), rel=1e-8)
    assert loss[-1] == pytest.approx(0.02, abs=1e-6)


@pytest.mark.parametrize("body", BODIES)
def test_early_depletion_grows_with_the_root_of_time(alone, body, order):
    """Flux into a half space: 2/sqrt(pi) m sqrt(l2 t/D) |dz/dt|, an error of first order in the root of time."""
    t = np.array([0, 1e-4, 2e-4, 5e-4, 1e-3]) * TIME
    (depletion, _), m = surface(alone, t, body, modes=100), body(1)[1]
    root = 2 / np.sqrt(np.pi) * m * np.sqrt(TIME * t) * draw(1.0)
    assert order(np.sqrt(t[1:]), 1 - depletion[1:] / root[1:]) == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("body", BODIES)
def test_more_modes_follow_earlier_times(alone, body):
    """Against the whole series at a twentieth of l2/D: each pair of modes more gains digits."""
    eigenvalues, m, steady = body(400)
    at = 0.05
    series = m * TIME * draw(1.0) * (steady - np.sum(2 / eigenvalues**2 * np.exp(-(eigenvalues**2) * at)))
    errors = [abs(surface(alone, [0, at * TIME], body, modes)[0][-1] / series - 1) for modes in (1, 2, 4)]
    assert errors[0] > 5 * errors[1] > 25 * errors[2]
    assert errors[2] < 1e-3


def test_the_sides_are_mirror_images(alone):
    t = np.linspace(0, TIME, 5)
    here, loss = surface(alone, t, current=1.0)
    there, loss_there = surface(alone, t, current=-1.0, side=nm.POSITIVE)
    np.testing.assert_allclose(there, -here, rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(loss_there, -loss, rtol=1e-9)


# --- in a cell --------------------------------------------------------------------------------------------------------

SHORT = nasim.GCD(current_mA_cm2=0.4, cycles=1)


@pytest.fixture(scope="module")
def thin_anode(tmp_path_factory):
    """The paper's cell with an anode of 0.8 mAh cm-2 in grains of 30 um."""
    path = tmp_path_factory.mktemp("sets") / "thin.toml"
    path.write_text(
        'extends = "Yuan2025_NAS"\n["Alloy sodium capacity [C.m-2]"]\nvalue = 2.88e4\nkind = "setting"\n'
        'range = [1e3, 1e6]\n["Alloy diffusion length [m]"]\nvalue = 3e-5\nkind = "setting"\nrange = [1e-7, 1e-3]\n'
    )
    return str(path)


def test_quick_diffusion_is_well_mixed(thin_anode):
    quick = {nm.ALLOY_DIFFUSION_LENGTH: 2e-7, nm.ALLOY_DIFFUSIVITY: 5e-13}
    mixed = SHORT.run(None, thin_anode).curve(1)
    resolved = SHORT.run(nasim.FullCell(diffusion=nasim.AlloyDiffusion()), thin_anode, overrides=quick).curve(1)
    capacity = mixed["Specific capacity [mAh.g-1]"].max()
    assert resolved["Specific capacity [mAh.g-1]"].max() == pytest.approx(capacity, rel=2e-3)
    assert resolved[nm.NEGATIVE.diffusion_loss].abs().max() < 1e-3


def test_slow_diffusion_ends_the_discharge_of_a_thin_anode(thin_anode):
    mixed = SHORT.run(None, thin_anode)
    slow = SHORT.run(nasim.FullCell(diffusion=nasim.AlloyDiffusion()), thin_anode)
    column = "discharge_capacity_mAh_cm2"
    assert slow.summary[column][0] < 0.8 * mixed.summary[column][0]
    curve = slow.curve(1)
    end = curve[curve["Step"] == "discharge"].iloc[-1]
    assert end[nm.NEGATIVE.diffusion_loss] > 0.3
    parts = [name for name in curve.columns if name.endswith(" voltage loss [V]")]
    assert end[parts].sum() == pytest.approx(end[nm.VOLTAGE_LOSS], abs=1e-9)
    assert max(slow.audit().values()) < 1e-10


def test_a_symmetric_cell_takes_it_at_both_sides():
    cell = nasim.SymmetricCell(diffusion=nasim.AlloyDiffusion)
    assert {nm.NEGATIVE.depletion, nm.POSITIVE.depletion} <= set(cell.variables)


# --- metal ------------------------------------------------------------------------------------------------------------

COARSE = {nm.ALLOY_DIFFUSION_LENGTH: 1e-4}


def bare(**parts):
    return nasim.FullCell(interphase=nasim.NoInterphase(nm.NEGATIVE), short=nasim.NoShort(), **parts)


def of_metal(values):
    """Potential of sodium metal under the stack pressure, against the metal at one atmosphere."""
    return pressure_shift(values[nm.APPLIED_PRESSURE], values[nm.ALLOY_MOLAR_VOLUME])


def test_metal_beyond_a_full_alloy_is_stripped_first_and_all_of_it(thin_anode):
    """Sodium as metal on coarse grains gives itself up at its own potential, whatever diffusion does below."""
    full = SHORT.run(bare(diffusion=nasim.AlloyDiffusion()), thin_anode, overrides=COARSE)
    with_metal = bare(diffusion=nasim.AlloyDiffusion())
    values = nasim.load(thin_anode).to_pybamm()
    values.update({nm.ALLOY_INITIAL_CONTENT: 6.0, nm.ALLOY_DIFFUSION_LENGTH: 1e-4, nm.CURRENT_FUNCTION: 4.0 * 7.854e-5})
    solution = pybamm.Simulation(with_metal, parameter_values=values).solve([0, 1.2e4])
    plated, U = solution[nm.NEGATIVE.plated_sodium].entries, solution[nm.NEGATIVE.equilibrium_potential].entries
    passed = 3600 * solution["Discharge capacity [A.h]"].entries / 7.854e-5
    assert plated[0] == pytest.approx((6.0 - SATURATED) / NA_PER_SN * 2.88e4, rel=1e-6)
    stripping = plated > 0.05 * plated[0]
    assert abs(U[stripping] - of_metal(values)).max() < 1e-3
    at_end = np.interp(0.05 * plated[0], plated[::-1], passed[::-1])
    assert at_end == pytest.approx(0.95 * plated[0], rel=0.05)
    assert passed[-1] > 36e3 * full.summary["discharge_capacity_mAh_cm2"][0] / 1e3


def test_coarse_grains_are_plated_before_they_are_full():
    cell = nasim.SymmetricCell(diffusion=nasim.AlloyDiffusion, interphase=nasim.NoInterphase)
    values = nasim.load("Yuan2025_symmetric_NAS").to_pybamm()
    values.update({nm.ALLOY_CAPACITY: 2.88e4, nm.ALLOY_DIFFUSION_LENGTH: 1e-4, nm.CURRENT_FUNCTION: 5.1 * 7.854e-5})
    solution = pybamm.Simulation(cell, parameter_values=values).solve([0, 720.0])
    side = nm.POSITIVE
    plated, taken = solution[side.plated_sodium].entries, -solution[side.extracted].entries
    assert solution[side.equilibrium_potential].entries[-1] == pytest.approx(of_metal(values), abs=1e-3)
    assert 0.5 * taken[-1] < plated[-1] < taken[-1]


def test_metal_is_dissolved_at_rest():
    """Left alone, the grains take the metal up: it is gone when they have room for it."""
    cell = nasim.SymmetricCell(diffusion=nasim.AlloyDiffusion, interphase=nasim.NoInterphase)
    values = nasim.load("Yuan2025_symmetric_NAS").to_pybamm()
    values.update({nm.ALLOY_CAPACITY: 2.88e4, nm.ALLOY_DIFFUSION_LENGTH: 5e-5, nm.ALLOY_INITIAL_CONTENT: 3.0})
    values.update({nm.CURRENT_FUNCTION: lambda t: 5.1 * 7.854e-5 * (t < 720)})
    t = np.concatenate([np.linspace(0, 720, 10), np.linspace(721, 4e5, 40)])
    plated = pybamm.Simulation(cell, parameter_values=values).solve(t)[nm.POSITIVE.plated_sodium].entries
    assert plated.max() > 100 and plated[-1] < 1e-2 * plated.max()


def test_well_mixed_metal_is_what_lies_beyond_a_full_alloy(alone):
    full = nasim.load("Yuan2025_NAS").value(nm.ALLOY_CAPACITY)
    found = [alone(nasim.WellMixed(), {nm.NEGATIVE.inventory: full + more}) for more in (-10.0, 25.0)]
    assert [cell.at_start(nm.NEGATIVE.plated_sodium)[0] for cell in found] == [0.0, 25.0]


@pytest.mark.parametrize("anode", ["Na3Sb", "Na", "Na9Sn4"])
def test_only_alloys_of_tin_have_data_for_it(tmp_path, anode):
    path = tmp_path / "set.toml"
    path.write_text(f'extends = "Yuan2025_NAS"\ntitle = "t"\n[cell]\nanode = "{anode}"\n')
    if anode == "Na9Sn4":
        assert nasim.cell_for(path, diffusion=nasim.AlloyDiffusion()).name == "Na-S full cell"
        return
    with pytest.raises(nasim.CompositionError, match="this anode is another alloy or a metal"):
        nasim.cell_for(path, diffusion=nasim.AlloyDiffusion())
