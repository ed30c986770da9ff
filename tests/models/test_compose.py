"""Composition: what does not fit is refused by name, and the order of the parts means nothing."""

import random

import numpy as np
import pybamm
import pytest

import nasim
from nasim import nomenclature as nm
from nasim.errors import CompositionError
from nasim.models.compose import CellModel, Total, check
from nasim.parameters import load
from nasim.submodels.active_material import CATHOLYTE_MATERIAL
from nasim.submodels.kinetics import ButlerVolmer
from nasim.submodels.mechanism import Mechanism
from nasim.submodels.redox_chain import RedoxChain


class Part(Mechanism):
    """A made-up mechanism that gives a constant under each of its names, plus what it needs."""

    def __init__(self, name="made-up part", needs=(), gives=(), adds=None):
        super().__init__(name)
        self.needs, self.gives, self.adds = tuple(needs), tuple(gives), adds or {}

    def get_coupled_variables(self, variables):
        needed = sum((variables[name] for name in self.needs), pybamm.Scalar(0))
        return dict.fromkeys(self.gives, needed + 1)


def refused(extra, *words):
    with pytest.raises(CompositionError) as caught:
        nasim.FullCell(extra=extra)
    message = str(caught.value)
    assert "\n" not in message
    for word in words:
        assert word in message, message


def test_a_missing_need_names_who_what_and_the_nearest():
    refused(
        [Part(needs=["Cell temperatur [K]"])],
        "made-up part",
        "'Cell temperatur [K]'",
        f"nearest match is '{nm.TEMPERATURE}'",
    )


def test_a_need_that_resembles_nothing_is_refused_without_a_guess():
    with pytest.raises(CompositionError) as caught:
        nasim.FullCell(extra=[Part(needs=["Qqqq zzzz xxxx"])])
    assert "Qqqq" in str(caught.value) and "nearest" not in str(caught.value)


def test_a_need_with_a_hint_of_its_own_tells_that_instead_of_the_nearest():
    part = Part(needs=["Cell temperatur [K]"])
    part.hints = {"Cell temperatur [K]": "Hand in a stove."}
    with pytest.raises(CompositionError, match=r"made-up part.*'Cell temperatur \[K\]'.*gives it\. Hand in a stove\.$"):
        nasim.FullCell(extra=[part])


def test_what_is_given_twice_names_both():
    refused([Part(gives=[nm.STACK_PRESSURE])], nm.STACK_PRESSURE, "twice", "made-up part", "ConstantPressure")


def test_two_mechanisms_in_one_role_are_refused():
    refused([Part(gives=["First [V]"]), Part(gives=["Second [V]"])], "role 'made-up part'", "two")


def test_a_circle_of_needs_is_refused():
    extra = [Part("hen", ["Egg [V]"], ["Hen [V]"]), Part("egg", ["Hen [V]"], ["Egg [V]"])]
    refused(extra, "circle", "'Na-S full cell'", "egg needs 'Hen [V]' of hen", "hen needs 'Egg [V]' of egg")


def test_a_circle_names_nobody_who_only_waits_for_it():
    """The chain needs the cell current, which waits for the circle; it is not part of it."""
    early = Part("early", [nm.CELL_CURRENT], ["Early [A.m-2]"], {nm.INTERNAL_CURRENT: ("Early [A.m-2]",)})
    with pytest.raises(CompositionError) as caught:
        nasim.FullCell(extra=[early])
    message = str(caught.value)
    assert f"early needs '{nm.CELL_CURRENT}' of circuit" in message
    assert f"circuit needs '{nm.DRIVEN_CURRENT}' of total of {nm.DRIVEN_CURRENT}" in message
    assert f"total of {nm.DRIVEN_CURRENT} needs 'Early [A.m-2]' of early" in message
    assert "chain" not in message and "thermal" not in message


def test_what_only_equations_read_closes_no_circle():
    part = Part(gives=["Extra resistance [Ohm.m2]"], adds={nm.SERIES_RESISTANCE: ("Extra resistance [Ohm.m2]",)})
    part.rate_needs = (nm.CELL_CURRENT,)
    assert "Extra voltage loss [V]" in nasim.FullCell(extra=[part]).variables


