"""What is said of runs at the edge of what a cell bears: cold and fast, far up, far down, and with nothing to pass."""

import numpy as np
import pytest

import nasim
from nasim.evidence.validity import BEYOND


@pytest.fixture(scope="module")
def cell():
    return nasim.KeptCell()


def told(result):
    """Where a result stands, in words, after a check that it has numbers only and closed balances."""
    found = nasim.validity(result)
    assert found.stands == BEYOND
    assert np.isfinite(result.summary.select_dtypes("number").to_numpy()).all()
    assert max(result.audit().values()) < 1e-9
    return str(found), " ".join(found.remarks)


def test_a_cold_fast_run_gives_next_to_nothing_and_says_so(cell):
    where, remarks = told(nasim.GCD(cycles=2, current_mA_cm2=1.0).run(cell, temperature_C=0.0))
    assert "temperature 0 degC, data at 25 to 60 degC" in where
    assert "current 1 mA cm-2, data at 0.127 to 0.82 mA cm-2" in where
    assert "cycle 2 delivers" in remarks and "next to nothing" in remarks


def test_the_highest_cut_off_is_run_and_is_beyond_data(cell):
    result = nasim.GCD(cycles=2, window=(0.7, 5.0)).run(cell)
    assert told(result)[0] == "beyond data: window 0.7 to 5 V, data at 0.5 to 2.6 V"
    usual = nasim.GCD(cycles=2).run(cell).summary["charge_capacity_mAh_g"]
    assert result.summary["charge_capacity_mAh_g"].iloc[-1] >= usual.iloc[-1]
    with pytest.raises(nasim.ProtocolError, match="upper end of the window = 5.01 is impossible; expected 0 to 5 V"):
        nasim.GCD(window=(0.7, 5.01)).run(cell)


@pytest.mark.parametrize("limit", [0, 0.0, -1.0, float("nan")])
def test_a_capacity_limit_of_nothing_is_refused(cell, limit):
    with pytest.raises(nasim.ProtocolError, match="capacity limit must be"):
        nasim.Cycling(cycles=1, capacity_limit_mAh_cm2=limit).run(cell)


def test_deep_reduction_of_the_electrolyte_is_told(cell):
    deep = nasim.GCD(cycles=1, current_mA_cm2=0.02, window=(0.0, 2.6)).run(cell, temperature_C=60)
    where, remarks = told(deep)
    assert "window 0 to 2.6 V, data at 0.5 to 2.6 V" in where
    share = float(100 * deep.summary["deep_reduced_fraction"].max())
    assert share > 10 and f"{share:.3g} % of the electrolyte in the cathode is reduced for good" in remarks
