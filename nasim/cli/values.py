"""Values of options that are more than one number: lists, currents, blocks of cycles; from text to what a field takes."""

import shlex
from dataclasses import fields

from ..checks import check_options
from ..errors import ProtocolError
from ..sweep.names import without_unit


def current(option, texts):
    """Return the one current density of an option: a number, or a C-rate as the text that it is.

    >>> current("--current", ["0.127"]), current("--current", ["0.1C"])
    (0.127, '0.1C')
    """
    return _number_or_text(texts[0])


def currents(option, texts):
    """Return the current densities in the texts of an option, separated by spaces or commas, a tuple."""
    return _several(option, texts, _number_or_text)


def numbers(option, texts):
    """Return the numbers in the texts of an option, separated by spaces or commas, a tuple.

    Raises
    ------
    ProtocolError
        There is no number, or something else among them.
    """
    return _several(option, texts, float)


def whole_numbers(option, texts):
    """Return the whole numbers in the texts of an option, a tuple; raises as `numbers`."""
    return _several(option, texts, int)


def _several(option, texts, kind):
    text, words = " ".join(texts), "whole numbers" if kind is int else "numbers"
    try:
        read = tuple(kind(part) for part in text.replace(",", " ").split())
    except ValueError:
        read = ()
    if not read:
        raise ProtocolError(f"{option} takes {words} separated by spaces or commas; '{text}' was given.")
    return read


def block(option, texts):
    """Return the block of cycles that a text describes by the words of the options of a cycle.

    >>> block("--block", ["cycles=2 current=0.1C window=0.7,2.6"])
    Block(cycles=2, current_mA_cm2='0.1C', charge_current_mA_cm2=None, window=(0.7, 2.6), ...)

    Raises
    ------
    ProtocolError, UnknownNameError
        It is no such text.
    """
    from ..experiments.block import Block

    return Block(**_described(option, texts[0], Block, "cycles=2 current=0.1C temperature=60"))


def design(option, text):
    """Return the design that a text describes by the words of the options of ``nasim cell``.

    >>> design("--design", "sulfur-loading=1 ratio=12:8:80").ratio
    (12.0, 8.0, 80.0)

    Raises
    ------
    ProtocolError, UnknownNameError
        It is no such text.
    """
    from ..parameters.design import Design

    return Design(**_described(option, text, Design, "sulfur-loading=1 ratio=12:8:80 separator-thickness=50"))


def _described(option, text, kind, example):
    """Field -> value that a text of words "name=value" states for a dataclass."""
    known = {without_unit(each.name).replace("_", "-"): each.name for each in fields(kind)}
    known |= {"pressure": "stack_pressure_MPa"} if "stack_pressure_MPa" in known.values() else {}
    try:
        parts = shlex.split(text)
    except ValueError:
        raise ProtocolError(
            f"{option}: a quotation in '{text}' has no end; expected a text such as '{example}'."
        ) from None
    given = {}
    for part in parts:
        word, equals, value = part.partition("=")
        if not equals or not value:
            raise ProtocolError(f"{option} takes a text such as '{example}'; '{text}' was given.")
        check_options(option, [word], list(known))
        given[known[word]] = _setting(option, known[word], value)
    return given


def blocks(option, texts):
    """Return a block for each text of an option, a tuple."""
    return tuple(block(option, [text]) for text in texts)


def _setting(option, name, value):
    if name == "cycles":
        return whole_numbers(option, [value])[0]
    if name in ("window", "ratio"):
        return numbers(option, [value.replace(":", ",")])
    return _number_or_text(value)


def _number_or_text(text):
    try:
        return float(text)
    except ValueError:
        return text