def test_what_follows_from_states_is_there_for_all_and_reads_states_alone():
    part = Part("reader", [nm.SULFUR.connected(0), nm.SULFUR.capacity, nm.SULFUR.stored_charge], ["Read [-]"])
    assert "Read [-]" in nasim.FullCell(extra=[part]).variables
    part = Part("early reader")
    part.get_state_variables = _read_voltage
    refused([part], "early reader", f"'{nm.VOLTAGE}'", "no state")


def _read_voltage(variables):
    return {"Read [V]": variables[nm.VOLTAGE]}


def test_a_need_that_was_not_stated_is_refused():
    part = Part("thief", ["Stolen [V]"], ["Loot [V]"])
    part.needs = ()
    part.get_coupled_variables = _steal
    refused([part], "does not state it under needs", "'thief'", "'Stolen [V]'")


def test_a_need_that_was_not_stated_is_refused_even_where_somebody_gives_it():
    part = Part("thief", [nm.VOLTAGE], ["Loot [V]"])
    part.get_coupled_variables = _steal_temperature
    refused([part], "does not state it under needs", "'thief'", f"'{nm.TEMPERATURE}'")


def test_an_unknown_total_names_the_nearest():
    part = Part(gives=["Extra resistance [Ohm.m2]"], adds={"Serie resistance [Ohm.m2]": ("Extra resistance [Ohm.m2]",)})
    refused([part], "made-up part", "'Serie resistance [Ohm.m2]'", "no total", f"'{nm.SERIES_RESISTANCE}'")


def test_a_promise_that_is_not_kept_is_refused():
    part = Part(gives=["Promised [V]"])
    part.get_coupled_variables = _nothing
    refused([part], "made-up part", "'Promised [V]'", "does not")


def _nothing(variables):
    return {}


def _steal_temperature(variables):
    return {"Loot [V]": variables[nm.TEMPERATURE]}


def _steal(variables):
    return {"Loot [V]": variables["Stolen [V]"]}


def test_errors_are_value_errors_of_nasim():
    assert issubclass(CompositionError, ValueError) and issubclass(CompositionError, nasim.NasimError)


def test_check_accepts_what_fits():
    check([Part("a", needs=["B [V]"], gives=["A [V]"]), Part("b", gives=["B [V]"])])


def test_an_added_resistance_counts_and_gets_its_loss():
    resistance = "Extra resistance [Ohm.m2]"
    part = Part(gives=[resistance], adds={nm.SERIES_RESISTANCE: (resistance,)})
    model = nasim.FullCell(extra=[part])
    assert "Extra voltage loss [V]" in model.variables
    values, names = load("Yuan2025_NAS").to_pybamm(), (nm.SERIES_RESISTANCE, nm.VOLTAGE)
    with_it, without = (start_of(cell, values, names) for cell in (model, nasim.FullCell()))
    current_density = values[nm.CURRENT_FUNCTION] / values[nm.AREA]
    assert with_it[0] - without[0] == pytest.approx(1.0, rel=1e-12)
    assert without[1] - with_it[1] == pytest.approx(current_density, rel=1e-2)


def start_of(model, values, names):
    simulation = pybamm.Simulation(model, parameter_values=values.copy())
    simulation.build()
    built = simulation.built_model
    y = built.concatenated_initial_conditions.evaluate()
    return [float(np.squeeze(built.get_processed_variable(name).evaluate(t=0.0, y=y))) for name in names]


def test_a_total_that_nobody_adds_to_is_zero():
    assert Total("Nothing [V]", []).get_coupled_variables({})["Nothing [V]"] == pybamm.Scalar(0)


def test_any_order_of_the_parts_is_the_same_cell():
    """Same equations, states in the same order, same voltage."""
    values, dice = load("Yuan2025_NAS").to_pybamm(), random.Random(7)
    model = nasim.FullCell()
    t, curves = np.linspace(0, 3600, 5), []
    for _ in range(3):
        parts = list(model.mechanisms)
        dice.shuffle(parts)
        shuffled = CellModel(parts, "shuffled")
        assert [state.name for state in shuffled.rhs] == [state.name for state in model.rhs]
        solution = pybamm.Simulation(shuffled, parameter_values=values.copy()).solve(t[[0, -1]], t_interp=t)
        curves.append(solution[nm.VOLTAGE](t))
    np.testing.assert_allclose(curves, curves[:1] * 3, atol=1e-10, rtol=0)


