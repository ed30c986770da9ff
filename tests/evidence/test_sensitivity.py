"""The sensitivity ledger: small steps give known elasticities, and what is assumed is pointed out."""

import pytest

from nasim.evidence import sensitivity
from nasim.parameters import load

CAPACITY, LAYER = "Composite cathode mass [kg]", "Sulfur step 1 exchange current density [A.m-2]"


@pytest.fixture(scope="module")
def table():
    return sensitivity.ledger(("NASC-Q",), names=[CAPACITY, LAYER])


def test_capacity_goes_with_the_mass_and_not_with_absent_sulfur(table):
    elasticity = table.set_index("parameter")["elasticity"]
    assert 1.0 <= elasticity[CAPACITY] < 1.1  # a little more than in proportion: the same current is less a gram
    assert elasticity[LAYER] == pytest.approx(0.0, abs=1e-3)


def test_the_largest_comes_first_with_its_kind(table):
    assert table["move"].is_monotonic_decreasing
    assert table["kind"].iloc[0] == load("Yuan2025_NAS").entries[CAPACITY].kind


def test_only_assumed_values_are_notable(table):
    changed = table.assign(kind="assumed", move=[0.2, 0.001])
    assert list(sensitivity.notable(changed)["parameter"]) == [changed["parameter"].iloc[0]]
    assert sensitivity.notable(changed.assign(kind="measured")).empty


def test_settings_and_zeros_are_no_candidates():
    names = sensitivity.candidates(load("Yuan2025_NAS"))
    assert CAPACITY in names
    assert "Current function [A]" not in names
