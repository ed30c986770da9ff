"""Cells that are not the paper's: a lean anode, a thick cathode. They end as a cell would, with a reason."""

import pytest

import nasim
from nasim import nomenclature as nm
from nasim.experiments.block import theoretical_charge


@pytest.fixture
def cell_with(tmp_path):
    """`cell_with({name: value})` is the path of a set that extends the paper's."""

    def write(values):
        tables = [f'["{name}"]\nvalue = {value}\nkind = "setting"\n' for name, value in values.items()]
        path = tmp_path / "cell.toml"
        path.write_text('extends = "Yuan2025_NAS"\n' + "".join(tables))
        return path

    return write


@pytest.mark.parametrize("capacity", [1.2, 0.5, 0.2])
def test_a_lean_anode_runs_empty_and_is_filled_again(cell_with, capacity):
    parameters = cell_with({nm.ALLOY_CAPACITY: 3.6e4 * capacity})
    bare = nasim.FullCell(interphase=nasim.NoInterphase(nm.NEGATIVE))
    for model in (None, bare):
        result = nasim.GCD(cycles=6).run(model, parameters)
        assert result.record["stopped_because"] == "all cycles done"
        assert max(result.audit().values()) < 1e-10
        assert result.curves[nm.NEGATIVE.sodium_content].min() > -1e-6
    row = result.summary.iloc[-1]
    assert 0.6 * min(capacity, 1.2) < row["discharge_capacity_mAh_cm2"] < capacity
    assert row["charge_capacity_mAh_cm2"] == pytest.approx(row["discharge_capacity_mAh_cm2"], rel=0.01)


def test_an_interphase_takes_no_more_sodium_than_a_lean_anode_has(cell_with):
    result = nasim.GCD(cycles=3).run(None, cell_with({nm.ALLOY_CAPACITY: 7.2e3}))
    bound = nasim.load("Yuan2025_NAS").value(nm.INTERPHASE_CHARGE_DENSITY) * 1e-6
    assert result.summary["interphase_thickness_um"].max() * bound < 7.2e3


def test_a_thick_cathode_has_the_time_that_it_needs(cell_with):
    """Six times the paper's holds more than 5 mAh cm-2."""
    values = {nm.COMPOSITE_MASS: 6 * 3.2e-6, nm.CATHODE_THICKNESS: 6 * 1.81e-5}
    row = nasim.GCD(current_mA_cm2=0.3, cycles=1).run(None, cell_with(values)).summary.iloc[0]
    assert row["discharge_capacity_mAh_cm2"] > 5.0
    assert row["charge_capacity_mAh_cm2"] > 0


def test_the_theoretical_charge_of_the_paper():
    """0.384 mg of sulfur at 1672 mAh per gram, 2.56 mg of NAS of which 0.38 take part, with 0.96 + 3.04 electrons."""
    charge = theoretical_charge(nasim.load("Yuan2025_NAS")) / 3.6e4 * 0.7854
    assert charge == pytest.approx(0.384 * 1.672 + 2.56 / 318.97 * 96485 / 3600 * 4.0, rel=1e-3)