def test_parts_handed_in_can_be_used_again():
    separator, interphase = nasim.Separator(), nasim.Interphase(nm.NEGATIVE)
    first, second = (nasim.FullCell(separator=separator, interphase=interphase) for _ in range(2))
    assert [state.name for state in first.rhs] == [state.name for state in second.rhs]
    assert separator.variables == {} or first.submodels["separator"] is not separator


def test_replacing_a_mechanism_keeps_the_rest():
    model = nasim.FullCell()
    other = model.with_mechanisms(nasim.NoInterphase(nm.NEGATIVE))
    assert type(other) is nasim.FullCell
    assert nm.NEGATIVE.interphase_thickness not in {state.name for state in other.rhs}
    assert {part.name for part in other.mechanisms} == {part.name for part in model.mechanisms}
    assert any(isinstance(part, nasim.Interphase) for part in model.mechanisms)


@pytest.mark.parametrize(
    "part",
    [
        nasim.LumpedThermal(),
        nasim.FixedGap(),
        nasim.PorousCathode(5),
        nasim.IntrinsicLeak(),
        nasim.AlloyDiffusion(),
        nasim.PerfectInterface(),
        nasim.FullContact(),
    ],
    ids=lambda part: type(part).__name__,
)
def test_a_part_is_replaced_by_role_and_put_back(part):
    model = nasim.FullCell()
    (old,) = [each for each in model.mechanisms if each.role == part.role]
    other = model.with_mechanisms(part)
    assert part in other.mechanisms and old not in other.mechanisms
    back = other.with_mechanisms(old)
    assert [repr(each) for each in back.mechanisms] == [repr(each) for each in model.mechanisms]
    assert [state.name for state in back.rhs] == [state.name for state in model.rhs]
    assert [state.domain for state in back.rhs] == [state.domain for state in model.rhs]


def test_a_porous_cathode_takes_chains_and_what_belongs_to_them_to_its_region():
    chain = nasim.SbSRedox()
    model = nasim.FullCell(chains=[chain, nasim.SulfurConversion()]).with_mechanisms(nasim.PorousCathode(5))
    from_start = nasim.FullCell(cathode=nasim.PorousCathode(5))
    assert [repr(each) for each in model.mechanisms] == [repr(each) for each in from_start.mechanisms]
    domains = {state.name: state.domain for state in model.rhs}
    assert domains == {state.name: state.domain for state in from_start.rhs}
    assert domains[nm.MILLED_SHARE] == domains[nm.SB_S.isolated(0)] == [nm.POSITIVE.domain]
    assert chain.region.domain == ""


def test_a_chain_that_goes_takes_what_belongs_to_it():
    model = nasim.FullCell()
    other = RedoxChain(nm.SB_S, CATHOLYTE_MATERIAL, [ButlerVolmer()] * 3, [nm.LAYER_FACTOR] * 3)
    roles = {each.role for each in model.with_mechanisms(other).mechanisms}
    assert roles == {each.role for each in model.mechanisms} - {nm.roles.MILLED_SHARE, nm.roles.DEEP_LAYER}


def test_a_porous_cathode_without_the_sb_s_chain_is_told_what_to_hand_in():
    with pytest.raises(CompositionError, match=r"porous cathode.*PorousCathode\(catholyte=FixedCatholyte\(\)\)"):
        nasim.FullCell(chains=[nasim.SulfurConversion()], cathode=nasim.PorousCathode())
    fixed = nasim.PorousCathode(catholyte=nasim.FixedCatholyte())
    assert nasim.FullCell(chains=[nasim.SulfurConversion()], cathode=fixed).name == "Na-S full cell"


def test_a_full_cell_in_which_nothing_reacts_is_refused():
    with pytest.raises(CompositionError, match=r"FullCell: nothing reacts.*chains=\[SulfurConversion\(\)\]"):
        nasim.FullCell(chains=[])
