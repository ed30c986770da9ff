"""Python's search for garbage, put off while much is made that stays: it would go through all of it again and again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 100_000
"""New objects between two searches in a process that ends soon; 700 or 2000 as Python has it."""


@contextmanager
def paused() -> Iterator[None]:
    """Search for no garbage within this context, or within a function that it decorates.

    >>> with paused():
    ...     gc.isenabled()
    False
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def seldom() -> None:
    """Search for garbage a hundred times less often from now on: for a process of one command."""
    gc.set_threshold(SELDOM, *gc.get_threshold()[1:])
