"""The same words in Python and on the command line: option and field, for every experiment."""

import dataclasses

import pytest
from typer.main import get_command

import nasim
from nasim.cli import app
from nasim.conditions import Conditions
from nasim.protocols import PROTOCOLS, protocol_class
from nasim.sweep.names import without_unit

CONDITIONS = {"stack_pressure_MPa": "--pressure", "temperature_C": "--temperature", "overrides": "--override"}
"""Argument of `run` and field of `Conditions` -> option of every experiment."""
PYTHON_ONLY: set[str] = set()
"""Fields that the command line has no option for."""


def options(word):
    """Option -> name of the argument behind it, of an experiment."""
    run = get_command(app).commands["run"]
    command = run.get_command(None, word)
    return {option: each.name for each in command.params for option in each.opts if option.startswith("--")}


@pytest.mark.parametrize("word", PROTOCOLS)
def test_every_field_is_an_option_by_its_name_without_the_unit(word):
    known = options(word)
    for field in dataclasses.fields(protocol_class(word)):
        if field.name in PYTHON_ONLY:
            continue
        assert known[f"--{without_unit(field.name).replace('_', '-')}"] == field.name


@pytest.mark.parametrize("word", PROTOCOLS)
def test_conditions_are_options_of_every_experiment(word):
    assert {field.name for field in dataclasses.fields(Conditions)} == set(CONDITIONS)
    assert set(CONDITIONS.values()) <= set(options(word))


@pytest.mark.parametrize("word", PROTOCOLS)
def test_the_word_of_the_command_line_in_python_is_answered_with_the_field(word):
    """`GCD(current=...)` says `current_mA_cm2`."""
    protocol = protocol_class(word)
    for field in dataclasses.fields(protocol):
        plain = without_unit(field.name)
        if plain != field.name:
            with pytest.raises(nasim.NasimError, match=f"'{field.name}'"):
                protocol(**{plain: 1.0})


@pytest.mark.parametrize("word", PROTOCOLS)
def test_a_misspelt_option_is_answered_with_the_nearest(word):
    protocol = protocol_class(word)
    name = dataclasses.fields(protocol)[0].name
    with pytest.raises(nasim.NasimError, match=f"nearest match is '{name}'"):
        protocol(**{name[:-1] + "x": 1.0})


def test_run_and_predict_have_a_command_for_each_protocol_with_its_example():
    for group in ("run", "predict"):
        commands = get_command(app).commands[group]
        assert commands.list_commands(None) == list(PROTOCOLS)
        assert commands.get_command(None, "gdc") is None
        assert commands.get_command(None, "gcd").epilog.startswith(f"Example: nasim {group} gcd --current 0.1C")
