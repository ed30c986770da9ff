"""A bar while something runs: in a terminal, or in the cell of a notebook (IPython's, or marimo's)."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from .errors import ProtocolError, printable

PAUSE_S = 0.1
"""Shortest time between two pictures of a bar in a notebook."""


class Bar:
    """A bar while it is entered: in the cell of a notebook where there is one, else on standard error.

    Parameters
    ----------
    what : str
        What is counted.
    total : int or None
    show : bool
        Without it, nothing is shown.
    """

    def __init__(self, what: str, total: int | None, show: bool):
        self.what, self.total, self.show = what, total, show

    def __enter__(self):
        if self.show:
            self.view = _view()(self.what, self.total)
        return self

    def label(self, name, seconds):
        """Write that something took so long."""
        if self.show:
            self.view.say(printable(f"{name} ({seconds:.1f} s)"))

    def step(self, number, row=None):
        """So many are done."""
        if self.show:
            self.view.update(number)

    __call__ = step

    def __exit__(self, *failure):
        if self.show:
            self.view.close()


@contextmanager
def reporting(
    who: str, progress: Any, what: str, total: int | None, count: Callable[..., int] = lambda number, *row: number
) -> Iterator[Callable]:
    """Give the function that is to be called as work gets done: `progress` itself, or for True a bar, else one without effect.

    Parameters
    ----------
    who : str
        Who was given `progress`, for the message.
    progress : callable, bool or None
    what, total
        See `Bar`.
    count : callable
        Gives the number done from what the function is called with.

    Raises
    ------
    ProtocolError
        `progress` is something else.
    """
    if callable(progress):
        yield progress
        return
    if progress is not None and not isinstance(progress, bool):
        raise ProtocolError(f"{who}: progress takes True for a bar, or a function; {progress!r} was given.")
    with Bar(what, total, bool(progress)) as bar:
        yield lambda *given: bar.step(count(*given))


def _view():
    """The class of the bar that suits where this runs."""
    marimo, ipython = sys.modules.get("marimo"), sys.modules.get("IPython")
    if marimo is not None and marimo.running_in_notebook():
        return _Marimo
    shell = ipython.get_ipython() if ipython is not None else None
    return _Jupyter if hasattr(shell, "kernel") else _Terminal


class _Terminal:
    def __init__(self, what, total):
        from rich.console import Console
        from rich.progress import Progress

        self.bar = Progress(console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task(what, total=total)
        self.bar.start()

    def update(self, done):
        self.bar.update(self.task, completed=done)

    def say(self, text):
        self.bar.console.print(text, markup=False)

    def close(self):
        self.bar.stop()


class _Jupyter:
    """A progress element in the output of the cell, which is replaced as work gets done and stays with the time it took."""

    def __init__(self, what, total):
        from IPython.display import display  # pyright: ignore[reportMissingImports]

        self.what, self.total, self.done, self.began, self.drawn = what, total, 0, time.perf_counter(), 0.0
        self.handle = display(self._shown(), raw=True, display_id=True)

    def _shown(self, words=""):
        value = "" if self.total is None else f' value="{self.done}" max="{self.total}"'
        of = "" if self.total is None else f" of {self.total}"
        text = f"{self.what}: {self.done}{of}{words}"
        return {"text/plain": text, "text/html": f"<progress{value}></progress> {text}"}

    def update(self, done):
        self.done = done
        if time.perf_counter() - self.drawn > PAUSE_S:
            self.drawn = time.perf_counter()
            self.handle.update(self._shown(), raw=True)

    def say(self, text):
        print(text)

    def close(self):
        self.handle.update(self._shown(f" ({time.perf_counter() - self.began:.1f} s)"), raw=True)


class _Marimo:
    """Marimo's own bar, or its wheel where nobody knows how much there is to do."""

    def __init__(self, what, total):
        from marimo import status

        self.done, self.counts = 0, total is not None
        self.shown = status.progress_bar(total=total, title=what) if self.counts else status.spinner(title=what)
        self.bar: Any = self.shown.__enter__()

    def update(self, done):
        if self.counts:
            self.bar.update(increment=done - self.done)
        self.done = done

    def say(self, text):
        print(text)

    def close(self):
        self.shown.__exit__(None, None, None)
