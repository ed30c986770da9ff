"""Filaments: the critical current in closed form and what it depends on, growth, retreat, layers, spanning, and no short."""

import numpy as np
import pybamm
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nasim
from nasim import nomenclature as nm
from nasim.submodels import soft_short
from nasim.submodels.arrhenius import FARADAY, arrhenius, conductivity
from nasim.submodels.soft_short import (
    PLATING_CURRENT_FLOOR,
    REACH,
    SODIUM_VOLUME,
    SPAN_ROOM,
    IntrinsicLeak,
    NoShort,
    RandomBridges,
    SoftShort,
    growing_share,
    opening_pressure,
    plating_current,
    plating_pressure,
    steady,
)

G0 = 2.5e-4
SIDE = nm.NEGATIVE
HIGH = 5e9
"""Stack pressure [Pa] that no deposit lifts."""
currents = st.floats(-20, 20)
stresses = st.floats(1e6, 1e9)


def test_units(quantity, monkeypatch):
    monkeypatch.setattr(soft_short, "FARADAY", quantity(FARADAY, "C/mol"))
    monkeypatch.setattr(soft_short, "SODIUM_VOLUME", quantity(SODIUM_VOLUME, "m**3/mol"))
    for name in ("PRESSURE_WIDTH", "DRIVE_FLOOR"):
        monkeypatch.setattr(soft_short, name, quantity(getattr(soft_short, name), "Pa"))
    path = quantity(130.0, "um") / quantity(0.9, "mS/cm")
    driven = plating_pressure(quantity(0.127, "mA/cm**2"), path)
    assert driven.to("MPa").magnitude == pytest.approx(7.44, abs=0.01)
    opening = opening_pressure(quantity(130.0, "um"), quantity(0.4, "MPa*m**0.5"), quantity(75.0, "MPa"))
    assert opening.to("MPa").magnitude == pytest.approx(94.8, abs=0.1)
    assert growing_share(driven, quantity(250.0, "MPa"), opening).check("")


def test_the_molar_volume_is_that_of_the_metal():
    """22.99 g mol-1 over 0.967 g cm-3 (CRC Handbook)."""
    assert pytest.approx(22.99e-3 / 967, rel=1e-3) == SODIUM_VOLUME


@given(currents)
def test_only_a_current_into_the_alloy_plates(i):
    assert 0 <= plating_current(i) <= max(0.0, -i) + PLATING_CURRENT_FLOOR
    assert plating_current(-i) - plating_current(i) == pytest.approx(i, abs=1e-12)


@given(st.floats(1e-6, 1e-3), st.floats(1.01, 10), st.floats(1e4, 1e6), stresses)
def test_a_longer_flaw_opens_more_easily_and_toughness_and_stress_hold_it_shut(flaw, more, K, closing):
    p = opening_pressure(flaw, K, closing)
    assert opening_pressure(more * flaw, K, closing) < p
    assert opening_pressure(flaw, more * K, closing) > p and opening_pressure(flaw, K, more * closing) > p
    assert p >= closing


@given(stresses, st.floats(1.0, 10), stresses, stresses)
def test_a_share_of_what_plates_goes_into_filaments(pressure, more, limit, opening):
    phi = growing_share(pressure, limit, opening)
    assert 0 <= phi <= 1
    assert growing_share(more * pressure, limit, opening) >= phi - 1e-9
    assert growing_share(pressure, more * limit, opening) >= phi - 1e-9
    assert growing_share(pressure, limit, more * opening) <= phi + 1e-9


@given(stresses, stresses, st.floats(1.2, 10))
def test_a_deposit_that_would_lift_the_stack_splits_nothing(pressure, limit, more):
    assert growing_share(pressure, limit, more * limit) < 1e-6


# --- as a mechanism ---------------------------------------------------------------------------------------------------

BARE = {nm.VOID_SIZE: 1e-4, nm.FLAW: 1e-4, nm.FILAMENT_GROWTH: 1e-10, nm.FILAMENT_RETREAT: 1e12, nm.SHORT_HEALING: 1e15}
BARE |= {nm.SHORT_EA: 50e3, nm.SEPARATOR.conductivity: 0.1, nm.SEPARATOR.toughness: 4e5, nm.SEPARATOR.thickness: 5e-4}
BARE |= {nm.SEPARATOR.lateral_stress: 0.0, nm.SEPARATOR.Ea: 20e3, nm.BRIDGE_CONDUCTANCE: 100.0}


