"""A bar where it is asked for: in a terminal, in the cell of a notebook, or none; never where a function was given."""

import sys
from types import SimpleNamespace

import pytest

import nasim
from nasim.progress import Bar, reporting


class Cell:
    """IPython as it is seen in a kernel: what was displayed, and what it was replaced by."""

    def __init__(self, kernel=True):
        self.shown, self.replaced = [], []
        self.shell = SimpleNamespace(kernel=object()) if kernel else SimpleNamespace()

    def get_ipython(self):
        return self.shell

    def display(self, shown, raw, display_id):
        assert raw and display_id
        self.shown.append(shown)
        return SimpleNamespace(update=lambda shown, raw: self.replaced.append(shown))


@pytest.fixture
def notebook(monkeypatch):
    """A stand-in for IPython in a kernel."""
    cell = Cell()
    monkeypatch.setitem(sys.modules, "IPython", cell)
    monkeypatch.setitem(sys.modules, "IPython.display", cell)
    return cell


def test_a_notebook_gets_one_bar_which_ends_with_the_time_it_took(notebook, capsys):
    with reporting("x", True, "cycles", 3) as report:
        for number in (1, 2, 3):
            report(number, {})
    assert len(notebook.shown) == 1 and notebook.shown[0]["text/plain"] == "cycles: 0 of 3"
    last = notebook.replaced[-1]
    assert last["text/plain"].startswith("cycles: 3 of 3 (") and '<progress value="3" max="3">' in last["text/html"]
    assert capsys.readouterr() == ("", "")


def test_a_run_shows_it_and_an_ipython_terminal_gets_the_bar_of_a_terminal(notebook, monkeypatch):
    nasim.GCD(cycles=1, keep=()).run(progress=True)
    assert notebook.replaced[-1]["text/plain"].startswith("gcd: 1 of 1")
    terminal = Cell(kernel=False)
    monkeypatch.setitem(sys.modules, "IPython", terminal)
    with Bar("cycles", 2, True) as bar:
        bar.step(1)
    assert terminal.shown == [] and type(bar.view).__name__ == "_Terminal"


def test_marimo_gets_its_own_bar_by_what_is_new(monkeypatch):
    steps, ended = [], []

    class Shown:
        def __init__(self, total, title):
            assert (total, title) == (3, "cycles")

        def __enter__(self):
            return SimpleNamespace(update=lambda increment: steps.append(increment))

        def __exit__(self, *failure):
            ended.append(failure)

    status = SimpleNamespace(progress_bar=Shown)
    monkeypatch.setitem(sys.modules, "marimo", SimpleNamespace(running_in_notebook=lambda: True, status=status))
    with reporting("x", True, "cycles", 3) as report:
        report(1)
        report(3)
    assert steps == [1, 2] and len(ended) == 1


def test_without_one_nothing_is_shown_and_a_function_is_called_as_it_is(notebook):
    calls = []
    for given in (None, False, lambda *told: calls.append(told)):
        with reporting("x", given, "cycles", 1) as report:
            report(1, "row")
    assert calls == [(1, "row")] and notebook.shown == []


def test_what_is_neither_is_refused():
    with pytest.raises(nasim.ProtocolError, match="GCD: progress takes True for a bar, or a function; 'yes' was given"):
        nasim.GCD(cycles=1).run(progress="yes")
