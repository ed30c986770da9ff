"""What all protocols share: one `run`, whose help names every argument, and a default cell of the right kind."""

import inspect
from dataclasses import fields

import numpy as np
import pytest

import nasim
from nasim.docstrings import described_parameters
from nasim.experiments.protocol import Protocol
from nasim.protocols import PROTOCOLS as TABLE
from nasim.protocols import protocol_class
from nasim.sweep.names import UNITS

PROTOCOLS = [protocol_class(word) for word in TABLE]
SHARED = ("stack_pressure_MPa", "temperature_C", "overrides", "progress", "solver", "checkpoint", "resume")


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_every_protocol_is_run_in_the_same_way(protocol):
    _, *arguments = inspect.signature(protocol.run).parameters.values()
    assert [each.name for each in arguments] == ["model", "parameters", *SHARED]
    assert {each.kind for each in arguments[:2]} == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    assert {each.kind for each in arguments[2:]} == {inspect.Parameter.KEYWORD_ONLY}
    assert isinstance(protocol(), Protocol)


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_the_help_names_every_argument_and_error(protocol):
    text = inspect.getdoc(protocol.run)
    for name in inspect.signature(protocol.run).parameters:
        assert name == "self" or f"\n{name} : " in text, name
    assert "[MPa]" in text and "[degC]" in text and "SolveError" in text and "ProtocolError" in text


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_every_option_is_described_with_its_unit(protocol):
    texts = described_parameters(protocol)
    for field in fields(protocol):
        assert texts.get(field.name), field.name
        end = next((end for end in UNITS if field.name.endswith(f"_{end}")), None)
        assert end is None or "[" in texts[field.name], field.name


def test_a_protocol_without_checkpoints_says_so():
    with pytest.raises(nasim.ProtocolError, match="GCD writes no checkpoint"):
        nasim.GCD().run(checkpoint="run.npz")


@pytest.mark.parametrize("option", [{"current_mA_cm2": 9.9}, {"cycles": 3}, {"rest_h": 1.0}])
def test_blocks_beside_options_that_they_replace_are_refused(option):
    with pytest.raises(nasim.ProtocolError, match=next(iter(option))):
        nasim.Cycling(blocks=(nasim.Block(1),), **option).run()


def test_a_protocol_has_a_cell_of_its_own_kind():
    assert nasim.SymmetricCycling(hours=2).run().record["parameter_set"] == "Yuan2025_symmetric_NAS"
    assert nasim.GCD(cycles=1).run(parameters=None).record["parameter_set"] == "Yuan2025_NAS"
    with pytest.raises(nasim.UnknownNameError, match="Unknown parameter set ''"):
        nasim.GCD(cycles=1).run(parameters="")
    with pytest.raises(nasim.ParameterSetError, match="SymmetricCycling needs the name.*a dict was given"):
        nasim.SymmetricCycling().run(parameters={})


def test_jumps_do_not_go_with_blocks():
    for schedule in ({"blocks": (nasim.Block(5),)}, {"formation": nasim.Block(1)}):
        with pytest.raises(nasim.ProtocolError, match="equal cycles"):
            nasim.Cycling(jump_tolerance=1e-3, **schedule).run()


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: nasim.GCD().run(nasim.SymmetricCell(), "Yuan2025_symmetric_NAS"), "GCD needs a full cell.*symmetric"),
        (lambda: nasim.GCD().run(nasim.KeptCell(nasim.SymmetricCell())), "GCD needs a full cell.*symmetric"),
        (lambda: nasim.CV().run(nasim.BlockingCell()), "CV needs a full cell.*blocking"),
        (lambda: nasim.SymmetricCycling().run(nasim.FullCell()), "SymmetricCycling needs a symmetric cell.*full"),
        (lambda: nasim.EIS(after_cycles=1).run(nasim.SymmetricCell(), "Yuan2025_NAS"), "EIS can cycle full cells only"),
        (lambda: nasim.GCD().run(nasim.FullCell(), "Yuan2025_symmetric_NAS"), "full cell, but.*describes a symmetric"),
        (lambda: nasim.SymmetricCycling().run(nasim.SymmetricCell(), "Yuan2025_NAS"), "symmetric cell, but.*a full"),
    ],
)
def test_a_model_of_another_kind_is_refused(attempt, words):
    with pytest.raises(nasim.ProtocolError, match=words):
        attempt()