def around(i, P=HIGH, a=1.0, v=0.0, T=298.15):
    given = {nm.STACK_PRESSURE: P, nm.INTRINSIC_LEAK: G0, nm.TEMPERATURE: T, nm.CELL_CURRENT: 1.0}
    for side in (nm.NEGATIVE, nm.POSITIVE):
        given |= {side.contact_fraction: a, side.void_share: v, side.kinetic_current: i}
    return given


def short_of(alone, current, values=(), start=0.0, made=None, sides=(SIDE,), **given):
    """A short whose filaments have the length `start` at each side, under a current [A m-2] out of the alloy."""
    cell = alone(made or SoftShort(), around(current, **given), BARE | dict(values))
    for side in sides:
        cell.mechanism.initial_conditions[cell.symbols[side.filament]] = pybamm.Scalar(start)
    return cell


def share_grown(alone, plated, values=(), start=0.0, made=None, sides=(SIDE,), **given):
    """phi: what of the plated charge lengthens the filament at first, over gamma."""
    cell = short_of(alone, -plated, values, start, made, sides, **given)
    t = 1e-3 * cell.values[nm.SEPARATOR.thickness] / cell.values[nm.FILAMENT_GROWTH] / plated
    (x,) = cell.solve([0, t], sides[0].filament)
    thickness = sum(cell.values[layer.thickness] for layer in cell.mechanism.layers)
    room = (1 - start) / (1 - start + SPAN_ROOM)
    return (x[-1] - x[0]) * thickness / (cell.values[nm.FILAMENT_GROWTH] * plated * t * room)


def critical(values=(), a=1.0, v=0.0, T=298.15, P=HIGH):
    """i_c of the module's equations in a separator of one layer."""
    of = BARE | dict(values)
    flaw = of[nm.FLAW] + of[nm.VOID_SIZE] * np.sqrt(v)
    p = of[nm.SEPARATOR.toughness] / np.sqrt(np.pi * flaw) + of[nm.SEPARATOR.lateral_stress] * P
    sigma = conductivity(T, of[nm.SEPARATOR.conductivity], of[nm.SEPARATOR.Ea])
    return a * sigma * SODIUM_VOLUME * p / (FARADAY * flaw)


CASES = {
    "as it is": {},
    "a better conductor": {"values": {nm.SEPARATOR.conductivity: 0.3}},
    "a tougher one": {"values": {nm.SEPARATOR.toughness: 8e5}},
    "a longer flaw": {"values": {nm.FLAW: 3e-4}},
    "half the contact": {"a": 0.5},
    "voids": {"v": 0.25},
    "warm": {"T": 333.15},
    "held by the die": {"values": {nm.SEPARATOR.lateral_stress: 0.1}, "P": 300e6},
}


@pytest.mark.parametrize("case", CASES)
def test_filaments_grow_above_the_critical_current(alone, case):
    """phi = 1 - i_c/i with i_c = a sigma Omega p_c/(F l): a half at twice i_c, none at 0.9 of it."""
    limit = critical(**CASES[case])
    assert share_grown(alone, 2 * limit, **CASES[case]) == pytest.approx(0.5, abs=0.005)
    assert share_grown(alone, 0.9 * limit, **CASES[case]) < 1e-5


def test_the_critical_current_grows_with_conductivity_contact_and_toughness():
    limits = {case: critical(**given) for case, given in CASES.items()}
    plain = limits["as it is"]
    for case in ("a better conductor", "a tougher one", "warm", "held by the die"):
        assert limits[case] > plain
    for case in ("a longer flaw", "half the contact", "voids"):
        assert limits[case] < plain


def test_growth_runs_away(alone):
    """A longer filament needs less: the share that goes into it rises as it grows, and it ends where it spans."""
    t = np.linspace(0, 1.5e6, 41)
    x, G = short_of(alone, -1.5 * critical()).solve(t, SIDE.filament, nm.LEAK_CONDUCTANCE, rtol=1e-8)
    rise = np.diff(x)[x[1:] < 0.6]
    assert len(rise) > 4 and np.all(np.diff(rise) > 0)
    assert 0.99 < x[-1] < 1.05
    assert G[-1] == pytest.approx(G0 + BARE[nm.BRIDGE_CONDUCTANCE], rel=0.5) and G[0] < 2 * G0


