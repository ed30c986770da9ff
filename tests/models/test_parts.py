"""Parts that are none: one sentence that names the cell, what was given and what was expected."""

from functools import partial

import numpy as np
import pytest

import nasim
from nasim import nomenclature as nm

FULL, SYMMETRIC, BLOCKING = nasim.FullCell, nasim.SymmetricCell, nasim.BlockingCell


@pytest.mark.parametrize(
    ("cell", "parts", "given", "expected"),
    [
        (FULL, {"short": nasim.NoShort}, "class NoShort was given as short", "instance, such as NoShort()"),
        (FULL, {"diffusion": nasim.AlloyDiffusion}, "class AlloyDiffusion", "such as AlloyDiffusion()"),
        (FULL, {"thermal": nasim.LumpedThermal}, "class LumpedThermal", "such as LumpedThermal()"),
        (FULL, {"cathode": nasim.PorousCathode}, "class PorousCathode", "such as PorousCathode()"),
        (
            FULL,
            {"cathode": nasim.NoShort()},
            "NoShort() plays the role 'short'",
            "role 'cathode', such as LumpedCathode()",
        ),
        (
            FULL,
            {"cathode": nasim.SulfurConversion()},
            "role 'redox chain: Sulfur', but was given as cathode",
            "'cathode'",
        ),
        (
            FULL,
            {"interphase": nasim.Interphase(nm.POSITIVE)},
            "role 'interphase (positive)'",
            "'interphase (negative)'",
        ),
        (FULL, {"interphase": nasim.avrami}, "function avrami was given as interphase", "such as Interphase()"),
        (FULL, {"short": False}, "False was given as short", "such as SoftShort()"),
        (FULL, {"chains": nasim.SbSRedox()}, "was given as chains", "sequence of instances"),
        (FULL, {"chains": [nasim.SbSRedox]}, "function SbSRedox was given among chains", "[SulfurConversion()]"),
        (FULL, {"chains": [nasim.NoShort()]}, "'short', but was given among chains", "[SulfurConversion()]"),
        (FULL, {"extra": nasim.NoShort()}, "was given as extra", "sequence of instances"),
        (FULL, {"extra": [3]}, "3 was given among extra", "extra=[MyMechanism()]"),
        (SYMMETRIC, {"diffusion": nasim.AlloyDiffusion()}, "AlloyDiffusion('negative", "the class AlloyDiffusion"),
        (SYMMETRIC, {"interphase": nasim.avrami}, "function avrami", "makes one for a side, such as the class Interph"),
        (SYMMETRIC, {"interphase": nasim.NoShort}, "class NoShort", "the class Interphase"),
        (SYMMETRIC, {"interphase": lambda side: 3}, "function <lambda>", "the class Interphase"),
        (SYMMETRIC, {"alloy": None}, "None was given as alloy", "the class AlloyElectrode"),
        (SYMMETRIC, {"short": nasim.NoShort}, "class NoShort", "such as NoShort()"),
        (SYMMETRIC, {"alloy": nasim.WellMixed}, "role 'alloy diffusion (negative)', but was given as alloy", "'anode'"),
        (SYMMETRIC, {"short": 3}, "3 was given as short", "such as SoftShort()"),
        (BLOCKING, {"electrode": nasim.BlockingElectrode(nm.NEGATIVE)}, "as electrode", "the class BlockingElectrode"),
        (BLOCKING, {"fixture": nasim.FixedGap}, "class FixedGap was given as fixture", "such as FixedGap()"),
    ],
)
def test_what_is_no_part_is_refused_by_keyword(cell, parts, given, expected):
    with pytest.raises(nasim.CompositionError) as caught:
        cell(**parts)
    message = str(caught.value)
    assert message.startswith(f"{cell.__name__}: ") and given in message and expected in message, message


def test_a_part_in_the_wrong_role_is_told_its_role_and_the_one_wanted():
    with pytest.raises(nasim.CompositionError) as caught:
        nasim.FullCell(thermal=nasim.NoShort())
    assert str(caught.value) == (
        "FullCell: NoShort() plays the role 'short', but was given as thermal; expected a part with the role 'thermal', "
        "such as Isothermal()."
    )


@pytest.mark.parametrize("make", [nasim.Interphase, nasim.NoInterphase, nasim.AlloyElectrode, nasim.WellMixed])
def test_a_law_in_place_of_a_side_is_refused(make):
    with pytest.raises(
        nasim.CompositionError, match="the function parabolic was given as side; expected nasim.nomencl"
    ):
        make(nasim.parabolic)


def test_a_law_in_place_of_a_side_is_told_where_it_goes():
    with pytest.raises(nasim.CompositionError, match=r"goes in by name: Interphase\(law=parabolic\)"):
        nasim.FullCell(interphase=nasim.Interphase(nasim.parabolic))


def test_a_replacement_that_is_a_class_is_refused():
    with pytest.raises(nasim.CompositionError, match="class NoShort was given among replacements"):
        nasim.FullCell().with_mechanisms(nasim.NoShort)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (
            lambda: nasim.PorousCathode(points=2),
            "PorousCathode: points = 2 was given; expected a whole number of at least 3",
        ),
        (lambda: nasim.PorousCathode(points=7.5), "points = 7.5 was given"),
        (lambda: nasim.PorousCathode(catholyte=nasim.FixedCatholyte), r"FixedCatholyte.*such as FixedCatholyte\(\)"),
        (lambda: nasim.PorousCathode(catholyte="NAS"), "'NAS' was given as catholyte"),
        (
            lambda: nasim.AlloyDiffusion(modes=0),
            "AlloyDiffusion: modes = 0 was given; expected a whole number of at least 1",
        ),
        (lambda: nasim.AlloyDiffusion(modes="4"), "modes = '4' was given"),
        (
            lambda: nasim.Separator(["NAS"]),
            r"Separator: 'NAS' was given as a layer; expected a Layer, such as .*SEPARATOR",
        ),
        (lambda: nasim.Separator("NAS"), "'NAS' was given as a layer"),
    ],
)
def test_a_part_that_could_not_run_is_refused_when_it_is_made(attempt, words):
    with pytest.raises(nasim.CompositionError, match=words):
        attempt()


def test_the_smallest_numbers_that_are_accepted_run():
    cell = nasim.FullCell(cathode=nasim.PorousCathode(points=3), diffusion=nasim.AlloyDiffusion(modes=np.int64(1)))
    result = nasim.GCD(cycles=1, keep=()).run(cell)
    assert result.record["stopped_because"] == "all cycles done"
    assert nasim.Separator(nm.SEPARATOR).layers == (nm.SEPARATOR,)


@pytest.mark.parametrize(
    "make",
    [
        partial(nasim.Interphase, law=nasim.avrami),
        nasim.NoInterphase,
        nasim.PressureInterface,
        nasim.PerfectInterface,
        nasim.AlloyElectrode,
        nasim.WellMixed,
    ],
)
def test_what_belongs_to_a_side_is_made_for_the_negative_one_by_default(make):
    assert make().side is nm.NEGATIVE
