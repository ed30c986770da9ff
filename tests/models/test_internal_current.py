"""A second current inside the cell: one class, handed in as `extra`, and every balance still closes."""

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm

CURRENT = "Self-discharge current density [A.m-2]"
RATE = 3e-6
"""Rate of self-discharge [s-1]: a full cell loses a percent in an hour."""


class SelfDischarge(nasim.Mechanism):
    r"""Connected sulfur and sulfides that shuttle charge to the anode, :math:`i = k\,q\,(1 - y_{Na_2S})`."""

    needs = (nm.SULFUR.connected(2), nm.SULFUR.capacity)
    gives = (CURRENT,)
    adds = {nm.INTERNAL_CURRENT: (CURRENT,)}

    def __init__(self, rate=RATE):
        super().__init__("self-discharge")
        self.rate = rate

    def get_coupled_variables(self, variables):
        return {CURRENT: self.rate * variables[nm.SULFUR.capacity] * (1 - variables[nm.SULFUR.connected(2)])}


@pytest.fixture(scope="module")
def leaky():
    return nasim.GCD(cycles=2).run(nasim.FullCell(extra=[SelfDischarge()]))


def test_the_balances_close_with_it(leaky):
    assert max(leaky.audit().values()) < 1e-9


def test_what_flowed_inside_is_its_integral(leaky):
    """With the leak of the separator, by the trapezoidal rule along the curve; and it is no small change."""
    curve = leaky.curve(1)
    inside = curve[nm.CELL_CURRENT] - 10 * curve["Current density [mA.cm-2]"]
    counted = np.trapezoid(inside, curve["Time [s]"]) / 36000
    assert leaky.summary["leak_mAh_cm2"][0] == pytest.approx(counted, rel=5e-3)
    assert counted > 0.03


def test_it_takes_capacity_in_discharge_and_asks_for_more_in_charge(leaky):
    tight = nasim.GCD(cycles=2, keep=()).run(nasim.FullCell(short=nasim.NoShort()))
    columns = ["discharge_capacity_mAh_cm2", "charge_capacity_mAh_cm2"]
    out, back = (leaky.summary[columns] - tight.summary[columns]).iloc[0]
    assert out < -0.01 and back - out > 0.01


def test_a_held_voltage_is_held_with_it():
    result = nasim.Cycling(cycles=1, hold_until_mA_cm2=0.05).run(nasim.FullCell(extra=[SelfDischarge()]))
    curve = result.curve(1)
    assert curve["Voltage [V]"].max() == pytest.approx(2.6, abs=1e-4)
    assert max(result.audit().values()) < 1e-9


def test_it_works_at_every_point_of_a_porous_cathode():
    class Spread(SelfDischarge):
        def get_coupled_variables(self, variables):
            (current,) = super().get_coupled_variables(variables).values()
            return {CURRENT: self.region.mean(current)}

    cathode = nasim.PorousCathode(5)
    part = Spread()
    part.region = cathode.region
    result = nasim.GCD(cycles=1, keep=()).run(nasim.FullCell(cathode=cathode, extra=[part]))
    assert max(result.audit().values()) < 1e-9


@pytest.mark.parametrize("thermal", [nasim.LumpedThermal(), nasim.Isothermal()], ids=["heated", "isothermal"])
def test_no_order_of_parts_closes_a_circle(thermal):
    model = nasim.FullCell(thermal=thermal, extra=[SelfDischarge()])
    assert isinstance(model.variables[CURRENT], pybamm.Symbol)
