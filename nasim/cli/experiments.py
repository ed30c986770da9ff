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
from ..terminal import Json, Out, Override, Pressure, Resume, SetOption, Temperature
from .outcome import perform, stored


class ProtocolCommands(TyperGroup):
    """Commands of the table; a protocol is imported when its command is asked for."""

    def list_commands(self, ctx):
        """Return the words of all protocols, in the order of the table."""
        return list(PROTOCOLS)

    def get_command(self, ctx, cmd_name):
        """Return the command for a word, or None where there is no such protocol."""
        return command_of(protocol_class(cmd_name), cmd_name) if cmd_name in PROTOCOLS else None


HELP = (
    "Run an experiment on a cell. With --out it writes figure and data; cycling and rate tests write a checkpoint there as "
    "they go, and --resume continues it."
)
run = typer.Typer(cls=ProtocolCommands, help=HELP, no_args_is_help=True)


@run.callback()
def _several():
    """Keep the commands in a group, however many there are."""


def command_of(protocol, word):
    """Return the click command that runs a protocol (a class), with an option for each field that it understands."""
    app = typer.Typer(add_completion=False)
    app.command(word)(function_of(protocol))
    return typer.main.get_command(app)


def function_of(protocol):
    """Return the function behind the command of a protocol: its signature has the options, its docstring the help."""
    known = options_of(protocol)
    lists = [name for name, option in known.items() if _is_list_of_numbers(option.annotation)]

    def execute(**given):
        more, shared = given.pop("more", None), {name: given.pop(name) for name in shared_options(protocol)}
        settings = {name: value for name, value in given.items() if value is not None}
        settings = _with_numbers(lists, settings, more)
        test = protocol(**{name: tuple(v) if isinstance(v, list) else v for name, v in settings.items()})
        long = stored(shared["out"], shared["resume"]) if protocol.stores else {}
        perform(
            test,
            shared["set"],
            shared["pressure"],
            shared["temperature"],
            shared["override"],
            shared["out"],
            shared["as_json"],
            long,
        )

    arguments = list(known.values()) + list(shared_options(protocol).values())
    if lists:
        hidden = Annotated[list[str] | None, typer.Argument(hidden=True)]
        arguments.append(_option("more", hidden, None))
    execute.__signature__ = inspect.Signature(arguments)
    execute.__annotations__ = {argument.name: argument.annotation for argument in arguments}
    execute.__doc__ = (inspect.getdoc(protocol) or "").split(". ")[0].split("\n\n")[0]
    return execute


def options_of(protocol):
    """Return an option for each field of a protocol whose type the command line has, name -> `inspect.Parameter`.

    Lists of numbers, which follow one option, are taken as text; other types, such as blocks of cycles, are left out.
    """
    types, helps, options = get_type_hints(protocol), described_parameters(protocol), {}
    for field in fields(protocol):
        kind = _on_the_command_line(types[field.name])
        if kind is None:
            continue
        default = None if field.default is MISSING or isinstance(field.default, tuple) else field.default
        names = [_flag(field.name)]
        names += [field.metadata["option"]] if "option" in field.metadata else []
        if get_args(kind)[:1] in ((list[str],), (list[int],)):
            default = None
        text = helps.get(field.name, "").replace("[", r"\[")
        info = typer.Option(*names, help=text, show_default=default is not None)
        options[field.name] = _option(field.name, Annotated[kind, info], default)
    return options


def shared_options(protocol):
    """Return the options that all commands have, by name; a checkpoint is resumed where the protocol stores one."""
    kinds = {"set": SetOption, "pressure": Pressure, "temperature": Temperature, "override": Override, "out": Out}
    kinds |= {"resume": Resume} if protocol.stores else {}
    defaults = {"set": protocol.parameter_set, "resume": False, "as_json": False}
    return {name: _option(name, kind, defaults.get(name)) for name, kind in (kinds | {"as_json": Json}).items()}


def _option(name, annotation, default):
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _on_the_command_line(kind: Any):
    """The type of the option for a field of this type, or None where there is none."""
    parts = [part for part in (get_args(kind) if not _is_tuple(kind) else (kind,)) if part is not type(None)] or [kind]
    tuples = [part for part in parts if _is_tuple(part)]
    if tuples and get_args(tuples[0])[-1] is Ellipsis:
        return {int: list[int] | None, float: list[str] | None}.get(get_args(tuples[0])[0])
    if tuples:
        return tuples[0] | None
    if len(parts) == 1 and parts[0] in (bool, int, float, str, Path):
        return kind
    return None


def _is_tuple(kind):
    return getattr(kind, "__origin__", None) is tuple


def _is_list_of_numbers(annotation):
    return get_args(annotation)[0] == list[str] | None


def _with_numbers(lists, settings, more):
    """The settings with lists of numbers read; the tail of "--option 0.1 0.2" is in `more`."""
    given = [name for name in lists if name in settings]
    spread = given[0] if len(given) == 1 and len(settings[given[0]]) == 1 else None
    if more and spread is None:
        option = _flag(given[0] if given else lists[0])
        raise ProtocolError(f"Put all numbers behind one {option}; '{' '.join(more)}' stands by itself.")
    read = {name: _numbers(_flag(name), [*settings[name], *((more or []) if name == spread else [])]) for name in given}
    return settings | read


def _flag(field):
    """The option of a field.

    >>> _flag("charge_current_mA_cm2")
    '--charge-current'
    """
    return f"--{without_unit(field).replace('_', '-')}"


def _numbers(option, texts):
    """The numbers in the texts of an option, separated by spaces or commas, a tuple."""
    text = " ".join(texts)
    try:
        numbers = tuple(float(part) for part in text.replace(",", " ").split())
    except ValueError:
        numbers = ()
    if not numbers:
        raise ProtocolError(f"{option} takes numbers separated by spaces or commas; '{text}' was given.")
    return numbers
