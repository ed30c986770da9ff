"""The commands ``nasim run ...``: one for each line of the table of protocols, its options from the protocol's fields."""

import inspect
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import typer
from typer.core import TyperGroup

from ..docstrings import described_parameters
from ..errors import ProtocolError
from ..protocols import PROTOCOLS, protocol_class
from ..sweep.names import without_unit
from ..terminal import (
    DesignText,
    Format,
    Json,
    Out,
    Override,
    Pressure,
    Resample,
    Resume,
    Rows,
    SetOption,
    Style,
    Temperature,
    Width,
)
from ..units import CurrentDensity
from . import values
from .outcome import Output, perform, stored

OUTPUT = tuple(field.name for field in fields(Output))
"""Options of all commands that say what becomes of the result."""


def protocol_commands(name, function_of, text, tail=""):
    """Return a group of commands, one for each line of the table; a protocol is imported when its command is asked for.

    Parameters
    ----------
    name : str
        Of the group, for the example of each command.
    function_of : callable (protocol class) -> function
        Gives what a command runs: its signature has the options, its docstring the help.
    text : str
        Help of the group.
    tail : str
        What the example has after that of the protocol.
    """

    class ProtocolCommands(TyperGroup):
        def list_commands(self, ctx):
            return list(PROTOCOLS)

        def get_command(self, ctx, cmd_name):
            if cmd_name not in PROTOCOLS:
                return None
            protocol, alone = protocol_class(cmd_name), typer.Typer(add_completion=False)
            words = ("Example: nasim", name, cmd_name, protocol.example, tail)
            alone.command(cmd_name, epilog=" ".join(filter(None, words)))(function_of(protocol))
            return typer.main.get_command(alone)

    group = typer.Typer(cls=ProtocolCommands, help=text, no_args_is_help=True)
    group.callback()(lambda: None)  # keeps the commands in a group, however many there are
    return group


def function_of(protocol):
    """Return the function behind the command of a protocol: its signature has the options, its docstring the help."""

    def execute(**given):
        more, shared = given.pop("more", None), {name: given.pop(name) for name in shared_options(protocol)}
        test = asked(protocol, given, more)
        long = stored(shared["out"], shared["resume"]) if protocol.stores else {}
        output = Output(**{name: shared[name] for name in OUTPUT})
        cell = cell_of(shared)
        perform(test, cell, shared["pressure"], shared["temperature"], shared["override"], output, long)

    return with_options(execute, protocol, shared_options(protocol))


def with_options(execute, protocol, shared):
    """Give a function the options of a protocol and those that are `shared`, and the help of the protocol; returns it."""
    known = options_of(protocol)
    arguments = list(known.values()) + list(shared.values())
    if any(kind == list[str] and name in known for name, (kind, _) in readers_of(protocol).items()):
        hidden = Annotated[list[str] | None, typer.Argument(hidden=True)]
        arguments.append(option("more", hidden, None))
    execute.__signature__ = inspect.Signature(arguments)
    execute.__annotations__ = {argument.name: argument.annotation for argument in arguments}
    execute.__doc__ = (inspect.getdoc(protocol) or "").split(". ")[0].split("\n\n")[0]
    return execute


def asked(protocol, given, more):
    """Return the protocol that options ask for; `more` is the tail of an option with several numbers."""
    settings = {name: value for name, value in given.items() if value is not None}
    settings = _read(readers_of(protocol), settings, more, flags_of(protocol))
    return protocol(**{name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()})


def cell_of(shared):
    """Return the set that --set and --design ask for: its name, or the set itself."""
    if shared["design"] is None:
        return shared["set"]
    from ..parameters import load

    return load(shared["set"], design=values.design("--design", shared["design"]))


def options_of(protocol):
    """Return an option for each field of a protocol whose type the command line has, name -> `inspect.Parameter`.

    Lists of numbers, which follow one option, are taken as text; other types, such as blocks of cycles, are left out.
    """
    types, helps, options = get_type_hints(protocol), described_parameters(protocol), {}
    readers = readers_of(protocol)
    for field in fields(protocol):
        kind = _on_the_command_line(types[field.name])
        kind = readers[field.name][0] | None if field.name in readers else kind
        if kind is None:
            continue
        default = None if field.default is MISSING or isinstance(field.default, tuple) else field.default
        flag = _flag(field.name)
        names = [flag if field.default is not True else f"{flag}/--no-{flag[2:]}"]
        names += [field.metadata["option"]] if "option" in field.metadata else []
        if get_args(kind)[:1] == (list[str],):
            default = None
        text = helps.get(field.name, "").replace("[", r"\[").replace("``", "")
        shown = default is not None and default is not False
        info = typer.Option(*names, help=text, metavar=_metavar(field.name, kind), show_default=shown)
        options[field.name] = option(field.name, Annotated[kind, info], default)
    return options