def test_stress_opens_a_window_of_pressures(alone):
    """Too little pressure pushes no sodium, too much holds the flaw shut: only in between does anything grow."""
    values, plated = {nm.SEPARATOR.lateral_stress: 0.3, nm.SEPARATOR.toughness: 4e5}, 20.0
    grown = [share_grown(alone, plated, values, P=P) for P in (10e6, 62.5e6, 500e6)]
    assert grown[1] > 0.05 and max(grown[0], grown[2]) < 1e-4


def retreat(alone, rtol=1e-10, atol=1e-14):
    t, charge = np.linspace(0, 3e4, 7), 1e4
    cell = short_of(alone, 2.0, {nm.FILAMENT_RETREAT: charge}, start=0.5)
    (x,) = cell.solve(t, SIDE.filament, rtol=rtol, atol=atol)
    return x, 0.5 * np.exp(-plating_current(-2.0) * t / charge)


def test_stripping_takes_filaments_back_exponentially_in_the_charge(alone):
    found, expected = retreat(alone)
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_the_error_of_the_integrator_falls_with_its_tolerance(alone, order):
    tolerances = [1e-4, 1e-6, 1e-8]
    errors = [abs(np.subtract(*retreat(alone, each, 1e-2 * each))).max() for each in tolerances]
    assert 0.7 < order(tolerances, errors) < 1.2


@pytest.mark.parametrize("T", [298.15, 333.15])
def test_a_filament_at_rest_is_resorbed_by_its_own_clock(alone, T):
    t = np.linspace(0, 2e4, 5)
    (x,) = short_of(alone, 0.0, {nm.SHORT_HEALING: 1e4}, start=0.5, T=T).solve(t, SIDE.filament)
    np.testing.assert_allclose(x, 0.5 * np.exp(-arrhenius(T, 50e3) * t / 1e4), rtol=1e-6)


def test_the_leak_falls_e_fold_with_the_missing_length(alone):
    at = [short_of(alone, 0.0, start=x).at_start(nm.LEAK_CONDUCTANCE)[0] - G0 for x in (1.0, 1.0 - REACH)]
    assert at[0] == pytest.approx(BARE[nm.BRIDGE_CONDUCTANCE], rel=1e-9)
    assert at[0] / at[1] == pytest.approx(np.e, rel=1e-9)


def test_each_side_has_filaments_of_its_own(alone):
    both = SoftShort((nm.NEGATIVE, nm.POSITIVE))
    x, y = short_of(alone, -3 * critical(), made=both).solve([0, 1e5], nm.NEGATIVE.filament, nm.POSITIVE.filament)
    assert x[-1] == pytest.approx(y[-1], rel=1e-9) and x[-1] > 0
    assert short_of(alone, 0.0, made=both, start=1.0, sides=both.sides).at_start(nm.LEAK_CONDUCTANCE)[0] == (
        pytest.approx(G0 + 2 * BARE[nm.BRIDGE_CONDUCTANCE], rel=1e-9)
    )


def test_plated_charge_is_the_integral(alone):
    (charge,) = short_of(alone, -2.0).solve([0, 1e3], nm.PLATED_CHARGE)
    assert charge[-1] == pytest.approx(1e3 * plating_current(-2.0), rel=1e-9)


# --- layers -----------------------------------------------------------------------------------------------------------

TWO = {nm.INTERLAYER.conductivity: 0.02, nm.INTERLAYER.toughness: 1.2e6, nm.INTERLAYER.thickness: 2e-4}
TWO |= {nm.INTERLAYER.lateral_stress: 0.05, nm.INTERLAYER.Ea: 20e3, nm.FLAW: 5e-5}
PRESSURE = 2e9