def test_a_model_of_any_kind_gives_a_spectrum():
    found = nasim.EIS(per_decade=1).run(nasim.SymmetricCell(), "Yuan2025_symmetric_NAS")
    assert len(found.summary) == 1


def test_a_model_that_is_not_the_cell_of_the_set_is_told_in_the_events(tmp_path):
    name, test = "Yuan2025_NPS_interlayer", nasim.GCD(cycles=1, keep=())
    (event,) = test.run(nasim.FullCell(), name).record["events"]
    assert "separator instead of interlayer, separator" in event and "nasim.cell_for(" in event
    assert test.run(nasim.KeptCell(nasim.FullCell()), name).record["events"] == [event]
    (same,) = nasim.EIS(per_decade=1).run(nasim.FullCell(), name).record["events"]
    assert same == event
    schedule, path = nasim.Cycling(cycles=1), tmp_path / "run.npz"
    for resume in (False, True):
        assert schedule.run(nasim.FullCell(), name, checkpoint=path, resume=resume).record["events"] == [event]


def test_the_cell_of_the_set_with_a_part_of_ones_own_has_no_such_event():
    name, test = "Yuan2025_NPS_interlayer", nasim.GCD(cycles=1, keep=())
    for model in (None, nasim.cell_for(name, short=nasim.NoShort()), nasim.KeptCell()):
        assert test.run(model, name).record["events"] == []


def test_a_model_with_materials_that_the_set_has_no_room_for_is_refused():
    with pytest.raises(nasim.ParameterSetError, match=r"'Yuan2025_NASC'.*make 1.029.*Sulfur, Sb-S"):
        nasim.GCD().run(nasim.FullCell(), "Yuan2025_NASC")


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: nasim.EIS(states_of_charge=2).run(), "state of charge = 2 is impossible; expected 0 to 1."),
        (
            lambda: nasim.EIS(after_cycles=-1).run(),
            "after_cycles must be a whole number from 0 to 1000000; -1 was given.",
        ),
        (lambda: nasim.EIS(per_decade=0).run(), "points per decade = 0 is impossible; expected 1 to 1000."),
        (lambda: nasim.CV((0.2, -0.1)).run(), "scan rate must be above zero, in mV s-1; -0.1 was given."),
        (lambda: nasim.GCD(cycles=0).run(), "number of cycles must be above zero; 0 was given."),
        (lambda: nasim.GCD(cycles=np.float64(1.5)).run(), "a whole number of at least 1; 1.5 was given."),
        (lambda: nasim.CV(keep=3).run(), "keep must be a sequence of cycle numbers such as (1, 2, 10); 3 was given."),
    ],
)
def test_messages_show_plain_numbers(attempt, words):
    with pytest.raises(nasim.ProtocolError) as caught:
        attempt()
    assert str(caught.value).endswith(words)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (lambda: nasim.GCD(current=0.1), "GCD has no option 'current'.*nearest match is 'current_mA_cm2'"),
        (lambda: nasim.Cycling(cycle=3), "Cycling has no option 'cycle'.*nearest match is 'cycles'"),
        (lambda: nasim.Block(hold_untill_mA_cm2=0.1), "Block has no option.*nearest match is 'hold_until_mA_cm2'"),
    ],
)
def test_a_misspelt_option_gets_the_nearest_name(attempt, words):
    with pytest.raises(nasim.UnknownNameError, match=words):
        attempt()


@pytest.mark.parametrize("current", ["fast", "C5", "-0.1C", "0C"])
def test_what_is_no_c_rate_is_refused(current):
    with pytest.raises(nasim.ProtocolError, match="GCD: current must be"):
        nasim.GCD(current_mA_cm2=current).run()
