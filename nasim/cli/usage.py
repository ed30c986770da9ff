"""The parser of options, with what it refuses said in one paragraph."""

import re
import sys
from typing import Any

import typer

from ..errors import ProtocolError, brief, nearest
from .ending import INTERRUPTED, MISTAKE

KINDS = {"integer": "a whole number", "float": "a number", "number": "a number"}
"""Words of the parser for what it expects -> those of messages."""


def call(app: typer.Typer) -> None:
    """Run the command that the words of this process ask for; ends with `SystemExit` where its exit code is not zero.

    Raises
    ------
    ProtocolError
        There is no such command or option, or a value is missing, too many, or of another type.
    KeyboardInterrupt
        Ctrl-C, of which the parser makes an exit.
    """
    command: Any = typer.main.get_command(app)
    try:
        code = command(standalone_mode=False)
    except Exception as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        if not hasattr(error, "format_message"):
            raise
        if type(error).__name__ != "NoArgsIsHelpError":
            raise ProtocolError(refusal(error, command, sys.argv[1:])) from None
        code = MISTAKE  # the help is printed
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if isinstance(code, int):
        sys.exit(code)


def refusal(error: Any, command: Any, words: list[str]) -> str:
    """Return what the parser refused: by which command, what was given, what is expected or near, and where help is.

    Parameters
    ----------
    error : exception of the parser
    command : command of the parser
        The whole program.
    words : list of str
        What it was called with.
    """
    path = []
    for word in words:
        found = command.get_command(error.ctx, word) if hasattr(command, "get_command") else None
        if found is None:
            break
        command, path = found, [*path, word]
    who = f"{' '.join(path)}: " if path else ""
    return f"{who}{_told(error, command, words).strip()} '{' '.join(['nasim', *path, '--help'])}' lists what there is."


def _told(error, command, words):
    """What was given, what is expected and what is near."""
    text = error.format_message()
    if hasattr(error, "option_name") and "No such" in text:
        known = [name for each in command.params for name in (*each.opts, *each.secondary_opts) if name[:1] == "-"]
        return f"there is no option {brief(error.option_name)}. {nearest(error.option_name, known)}"
    unknown = re.match("No such command '(.*?)'", text)
    if unknown:
        return f"there is no command {brief(unknown[1])}. {nearest(unknown[1], command.list_commands(error.ctx))}"
    kind = re.search("valid (integer|float|number)", text)
    if kind and getattr(error, "param", None) is not None:
        given = _given(error.param, words)
        count = error.param.nargs
        expected = f"{count} numbers" if count > 1 else KINDS[kind[1]]
        return f"{error.param.opts[0]} takes {expected}; {brief(given)} was given."
    return re.sub("'([^']{80})[^']*'", r"'\1 ...'", text).rstrip(".") + "."


def _given(option, words):
    """What stands behind an option among some words."""
    for number, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name in option.opts:
            return value if equals else " ".join(words[number + 1 : number + 1 + option.nargs])
    return ""
