"""Capacity ledger: every discharge adds up, to what the cell gave and to the theoretical capacity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nasim
from nasim.analysis.ledger import DELIVERED, LEAK, MISSING, SB_S, SULFUR, WORDS, account
from nasim.engine.runner import run_cycles
from nasim.engine.setup import prepare
from nasim.errors import UnknownNameError
from nasim.submodels.arrhenius import FARADAY

DISCHARGED = "discharge_capacity_mAh_cm2"
PER_GRAM = 2 * FARADAY / 32.06 / 3.6
"""Theoretical capacity of sulfur, mAh g-1."""
CELLS = {
    "NAS at 250 MPa": lambda: nasim.GCD(cycles=2).run(),
    "NAS at 20 MPa": lambda: nasim.GCD(cycles=3, keep=()).run(stack_pressure_MPa=20),
    "NAS, porous": lambda: nasim.GCD(cycles=2, keep=()).run(nasim.FullCell(cathode=nasim.PorousCathode())),
    "NAS, 60 degC": lambda: nasim.GCD(cycles=2, keep=()).run(temperature_C=60),
    "NPS": lambda: nasim.GCD(cycles=2, keep=()).run(parameters="Yuan2025_NPS"),
    "without sulfur": lambda: nasim.GCD(cycles=2, keep=()).run(parameters="Yuan2025_NASC"),
    "without electrolyte": lambda: nasim.GCD(cycles=2, keep=()).run(nasim.FullCell(chains=[nasim.SulfurConversion()])),
    "with rests": lambda: nasim.Cycling(0.127, cycles=2, rest_h=5.0).run(),
    "rates": lambda: nasim.RateTest((0.127, 0.82), cycles_per_step=1).run(),
}


def part(summary, names):
    """Sum of those of the columns that there are."""
    return summary[[name for name in names if name in summary]].sum(axis=1)


def theoretical(summary, names):
    """What the entries of a chain add up to, without the deep reduction, which comes on top."""
    return part(summary, [name for name in names if name != "ledger_sb_s_deep_mAh_cm2"])


@pytest.fixture(scope="module", params=CELLS)
def result(request):
    return CELLS[request.param]()


@pytest.fixture(scope="module")
def first():
    return CELLS["NAS at 250 MPa"]()


def test_what_was_converted_is_the_discharge_and_its_leak(result):
    table = result.summary
    np.testing.assert_allclose(part(table, DELIVERED), table[DISCHARGED] + table[[*LEAK][0]], rtol=1e-10)


def test_each_chain_adds_up_to_its_theoretical_capacity(result):
    values, table = result.record["parameters"]["values"], result.summary
    mass = values["Composite cathode mass [kg]"] / values["Electrode area [m2]"]
    if SULFUR[0] in table:
        loading = mass * values["Sulfur mass fraction"]
        np.testing.assert_allclose(theoretical(table, SULFUR), PER_GRAM * 0.1 * loading, rtol=1e-10)
    if SB_S[0] in table:
        q = FARADAY * mass * values["Catholyte mass fraction"] / values["Catholyte molar mass [kg.mol-1]"]
        n = sum(values[f"Sb-S step {k} electrons per formula unit"] for k in (1, 2))
        np.testing.assert_allclose(theoretical(table, SB_S), n * q / 3.6e4, rtol=1e-10)


def test_no_entry_is_negative(result):
    table = result.summary[[name for name in WORDS if name in result.summary]]
    assert table.min().min() > -1e-6


def test_the_gap_that_opens_on_charge_is_most_of_what_the_second_discharge_lacks(first):
    """What it isolates no longer ends up behind the film: the gap costs more than the discharge lacks, by what that saves."""
    one, two = first.ledger(1), first.ledger(2)
    lacks = first.summary["discharge_capacity_mAh_g"].iloc[0] - first.summary["discharge_capacity_mAh_g"].iloc[1]
    isolated = [ledger["sulfide isolated on charge"] + ledger["Sb-S isolated on charge"] for ledger in (one, two)]
    assert isolated[0] == pytest.approx(0.0, abs=1.0)
    assert isolated[1] > 0.6 * lacks
    unused = ("sulfur behind its film", "sulfur not reached", "Sb-S not reached")
    relieved = sum(one[words] - two[words] for words in unused)
    assert 0 < relieved < 0.3 * isolated[1]
    assert isolated[1] - relieved == pytest.approx(lacks, rel=0.05)


def test_the_deep_reduction_of_one_discharge_is_lost_to_the_next(first):
    n = [first.record["parameters"]["values"][f"Sb-S step {k} electrons per formula unit"] for k in (1, 2, 3)]
    deep, lost = first.summary["ledger_sb_s_deep_mAh_cm2"].iloc[0], first.summary["ledger_sb_s_lost_mAh_cm2"].iloc[1]
    assert lost == pytest.approx(deep * (n[0] + n[1]) / n[2], rel=0.05)


def test_per_gram_or_per_area(first):
    table, ledger = first.summary, first.ledger(2)
    assert list(ledger) == list(WORDS.values())
    gave = sum(ledger[words] for words in DELIVERED.values()) - ledger["leak"]
    assert gave == pytest.approx(table["discharge_capacity_mAh_g"].iloc[1], rel=1e-10)
    without = CELLS["without sulfur"]()
    gave = sum(without.ledger(2).get(words, 0.0) for words in DELIVERED.values()) - without.ledger(2)["leak"]
    assert gave == pytest.approx(without.summary[DISCHARGED].iloc[1], rel=1e-10)


def test_a_soft_short_leaks_in_the_charge_too_but_the_ledger_is_of_the_discharge():
    short = {"Electrolyte flaw length [m]": 3e-4, "Separator lateral stress ratio": 0.05}
    result = nasim.GCD(cycles=6, keep=()).run(stack_pressure_MPa=62.5, overrides=short)
    last = result.summary.dropna(subset=SULFUR).iloc[-1]
    assert last["leak_mAh_cm2"] > 2 * last["ledger_leak_mAh_cm2"] > 0.02
    assert last[list(DELIVERED)].sum() == pytest.approx(last[DISCHARGED] + last["ledger_leak_mAh_cm2"], rel=1e-10)


def test_the_sweep_down_of_a_voltammogram():
    table = nasim.CV(1.0, scans=2, keep=()).run().summary
    whole = theoretical(table, DELIVERED) + theoretical(table, MISSING) - table["ledger_double_layer_mAh_cm2"]
    np.testing.assert_allclose(whole, whole.iloc[0], rtol=1e-10)
    assert (table["ledger_sulfur_converted_mAh_cm2"] > 0).all()


def test_rows_that_were_jumped_over_add_up_too():
    table = nasim.Cycling(0.127, cycles=20, keep=(), jump_tolerance=0.02).run().summary
    assert not table["computed"].all()
    np.testing.assert_allclose(part(table, DELIVERED), table[DISCHARGED] + table["ledger_leak_mAh_cm2"], rtol=1e-9)
    np.testing.assert_allclose(theoretical(table, SULFUR), theoretical(table, SULFUR)[0], rtol=1e-9)


def test_a_resumed_run_goes_on_with_the_same_ledger(tmp_path):
    nasim.Cycling(0.127, cycles=1).run(checkpoint=tmp_path / "point")
    resumed = nasim.Cycling(0.127, cycles=2).run(checkpoint=tmp_path / "point", resume=True)
    whole = nasim.Cycling(0.127, cycles=2).run()
    assert resumed.ledger(2) == pytest.approx(whole.ledger(2), rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("orders", [((1, 0), (1, 0)), ((1,), (0, 1))], ids=["charge first", "charge alone"])
def test_a_cell_that_starts_with_a_charge(orders):
    protocol = nasim.GCD(cycles=1)
    block = protocol.check()
    setup = prepare("GCD")
    steps = block.steps(setup)
    result = run_cycles(protocol, setup, (([steps[k] for k in order], {}) for order in orders))
    table = result.summary.dropna(subset=SULFUR)
    assert len(table) == sum(0 in order for order in orders)
    np.testing.assert_allclose(part(table, DELIVERED), table[DISCHARGED] + table["ledger_leak_mAh_cm2"], rtol=1e-10)
    result.plot_limits()


def test_where_there_is_no_ledger():
    with pytest.raises(UnknownNameError, match="no capacity ledger of cycle 1"):
        nasim.SymmetricCycling(hours=4).run().ledger(1)


def shared(amounts):
    """Connected and isolated amounts of four species, together one."""
    shares = [amount / sum(amounts) for amount in amounts]
    return shares[:4], shares[4:]


states = st.lists(st.floats(1e-6, 1), min_size=8, max_size=8).map(shared)


@given(states, states)
def test_the_five_entries_add_up_whatever_the_amounts(start, end):
    assert sum(account([0.0, 0.5, 1.0, 6.0], start, end)) == pytest.approx(6.0, rel=1e-12)