def readers_of(protocol):
    """Return the type on the command line, and what reads it, of each field that is more than a number, by name."""
    kinds, found = get_type_hints(protocol), {}
    for field in fields(protocol):
        for kind, reader in _readers(kinds.values()).items():
            if kind in (kinds[field.name], *_choices(kinds[field.name])):
                found[field.name] = reader
    return found


def flags_of(protocol):
    """Return the option of each field, by name, as messages call it."""
    return {field.name: field.metadata.get("option", _flag(field.name)) for field in fields(protocol)}


def cell_options(protocol):
    """Return kind and default of the options that say which cell it is, and how it is kept, by name."""
    conditions = {"pressure": Pressure, "temperature": Temperature, "override": Override}
    return {"set": (SetOption, protocol.parameter_set), "design": (DesignText, None)} | {
        name: (kind, None) for name, kind in conditions.items()
    }


def shared_options(protocol):
    """Return the options that all commands have, by name; a checkpoint is resumed where the protocol stores one."""
    kinds = {"resume": Resume} if protocol.stores else {}
    kinds = {"out": Out} | kinds | {"format": Format, "style": Style, "width": Width, "rows": Rows}
    kinds |= {"resample": Resample, "as_json": Json}
    defaults = {"resume": False} | {field.name: field.default for field in fields(Output)}
    given = cell_options(protocol) | {name: (kind, defaults[name]) for name, kind in kinds.items()}
    return {name: option(name, *each) for name, each in given.items()}


def option(name, annotation, default):
    """Return a parameter of the function behind a command, by keyword."""
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _readers(kinds):
    """Type of a field -> its type on the command line, and what reads the texts there; blocks where `kinds` have them."""
    found = {
        tuple[int, ...]: (list[str], values.whole_numbers),
        tuple[float, ...]: (list[str], values.numbers),
        tuple[CurrentDensity, ...]: (list[str], values.currents),
        CurrentDensity: (str, values.current),
    }
    if any("Block" in str(kind) for kind in kinds):
        from ..experiments.block import Block

        found |= {tuple[Block, ...]: (list[str], values.blocks), Block: (str, values.block)}
    return found


def _choices(kind):
    """The types of a union, also those that are unions but for None."""
    parts = [part for part in get_args(kind) if part is not type(None)] if not _is_tuple(kind) else []
    return (*parts, CurrentDensity) if {float, str} <= set(parts) else parts


def _on_the_command_line(kind: Any):
    """The type of the option for a field of this plain type, or None where there is none."""
    parts = [part for part in (get_args(kind) if not _is_tuple(kind) else (kind,)) if part is not type(None)] or [kind]
    tuples = [part for part in parts if _is_tuple(part)]
    if tuples:
        return tuples[0] | None
    if len(parts) == 1 and parts[0] in (bool, int, float, str, Path):
        return kind
    return None


def _is_tuple(kind):
    return getattr(kind, "__origin__", None) is tuple


def _read(readers, settings, more, flags):
    """The settings with their texts read; the tail of "--option 0.1 0.2" is in `more`."""
    given = [name for name in readers if name in settings]
    lists = [name for name in given if isinstance(settings[name], list)]
    spread = lists[0] if len(lists) == 1 and len(settings[lists[0]]) == 1 else None
    if more and spread is None:
        of_lists = lists or [name for name, (kind, _) in readers.items() if kind == list[str]]
        several = " or ".join(flags[name] for name in of_lists)
        raise ProtocolError(
            f"'{' '.join(more)}' belongs to no option; several numbers stand behind one {several} alone."
        )
    read = {}
    for name in given:
        texts = settings[name] if name in lists else [settings[name]]
        read[name] = readers[name][1](flags[name], [*texts, *((more or []) if name == spread else [])])
    return settings | read


def _metavar(field, kind):
    """What stands for the value of an option in its help: its unit, or what it is; None for a switch.

    >>> _metavar("rest_h", float), _metavar("current_mA_cm2", str), _metavar("cycles", int)
    ('H', 'MA_CM2|RATE', 'NUMBER')
    """
    if kind is bool:
        return None
    unit = field.removeprefix(without_unit(field)).strip("_").upper()
    if unit == "MA_CM2" and kind not in (float, float | None):
        unit += "|RATE"
    several = "..." if list[str] in (kind, *get_args(kind)) else ""
    if field == "window":
        return "LOW HIGH"
    words = {"file": "FILE", "direction": "discharge|charge", "formation": "TEXT", "blocks": "TEXT"}
    return words.get(field, (unit or "NUMBER") + several)


def _flag(field):
    """The option of a field.

    >>> _flag("charge_current_mA_cm2")
    '--charge-current'
    """
    return f"--{without_unit(field).replace('_', '-')}"


HELP = (
    "Run an experiment on a cell. With --out it writes figure and data; cycling and rate tests write a checkpoint there as "
    "they go, and --resume continues it."
)
run = protocol_commands("run", function_of, HELP)
