"""Soft shorts in whole cells: Na3PS4 at the alloy ends in an endless charge, Na3SbS4 at 250 MPa does not."""

import nasim


def test_a_filament_that_leaves_nps_for_nas_leaks_much_of_each_charge():
    table = nasim.GCD(cycles=2, keep=()).run(parameters="Yuan2025_NPS_interlayer").summary
    assert (table["charge_over_discharge"] > 1.3).all()


def test_a_cell_with_a_separator_of_nps_charges_itself():
    """Published (Fig. S9): soft short on charge; the run stops in an early charge and says why."""
    result = nasim.GCD(cycles=6, keep=()).run(parameters="Yuan2025_NPS_separator")
    assert len(result.summary) <= 4
    assert "endless charge" in result.record["stopped_because"] and "self-charging" in result.record["stopped_because"]
    assert max(result.audit().values()) < 1e-10


def test_the_nas_cell_leaks_next_to_nothing_at_250_MPa():
    table = nasim.GCD(cycles=6, keep=()).run().summary
    assert (table["leak_mAh_cm2"] < 2e-3 * table["charge_capacity_mAh_cm2"]).all()


def test_the_same_seed_gives_the_same_run():
    def capacity(seed):
        cell = nasim.FullCell(short=nasim.SoftShort(bridges=nasim.RandomBridges(seed)))
        result = nasim.GCD(cycles=1, keep=()).run(cell, "Yuan2025_NPS_separator", stack_pressure_MPa=250)
        return result.summary["charge_capacity_mAh_cm2"].iloc[0]

    assert capacity(3) == capacity(3) != capacity(4)