@pytest.mark.parametrize("side", [nm.NEGATIVE, nm.POSITIVE])
@pytest.mark.parametrize("start", [0.05, 0.85])
def test_a_filament_crosses_the_layers_from_its_alloy_on(alone, side, start):
    """Resistance and lateral stress are those along it, the toughness that at its tip."""
    layers = (nm.SEPARATOR, nm.INTERLAYER)
    of, crossed = BARE | TWO, layers if side is nm.NEGATIVE else layers[::-1]
    flaw = of[nm.FLAW] + start * sum(of[layer.thickness] for layer in layers)
    first = min(flaw, of[crossed[0].thickness])
    lengths = dict(zip(crossed, (first, flaw - first), strict=True))
    path = sum(length / of[layer.conductivity] for layer, length in lengths.items())
    closing = PRESSURE * sum(length * of[layer.lateral_stress] for layer, length in lengths.items()) / flaw
    tip = crossed[1] if flaw > first else crossed[0]
    opening = of[tip.toughness] / np.sqrt(np.pi * flaw) + closing
    plated = 2 * opening / plating_pressure(1.0, path)
    made = SoftShort((side,), layers=layers)
    assert share_grown(alone, plated, TWO, start, made, (side,), P=PRESSURE) == pytest.approx(0.5, abs=0.01)


def test_layers_of_one_material_are_one_layer(alone):
    same = {
        getattr(nm.INTERLAYER, key): BARE[getattr(nm.SEPARATOR, key)] for key in ("conductivity", "toughness", "Ea")
    }
    same |= {nm.INTERLAYER.lateral_stress: 0.0, nm.SEPARATOR.thickness: 3e-4, nm.INTERLAYER.thickness: 2e-4}
    t, plated = np.linspace(0, 5e6, 5), -2 * critical()
    made = SoftShort(layers=(nm.SEPARATOR, nm.INTERLAYER))
    (one,) = short_of(alone, plated).solve(t, SIDE.filament)
    (two,) = short_of(alone, plated, same, made=made).solve(t, SIDE.filament)
    assert one[-1] > 0.3
    np.testing.assert_allclose(two, one, rtol=1e-3, atol=1e-6)


@pytest.mark.parametrize("layers", [(), ("Separator",)])
def test_what_is_no_layer_is_refused(layers):
    with pytest.raises(nasim.CompositionError, match="SoftShort.*layers"):
        SoftShort(layers=layers)


# --- limits -----------------------------------------------------------------------------------------------------------


def test_without_growth_there_is_the_intrinsic_leak_and_without_that_none(alone):
    (G,) = short_of(alone, -50.0, {nm.FILAMENT_GROWTH: 0.0}).solve([0, 1e6], nm.LEAK_CONDUCTANCE)
    intact = alone(IntrinsicLeak(), {nm.INTRINSIC_LEAK: G0}).at_start(nm.LEAK_CONDUCTANCE)[0]
    np.testing.assert_allclose(G, intact + BARE[nm.BRIDGE_CONDUCTANCE] * np.exp(-1 / REACH), rtol=1e-9)
    assert intact == G0 and alone(NoShort(), {}).at_start(nm.LEAK_CONDUCTANCE) == [0.0]


def test_bridges_come_and_go_by_their_seed():
    charge = np.linspace(0, 3e5, 3000)
    first, again, other = RandomBridges(1)(charge), RandomBridges(1)(charge), RandomBridges(2)(charge)
    np.testing.assert_array_equal(first, again)
    assert abs(first - other).max() > 0.1
    spreads = [np.std(RandomBridges(seed, spread=0.4)(charge)) for seed in range(20)]
    assert np.sqrt(np.mean(np.square(spreads))) == pytest.approx(0.4, rel=0.05)
    assert np.all(RandomBridges(1, spread=0.0)(charge) == steady(charge))


def test_the_leak_of_random_bridges_does_not_depend_on_the_steps_of_the_integrator(alone):
    t = np.linspace(0, 2e4, 50)
    loose, tight = (
        short_of(alone, -1.3, made=SoftShort(bridges=RandomBridges(4)), start=0.95).solve(
            t, nm.LEAK_CONDUCTANCE, rtol=r, atol=1e-2 * r
        )[0]
        for r in (1e-5, 1e-9)
    )
    np.testing.assert_allclose(loose, tight, rtol=1e-2)
    assert np.sum(np.diff(np.sign(np.diff(tight))) != 0) > 10


def test_the_record_tells_the_seed():
    assert "seed=4" in repr(SoftShort(bridges=RandomBridges(4))) and "steady" in repr(SoftShort())
